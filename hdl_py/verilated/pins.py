"""Where each port's storage is in the C++ model, and the module around the top where one is needed.

A port is one member of the model's class, or, for an inout, four: its value,
what Rust drives, for which bits, and which bits anyone drives. Inouts are
resolved by SystemVerilog itself, in a generated module around the top; the same
module renames ports that C++ can't have, and gives parameters their strings.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from dataclasses import dataclass

from hdl_py.sv.ports import (
    DataType,
    Direction,
    Enum,
    Module,
    Opaque,
    PackedArray,
    PackedStruct,
    PackedUnion,
    Port,
    Real,
    String,
    UnpackedArray,
    dimensions,
)
from hdl_py.verilated.cxx_names import member, needs_renaming
from hdl_py.verilated.names import disjoint, sanitise
from hdl_py.verilated.rust_types import verilator_storage


class Role(enum.Enum):
    """What a slot of a port is for."""

    VALUE = "value"
    DRIVE = "drive"
    DRIVE_ENABLE = "drive_enable"
    DRIVEN = "driven"


_ADAPTER_WAIVERS = ("ENUMVALUE", "SHORTREAL", "SYMRSVDWORD", "TIMESCALEMOD")
"""What Verilator says of a generated module that it said, or not, of the user's."""

INOUT_ROLES = (Role.VALUE, Role.DRIVE, Role.DRIVE_ENABLE, Role.DRIVEN)


@dataclass(frozen=True)
class Pin:
    """One member of the model's class.

    Attributes:
        port: that it belongs to.
        role: see `Role`.
        name: the top-level port in SystemVerilog that Verilator sees.
        storage: the member's C++ type.
    """

    port: Port
    role: Role
    name: str
    storage: str

    @property
    def member(self) -> str:
        """The member in C++."""
        return member(self.name)


@dataclass(frozen=True)
class Pins:
    """All members, in the order of the C ABI's slots, and the module around the top.

    Attributes:
        pins: in slot order.
        top: the module that Verilator gets as top.
        adapter: that module's source; empty where it is the user's own.
    """

    pins: tuple[Pin, ...]
    top: str
    adapter: str

    def slot(self, port: Port, role: Role = Role.VALUE) -> int:
        """Index of a port's pin."""
        return next(i for i, pin in enumerate(self.pins) if pin.port == port and pin.role is role)


def plan_pins(
    module: Module, parameters: Mapping[str, str], crate: str, model_class: str, definition: str = ""
) -> Pins:
    """Pins of a module whose ports all cross.

    Args:
        module: the user's top.
        parameters: those that were set, as SystemVerilog literals.
        crate: name of the crate, which the generated module's name comes from.
        model_class: of the C++ model.
        definition: what the top is called in the text that Verilator gets; its name where empty.
    """
    definition = definition or module.name
    names = [port.name for port in module.ports]
    renamed = [needs_renaming(name, definition, model_class) or name == module.name for name in names]
    inouts = any(port.direction is Direction.INOUT for port in module.ports)
    # Verilator's -G knows no escapes in a string; an instantiation does.
    escapes = any("\\" in value for value in parameters.values())
    if not inouts and not escapes and not any(renamed):
        pins = tuple(Pin(port, Role.VALUE, port.name, _storage(port.type)) for port in module.ports)
        return Pins(pins, definition, "")
    top = f"{crate}_pins"
    safe = [f"port_{sanitise(n)}" if bad or sanitise(n) != n else n for n, bad in zip(names, renamed, strict=True)]
    wanted: list[tuple[Port, Role, str]] = []
    for port, name in zip(module.ports, safe, strict=True):
        roles = INOUT_ROLES if port.direction is Direction.INOUT else (Role.VALUE,)
        wanted += [(port, role, name if role is Role.VALUE else f"{name}_{role.value}") for role in roles]
    unique = disjoint([name for *_, name in wanted], (top, module.name, model_class))
    pins = tuple(
        Pin(port, role, name, _storage(port.type)) for (port, role, _), name in zip(wanted, unique, strict=True)
    )
    return Pins(pins, top, _adapter(module, definition, parameters, top, pins))


def _storage(data: DataType) -> str:
    if isinstance(data, UnpackedArray):
        return f"VlUnpacked<{_storage(data.element)}, {data.range.size}>"
    if isinstance(data, Real):
        return "double"
    if isinstance(data, String):
        return "std::string"
    assert not isinstance(data, Opaque)
    return verilator_storage(data.width)


