"""The role of one occurrence, from the syntax around it and the declarations it can see.

Each rule names what it proves. Where two readings are left, the answer is a refusal:
a name is inert only if nothing it could reach is the definition.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import pyslang
from pyslang.parsing import TokenKind
from pyslang.syntax import SyntaxKind as K

from hdl_py.mangle.model import Core, Definition, Kind, Role, Scope
from hdl_py.sv.occurrences_hits import Hit, Hits, declares, home_scope, scopes_of
from hdl_py.sv.occurrences_slots import MODULE_LIKE, Decl, Use

Node = Any

ELEMENTS = frozenset({Kind.MODULE, Kind.INTERFACE, Kind.PROGRAM, Kind.PRIMITIVE, Kind.ENTITY})
"""Kinds that an instantiation may name, checkers apart."""

HIERARCHY = frozenset({Kind.MODULE, Kind.INTERFACE, Kind.PROGRAM, Kind.ENTITY})
"""Kinds whose name may begin a hierarchical name (IEEE 1800-2023 23.8)."""

UNIT_TYPES = frozenset({Kind.CLASS, Kind.TYPEDEF})
UNIT_KINDS = frozenset({*UNIT_TYPES, Kind.CHECKER, Kind.UNIT_ITEM})
"""Kinds declared in the compilation-unit scope (IEEE 1800-2023 3.12.1)."""

_UNIT_KIND = {
    K.ClassDeclaration: Kind.CLASS,
    K.TypedefDeclaration: Kind.TYPEDEF,
    K.ForwardTypedefDeclaration: Kind.TYPEDEF,
    K.CheckerDeclaration: Kind.CHECKER,
}
_HEADER_KIND = {
    K.ModuleDeclaration: Kind.MODULE,
    K.InterfaceDeclaration: Kind.INTERFACE,
    K.ProgramDeclaration: Kind.PROGRAM,
    K.PackageDeclaration: Kind.PACKAGE,
    K.ModuleHeader: Kind.MODULE,
    K.InterfaceHeader: Kind.INTERFACE,
    K.ProgramHeader: Kind.PROGRAM,
    K.UdpDeclaration: Kind.PRIMITIVE,
    K.ExternUdpDecl: Kind.PRIMITIVE,
    K.ConfigDeclaration: Kind.CONFIG,
}


@dataclass(frozen=True)
class Verdict:
    """What a hit is.

    Attributes:
        role: None for a refusal.
        why: the proof, or the refusal's message.
        target: the definition meant.
        code: the refusal's code.
        upward: a hierarchical name that elaboration must decide: instance or definition.
        elaborated: holds only if elaboration reaches the place and finds no difference.
        weak: inert because nothing of the definition's kind can stand here, without a
            declaration that the name is seen to mean instead.
    """

    role: Role | None
    why: str
    target: Definition | None = None
    code: str = ""
    upward: bool = False
    elaborated: bool = False
    weak: bool = False


def inert(why: str, *, weak: bool = False) -> Verdict:
    """A name that can't mean the definition."""
    return Verdict(Role.INERT, why, weak=weak)


def refuse(code: str, why: str) -> Verdict:
    """A name whose meaning can't be proven."""
    return Verdict(None, why, code=code)


class Facts(Protocol):
    """What is known of a name in the rest of the design."""

    def package_items(self, package: str, name: str) -> frozenset[Decl] | None:
        """What a package that the core reaches declares under a name; None for an unknown package."""

    def is_class_member(self, name: str) -> bool:
        """Whether any class that the core could inherit from declares the name."""

    def is_scope_name(self, name: str) -> bool:
        """Whether an instance, a block or anything else in a design element has the name, anywhere."""

    @property
    def prints_enumerators(self) -> bool:
        """Whether anything in the design may turn enumerators into text."""

    def owner(self, path: str) -> Core:
        """Whose file it is."""

    def above(self, name: str) -> tuple[Definition, ...]:
        """Definitions of the name in cores that depend on this one."""


def definition_kind(hit: Hit) -> Kind | None:
    """What a hit defines for the whole design or for its compilation unit; None if neither."""
    what = declares(hit)
    node = hit.node
    if what is Decl.MODULE:
        holder = node if node.kind in (K.UdpDeclaration, K.ExternUdpDecl, K.ConfigDeclaration) else node.parent
        if holder.parent is None or holder.parent.kind != K.CompilationUnit:
            return None
        return _HEADER_KIND.get(holder.kind) or _HEADER_KIND.get(node.kind)
    if what in (None, Decl.IMPORT, Decl.INSTANCE, Decl.LABEL):
        return None
    scope = next(scopes_of(_outside(hit)), None)
    if scope is None or scope.kind != K.CompilationUnit or _is_dpi(node):
        return None
    return _UNIT_KIND.get(node.kind, Kind.UNIT_ITEM)


