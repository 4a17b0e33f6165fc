"""Logic of a model that waits for the inputs it follows, so that it runs once a cycle.

Verilator guards each piece of logic by the events that change what it reads:

    if ((0x000000000000003cULL & vlSelfRef.__VnbaTriggered[0U])) {

A piece that follows registers and data would run at the clock's edge, and again
when data comes. Here it gets two more conditions: it does not run while one of
its classes of data is waited for, and it runs when the last of them comes,
whether that has changed or not. Triggers are arguments then, which costs less
than looking them up for every piece.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from hdl_py.boundary.model import BoundarySet

MAX_CASES = 4
"""Calls that have a function of logic of their own; each holds a part of the logic once more."""

_GUARD = re.compile(r"^    if \(\((0x[0-9a-f]+|\d+)ULL\s+& vlSelfRef\.__VnbaTriggered\s*\[0U\]\)\) \{$", re.M)
_FUNCTION = re.compile(r"^(?:[A-Z_]+ )?void (\w+)\([^;{]*\) \{\n(.*?)^\}", re.M | re.S)
_CALL = re.compile(r"\b(\w+)\(")
_ACTS = re.compile(r"\bassertOn(?:Get)?\(|\bVL_(?:STOP|FINISH|FATAL)_MT\(|\bVL_F?WRITEF")
"""A check, or a message, in a model's C++."""

_CHECKED = re.compile(r"vlSymsp->_vm_contextp__->assertOn(?:Get)?\([^()]*\)")
"""The question whether a check is made."""

_LOCAL = re.compile(
    r"\s*(?://.*|[\w:<>/* ,]+ \w+(?: = 0)?;|VL_ZERO_W\(\d+, \w+\);|\w+ = 0;|VL_DEBUG_IF\(.*|auto& .*|)$"
)


@dataclass(frozen=True)
class _Piece:
    """Logic under one guard.

    Attributes:
        mask: the events that trigger it.
        text: its C++, and that of every function it calls.
    """

    mask: int
    text: str


def triggers(text: str) -> dict[str, list[int]]:
    """Places in the trigger vector by what Verilator's debugging output says of them, such as `@( upd_0)`."""
    found: dict[str, list[int]] = {}
    body = re.search(r"___dump_triggers__act\([^;{]*\) \{\n(.*?)^\}", text, re.M | re.S)
    for index, event in re.findall(r"region trigger index (\d+) is active: ([^\\]*)\\n", body[1] if body else ""):
        found.setdefault(event, []).append(int(index))
    return found


def class_triggers(one: BoundarySet, root: str, text: str) -> tuple[int, ...] | None:
    """The trigger of each class, -1 for one that no logic follows; None where pieces can't be told to wait.

    Args:
        one: an ordered boundary with classes.
        root: the C++ class of the model's root.
        text: the model's C++.
    """
    found = triggers(text)
    places = [found.get(f"@( upd_{k})", []) for k in range(len(one.classes))]
    if any(len(indices) > 1 for indices in places) or not any(places) or _pieces(root, text) is None:
        return None
    return tuple(indices[0] if indices else -1 for indices in places)


def follows_itself(text: str) -> bool:
    """Whether logic of the model follows itself, so that it is run until it settles; true where that isn't known."""
    found = triggers(text)
    return not found or any("[hybrid]" in event for event in found)


@lru_cache(maxsize=2)
def _pieces(root: str, text: str) -> tuple[_Piece, ...] | None:
    """The guarded logic of `eval_nba`; None where it holds anything else."""
    functions = dict(_FUNCTION.findall(text))
    body = functions.get(f"{root}___eval_nba")
    if body is None:
        return None
    pieces, inside, mask, lines = [], False, 0, list[str]()
    for line in _GUARD.sub(lambda m: f"    {' '.join(m[0].split())}", body).splitlines():
        guard = _GUARD.match(line)
        if not inside and guard:
            inside, mask, lines = True, int(guard[1], 0), []
        elif inside and line == "    }":
            inside = False
            pieces.append(_Piece(mask, _with_callees("\n".join(lines), functions)))
        elif inside:
            lines.append(line)
        elif not _LOCAL.match(line) and "__Syms*" not in line:
            return None
    # A piece that looked at triggers itself would be mistaken about what is waited for.
    return None if inside or any("__VnbaTriggered" in piece.text for piece in pieces) else tuple(pieces)


def _with_callees(text: str, functions: Mapping[str, str]) -> str:
    seen: set[str] = set()
    todo = [text]
    out = []
    while todo:
        piece = todo.pop()
        out.append(piece)
        for name in _CALL.findall(piece):
            if name in functions and name not in seen:
                seen.add(name)
                todo.append(functions[name])
    return "\n".join(out)


def _classes(mask: int, lazy: tuple[int, ...]) -> int:
    """The classes whose triggers are in a mask, as bits."""
    return sum(1 << k for k, index in enumerate(lazy) if index >= 0 and mask >> index & 1)


