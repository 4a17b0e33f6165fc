"""An edge and the calls of a model as they come in nearly every cycle, in C++ beside the logic that they run.

The stub calls them by its link. The compiler knows there which logic an event sets off, and where ports are, so that
little is left of what a boundary costs. What comes seldom is left to the wrapper's function for all edges.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from hdl_py.boundary.lanes import Lane
from hdl_py.boundary.lazy import Case
from hdl_py.boundary.link import CHANGED, CLOCK, EARLY, ROOT, SLOW, STALE, TICK, VERSION, Link
from hdl_py.boundary.model import BoundarySet, Group

if TYPE_CHECKING:
    from hdl_py.boundary.direct import Direct

# Events that come once, with the first evaluation of all.
_FIRST = re.compile(
    r"^    if \(VL_UNLIKELY\(\(\(1U\s*& \(~ \(IData\)\(vlSelfRef\.__VactDidInit\)\)\)\)\)\) \{\n.*?^    \}\n",
    re.M | re.S,
)


def step_name(one: BoundarySet) -> str:
    """The function of an edge."""
    return f"{one.prefix}___024root___hot_step"


def call_name(one: BoundarySet, call: Group) -> str:
    """The function of a call."""
    return f"{one.prefix}___024root___hot_call{call.number}"


def arguments(one: BoundarySet) -> list[tuple[str, str]]:
    """Types and names of what an edge's function gets; what is only waited for has none."""
    events = [("CData", lane.name) for lane in one.events]
    waited = [True, one.other_edge, bool(one.gates), bool(one.recall)]
    tock = [("CData", "tock")] if one.other_edge else []
    return [("QData*", "b"), ("CData", "tick"), *tock, *events, *[("CData", "")] * sum(waited)]


def functions(one: BoundarySet, direct: Direct, clocks: str) -> str:
    """The C++.

    Args:
        one: an ordered boundary in `Form.DIRECT`.
        direct: how it is evaluated; `hot` holds.
        clocks: the body of the function that looks at triggers without data; empty where no clock is made inside.
    """
    return "".join([_looks(one, direct, _FIRST.sub("", clocks)), _step(one, direct), *_calls(one, direct)])


def _root(one: BoundarySet) -> str:
    return f"{one.prefix}___024root"


def _looks(one: BoundarySet, direct: Direct, clocks: str) -> str:
    """Functions that look at clocks, and let logic follow them."""
    root = _root(one)
    if not direct.loop:
        return ""
    follow = ""
    if direct.ico:
        follow = f"vlSelf->__VicoTriggered[0U] = {1 << (direct.first or 0):#x}ULL; {root}___eval_ico(vlSelf);"
    again = f"return {root}___hot_look(vlSelf);"
    if direct.act:
        again = f"""QData found = 0;
    while (const QData any = {root}___hot_look(vlSelf)) {{
        found |= any;
        if (!(any & {direct.act_triggers:#x}ULL)) break;  // nothing has moved
        vlSelf->__VactTriggered[0U] = any;
        {root}___eval_act(vlSelf);
        vlSelf->__VactTriggered[0U] = 0;
    }}
    return found;"""
    act = f"void {root}___eval_act({root}* vlSelf);\n" if direct.act else ""
    ico = f"void {root}___eval_ico({root}* vlSelf);\n" if direct.ico else ""
    return f"""
{act}{ico}static VL_ATTR_ALWINLINE void {root}___hot_triggers({root}* vlSelf) {clocks}

static VL_ATTR_ALWINLINE QData {root}___hot_look({root}* vlSelf) {{
    {root}___hot_triggers(vlSelf);
    const QData triggered = vlSelf->__VactTriggered[0U];
    vlSelf->__VactTriggered[0U] = 0;
    return triggered;
}}

static VL_ATTR_ALWINLINE QData {root}___hot_clocks({root}* vlSelf) {{
    {again}
}}

static QData {root}___hot_more({root}* vlSelf) {{ return {root}___hot_clocks(vlSelf); }}

static VL_ATTR_ALWINLINE void {root}___hot_follow({root}* vlSelf) {{ {follow} }}
"""


def _begin(one: BoundarySet) -> str:
    root = _root(one)
    return f"""\
    // From the link and not by its offset: all variables of the model are near this pointer then.
    {root}* const vlSelf = reinterpret_cast<{root}*>(b[{ROOT}]);
    auto& m = *vlSelf;
    (void)m;
"""


def _triggers(direct: Direct, classes: str) -> str:
    """C++ of the triggers of classes."""
    base = direct.base()
    if base is not None:
        return f"({classes} << {base})"
    bits = [f"({classes} >> {k} & 1) << {index}" for k, index in enumerate(direct.lazy) if index >= 0]
    return f"({' | '.join(bits)})"


def _bits(direct: Direct, classes: int) -> int:
    return sum(1 << index for k, index in enumerate(direct.lazy) if index >= 0 and classes >> k & 1)


