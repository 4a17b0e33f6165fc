"""Operators, concatenations and patterns (IEEE 1800-2023 11.4, 10.9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyslang.ast import ExpressionKind as E

from hdl_py.sv.contract.bits import NOTHING, Deps, span, union
from hdl_py.sv.contract.expressions import evaluate, evaluates, place_of
from hdl_py.sv.contract.layout import first_is_lowest, four_state, is_vector, true_width, width_of
from hdl_py.sv.contract.machine import Machine, Unsupported
from hdl_py.sv.contract.numbers import ABSORBING, ARITHMETIC, BITWISE, COMPARISONS, calculate, signed
from hdl_py.sv.contract.value import (
    NO_LANES,
    Segment,
    Value,
    aligned,
    chosen,
    concatenated,
    cut,
    depending,
    inverted,
    joined,
    known,
    mixed,
    resized,
)
from hdl_py.sv.contract.variables import HIGH_IMPEDANCE, grounded


@evaluates(E.Conversion)
def _conversion(m: Machine, e: Any) -> Value:
    operand = e.operand
    value = evaluate(m, operand)
    source, target = operand.type, e.type
    width = width_of(target)
    if is_vector(source) and is_vector(target):
        value = resized(value, width, source.isSigned)
        return value if four_state(target) else _without_z(value)
    if width == value.width and source.isMatching(target):
        return value
    return depending(width, value.flat())


def _without_z(value: Value) -> Value:
    if not any(HIGH_IMPEDANCE in s.deps or any(v == HIGH_IMPEDANCE for v, _ in s.lanes) for s in value.segments):
        return value
    return Value(value.width, tuple(s._replace(deps=grounded(s.deps)) for s in value.segments))


@evaluates(E.UnaryOp)
def _unary(m: Machine, e: Any) -> Value:
    name = e.op.name
    if name.endswith("crement"):
        return _step(m, e, name)
    value = evaluate(m, e.operand)
    if not is_vector(e.operand.type) or not is_vector(e.type):
        return depending(width_of(e.type), value.flat())
    if name == "Plus":
        return value
    if name == "BitwiseNot":
        return inverted(_without_z(value))
    number = value.number
    if name == "Minus":
        return known(value.width, -number) if number is not None else depending(value.width, grounded(value.flat()))
    reduced = _reduced(name, value)
    return known(1, reduced) if reduced is not None else depending(1, grounded(value.flat()))


def _reduced(name: str, value: Value) -> int | None:
    """A reduction's result where known bits decide it."""
    if name == "LogicalNot":
        truth = value.truth
        return None if truth is None else int(not truth)
    invert = name in ("BitwiseNand", "BitwiseNor", "BitwiseXnor")
    number = value.number
    if name in ("BitwiseOr", "BitwiseNor") and value.truth:
        return int(not invert)
    if name in ("BitwiseAnd", "BitwiseNand") and any(
        s.number is not None and s.number != span(0, s.high - s.low) for s in value.segments
    ):
        return int(invert)
    if number is None:
        return None
    if "Xor" in name or "Xnor" in name:
        return (number.bit_count() & 1) ^ invert
    return int(bool(number) if name in ("BitwiseOr", "BitwiseNor") else number == span(0, value.width - 1)) ^ invert


def _step(m: Machine, e: Any, name: str) -> Value:
    """`++` and `--` (IEEE 1800-2023 11.4.2)."""
    place = place_of(m, e.operand)
    if place is None:
        raise Unsupported("unknown-construct", e.sourceRange.start, "an increment of something that isn't stored")
    old = m.read(place, width_of(e.type))
    number = old.number
    if number is not None and is_vector(e.type):
        new = known(old.width, number + (1 if "increment" in name else -1))
    else:
        new = depending(old.width, old.flat())
    m.write(place, new)
    return new if name.startswith("Pre") else old


