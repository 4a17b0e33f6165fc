"""Decides a unit's contract from its analysis, and says why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from hdl_py.sv.contract.analysis import Analysis
from hdl_py.sv.contract.bits import Deps, range_text, ranges, span
from hdl_py.sv.contract.causes import RULES, Cause, Contract
from hdl_py.sv.contract.children import parameter_values
from hdl_py.sv.contract.clocks import Origin, has_registers
from hdl_py.sv.contract.cones import cones, named
from hdl_py.sv.contract.events import judge_events
from hdl_py.sv.contract.graph import cone, control
from hdl_py.sv.contract.items import Edge, Item, Kind
from hdl_py.sv.contract.judging import Judge
from hdl_py.sv.contract.loops import loops
from hdl_py.sv.contract.model import Bits, Clock, Reset, UnitContract
from hdl_py.sv.contract.ordering import before_edges, unordered, vector_events
from hdl_py.sv.contract.outside import outside_causes
from hdl_py.sv.contract.recall import recall, samples
from hdl_py.sv.contract.variables import HIGH_IMPEDANCE
from hdl_py.text.position import Position

_ORDER = [Contract.COMB, Contract.STEP, Contract.GENERAL, Contract.MERGED]

_IN_COMB = {
    "impure-dpi": "impure-dpi-in-comb",
    "random-sequence": "random-in-comb",
    "seeded-random": "random-in-comb",
    "time": "time-in-comb",
    "file-input": "file-in-comb",
    "sampled": "time-in-comb",
}
"""Effects that combinational code must not have."""

_ANYWHERE = frozenset({"strobe", "monitor", "wave-control", "assertion-control", "delay"})
"""Effects that no code must have."""

_CLOCKED = frozenset({"impure-dpi", "random-sequence"})
"""Effects that are causes in clocked code too."""


@dataclass(frozen=True)
class Verdict:
    """A unit's contract and the reasons for it.

    Attributes:
        contract: what parents read.
        causes: what keeps the unit from a cheaper contract, in order of position; accepted ones are left out.
        accepted: causes that the user accepted.
    """

    contract: UnitContract
    causes: tuple[Cause, ...]
    accepted: tuple[Cause, ...]


def judge(analysis: Analysis, accept: Collection[str] = (), timing: bool = True) -> Verdict:
    """Decides the contract of an analysed unit.

    Args:
        analysis: of the unit.
        accept: codes of acceptable causes that the user says do no harm here.
        timing: whether the simulation honours delays (Verilator's `--timing`).

    Raises:
        ValueError: a code that isn't acceptable.
    """
    wrong = [code for code in accept if code not in RULES or not RULES[code].acceptable]
    if wrong:
        raise ValueError(f"not causes that can be accepted: {', '.join(sorted(wrong))}")
    state = Judge(analysis, timing)
    state.causes += [c for c in analysis.unit.causes if timing or c.code != "delay"]
    outside_causes(analysis, state.cause)
    _elaboration(state)
    _unfollowed(state)
    _effects(state)
    _start(state)
    judge_events(state)
    _latches(state)
    _levels(state)
    _loops(state)
    _children(state)
    _outputs(state)
    before_edges(state)
    best = _best(state, accept)
    if best is Contract.STEP:
        vector_events(state)
        best = _best(state, accept)
    if best is Contract.GENERAL:
        unordered(state)
        best = _best(state, accept)
    found = sorted(set(state.causes), key=_by_position)
    kept = tuple(c for c in found if c.code not in accept)
    return Verdict(_contract(state, best), kept, tuple(c for c in found if c.code in accept))


def _best(state: Judge, accept: Collection[str]) -> Contract:
    """The cheapest contract that the causes leave."""
    least = Contract.STEP if state.analysis.triggers else Contract.COMB
    left = (c.rule.leads_to for c in state.causes if c.code not in accept)
    return max((least, *left), key=_ORDER.index)


def _by_position(cause: Cause) -> tuple[bool, Position, str, str]:
    return cause.position is not None, cause.position or Position(""), cause.code, cause.subject


# -- causes


def _elaboration(state: Judge) -> None:
    for problem in state.analysis.elaborated.problems:
        hierarchical = "hierarch" in problem.code
        code = "hierarchical-reference" if hierarchical else "elaboration-error"
        subject = problem.message if not hierarchical else f"a name ({problem.message})"
        state.causes.append(Cause(problem.position, code, subject))


def _unfollowed(state: Judge) -> None:
    for number, reason in state.analysis.graph.unfollowed.items():
        if reason.code == "invalid":
            continue  # slang says what is wrong with it.
        item = state.analysis.unit.items[number]
        state.cause(reason.code, reason.location or item.location, reason.subject)


def _effects(state: Judge) -> None:
    for item in state.analysis.unit.items:
        for effect in item.effects:
            if effect.code in _ANYWHERE:
                state.cause(effect.code, effect.location, effect.subject)
            elif item.kind is Kind.COMBINATIONAL:
                if effect.code in _IN_COMB:
                    state.cause(_IN_COMB[effect.code], effect.location, effect.subject)
            elif effect.code in _CLOCKED:
                state.cause(effect.code, effect.location, effect.subject)


def _start(state: Judge) -> None:
    """Blocks that run before anything has a value."""
    sets = state.analysis.sets
    for item in state.analysis.unit.items:
        if item.kind is Kind.START:
            found = sets.bits(sets.of(item.reads))
            if found and _matters(state, item):
                state.cause("initial-reads-input", item.location, state.bits(found))


def _matters(state: Judge, item: Item) -> bool:
    """Whether what an item assigns or does can be seen: by another item, at a port, or by the world."""
    ports = {p.var for p in state.analysis.unit.ports}
    others = set().union(*(i.mentions.reads for i in state.analysis.unit.items if i is not item))
    return bool(item.effects) or not item.mentions.writes.isdisjoint(ports | others)


def _latches(state: Judge) -> None:
    """Latches that see inputs at times that a clock doesn't decide.

    Clean clock gates don't; nor do latches that open and close by registers alone.
    """
    gates = state.latches
    for trigger in state.analysis.triggers:
        if trigger.edges() is Edge.BOTH:
            continue
        for var, mask in trigger.source.latches.items():
            gates[var] = gates.get(var, 0) | mask
    state.settle = state.settle or bool(gates)
    state.gates = state.analysis.sets.of(gates)
    variables = state.analysis.graph.variables
    for var, found in state.analysis.graph.kept.items():
        for mask, number in found:
            left = mask & ~gates.get(var, 0)
            item = state.analysis.unit.items[number]
            if left and not _by_registers(state, item, var, left):
                code = "racing-latch" if _races(state, item, var, left) else "latch"
                state.cause(code, item.location, _part(variables[var].name, left, variables.width(var)))


def _by_registers(state: Judge, item: Item, var: int, mask: int) -> bool:
    """Whether a latch opens and closes by registers alone, at clock edges."""
    analysis = state.analysis
    if item.reads.get(var, 0) & mask or not state.clocks:
        return False
    if analysis.sets.of(control(analysis.graph, item, var)):
        return False
    if analysis.sets.of({var: mask}):
        # It holds the inputs of the time when it closes: they must be there before the clock edge.
        if state.resets:
            return False
        state.settle = True
    return True


def _races(state: Judge, item: Item, var: int, mask: int) -> bool:
    """Whether inputs open or shut a latch that follows registers too.

    A parent's registers change such inputs together with the unit's own, but the boundary lets the unit's go first.
    """
    analysis = state.analysis
    if not has_registers(analysis.graph, cone(analysis.graph, {var: mask})):
        return False
    deps = {var: mask} if item.reads.get(var, 0) & mask else control(analysis.graph, item, var)
    inputs = analysis.sets.of(deps)
    for clock, bit in state.clocks:
        inputs &= ~analysis.sets.index(clock, bit)
    return inputs != 0


def _part(name: str, mask: int, width: int) -> str:
    if mask == span(0, width - 1):
        return name
    return ", ".join(name + range_text(r, width) for r in ranges(mask))


def _levels(state: Judge) -> None:
    """Clocks that are read as levels."""
    sets = state.analysis.sets
    clocks = 0
    for var, bit in state.clocks:
        clocks |= sets.index(var, bit)
    if not clocks:
        return
    for item in state.analysis.unit.items:
        if item.kind is Kind.CLOCKED:
            found = sets.of(_without_own_events(item)) & clocks
            if found:
                text = f"the {item.what} reads the clock {state.bits(sets.bits(found))} as data"
                state.cause("clock-as-data", item.location, text)
        for effect in item.effects:
            if item.kind is Kind.COMBINATIONAL and sets.of(effect.deps) & clocks:
                text = f"combinational code with {effect.subject} reads a clock"
                state.cause("clock-as-data", effect.location, text)


def _without_own_events(item: Item) -> Deps:
    """What an item reads, its own event signals left out: it runs when they have changed."""
    own: dict[int, int] = {}
    for event in item.events:
        own[event.var] = own.get(event.var, 0) | event.mask
    return {v: left for v, mask in item.reads.items() if (left := mask & ~own.get(v, 0))}


def _loops(state: Judge) -> None:
    graph = state.analysis.graph
    for group in loops(graph):
        var = min(group)
        places = [graph.items[d.item].location for d in graph.driving(var) if span(d.low, d.high) & group[var]]
        width = graph.variables.width(var)
        name = ", ".join(graph.variables[var].name + range_text(r, width) for r in ranges(group[var]))
        state.cause("combinational-loop", places[0], name)
        if state.analysis.sets.of(group) and has_registers(graph, cone(graph, group)):
            state.cause("racing-latch", places[0], name)


def _children(state: Judge) -> None:
    """General children may hold latches: what feeds them must not come from inputs and registers together."""
    analysis = state.analysis
    for child in analysis.unit.children:
        if child.contract.contract is not Contract.GENERAL:
            continue
        events = {c.port for c in child.contract.clocks} | {r.port for r in child.contract.resets}
        data = {v: analysis.graph.variables.full(v) for n, v in child.inputs.items() if n not in events}
        if analysis.sets.of(data) and has_registers(analysis.graph, cone(analysis.graph, data)):
            state.cause("racing-latch", child.location, f"the instance {child.path}, whose contract is general,")


def _outputs(state: Judge) -> None:
    """Clocks that leave, and outputs that let go."""
    analysis = state.analysis
    sets, graph = analysis.sets, analysis.graph
    clocks = 0
    for var, bit in state.clocks:
        clocks |= sets.index(var, bit)
    for port in analysis.unit.ports:
        if not port.output:
            continue
        full = graph.variables.full(port.var)
        found = sets.of({port.var: full}) & clocks if clocks else 0
        if found:
            text = f"{port.name} follows the clock {state.bits(sets.bits(found))}"
            state.cause("clock-out", port.location, text)
        if HIGH_IMPEDANCE in cone(graph, {port.var: full}).reached:
            state.cause("tristate-output", port.location, port.name)


# -- the contract


def _contract(state: Judge, best: Contract) -> UnitContract:
    analysis = state.analysis
    name, parameters = analysis.elaborated.name, parameter_values(analysis.elaborated.body)
    if best is Contract.MERGED:
        return UnitContract(name, parameters, best)
    if best is Contract.COMB:
        return UnitContract(name, parameters, best, cones=cones(analysis), effects=_effect_inputs(state))
    order = {v: i for i, v in enumerate(analysis.inputs)}
    clocks = []
    for (var, bit), edges in sorted(state.clocks.items(), key=lambda c: (order[c[0][0]], c[0][1])):
        edge = next(iter(edges)) if len(edges) == 1 else Edge.BOTH
        clocks.append(Clock(analysis.inputs[var], bit, edge.value))
    resets = []
    for (var, bit), found in sorted(state.resets.items(), key=lambda r: (order[r[0][0]], r[0][1])):
        if (var, bit) in state.clocks:
            continue
        active = "high" if found == {Edge.RISING} else "low" if found == {Edge.FALLING} else "both"
        resets.append(Reset(analysis.inputs[var], bit, active))
    return UnitContract(
        name,
        parameters,
        best,
        tuple(clocks),
        tuple(resets),
        settle=best is Contract.STEP and state.settle,
        other_edge=best is Contract.STEP and state.other_edge,
        gates=named(analysis.sets.bits(state.gates), analysis.inputs) if best is Contract.STEP else (),
        sampled=named(analysis.sets.bits(state.sampled), analysis.inputs) if best is Contract.STEP else (),
        samples=best is Contract.STEP and samples(state),
        recall=recall(state) if best is Contract.STEP else (),
        starts=best is Contract.GENERAL and _starts(state),
        cones=cones(analysis),
        effects=_effect_inputs(state),
    )


def _starts(state: Judge) -> bool:
    """Whether something but inputs makes events, which may be there at time zero."""
    sources = [trigger.source for trigger in state.analysis.triggers]
    return any(source.origin is not Origin.INPUT or source.inverted for source in sources) or any(
        child.contract.starts for child in state.analysis.unit.children
    )


def _effect_inputs(state: Judge) -> Bits:
    """Inputs that make combinational code act on the world."""
    analysis = state.analysis
    found = 0
    for item in analysis.unit.items:
        if item.kind is Kind.COMBINATIONAL:
            for effect in item.effects:
                found |= analysis.sets.of(effect.deps)
    return named(analysis.sets.bits(found), analysis.inputs)
