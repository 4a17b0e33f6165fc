"""What statements do (IEEE 1800-2023 clauses 10, 12, 16)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from pyslang import LiteralBase
from pyslang.ast import ExpressionKind as E
from pyslang.ast import StatementBlockKind, VariableLifetime
from pyslang.ast import StatementKind as S

from hdl_py.sv.contract.bits import NOTHING, Deps, span, union
from hdl_py.sv.contract.expressions import evaluate
from hdl_py.sv.contract.machine import Frame, Machine, Unsupported
from hdl_py.sv.contract.value import Value, depending

Runner = Callable[[Machine, Any], None]

RUNNERS: dict[Any, Runner] = {}

_FULL_CASE_BITS = 16
"""A case selector of up to so many bits is checked for values that no item covers."""

_TIMING = {
    S.Timed: "a delay or an event control",
    S.Wait: "wait",
    S.WaitFork: "wait fork",
    S.WaitOrder: "wait_order",
    S.EventTrigger: "an event trigger",
    S.DisableFork: "disable fork",
    S.ForeverLoop: "forever",
}


def runs(*kinds: Any) -> Callable[[Runner], Runner]:
    """Registers a runner."""

    def register(function: Runner) -> Runner:
        for kind in kinds:
            RUNNERS[kind] = function
        return function

    return register


def run(m: Machine, statement: Any) -> None:
    """Runs a statement, if control comes to it.

    Raises:
        Unsupported: it holds a construct that the analysis doesn't follow.
    """
    if statement is None or m.state is None:
        return
    kind = statement.kind
    found = RUNNERS.get(kind)
    if found is None:
        place = statement.sourceRange.start
        if kind in _TIMING:
            raise Unsupported("timing", place, _TIMING[kind])
        if kind == S.Invalid:
            raise Unsupported("invalid", place, "a statement that doesn't elaborate")
        raise Unsupported("unknown-construct", place, f"a statement of kind {kind.name}")
    found(m, statement)


@runs(S.Empty)
def _empty(m: Machine, s: Any) -> None:
    return


@runs(S.List)
def _list(m: Machine, s: Any) -> None:
    for statement in s.list:
        run(m, statement)


@runs(S.Block)
def _block(m: Machine, s: Any) -> None:
    if s.blockKind != StatementBlockKind.Sequential:
        raise Unsupported("timing", s.sourceRange.start, "fork")
    if s.blockSymbol is None:
        run(m, s.body)
        return
    frame = Frame("block", s.blockSymbol)
    m.frames.append(frame)
    run(m, s.body)
    m.frames.pop()
    m.arrive(frame.breaks)


@runs(S.ExpressionStatement)
def _expression(m: Machine, s: Any) -> None:
    evaluate(m, s.expr)


@runs(S.VariableDeclaration)
def _declaration(m: Machine, s: Any) -> None:
    symbol = s.symbol
    if symbol.lifetime != VariableLifetime.Automatic:
        return  # It was initialised before time 0, once (IEEE 1800-2023 6.21).
    number = m.variables.number(symbol)
    if m.calls:
        mine = m.locals.setdefault(m.calls[-1], [])
        if number not in mine:
            mine.append(number)
    start = symbol.initializer
    width = m.variables.width(number)
    value = depending(width, NOTHING) if start is None else evaluate(m, start)
    m.write(m.whole(number), value)


# -- choices


def _tested(m: Machine, conditions: Any) -> tuple[bool | None, Deps]:
    """Whether all conditions hold, where known, and what they read."""
    if any(c.pattern is not None for c in conditions):
        raise Unsupported("unknown-construct", conditions[0].expr.sourceRange.start, "a pattern match")
    found = [evaluate(m, c.expr) for c in conditions]
    if all(f.truth for f in found):
        return True, NOTHING
    if any(f.truth is False for f in found):
        return False, NOTHING
    return None, union(*(f.flat() for f in found))


def _said(check: Any) -> tuple[bool, bool]:
    """Whether a choice with `unique`, `unique0` or `priority` says that one arm matches, and that no two do (12.4)."""
    return check.name in ("Unique", "Priority"), check.name in ("Unique", "Unique0")


@runs(S.Conditional)
def _conditional(m: Machine, s: Any) -> None:
    truth, deps = _tested(m, list(s.conditions))
    some, one = _said(s.check)
    if (some or one) and m.asserts:
        seen, last, links = deps, s.ifFalse, 1
        while last is not None and last.kind == S.Conditional:
            seen, last, links = union(seen, _tested(m, list(last.conditions))[1]), last.ifFalse, links + 1
        if (some and last is None) or (one and links > 1):
            m.effect("violation", f"a check of {s.check.name.lower()} if", s.sourceRange.start, seen)
    if truth is not None:
        run(m, s.ifTrue if truth else s.ifFalse)
        return
    m.branch([(deps, lambda: run(m, s.ifTrue)), (deps, lambda: run(m, s.ifFalse))])


@runs(S.Case)
def _case(m: Machine, s: Any) -> None:
    kind = s.condition.name
    selector = evaluate(m, s.expr)
    number = selector.number if kind == "Normal" else None
    deps = selector.flat()
    arms: list[tuple[Deps, Callable[[], None]]] = []
    covered: set[int] | None = set()
    some, one = _said(s.check)
    read, several, matched = deps, False, False
    for item in s.items:
        values = [evaluate(m, x) for x in item.expressions]
        read = union(read, *(v.flat() for v in values))
        if one and not several:
            own = _covered(set(), kind, selector, item.expressions, values)
            several = _overlap(covered, own, values, kind)
        numbers = [v.number for v in values]
        matched = number is not None and number in numbers
        if number is not None and not matched and None not in numbers:
            continue
        deps = union(deps, *(v.flat() for v in values))
        arms.append((deps, partial(run, m, item.stmt)))
        if matched:
            break
        covered = _covered(covered, kind, selector, item.expressions, values)
    full = matched or _full(covered, selector)
    if m.asserts and ((some and s.defaultCase is None and not full) or (one and several)):
        m.effect("violation", f"a check of {s.check.name.lower()} case", s.sourceRange.start, read)
    if not full and not (s.defaultCase is None and _promised(m, s, deps)):
        arms.append((deps, partial(run, m, s.defaultCase)))
    m.branch(arms)


def _overlap(before: set[int] | None, own: set[int] | None, values: list[Value], kind: str) -> bool:
    """Whether a case item may match together with one before it."""
    if before is None or own is None or kind == "Inside" or any(not own and v.number is None for v in values):
        return True
    return not before.isdisjoint(own)


def _promised(m: Machine, s: Any, deps: Deps) -> bool:
    """Whether the user says that some item always matches: `unique`, `priority` (12.5.3), or `full_case`.

    The promise is relied on where the item's run allows it, and noted with what the choice reads.
    """
    said = s.check.name in ("Unique", "Priority") or any(
        "full_case" in str(a) for a in getattr(s.syntax, "attributes", ())
    )
    if said and m.trusting:
        m.promises.append(deps)
    return said and m.trusting


def _covered(
    before: set[int] | None, kind: str, selector: Value, expressions: Any, values: list[Value]
) -> set[int] | None:
    """Numbers that items so far match; None where it can't be said."""
    if before is None:
        return None
    out = set(before)
    for expression, value in zip(expressions, values, strict=True):
        if value.width != selector.width:
            return None
        if value.number is not None:
            out.add(value.number)
        elif kind in ("WildcardXOrZ", "WildcardJustZ"):
            out |= _matched(expression, selector.width, kind == "WildcardXOrZ")
    return out


