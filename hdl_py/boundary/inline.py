"""C++ that an ordered stub has in place (`$c`): ports of the model are read and written without a call.

A stub's handle points to an array of 64-bit words, the *link*: bits by class of inputs, and addresses of functions
and of the model's ports. The stub knows places in it and the types of ports, and nothing else of the archive.
Data that the harness has not taken over yet is seen by no logic, so that it may be stored at once. Early data waits
in the link: it may have come anew before an edge that still sees the old.

Names of a stub's own begin with `§` here and in templates, until `sources.stub` gives them names that no port has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from hdl_py.boundary.lanes import Kind, Lane
from hdl_py.boundary.model import BoundarySet, Group

OWNER, STEP, SAMPLED, VARIES, CHANGED, STALE, VERSION, EARLY, FIRST = range(9)
"""Places in a link: the instance, the functions of an edge and of early data that only an edge has found, data that may
be held with other values than those that are constants in one place of the parent, classes that have other values than
the model has seen, classes whose logic has not run since the edge, a number that changes with outputs, whether early
data has come, and the first of the rest."""


def slots(one: BoundarySet) -> dict[str, int]:
    """Places of the calls' functions, by `call0`, of early data and of other ports' addresses, by their lanes' names.

    A word of the link holds 32 bits of a wide lane.
    """
    words = _words(one)
    return dict(zip(words, accumulate(words.values(), initial=FIRST), strict=False))


def _words(one: BoundarySet) -> dict[str, int]:
    """Words of a link by what they hold.

    With several threads also whether the edge may still be at work, and the address of the function that waits for it.
    """
    words = {"busy": 1, "finish": 1} if one.parallel else {}
    words |= {f"call{call.number}": 1 for call in one.calls} | {lane.name: 1 for lane in (*one.data, *one.outputs)}
    return words | {lane.name: max(1, lane.words) for lane in one.early}


def size(one: BoundarySet) -> int:
    """Words of a link."""
    return FIRST + sum(_words(one).values())


def model_type(lane: Lane) -> str:
    """How a model stores a lane; of a wide one its words."""
    if lane.kind is Kind.REAL:
        return "double"
    for limit, name in ((8, "CData"), (16, "SData"), (32, "IData"), (64, "QData")):
        if lane.width <= limit:
            return name
    return "EData"


def _bits(lane: Lane) -> int:
    """Bits of the variable that holds a lane of at most 64."""
    return 1 if lane.width == 1 else next(n for n in (8, 16, 32, 64) if lane.width <= n)


def _call(result: str, parameters: Iterable[tuple[str, str]], body: str) -> str:
    """Arguments of `$c`: a C++ function of the link and some values, called at once.

    Args:
        result: its type in C++.
        parameters: each in C++, with the SystemVerilog expression of its value.
        body: its statements, without a quotation mark.
    """
    given = list(parameters)
    declared = "".join(f", {text}" for text, _ in given)
    values = "".join(f', ", ", {value}' for _, value in given)
    # Inlined always: what is a constant here is known then.
    head = f"[](QData* const b{declared}) __attribute__((always_inline)) -> {result}"
    return f'"{head} {{ {body} }}(reinterpret_cast<QData*>(", §h, ")"{values}, ")"'


def _parameter(lane: Lane) -> str:
    if lane.words:
        return f"const VlWide<{lane.words}>& v_{lane.name}"
    return f"const {model_type(lane)} v_{lane.name}"


def addressed(one: BoundarySet) -> list[Lane]:
    """Lanes whose port's address is in the link: all but early data, which is there itself."""
    early = set(one.early)
    return [lane for lane in (*one.data, *one.outputs) if lane not in early]


def _storing(one: BoundarySet) -> Callable[[Lane, bool, bool], str]:
    """`_store` of a boundary's data."""
    places, early = slots(one), set(one.early)
    return lambda lane, constants, keep: _store(lane, places[lane.name], lane in early, constants, keep)


def _store(lane: Lane, slot: int, early: bool, constants: bool, keep: bool) -> str:
    """C++ that sets bits of `d` where a value is not the one in the model or the link, and keeps it there.

    Args:
        lane: of the value.
        slot: its place in the link.
        early: whether it is early data, which the link holds.
        constants: whether to look at a value that the compiler knows.
        keep: whether to store it; it is compared only otherwise.
    """
    value, kind = f"v_{lane.name}", model_type(lane)
    port = f"QData* const p = &b[{slot}];" if early else f"{kind}* const p = reinterpret_cast<{kind}*>(b[{slot}]);"
    if lane.words:
        put = f" p[k] = {value}[k];" if keep else ""
        return f"{{ {port} for (int k = 0; k < {lane.words}; ++k) {{ d |= p[k] ^ {value}[k];{put} }} }}"
    if lane.kind is Kind.REAL:
        # Bits, not values: a NaN differs from itself, and 0.0 is not -0.0.
        put = f" std::memcpy(p, &{value}, sizeof w);" if keep else ""
        words = f"QData w, o; std::memcpy(&w, &{value}, sizeof w); std::memcpy(&o, p, sizeof o);"
        return f"{{ {port} {words} d |= o ^ w;{put} }}"
    clean = _clean(lane)
    put = f" *p = {clean};" if keep else ""
    known = "" if constants else f"if (!c_{lane.name}) "
    return f"{known}{{ {port} d |= *p ^ {clean};{put} }}"


