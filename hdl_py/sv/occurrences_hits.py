"""The names under proof as slang's parser sees them: nodes, scopes and local declarations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

import pyslang
from pyslang.parsing import Lexer, Token, TokenKind
from pyslang.syntax import SyntaxKind as K
from pyslang.syntax import SyntaxNode

from hdl_py.sv.occurrences_parse import Parsed
from hdl_py.sv.occurrences_slots import (
    GENERATE_HOLDERS,
    LIBRARY,
    PATTERN_SCOPES,
    SCOPES,
    SLOTS,
    Decl,
    Slot,
    Use,
)

Node = Any  # pyslang generates one class for each kind; the stubs can't say which.


@dataclass(frozen=True, eq=False)
class Hit:
    """One token of the parsed unit that is a name under proof.

    Attributes:
        name: the identifier.
        node: the syntax that holds the token.
        slot: where in the node.
        order: its place among all hits of the parse, in the order of the token stream.
        path: normalised path of the file it is spelled in; None outside the unit's files.
        start: offset of the identifier, past the backslash of an escaped one.
        exact: whether the file has these letters at that place; false for a pasted token.
        location: slang's location.
    """

    name: str
    node: Node
    slot: Slot
    order: int
    path: str | None
    start: int
    exact: bool
    location: pyslang.SourceLocation


@dataclass
class ScopeNames:
    """What one scope declares, as far as names under proof and imports go."""

    node: Node
    declared: dict[str, list[tuple[Hit, Decl]]] = field(default_factory=lambda: defaultdict(list))
    wildcards: list[tuple[str, pyslang.SourceLocation]] = field(default_factory=list)


class Hits:
    """All names under proof in one parse, and the scopes that declare them."""

    def __init__(self, parsed: Parsed, names: frozenset[str]) -> None:
        self.parsed = parsed
        self.names = names
        self.all: list[Hit] = []
        self._scopes: dict[Node, ScopeNames] = {}
        self._imports: list[Node] = []
        self._exports: list[Node] = []
        self.keywords: set[tuple[str, int]] = set()
        self.declared: dict[Hit, Decl] = {}
        """What each declaring hit declares."""
        self._collect()
        reserved = reserved_names(names)
        if reserved:
            self._collect_keywords(reserved)
        for hit in self.all:
            kind = declares(hit)
            if kind is not None:
                self.declared[hit] = kind
                home = home_scope(hit)
                if home is not None:
                    self.scope(home).declared[hit.name].append((hit, kind))
        for item in self._imports:
            if item.item.kind == TokenKind.Star and item.parent.kind == K.PackageImportDeclaration:
                home = next(scopes_of(item), None)
                if home is not None:
                    self.scope(home).wildcards.append((item.package.valueText, item.package.location))

    def scope(self, node: Node) -> ScopeNames:
        """The entry of a scope."""
        if node not in self._scopes:
            self._scopes[node] = ScopeNames(node)
        return self._scopes[node]

    def known_scope(self, node: Node) -> ScopeNames | None:
        """The entry of a scope that declares or imports something; None otherwise."""
        return self._scopes.get(node)

    @cached_property
    def scopes(self) -> tuple[ScopeNames, ...]:
        """Every scope with an entry."""
        return tuple(self._scopes.values())

    @cached_property
    def exporting_packages(self) -> frozenset[str]:
        """Packages that export what they import."""
        found = set()
        for node in self._exports:
            for scope in scopes_of(node):
                if scope.kind == K.PackageDeclaration:
                    found.add(scope.header.name.valueText)
                    break
        return frozenset(found)

    def before(self, left: pyslang.SourceLocation, right: pyslang.SourceLocation) -> bool:
        """Whether one location comes before another in the unit."""
        return self.parsed.manager.isBeforeInCompilationUnit(left, right) is True

    def _collect_keywords(self, reserved: frozenset[str]) -> None:
        """Places where a name under proof is a keyword: keywords change with `` `begin_keywords ``."""

        def look(node: Any) -> None:
            if type(node) is Token and node.kind != TokenKind.Identifier and node.rawText in reserved:
                path, offset = self.parsed.place(node.location)
                if path is not None:
                    self.keywords.add((path, offset))

        self.parsed.tree.root.visit(look)

    def _collect(self) -> None:
        names = self.names
        found: list[tuple[str, Node, Slot, Any]] = []

        def look(slots: tuple[Slot, ...]) -> Any:
            if len(slots) == 1:
                slot = slots[0]
                attribute = slot.attribute

                def one(node: Node) -> None:
                    token = getattr(node, attribute)
                    text = token.valueText
                    if text in names:
                        found.append((text, node, slot, token))

                return one

            def several(node: Node) -> None:
                for slot in slots:
                    token = getattr(node, slot.attribute)
                    if token.valueText in names:
                        found.append((token.valueText, node, slot, token))

            return several

        table: dict[Any, Any] = {kind: look(slots) for kind, slots in SLOTS.items()}
        import_hit = table[K.PackageImportItem]

        def import_item(node: Node) -> None:
            self._imports.append(node)
            import_hit(node)

        def libraries(node: Node) -> None:
            for token in node.libraries:
                if token.valueText in names:
                    found.append((token.valueText, node, LIBRARY, token))

        table[K.PackageImportItem] = import_item
        table[K.ConfigLiblist] = libraries
        table[K.PackageExportDeclaration] = self._exports.append
        table[K.PackageExportAllDeclaration] = self._exports.append
        self.parsed.tree.root.visit(lookup_table=table)
        for name, node, slot, token in found:
            if token.isMissing:
                continue
            path, offset = self.parsed.place(token.location)
            exact, start = False, offset
            if path is not None:
                raw = token.rawText.encode("ascii")
                exact = self.parsed.unit.files[path].clean.startswith(raw, offset)
                start = offset + (raw[:1] == b"\\")
            self.all.append(Hit(name, node, slot, len(self.all), path, start, exact, token.location))


@cache
def reserved_names(names: frozenset[str]) -> frozenset[str]:
    """The names that are keywords of IEEE 1800-2023."""
    manager = pyslang.SourceManager()
    buffer = manager.assignText("names", " ".join(sorted(n for n in names if n.isidentifier())))
    lexer = Lexer(buffer, pyslang.BumpAllocator(), pyslang.Diagnostics(), manager)
    found = set()
    while (token := lexer.lex()).kind != TokenKind.EndOfFile:
        if token.kind != TokenKind.Identifier:
            found.add(token.rawText)
    return frozenset(found)


# Kinds are compared by identity: the hash of an enumeration's member is a call of Python's, and this is the
# inmost loop of a proof. Each kind is one object.
_OPENING = frozenset(map(id, SCOPES))
_OPENING_PATTERNS = frozenset(map(id, {*SCOPES, *PATTERN_SCOPES}))
_HOLDERS = frozenset(map(id, GENERATE_HOLDERS))


def scopes_of(node: Node, *, patterns: bool = False) -> Iterator[Node]:
    """The scopes around a node, innermost first; the node itself if it is one."""
    opening = _OPENING_PATTERNS if patterns else _OPENING
    at, kind = node, node.kind if node is not None else None
    while at is not None:
        parent = at.parent
        above = parent.kind if parent is not None else None
        if id(kind) in opening or (id(above) in _HOLDERS and _is_generate_member(at, parent)):
            yield at
        at, kind = parent, above


def _is_generate_member(node: SyntaxNode, parent: Node) -> bool:
    """Whether a node is the body of an `if`, `case` or `for` generate, without `begin`."""
    holder = parent
    while holder is not None and holder.kind in (K.ElseClause, K.StandardCaseItem, K.DefaultCaseItem):
        holder = holder.parent
    if holder is None or holder.kind not in (K.IfGenerate, K.CaseGenerate, K.LoopGenerate):
        return False
    if parent.kind in (K.IfGenerate, K.LoopGenerate):
        return bool(node == parent.block)
    return bool(parent.kind != K.CaseGenerate and node == parent.clause)


def declares(hit: Hit) -> Decl | None:
    """What a hit declares, or None if it declares nothing."""
    means, node = hit.slot.means, hit.node
    kind = node.kind
    if isinstance(means, Decl):
        return _declares_slot(means, node)
    if means is Use.HEADER:
        return Decl.MODULE
    if means is Use.BLOCK_NAME:
        parent = node.parent
        if parent.kind == K.GenerateBlock:
            return Decl.LABEL if node == parent.beginName else None
        if parent.kind in (K.SequentialBlockStatement, K.ParallelBlockStatement):
            return Decl.LABEL if node == parent.blockName else None
        return None
    if means is Use.IMPORT_ITEM:
        return Decl.IMPORT if node.parent.kind == K.PackageImportDeclaration else None
    if means is Use.NAME and kind == K.IdentifierName:
        return _declares_name(node)
    return None


def _declares_slot(means: Decl, node: Node) -> Decl | None:
    kind, parent = node.kind, node.parent
    if kind == K.NamedLabel and parent.kind in (K.Coverpoint, K.CoverCross):
        return Decl.VALUE
    if kind == K.Declarator and parent.kind == K.StructUnionMember:
        return None
    if kind == K.LoopGenerate and node.genvar.kind != TokenKind.GenVarKeyword:
        return None
    if kind == K.CovergroupDeclaration and node.extends.kind == TokenKind.ExtendsKeyword:
        return None
    if kind == K.InstanceName and is_bound(node):
        return None
    return means


def is_bound(node: Node) -> bool:
    """Whether an instance name belongs to a `bind`: its scope is the target, wherever that is."""
    at = node.parent.parent
    return bool(at is not None and at.parent is not None and at.parent.kind == K.BindDirective)


def _declares_name(node: Node) -> Decl | None:
    """Declarations that slang writes as a plain name."""
    parent = node.parent
    if parent.kind == K.FunctionPrototype and node == parent.name:
        return Decl.VALUE
    if parent.kind in (K.ConstraintDeclaration, K.ConstraintPrototype):
        return Decl.VALUE
    if parent.kind == K.GenvarDeclaration:
        return Decl.VALUE
    if parent.kind == K.ForeachLoopList and node != parent.arrayName:
        return Decl.VALUE
    if is_iterator(node):
        return Decl.VALUE
    return None


def is_iterator(node: Node) -> bool:
    """Whether a name is the iterator of an array method: `q.find(N) with (…)`."""
    at = node.parent
    for kind in (K.SimpleSequenceExpr, K.SimplePropertyExpr, K.OrderedArgument, K.ArgumentList):
        if at is None or at.kind != kind:
            return False
        at = at.parent
    if at is None or at.kind != K.InvocationExpression:
        return False
    holder = at.parent
    return bool(
        holder is not None
        and holder.kind == K.ArrayOrRandomizeMethodExpression
        and holder.args is not None
        and holder.constraints is None
    )


def home_scope(hit: Hit) -> Node | None:
    """The scope that a declaring hit puts its name into; None if there is none."""
    node, kind = hit.node, hit.node.kind
    at = node
    if kind in SCOPES and kind != K.LoopGenerate:
        at = node.parent
    elif kind == K.ModuleHeader or hit.slot.means is Use.HEADER:
        at = node.parent.parent if node.parent.kind != K.CompilationUnit else node.parent
    elif kind == K.NamedBlockClause or (kind == K.NamedLabel and node.parent.kind == K.GenerateBlock):
        at = node.parent.parent
        while at is not None and at.kind in GENERATE_HOLDERS:
            at = at.parent
    elif kind == K.NamedLabel:
        at = node.parent.parent
    elif kind == K.IdentifierName and node.parent.kind == K.FunctionPrototype:
        at = node.parent.parent.parent
    return next(scopes_of(at, patterns=kind == K.VariablePattern), None)