def _full(covered: set[int] | None, selector: Value) -> bool:
    """Whether the numbers are all that the selector can be, given those of its bits that are known."""
    free = fixed = 0
    for seg in selector.segments:
        if seg.number is None:
            free |= span(seg.low, seg.high)
        else:
            fixed |= seg.number << seg.low
    if covered is None or free.bit_count() > _FULL_CASE_BITS:
        return False
    return len({n for n in covered if n & ~free == fixed}) == 1 << free.bit_count()


def _matched(expression: Any, width: int, x_too: bool) -> set[int]:
    """The numbers that a literal with wildcards matches (IEEE 1800-2023 12.5.1)."""
    while expression.kind == E.Conversion:
        expression = expression.operand
    if expression.kind != E.IntegerLiteral:
        return set()
    digits = expression.value.toString(LiteralBase.Binary, False).lower()
    digits = digits.rpartition("b")[2].replace("_", "").zfill(width)
    wild = "xz?" if x_too else "z?"
    if len(digits) != width or ("x" in digits and not x_too) or sum(d in wild for d in digits) > _FULL_CASE_BITS:
        return set()
    out = {sum(1 << (width - 1 - i) for i, d in enumerate(digits) if d == "1")}
    for i, digit in enumerate(digits):
        if digit in wild:
            out |= {n | 1 << (width - 1 - i) for n in out}
    return out


# -- jumps


def _frame(m: Machine, s: Any, kind: str) -> Frame:
    for frame in reversed(m.frames):
        if frame.kind == kind:
            return frame
    raise Unsupported("unknown-construct", s.sourceRange.start, f"a jump without its {kind}")


@runs(S.Break)
def _break(m: Machine, s: Any) -> None:
    frame = _frame(m, s, "loop")
    m.leave(frame, frame.breaks)


@runs(S.Continue)
def _continue(m: Machine, s: Any) -> None:
    frame = _frame(m, s, "round")
    m.leave(frame, frame.breaks)


@runs(S.Return)
def _return(m: Machine, s: Any) -> None:
    frame = _frame(m, s, "routine")
    result = frame.target.returnValVar
    if s.expr is not None and result is not None:
        value = evaluate(m, s.expr)
        number = m.variables.number(result)
        width = m.variables.width(number)
        m.write(m.whole(number), value if value.width == width else depending(width, value.flat()))
    m.leave(frame, frame.breaks)


@runs(S.Disable)
def _disable(m: Machine, s: Any) -> None:
    target = getattr(s.target, "symbol", None)
    for frame in reversed(m.frames):
        if target is not None and frame.target == target:
            m.leave(frame, frame.breaks)
            return
    raise Unsupported("unknown-construct", s.sourceRange.start, "disable of something that isn't around it")


# -- assertions and the rest


@runs(S.ImmediateAssertion)
def _immediate(m: Machine, s: Any) -> None:
    if not m.asserts and s.assertionKind.name in ("Assert", "Assume"):
        return
    condition = evaluate(m, s.cond)
    truth, deps = condition.truth, condition.flat()
    m.effect("assertion", "an immediate assertion", s.sourceRange.start, deps)
    if truth is None:
        m.branch([(deps, lambda: run(m, s.ifTrue)), (deps, lambda: run(m, s.ifFalse))])
    else:
        run(m, s.ifTrue if truth else s.ifFalse)


@runs(S.ConcurrentAssertion)
def _concurrent(m: Machine, s: Any) -> None:
    m.effect("concurrent-assertion", "a concurrent assertion", s.sourceRange.start, NOTHING)


@runs(S.ProceduralAssign, S.ProceduralDeassign)
def _forced(m: Machine, s: Any) -> None:
    what = "a procedural assign or deassign"
    if (s.kind == S.ProceduralAssign and s.isForce) or (s.kind == S.ProceduralDeassign and s.isRelease):
        what = "force or release"
    raise Unsupported("force", s.sourceRange.start, what)
