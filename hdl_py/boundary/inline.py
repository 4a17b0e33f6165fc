"""C++ that an ordered stub has in place (`$c`): ports of the model are read and written without a call.

Data that the harness has not taken over yet is seen by no logic, so that it may be stored at once. Early data waits
in the link: it may have come anew before an edge that still sees the old.

Names of a stub's own begin with `§` here and in templates, until `sources.stub` gives them names that no port has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from hdl_py.boundary.lanes import Kind, Lane
from hdl_py.boundary.link import CHANGED, EARLY, SAMPLED, STALE, STEP, VARIES, VERSION, Link, model_type
from hdl_py.boundary.model import BoundarySet, Group


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


def _storing(link: Link) -> Callable[[Lane, bool, bool], str]:
    """`_store` of a boundary's data."""
    return lambda lane, constants, keep: _store(lane, link.place(lane), constants, keep)


def _store(lane: Lane, place: str, constants: bool, keep: bool) -> str:
    """C++ that sets bits of `d` where a value is not the one in the model or the link, and keeps it there.

    Args:
        lane: of the value.
        place: C++ that points to where it is kept.
        constants: whether to look at a value that the compiler knows.
        keep: whether to store it; it is compared only otherwise.
    """
    value = f"v_{lane.name}"
    port = f"{model_type(lane)}* const p = {place};"
    known = "" if constants or not _constant(lane) else f"if (!c_{lane.name}) "
    if lane.words:
        # Compared and copied one after the other: a compiler takes several words at once then.
        put = f" std::memcpy(p, &{value}[0], {4 * lane.words});" if keep else ""
        compare = f"EData w = 0; for (int k = 0; k < {lane.words}; ++k) w |= p[k] ^ {value}[k]; d |= w;"
        return f"{known}{{ {port} {compare}{put} }}"
    if lane.kind is Kind.REAL:
        # Bits, not values: a NaN differs from itself, and 0.0 is not -0.0.
        put = f" std::memcpy(p, &{value}, sizeof w);" if keep else ""
        words = f"QData w, o; std::memcpy(&w, &{value}, sizeof w); std::memcpy(&o, p, sizeof o);"
        return f"{{ {port} {words} d |= o ^ w;{put} }}"
    clean = _clean(lane)
    put = f" *p = {clean};" if keep else ""
    return f"{known}{{ {port} d |= *p ^ {clean};{put} }}"


def _seldom(body: str) -> str:
    """Statements in a function of their own: what surrounds them needs fewer registers then."""
    return f"[=]() __attribute__((noinline, cold)) {{ {body} }}();"


def _constant(lane: Lane) -> bool:
    """Whether the compiler can be asked if a value is a constant; few words of a wide one stay apart."""
    return lane.words <= 8 and lane.kind is Kind.BITS


def _is_constant(lane: Lane) -> str:
    names = [f"w{k}_{lane.name}" for k in range(lane.words)] or [f"v_{lane.name}"]
    return " && ".join(f"__builtin_constant_p({name})" for name in names)


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
    # A word of a wide one comes by a call, which is no constant before it is inlined.
    ask = "".join(f"EData w{k}_{lane.name} = v_{lane.name}[{k}]; " for lane in asked for k in range(lane.words))
    ask += " ".join(f"bool c_{lane.name} = {_is_constant(lane)};" for lane in asked)
    known = " | ".join(f"(c_{lane.name} ? {bits[lane]:#x}ULL : 0)" for lane in asked)
    varies = " | ".join(f"(c_{lane.name} ? 0 : {bits[lane]:#x}ULL)" for lane in asked)
    return (
        f"{ask} QData known = {known}; if (VL_UNLIKELY(b[{VARIES}] & known)) {{ {_seldom(write(True))} }} "
        f"else {{ {write(False)} }} b[{VARIES}] = (b[{VARIES}] & ~known) | {varies};"
    )


def _clean(lane: Lane) -> str:
    """A value with the bits of its lane alone: Verilator leaves others in what it computes for `$c`."""
    if lane.width in (8, 16, 32, 64):
        return f"v_{lane.name}"
    return f"(v_{lane.name} & {2**lane.width - 1:#x}{'ULL' if lane.width > 32 else 'U'})"


def _stores(link: Link, lanes: Sequence[Lane], constants: bool) -> str:
    taken, store = set(lanes), _storing(link)
    out = []
    for number, members in enumerate(link.one.classes):
        mine = [store(lane, constants, True) for lane in members if lane in taken]
        if mine:
            out.append(f"{{ QData d = 0; {' '.join(mine)} b[{CHANGED}] |= QData{{d != 0}} << {number}; }}")
    return " ".join(out)