@evaluates(E.BinaryOp)
def _binary(m: Machine, e: Any) -> Value:
    name = e.op.name
    if name in ("LogicalAnd", "LogicalOr", "LogicalImplication"):
        return _short_circuit(m, e, name)
    left, right = evaluate(m, e.left), evaluate(m, e.right)
    width = width_of(e.type)
    if not (is_vector(e.left.type) and is_vector(e.right.type) and is_vector(e.type)):
        return depending(width, grounded(union(left.flat(), right.flat())))
    if name in BITWISE and left.width == right.width == width:
        return _bitwise(name, left, right)
    if "Shift" in name:
        return _shift(name, e, left, right)
    a, b = left.number, right.number
    if a is not None and b is not None:
        if name in ARITHMETIC:
            result = calculate(name, a, b, width, e.type.isSigned)
            return known(width, result) if result is not None else depending(width, NOTHING)
        if name in COMPARISONS:
            if e.left.type.isSigned and e.right.type.isSigned:
                a, b = signed(a, left.width), signed(b, right.width)
            return known(1, COMPARISONS[name](a, b))
        if name == "LogicalEquivalence":
            return known(1, bool(a) == bool(b))
    if name in ("Equality", "CaseEquality", "Inequality", "CaseInequality") and left.width == right.width:
        for x, y in aligned((left, right)):
            if x.number is not None and y.number is not None and x.number != y.number:
                return known(1, name.endswith("Inequality"))
    return depending(width, grounded(union(left.flat(), right.flat())))


def _bitwise(name: str, left: Value, right: Value) -> Value:
    operator, absorbing = BITWISE[name], ABSORBING.get(name)
    out = []
    pair = [_without_z(left), _without_z(right)]
    if absorbing is not None:
        pair = [_by_level(v) for v in pair]
    for x, y in aligned(pair):
        ones = span(0, x.high - x.low)
        if x.number is not None and y.number is not None:
            seg = Segment(x.low, x.high, operator(x.number, y.number) & ones, NO_LANES, NOTHING)
        elif absorbing is not None and absorbing & ones in (x.number, y.number):
            seg = Segment(x.low, x.high, absorbing & ones, NO_LANES, NOTHING)
        else:
            seg = mixed((x, y))
        out.append(seg)
    return joined(left.width, out)


def _by_level(value: Value) -> Value:
    """The value with known numbers cut into runs of zeros and runs of ones."""
    out: list[Segment] = []
    for seg in value.segments:
        low = seg.low
        while seg.number is not None and low <= seg.high:
            rest = seg.number >> (low - seg.low)
            level = rest & 1
            run = (((rest ^ -level) & -(rest ^ -level)).bit_length() - 1) if rest != -level else -1
            high = seg.high if run < 0 else min(low + run - 1, seg.high)
            out.append(Segment(low, high, span(0, high - low) if level else 0, NO_LANES, NOTHING))
            low = high + 1
        if seg.number is None:
            out.append(seg)
    return Value(value.width, tuple(out))


def _shift(name: str, e: Any, left: Value, right: Value) -> Value:
    width = left.width
    by = right.number
    if by is None or width != width_of(e.type):
        return depending(width_of(e.type), grounded(union(left.flat(), right.flat())))
    by = min(by, width)
    arithmetic = name == "ArithmeticShiftRight" and e.type.isSigned
    if "Left" in name:
        return cut(concatenated((known(by, 0), left)), 0, width) if by else left
    if by == width and arithmetic:
        by -= 1
    rest = cut(left, by, width - by) if by < width else known(0, 0)
    return resized(rest, width, arithmetic) if by < width else known(width, 0)


def guarded(m: Machine, deps: Deps, run: Callable[[], Value]) -> Value:
    """Evaluates what runs only under a condition; what it assigns is joined with what was."""
    if m.state is None:
        return run()
    before, writes = m.state.copy(), m.writes
    conditions = m.conditions
    m.conditions = union(conditions, deps)
    value = run()
    m.conditions = conditions
    if m.writes != writes:
        m.state = m.join(before, m.state)
    else:
        m.state = before
    return value


