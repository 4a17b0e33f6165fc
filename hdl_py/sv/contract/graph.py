"""Who drives which bits, and what follows from it.

Items run in an order in which drivers come before readers, so that constants
(tied inputs, unused branches) are known where they are read. What can't be
followed gets drivers that depend on everything the code mentions.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hdl_py.sv.contract.bits import NOTHING, Deps, shifted, span
from hdl_py.sv.contract.items import Driver, Item, Kind
from hdl_py.sv.contract.machine import Machine, Unsupported
from hdl_py.sv.contract.value import NO_LANES, Segment, Value, joined, variable
from hdl_py.sv.contract.variables import Variables

_CLOCKED_ROUNDS = 64
"""Loops of clocked processes are unrolled to so many rounds: their exact dependence matters less."""

_COMBINATIONAL_ROUNDS = 1 << 15


@dataclass
class Graph:
    """Drivers of every variable, and what running the items showed.

    Attributes:
        variables: the table of variables.
        items: by number.
        drivers: of each variable.
        kept: bits that combinational code keeps from one run to the next, with the items that do.
        unfollowed: items that couldn't be followed, with the reason.
        known: variables with bits that never change, as values.
    """

    variables: Variables
    items: Sequence[Item]
    drivers: dict[int, list[Driver]] = field(default_factory=dict)
    kept: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    unfollowed: dict[int, Unsupported] = field(default_factory=dict)
    known: dict[int, Value] = field(default_factory=dict)

    def driving(self, var: int) -> Sequence[Driver]:
        """The drivers of a variable."""
        return self.drivers.get(var, ())


@dataclass
class Cone:
    """Everything that some bits depend on without an event in between.

    Attributes:
        reached: every bit met, the starting ones included.
        roots: bits that nothing combinational drives: inputs, registers, constants.
        items: items on the way, clocked ones at its end included.
    """

    reached: dict[int, int]
    roots: dict[int, int]
    items: set[int]


def order(items: Sequence[Item]) -> list[Item]:
    """Combinational items, drivers before readers where there is no loop; then the others."""
    writers: dict[int, list[int]] = {}
    for item in items:
        if item.kind is Kind.COMBINATIONAL:
            for var in item.mentions.writes:
                writers.setdefault(var, []).append(item.number)
    done: set[int] = set()
    out: list[Item] = []
    for item in items:
        stack: list[tuple[Item, Iterable[int]]] = [(item, iter(_before(item, writers)))]
        if item.kind is not Kind.COMBINATIONAL or item.number in done:
            continue
        done.add(item.number)
        while stack:
            current, rest = stack[-1]
            following = next((n for n in rest if n not in done), None)
            if following is None:
                out.append(current)
                stack.pop()
            else:
                done.add(following)
                stack.append((items[following], iter(_before(items[following], writers))))
    return out + [i for i in items if i.kind is not Kind.COMBINATIONAL]


def _before(item: Item, writers: Mapping[int, list[int]]) -> list[int]:
    return sorted({n for var in item.mentions.reads for n in writers.get(var, ()) if n != item.number})


def solve(
    variables: Variables,
    items: Sequence[Item],
    fixed: Mapping[int, Value] | None = None,
    base: Graph | None = None,
    again: set[int] | None = None,
) -> Graph:
    """Runs items and gathers the drivers.

    Args:
        variables: the table of variables.
        items: of the unit, by number.
        fixed: variables whose value is given.
        base: what an earlier run of all items found.
        again: which items to run again over `base`; all of them if None.
    """
    blocked: set[int] = set()
    while True:
        graph, wrong = _solve_once(variables, items, fixed or {}, base, again, blocked)
        if not wrong:
            return graph
        blocked |= wrong


def _solve_once(
    variables: Variables,
    items: Sequence[Item],
    fixed: Mapping[int, Value],
    base: Graph | None,
    again: set[int] | None,
    blocked: set[int],
) -> tuple[Graph, set[int]]:
    graph = Graph(variables, items)
    if base is not None and again is not None:
        graph.drivers = {v: [d for d in found if d.item not in again] for v, found in base.drivers.items()}
        graph.unfollowed = {n: u for n, u in base.unfollowed.items() if n not in again}
        graph.kept = {v: kept for v, found in base.kept.items() if (kept := [k for k in found if k[1] not in again])}
        touched = {v for n in again for v in items[n].mentions.writes}
        graph.known = {v: value for v, value in base.known.items() if v not in touched}
    graph.known.update(fixed)
    runnable = order(items) if again is None else order_some(items, again)
    pending: dict[int, int] = {}
    for item in items:
        for var in item.mentions.writes:
            if item.kind is not Kind.COMBINATIONAL and item.kind is not Kind.END:
                blocked = blocked | {var}
            elif again is None or item.number in again:
                pending[var] = pending.get(var, 0) + 1
    conflicts: set[int] = set()
    for item in runnable:
        wrote = _run(graph, item, record=again is None)
        conflicts |= {v for v in wrote if v in graph.known and v not in fixed}
        for var in item.mentions.writes:
            if item.kind is Kind.COMBINATIONAL and var in pending:
                pending[var] -= 1
                if not pending[var] and var not in blocked and var not in fixed:
                    found = _constant(graph, var)
                    if found is not None:
                        graph.known[var] = found
    return graph, conflicts - blocked


def order_some(items: Sequence[Item], chosen: set[int]) -> list[Item]:
    """Some items in the order in which `order` puts all."""
    return [i for i in order(items) if i.number in chosen]


def _run(graph: Graph, item: Item, record: bool) -> set[int]:
    """Runs an item and adds its drivers; returns the variables it drove."""
    variables = graph.variables

    def outside(var: int) -> Value:
        found = graph.known.get(var)
        return variable(var, variables.width(var)) if found is None else found

    clocked = item.kind is not Kind.COMBINATIONAL
    machine = Machine(variables, outside, clocked, _CLOCKED_ROUNDS if clocked else _COMBINATIONAL_ROUNDS)
    machine.trusting, machine.asserts = item.trusting, item.asserts
    if item.run is None:
        return _guess(graph, item, record)
    try:
        item.run(machine)
    except Unsupported as reason:
        graph.unfollowed[item.number] = reason
        return _guess(graph, item, record)
    results = machine.results()
    if record:
        item.reads = dict(machine.reads)
        item.effects = machine.effects
        item.references = machine.references
        item.promises = machine.promises
    wrote: set[int] = set()
    used = dict(machine.reads)
    for value in results.values():
        for seg in value.segments:
            for var, mask in seg.deps.items():
                used[var] = used.get(var, 0) | mask
    for var, value in results.items():
        if variables[var].automatic:
            continue
        kept = 0
        for seg in value.segments:
            if _unassigned(seg, var):
                continue
            wrote.add(var)
            bits = span(seg.low, seg.high)
            kept |= bits if (var, 0) in seg.lanes else bits & used.get(var, 0)
            graph.drivers.setdefault(var, []).append(
                Driver(seg.low, seg.high, seg.number, seg.lanes, seg.deps, item.number, item.kind, seg.same)
            )
        if kept and item.procedural and item.kind is Kind.COMBINATIONAL:
            graph.kept.setdefault(var, []).append((kept, item.number))
    return wrote


def control(graph: Graph, item: Item, var: int) -> Deps:
    """What decides which value an item gives a variable, the values themselves left out."""
    variables = graph.variables

    def outside(number: int) -> Value:
        return graph.known.get(number) or variable(number, variables.width(number))

    machine = Machine(variables, outside, rounds=_COMBINATIONAL_ROUNDS)
    machine.trusting, machine.asserts = item.trusting, item.asserts
    machine.control_of = var
    if item.run is None:
        return item.reads
    try:
        item.run(machine)
    except Unsupported:
        return item.reads
    found = machine.results().get(var)
    if found is None:
        return NOTHING
    own = Value(found.width, tuple(s._replace(number=None, lanes=s.lanes - {(var, 0)}) for s in found.segments))
    return own.flat()


def _unassigned(seg: Segment, var: int) -> bool:
    return seg.number is None and not seg.deps and seg.lanes == {(var, 0)}


def _guess(graph: Graph, item: Item, record: bool) -> set[int]:
    """Drivers of an item that can't be followed: everything may depend on everything it mentions."""
    variables = graph.variables
    deps: Deps = {v: variables.full(v) for v in sorted(item.mentions.reads)}
    if record:
        item.reads = dict(deps)
    kind = item.kind
    if kind is Kind.FREE and (item.mentions.waits is None or not item.mentions.waits_for_edges):
        kind = Kind.COMBINATIONAL
    wrote = set()
    for var in sorted(item.mentions.writes):
        if not variables[var].automatic:
            wrote.add(var)
            driver = Driver(0, variables.width(var) - 1, None, NO_LANES, deps, item.number, kind)
            graph.drivers.setdefault(var, []).append(driver)
    return wrote


