"""What a boundary is made of: a module, its parameter sets and, for each, ports and contract.

A boundary is a module that is verilated alone. Its parents see a stub that
imports DPI functions; a wrapper implements them with the model of a generated
harness around the module. Names of all of them carry a digest of the interface,
so that a stub and an archive that don't belong together fail at link.
"""

from __future__ import annotations

import enum
import hashlib
import json
import re
from dataclasses import dataclass

from hdl_py.boundary.lanes import Kind, Lane, port_lanes, why_not
from hdl_py.errors import Diagnostic, HdlError
from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.model import UnitContract
from hdl_py.sv.ports import Direction, Module, Port, describe, dimensions

GENERATOR = 3
"""Version of the generated sources; part of every digest."""

MAX_GROUPS = 24
"""Groups of early inputs; a wrapper has a bit for each."""


class Form(enum.Enum):
    """How stub and wrapper meet.

    Attributes:
        PUBLIC: Verilator's documented API alone; right for every version.
        ORDERED: one call a clock edge after the parent's registers have changed, inputs latched by the harness.
        DIRECT: as ORDERED, evaluated by the names that one version of Verilator generates.
    """

    PUBLIC = "public"
    ORDERED = "ordered"
    DIRECT = "direct"


@dataclass(frozen=True)
class Group:
    """Outputs that one call computes from the same inputs, besides state.

    Attributes:
        number: from 0; part of the function's name.
        inputs: lanes that the call passes.
        outputs: lanes that it returns; none where the call is for its effects.
    """

    number: int
    inputs: tuple[Lane, ...]
    outputs: tuple[Lane, ...]


