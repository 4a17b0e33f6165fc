"""The isolated texts of a design put together as one Verilator command line would, and elaborated."""

from __future__ import annotations

from typing import Any

import pyslang
from pyslang.ast import Compilation, CompilationOptions
from pyslang.syntax import SyntaxTree

from hdl_py.sv.syntax import language_bag
from tests.hdl_py.sv.running import Done, merged


class Elaborated:
    """A design's isolated texts as one compilation unit."""

    def __init__(self, done: Done, top: str) -> None:
        self._manager = pyslang.SourceManager()
        bag = language_bag()
        options = CompilationOptions()
        options.topModules = {top}
        bag.compilationOptions = options
        text = merged(done, done.results).decode()
        source = self._manager.assignText("merged.sv", text)
        self.compilation: Any = Compilation(bag)
        self.compilation.addSyntaxTree(SyntaxTree.fromBuffers([source], self._manager, bag))

    def errors(self, ignored: tuple[str, ...] = ()) -> list[str]:
        """What slang refuses in the merged text."""
        engine = pyslang.DiagnosticEngine(self._manager)
        return [
            engine.formatMessage(d)
            for d in self.compilation.getAllDiagnostics()
            if (d.isError() or "Redefinition" in str(d.code) or "DuplicateDefinition" in str(d.code))
            and not any(name in str(d.code) for name in ("MissingTimeScale", *ignored))
        ]

    def value(self, path: str) -> str:
        """The value of a constant by its hierarchical name."""
        symbol = self.compilation.getRoot().lookupName(path)
        assert symbol is not None, path
        return str(symbol.value)

    def scale(self, path: str) -> str:
        """The time unit and precision of a definition, or of one nested in it, without spaces."""
        name, _, nested = path.partition(".")
        if nested:
            found = [
                s.body.timeScale
                for s in _instances(self.compilation.getRoot())
                if s.definition.name == nested and s.parentScope.containingInstance.definition.name == name
            ]
        else:
            found = [d.timeScale for d in self.compilation.getDefinitions() if d.name == name]
        assert found, path
        return str(found[0] or "").replace(" ", "")


def _instances(scope: Any) -> list[Any]:
    out: list[Any] = []

    def visit(symbol: Any) -> None:
        if type(symbol).__name__ == "InstanceSymbol":
            out.append(symbol)

    scope.visit(visit)
    return out
