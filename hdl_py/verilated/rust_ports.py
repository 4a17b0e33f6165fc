"""The methods that a generated struct has for each port."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hdl_py.sv.ports import (
    DataType,
    Direction,
    Enum,
    Module,
    Opaque,
    PackedArray,
    Port,
    Range,
    Real,
    String,
    UnpackedArray,
    Vector,
    dimensions,
)
from hdl_py.verilated.model import CrateSpec, FFIPort
from hdl_py.verilated.names import method_stems, raw_identifier, rust_identifier, word_set
from hdl_py.verilated.pins import Pins
from hdl_py.verilated.rust_types import (
    RustTypes,
    bits_to_storage,
    bits_type,
    c_storage,
    masked,
    storage_to_bits,
    storage_type,
    zero,
)

WHOLE_ARRAY_LIMIT = 4096
"""Elements up to which an unpacked array also has methods for all of it at once: they copy it."""


def rust_string(text: str) -> str:
    """A string literal of Rust."""
    out = []
    for char in text:
        if char in '"\\':
            out.append("\\" + char)
        elif char.isprintable() and ord(char) < 0x2000:
            out.append(char)
        else:
            out.append(f"\\u{{{ord(char):x}}}")
    return '"' + "".join(out) + '"'


_FIXED_METHODS = word_set(
    """
    new builder new_from_path eval tick tick_n tick_all run_until run_for reset time time_precision advance
    next_event error_count finished_at set_half_period trace_vcd trace_fst write_coverage save restore
    finish instance instance_mut peek poke from_instance table
    """
)


@dataclass(frozen=True)
class SlotView:
    """One field of the generated `Slots`.

    Attributes:
        index: among the C ABI's slots.
        type: the Rust type.
        new: an expression that makes it of `address`.
    """

    index: int
    type: str
    new: str


@dataclass(frozen=True)
class PortView:
    """One port's methods, as expressions for the template.

    Attributes:
        shape: `value`, `array`, `text` or `inout`.
        port: what the manifest says of it.
        kind: `Bits`, `Real` or `Text`.
        doc: what it is and where, one line.
        notes: further lines of documentation.
        getter: the getter's name, with `r#` where needed.
        stem: of the other methods.
        input: whether it has setters.
        value: the type a setter takes.
        returned: the type a getter returns.
        bits: the raw type.
        raw: whether it has `_bits` methods.
        decode: from a variable `stored` to what a getter returns.
        encode: from a variable `value` to storage.
        fits: whether `value` is within its width; empty where it always is.
        to_raw: from a variable `stored` to the raw type.
        from_raw: from a variable `value` of the raw type to storage.
        raw_fits: whether a raw `value` is within the width; empty where it always is.
        slot: index of the value's slot; an inout's other slots follow.
        sizes: of the unpacked dimensions.
        whole: whether the array also has methods for all of it.
        array_value: the nested array type that those take.
        array_returned: what they return.
        fallible: whether some bits are no value.
        enable: the type of an inout's masks.
        enable_encode: from a variable `enable` to storage.
        driven_decode: from a variable `stored` to a mask.
        enable_none: the mask of no bits.
    """

    shape: str
    port: FFIPort
    kind: str
    doc: str
    notes: tuple[str, ...]
    getter: str
    stem: str
    input: bool
    value: str
    returned: str
    bits: str
    raw: bool
    decode: str
    encode: str
    fits: str
    to_raw: str
    from_raw: str
    raw_fits: str
    slot: int
    sizes: tuple[int, ...]
    whole: bool
    array_value: str
    array_returned: str
    fallible: bool
    enable: str = ""
    enable_encode: str = ""
    driven_decode: str = ""
    enable_none: str = ""

    @property
    def index_args(self) -> str:
        """Parameters for the unpacked dimensions."""
        return ", ".join(f"i{n}: usize" for n in range(len(self.sizes)))

    @property
    def indices(self) -> str:
        """Those parameters as arguments."""
        return ", ".join(f"i{n}" for n in range(len(self.sizes)))

    @property
    def index(self) -> str:
        """An expression for the element's index in storage."""
        if not self.sizes:
            return "0"
        sizes = ", ".join(map(str, self.sizes))
        return f"slot::flat([{self.indices}], [{sizes}], {rust_string(self.port.name)})"

    @property
    def whole_array(self) -> str:
        """An expression for all elements, from the getter of one."""
        out = f"self.{self.getter}({self.indices})"
        for number in reversed(range(len(self.sizes))):
            make = f"bits::try_array::<_, _, {self.sizes[number]}>" if self.fallible else "std::array::from_fn"
            out = f"{make}(|i{number}| {out})"
        return out


