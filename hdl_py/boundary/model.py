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
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from hdl_py.boundary.lanes import Kind, Lane, port_lanes
from hdl_py.boundary.refusals import refusals, unsettled
from hdl_py.errors import HdlError
from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.model import UnitContract
from hdl_py.sv.ports import Direction, Module, describe

GENERATOR = 8
"""Version of the generated sources; part of every digest."""

MAX_CLASSES = 24
"""Classes of inputs of an ordered step; a wrapper has a bit for each, and the harness an event."""


_ANSWER = re.compile(r"(?i)(?:^|_|[a-z])(gnt|grant(?:ed)?|rdy|ready|ack|stall|wait|accept(?:ed)?)(?:_|$)")
"""Names of inputs that are apt to follow outputs in the same cycle."""


class Form(enum.Enum):
    """How stub and wrapper meet.

    Attributes:
        PUBLIC: Verilator's documented API alone; right for every version.
        ORDERED: one call a clock edge after the parent's registers have changed; ports are read and written in place.
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
    """

    module: Module
    contract: UnitContract
    parameters: tuple[tuple[str, str], ...] = ()
    form: Form = Form.PUBLIC
    settings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        found = refusals(self.module, self.contract)
        if not found and self._unsettled:
            found = [unsettled(self.module, self.contract)]
        if found:
            raise HdlError(found)

    def wants(self, key: str) -> bool:
        """Whether a setting such as `trace=vcd` asks for something."""
        off = ("", "0", "false", "no", "none", "off")
        return any(k == key and v.lower() not in off for k, _, v in (s.partition("=") for s in self.settings))

    @cached_property
    def outlives(self) -> bool:
        """Whether something asks for the model after the simulation has ended."""
        return self.wants("trace") or self.wants("coverage")

    @cached_property
    def parallel(self) -> bool:
        """Whether several threads evaluate the units of a simulation; `threads=always` is for tests: small ones too."""
        return self.wants("threads")

    @cached_property
    def other_edge(self) -> bool:
        """Whether the model sees the clock's other edge: for code that prints there, and for waveforms."""
        return self.clock is not None and (self.contract.other_edge or self.wants("trace"))

    @cached_property
    def starts(self) -> tuple[Lane, ...]:
        """Of a `general`, outputs that a clock made inside may change at time zero."""
        if not self.contract.starts:
            return ()
        return tuple(lane for lane in self.outputs if lane.kind is not Kind.STRING)

    @cached_property
    def lanes(self) -> tuple[Lane, ...]:
        """Every lane, in order of the ports."""
        return tuple(lane for n, port in enumerate(self.module.ports) for lane in port_lanes(port, n))

    @cached_property
    def inputs(self) -> tuple[Lane, ...]:
        """Lanes that go in."""
        return tuple(lane for lane in self.lanes if lane.direction is Direction.INPUT)

    @cached_property
    def outputs(self) -> tuple[Lane, ...]:
        """Lanes that come out."""
        return tuple(lane for lane in self.lanes if lane.direction is Direction.OUTPUT)

    @cached_property
    def clock(self) -> Lane | None:
        """The clock of a `step`; None of anything else."""
        if self.contract.contract is not Contract.STEP:
            return None
        return next(lane for lane in self.inputs if lane.source == self.contract.clocks[0].port)

    @cached_property
    def rising(self) -> bool:
        """Whether a `step` acts on the rising edge of its clock."""
        return self.clock is None or self.contract.clocks[0].edge != "negedge"

    @cached_property
    def events(self) -> tuple[Lane, ...]:
        """Of a `step` the asynchronous resets; of anything else every input that events depend on."""
        names = {r.port for r in self.contract.resets}
        if self.contract.contract is not Contract.STEP:
            names |= {c.port for c in self.contract.clocks}
        return tuple(lane for lane in self.inputs if lane.source in names)

    @cached_property
    def data(self) -> tuple[Lane, ...]:
        """Inputs that are neither clock nor event."""
        events = set(self.events) | {self.clock}
        return tuple(lane for lane in self.inputs if lane not in events)

    @cached_property
    def gates(self) -> tuple[Lane, ...]:
        """Data that latches of clock gates follow; they need it as it was while the clock was idle."""
        names = {name for name, _ in self.contract.gates}
        return tuple(lane for lane in self.data if lane.source in names)

    @cached_property
    def sampled(self) -> tuple[Lane, ...]:
        """Data that the unit samples as it was before the evaluation, gates' data left out."""
        names = {name for name, _ in self.contract.sampled} - {name for name, _ in self.contract.gates}
        return tuple(lane for lane in self.data if lane.source in names)

    @cached_property
    def recall(self) -> frozenset[str]:
        """Of a `step`, why an edge may need the model as it was before a reset, see `UnitContract.recall`."""
        return frozenset(self.contract.recall if self.events else ())

    @cached_property
    def synchronous(self) -> bool:
        """Whether inputs have to change within an evaluation: after values were sampled, or one after the other."""
        return not self.ordered and bool(
            self.contract.sampled or self.recall or (self.contract.samples and self.events)
        )

    @cached_property
    def crossing(self) -> bool:
        """Of an ordered step, whether the clock may have to change together with data."""
        return self.ordered and bool(self.gates or self.recall)

    @cached_property
    def both(self) -> tuple[Lane, ...]:
        """Data that gates' latches follow and the unit samples: at different times, where it changes in between."""
        names = {name for name, _ in self.contract.sampled}
        return tuple(lane for lane in self.gates if lane.source in names)

    @cached_property
    def staged(self) -> bool:
        """Whether inputs of a synchronous step may have to change one after the other in one evaluation."""
        return self.synchronous and bool(self.recall or self.both)

    @cached_property
    def before(self) -> tuple[Lane, ...]:
        """Data that an edge's call passes twice: as it was before, and as it is."""
        return self.gates + self.sampled

    @cached_property
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

    @cached_property
    def state_outputs(self) -> tuple[Lane, ...]:
        """Of a `step`, outputs that depend on state alone."""
        made = {lane for group in self.groups for lane in group.outputs}
        return tuple(lane for lane in self.outputs if lane not in made)

    @cached_property
    def ordered(self) -> bool:
        """Whether a `step` is driven in the ordered way, whose stub reads and writes the model's ports in place.

        Sampled values come from the start of a parent's evaluation: only the other stub knows where one begins.
        """
        if self.contract.contract is not Contract.STEP or self.form is Form.PUBLIC:
            return False
        if self.contract.samples:
            return False
        strings = any(lane.kind is Kind.STRING for lane in self.lanes)
        return not strings and len(self.classes) <= MAX_CLASSES

    @cached_property
    def acting(self) -> tuple[Lane, ...]:
        """Inputs at whose change combinational code checks or prints."""
        names = {name for name, _ in self.contract.effects}
        return tuple(lane for lane in self.inputs if lane.source in names)

    @cached_property
    def _unsettled(self) -> bool:
        """Whether that code would see inputs that don't belong together: after an edge, and before they come.

        Only with classes of inputs, logic that follows them is told from registers.
        """
        return bool(self.acting) and not self.ordered and self.contract.contract is not Contract.COMB

    @cached_property
    def quiet(self) -> bool:
        """Whether a model has to be told where checks in combinational logic come too early."""
        return self.ordered and bool(self.acting)

    @cached_property
    def checked(self) -> int:
        """The classes of the inputs that such checks follow, as bits; a call passes them all."""
        return self.class_bits(self.acting) if self.quiet else 0

    @cached_property
    def calls(self) -> tuple[Group, ...]:
        """Of an ordered step, the groups with those joined that have at least half of their inputs in common.

        Each call costs time. An output that seems to follow another input too is right all the same: a loop
        through the parent that isn't one settles.
        """
        joined = [(list(group.inputs), list(group.outputs)) for group in self.groups if group.inputs]
        k = 0
        while k < len(joined):
            inputs, outputs = joined[k]
            for other in joined[k + 1 :]:
                both = [lane for lane in inputs if lane in other[0]]
                either = {*inputs, *other[0]}
                if bool(outputs) == bool(other[1]) and 2 * len(both) >= len(either):
                    joined.remove(other)
                    joined[k] = ([lane for lane in self.inputs if lane in either], outputs + other[1])
                    k = -1  # the larger one may be close to one that was passed over
                    break
            k += 1
        return tuple(Group(n, tuple(i), tuple(x for x in self.outputs if x in o)) for n, (i, o) in enumerate(joined))

    @cached_property
    def edge_outputs(self) -> tuple[Lane, ...]:
        """Of an ordered step, outputs that no call computes: they follow state alone."""
        made = {lane for call in self.calls for lane in call.outputs}
        return tuple(lane for lane in self.outputs if lane not in made)

    @cached_property
    def early(self) -> tuple[Lane, ...]:
        """Of an ordered step with calls, data in none of them that is passed as soon as the parent has it.

        Answers to requests (`gnt`, `ready`) are left out: in the cycle of the request they come after a call's outputs,
        and an edge takes them. A wrong guess costs time and nothing else.
        """
        passed = {lane for call in self.calls for lane in call.inputs}
        rest = [lane for lane in self.data if lane not in passed]
        return tuple(lane for lane in rest if not _ANSWER.search(lane.source)) if self.calls else ()

    @cached_property
    def classes(self) -> tuple[tuple[Lane, ...], ...]:
        """Of an ordered step, data by what passes it: each class comes in by an event of its own."""
        found: dict[tuple[int, ...], list[Lane]] = {}
        early = set(self.early)
        for lane in self.data:
            calls = tuple(call.number for call in self.calls if lane in call.inputs)
            found.setdefault((-1,) if lane in early else calls, []).append(lane)
        return tuple(tuple(found[key]) for key in sorted(found))

    def class_bits(self, lanes: Iterable[Lane]) -> int:
        """The classes of some lanes, as bits by their number."""
        taken = set(lanes)
        return sum(1 << n for n, members in enumerate(self.classes) if not taken.isdisjoint(members))

    @cached_property
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
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]

    @cached_property
    def symbol(self) -> str:
        """The prefix of its DPI functions and the name of its harness."""
        return f"{re.sub(r'[^A-Za-z0-9]+', '_', self.module.name).strip('_') or 'm'}_b{self.digest}"

    @cached_property
    def instance(self) -> str:
        """The name of the module's instance in its harness; `scopes` takes it out of the model again."""
        return f"u_{self.digest}"

    @cached_property
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
