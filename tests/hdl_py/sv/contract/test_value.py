"""Values against numbers: what an operator says is known is so, and what it says doesn't matter doesn't."""

from __future__ import annotations

import operator

from hypothesis import given
from hypothesis import strategies as st

from hdl_py.sv.contract.bits import span
from hdl_py.sv.contract.numbers import calculate, signed
from hdl_py.sv.contract.value import (
    Value,
    concatenated,
    cut,
    depending,
    either,
    inverted,
    known,
    resized,
    spliced,
    variable,
)

WIDTH = 8


@st.composite
def values(draw: st.DrawFn) -> Value:
    """Eight bits of numbers, of two variables, and of mixtures."""
    parts, left = [], WIDTH
    while left:
        width = draw(st.integers(1, left))
        kind = draw(st.integers(0, 3))
        if kind == 0:
            parts.append(known(width, draw(st.integers(0, 255))))
        elif kind == 1:
            parts.append(cut(variable(draw(st.integers(1, 2)), 16), draw(st.integers(0, 16 - width)), width))
        elif kind == 2:
            parts.append(depending(width, {draw(st.integers(1, 2)): draw(st.integers(0, 0xFFFF))}))
        else:
            parts.append(inverted(cut(variable(1, 16), 0, width)))
        left -= width
    return concatenated(parts)


def covers(value: Value) -> bool:
    """Whether the segments lie side by side from 0 to the top."""
    at = 0
    for seg in value.segments:
        if seg.low != at or seg.high < seg.low:
            return False
        at = seg.high + 1
    return at == value.width


def bit(value: Value, index: int) -> tuple[object, ...]:
    """What one bit is: its number, or what it depends on."""
    one = cut(value, index, 1)
    number = one.number
    return (number,) if number is not None else (None, tuple(sorted(one.flat().items())))


@given(values(), st.integers(0, WIDTH - 1), st.integers(1, WIDTH))
def test_cut(value: Value, low: int, width: int) -> None:
    found = cut(value, low, width)
    assert covers(found)
    assert found.width == width
    for index in range(width):
        assert bit(found, index) == (bit(value, low + index) if low + index < WIDTH else (0,))


@given(values(), values(), st.integers(0, WIDTH - 1))
def test_splice(value: Value, other: Value, low: int) -> None:
    new = cut(other, 0, WIDTH - low)
    found = spliced(value, low, new)
    assert covers(found)
    for index in range(WIDTH):
        assert bit(found, index) == (bit(value, index) if index < low else bit(new, index - low))


@given(values(), values())
def test_concatenation(a: Value, b: Value) -> None:
    found = concatenated([a, b])
    assert covers(found)
    assert [bit(found, i) for i in range(2 * WIDTH)] == [bit(a, i) for i in range(WIDTH)] + [
        bit(b, i) for i in range(WIDTH)
    ]


@given(values(), values())
def test_either_loses_nothing(a: Value, b: Value) -> None:
    found = either(a, b)
    assert covers(found)
    for index in range(WIDTH):
        one, sides = cut(found, index, 1), (cut(a, index, 1), cut(b, index, 1))
        if one.number is not None:
            assert one.number == sides[0].number == sides[1].number
            continue
        for side in sides:
            for var, mask in side.flat().items():
                assert not mask & ~one.flat().get(var, 0)


@given(values(), st.integers(1, 20), st.booleans())
def test_resize(value: Value, width: int, is_signed: bool) -> None:
    found = resized(value, width, is_signed)
    assert covers(found)
    assert found.width == width
    for index in range(WIDTH, width):
        assert bit(found, index) == (bit(value, WIDTH - 1) if is_signed else (0,))


@given(st.integers(0, 255), st.integers(0, 255), st.booleans())
def test_numbers(a: int, b: int, is_signed: bool) -> None:
    x, y = (signed(a, 8), signed(b, 8)) if is_signed else (a, b)
    for name, function in (("Add", operator.add), ("Subtract", operator.sub), ("Multiply", operator.mul)):
        assert calculate(name, a, b, 8, is_signed) == function(x, y) & 255
    quotient, rest = calculate("Divide", a, b, 8, is_signed), calculate("Mod", a, b, 8, is_signed)
    if not y:
        assert (quotient, rest) == (None, None)
    else:
        assert quotient is not None
        assert rest is not None
        # IEEE 1800-2023 11.4.3: division truncates toward zero; a remainder has the sign of the first operand.
        assert quotient == int(x / y) & 255
        assert rest == (x - y * int(x / y)) & 255


@given(st.integers(0, 2**20), st.integers(1, 16))
def test_known(number: int, width: int) -> None:
    value = known(width, number)
    assert value.number == number & span(0, width - 1)
    assert value.truth == bool(value.number)
    assert inverted(value).number == ~number & span(0, width - 1)
