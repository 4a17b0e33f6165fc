"""Where events come from: clocks, gated clocks, resets, registers (IEEE 1800-2023 9.4.2)."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hdl_py.sv.contract.bits import NOTHING, span
from hdl_py.sv.contract.graph import Cone, Graph, cone, order, solve
from hdl_py.sv.contract.items import Driver, Kind
from hdl_py.sv.contract.value import NO_LANES, Segment, joined
from hdl_py.sv.contract.variables import HIGH_IMPEDANCE

MAX_CANDIDATES = 64
"""Input bits of an event's cone that are tried as its clock."""


class Origin(enum.Enum):
    """What an event's signal is."""

    NEVER = "never"
    """A constant: the event doesn't happen."""
    INPUT = "input"
    """An input bit, or its inverse."""
    GATE = "gate"
    """An input bit, let through by a latch that is open while the clock is idle."""
    REGISTER = "register"
    """A register's output, or logic of registers."""
    LOGIC = "logic"
    """Anything else: logic of inputs, with or without registers."""


@dataclass(frozen=True)
class Source:
    """Where an event's signal comes from.

    Attributes:
        origin: what it is.
        inputs: input bits that can make the event happen.
        inverted: of an input or a gate, whether the signal falls when the input rises.
        registers: whether registers can make the event happen.
        latches: of a gate, the latch's bits.
        idle: of a gate, the input's level at which the latch is open and the signal constant.
    """

    origin: Origin
    inputs: Mapping[int, int] = field(default_factory=dict)
    inverted: bool = False
    registers: bool = False
    latches: Mapping[int, int] = field(default_factory=dict)
    idle: int = 0


