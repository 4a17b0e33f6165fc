"""What an edge needs from before a reset that acted earlier in the same evaluation.

Below a clock that a register makes, a reset can change a delta before the clock's
edge: registers are reset then, but latches of clock gates are shut already. A
boundary has been called for the reset by then.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hdl_py.sv.contract.bits import Deps, mask_of, span
from hdl_py.sv.contract.children import Child
from hdl_py.sv.contract.clocks import Origin
from hdl_py.sv.contract.graph import cone
from hdl_py.sv.contract.items import Edge, Item, Kind
from hdl_py.sv.contract.judging import Judge
from hdl_py.sv.contract.model import Bits


def is_sampling(item: Item) -> bool:
    """Whether an item looks at values from before the evaluation."""
    return item.kind is Kind.CLOCKED and (item.samples or any(e.code == "sampled" for e in item.effects))


def samples(state: Judge) -> bool:
    """Whether a unit, or a boundary in it, samples values."""
    unit = state.analysis.unit
    return any(is_sampling(item) for item in unit.items) or any(child.contract.samples for child in unit.children)


def recall(state: Judge) -> tuple[str, ...]:
    """The `recall` of a unit with one clock."""
    if not state.resets:
        return ()
    unit = state.analysis.unit
    found = []
    reset = {trigger.item.number for trigger in state.analysis.triggers if trigger.reset}
    latches = [state.latches, *(_ports(child, child.contract.gates) for child in unit.children)]
    if any(not reset.isdisjoint(_registers(state, deps)) for deps in latches) or any(
        "gates" in child.contract.recall for child in unit.children
    ):
        found.append("gates")
        if _prints(state):
            found.append("prints")
    return tuple(found)


def _ports(child: Child, bits: Bits) -> Deps:
    return {child.inputs[port]: mask_of(runs) for port, runs in bits if port in child.inputs}


def _prints(state: Judge) -> bool:
    """Whether a change of a reset may act on the world."""
    started = {trigger.item.number for trigger in state.analysis.triggers if trigger.reset}
    unit = state.analysis.unit
    items = [item for item in unit.items if item.number in started or item.kind is Kind.COMBINATIONAL]
    return any(effect.code not in ("sampled", "violation") for item in items for effect in item.effects) or any(
        "prints" in child.contract.recall for child in unit.children
    )


def _registers(state: Judge, deps: Deps) -> set[int]:
    """The items whose registers are at the end of a cone."""
    graph = state.analysis.graph
    return {
        driver.item
        for var, mask in cone(graph, deps).roots.items()
        for driver in graph.driving(var)
        if driver.kind in (Kind.CLOCKED, Kind.FREE) and mask & span(driver.low, driver.high)
    }


def gates_of_others(state: Judge) -> Iterator[tuple[Any, str]]:
    """Of a unit without a single clock, clock gates opened by registers that change at other times than its clock.

    Gives the place and name of each. Another event may come a delta before the gate's clock, and has a call of its
    own; and a clock that pulses for a delta is back when registers of its first edge have changed.
    """
    graph, unit = state.analysis.graph, state.analysis.unit
    for var, kept in graph.kept.items():
        for mask, number in kept:
            shutting = {
                Edge.FALLING if t.source.idle else Edge.RISING
                for t in state.analysis.triggers
                if t.source.origin is Origin.GATE and t.source.latches.get(var, 0) & mask
            }
            if _opened_elsewhere(state, {var: mask}, shutting):
                yield unit.items[number].location, graph.variables[var].name
    for number, child in enumerate(unit.children):
        contract = child.contract
        clocks: Bits = tuple((c.port, ((c.bit, c.bit),)) for c in contract.clocks)
        gates = _ports(child, contract.gates)
        shutting = {t.edge() for t in state.analysis.triggers if t.item.child == number and not t.reset}
        both = {**gates, **_ports(child, clocks)}
        if "gates" in contract.recall or (gates and _opened_elsewhere(state, both, shutting)):
            yield child.location, f"a clock gate in {child.path}"


def _opened_elsewhere(state: Judge, latch: Deps, shutting: set[Edge]) -> bool:
    """Whether a latch follows a clock, and registers that anything but the clock's edge that shuts it changes."""
    analysis = state.analysis
    clocks = analysis.sets.of(latch) & state.events
    items = _registers(state, latch) if clocks else set()
    for trigger in analysis.triggers:
        if trigger.item.number not in items:
            continue
        if trigger.reset or trigger.source.registers or analysis.sets.of(trigger.source.inputs) & ~clocks:
            return True
        if {trigger.edge()} != shutting:
            return True
    return any(analysis.unit.items[number].kind is Kind.FREE for number in items)
