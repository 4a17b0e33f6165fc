"""Ports cut into lanes: values that one DPI argument and one port of a harness carry.

A packed port, or an unpacked array of packed elements, is one lane of bits. Each
`real` or `string`, also within an array, is a lane of its own. Lanes are two-state
(IEEE 1800-2023 35.5.6), as everything in a Verilated model is.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from hdl_py.sv.ports import (
    DataType,
    Direction,
    Enum,
    Field,
    Opaque,
    PackedArray,
    PackedStruct,
    PackedUnion,
    Port,
    Range,
    Real,
    String,
    TypeName,
    Vector,
    dimensions,
)

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")


class Kind(enum.Enum):
    """What a lane carries."""

    BITS = "bits"
    REAL = "real"
    STRING = "string"


@dataclass(frozen=True)
class Lane:
    """One value that crosses a boundary.

    Attributes:
        name: of its argument and of its port of the harness, such as `i3` or `o0_2`.
        kind: what it carries.
        width: in bits; 64 for a real, 0 for a string.
        parts: the pieces of the port that it carries, most significant first: what to write behind
            the port's name, such as `[2]`, and the width.
        port: the port's name as SystemVerilog writes it.
        source: the port's name.
        direction: `Direction.INPUT` or `Direction.OUTPUT`.
    """

    name: str
    kind: Kind
    width: int
    parts: tuple[tuple[str, int], ...]
    port: str
    source: str
    direction: Direction

    @property
    def words(self) -> int:
        """32-bit words of a lane wider than 64 bits; 0 of any other."""
        return (self.width + 31) // 32 if self.kind is Kind.BITS and self.width > 64 else 0

    @property
    def dpi(self) -> str:
        """The type of its DPI argument."""
        if self.kind is not Kind.BITS:
            return str(self.kind.value)
        if self.width == 1:
            return "bit"
        for limit, keyword in ((8, "byte"), (16, "shortint"), (32, "int"), (64, "longint")):
            if self.width <= limit:
                return f"{keyword} unsigned"
        return f"bit [{self.width - 1}:0]"

    @property
    def ctype(self) -> str:
        """The C type of its DPI argument (IEEE 1800-2023 H.7.3); of one word where it is wide."""
        if self.kind is Kind.REAL:
            return "double"
        if self.kind is Kind.STRING:
            return "const char*"
        if self.words:
            return "svBitVecVal"
        for limit, name in ((8, "char"), (16, "short"), (32, "int")):
            if self.width <= limit:
                return f"unsigned {name}"
        return "unsigned long long"

    @property
    def c_input(self) -> str:
        """Its parameter in C where it goes in."""
        return f"const svBitVecVal* {self.name}" if self.words else f"{self.ctype} {self.name}"

    @property
    def c_output(self) -> str:
        """Its parameter in C where it comes out."""
        return f"{self.ctype}* {self.name}"

    def read(self, base: str = "") -> str:
        """The SystemVerilog expression of its value, unsigned where it is bits.

        Args:
            base: what holds the port's value; the port itself where empty.
        """
        base = base or self.port
        if self.kind is not Kind.BITS:
            return base + self.parts[0][0]
        return "{" + ", ".join(base + index for index, _ in self.parts) + "}"

    @property
    def range(self) -> str:
        """Its packed range, or empty for one bit."""
        return f"[{self.width - 1}:0] " if self.width > 1 else ""

    @property
    def net(self) -> str:
        """How a harness declares its port's type."""
        return f"logic {self.range}".strip() if self.kind is Kind.BITS else self.kind.value

    def writes(self, value: str, base: str = "") -> tuple[tuple[str, str], ...]:
        """Pairs (target, value) of assignments that give the port, or `base`, what the variable `value` holds."""
        base = base or self.port
        if self.kind is not Kind.BITS:
            return ((base + self.parts[0][0], value),)
        out = []
        low = self.width
        for index, width in self.parts:
            low -= width
            piece = f"{value}[{low}]" if width == 1 else f"{value}[{low + width - 1}:{low}]"
            # A concatenation takes any packed value: an enumeration needs no cast (IEEE 1800-2023 6.19.3).
            out.append((f"{{{base}{index}}}", value if self.width == 1 else piece))
        return tuple(out)


def sv_name(name: str) -> str:
    """A name as SystemVerilog writes it, escaped where it has to be (IEEE 1800-2023 5.6.1)."""
    from hdl_py.sv.keywords import KEYWORDS

    return name if _PLAIN.fullmatch(name) and name not in KEYWORDS else f"\\{name} "


