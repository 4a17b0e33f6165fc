"""What expressions depend on (IEEE 1800-2023 clause 11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from pyslang.ast import ExpressionKind as E
from pyslang.ast import SymbolKind

from hdl_py.sv.contract.bits import NOTHING, Deps, union
from hdl_py.sv.contract.layout import (
    element_offset,
    element_width,
    field_offset,
    true_width,
    width_of,
)
from hdl_py.sv.contract.machine import Machine, Place, Unsupported
from hdl_py.sv.contract.numbers import signed
from hdl_py.sv.contract.value import (
    Value,
    cut,
    depending,
    known,
)
from hdl_py.sv.contract.variables import HIGH_IMPEDANCE, grounded, is_constant

Evaluator = Callable[[Machine, Any], Value]

EVALUATORS: dict[Any, Evaluator] = {}
"""The evaluator of each kind of expression; other modules add theirs."""

FLOATING: Deps = {HIGH_IMPEDANCE: 1}

_REFUSED = {
    E.Invalid: ("invalid", "an expression that doesn't elaborate"),
    E.NewClass: ("class", "new"),
    E.CopyClass: ("class", "the copy of an object"),
    E.NewCovergroup: ("covergroup", "new"),
}
"""Expressions that are never followed: the cause's code and a name for them."""

_UNSUPPORTED = {
    SymbolKind.ClockVar: ("clocking", "the clocking signal"),
    SymbolKind.ClassProperty: ("class", "the class property"),
    SymbolKind.LocalAssertionVar: ("unknown-construct", "the assertion variable"),
}
"""Symbols that stand in expressions and are not followed: the cause's code and a name for them."""


def evaluates(*kinds: Any) -> Callable[[Evaluator], Evaluator]:
    """Registers an evaluator."""

    def register(function: Evaluator) -> Evaluator:
        for kind in kinds:
            EVALUATORS[kind] = function
        return function

    return register


def evaluate(m: Machine, expression: Any) -> Value:
    """The value of an expression, of `width_of(expression.type)` bits.

    Raises:
        Unsupported: the expression holds a construct that the analysis doesn't follow.
    """
    found = EVALUATORS.get(expression.kind)
    if found is None:
        if expression.kind in _REFUSED:
            code, what = _REFUSED[expression.kind]
            raise Unsupported(code, expression.sourceRange.start, what)
        what = f"an expression of kind {expression.kind.name}"
        raise Unsupported("unknown-construct", expression.sourceRange.start, what)
    return found(m, expression)


def number_value(constant: Any, width: int) -> Value:
    """slang's constant as a value; unknown but independent where it is no plain number."""
    value = getattr(constant, "value", None)
    if value is None or not hasattr(value, "bitWidth"):
        return depending(width, NOTHING)
    if value.hasUnknown:
        return depending(width, FLOATING if value.countZs() else NOTHING)
    return known(width, int(value))


def _opaque(m: Machine, e: Any, *operands: Any) -> Value:
    parts = [evaluate(m, o).flat() for o in operands]
    return depending(width_of(e.type), union(*parts))


# -- literals and names


@evaluates(E.IntegerLiteral, E.UnbasedUnsizedIntegerLiteral)
def _literal(m: Machine, e: Any) -> Value:
    value = e.value
    width = width_of(e.type)
    if value.hasUnknown:
        return depending(width, FLOATING if value.countZs() else NOTHING)
    return known(width, int(value))


@evaluates(
    E.RealLiteral, E.StringLiteral, E.TimeLiteral, E.NullLiteral, E.UnboundedLiteral, E.DataType, E.TypeReference
)
def _nothing(m: Machine, e: Any) -> Value:
    return depending(width_of(e.type), NOTHING)


@evaluates(E.EmptyArgument, E.ArbitrarySymbol)
def _empty(m: Machine, e: Any) -> Value:
    return depending(1, NOTHING)


@evaluates(E.NamedValue, E.HierarchicalValue)
def _named(m: Machine, e: Any) -> Value:
    symbol = e.symbol
    if is_constant(symbol):
        return number_value(symbol.value, width_of(e.type)) if hasattr(symbol, "value") else _nothing(m, e)
    place = place_of(m, e)
    assert place is not None
    return m.read(place, width_of(e.type))