def is_extern(hit: Hit) -> bool:
    """Whether a header only announces a definition that stands elsewhere (IEEE 1800-2023 23.5)."""
    return bool(hit.node.kind == K.ExternUdpDecl or hit.node.parent.kind == K.ExternModuleDecl)


def _outside(hit: Hit) -> Node:
    return home_scope(hit)


def _is_dpi(node: Node) -> bool:
    at = node
    while at is not None and at.kind != K.CompilationUnit:
        if at.kind == K.DPIImport:
            return True
        at = at.parent
    return False


class Roles:
    """Decides the hits of one parse of one core."""

    def __init__(self, hits: Hits, scope: Scope, facts: Facts) -> None:
        self._hits = hits
        self._scope = scope
        self._facts = facts

    def decide(self, hit: Hit) -> Verdict:
        """The verdict on one hit."""
        means = hit.slot.means
        if isinstance(means, str):
            return inert(means)
        what = declares(hit)
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

    def _own(self, hit: Hit, kind: Kind) -> Definition | None:
        """The definition that a declaring hit makes, by the core whose file it is in."""
        if hit.path is None:
            return None
        owner = self._facts.owner(hit.path).id
        # A forward declaration can't say whether a class or another type follows.
        kinds = UNIT_TYPES if kind in UNIT_TYPES else {kind}
        same = [d for d in self._scope.candidates(hit.name, kinds) if d.core == owner]
        return same[0] if same else None

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

    def _reference(self, hit: Hit, kinds: Iterable[Kind], where: str, what: str) -> Verdict:
        """A place that can only name a definition of these kinds."""
        found = self._scope.resolve(hit.name, kinds)
        if found.definition is not None:
            return Verdict(Role.REFERENCE, where, found.definition)
        return refuse(found.code, f"{found.message} (found where {what} must stand)")

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
            inner = self._inherited(scope, hit) or self._imported(hit, scope, types_only=True)
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

    # What a place sees

    def _unit_name(self, hit: Hit, where: str, *, types_only: bool = False) -> Verdict:
        """A name looked up like a value or type that can't be a design element or a package."""
        found = self._look_up(hit, where, types_only=types_only)
        if found is not None:
            return found
        if not types_only and self._scope.candidates(hit.name, (Kind.INTERFACE,)):
            return refuse(
                "undeclared-value",
                f"'{hit.name}' is declared nowhere as a value, and it is the name of an interface; declare it",
            )
        return inert(f"{where}: no design element and no package is a value or a type", weak=True)

    def _look_up(self, hit: Hit, where: str, *, types_only: bool = False) -> Verdict | None:
        """The innermost declaration that a plain name finds (IEEE 1800-2023 23.9); None if none."""
        for scope in scopes_of(hit.node, patterns=True):
            if scope.kind == K.CompilationUnit:
                break
            found = self._in_scope(hit, scope, types_only=types_only)
            if found is not None:
                return found
        if is_implicit(hit):
            return inert("name that the language declares")
        declared = self._unit_declaration(hit, types_only=types_only)
        if declared is not None:
            return declared
        kinds = UNIT_TYPES | {Kind.UNIT_ITEM} if types_only else UNIT_KINDS
        if self._scope.candidates(hit.name, kinds):
            return self._reference(hit, kinds, where, "an item of $unit")
        return None

    def _matters(self, hit: Hit) -> bool:
        """Whether a plain value or type of this name could be a definition at all."""
        found = self._scope.candidates(hit.name)
        return not found or any(d.kind in UNIT_KINDS or d.kind is Kind.INTERFACE for d in found)

    def _in_scope(self, hit: Hit, scope: Node, *, types_only: bool) -> Verdict | None:
        """The declaration that one scope has for a plain name.

        Types are found by what stands before them, as every parser must; of values and of
        members of a class, tools know later declarations too.
        """
        matters = self._matters(hit)
        for other, what in self._declared(scope, hit.name):
            if what in (Decl.MODULE, Decl.LABEL):
                continue
            if self._precedes(other, hit) or not matters:
                return inert(f"local {what.value}")
            if what is not Decl.INSTANCE and not (types_only and scope.kind != K.ClassDeclaration):
                return self._declared_later(hit, other)
        if not matters:
            return None
        return self._inherited(scope, hit) or self._imported(hit, scope)

    def _imported(self, hit: Hit, scope: Node, *, types_only: bool = False) -> Verdict | None:
        """What a scope's wildcard imports have for a plain name."""
        known = self._hits.known_scope(scope)
        for package, location in known.wildcards if known else ():
            items = self._facts.package_items(package, hit.name)
            if items is None:
                return self._unknown_package(hit, package)
            if items and (not types_only or Decl.TYPE in items):
                if not self._hits.before(location, hit.location):
                    return self._declared_later_at(hit, location)
                return inert("imported class or type" if types_only else "imported item")
        return None

    def _unit_declaration(self, hit: Hit, *, types_only: bool = False) -> Verdict | None:
        """The name as this compilation unit's own scope declares or imports it."""
        root = self._hits.parsed.tree.root
        later: Hit | None = None
        for other, what in self._declared(root, hit.name):
            if what in (Decl.MODULE, Decl.LABEL, Decl.INSTANCE):
                continue
            if what is Decl.IMPORT:
                imported = self._explicitly_imported(hit, other, types_only=types_only)
                if imported is not None:
                    return imported
                continue
            if types_only and what is not Decl.TYPE:
                continue
            if not self._precedes(other, hit):
                later = other
                continue
            kind = definition_kind(other)
            target = self._own(other, kind) if kind else None
            if target is None:
                return inert("declaration of its own compilation unit")
            return Verdict(Role.REFERENCE, f"{kind} of the compilation unit", target)
        if later is not None and definition_kind(later) is Kind.UNIT_ITEM:
            return self._declared_later(hit, later)
        return self._imported(hit, root, types_only=types_only)

    def _explicitly_imported(self, hit: Hit, item: Hit, *, types_only: bool) -> Verdict | None:
        """`import p::N` as the declaration of a plain name."""
        package = item.node.package.valueText
        items = self._facts.package_items(package, hit.name)
        if types_only and items is None:
            return self._unknown_package(hit, package)
        if types_only and Decl.TYPE not in (items or ()):
            return None
        return inert("imported item") if self._precedes(item, hit) else self._declared_later(hit, item)

    def _is_local(self, hit: Hit) -> bool:
        """Whether a scope around the place declares the name, before or after it."""
        for scope in scopes_of(hit.node, patterns=True):
            if scope.kind == K.CompilationUnit:
                return False
            if any(what is not Decl.MODULE for _, what in self._declared(scope, hit.name)):
                return True
        return False

    def _declared(self, scope: Node, name: str) -> list[tuple[Hit, Decl]]:
        known = self._hits.known_scope(scope)
        return known.declared.get(name, []) if known else []

    def _wildcards(self, scope: Node) -> tuple[str, ...]:
        known = self._hits.known_scope(scope)
        return tuple(p for p, _ in known.wildcards) if known else ()

    def _precedes(self, other: Hit, hit: Hit) -> bool:
        return other.order == hit.order or self._hits.before(other.location, hit.location)

    def _declared_later(self, hit: Hit, other: Hit) -> Verdict:
        return self._declared_later_at(hit, other.location)

    def _declared_later_at(self, hit: Hit, location: pyslang.SourceLocation) -> Verdict:
        position = self._hits.parsed.position(location)
        return refuse(
            "declared-later",
            f"'{hit.name}' is declared locally only after this place ({position}), and tools differ in what it "
            "means here; declare it first, or rename it",
        )

    def _inherited(self, scope: Node, hit: Hit) -> Verdict | None:
        """A class scope may have the name from a base class."""
        node = scope
        extends = False
        if node.kind == K.ClassDeclaration:
            extends = node.extendsClause is not None or node.implementsClause is not None
        elif node.kind in (K.FunctionDeclaration, K.TaskDeclaration):
            extends = node.prototype.name.kind == K.ScopedName
        elif node.kind == K.ArrayOrRandomizeMethodExpression:
            extends = node.constraints is not None
        elif node.kind == K.CompilationUnit:
            return None
        if not extends or hit.node.parent == getattr(node, "extendsClause", None):
            return None
        if self._facts.is_class_member(hit.name):
            return refuse(
                "inherited",
                f"'{hit.name}' may be a member of a base class here: some class declares a member of that name; "
                "rename the member",
            )
        return None

    def _unknown_package(self, hit: Hit, package: str) -> Verdict:
        return refuse(
            "unknown-package",
            f"'{hit.name}' may come from package '{package}', which no core of the request that this one "
            f"depends on defines; add the core that defines '{package}'",
        )


def _is_like_instance(declaration: Node) -> bool:
    """Whether a declaration stands where an instance could: `N x;` in a module."""
    return bool(
        declaration.kind == K.DataDeclaration
        and not declaration.modifiers
        and declaration.parent.kind in (K.ModuleDeclaration, K.InterfaceDeclaration, K.GenerateBlock, K.GenerateRegion)
    )


def _extern(hit: Hit, what: Decl) -> bool:
    return what is Decl.MODULE and is_extern(hit)


def is_implicit(hit: Hit) -> bool:
    """Whether the language itself declares the name here: `item` and `option`."""
    at = hit.node.parent
    while at is not None and at.kind != K.CompilationUnit:
        if hit.name == "item" and at.kind in (K.ParenExpressionList, K.WithClause, K.IdWithExprCoverageBinInitializer):
            return True
        if hit.name == "item" and at.kind in (K.BinSelectWithFilterExpr, K.ArrayOrRandomizeMethodExpression):
            return True
        if hit.name in ("option", "type_option") and at.kind == K.CovergroupDeclaration:
            return True
        at = at.parent
    return False


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
