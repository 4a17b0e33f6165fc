"""Whether a boundary that is possible pays.

A boundary makes edits cheap: only its own module is verilated and compiled
again. It costs time in the simulation: calls, and its ports copied, in every
clock cycle. The estimate weighs the two in one unit, the assignment: what an
assignment of the body costs in an evaluation. The figures come from
measurements with Verilator 5.048: a module of 240 assignments with six words
of ports simulates as fast apart as merged.
"""

from __future__ import annotations

from dataclasses import dataclass

from hdl_py.sv.contract.analysis import Analysis
from hdl_py.sv.contract.bits import span
from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.items import Kind
from hdl_py.sv.contract.model import UnitContract

CALL = 60
"""What one call across a boundary costs."""

PART = CALL // 2
"""What the settling evaluation costs; and all cones together, which are called when their inputs change."""

WORD = 1
"""What one 32-bit word of a port costs in a cycle."""

MARGIN = 2
"""A boundary pays if the body has so many times the assignments that it costs."""


@dataclass(frozen=True)
class Size:
    """How large an elaborated module is, every private instance counted.

    Attributes:
        assignments: assignments and calls in its items.
        state_bits: bits of registers and latches.
        port_words: 32-bit words of its ports, at least one a port.
        ports: how many ports it has.
    """

    assignments: int
    state_bits: int
    port_words: int
    ports: int


@dataclass(frozen=True)
class Advice:
    """Whether to compile a module apart.

    Attributes:
        separate: whether it pays.
        load: assignments in the body.
        toll: what the boundary costs in a clock cycle, in assignments.
        reason: a sentence with the figures.
    """

    separate: bool
    load: int
    toll: int
    reason: str


def size_of(analysis: Analysis) -> Size:
    """Measures an analysed module."""
    variables = analysis.graph.variables
    state: dict[int, int] = {var: _union(kept) for var, kept in analysis.graph.kept.items()}
    for var, found in analysis.graph.drivers.items():
        for driver in found:
            if driver.kind is Kind.CLOCKED:
                state[var] = state.get(var, 0) | span(driver.low, driver.high)
    widths = [variables.width(p.var) for p in analysis.unit.ports]
    return Size(
        assignments=sum(i.mentions.statements for i in analysis.unit.items),
        state_bits=sum(mask.bit_count() for mask in state.values()),
        port_words=sum((w + 31) // 32 for w in widths),
        ports=len(widths),
    )


def _union(kept: list[tuple[int, int]]) -> int:
    out = 0
    for mask, _ in kept:
        out |= mask
    return out


def toll(contract: UnitContract, size: Size) -> int:
    """What a boundary costs in a clock cycle, in assignments."""
    words = WORD * size.port_words
    if contract.contract is Contract.GENERAL:
        return 4 * CALL + words
    if contract.contract is Contract.COMB:
        return 2 * CALL + words
    parts = contract.settle + contract.other_edge + bool(contract.cones) + bool(contract.effects)
    return CALL + parts * PART + words


def worth(contract: UnitContract, size: Size) -> Advice:
    """Weighs a boundary.

    Args:
        contract: a proven contract other than `merged`.
        size: of the module.
    """
    cost = toll(contract, size)
    separate = size.assignments >= MARGIN * cost
    compared = "at least" if separate else "fewer than"
    reason = f"it has {size.assignments} assignments, {compared} the {MARGIN * cost} that pay for its boundary"
    return Advice(separate, size.assignments, cost, reason)
