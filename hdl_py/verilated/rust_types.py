"""How SystemVerilog values look in Rust, as types and as expressions over them.

Three forms of one value matter:

- *storage*: what Verilator keeps: `u8`, `u16`, `u32`, `u64`, or words (`[u32; N]`) beyond 64 bits;
- *bits*: the value as one unsigned number: as storage, but `u128` from 65 to 128 bits;
- *value*: what a method takes and gives: `bool`, `iN`, an enum, a struct, an array.

Functions here write Rust expressions from one form to another. Storage never
has bits beyond the declared width, and expressions keep it so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hdl_py.sv.ports import (
    DataType,
    Enum,
    PackedArray,
    PackedStruct,
    PackedType,
    PackedUnion,
    Real,
    String,
    Vector,
)

NamedType = Enum | PackedStruct | PackedUnion
TypeNames = Mapping[NamedType, str]
"""What each generated type is called."""


def words(width: int) -> int:
    """32-bit words of a value."""
    return -(-width // 32)


def native(width: int) -> int:
    """The width of the smallest Rust integer that holds `width` bits, up to 128."""
    return next(size for size in (8, 16, 32, 64, 128) if width <= size)


def bits_type(width: int) -> str:
    """The *bits* form."""
    return f"u{native(width)}" if width <= 128 else f"[u32; {words(width)}]"


def storage_type(width: int) -> str:
    """The *storage* form."""
    return f"u{native(width)}" if width <= 64 else f"[u32; {words(width)}]"


def c_storage(width: int) -> str:
    """The *storage* form in C++."""
    return f"uint{native(width)}_t" if width <= 64 else f"uint32_t[{words(width)}]"


def verilator_storage(width: int) -> str:
    """The *storage* form as Verilator's headers call it."""
    if width <= 64:
        return {8: "CData", 16: "SData", 32: "IData", 64: "QData"}[native(width)]
    return f"VlWide<{words(width)}>"


def storage_to_bits(width: int, storage: str) -> str:
    """An expression from storage to bits."""
    return f"bits::to_u128(&{storage})" if 64 < width <= 128 else storage


def bits_to_storage(width: int, bits: str) -> str:
    """An expression from bits, all within the width, to storage."""
    return f"bits::from_u128::<{words(width)}>({bits})" if 64 < width <= 128 else bits


def mask(width: int) -> str:
    """A literal with the low bits set; `width` at most 128."""
    return hex((1 << width) - 1)


def zero(width: int) -> str:
    """The bits form of 0."""
    return "0" if width <= 128 else f"[0; {words(width)}]"


def masked(width: int, bits: str) -> str:
    """An expression with the bits beyond the width cleared."""
    if width > 128:
        return bits if width % 32 == 0 else f"bits::masked({bits}, {width})"
    return bits if width == native(width) else f"({bits}) & {mask(width)}"


def extract(whole: int, bits: str, offset: str, width: int) -> str:
    """The bits form of the field at `offset`, an expression or a literal, of a value of `whole` bits."""
    if offset == "0" and width == whole:
        return bits
    if whole > 128:
        if width > 128:
            return f"bits::get_words::<{words(width)}>(&{bits}, {offset}, {width})"
        got = f"bits::get(&{bits}, {offset}, {width})"
        return got if width > 64 else f"{got} as {bits_type(width)}"
    shifted = bits if offset == "0" else f"({bits} >> {offset})"
    field = shifted if width == native(whole) else f"({shifted} & {mask(width)})"
    return field if native(width) == native(whole) else f"{field} as {bits_type(width)}"


def insert(whole: int, target: str, offset: str, width: int, bits: str) -> str:
    """A statement that puts a field's bits, all within its width, into a variable that is 0 there."""
    if whole > 128:
        if width > 128:
            return f"bits::set_words(&mut {target}, {offset}, {width}, &{bits});"
        return f"bits::set(&mut {target}, {offset}, {width}, u128::from({bits}));"
    wide = bits if native(width) == native(whole) else f"{bits_type(whole)}::from({bits})"
    shift = "" if offset == "0" else f" << {offset}"
    return f"{target} |= ({wide}){shift};" if shift else f"{target} |= {wide};"