def _values(lanes: Sequence[Lane], wide: str) -> list[tuple[str, str]]:
    return [(_parameter(x), f"{wide}{x.name}" if x.words else x.read()) for x in lanes]


def wide_values(lanes: Sequence[Lane], prefix: str) -> list[tuple[str, str]]:
    """Variables that have to hold wide lanes before they are passed, with the expressions that they get."""
    return [(f"{prefix}{lane.name}", lane.read()) for lane in lanes if lane.words]


def put(link: Link, wide: str) -> str:
    """Arguments of `$c8` that gives the model all its data; the value is of no use but to be waited for.

    Args:
        link: the boundary's.
        wide: prefix of the variables that hold wide lanes.
    """
    one = link.one
    early, store = set(one.early), _storing(link)

    passed = {lane for call in one.calls for lane in call.inputs}
    called = [lane for lane in one.data if lane in passed]
    rest = [lane for lane in one.data if lane not in passed and lane not in early]

    def write(constants: bool) -> str:
        body = _stores(link, rest, constants)
        if called or early:
            # It is there already, unless code of the parent changes it at this very edge.
            compare = " ".join(store(lane, constants, False) for lane in (*one.early, *called))
            renew = _stores(link, called, True)
            if early:
                renew += " ".join((" QData d = 0;", *(store(lane, True, True) for lane in one.early), "(void)d;"))
                renew += f" reinterpret_cast<void (*)(QData*)>(b[{SAMPLED}])(b);"
            pending = f"b[{EARLY}]" if early else "0"
            body += f" {{ QData d = {pending}; {compare} if (VL_UNLIKELY(d)) {{ {_seldom(renew)} }} }}"
        return body

    # Another thread may read what is stored here.
    wait = f"{_finish(link)} " if one.parallel else ""
    body = _with_constants(one, one.data, write)
    return _call("CData", _values(one.data, wide), f"{wait}{body} return b[{CHANGED}] & 255;")


def early(link: Link, wide: str) -> str:
    """Arguments of `$c8` that puts early data where the next step or call finds it; the value is of no use."""
    one, store = link.one, _storing(link)

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


def finish(link: Link) -> str:
    """Arguments of `$c8` that waits for an edge on another thread, and has the version that the edge's call had."""
    return _call("CData", [("const CData ver", "§ver")], f"{_finish(link)} return ver;")


def _finish(link: Link) -> str:
    at = link.functions
    return f"if (b[{at['busy']}]) reinterpret_cast<void (*)(QData*)>(b[{at['finish']}])(b);"


def call(link: Link, group: Group, wide: str) -> str:
    """Arguments of `$c8` that passes a call's inputs and calls its function where that changes anything."""
    one = link.one
    bits = one.class_bits(group.inputs)
    slot = link.functions[f"call{group.number}"]
    body = (
        f"(void)ver; {_finish(link) + ' ' if one.parallel else ''}"
        f"{_with_constants(one, group.inputs, lambda all_: _stores(link, group.inputs, all_))} "
        f"if ((b[{CHANGED}] | b[{STALE}]) & {bits} || b[{EARLY}]) reinterpret_cast<void (*)(QData*)>(b[{slot}])(b); "
        f"return b[{VERSION}] & 255;"
    )
    return _call(
        "CData", [("const CData ver", "§done" if one.parallel else "§ver"), *_values(group.inputs, wide)], body
    )


def get(link: Link, lane: Lane, version: str) -> list[str]:
    """Statements that read an output into the variable `r_<lane>` after `version` was computed.

    Words of long arrays are read in a loop.
    """
    place, target = link.place(lane), f"§r_{lane.name}"
    waits = [("const CData ver", version)]
    if lane.kind is Kind.REAL:
        body = f"(void)ver; QData v; std::memcpy(&v, {place}, sizeof v); return v;"
        return [f"{target} = $bitstoreal($c64({_call('QData', waits, body)}));"]
    if not lane.words:
        kind = model_type(lane)
        body = f"(void)ver; return *({place});"
        return [f"{target} = $c{_bits(lane)}({_call(kind, waits, body)});"]
    whole, rest = divmod(lane.width, 32)
    word = [*waits, ("const IData k", "k")]
    body = f"(void)ver; return ({place})[k];"
    out = [f"for (int k = 0; k < {whole}; ++k) {target}[32 * k +: 32] = $c32({_call('EData', word, body)});"]
    if rest:
        last = [*waits, ("const IData k", str(whole))]
        out.append(f"{target}[{lane.width - 1}:{32 * whole}] = $c{rest}({_call('EData', last, body)});")
    return out
