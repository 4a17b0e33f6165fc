"""The role of one occurrence, from the syntax around it and the declarations it can see.

Each rule names what it proves. Where two readings are left, the answer is a refusal:
a name is inert only if nothing that it could reach is the definition.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pyslang.parsing import TokenKind
from pyslang.syntax import SyntaxKind as K

from hdl_py.mangle.model import Definition, Kind, Role
from hdl_py.sv.occurrences_hits import Hit, scopes_of
from hdl_py.sv.occurrences_lookup import Lookup
from hdl_py.sv.occurrences_slots import MODULE_LIKE, Decl, Use
from hdl_py.sv.occurrences_verdict import (
    ELEMENTS,
    HIERARCHY,
    UNIT_KINDS,
    UNIT_TYPES,
    Verdict,
    definition_kind,
    inert,
    is_extern,
    is_implicit,
    refuse,
)

Node = Any


class Roles(Lookup):
    """Decides the hits of one parse of one core."""

    """Decides the hits of one parse of one core."""

    def decide(self, hit: Hit) -> Verdict:
        """The verdict on one hit."""
        means = hit.slot.means
        if isinstance(means, str):
            return inert(means)
        what = self._hits.declared.get(hit)
        if what is not None and what is not Decl.IMPORT:
            return self._declaration(hit, what)
        if isinstance(means, Decl):
            return self._not_declaring(hit)
        if means is Use.NAME:
            return self._name(hit)
        if means is Use.INSTANCE:
            return self._instance(hit, "instance")
        if means is Use.INTERFACE_TYPE:
            return self._element(hit, (Kind.INTERFACE,), "interface type", "interface")
        if means is Use.PACKAGE:
            return self._reference(hit, (Kind.PACKAGE,), "import or export", "a package")
        if means is Use.IMPORT_ITEM:
            return inert("item of a package")
        if means is Use.NET_TYPE:
            return self._unit_name(hit, "net type", types_only=True)
        if means is Use.BLOCK_NAME:
            return self._end_label(hit)
        if means is Use.IMPLICIT_PORT:
            return self._port_connection(hit)
        return self._config(hit)

    # Declarations

    def _declaration(self, hit: Hit, what: Decl) -> Verdict:
        kind = definition_kind(hit)
        if kind is None:
            if what is Decl.MODULE:
                return inert("nested design element")
            return inert(f"local {what.value}")
        target = self._own(hit, kind)
        if target is None and what is Decl.MODULE and is_extern(hit):
            return self._reference(hit, (kind,), "extern declaration", f"a {kind}")
        if target is None:
            return inert(f"{kind} of its own compilation unit")
        renamed = self._scope.plan.new_name(target) != target.name
        if renamed and hit.node.parent.kind == K.EnumType and self._facts.prints_enumerators:
            return refuse(
                "printed-name",
                f"the design may print '{hit.name}', an enumerator, by name(), %p or $typename; give it another name",
            )
        return Verdict(Role.DECLARATION, "extern declaration" if _extern(hit, what) else "declaration", target)

    def _not_declaring(self, hit: Hit) -> Verdict:
        """Slots that declare in most places, in the others."""
        kind = hit.node.kind
        if kind == K.Declarator:
            return inert("member of a struct or union")
        if kind == K.InstanceName:
            return inert("name of a bound instance")
        if kind == K.LoopGenerate:
            return self._unit_name(hit, "loop variable")
        if kind == K.CovergroupDeclaration:
            return inert("covergroup of the base class")
        return refuse("unproven", f"'{hit.name}' stands in {kind.name}, whose meaning isn't known")

    def _end_label(self, hit: Hit) -> Verdict:
        holder = hit.node.parent
        if holder.kind in MODULE_LIKE or holder.kind in (K.UdpDeclaration, K.ConfigDeclaration):
            header = holder.header if holder.kind in MODULE_LIKE else holder
            names = {"name": header.name}
        elif holder.kind in (K.FunctionDeclaration, K.TaskDeclaration):
            names = {"name": holder.prototype.name.getLastToken()}
            if holder.prototype.name.kind != K.IdentifierName:
                return inert("end label of a method")
        elif holder.kind in (
            K.ClassDeclaration,
            K.CheckerDeclaration,
            K.PropertyDeclaration,
            K.SequenceDeclaration,
            K.CovergroupDeclaration,
        ):
            names = {"name": holder.name}
        else:
            return inert("end label of a block")
        if names["name"].valueText != hit.name:
            return refuse("unproven", f"the end label '{hit.name}' doesn't repeat '{names['name'].valueText}'")
        scope = next(scopes_of(holder.parent), None)
        if scope is None or scope.kind != K.CompilationUnit or holder.parent.kind != K.CompilationUnit:
            return inert("end label of a local declaration")
        declared = [
            (h, d)
            for h, d in self._declared(scope, hit.name)
            if h.node in (holder, getattr(holder, "header", None)) or _function_of(h) == holder
        ]
        for other, _ in declared:
            kind = definition_kind(other)
            target = self._own(other, kind) if kind else None
            if target is not None:
                return Verdict(Role.END_LABEL, "end label", target)
        return inert("end label of a local declaration")

    # References by one token

    def _instance(self, hit: Hit, where: str) -> Verdict:
        checker = self._checker(hit)
        if checker is not None:
            return checker
        return self._element(hit, ELEMENTS, where, "design element")

    def _checker(self, hit: Hit) -> Verdict | None:
        """A checker that the name reaches: it comes before any design element of the name."""
        for scope in scopes_of(hit.node):
            for other, what in self._declared(scope, hit.name):
                if what is Decl.CHECKER:
                    kind = definition_kind(other)
                    target = self._own(other, kind) if kind else None
                    if target is None:
                        return inert("instance of a local checker")
                    return Verdict(Role.REFERENCE, "checker instance", target)
                if what is Decl.IMPORT:
                    items = self._facts.package_items(other.node.package.valueText, hit.name)
                    if items is None:
                        return self._unknown_package(hit, other.node.package.valueText)
                    if Decl.CHECKER in items:
                        return inert("instance of an imported checker")
            for package in self._wildcards(scope):
                if Decl.CHECKER in (self._facts.package_items(package, hit.name) or ()):
                    return inert("instance of an imported checker")
        if self._scope.candidates(hit.name, (Kind.CHECKER,)) and not self._scope.candidates(hit.name, ELEMENTS):
            return self._reference(hit, (Kind.CHECKER,), "checker instance", "a checker")
        return None

    def _element(self, hit: Hit, kinds: Iterable[Kind], where: str, what: str) -> Verdict:
        """A design element by its name: an element nested around the place comes first."""
        for scope in scopes_of(hit.node):
            if scope.kind == K.CompilationUnit:
                break
            if any(d is Decl.MODULE for _, d in self._declared(scope, hit.name)):
                return inert(f"nested {what}")
        return self._reference(hit, kinds, where, f"a {what}" if what != "interface" else "an interface")

    def _port_connection(self, hit: Hit) -> Verdict:
        node = hit.node
        if node.openParen.kind == TokenKind.OpenParenthesis and not node.openParen.isMissing:
            return inert("port name")
        found = self._unit_name(hit, "port connected by name alone")
        if found.role is Role.REFERENCE:
            return refuse(
                "implicit-port",
                f"'.{hit.name}' names a port and the '{hit.name}' of the compilation unit at once; "
                f"write '.{hit.name}({hit.name})'",
            )
        return found

    def _config(self, hit: Hit) -> Verdict:
        """Cells and libraries in a config (IEEE 1800-2023 33.4)."""
        means, node = hit.slot.means, hit.node
        if means is Use.CONFIG_LIBRARY:
            return inert("library")
        kinds = {*ELEMENTS, Kind.CONFIG}
        if means is Use.CONFIG_TOP:
            return self._reference(hit, kinds, "top of an instance path", "a cell")
        library = node.library.valueText if not node.library.isMissing else ""
        if library:
            here = [d for d in self._scope.candidates(hit.name, kinds) if d.library == library]
            if not here:
                return inert(f"cell of library '{library}'")
        return self._reference(hit, kinds, "cell of a config", "a cell")

    # Names in expressions, types and statements

    def _name(self, hit: Hit) -> Verdict:
        node, parent = hit.node, hit.node.parent
        if parent.kind == K.ScopedName:
            return self._scoped(hit, parent)
        if parent.kind in (K.NamedType, K.ExtendsClause, K.ImplementsClause):
            return self._type(hit)
        if parent.kind == K.BindDirective and node == parent.target:
            return self._bind(hit)
        if parent.kind == K.BindTargetList:
            return inert("instance of a bind") if self._is_local(hit) else self._hierarchy(hit)
        if parent.kind == K.CheckerInstantiation:
            return self._checker(hit) or self._reference(hit, (Kind.CHECKER,), "checker instance", "a checker")
        if parent.kind in (K.NonAnsiUdpPortList, K.UdpInputPortDecl):
            return inert("port of its own primitive")
        if parent.kind == K.DefParamAssignment and node == parent.name:
            return self._unit_name(hit, "parameter")
        if parent.kind == K.AssignmentPatternItem and node == parent.key:
            return self._pattern_key(hit)
        if parent.kind in (K.NamedParamAssignment, K.OrderedParamAssignment):
            return self._parameter_value(hit)
        if self._is_system_argument(node):
            return self._system_argument(hit)
        if parent.kind == K.BinsSelectConditionExpr or parent.kind == K.SimpleBinsSelectExpr:
            return inert("coverpoint")
        return self._unit_name(hit, "expression")

    def _scoped(self, hit: Hit, parent: Node) -> Verdict:
        node = hit.node
        colons = parent.separator.kind == TokenKind.DoubleColon
        if node == parent.left:
            return self._class_or_package(hit) if colons else self._hierarchy(hit)
        left = parent.left.kind
        if left == K.UnitScope:
            return self._from_unit(hit)
        if left == K.LocalScope:
            return self._class_or_package(hit) if _goes_on(parent, colons=True) else self._unit_name(hit, "local")
        if left == K.RootScope:
            return self._reference(hit, HIERARCHY, "top of a hierarchical name", "a top module")
        return inert("item of a package or class" if colons else "member after a dot")

    def _from_unit(self, hit: Hit) -> Verdict:
        """`$unit::N`."""
        found = self._unit_declaration(hit)
        if found is not None:
            return found
        if self._scope.candidates(hit.name, UNIT_KINDS):
            return self._reference(hit, UNIT_KINDS, "item of $unit", "an item of $unit")
        return inert("item of $unit")

    def _class_or_package(self, hit: Hit) -> Verdict:
        """`N::`: a class that the place sees, otherwise a package (IEEE 1800-2023 26.3)."""
        for scope in scopes_of(hit.node):
            if scope.kind == K.CompilationUnit:
                break
            for other, what in self._declared(scope, hit.name):
                if what is Decl.TYPE and self._precedes(other, hit):
                    return inert("local class or type")
                if what is Decl.TYPE and scope.kind == K.ClassDeclaration:
                    return self._declared_later(hit, other)
                if what is Decl.IMPORT:
                    imported = self._explicitly_imported(hit, other, types_only=True)
                    if imported is not None:
                        return imported
            inner = self._inherited(scope, hit, types_only=True) or self._imported(hit, scope, types_only=True)
            if inner is not None:
                return inner
        declared = self._unit_declaration(hit, types_only=True)
        if declared is not None:
            return declared
        kinds = {Kind.PACKAGE}
        if not self._scope.candidates(hit.name, kinds) and self._scope.candidates(hit.name, UNIT_TYPES):
            return self._reference(hit, UNIT_TYPES, "class scope", "a class")
        return self._reference(hit, kinds, "package scope", "a package")

    def _type(self, hit: Hit) -> Verdict:
        """A type by its plain name; in a port or a type argument perhaps an interface."""
        found = self._look_up(hit, "type", types_only=True)
        if found is not None:
            return found
        interfaces = self._scope.candidates(hit.name, (Kind.INTERFACE,))
        if interfaces or self._undeclared_interface(hit):
            return self._element(hit, (Kind.INTERFACE,), "interface as a type", "interface")
        if _is_like_instance(hit.node.parent.parent) and self._scope.candidates(hit.name, ELEMENTS):
            return refuse(
                "missing-parentheses",
                f"'{hit.name}' is no type, and some tools take this for an instance of it; write its ports, "
                "`()` if there are none",
            )
        return inert("no design element is a type", weak=True)

    def _undeclared_interface(self, hit: Hit) -> bool:
        """Whether the name isn't reached at all, so that the type can only be an interface elsewhere."""
        return not self._scope.candidates(hit.name)

    def _parameter_value(self, hit: Hit) -> Verdict:
        """`#(N)`: a value, a type, or an interface given as a type."""
        found = self._look_up(hit, "parameter value")
        if found is not None:
            return found
        if self._scope.candidates(hit.name, (Kind.INTERFACE,)):
            return self._element(hit, (Kind.INTERFACE,), "interface as a type argument", "interface")
        return inert("parameter value", weak=True)

    def _pattern_key(self, hit: Hit) -> Verdict:
        """`'{N: 1}`: a member, an index or a type."""
        found = self._unit_name(hit, "key of an assignment pattern")
        if found.role is Role.REFERENCE:
            return refuse(
                "pattern-key",
                f"'{hit.name}' may name a member or the {found.target.kind if found.target else ''} "
                "of the compilation unit; give the pattern by position",
            )
        return found

    def _is_system_argument(self, node: Node) -> bool:
        at = node.parent
        for kind in (K.SimpleSequenceExpr, K.SimplePropertyExpr, K.OrderedArgument, K.ArgumentList):
            if at is None or at.kind != kind:
                return False
            at = at.parent
        if at is None:
            return False
        if at.kind == K.ElabSystemTask:
            return False
        return bool(at.kind == K.InvocationExpression and at.left.kind == K.SystemName)

    def _system_argument(self, hit: Hit) -> Verdict:
        """`$dumpvars(0, N)`: a value, or a scope by the name of its module."""
        found = self._look_up(hit, "argument of a system task")
        if found is not None:
            return found
        if self._scope.candidates(hit.name, HIERARCHY) or self._facts.above(hit.name):
            return self._upward(hit)
        return inert("argument of a system task", weak=True)

    def _bind(self, hit: Hit) -> Verdict:
        """`bind N …`: the target's definition, unless an instance has the name as well."""
        if not self._scope.candidates(hit.name, HIERARCHY):
            if self._is_local(hit) or self._facts.is_scope_name(hit.name):
                return inert("instance of a bind")
            return self._reference(hit, HIERARCHY, "bind target", "a bind target")
        found = self._element(hit, HIERARCHY, "bind target", "design element")
        # An instance of that name may be meant; the comparison of elaborated instances decides.
        return replace(found, elaborated=found.role is Role.REFERENCE and self._facts.is_scope_name(hit.name))

    def _hierarchy(self, hit: Hit) -> Verdict:
        """`N.x`: downward from a local name, or upward by an instance's or a module's name (23.8)."""
        if self._is_local(hit):
            return inert("hierarchical name from a local declaration")
        if is_implicit(hit):
            return inert("name that the language declares")
        for scope in scopes_of(hit.node):
            if inherited := self._inherited(scope, hit):
                return inherited
        for scope in scopes_of(hit.node):
            if scope.kind != K.CompilationUnit and (imported := self._imported(hit, scope)):
                return imported
        declared = self._unit_declaration(hit)
        if declared is not None and self._scope.candidates(hit.name, HIERARCHY):
            return refuse(
                "two-meanings",
                f"'{hit.name}' begins a hierarchical name, and both a design element and an item of the "
                "compilation unit have that name; rename one",
            )
        return declared or self._upward(hit)

    def _upward(self, hit: Hit) -> Verdict:
        """A name that only the hierarchy above can know."""
        candidates = self._scope.candidates(hit.name, HIERARCHY)
        if not candidates:
            above = {d for d in self._facts.above(hit.name) if d.kind in HIERARCHY}
            if len(above) > 1:
                several = " and ".join(f"{d.kind} '{d.name}' of {d.core}" for d in sorted(above))
                return refuse("ambiguous-version", f"this upward name may mean the {several}; pass a signal instead")
            if not above:
                if self._scope.candidates(hit.name) or self._facts.is_scope_name(hit.name):
                    return inert("hierarchical name from an instance or block")
                return self._reference(hit, HIERARCHY, "upward name", "a hierarchical name")
            target = next(iter(above))
        else:
            found = self._scope.resolve(hit.name, HIERARCHY)
            if found.definition is None:
                return refuse(found.code, found.message)
            target = found.definition
        if self._inside(hit, target):
            return Verdict(Role.REFERENCE, "own module's name", target)
        if self._facts.is_scope_name(hit.name):
            return Verdict(Role.REFERENCE, "upward name of a module", target, upward=True)
        return Verdict(Role.REFERENCE, "upward name of a module", target)

    def _inside(self, hit: Hit, target: Definition) -> bool:
        """Whether the place is in the target's own text."""
        if hit.path is None or self._facts.owner(hit.path).id != target.core:
            return False
        for scope in scopes_of(hit.node):
            if scope.kind in MODULE_LIKE and scope.parent is not None and scope.parent.kind == K.CompilationUnit:
                return bool(scope.header.name.valueText == target.name)
        return False


def _is_like_instance(declaration: Node) -> bool:
    """Whether a declaration stands where an instance could: `N x;` in a module."""
    return bool(
        declaration.kind == K.DataDeclaration
        and not declaration.modifiers
        and declaration.parent.kind in (K.ModuleDeclaration, K.InterfaceDeclaration, K.GenerateBlock, K.GenerateRegion)
    )


def _extern(hit: Hit, what: Decl) -> bool:
    return what is Decl.MODULE and is_extern(hit)


def _function_of(hit: Hit) -> Node | None:
    """The function or task whose name a hit is."""
    parent = hit.node.parent
    return parent.parent if parent is not None and parent.kind == K.FunctionPrototype else None


def _goes_on(scoped: Node, *, colons: bool) -> bool:
    """Whether a scoped name is followed by `::`."""
    outer = scoped.parent
    return bool(
        outer is not None
        and outer.kind == K.ScopedName
        and outer.left == scoped
        and colons == (outer.separator.kind == TokenKind.DoubleColon)
    )
