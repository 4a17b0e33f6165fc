"""The ports of an elaborated module as plain data: names, directions, types, places.

Types are what elaboration says they are (IEEE 1800-2023 clause 6 and 7), with
every parameter applied and every typedef resolved, so that nothing downstream
has to look at source text. `ports_elaborate` makes these records from sources;
`ports_check` says which of them can cross into C++ and Rust.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass

from hdl_py.text.position import Position


class Direction(enum.Enum):
    """A port's direction (IEEE 1800-2023 23.2.2.2)."""

    INPUT = "input"
    OUTPUT = "output"
    INOUT = "inout"
    REF = "ref"


@dataclass(frozen=True, order=True)
class Range:
    """One declared dimension `[left:right]` (IEEE 1800-2023 7.4).

    Attributes:
        left: the leftmost index.
        right: the rightmost index.
    """

    left: int
    right: int

    @property
    def low(self) -> int:
        """The smallest index."""
        return min(self.left, self.right)

    @property
    def size(self) -> int:
        """How many elements."""
        return abs(self.left - self.right) + 1

    @property
    def descending(self) -> bool:
        """Whether the left index is the larger one, as in `[7:0]`."""
        return self.left >= self.right

    def __str__(self) -> str:
        return f"[{self.left}:{self.right}]"


@dataclass(frozen=True)
class Vector:
    """An integral type without named parts: `logic [7:0]`, `int`, `time`, a scalar bit.

    Attributes:
        width: in bits, at least 1.
        signed: whether its values are two's complement.
        four_state: whether the type has X and Z; a two-state simulator has neither.
        range: the packed range as declared; None for a scalar or a predefined integer.
    """

    width: int
    signed: bool
    four_state: bool = True
    range: Range | None = None


@dataclass(frozen=True, order=True)
class TypeName:
    """What a typedef is called.

    Attributes:
        scope: the package, module or class that declares it; empty for `$unit`.
        name: the typedef's name; empty for an anonymous type.
    """

    scope: str
    name: str

    def __str__(self) -> str:
        return f"{self.scope}::{self.name}" if self.scope else self.name


ANONYMOUS = TypeName("", "")
"""The name of a type that no typedef names."""


@dataclass(frozen=True)
class EnumMember:
    """One name of an enumeration.

    Attributes:
        name: as in the source.
        value: its encoding; None where the encoding has X or Z bits, which a
            two-state simulator never produces.
    """

    name: str
    value: int | None


@dataclass(frozen=True)
class Enum:
    """An enumeration (IEEE 1800-2023 6.19).

    Attributes:
        name: its typedef.
        base: the integral type that carries its values.
        members: in order of declaration.
    """

    name: TypeName
    base: Vector
    members: tuple[EnumMember, ...]

    @property
    def width(self) -> int:
        """Bits of its base type."""
        return self.base.width

    @property
    def signed(self) -> bool:
        """Whether its base type is signed."""
        return self.base.signed


@dataclass(frozen=True)
class Field:
    """A member of a packed structure or union.

    Attributes:
        name: as in the source.
        type: the member's own type.
        offset: of the member's least significant bit, counted from the whole's
            least significant bit.
    """

    name: str
    type: PackedType
    offset: int


@dataclass(frozen=True)
class PackedStruct:
    """A packed structure (IEEE 1800-2023 7.2.1); its first member is most significant.

    Attributes:
        name: its typedef.
        fields: in order of declaration.
        width: in bits.
        signed: whether the whole is signed.
    """

    name: TypeName
    fields: tuple[Field, ...]
    width: int
    signed: bool = False


@dataclass(frozen=True)
class PackedUnion:
    """A packed union (IEEE 1800-2023 7.3.1); its members overlay one another.

    Attributes:
        name: its typedef.
        fields: in order of declaration, all at offset 0 unless it is soft or tagged.
        width: in bits.
        signed: whether the whole is signed.
        tagged: whether it carries a tag (7.3.2).
    """

    name: TypeName
    fields: tuple[Field, ...]
    width: int
    signed: bool = False
    tagged: bool = False


@dataclass(frozen=True)
class PackedArray:
    """A packed array of anything but single bits, such as `logic [3:0][7:0]`.

    Attributes:
        element: the type of one element.
        range: its leftmost dimension.
        signed: whether the whole, taken as one number, is signed.
    """

    element: PackedType
    range: Range
    signed: bool = False

    @property
    def width(self) -> int:
        """Bits of all elements together."""
        return self.element.width * self.range.size


PackedType = Vector | Enum | PackedStruct | PackedUnion | PackedArray
"""A type that is a fixed number of contiguous bits."""