def reserved_methods(spec: CrateSpec) -> tuple[str, ...]:
    """Names of the struct's own methods."""
    own = sorted(_FIXED_METHODS)
    own += [f"tick_{rust_identifier(clock.name)}" for clock in spec.clocks]
    own += [f"reset_{rust_identifier(reset.name)}" for reset in spec.resets]
    return tuple(own)


def _patterns(port: Port) -> tuple[str, ...]:
    ranges, element = dimensions(port.type)
    raw = not isinstance(element, (Vector, Real, String))
    out = ["{}"]
    if isinstance(element, String):
        out.append("{}_bytes")
    if raw:
        out.append("{}_bits")
    if port.direction is Direction.INPUT:
        out += ["set_{}", "try_set_{}", *(["set_{}_bits"] if raw else [])]
    if port.direction is Direction.INOUT:
        out += ["drive_{}", "release_{}", "{}_driven"]
    if ranges:
        out.append("{}_array")
        if port.direction is Direction.INPUT:
            out += ["set_{}_array"]
    return tuple(out)


def port_stems(spec: CrateSpec) -> tuple[str, ...]:
    """The stem of each port's methods."""
    patterns = {port.name: _patterns(port) for port in spec.module.ports}
    return method_stems([port.name for port in spec.module.ports], patterns, reserved_methods(spec))


def slot_views(pins: Pins) -> tuple[SlotView, ...]:
    """Every field of `Slots`, in order."""
    out = []
    for index, pin in enumerate(pins.pins):
        ranges, element = dimensions(pin.port.type)
        count = math.prod(r.size for r in ranges)
        if isinstance(element, String):
            out.append(SlotView(index, f"TextSlot<{count}>", "TextSlot::new({}, api)"))
            continue
        stored = "f64" if isinstance(element, Real) else storage_type(_packed_width(element))
        if ranges:
            out.append(SlotView(index, f"ArraySlot<{stored}, {count}>", "ArraySlot::new({})"))
        else:
            out.append(SlotView(index, f"Slot<{stored}>", "Slot::new({})"))
    return tuple(out)


def _packed_width(data: DataType) -> int:
    assert not isinstance(data, (Real, String, UnpackedArray, Opaque))
    return data.width


def port_views(spec: CrateSpec, types: RustTypes, pins: Pins) -> tuple[PortView, ...]:
    """The methods of every port, in order of declaration."""
    stems = port_stems(spec)
    return tuple(_view(port, stem, types, pins) for port, stem in zip(spec.module.ports, stems, strict=True))


def ffi_ports(module: Module, stems: Sequence[str], types: RustTypes) -> tuple[FFIPort, ...]:
    """What the manifest says of every port."""
    return tuple(_ffi_port(port, stem, types) for port, stem in zip(module.ports, stems, strict=True))


def _ffi_port(port: Port, stem: str, types: RustTypes) -> FFIPort:
    ranges, element = dimensions(port.type)
    if isinstance(element, String):
        width, signed, c_type = 0, False, "std::string"
    elif isinstance(element, Real):
        width, signed, c_type = 64, True, "double"
    else:
        assert not isinstance(element, (UnpackedArray, Opaque))
        width, signed, c_type = element.width, element.signed, c_storage(element.width)
    return FFIPort(
        name=port.name,
        method=stem,
        direction=port.direction,
        bits=width,
        signed=signed,
        rust_type=types.value_type(element),
        c_type=c_type,
        type_name=port.text,
        dimensions=tuple((r.left, r.right) for r in ranges),
        file=port.position.file,
        line=port.position.line,
    )