def _writes(text: str, port: str, wide: bool) -> bool:
    """Whether C++ may write a port of the model; of a wide one every mention counts."""
    name = rf"vlSelfRef\.{port}\b"
    if wide:
        return re.search(name, text) is not None
    return re.search(rf"{name}\s*=(?!=)|VL_\w*(?:ASSIGN|_W)\w*\([^;]*{name}", text) is not None


def _eager(one: BoundarySet, root: str, text: str, lazy: tuple[int, ...]) -> list[int]:
    """Sets of classes whose logic can't wait: an output needs it before all of them have come.

    The proof says what an output follows, bit by bit; Verilator may have it in one piece with logic that
    follows more. What such a piece reads can't wait either, and follows no more than it does: but for logic that
    follows itself, whose pieces are cut apart somewhere on the way.
    """
    if follows_itself(text):
        return [(1 << len(lazy)) - 1]
    allowed = {lane.name: one.class_bits(one.early) for lane in one.edge_outputs}
    for call in one.calls:
        bits = one.class_bits((*call.inputs, *one.early))
        allowed |= {lane.name: bits for lane in call.outputs}
    pieces = _pieces(root, text) or ()
    found = set()
    if one.quiet:
        known = _passed(one)
        acting = {_classes(piece.mask, lazy) for piece in pieces if _ACTS.search(piece.text)}
        found = {follows for follows in acting if follows & ~known}
    for lane in one.outputs:
        for piece in pieces:
            follows = _classes(piece.mask, lazy)
            if follows & ~allowed[lane.name] and _writes(piece.text, lane.name, bool(lane.words)):
                found.add(follows)
    return sorted(found)


def _passed(one: BoundarySet) -> int:
    """The classes that have come at the call for checks and messages in combinational logic, as bits."""
    calls = [one.class_bits(call.inputs) for call in one.calls if set(one.acting) <= set(call.inputs)]
    return min(calls, key=int.bit_count, default=0) | one.class_bits(one.early)


def _hurried(one: BoundarySet, piece: _Piece, lazy: tuple[int, ...], eager: Iterable[int]) -> int:
    """Of a piece that doesn't wait, the classes without which its checks come too early, as bits."""
    return 0 if _waits(_classes(piece.mask, lazy), eager) else _checking(one, piece, lazy)


def _checking(one: BoundarySet, piece: _Piece, lazy: tuple[int, ...]) -> int:
    """The classes that checks of a piece may follow, as bits."""
    return _classes(piece.mask, lazy) & one.checked if one.quiet and _ACTS.search(piece.text) else 0


def waiting(one: BoundarySet, text: str, lazy: tuple[int, ...]) -> int:
    """Classes that some logic waits for, as bits.

    Args:
        one: the boundary.
        text: the model's C++.
        lazy: what `class_triggers` found.
    """
    root = f"{one.prefix}___024root"
    eager = _eager(one, root, text, lazy)
    found = 0
    for piece in _pieces(root, text) or ():
        follows = _classes(piece.mask, lazy)
        if _waits(follows, eager):
            found |= follows
        found |= _hurried(one, piece, lazy, eager)
    return found & ~one.class_bits(one.early)


def _waits(follows: int, eager: Iterable[int]) -> bool:
    return follows != 0 and all(follows & ~other for other in eager)


@dataclass(frozen=True)
class Case:
    """A call of a model's logic as it comes in nearly every cycle; bits of triggers each.

    Attributes:
        name: `edge`; `call<n>`; `rest`, before an edge, for data that no call passes.
        triggered: triggers that are always there.
        data: triggers of data, each of which may be there.
        stale: classes that are run whether they have changed or not.
        held: classes that may have to wait.
        known: whether they all have to.
    """

    name: str
    triggered: int
    data: int
    stale: int
    held: int
    known: bool

    @property
    def triggers(self) -> str:
        """The C++ of what is triggered."""
        return f"{self.triggered:#x}ULL | (triggered & {self.data:#x}ULL)"

    @property
    def waits(self) -> str:
        """The C++ of what has to wait."""
        return f"{self.held:#x}ULL" if self.known else f"waiting & {self.held:#x}ULL"


def cases(one: BoundarySet, text: str, lazy: tuple[int, ...], waits: int) -> tuple[Case, ...]:
    """The calls of a model's logic that functions of their own are made for.

    Args:
        one: the boundary.
        text: the model's C++.
        lazy: what `class_triggers` found.
        waits: what `waiting` found.
    """

    def bits(classes: int) -> int:
        return sum(1 << index for k, index in enumerate(lazy) if index >= 0 and classes >> k & 1)

    late = bits(waits)
    early, everything = bits(one.class_bits(one.early)), bits((1 << len(lazy)) - 1)
    own = {lane.name for lane in one.events} | {f"q_{lane.name}" for lane in one.events}
    clocks = 0
    for event, places in triggers(text).items():
        edge = re.match(r"@\((?:pos|neg)edge .*?(\w+)\)+$", event)
        if edge and edge[1] not in own:
            clocks |= sum(1 << place for place in places)
    found = [Case("edge", clocks, early, 0, late, True)]
    for call in one.calls[:MAX_CASES]:
        mine = bits(one.class_bits(call.inputs))
        found.append(Case(f"call{call.number}", 0, mine | early, mine & late, late & ~mine, False))
    passed = bits(one.class_bits(lane for call in one.calls for lane in call.inputs))
    found.append(Case("rest", 0, everything, late & ~passed, 0, True))
    return tuple(found)


