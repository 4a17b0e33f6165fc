"""What the names of other units mean: packages' exports, classes' members, ports of definitions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from typing import Any

from pyslang.parsing import Token
from pyslang.syntax import SyntaxKind as K

from hdl_py.sv.unit_items import literal_names


class KnownNames:
    """Names that a unit can see beyond its own text, from the elaborated packages and the trees."""

    def __init__(
        self,
        compilation: Any,
        trees: Iterable[Any],
        ports: Mapping[str, Collection[str]],
        tops: Iterable[str],
    ) -> None:
        """
        Args:
            compilation: slang's compilation of the unit and its dependencies.
            trees: the syntax trees of both.
            ports: port names of each definition that may be instantiated.
            tops: modules that may be the top of a design, and so stand behind `$root.`.
        """
        self._compilation = compilation
        self._trees = list(trees)
        self._ports = ports
        self.tops = frozenset(tops)
        self._cache: dict[tuple[str, str], bool] = {}

    def exports(self, package: str, name: str) -> bool:
        """Whether an import of `package::*` offers a name (IEEE 1800-2023 26.3, 26.6)."""
        key = (package, name)
        if key not in self._cache:
            symbol = self._compilation.getPackage(package)
            self._cache[key] = symbol is not None and symbol.findForImport(name) is not None
        return self._cache[key]

    def _kind(self, package: str, name: str) -> str:
        symbol = self._compilation.getPackage(package)
        found = symbol.findForImport(name) if symbol is not None else None
        return found.kind.name if found is not None else ""

    def callable(self, package: str, name: str) -> bool:
        """Whether a package's name is a function or task."""
        return self._kind(package, name) == "Subroutine"

    def is_type(self, package: str, name: str) -> bool:
        """Whether a package's name is a class or another type."""
        return self._kind(package, name) in _TYPE_SYMBOLS

    def signal(self, package: str, name: str) -> bool:
        """Whether a package's name is a variable or net."""
        return self._kind(package, name) in ("Variable", "Net")

    def ports(self, definition: str) -> Collection[str]:
        """The names of a definition's ports; none where it is unknown."""
        return self._ports.get(definition, ())

    @cached_property
    def _classes(self) -> dict[str, list[Any]]:
        out: dict[str, list[Any]] = {}

        def visit(item: Any) -> None:
            if not isinstance(item, Token) and item.kind == K.ClassDeclaration:
                out.setdefault(item.name.valueText, []).append(item)

        for tree in self._trees:
            tree.root.visit(visit)
        return out

    @cached_property
    def struct_members(self) -> frozenset[str]:
        """The names of all members of structures and unions."""
        out: set[str] = set()

        def visit(item: Any) -> None:
            if not isinstance(item, Token) and item.kind == K.StructUnionMember:
                out.update(d.name.valueText for d in item.declarators if not isinstance(d, Token))

        for tree in self._trees:
            tree.root.visit(visit)
        return frozenset(out)

    @cached_property
    def all_class_members(self) -> frozenset[str]:
        """The names that any class declares: what an object or a base class of unknown type may have."""
        out = set(_BUILT_IN_METHODS)
        for nodes in self._classes.values():
            for node in nodes:
                _collect_class(node, out)
        return frozenset(out)

    def class_members(self, name: str, seen: frozenset[str] = frozenset()) -> Collection[str] | None:
        """Names that a class declares or inherits; None where the class or a base of it is unknown."""
        nodes = self._classes.get(name)
        if not nodes or name in seen:
            return None
        out: set[str] = set()
        for node in nodes:
            _collect_class(node, out)
            if node.extendsClause is not None:
                base = node.extendsClause.baseName
                while base.kind == K.ScopedName:
                    base = base.right
                inherited = self.class_members(base.identifier.valueText, seen | {name})
                if inherited is None:
                    return None
                out.update(inherited)
        return out


_TYPE_SYMBOLS = {"ClassType", "GenericClassDef", "TypeAlias", "TypeParameter", "ForwardingTypedef", "CovergroupType"}
_DECLARING = {
    K.Declarator,
    K.TypedefDeclaration,
    K.ForwardTypedefDeclaration,
    K.TypeAssignment,
    K.ClassDeclaration,
    K.CovergroupDeclaration,
}
_CLOSED = {K.FunctionPrototype, K.ClassDeclaration, K.CovergroupDeclaration, K.StructUnionMember, K.ConstraintBlock}


# Methods of every object and of the classes of std (IEEE 1800-2023 18.6 to 18.13, G).
_BUILT_IN_METHODS = [
    "await",
    "clear",
    "constraint_mode",
    "get",
    "get_id",
    "get_randstate",
    "kill",
    "new",
    "num",
    "peek",
    "post_randomize",
    "pre_randomize",
    "put",
    "rand_mode",
    "randomize",
    "resume",
    "self",
    "set_randstate",
    "srandom",
    "status",
    "suspend",
    "try_get",
    "try_peek",
    "try_put",
]


def _collect_class(node: Any, out: set[str]) -> None:
    """Adds the names that a class declares itself."""
    for item in node.items:
        _collect(item, out)
    if node.parameters is not None:
        _collect(node.parameters, out)


def _collect(node: Any, out: set[str]) -> None:
    """Adds the names that a class item declares in its class."""
    if node.kind == K.EnumType:
        out.update(name for m in node.members if not isinstance(m, Token) for name in literal_names(m))
        return
    if node.kind in _DECLARING:
        out.add(node.name.valueText)
    elif node.kind in (K.FunctionPrototype, K.ConstraintDeclaration, K.ConstraintPrototype):
        name = node.name
        if name.kind == K.IdentifierName:
            out.add(name.identifier.valueText)
    if node.kind in _CLOSED or node.kind in (K.FunctionDeclaration, K.TaskDeclaration):
        if node.kind in (K.FunctionDeclaration, K.TaskDeclaration):
            _collect(node.prototype, out)
        return
    for child in node:
        if child is not None and not isinstance(child, Token):
            _collect(child, out)
