"""A module with its whole body, elaborated by slang."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyslang
from pyslang.ast import Compilation, CompilationFlags, CompilationOptions
from pyslang.parsing import PreprocessorOptions
from pyslang.syntax import SyntaxTree

from hdl_py.errors import Diagnostic, HdlError
from hdl_py.sv.ports_elaborate import UnitSources, elaborate_module
from hdl_py.sv.ports_reader import MapPosition, Reader
from hdl_py.sv.syntax import check_name, language_bag
from hdl_py.text.position import Position


@dataclass(frozen=True)
class Problem:
    """What slang says against the elaborated module.

    Attributes:
        code: slang's name of the check, in the project's form.
        message: slang's text.
        position: its place.
    """

    code: str
    message: str
    position: Position


@dataclass(frozen=True)
class Elaborated:
    """An elaborated module.

    Attributes:
        name: of the module.
        compilation: slang's compilation.
        instance: slang's instance of the module.
        reader: turns slang's places into positions.
        problems: what doesn't elaborate, in order of position.
    """

    name: str
    compilation: Any
    instance: Any
    reader: Reader
    problems: tuple[Problem, ...]

    @property
    def body(self) -> Any:
        """slang's body of the instance."""
        return self.instance.body


def _bag(top: str, parameters: Mapping[str, str], unit: UnitSources) -> Any:
    bag = language_bag()
    options = CompilationOptions()
    options.topModules = {top}
    options.paramOverrides = [f"{name}={value}" for name, value in parameters.items()]
    options.flags |= CompilationFlags.IgnoreUnknownModules | CompilationFlags.AllowTopLevelIfacePorts
    options.errorLimit = 0
    preprocessor = PreprocessorOptions()
    preprocessor.languageVersion = pyslang.LanguageVersion.v1800_2023
    preprocessor.predefines = list(unit.defines)
    preprocessor.additionalIncludePaths = list(unit.include_dirs)
    bag.compilationOptions = options
    bag.preprocessorOptions = preprocessor
    return bag


def elaborate(
    units: Sequence[UnitSources],
    top: str,
    parameters: Mapping[str, str] | None = None,
    map_position: MapPosition = lambda position: position,
) -> Elaborated:
    """Elaborates `top` with all its private children.

    Args:
        units: every compilation unit needed: the module's own, and packages, interfaces and stubs of others.
        top: name of a module definition.
        parameters: values by name, each a constant SystemVerilog expression.
        map_position: applied to every place that comes out.

    Raises:
        HdlError: a syntax error, no such module, no such parameter, or a value that is no constant expression.
    """
    parameters = dict(parameters or {})
    sources = pyslang.SourceManager()
    reader = Reader(sources, map_position, {})
    compilation = Compilation(_bag(top, parameters, units[0] if units else UnitSources(())))
    trees = []
    for unit in units:
        buffers = [sources.assignText(text.path, text.data.decode("utf-8", "replace")) for text in unit.files]
        for text, buffer in zip(unit.files, buffers, strict=True):
            reader.paths[str(sources.getRawFileName(buffer.id))] = text.path
        trees.append(SyntaxTree.fromBuffers(buffers, sources, _bag(top, parameters, unit)))
    _refuse_syntax_errors(trees, sources, reader)
    for tree in trees:
        compilation.addSyntaxTree(tree)
    instances = [i for i in compilation.getRoot().topInstances if i.name == top and i.isModule]
    if parameters or not instances:
        elaborate_module(units, top, parameters, map_position)  # It says what is wrong with the names.
    return Elaborated(top, compilation, instances[0], reader, _problems(compilation, sources, reader))


def _refuse_syntax_errors(trees: list[Any], sources: Any, reader: Reader) -> None:
    engine = pyslang.DiagnosticEngine(sources)
    found = [
        Diagnostic(
            reader.position(d.location), check_name(d.code), engine.formatMessage(d), clause="IEEE 1800-2023 Annex A"
        )
        for tree in trees
        for d in tree.diagnostics
        if d.isError()
    ]
    if found:
        raise HdlError(sorted(found, key=lambda d: (d.position or Position(""), d.code)))


_ELSEWHERE = frozenset({"missing-time-scale"})
"""What the design's own check decides: definitions of one unit may have a time scale from the design."""


def _problems(compilation: Any, sources: Any, reader: Reader) -> tuple[Problem, ...]:
    engine = pyslang.DiagnosticEngine(sources)
    found = {
        Problem(check_name(d.code), engine.formatMessage(d), reader.position(d.location))
        for d in compilation.getSemanticDiagnostics()
        if d.isError() and check_name(d.code) not in _ELSEWHERE
    }
    return tuple(sorted(found, key=lambda p: (p.position, p.code, p.message)))