def _constant(lane: Lane) -> bool:
    """Whether the compiler can be asked if a value is a constant."""
    return not lane.words and lane.kind is Kind.BITS


def _with_constants(one: BoundarySet, lanes: Sequence[Lane], write: Callable[[bool], str]) -> str:
    """C++ that stores data, and leaves out what is a constant in this place of the parent and stored already.

    Inputs that a parent ties are many in real designs. What one place knows to be a constant may vary in another:
    after an assignment in code that Verilator has put before it.

    Args:
        one: the boundary.
        lanes: the data of this place.
        write: the C++ with constants or without them.
    """
    bits = {lane: 1 << k % 64 for k, lane in enumerate(one.data)}
    asked = [lane for lane in lanes if _constant(lane)]
    if not asked:
        return write(True)
    # Asked once for each value, and not in a constant's initialiser, which the front end evaluates: what is
    # left out and what is said to vary have to agree.
    ask = " ".join(f"bool c_{lane.name} = __builtin_constant_p(v_{lane.name});" for lane in asked)
    known = " | ".join(f"(c_{lane.name} ? {bits[lane]:#x}ULL : 0)" for lane in asked)
    varies = " | ".join(f"(c_{lane.name} ? 0 : {bits[lane]:#x}ULL)" for lane in asked)
    return (
        f"{ask} QData known = {known}; if (VL_UNLIKELY(b[{VARIES}] & known)) {{ {write(True)} }} "
        f"else {{ {write(False)} }} b[{VARIES}] = (b[{VARIES}] & ~known) | {varies};"
    )


def _clean(lane: Lane) -> str:
    """A value with the bits of its lane alone: Verilator leaves others in what it computes for `$c`."""
    if lane.width in (8, 16, 32, 64):
        return f"v_{lane.name}"
    return f"(v_{lane.name} & {2**lane.width - 1:#x}{'ULL' if lane.width > 32 else 'U'})"


def _stores(one: BoundarySet, lanes: Sequence[Lane], constants: bool) -> str:
    taken, store = set(lanes), _storing(one)
    out = []
    for number, members in enumerate(one.classes):
        mine = [store(lane, constants, True) for lane in members if lane in taken]
        if mine:
            out.append(f"{{ QData d = 0; {' '.join(mine)} b[{CHANGED}] |= QData{{d != 0}} << {number}; }}")
    return " ".join(out)


def _values(lanes: Sequence[Lane], wide: str) -> list[tuple[str, str]]:
    return [(_parameter(x), f"{wide}{x.name}" if x.words else x.read()) for x in lanes]


def load(lane: Lane, slot: int) -> str:
    """C++ of an archive that gives the model `m` early data of the link `b`."""
    if lane.words:
        return f"for (int k = 0; k < {lane.words}; ++k) m.{lane.name}[k] = b[{slot} + k];"
    if lane.kind is Kind.REAL:
        return f"std::memcpy(&m.{lane.name}, &b[{slot}], sizeof m.{lane.name});"
    return f"m.{lane.name} = b[{slot}];"


def keep(lane: Lane, slot: int) -> str:
    """C++ of an archive that stores an argument of its lane's name in the link `b`."""
    if lane.words:
        return f"for (int k = 0; k < {lane.words}; ++k) b[{slot} + k] = {lane.name}[k];"
    if lane.kind is Kind.REAL:
        return f"std::memcpy(&b[{slot}], &{lane.name}, sizeof {lane.name});"
    return f"b[{slot}] = {lane.name};"


def wide_values(lanes: Sequence[Lane], prefix: str) -> list[tuple[str, str]]:
    """Variables that have to hold wide lanes before they are passed, with the expressions that they get."""
    return [(f"{prefix}{lane.name}", lane.read()) for lane in lanes if lane.words]


