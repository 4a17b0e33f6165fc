"""Turn slang's elaborated symbols into the records of `ports`."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pyslang.ast import SymbolKind

from hdl_py.sv.ports import (
    ANONYMOUS,
    BadPort,
    DataType,
    Direction,
    Enum,
    EnumMember,
    Field,
    Module,
    Opaque,
    PackedArray,
    PackedStruct,
    PackedType,
    PackedUnion,
    Parameter,
    Port,
    Range,
    Real,
    String,
    TypeName,
    UnpackedArray,
    Vector,
)
from hdl_py.text.position import Position

MapPosition = Callable[[Position], Position]
"""Turns a place in a generated text into the place it came from."""


@dataclass
class Reader:
    """Turns slang's symbols into the records of `ports`.

    Attributes:
        sources: slang's source manager.
        map_position: applied to every place.
        paths: what slang calls a file to what the caller called it.
    """

    sources: Any
    map_position: MapPosition
    paths: dict[str, str]

    def position(self, location: Any) -> Position:
        sources = self.sources
        location = sources.getFullyOriginalLoc(location)
        name = str(sources.getRawFileName(location.buffer))
        line, column = sources.getLineNumber(location), sources.getColumnNumber(location)
        return self.map_position(Position(self.paths.get(name, name), line, column))

    def data_type(self, type_: Any) -> DataType:
        """The resolved form of a slang type."""
        name = ANONYMOUS
        while type_.isAlias:
            name = _type_name(type_)
            type_ = type_.targetType.type
        kind = type_.kind
        if kind == SymbolKind.EnumType:
            return self._enum(type_, name)
        if type_.isIntegral:
            return self._packed(type_, name)
        if type_.isFloating:
            return Real(str(type_))
        if type_.isString:
            return String()
        if kind == SymbolKind.FixedSizeUnpackedArrayType:
            return UnpackedArray(self.data_type(type_.elementType), _range(type_))
        return Opaque(type_text(type_), _why_opaque(type_))

    def _packed(self, type_: Any, name: TypeName) -> PackedType:
        kind = type_.kind
        if kind == SymbolKind.PackedStructType:
            return PackedStruct(name, self._fields(type_), type_.bitWidth, type_.isSigned)
        if kind == SymbolKind.PackedUnionType:
            tagged = bool(type_.isTaggedUnion)
            return PackedUnion(name, self._fields(type_), type_.bitWidth, type_.isSigned, tagged)
        if kind == SymbolKind.PackedArrayType:
            element = self.data_type(type_.elementType)
            assert not isinstance(element, (Real, String, UnpackedArray, Opaque))
            if not (isinstance(element, Vector) and element.width == 1 and type_.elementType.isScalar):
                return PackedArray(element, _range(type_), type_.isSigned)
            return Vector(type_.bitWidth, type_.isSigned, type_.isFourState, _range(type_))
        return Vector(type_.bitWidth, type_.isSigned, type_.isFourState)

    def _fields(self, type_: Any) -> tuple[Field, ...]:
        fields = []
        for member in type_:
            if member.kind != SymbolKind.Field:
                continue
            inner = self.data_type(member.type)
            assert not isinstance(inner, (Real, String, UnpackedArray, Opaque))
            fields.append(Field(member.name, inner, member.bitOffset))
        return tuple(fields)

    def _enum(self, type_: Any, name: TypeName) -> Enum:
        base = self.data_type(type_.baseType)
        assert isinstance(base, (Vector, PackedArray))
        if isinstance(base, PackedArray):
            base = Vector(base.width, base.signed)
        members = []
        for member in type_:
            if member.kind != SymbolKind.EnumValue:
                continue
            value = member.value.value
            members.append(EnumMember(member.name, None if value.hasUnknown else int(value)))
        return Enum(name, base, tuple(members))

    def interface_port(self, symbol: Any) -> BadPort:
        definition = symbol.interfaceDef
        name = definition.name if definition is not None else ""
        modport = str(symbol.modport or "")
        shown = name or "any interface"
        what = f"an interface port of type {shown}{'.' + modport if modport else ''}"
        return BadPort(
            symbol.name,
            what,
            self.position(symbol.location),
            name,
            modport,
            self._interface_signals(symbol),
        )

    def _interface_signals(self, symbol: Any) -> tuple[tuple[Direction, str, str], ...]:
        """What the port reaches: its modport's ports, or all signals of the interface."""
        instance, modport = symbol.connection
        while instance is not None and instance.kind == SymbolKind.InstanceArray:
            instance = instance.elements[0] if len(instance.elements) else None
        if modport is not None:
            members = [m for m in modport if m.kind == SymbolKind.ModportPort]
            return tuple((read_direction(m), type_text(m.type), m.name) for m in members)
        if instance is None:
            return ()
        members = [m for m in instance.body if m.kind in (SymbolKind.Variable, SymbolKind.Net)]
        return tuple((Direction.INOUT, type_text(m.type), m.name) for m in members)


