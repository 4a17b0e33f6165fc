"""What a place sees: the declarations around it, imports, base classes and the compilation unit.

The rules are those of IEEE 1800-2023 23.9 and 26.3. Where tools may differ, the answer is a
refusal.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyslang
from pyslang.syntax import SyntaxKind as K

from hdl_py.mangle.model import Definition, Kind, Role, Scope
from hdl_py.sv.occurrences_hits import Hit, Hits, scopes_of
from hdl_py.sv.occurrences_slots import Decl
from hdl_py.sv.occurrences_verdict import (
    UNIT_KINDS,
    UNIT_TYPES,
    Facts,
    Verdict,
    definition_kind,
    inert,
    is_implicit,
    refuse,
)

Node = Any


class Lookup:
    """Looks names up in one parse of one core."""

    def __init__(self, hits: Hits, scope: Scope, facts: Facts) -> None:
        self._hits = hits
        self._scope = scope
        self._facts = facts

    def _own(self, hit: Hit, kind: Kind) -> Definition | None:
        """The definition that a declaring hit makes, by the core whose file it is in."""
        if hit.path is None:
            return None
        owner = self._facts.owner(hit.path).id
        # A forward declaration can't say whether a class or another type follows.
        kinds = UNIT_TYPES if kind in UNIT_TYPES else {kind}
        same = [d for d in self._scope.candidates(hit.name, kinds) if d.core == owner]
        return same[0] if same else None

    def _reference(self, hit: Hit, kinds: Iterable[Kind], where: str, what: str) -> Verdict:
        """A place that can only name a definition of these kinds."""
        found = self._scope.resolve(hit.name, kinds)
        if found.definition is not None:
            return Verdict(Role.REFERENCE, where, found.definition)
        return refuse(found.code, f"{found.message} (found where {what} must stand)")

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

    def _inherited(self, scope: Node, hit: Hit, *, types_only: bool = False) -> Verdict | None:
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
        if self._facts.is_class_member(hit.name, types_only=types_only):
            return refuse(
                "inherited",
                f"'{hit.name}' may be a member of a base class here: some class declares a member of that name; "
                "rename the member",
            )
        return None

    def _unknown_package(self, hit: Hit, package: str) -> Verdict:
        return refuse(
            "unknown-package",
            f"'{hit.name}' may come from package '{package}', which no SystemVerilog core that this one "
            f"depends on defines; add the core that defines '{package}'",
        )