def put(one: BoundarySet, wide: str) -> str:
    """Arguments of `$c8` that gives the model all its data; the value is of no use but to be waited for.

    Args:
        one: the boundary.
        wide: prefix of the variables that hold wide lanes.
    """
    early, store = set(one.early), _storing(one)

    def write(constants: bool) -> str:
        body = _stores(one, [lane for lane in one.data if lane not in early], constants)
        if early:
            # It is there already, unless code of the parent changes it at this very edge.
            compare = " ".join(store(lane, constants, False) for lane in one.early)
            renew = " ".join(store(lane, True, True) for lane in one.early)
            sampled = f"reinterpret_cast<void (*)(QData*)>(b[{SAMPLED}])(b);"
            body += f" {{ QData d = b[{EARLY}]; {compare} if (VL_UNLIKELY(d)) {{ {renew} {sampled} }} }}"
        return body

    # Another thread may read what is stored here.
    wait = f"{_finish(one)} " if one.parallel else ""
    body = _with_constants(one, one.data, write)
    return _call("CData", _values(one.data, wide), f"{wait}{body} return b[{CHANGED}] & 255;")


def early(one: BoundarySet, wide: str) -> str:
    """Arguments of `$c8` that puts early data where the next step or call finds it; the value is of no use."""
    store = _storing(one)

    def write(constants: bool) -> str:
        stores = " ".join(store(lane, constants, True) for lane in one.early)
        return f"QData d = 0; {stores} b[{EARLY}] |= d;"

    return _call("CData", _values(one.early, wide), f"{_with_constants(one, one.early, write)} return 0;")


def step(one: BoundarySet) -> str:
    """Arguments of `$c8` that calls an edge's function, whose value is the version of the outputs.

    What is passed last is only waited for.
    """
    events = ["§tick", *(["§tock"] if one.other_edge else []), *(f"§s_{lane.name}" for lane in one.events)]
    events += ["§put", *(["§then"] if one.other_edge else []), *(["§crossed"] if one.gates else [])]
    events += ["§recalled"] if one.recall else []
    kind = f"CData (*)(QData*{', CData' * len(events)})"
    passed = "".join(f", x{n}" for n in range(len(events)))
    body = f"return reinterpret_cast<{kind}>(b[{STEP}])(b{passed});"
    return _call("CData", [(f"const CData x{n}", name) for n, name in enumerate(events)], body)


def finish(one: BoundarySet) -> str:
    """Arguments of `$c8` that waits for an edge on another thread, and has the version that the edge's call had."""
    return _call("CData", [("const CData ver", "§ver")], f"{_finish(one)} return ver;")


def _finish(one: BoundarySet) -> str:
    places = slots(one)
    return f"if (b[{places['busy']}]) reinterpret_cast<void (*)(QData*)>(b[{places['finish']}])(b);"


def call(one: BoundarySet, group: Group, wide: str) -> str:
    """Arguments of `$c8` that passes a call's inputs and calls its function where that changes anything."""
    bits = one.class_bits(group.inputs)
    slot = slots(one)[f"call{group.number}"]
    body = (
        f"(void)ver; {_finish(one) + ' ' if one.parallel else ''}"
        f"{_with_constants(one, group.inputs, lambda all_: _stores(one, group.inputs, all_))} "
        f"if ((b[{CHANGED}] | b[{STALE}]) & {bits} || b[{EARLY}]) reinterpret_cast<void (*)(QData*)>(b[{slot}])(b); "
        f"return b[{VERSION}] & 255;"
    )
    return _call(
        "CData", [("const CData ver", "§done" if one.parallel else "§ver"), *_values(group.inputs, wide)], body
    )


def get(one: BoundarySet, lane: Lane, version: str) -> list[str]:
    """Statements that read an output into the variable `r_<lane>` after `version` was computed.

    Words of long arrays are read in a loop.
    """
    slot, target = slots(one)[lane.name], f"§r_{lane.name}"
    waits = [("const CData ver", version)]
    if lane.kind is Kind.REAL:
        body = f"(void)ver; QData v; std::memcpy(&v, reinterpret_cast<const void*>(b[{slot}]), sizeof v); return v;"
        return [f"{target} = $bitstoreal($c64({_call('QData', waits, body)}));"]
    if not lane.words:
        kind = model_type(lane)
        body = f"(void)ver; return *reinterpret_cast<const {kind}*>(b[{slot}]);"
        return [f"{target} = $c{_bits(lane)}({_call(kind, waits, body)});"]
    whole, rest = divmod(lane.width, 32)
    word = [*waits, ("const IData k", "k")]
    body = f"(void)ver; return reinterpret_cast<const EData*>(b[{slot}])[k];"
    out = [f"for (int k = 0; k < {whole}; ++k) {target}[32 * k +: 32] = $c32({_call('EData', word, body)});"]
    if rest:
        last = [*waits, ("const IData k", str(whole))]
        out.append(f"{target}[{lane.width - 1}:{32 * whole}] = $c{rest}({_call('EData', last, body)});")
    return out
