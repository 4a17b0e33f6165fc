"""The definitions of a parsed unit: names, parameters, ports, what they refer to."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from pyslang.parsing import Token
from pyslang.syntax import SyntaxKind, SyntaxNode

from hdl_py.sv.model import Parameter, Port
from hdl_py.sv.survey import References
from hdl_py.sv.syntax import ParsedUnit

DEFINITION_KINDS = {
    SyntaxKind.ModuleDeclaration: "module",
    SyntaxKind.InterfaceDeclaration: "interface",
    SyntaxKind.ProgramDeclaration: "program",
    SyntaxKind.PackageDeclaration: "package",
    SyntaxKind.UdpDeclaration: "primitive",
    SyntaxKind.CheckerDeclaration: "checker",
    SyntaxKind.ConfigDeclaration: "config",
}
"""Syntax that puts a name into the definitions name space."""


@dataclass(frozen=True)
class Found:
    """A definition in the syntax tree.

    Attributes:
        name: its name.
        kind: a value of `DEFINITION_KINDS`.
        node: its syntax.
        name_token: index of the token that names it.
    """

    name: str
    kind: str
    node: Any
    name_token: int


def members(unit: ParsedUnit) -> Iterator[Any]:
    """The members of the compilation unit, in text order."""
    yield from unit.tree.root.members


def name_token(node: Any) -> Token:
    """The token that names a definition."""
    token: Token = node.header.name if hasattr(node, "header") else node.name
    return token


def definitions(unit: ParsedUnit) -> list[Found]:
    """The unit's own definitions in text order; nested ones stay local and are not among them."""
    out = []
    for node in members(unit):
        kind = DEFINITION_KINDS.get(node.kind)
        if kind and (token := name_token(node)).valueText:
            out.append(Found(token.valueText, kind, node, unit.index(token.location.offset)))
    return out


def references(unit: ParsedUnit, node: Any) -> References:
    """What a definition, or another member of the unit, mentions."""
    return unit.survey.references(*unit.span(node))


def parameters(unit: ParsedUnit, node: Any) -> tuple[Parameter, ...]:
    """The parameters that an instance may override (IEEE 1800-2023 6.20.1), in declared order."""
    header = getattr(node, "header", None)
    if header is None or node.kind == SyntaxKind.PackageDeclaration:
        return ()
    out: list[Parameter] = []
    if header.parameters is not None:
        local = False
        for declaration in header.parameters.declarations:
            if isinstance(declaration, Token):
                continue
            keyword = declaration.keyword.valueText
            local = keyword == "localparam" if keyword else local
            if not local:
                out += _parameters(unit, declaration)
    else:
        for member in node.members:
            if member.kind == SyntaxKind.ParameterDeclarationStatement:
                declaration = member.parameter
                if declaration.keyword.valueText == "parameter":
                    out += _parameters(unit, declaration)
    return tuple(out)


def _parameters(unit: ParsedUnit, declaration: Any) -> Iterator[Parameter]:
    for declarator in declaration.declarators:
        if isinstance(declarator, Token):
            continue
        if declaration.kind == SyntaxKind.TypeParameterDeclaration:
            default = unit.text(declarator.assignment.type) if declarator.assignment else ""
            yield Parameter(declarator.name.valueText, "type", "", default)
        else:
            default = unit.text(declarator.initializer.expr) if declarator.initializer else ""
            dimensions = " ".join(unit.text(d) for d in declarator.dimensions)
            kind = " ".join(t for t in (unit.text(declaration.type), dimensions) if t)
            yield Parameter(declarator.name.valueText, "value", kind, default)


def ports(unit: ParsedUnit, node: Any, interfaces: Collection[str] = ()) -> tuple[Port, ...]:
    """The ports in declared order, what a port inherits from the one before it written out.

    Args:
        unit: the parsed unit.
        node: the definition.
        interfaces: names of interfaces; syntax can't tell `bus b` from a port of a type `bus`.
    """
    if node.kind == SyntaxKind.UdpDeclaration:
        return tuple(_udp_ports(node))
    header = getattr(node, "header", None)
    if header is None or header.ports is None:
        return ()
    if header.ports.kind == SyntaxKind.AnsiPortList:
        return tuple(_ansi_ports(unit, header.ports, interfaces))
    if header.ports.kind == SyntaxKind.NonAnsiPortList:
        return tuple(_non_ansi_ports(unit, header.ports, node, interfaces))
    return ()


