"""Design elements that may hold themselves, by the text alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pyslang.syntax import SyntaxKind, SyntaxTree

_HOLDERS = frozenset({SyntaxKind.ModuleDeclaration, SyntaxKind.InterfaceDeclaration, SyntaxKind.ProgramDeclaration})


class Holding:
    """What the design elements of one tree hold, by name: elements below, and interfaces for ports."""

    def __init__(self, tree: SyntaxTree) -> None:
        self.below: dict[str, set[str]] = {}
        self.ports: dict[str, set[str]] = {}
        table: dict[Any, Any] = {
            SyntaxKind.HierarchyInstantiation: lambda n: self._instance(n.type.valueText, n),
            SyntaxKind.PrimitiveInstantiation: lambda n: self._instance(n.type.valueText, n),
            SyntaxKind.InterfacePortHeader: lambda n: self._port(n.nameOrKeyword.valueText, n),
            SyntaxKind.VariablePortHeader: lambda n: self._typed_port(n.dataType, n),
            SyntaxKind.NetPortHeader: lambda n: self._typed_port(n.dataType, n),
            SyntaxKind.DataDeclaration: self._data,
        }
        tree.root.visit(lookup_table=table)

    def _instance(self, name: str, node: Any) -> None:
        at = node.parent
        while at is not None:
            if at.kind == SyntaxKind.BindDirective:
                self.below.setdefault(at.target.getLastToken().valueText, set()).add(name)
            if at.kind in _HOLDERS:
                self.below.setdefault(at.header.name.valueText, set()).add(name)
            at = at.parent

    def _port(self, name: str, node: Any) -> None:
        at = node.parent
        while at is not None and at.kind not in _HOLDERS:
            at = at.parent
        if at is not None and at.kind == SyntaxKind.InterfaceDeclaration:
            self.ports.setdefault(at.header.name.valueText, set()).add(name)

    def _typed_port(self, data_type: Any, node: Any) -> None:
        if data_type.kind == SyntaxKind.NamedType:
            self._port(data_type.name.getFirstToken().valueText, node)

    def _data(self, node: Any) -> None:
        # `N x;` is an instance to slang, its ports forgotten; in an interface it may be a port as well.
        if node.type.kind == SyntaxKind.NamedType and node.type.name.kind == SyntaxKind.IdentifierName:
            name = node.type.name.identifier.valueText
            self._instance(name, node)
            self._port(name, node)


def instance_loop(trees: Iterable[Holding]) -> str:
    """A module that can be somewhere below itself; or an empty text."""
    return _first_loop(_merged(tree.below for tree in trees))


def port_loop(trees: Iterable[Holding]) -> str:
    """An interface that has itself for a port, directly or not: slang never comes back from one."""
    return _first_loop(_merged(tree.ports for tree in trees))


def _merged(parts: Iterable[Mapping[str, set[str]]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for part in parts:
        for name, held in part.items():
            found[name] = found.get(name, set()) | held
    return found


def _first_loop(below: dict[str, set[str]]) -> str:
    """The first name, in order, that leads back to itself; or an empty text."""
    for name in sorted(below):
        seen: set[str] = set()
        todo = [name]
        while todo:
            for other in below.get(todo.pop(), ()):
                if other == name:
                    return name
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
    return ""
