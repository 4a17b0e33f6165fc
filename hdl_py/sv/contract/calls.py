"""Calls of subroutines, methods and system tasks (IEEE 1800-2023 clauses 13, 20, 21)."""

from __future__ import annotations

from typing import Any

from pyslang.ast import ArgumentDirection, MethodFlags
from pyslang.ast import ExpressionKind as E

from hdl_py.sv.contract import operators, repetition
from hdl_py.sv.contract import systemtasks as tasks
from hdl_py.sv.contract.bits import NOTHING, Deps, union
from hdl_py.sv.contract.expressions import evaluate, evaluates, number_value
from hdl_py.sv.contract.layout import is_vector, true_width, width_of
from hdl_py.sv.contract.machine import MAX_DEPTH, Frame, Machine, Unsupported
from hdl_py.sv.contract.statements import run
from hdl_py.sv.contract.stores import store, touch
from hdl_py.sv.contract.value import Value, depending, resized

REGISTERED = (operators, repetition)
"""Modules whose evaluators and runners calls rely on: importing them registers these."""


@evaluates(E.Call)
def _call(m: Machine, e: Any) -> Value:
    if e.isSystemCall:
        return _system(m, e)
    return _subroutine(m, e)


# -- system tasks and built-in methods


def _system(m: Machine, e: Any) -> Value:
    name = str(e.subroutineName)
    width = width_of(e.type)
    if e.constant is not None and name in tasks.PURE:
        return number_value(e.constant, width)
    arguments = [a for a in e.arguments if a.kind != E.DataType]
    if name in ("$signed", "$unsigned") and is_vector(arguments[0].type):
        return resized(evaluate(m, arguments[0]), width, False)
    deps = union(_iterated(m, e), *(evaluate(m, a).flat() for a in arguments if a.kind != E.Assignment))
    result = depending(width, deps)
    outputs = [a.left for a in arguments if a.kind == E.Assignment]
    place = e.sourceRange.start
    if name in tasks.PURE:
        return result
    if name in tasks.RUN_CONSTANT or tasks.FORMAT.match(name) or name in tasks.LOAD_MEMORY:
        for target in outputs:
            touch(m, target, depending(1, deps))
        if name in tasks.LOAD_MEMORY:
            m.effect("file-input", name, place, deps)
        return result
    if name in tasks.CHANGES_FIRST:
        touch(m, arguments[0], depending(1, deps))
        return result
    code = _effect_of(name)
    if code is None:
        raise Unsupported("unknown-system-task", place, name)
    if code in ("random-sequence", "seeded-random") and arguments and name != "$urandom_range":
        outputs.append(arguments[0].left if arguments[0].kind == E.Assignment else arguments[0])
    m.effect(code, name, place, deps)
    for target in outputs:
        touch(m, target, depending(1, deps))
    return result


def _effect_of(name: str) -> str | None:
    """The code of the effect that a system task is."""
    if tasks.OUTPUT.match(name):
        return "output"
    if name in tasks.TIME:
        return "time"
    if name in tasks.SAMPLED:
        return "sampled"
    for pattern, code in (
        (tasks.DISTRIBUTION, "seeded-random"),
        (tasks.RANDOM, "random-sequence"),
        (tasks.FILE_INPUT, "file-input"),
        (tasks.STROBE, "strobe"),
        (tasks.MONITOR, "monitor"),
        (tasks.WAVES, "wave-control"),
        (tasks.ASSERTION_CONTROL, "assertion-control"),
        (tasks.TIMING_CHECKS, "delay"),
    ):
        if pattern.match(name):
            return code
    return None


def _iterated(m: Machine, e: Any) -> Deps:
    """What the `with` expression of an array method reads, with its item bound to the whole array."""
    info = getattr(e.subroutine, "extraInfo", None)
    expression = getattr(info, "iterExpr", None)
    if expression is None:
        return NOTHING
    item = getattr(info, "iterVar", None)
    if item is not None:
        m.write(m.whole(m.variables.number(item)), depending(width_of(item.type), evaluate(m, e.arguments[0]).flat()))
    return evaluate(m, expression).flat()


# -- subroutines


