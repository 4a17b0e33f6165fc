"""slang's elaboration of a design, as far as a rename could change it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyslang
from pyslang.ast import (
    Compilation,
    CompilationFlags,
    CompilationOptions,
    EvalContext,
    ExpressionKind,
    SymbolKind,
    VisitAction,
)
from pyslang.syntax import SyntaxTree

from hdl_py.mangle.model import Core, CoreId, Language
from hdl_py.mangle.scope import reach
from hdl_py.sv.occurrences_branches import follow
from hdl_py.sv.occurrences_parse import LANGUAGE, ROOT, Choice, SourceFile, UnitFiles, options
from hdl_py.sv.occurrences_recursion import Holding, instance_loop, port_loop
from hdl_py.text.source import SourceText

_FLAGS = (
    CompilationFlags.IgnoreUnknownModules
    | CompilationFlags.AllowTopLevelIfacePorts
    | CompilationFlags.AllowHierarchicalConst
    | CompilationFlags.AllowUnnamedGenerate
    | CompilationFlags.AllowMergingAnsiPorts
    | CompilationFlags.AllowBareValParamAssignment
    | CompilationFlags.RelaxEnumConversions
    | CompilationFlags.RelaxStringConversions
)
_MAX_DEPTH = 128
_MAX_INSTANCES = 100_000
"""Of a design with a recursive module; others may have any number."""

_PART = re.compile(r"(?:\\\S+ |[^.\[\]\\]+)(?=[.\[]|$)")


@dataclass(frozen=True)
class Message:
    """One of slang's messages, without what a rename moves.

    Attributes:
        code: slang's name for it.
        core: whose file it is in.
        file: path as the core gives it.
        line: from 1.
        error: whether the design is wrong.
    """

    code: str
    core: CoreId
    file: str
    line: int
    error: bool


@dataclass(frozen=True)
class Instance:
    """One elaborated instance.

    Attributes:
        path: hierarchical, the top by its old name.
        definition: old name.
        core: whose file the definition is in.
        parent: whose file the instantiation is in; None for a top.
        values: parameters and ports as text, in old names.
    """

    path: str
    definition: str
    core: CoreId | None
    parent: CoreId | None
    values: tuple[str, ...]


@dataclass
class Elaboration:
    """What one elaboration says.

    Attributes:
        instances: by path.
        references: hierarchical references as (core, file, line, target's path), counted.
        type_names: what `$typename` says, with new names, as (core, file, line, text), counted.
        messages: counted.
        texts: for a message, what slang says.
        tops: path and definition of each instance at the top.
        packages: whose each package is, by its name in the elaborated text.
    """

    instances: dict[str, Instance]
    references: Counter[tuple[CoreId, str, int, str]]
    messages: Counter[Message]
    texts: dict[Message, str]
    tops: tuple[tuple[str, str], ...]
    packages: dict[str, CoreId]
    type_names: Counter[tuple[CoreId, str, int, str]] = field(default_factory=Counter)


class Elaborator:
    """Parses all SystemVerilog cores of a design once, and elaborates sets of them."""

    def __init__(
        self, cores: tuple[Core, ...], old_names: Mapping[str, str], files: dict[SourceText, SourceFile] | None = None
    ) -> None:
        """Parse.

        Args:
            cores: all of the design.
            old_names: new name to old one; empty for a design before its rename.
            files: raw views that are known already; others are added.
        """
        self._manager = pyslang.SourceManager()
        self._old = old_names
        words = sorted((re.escape(n) for n in old_names), key=len, reverse=True)
        self._new_words = re.compile(rf"(?<![\w$])(?:{'|'.join(words)})(?!\w)") if words else None
        self._cores = [c for c in cores if c.language is Language.SYSTEMVERILOG]
        self._by_id = {c.id: c for c in cores}
        self._trees: dict[CoreId, SyntaxTree] = {}
        self._held: dict[CoreId, Holding] = {}
        self._owners: dict[str, tuple[CoreId, SourceText]] = {}
        self._places: dict[pyslang.BufferID, tuple[CoreId, SourceText] | None] = {}
        cache = {} if files is None else files
        for n, core in enumerate(self._cores):
            sv = tuple(r for r in reach(core, self._by_id) if r.language is Language.SYSTEMVERILOG)
            unit = UnitFiles.of(core, sv, cache)
            if not follow(unit, Choice()).endless:
                self._trees[core.id] = self._parse(f"{ROOT}{n}/", unit)

    def _parse(self, root: str, unit: UnitFiles) -> SyntaxTree:
        buffers = {}
        for path, file in unit.files.items():
            buffers[path] = self._manager.assignText(root + path, file.clean.decode("ascii"))
            self._owners[root + path] = (unit.owners[path].id, file.text)
        wanted = [buffers[p] for p in unit.sources] or [self._manager.assignText(root + "/empty", "\n")]
        defines = [f"{k}={v}" if v else k for k, v in unit.core.defines.items()]
        bag = options(defines, [root + d for d in unit.include_dirs], unit.include_depth)
        return SyntaxTree.fromBuffers(wanted, self._manager, bag)

    def elaborate(self, ids: Iterable[CoreId], tops: Iterable[str] = (), *, references: bool = True) -> Elaboration:
        """Elaborate some of the cores.

        Args:
            ids: the cores.
            tops: names of the tops; by default every module that nothing seems to instantiate.
            references: whether hierarchical references are wanted.
        """
        compilation = self._compile(ids, tops)
        out = Elaboration({}, Counter(), Counter(), {}, (), {})
        diagnostics = compilation.getAllDiagnostics()
        engine = pyslang.DiagnosticEngine(self._manager)
        for d in diagnostics:
            found = self._message(d)
            if found is not None:
                out.messages[found] += 1
                if found.error:
                    out.texts.setdefault(found, engine.formatMessage(d))
        root = compilation.getRoot()
        table: dict[Any, Any] = {SymbolKind.Instance: lambda s: self._instance(s, out)}
        if references:
            table[ExpressionKind.HierarchicalValue] = lambda e: self._reference(e, out)
            table[ExpressionKind.Call] = lambda e: self._type_name(e, root, out)
        root.visit(lookup_table=table)
        for package in compilation.getPackages():
            home = self._place(package.location)
            if home is not None:
                out.packages[package.name] = home[0]
        out.tops = tuple((self._path(t.hierarchicalPath), t.definition.name) for t in root.topInstances)
        return out

    def _compile(self, ids: Iterable[CoreId], tops: Iterable[str] = (), depth: int = 0) -> Compilation:
        settings = CompilationOptions()
        if depth:
            settings.maxInstanceDepth = depth
        settings.topModules = set(tops)
        settings.flags = _FLAGS
        settings.languageVersion = LANGUAGE
        settings.errorLimit = 0
        settings.typoCorrectionLimit = 0
        bag = options((), ())
        bag.compilationOptions = settings
        compilation = Compilation(bag)
        wanted = set(ids)
        for core in self._cores:
            if core.id in wanted and core.id in self._trees:
                compilation.addSyntaxTree(self._trees[core.id])
        return compilation

    def endless(self, ids: Iterable[CoreId]) -> str:
        """A module whose instances hold instances of itself without end or nearly so; or an empty text.

        slang follows a recursion to its depth limit in every branch, which two instances in
        each level make impossible to wait for. Where a module can be in itself at all, the
        depth is raised step by step, for as long as the number of instances allows.
        """
        wanted = list(ids)
        trees = [self._holding(i) for i in wanted if i in self._trees]
        if looped := port_loop(trees):
            return looped
        suspect = instance_loop(trees)
        if not suspect:
            return ""
        before = 1
        for depth in range(1, _MAX_DEPTH):
            compilation = self._compile(wanted, depth=depth)
            count = 0

            def look(_: Any) -> Any:
                nonlocal count
                count += 1
                return VisitAction.Interrupt if count > _MAX_INSTANCES else None

            compilation.getRoot().visit(lookup_table={SymbolKind.Instance: look})
            if count > _MAX_INSTANCES or count * count > before * _MAX_INSTANCES:
                return suspect
            if not any(str(d.code)[9:-1] == "MaxInstanceDepthExceeded" for d in compilation.getAllDiagnostics()):
                return ""
            before = max(count, 1)
        return suspect

    def may_loop(self, ids: Iterable[CoreId]) -> bool:
        """Whether a module can be somewhere below itself, by the text of some cores and whatever versions they are."""
        return bool(instance_loop(self._holding(i) for i in ids if i in self._trees))

    def _holding(self, core_id: CoreId) -> Holding:
        if core_id not in self._held:
            self._held[core_id] = Holding(self._trees[core_id])
        return self._held[core_id]

    def readings(self, ids: Iterable[CoreId], out: dict[tuple[CoreId, str, int], set[str]]) -> None:
        """How hierarchical names begin in an elaboration of some of the cores.

        Adds to `out`, for the first identifier of each, `instance` if it names an instance or
        a block on the way to what is meant, `definition` if it names a module of an instance on
        the way, or `both`.
        """

        def note(expression: Any, symbol: Any) -> None:
            if expression.syntax is None or symbol is None:
                return
            token = expression.syntax.getFirstToken()
            place = self._place(token.location)
            if place is not None:
                key = (place[0], place[1].path, self._offset(token.location))
                out.setdefault(key, set()).add(_reading(symbol, token.valueText))

        compilation = self._compile(ids)
        compilation.getAllDiagnostics()
        compilation.getRoot().visit(
            lookup_table={
                ExpressionKind.HierarchicalValue: lambda e: note(e, e.symbol),
                ExpressionKind.ArbitrarySymbol: lambda e: note(e, e.symbol),
                ExpressionKind.Call: lambda e: note(e, None if e.isSystemCall else e.subroutine),
            }
        )

    def _offset(self, location: pyslang.SourceLocation) -> int:
        if self._manager.isMacroLoc(location):
            location = self._manager.getFullyOriginalLoc(location)
        return location.offset

    def _place(self, location: pyslang.SourceLocation) -> tuple[CoreId, SourceText] | None:
        if self._manager.isMacroLoc(location):
            location = self._manager.getFullyExpandedLoc(location)
        buffer = location.buffer
        if buffer not in self._places:
            self._places[buffer] = self._owners.get(str(self._manager.getFullPath(buffer)))
        return self._places[buffer]

    def _message(self, d: pyslang.Diagnostic) -> Message | None:
        place = self._place(d.location)
        if place is None:
            return None
        return Message(
            str(d.code)[9:-1], place[0], place[1].path, self._manager.getLineNumber(d.location), _is_error(d)
        )

    def _instance(self, symbol: Any, out: Elaboration) -> None:
        body = symbol.body
        definition = symbol.definition
        place = self._place(definition.location)
        above = self._place(symbol.location) if symbol.parentScope is not None else None
        parent = symbol.parentScope.containingInstance if symbol.parentScope is not None else None
        values = [f"{p.name}={self.old(_value(p))}" for p in body.parameters]
        for port in body.portList:
            kind = port.kind
            if kind == SymbolKind.Port:
                values.append(f"{port.name}:{port.direction.name} {self.old(str(port.type))}")
            elif kind == SymbolKind.InterfacePort:
                of = port.interfaceDef
                values.append(f"{port.name}:{self.old(of.name) if of is not None else ''}.{port.modport}")
            else:
                values.append(f"{port.name}:{kind.name}")
        path = self._path(symbol.hierarchicalPath)
        if path.startswith("$unit"):
            return  # slang's stand-in for a definition that nothing instantiates
        while path in out.instances:
            path += "'"
        out.instances[path] = Instance(
            path,
            self.old(definition.name),
            place[0] if place else None,
            above[0] if above and parent is not None else None,
            tuple(values),
        )

    def _reference(self, expression: Any, out: Elaboration) -> None:
        syntax = expression.syntax
        location = (syntax.sourceRange if syntax is not None else expression.sourceRange).start
        place = self._place(location)
        if place is not None:
            line = self._manager.getLineNumber(location)
            target = self._path(expression.symbol.hierarchicalPath)
            out.references[place[0], place[1].path, line, target] += 1

    def _type_name(self, call: Any, root: Any, out: Elaboration) -> None:
        """`$typename`: its string is of the source's names (IEEE 1800-2023 20.6.1)."""
        if call.isSystemCall and call.subroutineName == "$typename" and call.arguments and call.syntax is not None:
            location = call.syntax.sourceRange.start
            place = self._place(location)
            if place is not None:
                line = self._manager.getLineNumber(location)
                said = str(call.eval(EvalContext(root))).strip('"')
                text = f"{said}{_class_scope(call.arguments[0].type)}"
                out.type_names[place[0], place[1].path, line, text] += 1

    def _path(self, path: str) -> str:
        """A hierarchical path with its top by the old name; no other part is a definition's."""
        if path.startswith("\\"):
            top, blank, rest = path[1:].partition(" ")
            return f"\\{self._old.get(top, top)}{blank}{rest}"
        top, dot, rest = path.partition(".")
        return self._old.get(top, top) + dot + rest

    def old(self, text: str) -> str:
        """A text of slang's in old names; new names stand for nothing else."""
        if self._new_words is None:
            return text
        return self._new_words.sub(lambda m: self._old[m.group()], text)


def _class_scope(of: Any) -> str:
    """Where a type's class is declared, which slang leaves out and others print."""
    of = of.canonicalType
    while (element := getattr(of, "arrayElementType", None)) is not None:
        of = element.canonicalType
    return f" of {of.hierarchicalPath}" if of.isClass else ""


def _reading(symbol: Any, name: str) -> str:
    """Whether a name on the way to a symbol is an instance's or block's, a module's, or both."""
    # A top is called after its definition, so the first part is no instance's own name.
    by_name = name in _PART.findall(symbol.hierarchicalPath)[1:]
    scope = symbol.parentScope
    body = symbol.body if symbol.kind == SymbolKind.Instance else scope.containingInstance if scope else None
    while body is not None and (instance := body.parentInstance) is not None:
        above = instance.parentScope.containingInstance if instance.parentScope is not None else None
        if above is not None and instance.name == name and body.definition.name == name:
            return "both"
        body = above
    return "instance" if by_name else "definition"


def _value(parameter: Any) -> str:
    if hasattr(parameter, "value"):
        return str(parameter.value)
    target = getattr(parameter, "targetType", None)
    return str(target.type) if target is not None else ""


_WRONG = frozenset({"DuplicateDefinition", "Redefinition"})


def _is_error(d: pyslang.Diagnostic) -> bool:
    return bool(d.isError() or str(d.code)[9:-1] in _WRONG)
