"""What stands in the compilation-unit scope, outside every definition."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pyslang.parsing import Token
from pyslang.syntax import SyntaxKind as K

from hdl_py.sv.definitions import DEFINITION_KINDS
from hdl_py.sv.syntax import ParsedUnit

ITEMS = {
    K.TypedefDeclaration,
    K.ForwardTypedefDeclaration,
    K.DataDeclaration,
    K.NetDeclaration,
    K.UserDefinedNetDeclaration,
    K.NetTypeDeclaration,
    K.ParameterDeclarationStatement,
    K.FunctionDeclaration,
    K.TaskDeclaration,
    K.DPIImport,
    K.DPIExport,
    K.ClassDeclaration,
    K.ConstraintDeclaration,
    K.SequenceDeclaration,
    K.PropertyDeclaration,
    K.LetDeclaration,
    K.CovergroupDeclaration,
    K.PackageImportDeclaration,
    K.PackageExportDeclaration,
    K.PackageExportAllDeclaration,
    K.AnonymousProgram,
    K.SpecparamDeclaration,
}
"""Syntax that is local to the compilation unit (IEEE 1800-2023 3.12.1); what else may stand there is shared."""

SIGNALS = {K.DataDeclaration, K.NetDeclaration, K.UserDefinedNetDeclaration}
"""Items that are variables or nets."""

STAYING = {*DEFINITION_KINDS, K.BindDirective, K.ExternModuleDecl, K.ExternUdpDecl}
"""Syntax that stays outside definitions in isolated text."""


@dataclass(frozen=True)
class UnitItem:
    """A declaration of the compilation-unit scope.

    Attributes:
        node: its syntax.
        start: its first token.
        end: one past its last token.
        names: the names that it declares, each with its token.
    """

    node: Any
    start: int
    end: int
    names: dict[str, int]


def unit_items(unit: ParsedUnit) -> list[UnitItem]:
    """The items of the compilation-unit scope, in text order."""
    return [
        UnitItem(node, *unit.span(node), declared_names(unit, node))
        for node in unit.tree.root.members
        if node.kind in ITEMS
    ]


_OWN_NAME = {
    K.TypedefDeclaration: "name",
    K.ForwardTypedefDeclaration: "name",
    K.NetTypeDeclaration: "name",
    K.ClassDeclaration: "name",
    K.SequenceDeclaration: "name",
    K.PropertyDeclaration: "name",
    K.CovergroupDeclaration: "name",
    K.LetDeclaration: "identifier",
}


def declared_names(unit: ParsedUnit, node: Any) -> dict[str, int]:
    """The names that a declaration adds to the scope around it, enumeration literals among them."""
    out: dict[str, int] = {}

    def add(token: Token) -> None:
        if token.valueText:
            out.setdefault(token.valueText, unit.index(token.location.offset))

    kind = node.kind
    if kind in _OWN_NAME:
        add(getattr(node, _OWN_NAME[kind]))
    if kind in (K.FunctionDeclaration, K.TaskDeclaration):
        if node.prototype.name.kind == K.IdentifierName:
            add(node.prototype.name.identifier)
        _literals(node.prototype.returnType, add)
    elif kind == K.DPIImport:
        if node.method.name.kind == K.IdentifierName:
            add(node.method.name.identifier)
    elif kind in (K.DataDeclaration, K.NetDeclaration, K.UserDefinedNetDeclaration, K.SpecparamDeclaration):
        for declarator in node.declarators:
            if not isinstance(declarator, Token):
                add(declarator.name)
        _literals(getattr(node, "type", None), add)
    elif kind == K.TypedefDeclaration:
        _literals(node.type, add)
    elif kind == K.ParameterDeclarationStatement:
        for declarator in node.parameter.declarators:
            if not isinstance(declarator, Token):
                add(declarator.name)
        _literals(getattr(node.parameter, "type", None), add)
    elif kind == K.PackageImportDeclaration:
        for item in node.items:
            if not isinstance(item, Token) and item.item.rawText != "*":
                add(item.item)
    elif kind == K.AnonymousProgram:
        for member in node.members:
            out.update(declared_names(unit, member))
    return out


def _literals(node: Any, add: Any) -> None:
    """The literals of every enumeration inside a type."""
    if node is None:
        return

    def visit(item: Any) -> None:
        if not isinstance(item, Token) and item.kind == K.EnumType:
            for member in item.members:
                if not isinstance(member, Token):
                    for name in literal_names(member):
                        add(_Named(name, member.name.location))

    node.visit(visit)


class _Named:
    """A name that no single token spells, at the place of one that does."""

    def __init__(self, text: str, location: Any) -> None:
        self.valueText = text
        self.location = location


_INTEGER = re.compile(r"(?:\d*'[sS]?(?P<base>[bodhBODH]))?(?P<digits>[\da-fA-F_]+)")
_BASES = {"b": 2, "o": 8, "d": 10, "h": 16}
_MOST_LITERALS = 65_536


def literal_names(member: Any) -> list[str]:
    """The names that a member of an enumeration declares (IEEE 1800-2023 6.19.2).

    `a[2]` is a0 and a1, `a[2:4]` is a2 to a4. The bounds are numbers, never expressions.
    """
    name = member.name.valueText
    if not member.dimensions:
        return [name]
    bounds = [_integer(bound) for bound in "".join(str(member.dimensions[0]).split()).strip("[]").split(":")]
    first, last = bounds[0], bounds[-1]
    if first is None or last is None:
        return []
    numbers = range(first) if len(bounds) == 1 else range(min(first, last), max(first, last) + 1)
    return [f"{name}{number}" for number in numbers[:_MOST_LITERALS]]


def _integer(text: str) -> int | None:
    match = _INTEGER.fullmatch(text)
    try:
        return int(match["digits"].replace("_", ""), _BASES[(match["base"] or "d").lower()]) if match else None
    except ValueError:
        return None