def _subroutine(m: Machine, e: Any) -> Value:
    routine = e.subroutine
    place = e.sourceRange.start
    if e.thisClass is not None or routine.thisVar is not None or MethodFlags.Virtual in routine.flags:
        raise Unsupported("class", place, f"the call of the class method {routine.name}")
    if MethodFlags.InterfaceExtern in routine.flags or MethodFlags.ModportExport in routine.flags:
        raise Unsupported("unknown-construct", place, f"the extern interface method {routine.name}")
    formals = list(routine.arguments)
    actuals = list(e.arguments)
    values = [_incoming(m, a, f) for a, f in zip(actuals, formals, strict=True)]
    if MethodFlags.DPIImport in routine.flags:
        return _imported(m, e, actuals, formals, values)
    if len(m.calls) >= MAX_DEPTH:
        raise Unsupported("unknown-construct", place, f"the recursion of {routine.name}")
    saved = _enter(m, routine, formals, values)
    frame = Frame("routine", routine)
    m.frames.append(frame)
    m.calls.append(routine)
    run(m, routine.body)
    m.calls.pop()
    m.frames.pop()
    m.arrive(frame.breaks)
    return _leave(m, e, actuals, formals, saved)


def _incoming(m: Machine, actual: Any, formal: Any) -> Value:
    """What an argument brings in; nothing for an output."""
    width = width_of(formal.type)
    if formal.direction == ArgumentDirection.Out:
        return depending(width, NOTHING)
    source = actual.left if actual.kind == E.Assignment else actual
    value = evaluate(m, source)
    if value.width == width and source.type.isIntegral == formal.type.isIntegral:
        return value
    if is_vector(source.type) and is_vector(formal.type):
        return resized(value, width, source.type.isSigned)
    return depending(width, value.flat())


def _enter(m: Machine, routine: Any, formals: list[Any], values: list[Value]) -> dict[int, Value]:
    """Binds the arguments; returns the callers' own of an automatic routine that is already running."""
    numbers = [m.variables.number(f) for f in formals]
    result = routine.returnValVar
    if result is not None:
        numbers.append(m.variables.number(result))
    mine = m.locals.setdefault(routine, [])
    mine += [n for n in numbers if n not in mine]
    assert m.state is not None
    saved = {}
    if routine in m.calls:
        saved = {n: m.state.now[n] for n in mine if m.variables[n].automatic and n in m.state.now}
    for formal, number, value in zip(formals, numbers, values, strict=False):
        if formal.direction != ArgumentDirection.Out or m.variables[number].automatic:
            m.write(m.whole(number), value)
    if result is not None:
        m.write(m.whole(numbers[-1]), depending(m.variables.width(numbers[-1]), NOTHING))
    return saved


def _leave(m: Machine, e: Any, actuals: list[Any], formals: list[Any], saved: dict[int, Value]) -> Value:
    """Copies the outputs out and gives the result."""
    routine = e.subroutine
    width = width_of(e.type)
    if m.state is None:
        return depending(width, NOTHING)
    outputs = []
    for actual, formal in zip(actuals, formals, strict=True):
        if formal.direction != ArgumentDirection.In:
            number = m.variables.number(formal)
            outputs.append((actual, formal, m.read(m.whole(number), m.variables.width(number))))
    result = depending(width, NOTHING)
    if routine.returnValVar is not None:
        number = m.variables.number(routine.returnValVar)
        value = m.read(m.whole(number), m.variables.width(number))
        result = value if value.width == width else depending(width, value.flat())
    if m.state is not None:
        m.state.now.update(saved)
    for actual, formal, value in outputs:
        target = actual.left if actual.kind == E.Assignment else actual
        store(m, target, fitted(value, formal.type, target.type))
    return result


def fitted(value: Value, source: Any, target: Any) -> Value:
    """A value as the assignment to another type makes it (IEEE 1800-2023 10.7)."""
    width = width_of(target)
    if is_vector(source) and is_vector(target):
        return resized(value, width, source.isSigned)
    same = true_width(source) == true_width(target) and source.isIntegral == target.isIntegral
    return value if same and value.width == width else depending(width, value.flat())


def _imported(m: Machine, e: Any, actuals: list[Any], formals: list[Any], values: list[Value]) -> Value:
    """A call of foreign code (IEEE 1800-2023 35.5)."""
    routine = e.subroutine
    deps = union(*(v.flat() for v in values))
    if MethodFlags.Pure not in routine.flags:
        m.effect("impure-dpi", str(routine.name), e.sourceRange.start, deps)
    for actual, formal in zip(actuals, formals, strict=True):
        if formal.direction != ArgumentDirection.In:
            touch(m, actual.left if actual.kind == E.Assignment else actual, depending(1, deps))
    return depending(width_of(e.type), deps)
