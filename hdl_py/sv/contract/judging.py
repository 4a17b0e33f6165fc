"""What judging one analysis gathers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hdl_py.sv.contract.analysis import Analysis, Trigger
from hdl_py.sv.contract.bits import range_text, ranges
from hdl_py.sv.contract.causes import Cause
from hdl_py.sv.contract.items import Edge
from hdl_py.text.position import Position


@dataclass
class Judge:
    """Gathers causes of one analysis, and what its contract says.

    Attributes:
        analysis: of the unit.
        timing: whether the simulation honours delays.
        causes: why the contract is no cheaper.
        clocks: by input bit, an event for each edge.
        resets: edges by input bit.
        settle: as in the contract.
        other_edge: likewise.
        gates: the set of input bits that latches of clock gates follow.
        sampled: the set of input bits that the unit samples.
        latches: bits of clean clock gates' latches.
    """

    analysis: Analysis
    timing: bool
    causes: list[Cause] = field(default_factory=list)
    clocks: dict[tuple[int, int], dict[Edge, Trigger]] = field(default_factory=dict)
    resets: dict[tuple[int, int], set[Edge]] = field(default_factory=dict)
    settle: bool = False
    other_edge: bool = False
    gates: int = 0
    sampled: int = 0
    latches: dict[int, int] = field(default_factory=dict)

    @property
    def events(self) -> int:
        """The set of the input bits that events follow."""
        return sum(self.analysis.sets.index(var, bit) for var, bit in self.clocks.keys() | self.resets.keys())

    def place(self, location: Any) -> Position | None:
        """A slang place as a position."""
        return None if location is None else self.analysis.elaborated.reader.position(location)

    def cause(self, code: str, location: Any, subject: str) -> None:
        """Notes a cause."""
        if code == "delay" and not self.timing:
            return
        self.causes.append(Cause(self.place(location), code, subject))

    def bits(self, masks: Mapping[int, int]) -> str:
        """Bits of inputs or outputs as people write them."""
        variables = self.analysis.graph.variables
        names = {**self.analysis.inputs, **self.analysis.outputs}
        return ", ".join(
            names.get(v, variables[v].name) + range_text(r, variables.width(v))
            for v, m in masks.items()
            for r in ranges(m)
        )
