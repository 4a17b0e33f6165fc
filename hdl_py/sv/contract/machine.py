"""Runs procedural code on values that say what they depend on.

One machine runs one process once, over all its paths: a branch whose condition
isn't known is taken both ways and the outcomes joined. Loops with known bounds
are unrolled; others are repeated until nothing new comes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from hdl_py.sv.contract.bits import NOTHING, Deps, span, union
from hdl_py.sv.contract.value import (
    NO_LANES,
    Segment,
    Value,
    conditioned,
    cut,
    depending,
    either,
    joined,
    moved,
    spliced,
    variable,
)
from hdl_py.sv.contract.variables import Variables, grounded

MAX_DEPTH = 64
"""Calls within calls before the analysis gives up on a recursion."""

Store = dict[int, Value]


class Unsupported(Exception):
    """A construct that the analysis doesn't follow.

    Attributes:
        code: of the cause that it becomes.
        location: slang's place, or None.
        subject: what was found, for the cause's text.
    """

    def __init__(self, code: str, location: Any, subject: str) -> None:
        super().__init__(f"{code}: {subject}")
        self.code = code
        self.location = location
        self.subject = subject


@dataclass(frozen=True)
class Place:
    """Bits of a variable that an expression names.

    Attributes:
        var: the variable.
        low: the lowest bit.
        high: the highest bit.
        exact: whether it is exactly these bits, rather than some of them.
        deps: what the selectors read.
    """

    var: int
    low: int
    high: int
    exact: bool
    deps: Deps = field(default_factory=dict)


@dataclass(frozen=True)
class Effect:
    """Something that a process does besides assigning.

    Attributes:
        code: of the cause that it is where it can't be tolerated.
        subject: what was found.
        location: slang's place.
        deps: what decides whether it happens, and with which values.
    """

    code: str
    subject: str
    location: Any
    deps: Deps


@dataclass
class State:
    """What variables hold: at once, and from the next non-blocking update on."""

    now: Store
    later: Store

    def copy(self) -> State:
        return State(dict(self.now), dict(self.later))


@dataclass
class Frame:
    """A construct that control can leave early.

    Attributes:
        kind: `loop`, `routine` or `block`.
        target: slang's symbol of the routine or block.
        breaks: states in which it was left.
        continues: states in which a loop's next round was asked for.
        conditions: what decided whether it was left.
    """

    kind: str
    target: Any = None
    breaks: list[State] = field(default_factory=list)
    continues: list[State] = field(default_factory=list)
    conditions: Deps = field(default_factory=dict)


class Machine:
    """The state of one run.

    Attributes:
        variables: the table of variables.
        state: what variables hold; None where control can't come.
        conditions: what decided that control came here.
        reads: bits of variables whose value from before the run was read.
        effects: what else the code did.
        clocked: whether the process runs at an event and keeps its variables.
        rounds: loop rounds that may still be unrolled one by one.
        references: symbols reached by a hierarchical name, each with its expression.
        asserts: whether immediate assertions and violations are noticed.
        trusting: whether promises that a case statement is full are relied on.
        promises: what the choices read whose promise was relied on.
        control_of: a variable whose assigned values don't matter, only what decides about them; or None.
    """

    def __init__(
        self, variables: Variables, outside: Callable[[int], Value], clocked: bool = False, rounds: int = 1 << 14
    ) -> None:
        self.variables = variables
        self.outside = outside
        self.state: State | None = State({}, {})
        self.conditions: Deps = NOTHING
        self.frames: list[Frame] = []
        self.reads: dict[int, int] = {}
        self.effects: list[Effect] = []
        self.clocked = clocked
        self.rounds = rounds
        self.calls: list[Any] = []
        self.locals: dict[Any, list[int]] = {}
        self.target: list[Value] = []
        self.writes = 0
        self.references: list[tuple[Any, Any]] = []
        self.asserts = True
        self.trusting = True
        self.promises: list[Deps] = []
        self.control_of: int | None = None

    # -- reading and writing

    def deciding(self) -> Deps:
        """What decides whether control is here."""
        parts = [self.conditions, *(f.conditions for f in self.frames if f.conditions)]
        return union(*parts)

    def holds(self, var: int) -> Value:
        """What a variable holds now; the run's own start value where nothing was assigned."""
        assert self.state is not None
        found = self.state.now.get(var)
        return self.outside(var) if found is None else found

    def read(self, place: Place, width: int) -> Value:
        """The value of a place, as an expression of `width` bits sees it."""
        value = self.holds(place.var)
        size = place.high - place.low + 1
        value = cut(value, place.low, size)
        self._note(place.var, place.low, value)
        if not place.exact or size != width:
            return depending(width, union(value.flat(), place.deps))
        if any(s.number is not None and s.deps for s in value.segments):
            value = Value(size, tuple(s._replace(deps=NOTHING) if s.number is not None else s for s in value.segments))
        return conditioned(value, place.deps) if place.deps else value

    def _note(self, var: int, low: int, value: Value) -> None:
        """Remember that start values were read."""
        for seg in value.segments:
            if seg.number is not None:
                continue
            if (var, -low) in seg.lanes:
                self.reads[var] = self.reads.get(var, 0) | span(seg.low + low, seg.high + low)

    def write(self, place: Place, value: Value, later: bool = False) -> None:
        """Assign to a place."""
        if self.state is None:
            return
        self.writes += 1
        deps = union(self.deciding(), place.deps)
        store = self.state.later if later else self.state.now
        old = store.get(place.var)
        if old is None:
            old = variable(place.var, self.variables.width(place.var)) if later else self.holds(place.var)
        size = place.high - place.low + 1
        if place.var == self.control_of:
            value = depending(value.width, NOTHING)
        if place.exact and value.width == size:
            store[place.var] = spliced(old, place.low, conditioned(value, deps))
            return
        new = depending(size, union(value.flat(), deps))
        if not place.exact:
            new = either(cut(old, place.low, size), new)
        store[place.var] = spliced(old, place.low, new)

    def whole(self, var: int) -> Place:
        """All bits of a variable."""
        return Place(var, 0, self.variables.width(var) - 1, True)

    def effect(self, code: str, subject: str, location: Any, deps: Deps) -> None:
        """Note a side effect here."""
        self.effects.append(Effect(code, subject, location, union(self.deciding(), deps)))

    # -- control

    def branch(self, arms: Sequence[tuple[Deps, Callable[[], None]]]) -> None:
        """Runs arms of which one is taken, each with what decides about it, and joins the outcomes."""
        if self.state is None:
            return
        before, conditions = self.state, self.conditions
        outcome: State | None = None
        for deps, run in arms:
            self.state = before.copy()
            self.conditions = union(conditions, grounded(deps))
            run()
            outcome = self.join(outcome, self.state)
        self.state, self.conditions = outcome, conditions

    def join(self, a: State | None, b: State | None) -> State | None:
        """The state after either of two."""
        if a is None or b is None:
            return b if a is None else a
        return State(self._join(a.now, b.now, self.outside), self._join(a.later, b.later, self._kept))

    def _kept(self, var: int) -> Value:
        return variable(var, self.variables.width(var))

    @staticmethod
    def _join(a: Store, b: Store, missing: Callable[[int], Value]) -> Store:
        out = dict(a)
        for var, value in b.items():
            old = out.get(var)
            if old is not value:
                out[var] = either(missing(var) if old is None else old, value)
        for var, value in a.items():
            if var not in b:
                out[var] = either(value, missing(var))
        return out

    def leave(self, frame: Frame, into: list[State]) -> None:
        """Control goes to the end of a frame, or to a loop's next round."""
        if self.state is not None:
            into.append(self.state)
            frame.conditions = union(frame.conditions, self.deciding())
            self.state = None

    def arrive(self, states: list[State]) -> None:
        """Joins the states that came here by a jump."""
        for state in states:
            self.state = self.join(self.state, state)
        states.clear()

    def repeat(self, round_: Callable[[], None]) -> None:
        """Runs a loop's round any number of times, including none."""
        for attempt in range(64):
            before = self.state
            if before is None:
                return
            self.state = before.copy()
            round_()
            after = self.join(before, self.state)
            assert after is not None
            if attempt >= 3:
                after = self._widened(before, after)
            self.state = after
            if after.now == before.now and after.later == before.later:
                return
        raise Unsupported("unknown-construct", None, "a loop that the analysis can't follow to an end")

    def _widened(self, before: State, after: State) -> State:
        """The state after with bit by bit dependence given up where it still grows, so that rounds end."""

        def widen(old: Store, new: Store) -> Store:
            return {v: x if old.get(v) == x else self._coarse(v, x) for v, x in new.items()}

        return State(widen(before.now, after.now), widen(before.later, after.later))

    def _coarse(self, var: int, value: Value) -> Value:
        keeps = any((var, 0) in s.lanes for s in value.segments)
        deps: dict[int, int] = {v: self.variables.full(v) for v in value.flat()}
        for seg in value.segments:
            for v in seg.deps:
                deps[v] = self.variables.full(v)
        lanes = frozenset(((var, 0),)) if keeps else NO_LANES
        return Value(value.width, (Segment(0, value.width - 1, None, lanes, deps),))

    # -- the outcome

    def results(self) -> Store:
        """What every assigned variable holds once the run and its non-blocking updates are done."""
        if self.state is None:
            return {}
        out = dict(self.state.now)
        for var, value in self.state.later.items():
            out[var] = self._updated(var, value, out[var]) if var in out else value
        return out

    def _updated(self, var: int, later: Value, now: Value) -> Value:
        """A non-blocking update over what blocking assignments left."""
        segments: list[Segment] = []
        for seg in later.segments:
            if (var, 0) not in seg.lanes:
                segments.append(seg)
                continue
            kept = cut(now, seg.low, seg.high - seg.low + 1)
            other = Segment(0, kept.width - 1, None, NO_LANES, seg.deps)
            for old in either(kept, Value(kept.width, (other,))).segments:
                place = moved(old, seg.low)
                segments.append(place._replace(number=None, lanes=place.lanes | (seg.lanes - {(var, 0)})))
        return joined(later.width, segments)
