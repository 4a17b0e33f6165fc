"""Why a module can't be a boundary under a contract."""

from __future__ import annotations

from hdl_py.boundary.lanes import Kind, port_lanes, why_not
from hdl_py.errors import Diagnostic
from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.model import UnitContract
from hdl_py.sv.ports import Direction, Module, Port, dimensions


def unsettled(module: Module, contract: UnitContract) -> Diagnostic:
    """What speaks against a boundary whose checks would see inputs that don't belong together."""
    ports = ", ".join(dict.fromkeys(name for name, _ in contract.effects))
    message = (
        f"combinational code of {module.name} checks or prints by {ports}: it would see values that don't belong "
        "together, before its inputs follow an edge"
    )
    fix = (
        f"{_FIX}; with asserts = False assertions and what unique and priority say are not checked; the checks of a "
        "unit with one clock, without sampled values and without strings at its ports can wait"
    )
    return Diagnostic(module.position, "unsettled-checks", message, fix, "IEEE 1800-2023 12.4.2.1")


_FIX = 'set compile = "merge" (or "auto") on its target'


def refusals(module: Module, contract: UnitContract) -> list[Diagnostic]:
    """Why a module can't be a boundary under a contract; empty where it can."""
    found = []

    def refuse(port: Port | None, code: str, message: str) -> None:
        found.append(Diagnostic(port.position if port else module.position, code, message, _FIX))

    if contract.contract is Contract.MERGED:
        refuse(None, "merged-boundary", f"the contract of {module.name} is merged: it can't be a boundary")
    for bad in module.bad_ports:
        message = f"port {bad.name or '(unnamed)'} of {module.name} can't cross a boundary: it is {bad.what}"
        found.append(Diagnostic(bad.position, "port-cannot-cross", message, _FIX))
    for port in module.ports:
        reason = why_not(port)
        if reason:
            refuse(port, "port-cannot-cross", f"port {port.name} of {module.name} can't cross a boundary: {reason}")
    if found:
        return found
    names = {port.name: port for port in module.ports if port.direction is Direction.INPUT}
    events = {c.port for c in contract.clocks} | {r.port for r in contract.resets}
    for name in sorted(events - names.keys()):
        refuse(None, "unknown-event", f"the contract of {module.name} names input {name}, which it does not have")
    if contract.contract is Contract.STEP and len(contract.clocks) != 1:
        refuse(None, "step-clocks", f"a step has one clock; the contract of {module.name} has {len(contract.clocks)}")
    if contract.contract is Contract.COMB and events:
        refuse(None, "comb-events", f"{module.name} is comb and has events: {', '.join(sorted(events))}")
    followed = {name for cone in contract.cones for name, _ in cone.inputs}
    for name in sorted(events & followed & names.keys()):
        message = (
            f"input {name} of {module.name} is an event and reaches an output without a register: "
            "its new value must be seen before the edge acts, which a call can't do"
        )
        refuse(names[name], "event-in-cone", message)
    for name in sorted(events & names.keys()):
        ranges, _ = dimensions(names[name].type)
        lane = port_lanes(names[name], 0)
        if ranges or lane[0].kind is not Kind.BITS:
            refuse(names[name], "event-type", f"event input {name} of {module.name} is no packed value")
        elif contract.contract is Contract.STEP and lane[0].width != 1:
            refuse(names[name], "event-type", f"clock or reset {name} of {module.name} has more than one bit")
    return found
