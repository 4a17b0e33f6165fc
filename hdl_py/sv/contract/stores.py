"""Assignments: where values go (IEEE 1800-2023 10.3, 10.4, 10.9)."""

from __future__ import annotations

from typing import Any

from pyslang.ast import ExpressionKind as E

from hdl_py.sv.contract.bits import union
from hdl_py.sv.contract.expressions import evaluate, evaluates, place_of
from hdl_py.sv.contract.layout import first_is_lowest, is_vector, true_width, width_of
from hdl_py.sv.contract.machine import Machine, Place, Unsupported
from hdl_py.sv.contract.value import Value, cut, depending


def store(m: Machine, target: Any, value: Value, later: bool = False) -> None:
    """Assigns a value to an expression.

    Args:
        m: the run.
        target: the expression on the left.
        value: of the target's width.
        later: whether the assignment is non-blocking.

    Raises:
        Unsupported: the target is nothing that the analysis follows.
    """
    kind = target.kind
    if kind == E.EmptyArgument:
        return
    if kind == E.Conversion:
        operand = target.operand
        width = width_of(operand.type)
        exact = is_vector(operand.type) and is_vector(target.type) and value.width == width
        store(m, operand, value if exact else depending(width, value.flat()), later)
        return
    if kind in (E.Concatenation, E.SimpleAssignmentPattern):
        _scatter(m, target, value, later)
        return
    if kind == E.Streaming:
        for stream in target.streams:
            deps = [value.flat()]
            if stream.withExpr is not None:
                deps.append(evaluate(m, stream.withExpr).flat())
            store(m, stream.operand, depending(width_of(stream.operand.type), union(*deps)), later)
        return
    place = place_of(m, target)
    if place is None:
        raise Unsupported("unknown-construct", target.sourceRange.start, f"an assignment to {kind.name}")
    m.write(place, value, later)


def _scatter(m: Machine, target: Any, value: Value, later: bool) -> None:
    """Each operand of a concatenation or pattern takes its part."""
    operands = list(target.operands if target.kind == E.Concatenation else target.elements)
    widths = [width_of(o.type) for o in operands]
    if sum(widths) != value.width:
        for operand, width in zip(operands, widths, strict=True):
            store(m, operand, depending(width, value.flat()), later)
        return
    at = 0
    pairs = list(zip(operands, widths, strict=True))
    for operand, width in pairs if first_is_lowest(target.type) else reversed(pairs):
        store(m, operand, cut(value, at, width), later)
        at += width


def target_places(m: Machine, target: Any) -> list[Place]:
    """The places that an assignment to `target` may change."""
    kind = target.kind
    if kind == E.Conversion:
        return target_places(m, target.operand)
    if kind in (E.Concatenation, E.SimpleAssignmentPattern):
        operands = target.operands if kind == E.Concatenation else target.elements
        return [p for o in operands for p in target_places(m, o)]
    if kind == E.Streaming:
        return [p for s in target.streams for p in target_places(m, s.operand)]
    place = None if kind == E.EmptyArgument else place_of(m, target)
    return [] if place is None else [place]


def touch(m: Machine, target: Any, value: Value) -> None:
    """Something in the target changes, by something that depends on `value`."""
    for place in target_places(m, target):
        m.write(Place(place.var, place.low, place.high, False, place.deps), value)


@evaluates(E.Assignment)
def _assignment(m: Machine, e: Any) -> Value:
    """An assignment, by itself or within an expression; its value is what was assigned (11.3.6)."""
    if e.timingControl is not None:
        m.effect("delay", "a delay within an assignment", e.timingControl.sourceRange.start, {})
    if e.isCompound:
        width = width_of(e.left.type)
        place = place_of(m, e.left)
        if place is None:
            raise Unsupported("unknown-construct", e.sourceRange.start, "a compound assignment to several places")
        m.target.append(m.read(place, width))
        value = evaluate(m, e.right)
        m.target.pop()
        if value.width != width:
            value = depending(width, value.flat())
        m.write(place, value, e.isNonBlocking)
        return value
    value = evaluate(m, e.right)
    width = width_of(e.left.type)
    if e.left.kind == E.Streaming or value.width != width or not _alike(e):
        value = depending(max(width, 1), value.flat())
    store(m, e.left, value, e.isNonBlocking)
    return value


def _alike(e: Any) -> bool:
    """Whether both sides have the same bits in the same order."""
    left, right = e.left.type, e.right.type
    if left.isIntegral and right.isIntegral:
        return true_width(left) == true_width(right)
    return not left.isIntegral and not right.isIntegral


@evaluates(E.LValueReference)
def _left_side(m: Machine, e: Any) -> Value:
    return m.target[-1]
