"""Procedural blocks and assertions as items (IEEE 1800-2023 clauses 9 and 16)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pyslang.ast import ClockingAssertionExpr, ProceduralBlockKind, SymbolKind
from pyslang.ast import StatementKind as S
from pyslang.ast import TimingControlKind as T

from hdl_py.sv.contract.bits import union
from hdl_py.sv.contract.expressions import evaluate, place_of
from hdl_py.sv.contract.items import Edge, Event, Item, Kind
from hdl_py.sv.contract.layout import width_of
from hdl_py.sv.contract.machine import Machine, Place, Unsupported
from hdl_py.sv.contract.scan import Mentions
from hdl_py.sv.contract.statements import run as run_statement
from hdl_py.sv.contract.value import depending, variable

if TYPE_CHECKING:
    from hdl_py.sv.contract.build import Builder

_EDGES = {"PosEdge": Edge.RISING, "NegEdge": Edge.FALLING, "BothEdges": Edge.BOTH}

_NAMES = {
    ProceduralBlockKind.Initial: "initial block",
    ProceduralBlockKind.Final: "final block",
    ProceduralBlockKind.Always: "always process",
    ProceduralBlockKind.AlwaysComb: "always_comb process",
    ProceduralBlockKind.AlwaysLatch: "always_latch process",
    ProceduralBlockKind.AlwaysFF: "always_ff process",
}


class ProcessReader:
    """Makes the items of procedural blocks."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder

    def read(self, block: Any) -> None:
        """One procedural block."""
        kind, body = block.procedureKind, block.body
        what = _NAMES[kind]
        place = body.sourceRange.start
        if kind == ProceduralBlockKind.Initial:
            self._once(Kind.START, what, place, body)
        elif kind == ProceduralBlockKind.Final:
            self._once(Kind.END, what, place, body)
        elif kind in (ProceduralBlockKind.AlwaysComb, ProceduralBlockKind.AlwaysLatch):
            self._plain(Kind.COMBINATIONAL, what, place, body)
        elif body.kind == S.Timed:
            self._timed(what, body)
        elif body.kind == S.Invalid:
            self._free(what, place, self.builder.scanner.scan(body))  # slang says what is wrong with it.
        elif not self._assertion(body):
            self.builder.cause("timing", place, f"an {what} without an event control")
            self._free(what, place, self.builder.scanner.scan(body))

    def _plain(self, kind: Kind, what: str, place: Any, body: Any, events: tuple[Event, ...] = ()) -> Item:
        """A process that runs from its start to its end without waiting."""
        mentions = self.builder.scanner.scan(body)
        if mentions.waits is not None:
            self.builder.cause("timing", *mentions.waits)
            return self._free(what, place, mentions)
        return self.builder.add(kind, what, place, mentions, lambda m: run_statement(m, body), events, procedural=True)

    def _once(self, kind: Kind, what: str, place: Any, body: Any) -> None:
        item = self._plain(kind, what, place, body)
        if kind is Kind.START:
            self._properties(body, item)

    def _free(self, what: str, place: Any, mentions: Mentions) -> Item:
        return self.builder.add(Kind.FREE, what, place, mentions, None)

    # -- event controls

    def _timed(self, what: str, body: Any) -> None:
        control, statement = body.timing, body.stmt
        place = body.sourceRange.start
        if control.kind == T.ImplicitEvent:
            self._plain(Kind.COMBINATIONAL, what, place, statement)
            return
        controls = list(control.events) if control.kind == T.EventList else [control]
        wrong = next((c for c in controls if c.kind != T.SignalEvent), None)
        if wrong is not None:
            found = "a delay" if "Delay" in wrong.kind.name else f"an event control of kind {wrong.kind.name}"
            self.builder.cause("delay" if "Delay" in wrong.kind.name else "timing", place, f"{found} in an {what}")
            self._free(what, place, self.builder.scanner.scan(body))
            return
        levels = [c for c in controls if c.edge.name not in _EDGES]
        if levels and len(levels) < len(controls):
            self.builder.cause("mixed-events", place, f"an {what}")
        if any(c.expr.type.isEvent for c in controls):
            self.builder.cause("named-event", place, f"the event of an {what}")
        if levels and len(levels) == len(controls):
            self._listed(what, place, controls, statement)
            return
        events = tuple(e for c in controls for e in self._events(c))
        item = self._conditional(what, place, statement, controls, events)
        self._properties(statement, item)

    def _conditional(
        self, what: str, place: Any, statement: Any, controls: list[Any], events: tuple[Event, ...]
    ) -> Item:
        """A clocked process; `iff` is a condition on all of it where the only event has it (9.4.2.3)."""
        conditions = [c.iffCondition for c in controls if c.iffCondition is not None]
        if not conditions:
            return self._plain(Kind.CLOCKED, what, place, statement, events)
        mentions = self.builder.scanner.scan(statement, *conditions)
        if mentions.waits is not None:
            self.builder.cause("timing", *mentions.waits)
            return self._free(what, place, mentions)

        def run(m: Machine) -> None:
            deps = union(*(evaluate(m, c).flat() for c in conditions))
            m.branch([(deps, lambda: run_statement(m, statement)), (deps, lambda: None)])

        return self.builder.add(Kind.CLOCKED, what, place, mentions, run, events)

    def _events(self, control: Any) -> list[Event]:
        """The event of one signal event control; of a vector its lowest bit counts (9.4.2)."""
        edge = _EDGES.get(control.edge.name, Edge.BOTH)
        place = control.sourceRange.start
        found = self._place(control.expr)
        if found is None:
            found = self._made(control.expr, place)
        low = found.low
        high = found.low if edge is not Edge.BOTH or control.edge.name in _EDGES else found.high
        mask = ((1 << (high - low + 1)) - 1) << low
        return [Event(edge, found.var, mask, place)]

    def _place(self, expression: Any) -> Place | None:
        """The stored bits that an event expression names, where it names fixed ones."""
        variables = self.builder.variables
        machine = Machine(variables, lambda var: variable(var, variables.width(var)))
        try:
            found = place_of(machine, expression)
        except Unsupported:
            return None
        return found if found is not None and found.exact and not found.deps else None

    def _made(self, expression: Any, place: Any) -> Place:
        """A variable of our own that holds an event expression."""
        builder = self.builder
        width = width_of(expression.type)
        number = builder.variables.made(f"event {len(builder.items)}", width)
        mentions = builder.scanner.scan(expression)
        mentions.writes.add(number)

        def run(m: Machine) -> None:
            m.write(m.whole(number), evaluate(m, expression))

        builder.add(Kind.COMBINATIONAL, "event expression", place, mentions, run)
        return Place(number, 0, width - 1, True)

    def _listed(self, what: str, place: Any, controls: list[Any], statement: Any) -> None:
        """A process with a list of levels: combinational if the list has all that it reads, else clocked by it."""
        events = tuple(e for c in controls for e in self._events(c))
        if self._complete(statement, events):
            self._plain(Kind.COMBINATIONAL, what, place, statement)
        else:
            self._conditional(what, place, statement, controls, events)

    def _complete(self, statement: Any, events: tuple[Event, ...]) -> bool:
        variables = self.builder.variables
        machine = Machine(variables, lambda var: variable(var, variables.width(var)))
        try:
            run_statement(machine, statement)
        except Unsupported:
            return False
        listed: dict[int, int] = {}
        for event in events:
            listed[event.var] = listed.get(event.var, 0) | event.mask
        results = machine.results()
        return all(not (mask & ~listed.get(var, 0) and var not in results) for var, mask in machine.reads.items())

    # -- concurrent assertions

    def _assertion(self, body: Any) -> bool:
        """A concurrent assertion as a module item; False if the block is something else."""
        while body.kind == S.Block:
            body = body.body
        if body.kind == S.List and len(body.list) == 1:
            body = body.list[0]
        if body.kind != S.ConcurrentAssertion:
            return False
        self._property(body, self._default_clock())
        return True

    def _default_clock(self) -> list[Any]:
        """The event controls of the default clocking around a member (14.12)."""
        for scope in reversed(self.builder.scopes):
            found = [m for m in scope if m.kind == SymbolKind.ClockingBlock]
            if found:
                return [found[-1].event]
        return []

    def _properties(self, body: Any, item: Item) -> None:
        """Concurrent assertions within a process."""

        def visit(node: Any) -> None:
            if getattr(node, "kind", None) == S.ConcurrentAssertion:
                self._property(node, [], item.events)

        body.visit(visit)

    def _property(self, statement: Any, clocks: list[Any], events: tuple[Event, ...] = ()) -> None:
        builder = self.builder
        place = statement.sourceRange.start
        found: list[Any] = []

        def visit(node: Any) -> None:
            if isinstance(node, ClockingAssertionExpr):
                found.append(node.clocking)

        statement.visit(visit)
        mentions = builder.scanner.scan(statement)
        # The clock itself is mentioned, but as an event and not as a value.
        counts = builder.scanner.count(statement)
        for control in found:
            counts.subtract(builder.scanner.count(control))
        mentions.reads = {var for var, count in counts.items() if count > 0} | mentions.writes
        mentions.waits = None
        own: list[Event] = []
        for control in found or clocks:
            for part in control.events if control.kind == T.EventList else [control]:
                if part.kind == T.SignalEvent:
                    own += self._events(part)
        starts = tuple(own) or events
        if not starts:
            builder.cause("unknown-construct", place, "a concurrent assertion without a clock that can be found")
            return
        item = builder.add(Kind.CLOCKED, "concurrent assertion", place, mentions, _reader(mentions), starts)
        item.samples = True


def _reader(mentions: Mentions) -> Callable[[Machine], None]:
    """Reads everything that is mentioned; what the action blocks assign may depend on all of it."""
    reads, writes = sorted(mentions.reads), sorted(mentions.writes)

    def run(m: Machine) -> None:
        deps = union(*(m.read(m.whole(var), m.variables.width(var)).flat() for var in reads))
        for var in writes:
            width = m.variables.width(var)
            m.write(Place(var, 0, width - 1, False), depending(width, deps))

    return run
