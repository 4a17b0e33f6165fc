"""What code mentions, without running it: what it reads, what it assigns, and whether it waits."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from pyslang.ast import (
    ArgumentDirection,
    AssignmentExpression,
    CallExpression,
    EventTriggerStatement,
    ForeverLoopStatement,
    StatementBlockKind,
    SymbolKind,
    TimedStatement,
    UnaryExpression,
    ValueExpressionBase,
    WaitForkStatement,
    WaitOrderStatement,
    WaitStatement,
)
from pyslang.ast import BlockStatement as Block

from hdl_py.sv.contract.systemtasks import changes_first
from hdl_py.sv.contract.variables import Variables, is_constant

_WAITS = (TimedStatement, WaitStatement, WaitForkStatement, WaitOrderStatement, EventTriggerStatement)


@dataclass
class Mentions:
    """What a piece of code mentions.

    Attributes:
        reads: every variable in it.
        writes: every variable that an assignment in it may change.
        waits: the first statement that takes time, with what it is, or None.
        waits_for_edges: whether all that it waits for is edges and delays.
        statements: how many assignments and calls it has.
    """

    reads: set[int] = field(default_factory=set)
    writes: set[int] = field(default_factory=set)
    waits: tuple[Any, str] | None = None
    waits_for_edges: bool = True
    statements: int = 0


class Scanner:
    """Scans code, and the subroutines that it calls, each once."""

    def __init__(self, variables: Variables) -> None:
        self._variables = variables
        self._routines: dict[Any, Mentions] = {}

    def scan(self, *nodes: Any) -> Mentions:
        """What some expressions and statements mention."""
        found = Mentions()
        calls: list[Any] = []

        def visit(node: Any) -> None:
            if isinstance(node, ValueExpressionBase):
                number = self._number(node.symbol)
                if number is not None:
                    found.reads.add(number)
            elif isinstance(node, AssignmentExpression):
                found.statements += 1
                found.writes |= self._roots(node.left)
            elif isinstance(node, UnaryExpression):
                if node.op.name.endswith("crement"):
                    found.writes |= self._roots(node.operand)
            elif isinstance(node, CallExpression):
                found.statements += 1
                routine: Any = node.subroutine
                if node.isSystemCall:
                    if changes_first(str(node.subroutineName)):
                        for argument in list(node.arguments)[:1]:
                            found.writes |= self._roots(argument)
                else:
                    calls.append(routine)
                    for argument, formal in zip(node.arguments, routine.arguments, strict=True):
                        if formal.direction != ArgumentDirection.In:
                            found.writes |= self._roots(argument)
            else:
                found.waits = found.waits or _wait(node)
                found.waits_for_edges &= not _waits_for_level(node)

        for node in nodes:
            if node is not None:
                node.visit(visit)
        for called in calls:
            self._merge(found, self._routine(called))
        return found

    def count(self, node: Any) -> Counter[int]:
        """How often each variable is named."""
        found: Counter[int] = Counter()

        def visit(part: Any) -> None:
            if isinstance(part, ValueExpressionBase):
                number = self._number(part.symbol)
                if number is not None:
                    found[number] += 1

        node.visit(visit)
        return found

    @staticmethod
    def _merge(found: Mentions, other: Mentions) -> None:
        found.reads |= other.reads
        found.writes |= other.writes
        found.waits = found.waits or other.waits
        found.waits_for_edges &= other.waits_for_edges

    def _routine(self, routine: Any) -> Mentions:
        known = self._routines.get(routine)
        if known is None:
            known = self._routines[routine] = Mentions()  # A recursion adds nothing new.
            self._merge(known, self.scan(routine.body))
            known.writes |= {self._variables.number(f) for f in routine.arguments}
            if routine.returnValVar is not None:
                known.writes.add(self._variables.number(routine.returnValVar))
        return known

    def _number(self, symbol: Any) -> int | None:
        if symbol.kind == SymbolKind.ModportPort:
            if symbol.explicitConnection is not None or symbol.internalSymbol is None:
                return None
            symbol = symbol.internalSymbol
        return None if is_constant(symbol) or not hasattr(symbol, "type") else self._variables.number(symbol)

    def _roots(self, target: Any) -> set[int]:
        """Every variable that a target names, selectors included: too many rather than too few."""
        out: set[int] = set()

        def visit(node: Any) -> None:
            if isinstance(node, ValueExpressionBase):
                symbol: Any = node.symbol
                if symbol.kind == SymbolKind.ModportPort and symbol.explicitConnection is not None:
                    out.update(self._roots(symbol.explicitConnection))
                number = self._number(symbol)
                if number is not None:
                    out.add(number)

        target.visit(visit)
        return out


def _waits_for_level(node: Any) -> bool:
    if isinstance(node, WaitStatement):
        return True
    if not isinstance(node, TimedStatement):
        return False
    control: Any = node.timing
    parts: list[Any] = list(control.events) if control.kind.name == "EventList" else [control]
    return any(p.kind.name != "SignalEvent" or p.edge.name == "None_" for p in parts if "Delay" not in p.kind.name)


def _wait(node: Any) -> tuple[Any, str] | None:
    if isinstance(node, TimedStatement):
        control = node.timing.kind.name
        what = "a delay" if "Delay" in control else "an event control"
        return node.sourceRange.start, f"{what} inside a process"
    if isinstance(node, _WAITS):
        return node.sourceRange.start, f"{type(node).__name__.removesuffix('Statement')} inside a process"
    if isinstance(node, ForeverLoopStatement):
        return node.sourceRange.start, "forever"
    if isinstance(node, Block) and node.blockKind != StatementBlockKind.Sequential:
        return node.sourceRange.start, "fork"
    return None