@dataclass(frozen=True)
class RustTypes:
    """Expressions over values, given what the generated types are called.

    Attributes:
        names: the generated types' paths.
    """

    names: TypeNames

    def value_type(self, data: DataType) -> str:
        """The *value* form of a packed type, `f64` or bytes."""
        if isinstance(data, Real):
            return "f64"
        if isinstance(data, String):
            return "String"
        if isinstance(data, Vector):
            return _vector_type(data)
        if isinstance(data, PackedArray):
            return f"[{self.value_type(data.element)}; {data.range.size}]"
        assert isinstance(data, (Enum, PackedStruct, PackedUnion))
        return self.names[data]

    def fallible(self, data: DataType) -> bool:
        """Whether some bits are no value: an enumeration is within."""
        if isinstance(data, Enum):
            return True
        if isinstance(data, PackedArray):
            return self.fallible(data.element)
        return isinstance(data, PackedStruct) and any(self.fallible(f.type) for f in data.fields)

    def returned_type(self, data: DataType) -> str:
        """What a getter returns: the value, or the raw bits where they are none."""
        value = self.value_type(data)
        if not self.fallible(data):
            return value
        assert isinstance(data, (Enum, PackedArray, PackedStruct))
        return f"Result<{value}, {bits_type(data.width)}>"

    def decode(self, data: PackedType, bits: str) -> str:
        """An expression from bits to what a getter returns; it uses `bits` once or through a name."""
        if isinstance(data, Vector):
            return _decode_vector(data, bits)
        if isinstance(data, PackedArray):
            return self._decode_array(data, bits)
        return f"{self.names[data]}::from_bits({bits})"

    def _decode_array(self, data: PackedArray, bits: str) -> str:
        width, size = data.element.width, data.range.size
        offset = element_offset(data, "index")
        element = self.decode(data.element, extract(data.width, "whole", offset, width))
        if not self.fallible(data):
            return f"{{ let whole = {bits}; std::array::from_fn(|index| {element}) }}"
        inner = f"bits::try_array::<_, _, {size}>(|index| {element})"
        return f"{{ let whole = {bits}; {inner}.map_err(|_| whole) }}"

    def encode(self, data: PackedType, value: str) -> str:
        """An expression from a value to bits, those beyond the width cleared."""
        if isinstance(data, Vector):
            return _encode_vector(data, value)
        if isinstance(data, PackedArray):
            element = self.encode(data.element, "element")
            offset = element_offset(data, "index")
            put = insert(data.width, "whole", offset, data.element.width, element)
            loop = f"for (index, &element) in {value}.iter().enumerate() {{ {put} }}"
            return f"{{ let mut whole: {bits_type(data.width)} = {zero(data.width)}; {loop} whole }}"
        return f"{value}.to_bits()"

    def fits(self, data: PackedType, value: str) -> str:
        """An expression that says whether a value is within its width; empty where all are."""
        if isinstance(data, Vector):
            return _fits_vector(data, value)
        if isinstance(data, PackedArray):
            element = self.fits(data.element, "element")
            return f"{value}.iter().all(|&element| {element})" if element else ""
        if isinstance(data, PackedStruct) and any(self.fits(f.type, "x") for f in data.fields):
            return f"{value}.fits()"
        return ""


def element_offset(data: PackedArray, index: str) -> str:
    """The offset of element `index` (a `usize`), counted from the smallest SystemVerilog index."""
    width, size = data.element.width, data.range.size
    position = f"{index} as u32" if data.range.descending else f"({size - 1} - {index} as u32)"
    return f"({position} * {width})" if width > 1 else f"({position})"


def _vector_type(data: Vector) -> str:
    if data.width == 1:
        return "bool"
    if data.width > 128:
        return f"[u32; {words(data.width)}]"
    return f"{'i' if data.signed else 'u'}{native(data.width)}"


def _decode_vector(data: Vector, bits: str) -> str:
    if data.width == 1:
        return f"{bits} != 0"
    if data.signed and data.width <= 128:
        size = native(data.width)
        cast = f"({bits}) as i{size}"
        if data.width == size:
            return cast
        shift = size - data.width
        return f"((({bits}) << {shift}) as i{size}) >> {shift}"
    return bits


def _encode_vector(data: Vector, value: str) -> str:
    if data.width == 1:
        return f"u8::from({value})"
    if data.signed and data.width <= 128:
        return masked(data.width, f"{value} as u{native(data.width)}")
    return masked(data.width, value)


def _fits_vector(data: Vector, value: str) -> str:
    width = data.width
    if width > 128:
        return f"bits::words_fit(&{value}, {width})" if width % 32 else ""
    if width == 1 or width == native(width):
        return ""
    if data.signed:
        return f"({-(1 << (width - 1))}..={(1 << (width - 1)) - 1}).contains(&{value})"
    return f"{value} <= {mask(width)}"