def _indices(ranges: tuple[Range, ...]) -> Iterator[str]:
    for index in product(*([r.low + r.size - 1 - k for k in range(r.size)] for r in ranges)):
        yield "".join(f"[{i}]" for i in index)


def port_lanes(port: Port, number: int) -> tuple[Lane, ...]:
    """The lanes of a port.

    Args:
        port: an input or output whose type can cross; see `why_not`.
        number: its place among all ports.
    """
    name = f"{'i' if port.direction is Direction.INPUT else 'o'}{number}"
    written = sv_name(port.name)
    ranges, element = dimensions(port.type)
    places = list(_indices(ranges))
    if isinstance(element, (Real, String)):
        kind = Kind.REAL if isinstance(element, Real) else Kind.STRING
        width = 64 if kind is Kind.REAL else 0
        return tuple(
            Lane(f"{name}_{k}" if ranges else name, kind, width, ((place, width),), written, port.name, port.direction)
            for k, place in enumerate(places)
        )
    assert isinstance(element, (Vector, Enum, PackedStruct, PackedUnion, PackedArray))
    parts = tuple((place, element.width) for place in places)
    return (Lane(name, Kind.BITS, element.width * len(parts), parts, written, port.name, port.direction),)


MAX_ELEMENTS = 4096
"""Elements of an unpacked array port; more would make stubs too large to be worth it."""


def why_not(port: Port) -> str:
    """Why a port can't cross a boundary, as a phrase; empty where it can."""
    if port.direction not in (Direction.INPUT, Direction.OUTPUT):
        return f"it is {'an inout' if port.direction is Direction.INOUT else 'a ref'}"
    ranges, element = dimensions(port.type)
    if isinstance(element, Opaque):
        return f"its type is {element.why}"
    if isinstance(element, Real) and element.keyword == "shortreal":
        return "its type is shortreal, which Verilator does not have"
    size = 1
    for r in ranges:
        size *= r.size
    return f"it is an array of {size} elements; {MAX_ELEMENTS} can cross" if size > MAX_ELEMENTS else ""


def _reachable(name: TypeName, packages: frozenset[str]) -> bool:
    return bool(name.name) and name.scope in packages


def sv_type(data: DataType, packages: frozenset[str] = frozenset()) -> tuple[str, str]:
    """A type as (text before the name, unpacked dimensions after it).

    Args:
        data: a type that can cross.
        packages: those whose types can be named where the text stands; other named types are spelt out.
    """
    ranges, element = dimensions(data)
    return _base(element, packages), "".join(f" {r}" for r in ranges)


def _base(data: DataType, packages: frozenset[str]) -> str:
    if isinstance(data, Real):
        return data.keyword
    if isinstance(data, String):
        return "string"
    if isinstance(data, Vector):
        keyword = "logic" if data.four_state else "bit"
        sign = " signed" if data.signed else ""
        span = data.range or (Range(data.width - 1, 0) if data.width > 1 else None)
        return f"{keyword}{sign}{f' {span}' if span else ''}"
    if isinstance(data, PackedArray):
        return f"{_base(data.element, packages)} {data.range}" if _simple(data, packages) else _vector(data)
    if isinstance(data, (Enum, PackedStruct, PackedUnion)):
        if _reachable(data.name, packages):
            return str(data.name)
        if isinstance(data, PackedStruct):
            fields = " ".join(_field(f, packages) for f in data.fields)
            return f"struct packed{' signed' if data.signed else ''} {{{fields}}}"
        return _vector(data)
    raise ValueError(f"{data} can't cross a boundary")


def _simple(data: PackedArray, packages: frozenset[str]) -> bool:
    """Whether an element's text may be followed by another packed dimension in the right order."""
    element = data.element
    while isinstance(element, PackedArray):
        return False
    return isinstance(element, (Enum, PackedStruct, PackedUnion)) and _reachable(element.name, packages)


def _vector(data: Enum | PackedStruct | PackedUnion | PackedArray) -> str:
    ranges: list[Range] = []
    inner: DataType = data
    while isinstance(inner, PackedArray):
        ranges.append(inner.range)
        inner = inner.element
    if isinstance(inner, Vector) and ranges:
        dims = "".join(f"{r}" for r in [*ranges, *([inner.range] if inner.range else [])])
        return f"logic{' signed' if data.signed else ''} {dims}"
    return f"logic{' signed' if data.signed else ''} [{data.width - 1}:0]"


def _field(member: Field, packages: frozenset[str]) -> str:
    return f"{_base(member.type, packages)} {sv_name(member.name)};"
