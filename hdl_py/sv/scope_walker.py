"""The walk that finds scopes and the identifiers that may bind to the compilation unit.

Only identifiers spelled like a name of interest matter, so the walk skips every
node that holds none. An identifier in a place that no table here knows is
`Use.UNCLEAR`: new syntax leads to a refusal, never to a wrong text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pyslang.parsing import Token
from pyslang.syntax import SyntaxKind as K

from hdl_py.sv.scope_roles import ANYWHERE, INERT, LABELS, NAMED_SCOPES, NO_CALL, ORDERED, SCOPES
from hdl_py.sv.scopes import Reference, Scope, Use
from hdl_py.sv.syntax import ParsedUnit
from hdl_py.sv.unit_items import literal_names

_DIGITS = "0123456789"


class Walker:
    """Collects scopes and references of one unit."""

    def __init__(self, unit: ParsedUnit, names: Collection[str]) -> None:
        self.unit = unit
        self.names = names
        self.references: list[Reference] = []
        self.classes: dict[str, list[Any]] = {}
        # A range of enumeration literals declares `a1` and doesn't spell it.
        spelled = {*names, *(n[:-digits] for n in names for digits in range(1, len(n) - len(n.rstrip(_DIGITS)) + 1))}
        interesting = {b"import", b".*", *(n.encode() for n in spelled), *(b"\\" + n.encode() for n in spelled)}
        tokens = unit.stream.tokens
        self._spots = [unit.start(i) for i, t in enumerate(tokens) if t in interesting]
        self._module_scopes: dict[str, Scope] = {}
        self.elements: dict[Scope, Any] = {}
        self._binds: list[tuple[Any, Scope]] = []

    def run(self, unit_scope: Scope) -> None:
        """Walks every member of the unit."""
        for node in self.unit.tree.root.members:
            self.walk(node, unit_scope)
        for node, scope in self._binds:
            self._bind(node, scope)

    def _relevant(self, node: Any) -> bool:
        extent = node.sourceRange
        at = bisect_left(self._spots, extent.start.offset)
        return at < len(self._spots) and self._spots[at] < extent.end.offset

    def _index(self, token: Token) -> int:
        return self.unit.index(token.location.offset)

    def _declare(self, token: Token, scope: Scope, anywhere: bool = False) -> None:
        name = token.valueText
        if name in self.names:
            if anywhere:
                scope.anywhere.add(name)
            else:
                scope.ordered.setdefault(name, self._index(token))

    def _label(self, token: Token, scope: Scope) -> None:
        if token.valueText in self.names:
            scope.labels.setdefault(token.valueText, self._index(token))

    def _refer(self, token: Token, scope: Scope, use: Use = Use.NAME, why: str = "") -> None:
        if token.valueText in self.names:
            self.references.append(Reference(self._index(token), token.valueText, use, scope, why))

    def _refer_before_colons(self, token: Token, scope: Scope) -> None:
        self.references.append(Reference(self._index(token), token.valueText, Use.NAME, scope, before_colons=True))

    def walk(self, node: Any, scope: Scope) -> None:
        """Visits a node in a scope."""
        if node is None or not self._relevant(node):
            return
        special = _SPECIAL.get(node.kind)
        if special:
            special(self, node, scope)
        elif node.kind in NAMED_SCOPES:
            self._declare(node.blockName if node.kind == K.ClockingDeclaration else _own_name(node), scope, True)
            self.children(node, Scope(scope), skip_tokens=True)
        elif node.kind in SCOPES:
            inner = Scope(scope)
            if node.kind in (K.ModuleDeclaration, K.InterfaceDeclaration, K.ProgramDeclaration):
                self._module_scopes.setdefault(node.header.name.valueText, inner)
                self.elements[inner] = node
            self._block_name(node, scope)
            self.children(node, inner)
        else:
            self.children(node, scope)

    def _block_name(self, node: Any, scope: Scope) -> None:
        for attribute in ("blockName", "beginName", "label"):
            clause = getattr(node, attribute, None)
            if clause is not None:
                self._label(clause.name, scope)

    def children(self, node: Any, scope: Scope, skip_tokens: bool = False) -> None:
        """Visits what a node consists of."""
        kind = node.kind
        for child in node:
            if isinstance(child, Token):
                if skip_tokens or child.valueText not in self.names or not _is_identifier(child):
                    continue
                if kind in ORDERED:
                    self._declare(child, scope)
                elif kind in LABELS:
                    self._label(child, scope)
                elif kind in ANYWHERE:
                    self._declare(child, scope, True)
                elif kind not in INERT:
                    self._refer(child, scope, Use.UNCLEAR, f"an identifier in {kind.name}")
            elif child is not None:
                self.walk(child, scope)

    # What follows handles one kind of syntax each.

    def _name(self, node: Any, scope: Scope) -> None:
        if node.identifier.valueText in self.names:
            above = node.parent.kind if node.parent is not None else None
            bare = node.kind == K.IdentifierName and above not in NO_CALL
            found = Reference(
                self._index(node.identifier),
                node.identifier.valueText,
                Use.NAME,
                scope,
                bare=bare,
                is_type=above == K.NamedType,
            )
            self.references.append(found)
        for part in node:
            if not isinstance(part, Token):
                self.walk(part, scope)

    def _scoped(self, node: Any, scope: Scope) -> None:
        left, right = node.left, node.right
        first = left.kind
        if first in (K.UnitScope, K.RootScope):
            token = _identifier(right)
            if token is not None:
                self._refer(token, scope, Use.UNIT_SCOPED if first == K.UnitScope else Use.ROOT_SCOPED)
        elif first == K.LocalScope:
            # `local::` skips the scope of the object that is randomised (IEEE 1800-2023 18.7.1).
            self.walk(right, scope)
            return
        elif first == K.IdentifierName and node.separator.rawText == "::" and left.identifier.valueText in self.names:
            self._refer_before_colons(left.identifier, scope)
        elif first == K.ClassName and left.identifier.valueText in self.names:
            self._refer_before_colons(left.identifier, scope)
            self.walk(left.parameters, scope)
        else:
            self.walk(left, scope)
        for part in right:
            if not isinstance(part, Token):
                self.walk(part, scope)

    def _member(self, node: Any, scope: Scope) -> None:
        self.walk(node.left, scope)

    def _enumeration(self, node: Any, scope: Scope) -> None:
        self.walk(node.baseType, scope)
        for member in node.members:
            if isinstance(member, Token):
                continue
            at = self._index(member.name)
            for name in set(literal_names(member)).intersection(self.names):
                scope.ordered.setdefault(name, at)
            for part in member:
                if not isinstance(part, Token) and part is not None:
                    self.walk(part, scope)

    def _struct_member(self, node: Any, scope: Scope) -> None:
        self.walk(node.type, scope)
        for declarator in node.declarators:
            if not isinstance(declarator, Token):
                for part in declarator:
                    if not isinstance(part, Token) and part is not None:
                        self.walk(part, scope)

    def _import(self, node: Any, scope: Scope) -> None:
        for item in node.items:
            if isinstance(item, Token):
                continue
            if item.item.rawText == "*":
                scope.wildcards.append((item.package.valueText, self._index(item.package)))
            else:
                self._declare(item.item, scope)

    def _connection(self, node: Any, scope: Scope) -> None:
        if node.openParen.rawText:
            self.walk(node.expr, scope)
        else:
            self._refer(node.name, scope, Use.CONNECTION)

    def _instantiation(self, node: Any, scope: Scope) -> None:
        self.walk(node.parameters, scope)
        for instance in node.instances:
            if isinstance(instance, Token):
                continue
            self.walk(instance, scope)
            for connection in instance.connections:
                if not isinstance(connection, Token) and connection.kind == K.WildcardPortConnection:
                    at = self._index(connection.dot)
                    self.references.append(Reference(at, "", Use.WILDCARD, scope, node=node))

    def _function(self, node: Any, scope: Scope) -> None:
        name = node.prototype.name
        inner = Scope(scope)
        if name.kind == K.IdentifierName:
            self._declare(name.identifier, scope, True)
            self._declare(name.identifier, inner, True)
        elif name.kind == K.ScopedName and name.left.kind == K.IdentifierName:
            # A method outside its class: its body sees the class's members (IEEE 1800-2023 8.24).
            self._refer(name.left.identifier, scope)
            inner.is_class = True
            inner.bases.append(name.left.identifier.valueText)
        self.walk(node.prototype.returnType, inner)
        self.walk(node.prototype.portList, inner)
        for part in node:
            if not isinstance(part, Token) and part is not None and part.kind != K.FunctionPrototype:
                self.walk(part, inner)

    def _prototype(self, node: Any, scope: Scope) -> None:
        if node.name.kind == K.IdentifierName:
            self._declare(node.name.identifier, scope, True)
        inner = Scope(scope)
        self.walk(node.returnType, inner)
        self.walk(node.portList, inner)

    def _class(self, node: Any, scope: Scope) -> None:
        self._declare(node.name, scope, True)
        inner = Scope(scope, is_class=True)
        if node.extendsClause is not None:
            token = _identifier(node.extendsClause.baseName)
            inner.bases.append(token.valueText if token is not None else "")
        self.children(node, inner, skip_tokens=True)

    def _loop_generate(self, node: Any, scope: Scope) -> None:
        inner = Scope(scope)
        if node.genvar.rawText:
            self._declare(node.identifier, inner)
        else:
            self._refer(node.identifier, scope, Use.UNCLEAR, "a genvar declared elsewhere")
        for part in (node.initialExpr, node.stopExpr, node.iterationExpr):
            self.walk(part, inner)
        if node.block.kind == K.GenerateBlock:
            self._block_name(node.block, scope)
        self.walk(node.block, inner)

    def _branch(self, node: Any, scope: Scope) -> None:
        """A generate condition: a branch without `begin` is a scope as well (IEEE 1800-2023 27.5)."""
        self.walk(node.condition, scope)
        if node.kind == K.IfGenerate:
            self._generated(node.block, scope)
            if node.elseClause is not None:
                self._generated(node.elseClause.clause, scope)
            return
        for item in node.items:
            for expression in getattr(item, "expressions", ()):
                if not isinstance(expression, Token):
                    self.walk(expression, scope)
            self._generated(item.clause, scope)

    def _generated(self, node: Any, scope: Scope) -> None:
        """A branch: the name of a block, and of one in a branch of a condition that is the whole branch, is outside."""
        inside = node.kind in (K.GenerateBlock, K.IfGenerate, K.CaseGenerate)
        self.walk(node, scope if inside else Scope(scope))

    def _foreach(self, node: Any, scope: Scope) -> None:
        inner = Scope(scope)
        loop = node.loopList
        self.walk(loop.arrayName, scope)
        for variable in loop.loopVariables:
            if not isinstance(variable, Token) and (token := _identifier(variable)) is not None:
                self._declare(token, inner)
        for part in node:
            if not isinstance(part, Token) and part is not None and part.kind != K.ForeachLoopList:
                self.walk(part, inner)

    def _clocking_item(self, node: Any, scope: Scope) -> None:
        outer = scope.parent or scope
        self.walk(node.direction, outer)
        for item in node.decls:
            if isinstance(item, Token):
                continue
            if item.value is None:
                self._refer(item.name, outer, Use.UNCLEAR, "a clocking signal without an expression")
            else:
                self.walk(item.value, outer)

    def _pattern_item(self, node: Any, scope: Scope) -> None:
        if node.key.kind == K.IdentifierName:
            key = node.key.identifier
            if key.valueText in self.names:
                self.references.append(Reference(self._index(key), key.valueText, Use.KEY, scope))
        else:
            self.walk(node.key, scope)
        self.walk(node.expr, scope)

    def _with(self, node: Any, scope: Scope) -> None:
        inner = Scope(scope)
        method = node.method
        called = method.kind == K.InvocationExpression
        self.walk(method.left if called else method, scope)
        if node.constraints is not None:
            # Arguments and constraint of a `randomize`: members of the object come first.
            before = len(self.references)
            if called:
                self.walk(method.arguments, inner)
            self.walk(node.args, inner)
            self.walk(node.constraints, inner)
            for number in range(before, len(self.references)):
                if self.references[number].use is Use.NAME:
                    self.references[number] = replace(self.references[number], use=Use.IN_RANDOMIZE)
            return
        # An iterator of an array method: `item`, or the method's argument (IEEE 1800-2023 7.12).
        inner.anywhere.add("item")
        if called and method.arguments is not None:
            for token in _identifiers(method.arguments):
                self._declare(token, inner, True)
        self.walk(node.args, inner)

    def _doubt(self, before: int, why: str) -> None:
        """Marks the references since `before` as unclear, except those behind `$unit::`."""
        for number in range(before, len(self.references)):
            found = self.references[number]
            if found.use in (Use.NAME, Use.CONNECTION):
                self.references[number] = Reference(found.token, found.name, Use.UNCLEAR, found.scope, why)

    def _genvars(self, node: Any, scope: Scope) -> None:
        for identifier in node.identifiers:
            if not isinstance(identifier, Token) and (token := _identifier(identifier)) is not None:
                self._declare(token, scope)

    def _disable(self, node: Any, scope: Scope) -> None:
        for token in _identifiers(node):
            self._refer(token, scope, Use.UNCLEAR, "the target of a `disable`")

    def _constraint(self, node: Any, scope: Scope) -> None:
        name = node.name
        if name.kind == K.IdentifierName:
            self._declare(name.identifier, scope, True)
        inner = Scope(scope)
        if name.kind == K.ScopedName and name.left.kind == K.IdentifierName:
            self._refer(name.left.identifier, scope)
            inner.is_class = True
            inner.bases.append(name.left.identifier.valueText)
        block = getattr(node, "block", None)
        if block is not None:
            self.walk(block, inner)

    def _later_bind(self, node: Any, scope: Scope) -> None:
        self._binds.append((node, scope))

    def _bind(self, node: Any, scope: Scope) -> None:
        target = _identifier(node.target)
        inside = self._module_scopes.get(target.valueText) if target is not None else None
        before = len(self.references)
        self.walk(node.instantiation, inside or scope)
        if inside is None:
            self._doubt(before, "a bound instance, whose names are looked up in its target")

    def _user_net(self, node: Any, scope: Scope) -> None:
        self._refer(node.netType, scope)
        self.children(node, scope, skip_tokens=True)

    def _net_port(self, node: Any, scope: Scope) -> None:
        if _is_identifier(node.netType):
            self._refer(node.netType, scope)
        self.walk(node.dataType, scope)

    def _checker(self, node: Any, scope: Scope) -> None:
        self._declare(node.name, scope, True)
        self.children(node, Scope(scope), skip_tokens=True)

    def _inert(self, _node: Any, _scope: Scope) -> None:
        """Nothing inside is looked up in the compilation unit."""


_SPECIAL: Mapping[Any, Callable[[Walker, Any, Scope], None]] = {
    K.IdentifierName: Walker._name,
    K.IdentifierSelectName: Walker._name,
    K.ClassName: Walker._name,
    K.ScopedName: Walker._scoped,
    K.MemberAccessExpression: Walker._member,
    K.EnumType: Walker._enumeration,
    K.StructUnionMember: Walker._struct_member,
    K.PackageImportDeclaration: Walker._import,
    K.PackageExportDeclaration: Walker._inert,
    K.NamedPortConnection: Walker._connection,
    K.HierarchyInstantiation: Walker._instantiation,
    K.FunctionDeclaration: Walker._function,
    K.TaskDeclaration: Walker._function,
    K.FunctionPrototype: Walker._prototype,
    K.ClassDeclaration: Walker._class,
    K.LoopGenerate: Walker._loop_generate,
    K.IfGenerate: Walker._branch,
    K.CaseGenerate: Walker._branch,
    K.ForeachLoopStatement: Walker._foreach,
    K.LoopConstraint: Walker._foreach,
    K.ClockingItem: Walker._clocking_item,
    K.AssignmentPatternItem: Walker._pattern_item,
    K.ArrayOrRandomizeMethodExpression: Walker._with,
    K.GenvarDeclaration: Walker._genvars,
    K.DisableStatement: Walker._disable,
    K.ConstraintDeclaration: Walker._constraint,
    K.ConstraintPrototype: Walker._constraint,
    K.BindDirective: Walker._later_bind,
    K.UserDefinedNetDeclaration: Walker._user_net,
    K.NetPortHeader: Walker._net_port,
    K.TimeUnitsDeclaration: Walker._inert,
}


def _own_name(node: Any) -> Token:
    token: Token = node.identifier if node.kind == K.LetDeclaration else node.name
    return token


def _is_identifier(token: Token) -> bool:
    return bool(token.kind.name == "Identifier")


def _identifier(node: Any) -> Token | None:
    """The leftmost identifier of a name."""
    while node is not None and node.kind == K.ScopedName:
        node = node.left
    token: Token | None = getattr(node, "identifier", None)
    return token


def _identifiers(node: Any) -> Iterator[Token]:
    found: list[Token] = []

    def visit(item: Any) -> None:
        if not isinstance(item, Token) and item.kind == K.IdentifierName:
            found.append(item.identifier)

    node.visit(visit)
    yield from found