@evaluates(E.ElementSelect, E.RangeSelect, E.MemberAccess)
def _selected(m: Machine, e: Any) -> Value:
    place = place_of(m, e)
    width = width_of(e.type)
    if place is not None:
        return m.read(place, width)
    # A part of something that isn't stored, such as a call's result or a parameter.
    base = evaluate(m, e.value)
    found = part_of(m, e, base.width)
    if found is not None:
        bits = cut(base, found.low, found.high - found.low + 1)
        return bits if found.exact and bits.width == width else depending(width, union(bits.flat(), found.deps))
    return depending(width, union(base.flat(), *(evaluate(m, s).flat() for s in selectors(e))))


def selectors(e: Any) -> tuple[Any, ...]:
    """The expressions that choose the part in a select."""
    if e.kind == E.ElementSelect:
        return (e.selector,)
    return (e.left, e.right) if e.kind == E.RangeSelect else ()


class Part(NamedTuple):
    """Bits of an operand that a select takes.

    Attributes:
        low: the lowest bit.
        high: the highest bit.
        exact: whether it is exactly these bits, rather than some of them.
        deps: what the selectors read.
    """

    low: int
    high: int
    exact: bool
    deps: Deps = NOTHING


def part_of(m: Machine, e: Any, width: int) -> Part | None:
    """Which bits a select takes of its operand of `width` bits; None where the layout isn't fixed."""
    type_ = e.value.type
    size = true_width(e.type)
    if width != true_width(type_) or not size:
        return None
    if e.kind == E.MemberAccess:
        offset = field_offset(type_, e.member)
        return None if offset is None else Part(offset, offset + size - 1, True)
    if not type_.hasFixedRange:
        return None
    found = [evaluate(m, s) for s in selectors(e)]
    low = _lowest(e, found, type_) if all(f.number is not None for f in found) else None
    if low is None or low + size > width:
        return Part(0, width - 1, False, grounded(union(*(f.flat() for f in found))))
    return Part(low, low + size - 1, True)


def _index(value: Value, e: Any) -> int:
    number = value.number
    assert number is not None
    return signed(number, value.width) if e.type.isSigned else number


def _lowest(e: Any, found: list[Value], type_: Any) -> int | None:
    if e.kind == E.ElementSelect:
        return element_offset(type_, _index(found[0], e.selector))
    first = _index(found[0], e.left)
    kind = e.selectionKind.name
    if kind == "Simple":
        ends = (first, _index(found[1], e.right))
    else:
        count = true_width(e.type) // element_width(type_)
        ends = (first, first + count - 1) if kind == "IndexedUp" else (first - count + 1, first)
    offsets = [element_offset(type_, i) for i in ends]
    return None if None in offsets else min(o for o in offsets if o is not None)


def place_of(m: Machine, e: Any) -> Place | None:
    """The stored bits that an expression names; None where it names none."""
    if e.kind in (E.NamedValue, E.HierarchicalValue):
        return _root(m, e)
    if e.kind not in (E.ElementSelect, E.RangeSelect, E.MemberAccess):
        return None
    base = place_of(m, e.value)
    if base is None:
        return None
    if m.variables[base.var].collapsed:
        deps = union(base.deps, *(evaluate(m, s).flat() for s in selectors(e)))
        return Place(base.var, 0, 0, False, deps)
    size = base.high - base.low + 1
    found = part_of(m, e, size)
    if found is None:
        deps = union(base.deps, *(evaluate(m, s).flat() for s in selectors(e)))
        return Place(base.var, base.low, base.high, False, deps)
    exact, deps = base.exact and found.exact, union(base.deps, found.deps)
    return Place(base.var, base.low + found.low, base.low + found.high, exact, deps)


def _root(m: Machine, e: Any) -> Place | None:
    symbol = e.symbol
    if is_constant(symbol):
        return None
    if symbol.kind == SymbolKind.ModportPort:
        if symbol.explicitConnection is not None:
            return place_of(m, symbol.explicitConnection)
        symbol = symbol.internalSymbol
    if symbol.kind in _UNSUPPORTED:
        code, what = _UNSUPPORTED[symbol.kind]
        raise Unsupported(code, e.sourceRange.start, f"{what} {symbol.name}")
    if e.kind == E.HierarchicalValue:
        m.references.append((symbol, e))
    return m.whole(m.variables.number(symbol))