def _view(port: Port, stem: str, types: RustTypes, pins: Pins) -> PortView:
    ranges, element = dimensions(port.type)
    ffi = _ffi_port(port, stem, types)
    sizes = tuple(r.size for r in ranges)
    value = types.value_type(element)
    shape = "array" if ranges else "value"
    kind, raw, fallible = "Bits", False, types.fallible(element)
    bits = to_raw = from_raw = raw_fits = fits = ""
    decode, encode, returned = "stored", "value", value
    if isinstance(element, String):
        shape, kind = "text", "Text"
    elif isinstance(element, Real):
        kind = "Real"
    else:
        assert not isinstance(element, (UnpackedArray, Opaque))
        width = element.width
        raw = not isinstance(element, Vector)
        bits, returned = bits_type(width), types.returned_type(element)
        to_raw, from_raw = storage_to_bits(width, "stored"), bits_to_storage(width, masked(width, "value"))
        raw_fits = types.fits(Vector(max(width, 2), False), "value") if width > 1 else "value <= 1"
        decode = types.decode(element, to_raw)
        encode = bits_to_storage(width, types.encode(element, "value"))
        fits = types.fits(element, "value")
    nested = value
    for size in reversed(sizes):
        nested = f"[{nested}; {size}]"
    view = PortView(
        shape=shape,
        port=ffi,
        kind=kind,
        doc=_doc(port, ffi, element),
        notes=_notes(port, element, ranges),
        getter=raw_identifier(stem),
        stem=stem,
        input=port.direction is Direction.INPUT,
        value=value,
        returned=returned,
        bits=bits,
        raw=raw,
        decode=decode,
        encode=encode,
        fits=fits,
        to_raw=to_raw,
        from_raw=from_raw,
        raw_fits=raw_fits,
        slot=pins.slot(port),
        sizes=sizes,
        whole=math.prod(sizes) <= WHOLE_ARRAY_LIMIT,
        array_value=nested,
        array_returned=f"Result<{nested}, {bits}>" if fallible else nested,
        fallible=fallible,
    )
    return _inout(view, port) if port.direction is Direction.INOUT else view


def _inout(view: PortView, port: Port) -> PortView:
    width = _packed_width(port.type)
    one = width == 1
    changes = {
        "shape": "inout",
        "enable": "bool" if one else bits_type(width),
        "enable_encode": "u8::from(enable)" if one else bits_to_storage(width, masked(width, "enable")),
        "driven_decode": "stored != 0" if one else storage_to_bits(width, "stored"),
        "enable_none": "false" if one else zero(width),
    }
    return PortView(**{**view.__dict__, **changes})


def _doc(port: Port, ffi: FFIPort, element: DataType) -> str:
    word = {Direction.INPUT: "Input", Direction.OUTPUT: "Output", Direction.INOUT: "Inout"}[port.direction]
    if isinstance(element, (Real, String)):
        size = ""
    else:
        plural = "" if ffi.bits == 1 else "s"
        size = f", {ffi.bits} bit{plural}, {'signed' if ffi.signed else 'unsigned'}"
    return f"{word} `{port.name}`: `{port.text}`{size} (`{ffi.file}:{ffi.line}`)."


def _notes(port: Port, element: DataType, ranges: tuple[Range, ...]) -> tuple[str, ...]:
    out = []
    if ranges:
        lows = "".join(f"[{r.low}]" for r in ranges)
        out.append(f"Index {'0' if len(ranges) == 1 else 'zero everywhere'} is `{port.name}{lows}`.")
    if isinstance(element, PackedArray):
        out.append(f"Element 0 of the value is index {element.range.low} of the packed array.")
    if isinstance(element, Vector) and element.width > 128:
        sign = f"; bit {element.width - 1} is the sign" if element.signed else ""
        out.append(f"The least significant word comes first{sign}.")
    if isinstance(element, Enum):
        out.append("An encoding without a name comes as `Err` with the raw bits.")
    return tuple(out)
