"""The variables and nets of an elaborated unit, numbered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyslang.ast import SymbolKind, VariableFlags, VariableLifetime

from hdl_py.sv.contract.bits import Deps
from hdl_py.sv.contract.layout import true_width, width_of

HIGH_IMPEDANCE = 0
"""Number of the variable that stands for a driver that lets go: every value that can be `z` depends on it."""

_CONSTANTS = frozenset(
    {SymbolKind.Parameter, SymbolKind.EnumValue, SymbolKind.Genvar, SymbolKind.Specparam, SymbolKind.TypeParameter}
)


@dataclass(frozen=True)
class Variable:
    """A variable, net, port or argument.

    Attributes:
        number: its place in the table.
        name: as declared.
        width: bits that the analysis counts, at least 1.
        collapsed: whether one bit stands for all of it.
        automatic: whether it lives no longer than one run of its process or subroutine.
        constant: whether it is `const`.
        symbol: slang's symbol; None for what the analysis itself made.
    """

    number: int
    name: str
    width: int
    collapsed: bool = False
    automatic: bool = False
    constant: bool = False
    symbol: Any = None


class Variables:
    """All variables met so far, by number and by symbol."""

    def __init__(self) -> None:
        self.table: list[Variable] = [Variable(HIGH_IMPEDANCE, "z", 1)]
        self._numbers: dict[Any, int] = {}

    def __getitem__(self, number: int) -> Variable:
        return self.table[number]

    def width(self, number: int) -> int:
        """Bits of a variable."""
        return self.table[number].width

    def full(self, number: int) -> int:
        """The mask of all bits of a variable."""
        return (1 << self.table[number].width) - 1

    def number(self, symbol: Any) -> int:
        """The number of a symbol, a new one at its first use."""
        found = self._numbers.get(symbol)
        if found is None:
            found = self._numbers[symbol] = self._add(symbol)
        return found

    def known(self, symbol: Any) -> int | None:
        """The number of a symbol met before."""
        return self._numbers.get(symbol)

    def made(self, name: str, width: int) -> int:
        """A variable of the analysis itself."""
        self.table.append(Variable(len(self.table), name, width))
        return len(self.table) - 1

    def _add(self, symbol: Any) -> int:
        number = len(self.table)
        type_ = symbol.type
        width = width_of(type_)
        lifetime = getattr(symbol, "lifetime", VariableLifetime.Static)
        self.table.append(
            Variable(
                number,
                symbol.name,
                width,
                collapsed=width != true_width(type_),
                automatic=lifetime == VariableLifetime.Automatic,
                constant=hasattr(symbol, "flags") and VariableFlags.Const in symbol.flags,
                symbol=symbol,
            )
        )
        return number


def grounded(deps: Deps) -> Deps:
    """The same without high impedance: what an operator or a condition gives is never `z`."""
    if HIGH_IMPEDANCE not in deps:
        return deps
    return {var: mask for var, mask in deps.items() if var != HIGH_IMPEDANCE}


def is_constant(symbol: Any) -> bool:
    """Whether a value's symbol is fixed at elaboration."""
    return symbol.kind in _CONSTANTS
