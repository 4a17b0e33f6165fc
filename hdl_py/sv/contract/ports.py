"""The ports of the unit itself, and which of them keep it from being a boundary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyslang.ast import ArgumentDirection, SymbolKind

if TYPE_CHECKING:
    from hdl_py.sv.contract.build import Builder

_RESOLVED = frozenset({"WAnd", "WOr", "TriAnd", "TriOr", "Tri0", "Tri1", "TriReg", "Supply0", "Supply1", "UserDefined"})


@dataclass(frozen=True)
class Port:
    """A port that a boundary can have.

    Attributes:
        name: as declared.
        output: whether it is an output; an inout or ref is both, and output here.
        input: whether it is an input.
        var: the variable inside.
        location: slang's place.
    """

    name: str
    output: bool
    input: bool
    var: int
    location: Any


def read_ports(builder: Builder, body: Any) -> tuple[Port, ...]:
    """The ports of a module in order of declaration; what can't cross becomes a cause."""
    out = []
    for port in body.portList:
        if port.kind == SymbolKind.InterfacePort:
            builder.cause("interface-port", port.location, port.name)
        elif port.kind == SymbolKind.MultiPort or port.isNullPort or _is_expression(port):
            builder.cause("port-expression", port.location, port.name or "(without a name)")
        else:
            out.append(_port(builder, port))
    return tuple(out)


def _is_expression(port: Any) -> bool:
    """Whether it isn't simply the signal of its name (IEEE 1800-2023 23.2.2.1)."""
    internal = port.internalSymbol
    if internal is None:
        return True
    inner = port.internalExpr
    return bool(internal.name != port.name or (inner is not None and inner.kind.name != "NamedValue"))


def _port(builder: Builder, port: Any) -> Port:
    type_, direction = port.type, port.direction
    place, name = port.location, port.name
    if direction == ArgumentDirection.InOut:
        builder.cause("inout-port", place, name)
    elif direction == ArgumentDirection.Ref:
        builder.cause("ref-port", place, name)
    element = type_
    while element.isUnpackedArray and element.arrayElementType is not None:
        if not element.isFixedSize:
            break
        element = element.arrayElementType
    if not (element.isIntegral or element.isFloating or element.isString) or element.isTaggedUnion:
        builder.cause("port-type", place, f"{name} of type {type_}")
    internal = port.internalSymbol
    if internal.kind == SymbolKind.Net and internal.netType.netKind.name in _RESOLVED:
        builder.cause("resolved-port", place, name)
    both = direction in (ArgumentDirection.InOut, ArgumentDirection.Ref)
    return Port(
        name,
        output=both or direction == ArgumentDirection.Out,
        input=both or direction == ArgumentDirection.In,
        var=builder.variables.number(internal),
        location=place,
    )
