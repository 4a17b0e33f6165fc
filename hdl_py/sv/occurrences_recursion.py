"""Design elements that may hold themselves, by the text alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyslang.syntax import SyntaxKind, SyntaxTree

_HOLDERS = frozenset({SyntaxKind.ModuleDeclaration, SyntaxKind.InterfaceDeclaration, SyntaxKind.ProgramDeclaration})


def instance_loop(trees: Iterable[SyntaxTree]) -> str:
    """A module that can be somewhere below itself; or an empty text."""
    below: dict[str, set[str]] = {}

    def note(name: str, node: Any) -> None:
        at = node.parent
        while at is not None:
            if at.kind == SyntaxKind.BindDirective:
                below.setdefault(at.target.getLastToken().valueText, set()).add(name)
            if at.kind in _HOLDERS:
                below.setdefault(at.header.name.valueText, set()).add(name)
            at = at.parent

    def typed(node: Any) -> None:
        # `N x;` is an instance to slang, its ports forgotten.
        if node.type.kind == SyntaxKind.NamedType:
            note(node.type.name.getFirstToken().valueText, node)

    table: dict[Any, Any] = {
        SyntaxKind.HierarchyInstantiation: lambda n: note(n.type.valueText, n),
        SyntaxKind.PrimitiveInstantiation: lambda n: note(n.type.valueText, n),
        SyntaxKind.DataDeclaration: typed,
    }
    for tree in trees:
        tree.root.visit(lookup_table=table)
    return _first_loop(below)


def port_loop(trees: Iterable[SyntaxTree]) -> str:
    """An interface that has itself for a port, directly or not: slang never comes back from one."""
    ports: dict[str, set[str]] = {}

    def note(name: str, node: Any) -> None:
        at = node.parent
        while at is not None and at.kind not in _HOLDERS:
            at = at.parent
        if at is not None and at.kind == SyntaxKind.InterfaceDeclaration:
            ports.setdefault(at.header.name.valueText, set()).add(name)

    def typed(node: Any) -> None:
        data_type = getattr(node, "dataType", None) or getattr(node, "type", None)
        if data_type is not None and data_type.kind == SyntaxKind.NamedType:
            note(data_type.name.getFirstToken().valueText, node)

    table: dict[Any, Any] = {
        SyntaxKind.InterfacePortHeader: lambda n: note(n.nameOrKeyword.valueText, n),
        SyntaxKind.VariablePortHeader: typed,
        SyntaxKind.NetPortHeader: typed,
        SyntaxKind.DataDeclaration: typed,
    }
    for tree in trees:
        tree.root.visit(lookup_table=table)
    return _first_loop(ports)


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
