"""Generated Rust types: one for each enumeration, packed structure and packed union of the ports."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hdl_py.sv.ports import DataType, Enum, PackedStruct, PackedUnion, Port, Vector, named_types
from hdl_py.verilated.names import camel_case, disjoint, distinct_types, method_stems, raw_identifier, rust_identifier
from hdl_py.verilated.rust_types import (
    NamedType,
    RustTypes,
    bits_type,
    extract,
    insert,
    zero,
)

_UNION_METHODS = ("from_bits", "to_bits", "fits")


@dataclass(frozen=True)
class FieldDef:
    """A field of a struct or a member of a union.

    Attributes:
        sv_name: in SystemVerilog.
        name: in Rust, with `r#` where needed; in a union, the getter.
        stem: of a union's `from_` method.
        type: its value form.
        returned: what a getter of it returns.
        doc: one line.
        decode: from a variable `whole` with the bits of all, to a `returned`.
        fallible: whether `returned` is a `Result`.
        encode: a statement that puts the value into `whole`.
        fits: whether the value is within its width; empty where it always is.
    """

    sv_name: str
    name: str
    stem: str
    type: str
    returned: str
    doc: str
    decode: str
    fallible: bool
    encode: str
    fits: str


@dataclass(frozen=True)
class VariantDef:
    """A name of an enumeration.

    Attributes:
        name: in Rust.
        sv_name: in SystemVerilog.
        bits: its encoding as a pattern and literal of the bits form.
    """

    name: str
    sv_name: str
    bits: str


@dataclass(frozen=True)
class TypeDef:
    """One generated type.

    Attributes:
        kind: `enum`, `struct` or `union`.
        name: in Rust.
        sv_name: in SystemVerilog.
        width: in bits.
        bits: its bits form.
        zero: the bits form of 0.
        fallible: whether some bits are no value.
        fits: whether a value may have parts beyond their widths.
        fields: of a struct or union.
        variants: of an enumeration.
        skipped: names of an enumeration whose encoding has X or Z.
    """

    kind: str
    name: str
    sv_name: str
    width: int
    bits: str
    zero: str
    fallible: bool
    fits: bool
    fields: tuple[FieldDef, ...] = ()
    variants: tuple[VariantDef, ...] = ()
    skipped: tuple[str, ...] = ()

    @property
    def all_fit(self) -> str:
        """An expression that says whether every field is within its width."""
        return " && ".join(f"({field.fits})" for field in self.fields if field.fits)


def collect_types(ports: Iterable[Port]) -> dict[NamedType, str]:
    """Every enumeration, structure and union of the ports with its Rust name, inner ones first.

    A type's name comes from its typedef. Where two typedefs of different scopes share a name, both
    take their scope's in front; a type without a typedef takes the path to its first use.
    """
    found: dict[NamedType, str] = {}
    for port in ports:
        for data in named_types(port.type):
            found.setdefault(data, "")
        for data, path in _anonymous(port.type, port.name):
            found[data] = found[data] or path
    types = list(found)
    short = [camel_case(t.name.name or found[t]) for t in types]
    long = [
        camel_case(f"{t.name.scope}_{t.name.name}") if t.name.name and short.count(s) > 1 else s
        for t, s in zip(types, short, strict=True)
    ]
    return dict(zip(types, disjoint(long), strict=True))


def _anonymous(data: DataType, path: str) -> list[tuple[NamedType, str]]:
    element = getattr(data, "element", None)
    if element is not None:
        return _anonymous(element, path)
    if not isinstance(data, (Enum, PackedStruct, PackedUnion)):
        return []
    own = data.name.name or path
    inner = []
    if not isinstance(data, Enum):
        for field in data.fields:
            inner += _anonymous(field.type, f"{own}_{field.name}")
    return [*inner, (data, path)]


def define_types(types: RustTypes, names: dict[NamedType, str]) -> tuple[TypeDef, ...]:
    """The definitions of `collect_types`."""
    return tuple(_define(types, data, name) for data, name in names.items())


def _define(types: RustTypes, data: NamedType, name: str) -> TypeDef:
    if isinstance(data, Enum):
        return _define_enum(data, name)
    kind = "struct" if isinstance(data, PackedStruct) else "union"
    fields = _struct_fields(types, data) if kind == "struct" else _union_members(types, data)
    return TypeDef(
        kind=kind,
        name=name,
        sv_name=str(data.name) if data.name.name else f"an anonymous {kind}",
        width=data.width,
        bits=bits_type(data.width),
        zero=zero(data.width),
        fallible=types.fallible(data),
        fits=bool(types.fits(data, "x")),
        fields=fields,
    )


def _define_enum(data: Enum, name: str) -> TypeDef:
    known = [(m.name, m.value) for m in data.members if m.value is not None]
    variants = tuple(
        VariantDef(variant, sv_name, _literal(data.base, value))
        for variant, (sv_name, value) in zip(distinct_types([n for n, _ in known]), known, strict=True)
    )
    return TypeDef(
        kind="enum",
        name=name,
        sv_name=str(data.name) if data.name.name else "an anonymous enum",
        width=data.width,
        bits=bits_type(data.width),
        zero=zero(data.width),
        fallible=True,
        fits=False,
        variants=variants,
        skipped=tuple(m.name for m in data.members if m.value is None),
    )


def _literal(base: Vector, value: int) -> str:
    value &= (1 << base.width) - 1
    if base.width <= 128:
        return hex(value)
    count = -(-base.width // 32)
    return "[" + ", ".join(hex(value >> (32 * i) & 0xFFFFFFFF) for i in range(count)) + "]"


def _range(offset: int, width: int) -> str:
    return f"bit {offset}" if width == 1 else f"bits {offset + width - 1}:{offset}"


def _field(types: RustTypes, data: PackedStruct | PackedUnion, index: int, name: str, value: str) -> FieldDef:
    field = data.fields[index]
    offset, width = str(field.offset), field.type.width
    encoded = types.encode(field.type, value)
    return FieldDef(
        sv_name=field.name,
        name=raw_identifier(name),
        stem=name,
        type=types.value_type(field.type),
        returned=types.returned_type(field.type),
        doc=f"`{field.name}`, {_range(field.offset, width)}.",
        decode=types.decode(field.type, extract(data.width, "whole", offset, width)),
        fallible=types.fallible(field.type),
        encode=insert(data.width, "whole", offset, width, encoded),
        fits=types.fits(field.type, value),
    )


def _struct_fields(types: RustTypes, data: PackedStruct | PackedUnion) -> tuple[FieldDef, ...]:
    names = disjoint([rust_identifier(field.name) for field in data.fields])
    return tuple(_field(types, data, index, name, f"self.{raw_identifier(name)}") for index, name in enumerate(names))


def _union_members(types: RustTypes, data: PackedStruct | PackedUnion) -> tuple[FieldDef, ...]:
    names = [field.name for field in data.fields]
    stems = method_stems(names, dict.fromkeys(names, ("{}", "from_{}")), _UNION_METHODS)
    return tuple(_field(types, data, index, stem, "value") for index, stem in enumerate(stems))