def _constant(graph: Graph, var: int) -> Value | None:
    """The variable with those of its bits known that one driver alone gives one number; None if there are none."""
    found = sorted((d for d in graph.driving(var)), key=lambda d: (d.low, d.high))
    if not any(d.number is not None for d in found):
        return None
    if any(a.high >= b.low for a, b in itertools.pairwise(found)):
        return None
    segments: list[Segment] = []
    at = 0
    own = frozenset(((var, 0),))
    for driver in found:
        if driver.number is None:
            continue
        if driver.low > at:
            segments.append(Segment(at, driver.low - 1, None, own, NOTHING))
        segments.append(Segment(driver.low, driver.high, driver.number, NO_LANES, NOTHING))
        at = driver.high + 1
    width = graph.variables.width(var)
    if at < width:
        segments.append(Segment(at, width - 1, None, own, NOTHING))
    return joined(width, segments)


def sources(driver: Driver, bits: int) -> Iterable[tuple[int, int]]:
    """What some of a driver's bits depend on, as (variable, mask)."""
    for var, shift in driver.lanes:
        yield var, shifted(bits, -shift)
    yield from driver.deps.items()


def cone(graph: Graph, start: Mapping[int, int], through: Callable[[int, int], bool] | None = None) -> Cone:
    """Everything that some bits depend on without an event in between.

    Args:
        graph: the drivers.
        start: the bits.
        through: called with a variable and bits; False stops the search there.
    """
    result = Cone({}, {}, set())
    todo = list(start.items())
    while todo:
        var, mask = todo.pop()
        mask &= ~result.reached.get(var, 0)
        if not mask:
            continue
        result.reached[var] = result.reached.get(var, 0) | mask
        if through is not None and not through(var, mask):
            result.roots[var] = result.roots.get(var, 0) | mask
            continue
        driven = 0
        for driver in graph.driving(var):
            bits = span(driver.low, driver.high) & mask
            if not bits:
                continue
            result.items.add(driver.item)
            if driver.kind is not Kind.COMBINATIONAL:
                result.roots[var] = result.roots.get(var, 0) | bits
                driven |= bits
                continue
            driven |= bits
            if driver.number is None:
                todo.extend(sources(driver, bits))
        if mask & ~driven:
            result.roots[var] = result.roots.get(var, 0) | (mask & ~driven)
    return result