def _names_interface(header: Any, interfaces: Collection[str]) -> bool:
    """Whether a port header is an interface's name alone."""
    if header.kind != SyntaxKind.VariablePortHeader or header.direction.valueText or header.varKeyword.valueText:
        return False
    kind = header.dataType
    named = kind.kind == SyntaxKind.NamedType and kind.name.kind == SyntaxKind.IdentifierName
    return named and kind.name.identifier.valueText in interfaces


def _ansi_ports(unit: ParsedUnit, port_list: Any, interfaces: Collection[str]) -> Iterator[Port]:
    direction, kind = "inout", ""
    for port in port_list.ports:
        if isinstance(port, Token):
            continue
        if port.kind == SyntaxKind.ExplicitAnsiPort:
            direction = port.direction.valueText or direction
            yield Port(port.name.valueText, direction, "", "")
            continue
        header, declarator = port.header, port.declarator
        if header.kind == SyntaxKind.InterfacePortHeader or _names_interface(header, interfaces):
            direction, kind = "interface", unit.text(header)
        else:
            text = unit.text(header)
            own = header.direction.valueText
            if text:
                direction = own or ("inout" if direction == "interface" else direction)
                kind = text.removeprefix(own).strip() if own else text
        dimensions = " ".join(unit.text(d) for d in declarator.dimensions)
        yield Port(declarator.name.valueText, direction, kind, dimensions)


def _non_ansi_ports(unit: ParsedUnit, port_list: Any, node: Any, interfaces: Collection[str]) -> Iterator[Port]:
    declared: dict[str, Port] = {}
    for member in node.members:
        if member.kind == SyntaxKind.PortDeclaration:
            header = member.header
            direction = "" if header.kind == SyntaxKind.InterfacePortHeader else header.direction.valueText
            kind = unit.text(header).removeprefix(direction).strip()
            for declarator in member.declarators:
                if not isinstance(declarator, Token):
                    name = declarator.name.valueText
                    dimensions = " ".join(unit.text(d) for d in declarator.dimensions)
                    declared[name] = Port(name, direction or "interface", kind, dimensions)
        elif member.kind == SyntaxKind.DataDeclaration and unit.text(member.type) in interfaces:
            for declarator in member.declarators:
                if not isinstance(declarator, Token):
                    name = declarator.name.valueText
                    dimensions = " ".join(unit.text(d) for d in declarator.dimensions)
                    declared[name] = Port(name, "interface", unit.text(member.type), dimensions)
    for port in port_list.ports:
        if isinstance(port, Token):
            continue
        if port.kind == SyntaxKind.EmptyNonAnsiPort:
            yield Port("", "", "", "")
            continue
        expression = port.expr
        simple = expression is not None and expression.kind == SyntaxKind.PortReference and not expression.select
        inner = declared.get(expression.name.valueText) if simple else None
        if port.kind == SyntaxKind.ExplicitNonAnsiPort:
            name = port.name.valueText
        else:
            name = expression.name.valueText if simple else ""
        if inner:
            yield Port(name, inner.direction, inner.type, inner.dimensions)
        else:
            yield Port(name, "", "", "")


def _udp_ports(node: Any) -> Iterator[Port]:
    first = True
    names: list[str] = []

    def visit(item: Any) -> None:
        if isinstance(item, Token):
            return
        if item.kind in (SyntaxKind.UdpOutputPortDecl,):
            names.append(item.name.valueText)
        elif item.kind == SyntaxKind.UdpInputPortDecl:
            names.extend(t.identifier.valueText for t in item.names if not isinstance(t, Token))
        elif item.kind == SyntaxKind.IdentifierName:
            names.append(item.identifier.valueText)

    node.portList.visit(visit)
    for name in dict.fromkeys(names):
        yield Port(name, "output" if first else "input", "", "")
        first = False


def header_end(unit: ParsedUnit, node: SyntaxNode) -> int:
    """The token after the semicolon of a definition's header."""
    return int(unit.span(node.header)[1])  # type: ignore[attr-defined]
