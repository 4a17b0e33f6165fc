"""What the rest of the design says of a name: packages, base classes, instances, users."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property

from pyslang.syntax import SyntaxKind as K

from hdl_py.mangle.model import Core, CoreId, Definition, Kind, Language, Scope
from hdl_py.mangle.scope import reach
from hdl_py.sv.occurrences_explore import Exploration
from hdl_py.sv.occurrences_hits import Hits, is_bound, scopes_of
from hdl_py.sv.occurrences_slots import MODULE_LIKE, Decl

_PRINTS = re.compile(rb"\.\s*name\b|%[0-9]*[pP]|\$typename\b")


class CoreFacts:
    """Local declarations of names under proof in one core, over all its parses."""

    def __init__(self, exploration: Exploration) -> None:
        self.packages: dict[str, dict[str, set[Decl]]] = defaultdict(lambda: defaultdict(set))
        self.exporting: set[str] = set()
        self.class_members: set[str] = set()
        self.class_types: set[str] = set()
        self.scope_names: set[str] = set()
        for hits in exploration.parses:
            self._read(hits)

    def _read(self, hits: Hits) -> None:
        self.exporting |= hits.exporting_packages
        for scope in hits.scopes:
            kind = scope.node.kind
            for name, declared in scope.declared.items():
                what = {d for _, d in declared}
                if kind == K.PackageDeclaration:
                    self.packages[scope.node.header.name.valueText][name] |= what
                elif kind == K.ClassDeclaration:
                    self.class_members.add(name)
                    if what & {Decl.TYPE, Decl.IMPORT}:
                        self.class_types.add(name)
                elif kind != K.CompilationUnit and _in_element(scope.node):
                    self.scope_names.add(name)
        for hit in hits.all:
            if hit.node.kind == K.InstanceName and is_bound(hit.node):
                self.scope_names.add(hit.name)


def _in_element(node: object) -> bool:
    """Whether a scope is in a design element that instances can be made of."""
    return any(s.kind in MODULE_LIKE and s.kind != K.PackageDeclaration for s in scopes_of(node))


class DesignFacts:
    """`occurrences_roles.Facts` for one core."""

    def __init__(
        self,
        scope: Scope,
        owners: Callable[[str], Core],
        facts_of: Callable[[Core], CoreFacts],
        definitions_of: Callable[[Core], Iterable[Definition]],
    ) -> None:
        self._scope = scope
        self._owners = owners
        self._facts_of = facts_of
        self._definitions_of = definitions_of
        self._items: dict[tuple[str, str], frozenset[Decl] | None] = {}

    def owner(self, path: str) -> Core:
        """Whose file it is."""
        return self._owners(path)

    @cached_property
    def _readable(self) -> tuple[Core, ...]:
        """SystemVerilog cores that the core sees, itself first."""
        cores = (self._scope.core, *self._scope.reachable)
        return tuple(c for c in cores if c.language is Language.SYSTEMVERILOG)

    def package_items(self, package: str, name: str) -> frozenset[Decl] | None:
        """What a package declares under a name; None where no SystemVerilog core in reach defines it."""
        if (package, name) not in self._items:
            self._items[package, name] = self._package_items(package, name)
        return self._items[package, name]

    def _package_items(self, package: str, name: str) -> frozenset[Decl] | None:
        if package == "std":
            return frozenset({Decl.TYPE} if name in ("mailbox", "process", "semaphore") else ())
        found = self._scope.resolve(package, (Kind.PACKAGE,)).definition
        if found is None:
            return None
        home = next((c for c in self._readable if c.id == found.core), None)
        if home is None:
            return None  # one of VHDL, as some simulators import it
        facts = self._facts_of(home)
        items = set(facts.packages.get(package, {}).get(name, set()))
        if package in facts.exporting:
            for core in self._readable:
                for other in self._facts_of(core).packages.values():
                    items |= other.get(name, set())
        return frozenset(items)

    def is_class_member(self, name: str, *, types_only: bool) -> bool:
        """Whether any class that the core sees declares the name."""
        facts = (self._facts_of(c) for c in self._readable)
        return any(name in (f.class_types if types_only else f.class_members) for f in facts)

    @cached_property
    def _all(self) -> tuple[Core, ...]:
        return tuple(c for c in self._scope.cores if c.language is Language.SYSTEMVERILOG)

    def is_scope_name(self, name: str) -> bool:
        """Whether anything in a design element has the name, in any core of the design."""
        return any(name in self._facts_of(c).scope_names for c in self._all)

    @cached_property
    def prints_enumerators(self) -> bool:
        """Whether anything in the design may turn enumerators into text: `name()`, `%p` or `$typename`."""
        return any(_PRINTS.search(file.data) for core in self._all for file in core.files)

    @cached_property
    def _above(self) -> dict[str, list[Definition]]:
        by_id = {c.id: c for c in self._scope.cores}
        found: dict[str, list[Definition]] = defaultdict(list)
        me: CoreId = self._scope.core.id
        for core in self._scope.cores:
            if core.id != me and any(r.id == me for r in reach(core, by_id)):
                for d in self._definitions_of(core):
                    found[d.name].append(d)
        return found

    def above(self, name: str) -> tuple[Definition, ...]:
        """Definitions of a name in cores that depend on this one."""
        return tuple(self._above.get(name, ()))
