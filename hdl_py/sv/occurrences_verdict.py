"""The role of one occurrence, from the syntax around it and the declarations it can see.

Each rule names what it proves. Where two readings are left, the answer is a refusal:
a name is inert only if nothing it could reach is the definition.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from pyslang.syntax import SyntaxKind as K

from hdl_py.mangle.model import Core, Definition, Kind, Role
from hdl_py.sv.occurrences_hits import Hit, declares, home_scope, scopes_of
from hdl_py.sv.occurrences_slots import Decl

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

    def is_class_member(self, name: str, *, types_only: bool) -> bool:
        """Whether any class that the core could inherit from declares the name, as a type if that is asked."""

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
