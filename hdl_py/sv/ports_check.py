"""Say which ports can leave the simulation, and compare ports with what the user expects."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hdl_py.errors import Diagnostic, HdlError
from hdl_py.sv.ports import (
    BadPort,
    DataType,
    Direction,
    Module,
    Opaque,
    PackedArray,
    PackedStruct,
    PackedUnion,
    Port,
    Real,
    String,
    UnpackedArray,
    describe,
    dimensions,
)


def check_crossing(module: Module) -> None:
    """Refuse a module with a port that C++ can't reach.

    Raises:
        HdlError: every such port, with the wrapper module that mends it.
    """
    found = [_bad_port(module, bad) for bad in module.bad_ports]
    for port in module.ports:
        why = _why_not(port)
        if why:
            message = f"port {port.name} of {module.name} can't be reached from outside: {why}"
            fix = f"write a module that instantiates {module.name}, and give it ports of packed types"
            found.append(Diagnostic(port.position, "port-cannot-cross", message, fix))
    if found:
        raise HdlError(sorted(found, key=lambda d: (d.position is not None, d.position)))


def _why_not(port: Port) -> str:
    _, element = dimensions(port.type)
    if port.direction is Direction.REF:
        return "it is passed by reference"
    if isinstance(element, Opaque):
        return f"its type is {element.why}, {element.text}"
    if _tagged(element):
        return "its type holds a tagged union"
    if port.direction is Direction.INOUT and not _packed(port.type):
        return "it is an inout that is not packed"
    return ""


def _packed(data: DataType) -> bool:
    return not isinstance(data, (Real, String, UnpackedArray, Opaque))


def _tagged(data: DataType) -> bool:
    if isinstance(data, (PackedArray, UnpackedArray)):
        return _tagged(data.element)
    if isinstance(data, (PackedStruct, PackedUnion)):
        own = isinstance(data, PackedUnion) and data.tagged
        return own or any(_tagged(field.type) for field in data.fields)
    return False


def _bad_port(module: Module, bad: BadPort) -> Diagnostic:
    called = f"port {bad.name}" if bad.name else "a port"
    message = f"{called} of {module.name} is {bad.what}, which can't be reached from outside"
    if not bad.interface:
        fix = f"write a module that instantiates {module.name} and has one plain port for each signal"
        return Diagnostic(bad.position, "port-cannot-cross", message, fix, "IEEE 1800-2023 23.2.2")
    fix = "use a wrapper of this shape as top:\n" + flat_wrapper(module, bad)
    return Diagnostic(bad.position, "port-cannot-cross", message, fix, "IEEE 1800-2023 25.3")


def flat_wrapper(module: Module, bad: BadPort) -> str:
    """The outline of a module that carries an interface port's signals as plain ports."""
    ports, body = [], []
    for direction, text, name in bad.signals:
        flat, member = f"{bad.name}_{name}", f"{bad.name}.{name}"
        if direction is Direction.OUTPUT:
            body.append(f"assign {flat} = {member};")
        elif direction is Direction.INPUT:
            body.append(f"assign {member} = {flat};")
        else:
            body.append(f"// connect {flat} and {member} in the direction {module.name} uses")
        shown = direction.value if direction is not Direction.INOUT else "input or output"
        ports.append(f"{shown} {text} {flat}")
    lines = [f"module {module.name}_flat ("]
    lines += [f"    {port}," for port in ports]
    lines += [f"    // the other ports of {module.name}", ");"]
    lines += [f"    {bad.interface} {bad.name} ();"]
    lines += [f"    {line}" for line in body]
    target = f"{bad.name}.{bad.modport}" if bad.modport else bad.name
    lines += [f"    {module.name} {module.name} (.{bad.name}({target}), .*);", "endmodule"]
    return "\n".join(lines)


def check_expected(module: Module, expected: Mapping[str, str]) -> None:
    """Compare the elaborated ports with those that the user wrote down.

    Args:
        expected: for each port its `describe` form, such as `input signed 12`,
            or its direction and type, such as `input bus_pkg::req_t`.

    Raises:
        HdlError: any difference; the message has both sides in full.
    """
    if not expected:
        return
    actual = {port.name: port for port in module.ports}
    differ = [
        name
        for name in [*actual, *(n for n in expected if n not in actual)]
        if name not in actual or name not in expected or not _matches(actual[name], expected[name])
    ]
    if not differ:
        return
    rows = []
    for name in differ:
        wants = expected.get(name, "nothing")
        has = describe(actual[name]) if name in actual else "nothing"
        rows.append(f"{name}: expected {wants}, elaborated {has}")
    listed = ", ".join(f'"{name}": "{describe(port)}"' for name, port in actual.items())
    message = f"the ports of {module.name} differ from those expected:\n    " + "\n    ".join(rows)
    fix = f"the elaborated ports are {{{listed}}}"
    raise HdlError([Diagnostic(module.position, "ports-differ", message, fix)])


def _matches(port: Port, expected: str) -> bool:
    wanted = _squeeze(expected)
    return wanted in (_squeeze(describe(port)), _squeeze(f"{port.direction.value} {port.text}"))


def _squeeze(text: str) -> str:
    return re.sub(r"\s+|(?<=\w)(?=\[)", "", text.strip().lower().replace("unsigned", ""))