def _short_circuit(m: Machine, e: Any, name: str) -> Value:
    """`&&`, `||` and `->` (IEEE 1800-2023 11.4.7)."""
    left = evaluate(m, e.left)
    decides = {"LogicalAnd": False, "LogicalOr": True, "LogicalImplication": False}[name]
    result = name != "LogicalAnd"
    if left.truth is decides:
        return known(1, result)
    deps = grounded(left.flat())
    right = guarded(m, deps, lambda: evaluate(m, e.right))
    other = right.truth
    if other is (name != "LogicalAnd"):
        return known(1, result)
    if left.truth is not None and other is not None:
        return known(1, not result)
    return depending(1, grounded(union(deps, right.flat())))


@evaluates(E.ConditionalOp)
def _conditional(m: Machine, e: Any) -> Value:
    conditions = list(e.conditions)
    if any(c.pattern is not None for c in conditions):
        raise Unsupported("unknown-construct", e.sourceRange.start, "a pattern in a conditional operator")
    found = [evaluate(m, c.expr) for c in conditions]
    if all(f.truth for f in found):
        return evaluate(m, e.left)
    if any(f.truth is False for f in found):
        return evaluate(m, e.right)
    deps = grounded(union(*(f.flat() for f in found)))
    a = guarded(m, deps, lambda: evaluate(m, e.left))
    b = guarded(m, deps, lambda: evaluate(m, e.right))
    if a.width != b.width:
        return depending(width_of(e.type), union(deps, a.flat(), b.flat()))
    return chosen(deps, a, b)


@evaluates(E.Inside)
def _inside(m: Machine, e: Any) -> Value:
    parts = [evaluate(m, e.left).flat(), *(evaluate(m, r).flat() for r in e.rangeList)]
    return depending(1, grounded(union(*parts)))


@evaluates(E.ValueRange)
def _value_range(m: Machine, e: Any) -> Value:
    return depending(1, union(evaluate(m, e.left).flat(), evaluate(m, e.right).flat()))


@evaluates(E.MinTypMax)
def _min_typ_max(m: Machine, e: Any) -> Value:
    return evaluate(m, e.selected)


# -- gathering


def _gathered(m: Machine, e: Any, operands: list[Any]) -> Value:
    """Operands side by side, in the order of the target's layout."""
    values = [evaluate(m, o) for o in operands]
    width = width_of(e.type)
    if all(is_vector(o.type) or not o.type.isIntegral for o in operands) and sum(v.width for v in values) == width:
        return concatenated(values if first_is_lowest(e.type) else values[::-1])
    return depending(width, union(*(v.flat() for v in values)))


@evaluates(E.Concatenation)
def _concatenation(m: Machine, e: Any) -> Value:
    return _gathered(m, e, [o for o in e.operands if not (o.kind == E.Replication and not true_width(o.type))])


@evaluates(E.SimpleAssignmentPattern, E.StructuredAssignmentPattern)
def _pattern(m: Machine, e: Any) -> Value:
    return _gathered(m, e, list(e.elements))


@evaluates(E.ReplicatedAssignmentPattern)
def _replicated_pattern(m: Machine, e: Any) -> Value:
    operands = list(e.elements)
    size = sum(width_of(o.type) for o in operands)
    times = width_of(e.type) // size if size and not width_of(e.type) % size else 1
    return _gathered(m, e, operands * times)


@evaluates(E.Replication)
def _replication(m: Machine, e: Any) -> Value:
    value = evaluate(m, e.concat)
    width = width_of(e.type)
    if is_vector(e.type) and value.width and not width % value.width:
        return concatenated([value] * (width // value.width))
    return depending(width, value.flat())


@evaluates(E.Streaming)
def _streaming(m: Machine, e: Any) -> Value:
    parts = []
    for stream in e.streams:
        parts.append(evaluate(m, stream.operand).flat())
        if stream.withExpr is not None:
            parts.append(evaluate(m, stream.withExpr).flat())
    return depending(max(width_of(e.type), 1), union(*parts))