@dataclass(frozen=True)
class BoundarySet:
    """A boundary with one parameter set.

    Attributes:
        module: elaborated with the set's parameters.
        contract: proven for it; `step`, `comb` or `general`.
        parameters: those the set names, as SystemVerilog expressions, in order of declaration.
        form: how stub and wrapper meet.
        settings: what must be the same for stub and wrapper besides, such as `trace=vcd`.
        late: inputs of a `step` that may depend on its own outputs in the same cycle; None for every input that an
            output follows. A property of the parents: whatever it says, values stay right; it decides what is
            evaluated once a cycle and what more often. For ORDERED and DIRECT.
    """

    module: Module
    contract: UnitContract
    parameters: tuple[tuple[str, str], ...] = ()
    form: Form = Form.PUBLIC
    settings: tuple[str, ...] = ()
    late: frozenset[str] | None = None

    def __post_init__(self) -> None:
        found = refusals(self.module, self.contract)
        if found:
            raise HdlError(found)

    def wants(self, key: str) -> bool:
        """Whether a setting such as `trace=vcd` asks for something."""
        off = ("", "0", "false", "no", "none", "off")
        return any(k == key and v.lower() not in off for k, _, v in (s.partition("=") for s in self.settings))

    @property
    def outlives(self) -> bool:
        """Whether something asks for the model after the simulation has ended."""
        return self.wants("trace") or self.wants("coverage")

    @property
    def other_edge(self) -> bool:
        """Whether the model sees the clock's other edge: for code that prints there, and for waveforms."""
        return self.clock is not None and (self.contract.other_edge or self.wants("trace"))

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Every lane, in order of the ports."""
        return tuple(lane for n, port in enumerate(self.module.ports) for lane in port_lanes(port, n))

    @property
    def inputs(self) -> tuple[Lane, ...]:
        """Lanes that go in."""
        return tuple(lane for lane in self.lanes if lane.direction is Direction.INPUT)

    @property
    def outputs(self) -> tuple[Lane, ...]:
        """Lanes that come out."""
        return tuple(lane for lane in self.lanes if lane.direction is Direction.OUTPUT)

    @property
    def clock(self) -> Lane | None:
        """The clock of a `step`; None of anything else."""
        if self.contract.contract is not Contract.STEP:
            return None
        return next(lane for lane in self.inputs if lane.source == self.contract.clocks[0].port)

    @property
    def rising(self) -> bool:
        """Whether a `step` acts on the rising edge of its clock."""
        return self.clock is None or self.contract.clocks[0].edge != "negedge"

    @property
    def events(self) -> tuple[Lane, ...]:
        """Of a `step` the asynchronous resets; of anything else every input that events depend on."""
        names = {r.port for r in self.contract.resets}
        if self.contract.contract is not Contract.STEP:
            names |= {c.port for c in self.contract.clocks}
        return tuple(lane for lane in self.inputs if lane.source in names)

    @property
    def data(self) -> tuple[Lane, ...]:
        """Inputs that are neither clock nor event."""
        events = set(self.events) | {self.clock}
        return tuple(lane for lane in self.inputs if lane not in events)

    @property
    def gates(self) -> tuple[Lane, ...]:
        """Data that latches of clock gates follow; they need it as it was while the clock was idle."""
        names = {name for name, _ in self.contract.gates}
        return tuple(lane for lane in self.data if lane.source in names)

    @property
    def sampled(self) -> tuple[Lane, ...]:
        """Data that the unit samples as it was before the evaluation, gates' data left out."""
        names = {name for name, _ in self.contract.sampled} - {name for name, _ in self.contract.gates}
        return tuple(lane for lane in self.data if lane.source in names)

    @property
    def synchronous(self) -> bool:
        """Whether inputs have to change within an evaluation, after values were sampled."""
        return bool(self.contract.sampled)

    @property
    def before(self) -> tuple[Lane, ...]:
        """Data that an edge's call passes twice: as it was before, and as it is."""
        return self.gates + self.sampled

    @property
    def groups(self) -> tuple[Group, ...]:
        """Of a `step`, one group for each set of inputs that outputs depend on, for effects, and for waveforms."""
        if self.contract.contract is not Contract.STEP:
            return ()
        needs: dict[str, set[str]] = {}
        for cone in self.contract.cones:
            names = {name for name, _ in cone.inputs}
            for name, _ in cone.outputs:
                needs.setdefault(name, set()).update(names)
        effects = {name for name, _ in self.contract.effects}
        kinds: dict[frozenset[str], list[str]] = {}
        for port in self.module.ports:
            if port.name in needs:
                kinds.setdefault(frozenset(needs[port.name]), []).append(port.name)
        if effects and frozenset(effects) not in kinds:
            kinds[frozenset(effects)] = []
        everything = frozenset(lane.source for lane in self.data)
        if self.wants("trace") and everything not in kinds:
            kinds[everything] = []  # A waveform shows inputs when they change, not when an edge takes them over.
        return tuple(
            Group(
                n,
                tuple(lane for lane in self.inputs if lane.source in names),
                tuple(lane for lane in self.outputs if lane.source in made),
            )
            for n, (names, made) in enumerate(kinds.items())
        )

    @property
    def state_outputs(self) -> tuple[Lane, ...]:
        """Of a `step`, outputs that depend on state alone."""
        made = {lane for group in self.groups for lane in group.outputs}
        return tuple(lane for lane in self.outputs if lane not in made)

    @property
    def late_inputs(self) -> tuple[Lane, ...]:
        """Of an ordered step, data that is sampled at the edge and passed to cones."""
        late = self.late
        if late is None:
            late = frozenset(lane.source for group in self.groups if group.outputs for lane in group.inputs)
        return tuple(lane for lane in self.data if lane.source in late)

    @property
    def early_inputs(self) -> tuple[Lane, ...]:
        """Of an ordered step, the rest of the data: passed as it is after the parent's registers have changed."""
        late = set(self.late_inputs)
        return tuple(lane for lane in self.data if lane not in late)

    @property
    def early_groups(self) -> tuple[tuple[Lane, ...], ...]:
        """Early inputs by the first word of their names: those of one bus change together, constants seldom.

        Each group has a call of its own, which Verilator leaves out where nothing changes.
        """
        found: dict[str, list[Lane]] = {}
        for lane in self.early_inputs:
            words = [w for w in lane.source.split("_") if len(w) > 1] or [lane.source]
            key = words[0] if words[0] in found or len(found) < MAX_GROUPS else next(reversed(found))
            found.setdefault(key, []).append(lane)
        return tuple(tuple(lanes) for lanes in found.values())

    @property
    def late_groups(self) -> tuple[Group, ...]:
        """Of an ordered step, the groups that follow late inputs, with these alone."""
        late = self.late_inputs
        cut = (Group(g.number, tuple(x for x in g.inputs if x in late), g.outputs) for g in self.groups)
        return tuple(group for group in cut if group.inputs)

    @property
    def edge_outputs(self) -> tuple[Lane, ...]:
        """Of an ordered step, outputs that no late input reaches."""
        made = {lane for group in self.late_groups for lane in group.outputs}
        return tuple(lane for lane in self.outputs if lane not in made)

    @property
    def digest(self) -> str:
        """Sixteen hexadecimal digits of everything that stub and wrapper must agree on."""
        said = {
            "generator": GENERATOR,
            "module": self.module.name,
            "parameters": [list(p) for p in self.parameters],
            "ports": [[p.name, describe(p), p.text] for p in self.module.ports],
            "contract": self.contract.to_data(),
            # ORDERED and DIRECT have the same stub but not the same archive.
            "form": self.form.value,
            "settings": sorted(self.settings),
            "late": None if self.late is None else sorted(self.late),
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def symbol(self) -> str:
        """The prefix of its DPI functions and the name of its harness."""
        return f"{re.sub(r'[^A-Za-z0-9]+', '_', self.module.name).strip('_') or 'm'}_b{self.digest}"

    @property
    def instance(self) -> str:
        """The name of the module's instance in its harness; `scopes` takes it out of the model again."""
        return f"u_{self.digest}"

    @property
    def prefix(self) -> str:
        """The C++ class of its model: Verilator's `--prefix`."""
        return f"V{self.symbol}"


@dataclass(frozen=True)
class Boundary:
    """A module and the parameter sets for which it can be instantiated.

    Attributes:
        label: the target, for messages.
        sets: at least one; all of the same module. A module without parameters has one set that names none.
        header: text of the module up to its body, with the declarations that its ports need and without
            `endmodule`; empty to generate one from the elaborated ports of the only set.
        packages: packages whose types a generated header may name.
        timescale: of the stub, such as `1ns/1ps`; empty for none.
    """

    label: str
    sets: tuple[BoundarySet, ...]
    header: str = ""
    packages: frozenset[str] = frozenset()
    timescale: str = ""

    def __post_init__(self) -> None:
        if not self.sets:
            raise ValueError("a boundary needs a parameter set")
        if len({one.module.name for one in self.sets}) != 1:
            raise ValueError("a boundary's sets are of one module")

    @property
    def name(self) -> str:
        """The module's name."""
        return self.sets[0].module.name


def refusals(module: Module, contract: UnitContract) -> list[Diagnostic]:
    """Why a module can't be a boundary under a contract; empty where it can."""
    found = []
    fix = 'set compile = "merge" (or "auto") on its target'

    def refuse(port: Port | None, code: str, message: str) -> None:
        found.append(Diagnostic(port.position if port else module.position, code, message, fix))

    if contract.contract is Contract.MERGED:
        refuse(None, "merged-boundary", f"the contract of {module.name} is merged: it can't be a boundary")
    for bad in module.bad_ports:
        message = f"port {bad.name or '(unnamed)'} of {module.name} can't cross a boundary: it is {bad.what}"
        found.append(Diagnostic(bad.position, "port-cannot-cross", message, fix))
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