def _four_state(data: DataType) -> bool:
    if isinstance(data, (PackedStruct, PackedUnion)):
        return any(_four_state(field.type) for field in data.fields)
    if isinstance(data, PackedArray):
        return _four_state(data.element)
    if isinstance(data, Enum):
        return data.base.four_state
    return bool(getattr(data, "four_state", False))


def _declaration(data: DataType, name: str, net: bool = False) -> str:
    """A declaration of `name` with an equivalent type that needs no typedef (IEEE 1800-2023 6.22.2)."""
    ranges, element = dimensions(data)
    if isinstance(element, Real):
        core = element.keyword
    elif isinstance(element, String):
        core = "string"
    else:
        assert not isinstance(element, (UnpackedArray, Opaque))
        word = "logic" if net or _four_state(element) else "bit"
        sign = " signed" if element.signed else ""
        core = f"{word}{sign}" + (f" [{element.width - 1}:0]" if element.width > 1 else "")
    return " ".join([core, _escaped(name), *map(str, ranges)])


def _escaped(name: str) -> str:
    """An identifier that may be anything, keywords included (IEEE 1800-2023 5.6.1)."""
    return f"\\{name} "


def _adapter(module: Module, definition: str, parameters: Mapping[str, str], top: str, pins: tuple[Pin, ...]) -> str:
    ports, body, connections = [], [], []
    by_port: dict[Port, dict[Role, Pin]] = {}
    for pin in pins:
        by_port.setdefault(pin.port, {})[pin.role] = pin
        output = pin.role is Role.DRIVEN or (pin.role is Role.VALUE and pin.port.direction is not Direction.INPUT)
        ports.append(f"{'output' if output else 'input'} {_declaration(pin.port.type, pin.name)}")
    taken = {pin.name for pin in pins} | {module.name}
    for port, roles in by_port.items():
        value = roles[Role.VALUE].name
        if port.direction is not Direction.INOUT:
            connections.append(f".{_escaped(port.name)}({_escaped(value)})")
            continue
        (net,) = disjoint([f"{sanitise(value)}_net"], taken)
        taken.add(net)
        drive, enable, driven = (_escaped(roles[role].name) for role in INOUT_ROLES[1:])
        body.append(f"wire {_declaration(port.type, net, net=True)};")
        connections.append(f".{_escaped(port.name)}({net})")
        body.append(f"assign {_escaped(value)}= {net};")
        width = _width(port)
        for bit in range(width):
            at = f"[{bit}]" if width > 1 else ""
            body.append(f"assign {net}{at} = {enable}{at} ? {drive}{at} : 1'bz;")
            body.append(f"assign {driven}{at} = !({net}{at} === 1'bz);")
    lines = [
        # Where it lies while the crate is made is nobody's business.
        f'`line 1 "rtl/{top}.sv" 0',
        f"// Ports of {module.name} under names that C++ can have, and inouts in their parts.",
        *(f"// verilator lint_off {rule}" for rule in _ADAPTER_WAIVERS),
        "// verilator coverage_off",
        f"module {top} (",
        *(f"    {port}," for port in ports[:-1]),
        *(f"    {port}" for port in ports[-1:]),
        ");",
    ]
    if module.timescale:
        unit, precision = module.timescale.split("/")
        lines += [f"    timeunit {unit};", f"    timeprecision {precision};"]
    lines += [f"    {line}" for line in body]
    values = ", ".join(f".{_escaped(name)}({value})" for name, value in parameters.items())
    lines.append(f"    {_escaped(definition)}{f'#({values}) ' if values else ''}{_escaped(module.name)}(")
    lines.append("        " + ",\n        ".join(connections))
    lines += ["    );", "endmodule"]
    lines += [*(f"// verilator lint_on {rule}" for rule in _ADAPTER_WAIVERS), "// verilator coverage_on", ""]
    return "\n".join(lines)


def _width(port: Port) -> int:
    assert not isinstance(port.type, (Real, String, UnpackedArray, Opaque))
    return port.type.width


def verilate_arguments(module: Module, parameters: Mapping[str, str], pins: Pins, model_class: str) -> tuple[str, ...]:
    """What Verilator has to be told of the top: its name, the class, parameters."""
    arguments = ["--top-module", pins.top, "--prefix", model_class]
    if not pins.adapter:
        arguments += [f"-G{name}={value}" for name, value in parameters.items()]
    return tuple(arguments)


def argument_file(arguments: tuple[str, ...]) -> str:
    """Arguments for Verilator's `-f`, one a line, quoted."""
    return "".join(json.dumps(argument) + "\n" for argument in arguments)