class Clocks:
    """Finds the source of event signals in one graph."""

    def __init__(self, graph: Graph, inputs: Sequence[int]) -> None:
        self.graph = graph
        self.inputs = dict.fromkeys(inputs)
        self.preferred: list[tuple[int, int]] = []
        self._sources: dict[tuple[int, int], Source] = {}
        self._order = [i for i in order(graph.items) if i.kind is Kind.COMBINATIONAL]

    def root(self, var: int, bit: int) -> tuple[int, int]:
        """The bit that a bit is an exact copy of, as far back as copies go."""
        seen = {(var, bit)}
        while True:
            found = [d for d in self.graph.driving(var) if d.low <= bit <= d.high]
            if len(found) != 1 or not _is_copy(found[0]):
                return var, bit
            ((source, shift),) = found[0].lanes
            var, bit = source, bit - shift
            if (var, bit) in seen:
                return var, bit
            seen.add((var, bit))

    def source(self, var: int, bit: int) -> Source:
        """The source of the signal that one bit is."""
        root = self.root(var, bit)
        found = self._sources.get(root)
        if found is None:
            found = self._sources[root] = self._resolve(*root)
        return found

    def _resolve(self, var: int, bit: int) -> Source:
        if var in self.inputs and not self.graph.driving(var):
            return Source(Origin.INPUT, {var: 1 << bit})
        back = cone(self.graph, {var: 1 << bit})
        inputs = self._inputs(back)
        registers = has_registers(self.graph, back)
        if not inputs:
            return Source(Origin.REGISTER, registers=True) if registers else Source(Origin.NEVER)
        for candidate in self._candidates(inputs):
            found = self._gate(var, bit, back, candidate)
            if found is not None:
                return found
        return Source(Origin.LOGIC, inputs, registers=registers)

    def _inputs(self, found: Cone) -> dict[int, int]:
        return {v: found.reached[v] for v in self.inputs if found.reached.get(v)}

    def _candidates(self, inputs: Mapping[int, int]) -> list[tuple[int, int]]:
        preferred = [(v, b) for v, b in self.preferred if inputs.get(v, 0) >> b & 1]
        others = [
            (v, b)
            for v, mask in inputs.items()
            for b in range(mask.bit_length())
            if mask >> b & 1 and (v, b) not in preferred
        ]
        return (preferred + others)[:MAX_CANDIDATES]

    def fixed(self, var: int, bit: int, level: int, back: Cone) -> Graph:
        """The graph with one input bit at a level, as far as it concerns a cone."""
        touched = {var}
        again: set[int] = set()
        for item in self._order:
            if item.number in back.items and not touched.isdisjoint(item.mentions.reads):
                again.add(item.number)
                touched |= item.mentions.writes
        variables = self.graph.variables
        width = variables.width(var)
        own = frozenset(((var, 0),))
        segments = [Segment(bit, bit, level, NO_LANES, NOTHING)]
        if bit:
            segments.insert(0, Segment(0, bit - 1, None, own, NOTHING))
        if bit < width - 1:
            segments.append(Segment(bit + 1, width - 1, None, own, NOTHING))
        value = joined(width, segments)
        return solve(variables, self.graph.items, {var: value}, self.graph, again)

    def _gate(self, var: int, bit: int, back: Cone, candidate: tuple[int, int]) -> Source | None:
        """The signal as a function of one input bit, gated or not; None if it is no such thing."""
        clock, clock_bit = candidate
        graphs = [self.fixed(clock, clock_bit, level, back) for level in (0, 1)]
        levels = [constant_bit(g, var, bit) for g in graphs]
        if None not in levels:
            if levels[0] == levels[1]:
                return None
            return Source(Origin.INPUT, {clock: 1 << clock_bit}, inverted=levels[0] == 1)
        if levels == [None, None]:
            return None
        idle = 0 if levels[0] is not None else 1
        open_ = graphs[1 - idle]
        found = cone(open_, {var: 1 << bit})
        own = {clock: 1 << clock_bit}
        if any(mask & ~own.get(v, 0) for v, mask in self._inputs(found).items()) or has_registers(open_, found):
            return None
        latches = {
            v: mask & self._kept(self.graph, v) for v, mask in found.roots.items() if mask & self._kept(self.graph, v)
        }
        if any(
            mask & ~latches.get(v, 0) and not self._still(open_, v) for v, mask in found.roots.items() if v != clock
        ):
            return None
        if not all(self._follows(graphs[idle], v, mask) for v, mask in latches.items()):
            return None
        inverted = (levels[idle] == 1) == (idle == 0)
        return Source(Origin.GATE, own, inverted, latches=latches, idle=idle)

    @staticmethod
    def _kept(graph: Graph, var: int) -> int:
        out = 0
        for mask, _ in graph.kept.get(var, ()):
            out |= mask
        return out

    def _still(self, graph: Graph, var: int) -> bool:
        """Whether a root never changes: nothing drives it while the simulation runs."""
        return var == HIGH_IMPEDANCE or all(d.kind in (Kind.START, Kind.END) for d in graph.driving(var))

    def _follows(self, graph: Graph, var: int, mask: int) -> bool:
        """Whether latch bits are open: driven on every path, by nothing that keeps values itself."""
        found = cone(graph, {var: mask})
        if any(self._kept(graph, v) & bits for v, bits in found.reached.items()):
            return False
        driven = 0
        for driver in graph.driving(var):
            driven |= ((1 << (driver.high - driver.low + 1)) - 1) << driver.low
        return not mask & ~driven


def has_registers(graph: Graph, found: Cone) -> bool:
    """Whether registers, or processes that wait, are at the end of a cone."""
    return any(
        d.kind in (Kind.CLOCKED, Kind.FREE) and mask & span(d.low, d.high)
        for v, mask in found.roots.items()
        for d in graph.driving(v)
    )


def _is_copy(driver: Driver) -> bool:
    return driver.same and driver.kind is Kind.COMBINATIONAL and not driver.deps


def constant_bit(graph: Graph, var: int, bit: int) -> int | None:
    """The level of a bit that never changes; None if it may."""
    known = graph.known.get(var)
    if known is not None:
        seg = next(s for s in known.segments if s.low <= bit <= s.high)
        if seg.number is not None:
            return seg.number >> (bit - seg.low) & 1
    found = [d for d in graph.driving(var) if d.low <= bit <= d.high]
    if len(found) == 1 and found[0].number is not None and found[0].kind is Kind.COMBINATIONAL:
        return found[0].number >> (bit - found[0].low) & 1
    return None
