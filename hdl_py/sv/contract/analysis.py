"""A unit's body, solved: what its outputs follow and what its events are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hdl_py.sv.contract.bits import NOTHING, Deps
from hdl_py.sv.contract.build import Builder, Unit
from hdl_py.sv.contract.clocks import Clocks, Origin, Source
from hdl_py.sv.contract.elaborate import Elaborated
from hdl_py.sv.contract.graph import Graph, solve
from hdl_py.sv.contract.inputs import InputSets
from hdl_py.sv.contract.items import Edge, Event, Item, Kind
from hdl_py.sv.contract.machine import Machine, Unsupported
from hdl_py.sv.contract.model import UnitContract
from hdl_py.sv.contract.value import NO_LANES, Segment, Value, joined, variable


@dataclass(frozen=True)
class Trigger:
    """An event of an item, traced to its origin.

    Attributes:
        event: as written.
        item: the item that it starts.
        source: where it comes from.
        reset: whether the item tests the signal as a level, as an asynchronous reset.
    """

    event: Event
    item: Item
    source: Source
    reset: bool

    def edge(self) -> Edge:
        """The edge of the source's input that makes the event."""
        if self.source.origin not in (Origin.INPUT, Origin.GATE):
            return Edge.BOTH
        return self.event.edge.reversed() if self.source.inverted else self.event.edge

    def edges(self) -> Edge:
        """Every edge of the input that matters: of a gate used as it shuts, the one at which its latch shut too."""
        edge = self.edge()
        if self.source.origin is Origin.GATE and edge is not (Edge.FALLING if self.source.idle else Edge.RISING):
            return Edge.BOTH
        return edge


@dataclass
class Analysis:
    """The whole of what is known of an elaborated unit.

    Attributes:
        elaborated: slang's view.
        unit: the items.
        graph: the drivers.
        sets: which input bits each bit follows.
        clocks: traces events.
        triggers: every event that can happen.
    """

    elaborated: Elaborated
    unit: Unit
    graph: Graph
    sets: InputSets
    clocks: Clocks
    triggers: list[Trigger] = field(default_factory=list)

    @property
    def inputs(self) -> Mapping[int, str]:
        """Names of the input ports by variable, in order of declaration."""
        return {p.var: p.name for p in self.unit.ports if p.input}

    @property
    def outputs(self) -> Mapping[int, str]:
        """Names of the output ports by variable, in order of declaration."""
        return {p.var: p.name for p in self.unit.ports if p.output}

    def port_location(self, var: int) -> Any:
        """slang's place of a port."""
        return next(p.location for p in self.unit.ports if p.var == var)

    def reads_at(self, trigger: Trigger) -> Deps:
        """What an item reads when exactly this event has just happened."""
        event = trigger.event
        if event.role == "reset":
            return NOTHING
        if event.edge is Edge.BOTH or trigger.item.run is None:
            return trigger.item.reads
        bit = event.mask.bit_length() - 1
        level = _level(self.graph, event.var, bit, int(event.edge is Edge.RISING))
        variables = self.graph.variables

        def outside(var: int) -> Value:
            if var == event.var:
                return level
            return self.graph.known.get(var) or variable(var, variables.width(var))

        machine = Machine(variables, outside, clocked=True, rounds=64)
        try:
            trigger.item.run(machine)
        except Unsupported:
            return trigger.item.reads
        return machine.reads


def _level(graph: Graph, var: int, bit: int, level: int) -> Value:
    width = graph.variables.width(var)
    own = frozenset(((var, 0),))
    segments = [Segment(bit, bit, level, NO_LANES, NOTHING)]
    if bit:
        segments.insert(0, Segment(0, bit - 1, None, own, NOTHING))
    if bit < width - 1:
        segments.append(Segment(bit + 1, width - 1, None, own, NOTHING))
    return joined(width, segments)


def analyse(
    elaborated: Elaborated, children: Mapping[str, Sequence[UnitContract]] | None = None, asserts: bool = True
) -> Analysis:
    """Solves an elaborated unit.

    Args:
        elaborated: the unit.
        children: contracts of boundaries by module, one for each parameter set. Their bodies, if there are any,
            aren't looked at, unless the contract is `merged`.
        asserts: whether the simulation checks assertions, and what `unique` and `priority` say.
    """
    builder = Builder(elaborated.reader, children or {}, elaborated.instance.name)
    unit = builder.build(elaborated.body)
    for item in unit.items:
        item.asserts = asserts
    inputs = [p.var for p in unit.ports if p.input]
    graph = solve(unit.variables, unit.items)
    sets = InputSets(graph, inputs)
    if _distrusted(unit, sets):
        graph = solve(unit.variables, unit.items)
        sets = InputSets(graph, inputs)
    analysis = Analysis(elaborated, unit, graph, sets, Clocks(graph, inputs))
    _trace(analysis)
    return analysis


def _distrusted(unit: Unit, sets: InputSets) -> bool:
    """Takes back trust in full cases whose choice follows inputs: inputs pass through any value.

    A choice made by registers alone can only be wrong in a state that the user says is never reached.
    """
    found = [i for i in unit.items if any(sets.of(deps) for deps in i.promises)]
    for item in found:
        item.trusting = False
    return bool(found)


def _trace(analysis: Analysis) -> None:
    """Traces every event to its origin, plain inputs first: they are the likely clocks of gates."""
    clocks = analysis.clocks
    items = [i for i in analysis.unit.items if i.kind is Kind.CLOCKED]
    found: list[tuple[Item, Event, int]] = []
    preferred: dict[tuple[int, int], None] = {}
    for item in items:
        for event in item.events:
            mask = event.mask
            while mask:
                bit = (mask & -mask).bit_length() - 1
                mask &= mask - 1
                found.append((item, event._replace(mask=1 << bit), bit))
                root = clocks.root(event.var, bit)
                if root[0] in analysis.inputs and not _tested(item, event, bit):
                    preferred[root] = None
    clocks.preferred = list(preferred)
    for item, event, bit in found:
        source = clocks.source(event.var, bit)
        if source.origin is not Origin.NEVER:
            analysis.triggers.append(Trigger(event, item, source, _is_reset(item, event, bit)))


def _tested(item: Item, event: Event, bit: int) -> bool:
    return bool(item.reads.get(event.var, 0) >> bit & 1)


def _is_reset(item: Item, event: Event, bit: int) -> bool:
    """Whether an event is an asynchronous reset's: its signal is tested, and another event's isn't."""
    if event.role:
        return event.role == "reset"
    if not _tested(item, event, bit):
        return False
    return any(not item.reads.get(e.var, 0) & e.mask for e in item.events)
