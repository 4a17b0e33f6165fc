"""Elaboration of the design before and after a rename, compared instance by instance.

Two versions of a core can't be elaborated together before the rename. So each core
whose dependencies hold one version of everything is elaborated with them, before and
after, and must give the same instances, parameters, ports, hierarchical references and
messages. The whole design is then elaborated after the rename: it may have no message
of its own, and every instance must come from the core that its parent's depends lead to.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyslang
from pyslang.ast import Compilation, CompilationFlags, CompilationOptions, ExpressionKind, SymbolKind
from pyslang.syntax import SyntaxTree

from hdl_py.mangle.model import Core, CoreId, Kind, Language, Plan, Refusal
from hdl_py.mangle.scope import reach
from hdl_py.sv.occurrences_parse import LANGUAGE, ROOT, SourceFile, UnitFiles, options
from hdl_py.text.position import Position
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
_TOPS = frozenset({Kind.MODULE, Kind.PROGRAM, Kind.INTERFACE})
_OF_THE_WHOLE = frozenset({"MissingTimeScale"})
"""Errors that a core can have only together with others, whatever the names."""

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
        messages: counted.
        texts: for a message, what slang says.
        tops: path and definition of each instance at the top.
    """

    instances: dict[str, Instance]
    references: Counter[tuple[CoreId, str, int, str]]
    messages: Counter[Message]
    texts: dict[Message, str]
    tops: tuple[tuple[str, str], ...]


class Elaborator:
    """Parses all SystemVerilog cores of a design once, and elaborates sets of them."""

    def __init__(self, cores: tuple[Core, ...], old_names: Mapping[str, str]) -> None:
        self._manager = pyslang.SourceManager()
        self._old = old_names
        words = sorted((re.escape(n) for n in old_names), key=len, reverse=True)
        self._new_words = re.compile(rf"(?<![\w$])(?:{'|'.join(words)})(?!\w)") if words else None
        self._cores = [c for c in cores if c.language is Language.SYSTEMVERILOG]
        self._by_id = {c.id: c for c in cores}
        self._trees: dict[CoreId, SyntaxTree] = {}
        self._owners: dict[str, tuple[CoreId, SourceText]] = {}
        self._places: dict[pyslang.BufferID, tuple[CoreId, SourceText] | None] = {}
        cache: dict[SourceText, SourceFile] = {}
        for n, core in enumerate(self._cores):
            sv = tuple(r for r in reach(core, self._by_id) if r.language is Language.SYSTEMVERILOG)
            self._trees[core.id] = self._parse(f"{ROOT}{n}/", UnitFiles.of(core, sv, cache))

    def _parse(self, root: str, unit: UnitFiles) -> SyntaxTree:
        buffers = {}
        for path, file in unit.files.items():
            buffers[path] = self._manager.assignText(root + path, file.clean.decode("ascii"))
            self._owners[root + path] = (unit.owners[path].id, file.text)
        wanted = [buffers[p] for p in unit.sources] or [self._manager.assignText(root + "/empty", "\n")]
        defines = [f"{k}={v}" if v else k for k, v in unit.core.defines.items()]
        bag = options(defines, [root + d for d in unit.include_dirs])
        return SyntaxTree.fromBuffers(wanted, self._manager, bag)

    def elaborate(self, ids: Iterable[CoreId], tops: Iterable[str] = (), *, references: bool = True) -> Elaboration:
        """Elaborate some of the cores.

        Args:
            ids: the cores.
            tops: names of the tops; by default every module that nothing seems to instantiate.
            references: whether hierarchical references are wanted.
        """
        compilation = self._compile(ids, tops)
        out = Elaboration({}, Counter(), Counter(), {}, ())
        diagnostics = compilation.getAllDiagnostics()
        engine = pyslang.DiagnosticEngine(self._manager)
        for d in diagnostics:
            found = self._message(d)
            if found is not None:
                out.messages[found] += 1
                if found.error:
                    out.texts.setdefault(found, engine.formatMessage(d))
        table: dict[Any, Any] = {SymbolKind.Instance: lambda s: self._instance(s, out)}
        if references:
            table[ExpressionKind.HierarchicalValue] = lambda e: self._reference(e, out)
        root = compilation.getRoot()
        root.visit(lookup_table=table)
        out.tops = tuple((self._path(t.hierarchicalPath), t.definition.name) for t in root.topInstances)
        return out

    def _compile(self, ids: Iterable[CoreId], tops: Iterable[str] = ()) -> Compilation:
        settings = CompilationOptions()
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
            if core.id in wanted:
                compilation.addSyntaxTree(self._trees[core.id])
        return compilation

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


