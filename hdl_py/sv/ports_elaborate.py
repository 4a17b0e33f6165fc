"""Elaborate one module with slang and read its ports and parameters.

Only the module's header is elaborated: modules it instantiates need not be
there, packages and interfaces that its header names must be.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyslang
from pyslang.ast import Compilation, CompilationFlags, CompilationOptions, SymbolKind
from pyslang.parsing import LexerOptions, ParserOptions, PreprocessorOptions
from pyslang.syntax import SyntaxTree

from hdl_py.errors import Diagnostic, HdlError
from hdl_py.sv.ports import Module
from hdl_py.sv.ports_reader import MapPosition, Reader, read_module
from hdl_py.sv.syntax import LANGUAGE
from hdl_py.text.position import Position
from hdl_py.text.source import SourceText


@dataclass(frozen=True)
class UnitSources:
    """One compilation unit: files parsed as one stream (IEEE 1800-2023 3.12.1).

    Attributes:
        files: in order.
        include_dirs: folders that `` `include`` searches.
        defines: macros as `NAME` or `NAME=VALUE`.
    """

    files: tuple[SourceText, ...]
    include_dirs: tuple[str, ...] = ()
    defines: tuple[str, ...] = ()


def _bag(top: str, parameters: Mapping[str, str], unit: UnitSources) -> Any:
    options = CompilationOptions()
    options.languageVersion = LANGUAGE
    options.topModules = {top}
    options.paramOverrides = [f"{name}={value}" for name, value in parameters.items()]
    options.flags |= CompilationFlags.IgnoreUnknownModules | CompilationFlags.AllowTopLevelIfacePorts
    preprocessor = PreprocessorOptions()
    preprocessor.predefines = list(unit.defines)
    preprocessor.additionalIncludePaths = list(unit.include_dirs)
    bag = pyslang.Bag()
    bag.compilationOptions = options
    bag.preprocessorOptions = preprocessor
    version = pyslang.LanguageVersion.v1800_2023
    for name, kind in (("lexerOptions", LexerOptions), ("parserOptions", ParserOptions)):
        stage = kind()
        stage.languageVersion = version
        setattr(bag, name, stage)
    preprocessor.languageVersion = version
    return bag


def elaborate_module(
    units: Sequence[UnitSources],
    top: str,
    parameters: Mapping[str, str] | None = None,
    map_position: MapPosition = lambda position: position,
) -> Module:
    """Elaborate `top` and read its ports and parameters.

    Args:
        units: every compilation unit that the header of `top` needs, in order.
        top: name of a module definition.
        parameters: values by name, each a constant SystemVerilog expression.
        map_position: applied to every place that comes out.

    Raises:
        HdlError: no such module, no such parameter, a value that is no constant
            expression, or a header that does not elaborate.
    """
    parameters = dict(parameters or {})
    sources = pyslang.SourceManager()
    reader = Reader(sources, map_position, {})
    trees = []
    for unit in units:
        buffers = [sources.assignText(text.path, text.data.decode("utf-8", "replace")) for text in unit.files]
        for text, buffer in zip(unit.files, buffers, strict=True):
            reader.paths[str(sources.getRawFileName(buffer.id))] = text.path
        trees.append(SyntaxTree.fromBuffers(buffers, sources, _bag(top, parameters, unit)))
    bag = _bag(top, parameters, units[0] if units else UnitSources(()))
    compilation = Compilation(bag)
    for tree in trees:
        compilation.addSyntaxTree(tree)
    instances = [i for i in compilation.getRoot().topInstances if i.name == top]
    if not instances:
        raise HdlError([_no_such_top(compilation, top, reader)])
    body = instances[0].body
    kind = body.definition.definitionKind.name.lower()
    if kind != "module":
        place = reader.position(body.definition.location)
        message = f"{top} is {_article(kind)} {kind}, not a module"
        raise HdlError([Diagnostic(place, "top-not-a-module", message)])
    _check_parameters(body, top, parameters, reader)
    module = read_module(body, top, reader)
    _check_resolved(compilation, body, module, reader)
    return module


def _suggest(name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _no_such_top(compilation: Any, top: str, reader: Reader) -> Diagnostic:
    kinds = {
        d.name: (d.definitionKind.name.lower(), d.location)
        for d in compilation.getDefinitions()
        if hasattr(d, "definitionKind")
    }
    modules = sorted(name for name, (kind, _) in kinds.items() if kind == "module")
    listed = ", ".join(modules[:20]) + (", …" if len(modules) > 20 else "")
    found = f"the sources define {listed}" if modules else "the sources define no module"
    if top in kinds:
        kind, location = kinds[top]
        message = f"{top} is {_article(kind)} {kind}, not a module; {found}"
        return Diagnostic(reader.position(location), "top-not-a-module", message)
    message = f"no module is called {top}; {found}{_suggest(top, modules)}"
    return Diagnostic(None, "no-such-top", message, clause="IEEE 1800-2023 23.3")


def _article(word: str) -> str:
    return "an" if word[0] in "aeiou" else "a"


def _is_expression(text: str) -> bool:
    """Whether slang reads the text as one expression, all of it."""
    tree = SyntaxTree.fromText(f"module m; localparam p = ({text}\n); endmodule", pyslang.SourceManager())
    members = getattr(tree.root, "members", ())
    return not any(d.isError() for d in tree.diagnostics) and len(members) == 1


def _check_parameters(body: Any, top: str, parameters: Mapping[str, str], reader: Reader) -> None:
    known = {p.name: p for p in body.parameters if not p.isLocalParam}
    local = {p.name for p in body.parameters if p.isLocalParam}
    place = reader.position(body.definition.location)
    found = []
    for name, value in parameters.items():
        if name in local:
            message = f"{name} is a local parameter of {top} and can't be set"
        elif name not in known:
            listed = ", ".join(known) or "none"
            message = f"{top} has no parameter {name}; it has {listed}{_suggest(name, list(known))}"
        elif known[name].kind == SymbolKind.TypeParameter:
            message = f"{name} is a type parameter; Verilator can't set one from outside"
            fix = f"write a module that instantiates {top} #(.{name}({value})) and use it as top"
            found.append(Diagnostic(place, "type-parameter", message, fix))
            continue
        elif not _is_expression(value):
            message = f"the value of parameter {name} is not a constant expression: {value!r}"
        elif getattr(known[name].value, "value", None) is None:
            message = f"the value {value} of parameter {name} is not a constant of type {known[name].type}"
        else:
            continue
        found.append(Diagnostic(place, "bad-parameter", message, clause="IEEE 1800-2023 23.10"))
    if found:
        raise HdlError(found)


def _check_resolved(compilation: Any, body: Any, module: Module, reader: Reader) -> None:
    """Refuse a header with a type that slang could not resolve, giving slang's own reasons."""
    broken = [s for s in body.portList if hasattr(s, "type") and _has_error(s.type)]
    if not broken:
        return
    engine = pyslang.DiagnosticEngine(reader.sources)
    found = []
    for diagnostic in compilation.getAllDiagnostics():
        if diagnostic.isError():
            message = engine.formatMessage(diagnostic)
            found.append(Diagnostic(reader.position(diagnostic.location), "slang", message))
    if not found:
        names = ", ".join(symbol.name for symbol in broken)
        message = f"the types of these ports are unknown: {names}"
        found = [Diagnostic(module.position, "unresolved-port", message)]
    raise HdlError(found)


def _has_error(type_: Any) -> bool:
    while type_.isAlias or (type_.isArray and getattr(type_, "elementType", None) is not None):
        type_ = type_.targetType.type if type_.isAlias else type_.elementType
    if type_.isError:
        return True
    return bool(type_.isStruct) and any(_has_error(m.type) for m in type_ if m.kind == SymbolKind.Field)


def read_units(
    units: Sequence[tuple[Sequence[str], Sequence[str], Sequence[str]]],
) -> tuple[UnitSources, ...]:
    """Units from (paths, include folders, defines), the files read from disk.

    Raises:
        HdlError: a file can't be read.
    """
    made, missing = [], []
    for paths, include_dirs, defines in units:
        texts = []
        for path in paths:
            try:
                with open(os.fspath(path), "rb") as stream:
                    texts.append(SourceText(os.fspath(path), stream.read()))
            except OSError as error:
                message = f"can't read the source: {error.strerror}"
                missing.append(Diagnostic(Position(os.fspath(path)), "missing-source", message))
        made.append(UnitSources(tuple(texts), tuple(include_dirs), tuple(defines)))
    if missing:
        raise HdlError(missing)
    return tuple(made)
