"""What must be seen before registers act: gated clocks, sampled values, and events that reach outputs."""

from __future__ import annotations

from hdl_py.sv.contract.bits import mask_of
from hdl_py.sv.contract.graph import cone
from hdl_py.sv.contract.items import Kind
from hdl_py.sv.contract.judging import Judge
from hdl_py.sv.contract.loops import loops
from hdl_py.sv.contract.model import Bits
from hdl_py.sv.contract.recall import gates_of_others, is_sampling, samples


def before_edges(state: Judge) -> None:
    """Finds the inputs whose values from before an edge count, and events that a call can't pass on in time."""
    analysis, sets = state.analysis, state.analysis.sets
    for item in analysis.unit.items:
        if is_sampling(item):
            state.sampled |= sets.of(item.reads)
    for child in analysis.unit.children:
        state.settle = state.settle or child.contract.settle
        state.other_edge = state.other_edge or child.contract.other_edge
        state.gates |= _follows(state, child.inputs, child.contract.gates)
        state.sampled |= _follows(state, child.inputs, child.contract.sampled)
    events = state.events
    state.gates &= ~events
    state.sampled &= ~events
    state.settle = state.settle or bool(state.sampled)
    _later(state)
    _reaching(state)


def _later(state: Judge) -> None:
    """Outputs that follow state which registers' own events change: later than other outputs at the same edge."""
    analysis = state.analysis
    full = analysis.graph.variables.full
    roots = cone(analysis.graph, {port.var: full(port.var) for port in analysis.unit.ports if port.output}).roots
    for trigger in analysis.triggers:
        if trigger.source.registers and not roots.keys().isdisjoint(trigger.item.mentions.writes):
            state.cause("later-output", trigger.event.location, f"the {trigger.item.what}")


def _follows(state: Judge, ports: dict[str, int], bits: Bits) -> int:
    return state.analysis.sets.of({ports[port]: mask_of(runs) for port, runs in bits if port in ports})


def _reaching(state: Judge) -> None:
    """Outputs and effects that follow an event's input without a register; whole ports cross, not single bits."""
    analysis, sets = state.analysis, state.analysis.sets
    variables = analysis.graph.variables
    clocks, resets = {var for var, _ in state.clocks}, {var for var, _ in state.resets}
    events = sum(variables.full(var) << sets.first[var] for var in clocks | resets)
    seen = sum(sets.index(var, bit) for var, bit in state.clocks)
    for port in analysis.unit.ports:
        found = sets.of({port.var: variables.full(port.var)}) & events & ~seen if port.output else 0
        if found:
            state.cause("event-in-cone", port.location, f"{port.name} follows {state.bits(sets.bits(found))}")
    for item in analysis.unit.items:
        for effect in item.effects if item.kind is Kind.COMBINATIONAL else ():
            found = sets.of(effect.deps) & events & ~seen
            if found:
                text = f"of {effect.subject} follows {state.bits(sets.bits(found))}"
                state.cause("event-in-cone", effect.location, text)


def vector_events(state: Judge) -> None:
    """Of a unit with one clock: events that aren't ports of one bit."""
    analysis = state.analysis
    for var in sorted({var for var, _ in state.clocks | state.resets}):
        if analysis.graph.variables.width(var) > 1:
            state.cause("event-type", analysis.port_location(var), analysis.inputs[var])


def unordered(state: Judge) -> None:
    """Of a unit without a single clock: latches that a clock and other inputs decide about together.

    Where both change at once, a call for the other inputs comes before that for the clock.
    """
    analysis, sets = state.analysis, state.analysis.sets
    events = state.events
    variables = analysis.graph.variables

    def mixed(found: int) -> bool:
        return bool(found & events and found & ~events)

    for var, kept in analysis.graph.kept.items():
        for mask, number in kept:
            if mixed(sets.of({var: mask})):
                state.cause("gated-latch", analysis.unit.items[number].location, variables[var].name)
    for group in loops(analysis.graph):
        if mixed(sets.of(group)):
            var = min(group)
            place = analysis.graph.items[analysis.graph.driving(var)[0].item].location
            state.cause("gated-latch", place, variables[var].name)
    for child in analysis.unit.children:
        if _follows(state, child.inputs, child.contract.gates) & ~events:
            state.cause("gated-latch", child.location, f"a clock gate in {child.path}")
    for location, name in gates_of_others(state):
        state.cause("gated-latch", location, name)
    if state.sampled:
        names = state.bits(sets.bits(state.sampled))
        state.cause("sampled-values", None, f"{analysis.elaborated.name} samples {names}")
    elif samples(state):
        state.cause("sampled-values", None, f"{analysis.elaborated.name} samples its registers")
