"""slang's view of a unit among its dependencies' interface files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyslang
from pyslang.ast import Compilation, CompilationFlags, CompilationOptions
from pyslang.syntax import SyntaxTree

from hdl_py.sv.checks import by_slang_name
from hdl_py.sv.syntax import LANGUAGE, ParsedUnit, check_name, language_bag, parse
from hdl_py.sv.tokens import TokenStream

# Hierarchical names may reach into modules that are only stubs here, or out of the unit; what slang can't
# know of them is settled where the design is put together.
_UNKNOWABLE = {
    "could-not-resolve-hierarchical-path",
    "unknown-module",
    "unknown-interface",
    "unknown-primitive",
    "missing-time-scale",
}


@dataclass
class Program:
    """The parsed units of a target and its dependencies' interface files, elaborated together.

    Attributes:
        units: the target's units.
        compilation: slang's compilation of everything.
        trees: all syntax trees.
        manager: slang's source manager.
    """

    units: list[ParsedUnit]
    compilation: Any
    trees: list[Any]
    manager: Any


def load(streams: Sequence[TokenStream], interfaces: Mapping[str, bytes]) -> Program:
    """Parses a target's units and the interface files that it may see.

    Args:
        streams: the tokens of each unit.
        interfaces: interface files by path, dependencies first.
    """
    manager = pyslang.SourceManager()
    bag = language_bag()
    units = [parse(s, manager, bag, f"unit{number}.sv") for number, s in enumerate(streams)]
    trees = [unit.tree for unit in units]
    for path, text in interfaces.items():
        source = manager.assignText(path, text.decode("utf-8", "replace"))
        trees.append(SyntaxTree.fromBuffers([source], manager, bag))
    return Program(units, None, trees, manager)


_NO_TOP = "module \\~no~top ; endmodule\n"


def elaborate(program: Program) -> None:
    """Binds the names of everything without choosing a top or a value for any parameter.

    The one top is an empty module, and slang checks what nothing instantiates as
    it checks generate blocks that are not taken: names are bound in all of it, and
    what depends on parameter values is left open.
    """
    bag = language_bag()
    options = CompilationOptions()
    options.languageVersion = LANGUAGE
    options.flags = CompilationFlags.AllowTopLevelIfacePorts | CompilationFlags.CheckUninstantiated
    options.topModules = {"~no~top"}
    options.errorLimit = 0
    bag.compilationOptions = options
    compilation = Compilation(bag)
    for tree in program.trees:
        compilation.addSyntaxTree(tree)
    source = program.manager.assignText("no_top.sv", _NO_TOP)
    compilation.addSyntaxTree(SyntaxTree.fromBuffers([source], program.manager, bag))
    program.compilation = compilation


def semantic_errors(program: Program) -> list[tuple[ParsedUnit, Any, str, str]]:
    """slang's errors in the target's own text.

    Returns:
        (unit, location, name of the diagnostic, its message) for each.
    """
    engine = pyslang.DiagnosticEngine(program.manager)
    wanted = by_slang_name()
    out = []
    for diagnostic in program.compilation.getSemanticDiagnostics():
        name = check_name(diagnostic.code)
        if name in _UNKNOWABLE or not (diagnostic.isError() or name in wanted):
            continue
        place = program.manager.getFullyExpandedLoc(diagnostic.location)
        unit = next((u for u in program.units if u.buffer == place.buffer), None)
        if unit is not None:
            out.append((unit, diagnostic.location, name, engine.formatMessage(diagnostic)))
    return out


def imported(program: Program, package: str, name: str) -> bool:
    """Whether an import of everything in a package offers a name."""
    symbol = program.compilation.getPackage(package)
    return symbol is not None and symbol.findForImport(name) is not None