def _data(one: BoundarySet, direct: Direct, case: Case | None, waiting: str) -> str:
    """Runs the logic of the classes `changed` and `stale`, but for what waits for others.

    Only what comes in nearly every cycle is in place: the case's own data.
    """
    root = _root(one)
    settle = ""
    if direct.hybrid:
        # Logic that follows itself runs until it settles.
        settle = (
            f"for (QData now = {root}___hot_more(vlSelf); VL_UNLIKELY(now); now = {root}___hot_more(vlSelf))"
            f" {root}___nba_any(vlSelf, now, 0, waiting);"
        )
    if settle and direct.loops:
        settle = (
            f"if (VL_UNLIKELY({' | '.join(f'(m.{x} != m.{before})' for x, before in direct.loops)})) {{ {settle} }}"
        )
    whole = f"{root}___nba_any(vlSelf, triggered, left, waiting);"
    if case is not None:
        whole = f"""if (VL_LIKELY(((left ^ {case.stale:#x}ULL) | (triggered & ~{case.data:#x}ULL)) == 0)) {{
            {root}___nba(vlSelf, {case.triggers}, {case.stale:#x}ULL, {case.waits});
        }} else {{
            {whole}
        }}"""
    return f"""{{
        const QData triggered = {_triggers(direct, "changed")}, left = {_triggers(direct, "stale")};
        const QData waiting = {waiting};
        (void)waiting;
        {whole}
        {settle}
    }}"""


def _load(one: BoundarySet) -> str:
    return f"b[{EARLY}] = 0; {Link(one).load()}"


def _step(one: BoundarySet, direct: Direct) -> str:
    assert one.clock is not None
    root, edge = _root(one), direct.cases["edge"]
    passed = {lane for call in one.calls for lane in call.inputs} | set(one.early)
    rest = replace(direct.cases["rest"], data=_bits(direct, one.class_bits(x for x in one.data if x not in passed)))
    given = [(kind, name or f"x{k}") for k, (kind, name) in enumerate(arguments(one))]
    kinds, names = ", ".join(kind for kind, _ in given), ", ".join(name for _, name in given)

    def crossed(lane: Lane) -> str:
        return f" ^ m.x_{lane.name}" if one.crossing else ""

    moved = "".join(f" | ((m.{lane.name}{crossed(lane)}) != {lane.name})" for lane in one.events)
    clock = f"m.{one.clock.name}"
    active, idle = ("1", "0") if one.rising else ("0", "1")
    early = _bits(direct, one.class_bits(one.early))
    taken = f"if (b[{EARLY}]) {{ {_load(one)} taken = {early:#x}ULL; }}" if one.early else ""
    events = f"const QData triggered = b[{CLOCK}] | taken;"
    more = ""
    if direct.loop:
        events = f"""{clock} = {active}{crossed(one.clock)};
    {root}___hot_follow(vlSelf);
    const QData triggered = {root}___hot_clocks(vlSelf) | taken;
    // Latches open again before logic follows the registers: nothing but gates sees the clock as a level.
    {clock} = {idle}{crossed(one.clock)};
    {root}___hot_follow(vlSelf);"""
        more = f"""
    QData now = {root}___hot_clocks(vlSelf);
    if (VL_UNLIKELY(now)) {{
        // A clock made inside has an edge of its own: its registers look at all logic.
        {"vlSelf->quiet = 1;" if one.quiet else ""}
        if (b[{STALE}]) {root}___nba_any(vlSelf, 0, {_triggers(direct, f"b[{STALE}]")}, 0);
        do {{
            {root}___nba_any(vlSelf, now, 0, 0);
            now = {root}___hot_more(vlSelf);
        }} while (now);
        {"vlSelf->quiet = 0;" if one.quiet else ""}
        b[{STALE}] = {one.checked};
    }}"""
    held = _bits(direct, direct.waiting)
    return f"""
CData {step_name(one)}({", ".join(f"{kind} {name}" for kind, name in given)}) {{
{_begin(one)}\
    if (VL_UNLIKELY(((tick ^ 1U) != b[{TICK}]){moved})) {{
        return reinterpret_cast<CData (*)({kinds})>(b[{SLOW}])({names});
    }}
    b[{TICK}] = tick;
    ++b[{VERSION}];
    const QData changed = b[{CHANGED}], stale = b[{STALE}];
    if (changed | stale) {{
        {_data(one, direct, rest, "0")}
        b[{CHANGED}] = 0;
    }}
    // The model takes early data over together with the edge: registers see the values from before it.
    QData taken = 0;
    {taken}
    {events}
    if (VL_LIKELY((triggered & ~{edge.data:#x}ULL) == {edge.triggered:#x}ULL)) {{
        const QData waiting = 0;
        (void)waiting;
        {root}___nba(vlSelf, {edge.triggers}, {edge.stale:#x}ULL, {edge.waits});
    }} else {{
        {root}___nba_any(vlSelf, triggered, 0, {held:#x}ULL);
    }}
    b[{STALE}] = {direct.waiting:#x}ULL;{more}
    return b[{VERSION}] & 255;
}}
"""


def _calls(one: BoundarySet, direct: Direct) -> list[str]:
    made = []
    for call in one.calls:
        case = direct.cases.get(f"call{call.number}")
        bits = f"{one.class_bits(call.inputs):#x}ULL"
        early = ""
        if one.early:
            late = one.class_bits(one.early)
            early = f"if (VL_UNLIKELY(b[{EARLY}])) {{ {_load(one)} changed |= {late:#x}ULL; }}"
            case = replace(case, data=case.data & ~_bits(direct, late)) if case else None
        logic = _data(one, direct, case, _triggers(direct, f"b[{STALE}]"))
        made.append(f"""
void {call_name(one, call)}(QData* b) {{
{_begin(one)}\
    QData changed = b[{CHANGED}] & {bits};
    const QData stale = b[{STALE}] & {bits};
    {early}
    b[{CHANGED}] &= ~{bits};
    b[{STALE}] &= ~{bits};
    // Logic that other inputs reach too waits for them.
    {logic}
    ++b[{VERSION}];
}}
""")
    return made