def with_quiet(one: BoundarySet, text: str, everything: Iterable[str], lazy: tuple[int, ...]) -> str:
    """A file of a model whose logic doesn't wait, and whose checks are silent where `quiet` says so.

    Args: as of `with_waits`.
    """
    root = f"{one.prefix}___024root"
    head = re.search(rf"^void {root}___eval_nba\([^;{{]*\) \{{\n(.*?^\}})", text, re.M | re.S)
    if head is None:
        return text
    pieces = iter(_pieces(root, "\n".join(everything)) or ())

    def guarded(match: re.Match[str]) -> str:
        return match[0] + (_quiet(root, "vlSelf->quiet") if _checking(one, next(pieces), lazy) else "")

    made = _QUIET.format(root=root) + _GUARD.sub(guarded, head[0])
    return text[: head.start()] + made + text[head.end() :]


def _quiet(root: str, condition: str) -> str:
    return f"\n        const {root}_Quiet quiet{{vlSelf->silent, static_cast<CData>({condition})}};"


_QUIET = """\
namespace {{
struct {root}_Quiet final {{
    CData& flag;
    const CData before;
    {root}_Quiet(CData& silent, CData quiet) : flag{{silent}}, before{{silent}} {{ flag |= quiet; }}
    ~{root}_Quiet() {{ flag = before; }}
}};
}}  // namespace

"""


def with_silence(one: BoundarySet, text: str) -> str:
    """A file of the model in which checks are silent where its logic runs before all of their inputs have come."""
    return _CHECKED.sub(r"(!vlSymsp->TOP.silent && \g<0>)", text) if one.quiet else text


def with_waits(
    one: BoundarySet,
    text: str,
    everything: Iterable[str],
    lazy: tuple[int, ...],
    also: Iterable[Case] = (),
    more: str = "",
) -> str:
    """A file of the model in which logic waits for the data that it follows.

    Args:
        one: the boundary.
        text: the file.
        everything: all of the model's files.
        lazy: what `class_triggers` found.
        also: calls that get functions of their own, of `cases`.
        more: C++ behind that, which may use the function `<root>___nba`.
    """
    root = f"{one.prefix}___024root"
    head = re.search(rf"^void {root}___eval_nba\([^;{{]*\) \{{\n(.*?^\}})", text, re.M | re.S)
    if head is None:
        return text
    whole = "\n".join(everything)
    eager = _eager(one, root, whole, lazy)
    pieces = iter(_pieces(root, whole) or ())

    def guarded(match: re.Match[str]) -> str:
        mask = int(match[1], 0)
        checking = _checking(one, next(pieces), lazy)
        late = sum(1 << index for k, index in enumerate(lazy) if checking >> k & 1)
        classes = sum(1 << index for index in lazy if index >= 0 and mask >> index & 1)
        if _waits(_classes(mask, lazy), eager):
            guard = f"(({mask:#x}ULL & triggered) | ({classes:#x}ULL & stale)) && !({classes:#x}ULL & waiting)"
        elif late:
            # Runs for its outputs, and again with what checks need, which are silent until then.
            guard = f"({mask:#x}ULL & triggered) | ({late:#x}ULL & stale)"
        else:
            guard = f"{mask:#x}ULL & triggered"
        return f"    if ({guard}) {{" + (
            _quiet(root, f"(({late:#x}ULL & waiting) != 0) | vlSelf->quiet") if late else ""
        )

    arguments = f"{root}* vlSelf, QData triggered, QData stale, QData waiting"
    made = _QUIET.format(root=root) if one.quiet else ""
    made += f"""\
static VL_ATTR_ALWINLINE void {root}___nba({arguments}) {{
{_GUARD.sub(guarded, head[1])}

void {root}___nba_any({arguments}) {{ {root}___nba(vlSelf, triggered, stale, waiting); }}

void {root}___eval_nba({root}* vlSelf) {{ {root}___nba_any(vlSelf, vlSelf->__VnbaTriggered[0U], 0, 0); }}
"""
    # What happens in nearly every cycle has a function whose guards the compiler knows.
    for case in also:
        made += f"""
void {root}___nba_{case.name}({root}* vlSelf, QData triggered, QData waiting) {{
    {root}___nba(vlSelf, {case.triggers}, {case.stale:#x}ULL, {case.waits});
}}
"""
    return text[: head.start()] + made + more + text[head.end() :]
