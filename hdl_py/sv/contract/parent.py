"""What a unit must know of each boundary that it instantiates, beyond the boundary's own contract.

Which inputs are late, and which outputs serve as clocks or resets, is decided
by the logic around an instance: only the unit that holds the instance can say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hdl_py.sv.contract.analysis import Analysis
from hdl_py.sv.contract.bits import mask_of, ranges
from hdl_py.sv.contract.children import Child
from hdl_py.sv.contract.graph import cone
from hdl_py.sv.contract.inputs import InputSets
from hdl_py.sv.contract.model import Bits
from hdl_py.text.position import Position


@dataclass(frozen=True)
class LateInput:
    """Bits of an input that follow the instance's own outputs without a register between.

    Attributes:
        input: the bits.
        outputs: the instance's outputs that they follow.
    """

    input: Bits
    outputs: Bits


@dataclass(frozen=True)
class ClockUse:
    """Bits of an output that decide about an event.

    Attributes:
        output: the bits.
        role: `clock` or `reset`.
        by: what waits for the event, such as `always_ff process`.
        through: whether the bits follow the instance's inputs, so that a clock may pass through the boundary.
        position: of the event.
    """

    output: Bits
    role: str
    by: str
    through: bool
    position: Position


@dataclass(frozen=True)
class InstanceUse:
    """A boundary as its parent uses it.

    Attributes:
        path: the instance's hierarchical name below the unit.
        module: its module.
        parameters: its parameters with their values.
        late: the inputs that are late; all others are early.
        clock_uses: outputs that serve as clocks or resets.
        position: of the instance.
    """

    path: str
    module: str
    parameters: tuple[tuple[str, str], ...]
    late: tuple[LateInput, ...]
    clock_uses: tuple[ClockUse, ...]
    position: Position


def instance_uses(analysis: Analysis) -> tuple[InstanceUse, ...]:
    """Every boundary that a unit instantiates, in order of elaboration."""
    children = analysis.unit.children
    if not children:
        return ()
    outputs = [var for child in children for var in child.outputs.values()]
    sets = InputSets(analysis.graph, outputs)
    uses = list(_events(analysis, children))
    reader = analysis.elaborated.reader
    return tuple(
        InstanceUse(
            child.path,
            child.contract.module,
            child.contract.parameters,
            _late(analysis, sets, child),
            tuple(use for number, use in uses if number == index),
            reader.position(child.location),
        )
        for index, child in enumerate(children)
    )


def _bits(ports: Mapping[str, int], masks: Mapping[int, int]) -> Bits:
    return tuple((name, ranges(masks[var])) for name, var in ports.items() if masks.get(var))


def _late(analysis: Analysis, sets: InputSets, child: Child) -> tuple[LateInput, ...]:
    """The late inputs, bits that follow the same outputs together."""
    own = sum(sets.index(v, b) for v in child.outputs.values() for b in range(analysis.graph.variables.width(v)))
    out = []
    for name, var in child.inputs.items():
        groups: dict[int, int] = {}
        for bit in range(analysis.graph.variables.width(var)):
            found = sets.of({var: 1 << bit}) & own
            if found:
                groups[found] = groups.get(found, 0) | 1 << bit
        for found, mask in groups.items():
            out.append(LateInput(((name, ranges(mask)),), _bits(child.outputs, sets.bits(found))))
    return tuple(out)


def _events(analysis: Analysis, children: list[Child]) -> Iterator[tuple[int, ClockUse]]:
    """Every use of a child's output in an event, with the child's number."""
    reader: Any = analysis.elaborated.reader
    for trigger in analysis.triggers:
        reached = cone(analysis.graph, {trigger.event.var: trigger.event.mask}).reached
        for number, child in enumerate(children):
            masks = {v: reached[v] for v in child.outputs.values() if reached.get(v)}
            if not masks:
                continue
            bits = _bits(child.outputs, masks)
            role = "reset" if trigger.reset else "clock"
            place = reader.position(trigger.event.location)
            yield number, ClockUse(bits, role, trigger.item.what, _follows(child, bits), place)


def _follows(child: Child, bits: Bits) -> bool:
    """Whether output bits follow inputs of the boundary."""
    for cone_ in child.contract.cones:
        outputs = {port: mask_of(runs) for port, runs in cone_.outputs}
        if any(mask_of(runs) & outputs.get(port, 0) for port, runs in bits):
            return True
    return False