@dataclass(frozen=True)
class Real:
    """`real`, `realtime` or `shortreal` (IEEE 1800-2023 6.12).

    Attributes:
        keyword: which of them.
    """

    keyword: str


@dataclass(frozen=True)
class String:
    """`string` (IEEE 1800-2023 6.16)."""


@dataclass(frozen=True)
class UnpackedArray:
    """A fixed-size unpacked array (IEEE 1800-2023 7.4.2).

    Attributes:
        element: the type of one element.
        range: its leftmost dimension.
    """

    element: DataType
    range: Range


@dataclass(frozen=True)
class Opaque:
    """A type that has no fixed layout or no meaning outside the simulation.

    Attributes:
        text: the type as slang prints it.
        why: a phrase such as `an unpacked structure`.
    """

    text: str
    why: str


DataType = PackedType | Real | String | UnpackedArray | Opaque
"""Any type of a port."""


@dataclass(frozen=True)
class Port:
    """One port of an elaborated module.

    Attributes:
        name: without the backslash and blank of an escaped identifier.
        direction: see `Direction`.
        type: its resolved type.
        text: the type as people write it, such as `bus_pkg::req_t` or `logic[7:0]`.
        position: where it is declared.
        net: whether it is a net rather than a variable.
    """

    name: str
    direction: Direction
    type: DataType
    text: str
    position: Position
    net: bool = True


@dataclass(frozen=True)
class BadPort:
    """A port that has no single data type.

    Attributes:
        name: as in the source; may be empty.
        what: a phrase such as `an interface port of type bus_if.master`.
        position: where it is declared.
        interface: the interface's name where it is an interface port.
        modport: the modport's name, or empty.
        signals: the interface's members that the port reaches, as (direction, type, name).
    """

    name: str
    what: str
    position: Position
    interface: str = ""
    modport: str = ""
    signals: tuple[tuple[Direction, str, str], ...] = ()


@dataclass(frozen=True)
class Parameter:
    """A parameter that an instance may set (IEEE 1800-2023 6.20).

    Attributes:
        name: as in the source.
        type_text: its type; `type` for a type parameter.
        value: the elaborated value as a SystemVerilog literal; empty for a type
            parameter or a value that has no literal.
        kind: `integral`, `real`, `string`, `type` or `other`.
    """

    name: str
    type_text: str
    value: str
    kind: str


@dataclass(frozen=True)
class Module:
    """An elaborated module with one set of parameters.

    Attributes:
        name: of the definition.
        position: where it is defined.
        ports: those with a data type, in order of declaration.
        bad_ports: those without.
        parameters: every parameter that is not local, in order of declaration.
        timescale: time unit and precision, such as `1ns/10ps`; empty where none is stated.
    """

    name: str
    position: Position
    ports: tuple[Port, ...]
    bad_ports: tuple[BadPort, ...]
    parameters: tuple[Parameter, ...]
    timescale: str = ""

    def port(self, name: str) -> Port | None:
        """The port of that name."""
        return next((port for port in self.ports if port.name == name), None)


def scalar(data: DataType) -> bool:
    """Whether a type is one bit without structure."""
    return isinstance(data, Vector) and data.width == 1


def dimensions(data: DataType) -> tuple[tuple[Range, ...], DataType]:
    """The unpacked dimensions of a type, leftmost first, and the element inside them."""
    ranges = []
    while isinstance(data, UnpackedArray):
        ranges.append(data.range)
        data = data.element
    return tuple(ranges), data


def named_types(data: DataType) -> Iterator[Enum | PackedStruct | PackedUnion]:
    """Every enumeration, structure and union within a type, inner ones first."""
    if isinstance(data, (PackedArray, UnpackedArray)):
        yield from named_types(data.element)
    elif isinstance(data, (PackedStruct, PackedUnion)):
        for field in data.fields:
            yield from named_types(field.type)
        yield data
    elif isinstance(data, Enum):
        yield data


def describe(port: Port) -> str:
    """A port in the short form that expectations are written in.

    `DIRECTION [signed] WIDTH`, `DIRECTION real` or `DIRECTION string`, then one
    `[LEFT:RIGHT]` for each unpacked dimension: `input signed 12`, `output 8 [0:3]`.
    """
    ranges, element = dimensions(port.type)
    if isinstance(element, Real):
        core = "real"
    elif isinstance(element, String):
        core = "string"
    elif isinstance(element, Opaque):
        core = element.text
    else:
        assert not isinstance(element, UnpackedArray)
        core = f"{'signed ' if element.signed else ''}{element.width}"
    return " ".join([port.direction.value, core, *map(str, ranges)])
