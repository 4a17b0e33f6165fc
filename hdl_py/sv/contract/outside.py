"""What reaches out of a unit: shared variables, hierarchical names, exported functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyslang.ast import SymbolKind

from hdl_py.sv.contract.analysis import Analysis
from hdl_py.sv.contract.scan import Scanner

Note = Callable[[str, Any, str], None]
"""Takes a cause's code, slang's place and the subject."""


def outside_causes(analysis: Analysis, note: Note) -> None:
    """Notes every way out of the unit."""
    _shared(analysis, note)
    _references(analysis, note)
    _exports(analysis, note)


def declared_outside(symbol: Any) -> bool:
    """Whether a package, class or compilation unit declares a symbol, rather than an instance."""
    return symbol.parentScope is not None and symbol.parentScope.containingInstance is None


def declared_in_code(symbol: Any) -> bool:
    """Whether a subroutine or block declares it."""
    return symbol.parentScope is not None and bool(symbol.parentScope.isProceduralContext)


def _shared(analysis: Analysis, note: Note) -> None:
    """Variables of packages, compilation units and classes (IEEE 1800-2023 26.2, 3.12.1, 8.9).

    A static variable of a subroutine counts only if a call can see what an earlier call left in it.
    """
    used: dict[int, Any] = {}
    for item in analysis.unit.items:
        for var in item.mentions.reads | item.mentions.writes:
            used.setdefault(var, item.location)
    left: set[int] = set(analysis.graph.kept)
    for item in analysis.unit.items:
        left |= set(item.reads)
    for number in sorted(used):
        variable = analysis.graph.variables[number]
        symbol = variable.symbol
        if symbol is None or variable.automatic or variable.constant:
            continue
        if not declared_outside(symbol) or (declared_in_code(symbol) and number not in left):
            continue
        note("shared-state", used[number], f"{symbol.hierarchicalPath or symbol.name}, declared outside the module,")


def _references(analysis: Analysis, note: Note) -> None:
    """Hierarchical names that leave the unit, or that name it from the top of the design."""
    inside = analysis.elaborated.instance.name + "."
    interfaces = {p.name for p in analysis.elaborated.body.portList if p.kind == SymbolKind.InterfacePort}
    for item in analysis.unit.items:
        for symbol, expression in item.references:
            path = str(symbol.hierarchicalPath)
            text = str(expression.syntax).strip() if expression.syntax is not None else path
            if text.partition(".")[0].partition("[")[0] in interfaces:
                continue
            if text.startswith("$root") or not path.startswith(inside):
                note("hierarchical-reference", expression.sourceRange.start, text)


def _exports(analysis: Analysis, note: Note) -> None:
    """Functions that foreign code may call at any time, where they change variables."""
    scanner = Scanner(analysis.graph.variables)
    for export in analysis.elaborated.compilation.getDPIExports():
        routine = export[0] if isinstance(export, tuple) else export.subroutine
        found = scanner.scan(routine.body)
        for number in sorted(found.writes):
            symbol = analysis.graph.variables[number].symbol
            if symbol is None or analysis.graph.variables[number].automatic or declared_in_code(symbol):
                continue
            note("export-dpi", routine.location, f"{routine.name}")
            break
