"""The pieces of an elaborated unit that drive variables, and what comes of running them."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from hdl_py.sv.contract.bits import Deps
from hdl_py.sv.contract.machine import Effect, Machine
from hdl_py.sv.contract.scan import Mentions
from hdl_py.sv.contract.value import Lanes


class Kind(enum.Enum):
    """When an item runs."""

    COMBINATIONAL = "combinational"
    """Whenever something changes that it reads."""
    CLOCKED = "clocked"
    """At its events."""
    START = "start"
    """Once, at time 0."""
    END = "end"
    """Once, when the simulation ends."""
    FREE = "free"
    """As it goes: it waits, or does what the analysis doesn't follow."""


class Edge(enum.Enum):
    """A change of a bit that counts as an event (IEEE 1800-2023 9.4.2)."""

    RISING = "posedge"
    FALLING = "negedge"
    BOTH = "edge"

    def reversed(self) -> Edge:
        """The edge of an inverted signal."""
        return {Edge.RISING: Edge.FALLING, Edge.FALLING: Edge.RISING, Edge.BOTH: Edge.BOTH}[self]


class Event(NamedTuple):
    """An event that starts a clocked item.

    Attributes:
        edge: which change.
        var: the variable.
        mask: its bits; one bit for a posedge or negedge.
        location: slang's place.
        role: `clock` or `reset` where a contract says so, else empty.
    """

    edge: Edge
    var: int
    mask: int
    location: Any
    role: str = ""


@dataclass
class Item:
    """One continuous assignment, process, connection or gate.

    Attributes:
        number: its place in the unit, in order of the walk.
        kind: when it runs.
        what: a phrase such as `always_ff process`.
        location: slang's place.
        mentions: what its code mentions.
        run: runs its code; None where the analysis doesn't follow it.
        procedural: whether it is a process, which runs through once, rather than a connection, which always holds.
        events: of a clocked item.
        reads: bits whose value from before a run it needs; filled by the run.
        effects: what it does besides assigning; filled by the run.
        references: symbols that it reaches by hierarchical names, each with its expression; filled by the run.
        asserts: whether immediate assertions and violations in it are noticed.
        trusting: whether promises in it that a case statement is full are relied on.
        promises: what those choices read; filled by the run.
        samples: whether it looks at values from before the time step.
        child: of a boundary's instance, its number, else None.
    """

    number: int
    kind: Kind
    what: str
    location: Any
    mentions: Mentions
    run: Callable[[Machine], None] | None
    procedural: bool = False
    events: tuple[Event, ...] = ()
    reads: dict[int, int] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    references: list[tuple[Any, Any]] = field(default_factory=list)
    asserts: bool = True
    trusting: bool = True
    promises: list[Deps] = field(default_factory=list)
    samples: bool = False
    child: int | None = None


class Driver(NamedTuple):
    """One way in which bits of a variable get their value.

    Attributes:
        low: the lowest bit.
        high: the highest bit.
        number: the bits' value where it is always the same.
        lanes: dependence bit by bit.
        deps: dependence as a whole.
        item: number of the item.
        kind: when the item runs.
        same: whether the bits are exactly those of the only lane.
    """

    low: int
    high: int
    number: int | None
    lanes: Lanes
    deps: Deps
    item: int
    kind: Kind
    same: bool = False
