"""Instances of other boundaries, known by their contracts alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyslang.ast import ArgumentDirection, SymbolKind

from hdl_py.sv.contract.bits import mask_of, ranges, union
from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.items import Edge, Event, Kind
from hdl_py.sv.contract.machine import Machine, Place
from hdl_py.sv.contract.model import Bits, UnitContract
from hdl_py.sv.contract.scan import Mentions
from hdl_py.sv.contract.value import depending
from hdl_py.sv.ports_reader import read_parameter

if TYPE_CHECKING:
    from hdl_py.sv.contract.build import Builder

_EDGES = {e.value: e for e in Edge}
_ACTIVE = {"high": Edge.RISING, "low": Edge.FALLING, "both": Edge.BOTH}


@dataclass(frozen=True)
class Child:
    """An instance of a boundary.

    Attributes:
        path: the instance's hierarchical name below the unit.
        contract: of its module with its parameters.
        inputs: variable of each input, by port.
        outputs: variable of each output, by port.
        location: slang's place.
    """

    path: str
    contract: UnitContract
    inputs: dict[str, int]
    outputs: dict[str, int]
    location: Any


def parameter_values(body: Any) -> tuple[tuple[str, str], ...]:
    """Every parameter that an instance may set, with its elaborated value (IEEE 1800-2023 6.20)."""
    out = []
    for symbol in body.parameters:
        if symbol.isLocalParam:
            continue
        if symbol.kind == SymbolKind.TypeParameter:
            out.append((symbol.name, f"type {symbol.targetType.type}"))
        else:
            parameter = read_parameter(symbol)
            out.append((symbol.name, parameter.value or str(symbol.value)))
    return tuple(out)


def matching(builder: Builder, instance: Any, contracts: Sequence[UnitContract]) -> Child | None:
    """The instance as a boundary; None where its module is compiled into this unit."""
    values = parameter_values(instance.body)
    found = next((c for c in contracts if c.parameters == values), None)
    if found is None:
        shown = ", ".join(f"{n}={v}" for n, v in values) or "none"
        what = (
            f"the instance {instance.name} of {instance.definition.name} has the parameters {shown}, which no set lists"
        )
        builder.cause("unlisted-parameters", instance.location, what)
        return None
    if found.contract is Contract.MERGED:
        return None
    path = str(instance.hierarchicalPath).removeprefix(builder.top + ".")
    inputs: dict[str, int] = {}
    outputs: dict[str, int] = {}
    for port in instance.body.portList:
        if port.kind == SymbolKind.Port and port.internalSymbol is not None:
            side = inputs if port.direction == ArgumentDirection.In else outputs
            side[port.name] = builder.variables.number(port.internalSymbol)
    child = Child(path, found, inputs, outputs, instance.location)
    _check_bits(builder, child)
    return child


def _check_bits(builder: Builder, child: Child) -> None:
    """A contract that names other ports or bits than the stub has belongs to another build of the child."""
    contract = child.contract
    named: list[tuple[str, int, dict[str, int]]] = []
    for cone in contract.cones:
        named += [(p, mask_of(r), child.inputs) for p, r in cone.inputs]
        named += [(p, mask_of(r), child.outputs) for p, r in cone.outputs]
    named += [(c.port, 1 << c.bit, child.inputs) for c in contract.clocks]
    named += [(r.port, 1 << r.bit, child.inputs) for r in contract.resets]
    for port, mask, side in named:
        if port not in side or mask & ~builder.variables.full(side[port]):
            bits = "".join(f"[{h}:{low}]" for h, low in ranges(mask))
            what = f"the contract of {contract.module} names {port}{bits}, which its stub doesn't have"
            builder.cause("elaboration-error", child.location, what)
            return


def child_items(builder: Builder, child: Child, number: int) -> None:
    """The items that stand for a boundary's inside."""
    contract = child.contract
    if contract.contract is Contract.GENERAL:
        builder.cause("general-child", child.location, child.path)
    events = tuple(
        [
            Event(_EDGES[c.edge], child.inputs[c.port], 1 << c.bit, child.location, "clock")
            for c in contract.clocks
            if c.port in child.inputs
        ]
        + [
            Event(_ACTIVE[r.active], child.inputs[r.port], 1 << r.bit, child.location, "reset")
            for r in contract.resets
            if r.port in child.inputs
        ]
    )
    if events:
        _state(builder, child, number, events)
    for cone in contract.cones:
        _cone(builder, child, number, cone.inputs, cone.outputs)
    if contract.effects:
        _effects(builder, child, number, contract.effects)


def _state(builder: Builder, child: Child, number: int, events: tuple[Event, ...]) -> None:
    """Registers inside: every output may follow from them, and they sample every input but the clocks."""
    resets = {(child.inputs[r.port]) for r in child.contract.resets if r.port in child.inputs}
    clocks = {child.inputs[c.port] for c in child.contract.clocks if c.port in child.inputs}
    sampled = [v for v in child.inputs.values() if v not in resets | clocks]
    reads, writes = set(child.inputs.values()), set(child.outputs.values())

    def run(m: Machine) -> None:
        deps = union(*(m.read(m.whole(v), m.variables.width(v)).flat() for v in sampled))
        for var in child.outputs.values():
            m.write(m.whole(var), depending(m.variables.width(var), deps))

    what = f"the registers of {child.path}"
    builder.add(Kind.CLOCKED, what, child.location, Mentions(reads, writes), run, events, number)


def _places(ports: dict[str, int], bits: Bits) -> list[Place]:
    return [Place(ports[p], low, high, True) for p, runs in bits if p in ports for high, low in runs]


def _cone(builder: Builder, child: Child, number: int, inputs: Bits, outputs: Bits) -> None:
    """Outputs that follow inputs through logic inside."""
    sources, targets = _places(child.inputs, inputs), _places(child.outputs, outputs)

    def run(m: Machine) -> None:
        deps = union(*(m.read(p, p.high - p.low + 1).flat() for p in sources))
        for place in targets:
            m.write(place, depending(place.high - place.low + 1, deps))

    mentions = Mentions({p.var for p in sources}, {p.var for p in targets})
    builder.add(Kind.COMBINATIONAL, f"the logic of {child.path}", child.location, mentions, run, child=number)


def _effects(builder: Builder, child: Child, number: int, bits: Bits) -> None:
    sources = _places(child.inputs, bits)

    def run(m: Machine) -> None:
        deps = union(*(m.read(p, p.high - p.low + 1).flat() for p in sources))
        m.effect("output", f"the instance {child.path}", child.location, deps)

    mentions = Mentions({p.var for p in sources})
    builder.add(Kind.COMBINATIONAL, f"the effects of {child.path}", child.location, mentions, run, child=number)
