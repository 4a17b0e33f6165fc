"""Operators on known numbers (IEEE 1800-2023 11.4), two-state."""

from __future__ import annotations

from collections.abc import Callable

from hdl_py.sv.contract.bits import span


def signed(number: int, width: int) -> int:
    """The number that `width` bits stand for in two's complement."""
    return number - (1 << width) if number >> (width - 1) & 1 else number


def _divide(a: int, b: int) -> int | None:
    if not b:
        return None
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient


def _remainder(a: int, b: int) -> int | None:
    quotient = _divide(a, b)
    return None if quotient is None else a - b * quotient


def _power(a: int, b: int) -> int | None:
    return a**b if 0 <= b <= 4096 else None


ARITHMETIC: dict[str, Callable[[int, int], int | None]] = {
    "Add": lambda a, b: a + b,
    "Subtract": lambda a, b: a - b,
    "Multiply": lambda a, b: a * b,
    "Divide": _divide,
    "Mod": _remainder,
    "Power": _power,
}
"""Operators whose result has the width of the expression."""

COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "Equality": lambda a, b: a == b,
    "Inequality": lambda a, b: a != b,
    "CaseEquality": lambda a, b: a == b,
    "CaseInequality": lambda a, b: a != b,
    "GreaterThan": lambda a, b: a > b,
    "GreaterThanEqual": lambda a, b: a >= b,
    "LessThan": lambda a, b: a < b,
    "LessThanEqual": lambda a, b: a <= b,
}
"""Operators whose result is one bit."""

BITWISE: dict[str, Callable[[int, int], int]] = {
    "BinaryAnd": lambda a, b: a & b,
    "BinaryOr": lambda a, b: a | b,
    "BinaryXor": lambda a, b: a ^ b,
    "BinaryXnor": lambda a, b: ~(a ^ b),
}
"""Operators that work on each pair of bits; negative results are to be masked."""

ABSORBING = {"BinaryAnd": 0, "BinaryOr": -1}
"""The operand that decides a bitwise operator's result alone; -1 is all ones."""


def calculate(operator: str, left: int, right: int, width: int, is_signed: bool) -> int | None:
    """An arithmetic operator on operands of `width` bits; None where it has no known result."""
    if is_signed:
        left, right = signed(left, width), signed(right, width)
    result = ARITHMETIC[operator](left, right)
    return None if result is None else result & span(0, width - 1)