def _type_name(alias: Any) -> TypeName:
    path: str = alias.hierarchicalPath
    return TypeName(path.removesuffix(alias.name).rstrip(":.").removeprefix("$unit"), alias.name)


def _range(type_: Any) -> Range:
    return Range(int(type_.range.left), int(type_.range.right))


def _why_opaque(type_: Any) -> str:
    if type_.isUnpackedStruct:
        return "an unpacked structure"
    if type_.isUnpackedUnion:
        return "an unpacked union"
    for test, phrase in (
        ("isQueue", "a queue"),
        ("isAssociativeArray", "an associative array"),
        ("isDynamicallySizedArray", "a dynamic array"),
        ("isClass", "a class handle"),
        ("isCHandle", "a chandle"),
        ("isEvent", "an event"),
        ("isVirtualInterface", "a virtual interface"),
    ):
        if getattr(type_, test, False):
            return phrase
    return "a type without a fixed layout"


def read_direction(symbol: Any) -> Direction:
    return {
        "In": Direction.INPUT,
        "Out": Direction.OUTPUT,
        "InOut": Direction.INOUT,
        "Ref": Direction.REF,
    }[symbol.direction.name]


def read_parameter(symbol: Any) -> Parameter:
    if symbol.kind == SymbolKind.TypeParameter:
        return Parameter(symbol.name, "type", "", "type")
    value = symbol.value.value
    text = type_text(symbol.type)
    if isinstance(value, str):
        return Parameter(symbol.name, text, string_literal(value), "string")
    if isinstance(value, float):
        return Parameter(symbol.name, text, repr(value), "real") if math.isfinite(value) else _other(symbol)
    if hasattr(value, "hasUnknown"):
        return Parameter(symbol.name, text, _integer_literal(value, symbol.type), "integral")
    return _other(symbol)


def _other(symbol: Any) -> Parameter:
    return Parameter(symbol.name, type_text(symbol.type), "", "other")


def _integer_literal(value: Any, type_: Any) -> str:
    if value.hasUnknown:
        return str(value)
    width = int(type_.bitWidth)
    sign = "s" if type_.isSigned else ""
    return f"{width}'{sign}h{int(value) & ((1 << width) - 1):x}"


def string_literal(value: str) -> str:
    """A string as a SystemVerilog literal (IEEE 1800-2023 5.9)."""
    out = []
    for char in value:
        if char in ('"', "\\"):
            out.append("\\" + char)
        elif char == "\n":
            out.append("\\n")
        elif char == "\t":
            out.append("\\t")
        elif ord(char) < 32 or ord(char) == 127:
            out.append(f"\\x{ord(char):02x}")
        else:
            out.append(char)
    return '"' + "".join(out) + '"'


def read_module(body: Any, top: str, reader: Reader) -> Module:
    ports: list[Port] = []
    bad: list[BadPort] = []
    for symbol in body.portList:
        if symbol.kind == SymbolKind.InterfacePort:
            bad.append(reader.interface_port(symbol))
        elif symbol.kind == SymbolKind.MultiPort:
            names = ", ".join(inner.name for inner in symbol.ports)
            bad.append(BadPort(symbol.name, f"a concatenation {{{names}}}", reader.position(symbol.location)))
        elif symbol.isNullPort:
            bad.append(BadPort(symbol.name, "a port without a signal", reader.position(symbol.location)))
        elif symbol.internalExpr is not None and not symbol.isAnsiPort and not _names_itself(symbol):
            bad.append(BadPort(symbol.name, "a port of an expression", reader.position(symbol.location)))
        else:
            type_ = symbol.type
            ports.append(
                Port(
                    symbol.name,
                    read_direction(symbol),
                    reader.data_type(type_),
                    type_text(type_),
                    reader.position(symbol.location),
                    bool(symbol.isNetPort),
                )
            )
    parameters = tuple(read_parameter(p) for p in body.parameters if not p.isLocalParam)
    place = reader.position(body.definition.location)
    timescale = str(body.timeScale or "").replace(" ", "")
    return Module(top, place, tuple(ports), tuple(bad), parameters, timescale)


def _names_itself(symbol: Any) -> bool:
    internal = symbol.internalSymbol
    return internal is not None and internal.name == symbol.name


def type_text(type_: Any) -> str:
    """A type as people write it: without slang's marks for anonymous types and unpacked dimensions."""
    text = re.sub(r"\}[\w.:$]*\$\d+", "}", str(type_)).replace("$[", " [")
    text = re.sub(r"(?<=\w)\[", " [", text)
    return re.sub(r"\s*\{\s*", " {", re.sub(r";(?=\S)", "; ", text))
