"""Loops (IEEE 1800-2023 12.7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyslang.ast import StatementKind as S

from hdl_py.sv.contract.bits import NOTHING, span, union
from hdl_py.sv.contract.expressions import evaluate
from hdl_py.sv.contract.machine import Frame, Machine
from hdl_py.sv.contract.statements import run, runs
from hdl_py.sv.contract.value import Value, depending, known


@runs(S.ForLoop)
def _for(m: Machine, s: Any) -> None:
    for variable in s.loopVars:
        number = m.variables.number(variable)
        start = variable.initializer
        value = depending(m.variables.width(number), NOTHING) if start is None else evaluate(m, start)
        m.write(m.whole(number), value)
    for expression in s.initializers:
        evaluate(m, expression)

    def test() -> Value:
        return known(1, 1) if s.stopExpr is None else evaluate(m, s.stopExpr)

    def after() -> None:
        for step in s.steps:
            evaluate(m, step)

    _loop(m, test, s.body, after)


@runs(S.WhileLoop)
def _while(m: Machine, s: Any) -> None:
    _loop(m, lambda: evaluate(m, s.cond), s.body)


@runs(S.DoWhileLoop)
def _do_while(m: Machine, s: Any) -> None:
    frame = Frame("loop")
    m.frames.append(frame)
    _round(m, s.body)
    m.frames.pop()
    broken = frame.breaks
    _loop(m, lambda: evaluate(m, s.cond), s.body)
    m.arrive(broken)


@runs(S.RepeatLoop)
def _repeat(m: Machine, s: Any) -> None:
    count = evaluate(m, s.count)
    number = count.number
    if number is not None and number <= m.rounds:
        left = iter(range(number))
        _loop(m, lambda: known(1, next(left, -1) >= 0), s.body)
    else:
        _loop(m, lambda: depending(1, count.flat()), s.body)


@runs(S.ForeachLoop)
def _foreach(m: Machine, s: Any) -> None:
    dims = [d for d in s.loopDims if d.loopVar is not None]
    deps = evaluate(m, s.arrayRef).flat() if any(d.range is None for d in dims) else NOTHING

    def level(index: int) -> None:
        if index == len(dims):
            _round(m, s.body)
            return
        dim = dims[index]
        number = m.variables.number(dim.loopVar)
        place, width = m.whole(number), m.variables.width(number)
        if dim.range is None or dim.range.width > m.rounds:
            m.write(place, depending(width, deps))
            m.repeat(lambda: level(index + 1))
            return
        left, right = int(dim.range.left), int(dim.range.right)
        step = 1 if right >= left else -1
        for value in range(left, right + step, step):
            if m.state is None:
                return
            m.rounds -= 1
            m.write(place, known(width, value & span(0, width - 1)))
            level(index + 1)

    frame = Frame("loop")
    m.frames.append(frame)
    level(0)
    m.frames.pop()
    m.arrive(frame.breaks)


def _round(m: Machine, body: Any) -> None:
    """One round of a loop; `continue` ends here."""
    frame = Frame("round")
    m.frames.append(frame)
    run(m, body)
    m.frames.pop()
    m.arrive(frame.breaks)


def _loop(m: Machine, test: Callable[[], Value], body: Any, after: Callable[[], None] = lambda: None) -> None:
    """Rounds one by one while the condition is known and the budget lasts, then as many as may be."""
    frame = Frame("loop")
    m.frames.append(frame)
    while m.state is not None:
        condition = test()
        truth = condition.truth
        if truth is False:
            break
        if truth is None or m.rounds <= 0:
            _rounds(m, condition, test, body, after)
            break
        m.rounds -= 1
        _round(m, body)
        if m.state is not None:
            after()
    m.frames.pop()
    m.arrive(frame.breaks)


def _rounds(m: Machine, condition: Value, test: Callable[[], Value], body: Any, after: Callable[[], None]) -> None:
    """Any number of rounds, decided by a condition that isn't known."""
    conditions = m.conditions
    m.conditions = union(conditions, condition.flat())

    def again() -> None:
        _round(m, body)
        if m.state is not None:
            after()
        if m.state is not None:
            m.conditions = union(m.conditions, test().flat())

    m.repeat(again)
    m.conditions = conditions