def compare_designs(
    before: tuple[Core, ...], after: tuple[Core, ...], plan: Plan, *, references: bool = True
) -> tuple[Refusal, ...]:
    """Causes why the output doesn't mean what the input does; empty if it does."""
    old = {new: d.name for d, new in plan.renames.items()}
    first, second = Elaborator(before, {}), Elaborator(after, old)
    refusals: list[Refusal] = []
    known: set[tuple[str, CoreId, str, int]] = set()
    together = universes(before)
    for ids in together:
        one = first.elaborate(ids, references=references)
        two = second.elaborate(ids, _tops_after(one, ids, plan), references=references)
        refusals += _differences(one, two)
        known |= {(m.code, m.core, m.file, m.line) for m in one.messages}
    alone = {i for ids in together for i in ids}
    for ids in slices(before) if any(c.id not in alone for c in before) else ():
        one = first.elaborate(ids, references=False)
        known |= {(m.code, m.core, m.file, m.line) for m in one.messages}
    whole = second.elaborate([c.id for c in after], references=False)
    for m, text in whole.texts.items():
        if (m.code, m.core, m.file, m.line) not in known and m.code not in _OF_THE_WHOLE:
            refusals.append(_refusal(m, f"the rewritten design has an error that the input has not: {text}"))
    refusals += _misrouted(whole, before)
    return tuple(refusals)


def _tops_after(one: Elaboration, ids: Iterable[CoreId], plan: Plan) -> tuple[str, ...]:
    """The tops' new names.

    They are fixed, since slang takes a module for instantiated if a nested module of its
    name is; the rename ends that.
    """
    new = {(d.core, d.name): text for d, text in plan.renames.items() if d.kind in _TOPS}
    found = []
    for path, name in one.tops:
        core = one.instances[path].core if path in one.instances else None
        found.append(new.get((core, name), name) if core is not None else name)
    # slang takes what stands before a dot for a library.
    return () if any("." in name for name in found) else tuple(found)


def universes(cores: tuple[Core, ...]) -> list[frozenset[CoreId]]:
    """Sets of cores that hold one version of each core and all their dependencies; largest only."""
    by_id = {c.id: c for c in cores}
    closed = sorted(({c.id, *(r.id for r in reach(c, by_id))} for c in cores), key=lambda s: (-len(s), sorted(s)))
    out: list[frozenset[CoreId]] = []
    for ids in closed:
        if len({i.name for i in ids}) == len(ids) and not any(ids <= other for other in out):
            out.append(frozenset(ids))
    return out


def slices(cores: tuple[Core, ...]) -> list[frozenset[CoreId]]:
    """The whole design with one version of each core, for each place in the order of versions."""
    versions: dict[str, list[CoreId]] = {}
    for core in cores:
        versions.setdefault(core.id.name, []).append(core.id)
    most = max((len(v) for v in versions.values()), default=1)
    if most == 1:
        return []
    return [frozenset(v[min(n, len(v) - 1)] for v in versions.values()) for n in range(most)]


def _differences(one: Elaboration, two: Elaboration) -> list[Refusal]:
    refusals = []
    for path in sorted(one.instances.keys() | two.instances.keys()):
        a, b = one.instances.get(path), two.instances.get(path)
        if a != b:
            at = (a or b).core  # type: ignore[union-attr]
            refusals.append(
                Refusal.at(
                    "verify",
                    at or CoreId("", ""),
                    None,
                    path,
                    f"instance '{path}' is {_show(a)} before and {_show(b)} after the rewrite",
                )
            )
    for core, file, line, target in sorted((one.references - two.references).keys()):
        refusals.append(
            Refusal.at(
                "verify",
                core,
                Position(file, line, 1),
                target,
                f"a hierarchical name leads to '{target}' before the rewrite and elsewhere after it",
            )
        )
    for m in sorted((two.messages - one.messages).keys(), key=lambda m: (m.core, m.file, m.line)):
        text = two.texts.get(m, m.code)
        refusals.append(_refusal(m, f"only the rewritten design has slang's message: {text}"))
    for m in sorted((one.messages - two.messages).keys(), key=lambda m: (m.core, m.file, m.line)):
        refusals.append(_refusal(m, f"only the original design has slang's message {m.code}"))
    return refusals


def _show(instance: Instance | None) -> str:
    if instance is None:
        return "missing"
    return f"a {instance.definition} of {instance.core} ({', '.join(instance.values)})"


def _refusal(m: Message, text: str) -> Refusal:
    return Refusal.at("verify", m.core, Position(m.file, m.line, 1), "", f"{text} ({m.code})")


def _misrouted(whole: Elaboration, before: tuple[Core, ...]) -> list[Refusal]:
    """Instances whose definition isn't of a core that the parent's core depends on."""
    by_id = {c.id: c for c in before}
    sees = {c.id: {c.id, *(r.id for r in reach(c, by_id))} for c in before}
    refusals = []
    for i in whole.instances.values():
        if i.parent is None or i.core is None or i.parent not in sees:
            continue
        wanted = by_id[i.parent].depends.get(i.core.name)
        wrong_version = wanted is not None and i.core.version != wanted and i.core != i.parent
        if i.core not in sees[i.parent] or wrong_version:
            refusals.append(
                Refusal.at(
                    "undeclared-dependency",
                    i.parent,
                    None,
                    i.definition,
                    f"'{i.path}' in {i.parent} would be the '{i.definition}' of {i.core}, "
                    f'which {i.parent} doesn\'t depend on; add it to "depends"',
                )
            )
    return refusals
