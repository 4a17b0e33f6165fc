"""A crate around a Verilated module, as data.

`FFIPort` and `ExternalFFIModule` are what a generator reads to use a crate: a
simulator that binds handles, a program that writes Cargo dependencies. They
hold names and relative paths only; `rust_types` and `crate` turn them and the
elaborated ports into sources.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from hdl_py.sv.ports import Direction, Module
from hdl_py.verilated.names import library_stem

SCHEMA_VERSION = 1
"""Of `external_modules.json` and of a crate's `module.json`."""


class Kind(enum.Enum):
    """Why a generator wants a crate."""

    INSTANCE = "instance"
    """A module is instantiated."""
    CLASS = "class"
    """A module is only named, by an intrinsic or a type."""


@dataclass(frozen=True)
class Clock:
    """A clock input.

    Attributes:
        name: the port.
        rising: whether the rising edge counts, or the falling one.
        period: from one counting edge to the next, in units of the time precision; at least 2.
        phase: when the first counting edge comes, likewise.
    """

    name: str
    rising: bool = True
    period: int = 10
    phase: int = 0


@dataclass(frozen=True)
class Reset:
    """A reset input.

    Attributes:
        name: the port.
        active_high: the level that resets.
        asynchronous: whether it acts without a clock.
    """

    name: str
    active_high: bool = True
    asynchronous: bool = False


@dataclass(frozen=True)
class Features:
    """What Verilator is asked for beyond the model.

    Attributes:
        trace: `none`, `vcd` or `fst`.
        coverage: gather line, toggle and user coverage.
        savable: allow snapshots.
        timing: support delays and event controls.
        threads: that an evaluation uses.
    """

    trace: str = "none"
    coverage: bool = False
    savable: bool = False
    timing: bool = False
    threads: int = 1

    @property
    def bits(self) -> int:
        """`VffiFeature` bits of the C ABI."""
        vcd, fst = self.trace == "vcd", self.trace == "fst"
        return vcd | fst << 1 | self.coverage << 2 | self.savable << 3 | self.timing << 4


@dataclass(frozen=True)
class FFIPort:
    """One port as both languages see it.

    Attributes:
        name: in SystemVerilog.
        method: stem of its methods in Rust.
        direction: see `Direction`.
        bits: of one element; 64 for a `real`, 0 for a `string`.
        signed: whether one element is two's complement.
        rust_type: of one element, as the getter returns it.
        c_type: of one element's storage: `uint8_t`, `uint16_t`, `uint32_t`, `uint64_t`,
            `uint32_t[N]`, `double` or `std::string`.
        type_name: in SystemVerilog.
        dimensions: unpacked ones, leftmost first, as (left, right).
        file: the source that declares it.
        line: in that source, from 1.
    """

    name: str
    method: str
    direction: Direction
    bits: int
    signed: bool
    rust_type: str
    c_type: str
    type_name: str
    dimensions: tuple[tuple[int, int], ...]
    file: str
    line: int


@dataclass(frozen=True)
class ExternalFFIModule:
    """One crate.

    Attributes:
        crate: the crate's name, and the prefix of its symbols.
        original_module_name: what the generator calls the module.
        kind: why the crate exists.
        top_module: the SystemVerilog module.
        struct_name: the Rust struct.
        crate_dir: the crate's folder, relative to the manifest's.
        sources: the SystemVerilog files, relative to `crate_dir`.
        parameters: those that were set, as SystemVerilog literals.
        clocks: in the order given.
        resets: in the order given.
        features: what the model was built with.
        ports: in order of declaration.
    """

    crate: str
    original_module_name: str
    kind: Kind
    top_module: str
    struct_name: str
    crate_dir: str
    sources: tuple[str, ...]
    parameters: Mapping[str, str]
    clocks: tuple[Clock, ...]
    resets: tuple[Reset, ...]
    features: Features
    ports: tuple[FFIPort, ...]

    @property
    def symbol_prefix(self) -> str:
        """The prefix of every C symbol."""
        return self.crate

    @property
    def dynamic_lib(self) -> str:
        """The shared library's name without the platform's prefix and ending."""
        return library_stem(self.symbol_prefix)

    @property
    def has_clock(self) -> bool:
        """Whether it has a clock."""
        return bool(self.clocks)

    @property
    def has_reset(self) -> bool:
        """Whether it has a reset."""
        return bool(self.resets)

    def of(self, direction: Direction) -> tuple[FFIPort, ...]:
        """Its ports of one direction."""
        return tuple(port for port in self.ports if port.direction is direction)


@dataclass(frozen=True)
class CrateSpec:
    """Everything that the sources of a crate are made from.

    Attributes:
        crate: its name.
        module: the elaborated top.
        parameters: those that were set, by name, as SystemVerilog literals.
        clocks: clock inputs.
        resets: reset inputs.
        features: what Verilator is asked for.
        struct_name: of the Rust struct; derived from the top's name where empty.
        original_module_name: what the generator calls it; the top's name where empty.
        kind: why it exists.
        sources: SystemVerilog files as they will stand in the crate.
        version: of the crate.
        definition: what the top is called in the text that Verilator gets; the module's name where empty.
    """

    crate: str
    module: Module
    parameters: Mapping[str, str] = field(default_factory=dict)
    clocks: tuple[Clock, ...] = ()
    resets: tuple[Reset, ...] = ()
    features: Features = field(default_factory=Features)
    struct_name: str = ""
    original_module_name: str = ""
    kind: Kind = Kind.INSTANCE
    sources: tuple[str, ...] = ()
    version: str = "0.1.0"
    definition: str = ""

    @property
    def model_class(self) -> str:
        """The C++ class that Verilator generates: its `--prefix`."""
        return f"V{self.crate}"
