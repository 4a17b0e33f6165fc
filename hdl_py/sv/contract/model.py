"""The contract of a module as parents read it, and its JSON form.

The JSON has no line, path, comment or cost: an edit of the body that leaves
the contract as it is leaves every byte as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.sv.contract.bits import Range
from hdl_py.sv.contract.causes import Contract
from hdl_py.text.position import Position

FORMAT = 4
"""Version of the JSON form; a reader refuses any other."""

Bits = tuple[tuple[str, tuple[Range, ...]], ...]
"""Bits of ports: (port, runs of bits as (high, low), highest first), in order of declaration."""


@dataclass(frozen=True)
class Clock:
    """A bit of an input whose change can make a register change.

    Attributes:
        port: the input.
        bit: of the input, 0 for the least significant.
        edge: `posedge`, `negedge` or `edge`.
    """

    port: str
    bit: int
    edge: str


@dataclass(frozen=True)
class Reset:
    """A bit of an input that sets registers to constants at any time.

    Attributes:
        port: the input.
        bit: of the input, 0 for the least significant.
        active: `high`, `low`, or `both` where either change can matter.
    """

    port: str
    bit: int
    active: str


@dataclass(frozen=True)
class Cone:
    """Outputs that follow inputs without a clock edge.

    Attributes:
        inputs: what they depend on.
        outputs: bits of outputs that all depend on exactly these inputs, besides state.
    """

    inputs: Bits
    outputs: Bits


@dataclass(frozen=True)
class UnitContract:
    """How a module with one parameter set can be driven across a boundary.

    Attributes:
        module: its name.
        parameters: every parameter that an instance may set, with its elaborated value, in order of declaration.
        contract: see `Contract`.
        clocks: of `step` exactly one; of `general` every input bit that events depend on.
        resets: asynchronous ones.
        settle: whether the model must be evaluated while the clock is idle, before its edge.
        other_edge: whether code that only prints waits for the clock's other edge, so that a driver has to pass it on.
        gates: inputs that latches of clock gates follow: settling needs them as they were when the clock became active.
        sampled: inputs that the unit samples as they were before the evaluation (IEEE 1800-2023 16.5.1); settling
            needs these.
        samples: of `step`, whether the unit, or a boundary in it, samples anything: all events in one evaluation of a
            parent find the values from before the first.
        recall: why an edge may need the unit's state from before a reset that acted earlier in the same evaluation:
            `gates`, latches of clock gates follow registers that it resets; besides, `prints`, where going back would
            print something twice.
        starts: of `general`, whether an event follows logic or state, so that it may happen at time zero.
        cones: outputs that follow inputs, by set of inputs.
        effects: inputs whose change makes the unit act on the world without a clock edge.
    """

    module: str
    parameters: tuple[tuple[str, str], ...]
    contract: Contract
    clocks: tuple[Clock, ...] = ()
    resets: tuple[Reset, ...] = ()
    settle: bool = False
    other_edge: bool = False
    gates: Bits = ()
    sampled: Bits = ()
    samples: bool = False
    recall: tuple[str, ...] = ()
    starts: bool = False
    cones: tuple[Cone, ...] = ()
    effects: Bits = ()

    def to_json(self) -> str:
        """The JSON form, the same bytes for the same contract."""
        return json.dumps(self.to_data(), indent=1, sort_keys=True) + "\n"

    def to_data(self) -> dict[str, Any]:
        """What the JSON form says, as plain data."""
        return {
            "format": FORMAT,
            "module": self.module,
            "parameters": [list(p) for p in self.parameters],
            "contract": self.contract.value,
            "clocks": [vars(c) for c in self.clocks],
            "resets": [vars(r) for r in self.resets],
            "settle": self.settle,
            "other_edge": self.other_edge,
            "gates": bits_data(self.gates),
            "sampled": bits_data(self.sampled),
            "samples": self.samples,
            "recall": list(self.recall),
            "starts": self.starts,
            "cones": [{"inputs": bits_data(c.inputs), "outputs": bits_data(c.outputs)} for c in self.cones],
            "effects": bits_data(self.effects),
        }


def bits_data(bits: Bits) -> list[list[str]]:
    """Bits of ports as plain data: each port with its runs, such as `["d", "15:8 0"]`."""
    return [[port, " ".join(f"{h}:{low}" if h > low else f"{h}" for h, low in runs)] for port, runs in bits]


def _bits(data: Any) -> Bits:
    out = []
    for port, text in data:
        runs = [run.split(":") for run in text.split(" ")]
        out.append((str(port), tuple((int(run[0]), int(run[-1])) for run in runs)))
    return tuple(out)


def contract_from_data(data: Mapping[str, Any]) -> UnitContract:
    """Reads what `UnitContract.to_data` gave.

    Raises:
        ValueError, KeyError, TypeError: it is something else.
    """
    if data["format"] != FORMAT:
        raise ValueError(f"format {data['format']}, expected {FORMAT}")
    return UnitContract(
        module=str(data["module"]),
        parameters=tuple((str(n), str(v)) for n, v in data["parameters"]),
        contract=Contract(data["contract"]),
        clocks=tuple(Clock(**c) for c in data["clocks"]),
        resets=tuple(Reset(**r) for r in data["resets"]),
        settle=bool(data["settle"]),
        other_edge=bool(data["other_edge"]),
        gates=_bits(data["gates"]),
        sampled=_bits(data["sampled"]),
        samples=bool(data["samples"]),
        recall=tuple(str(reason) for reason in data["recall"]),
        starts=bool(data["starts"]),
        cones=tuple(Cone(_bits(c["inputs"]), _bits(c["outputs"])) for c in data["cones"]),
        effects=_bits(data["effects"]),
    )


def contract_from_json(text: str, path: str) -> UnitContract:
    """Reads what `UnitContract.to_json` wrote.

    Args:
        text: the JSON text.
        path: for the error.

    Raises:
        HdlError: not such JSON, or of another format.
    """
    try:
        return contract_from_data(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"this is no contract of format {FORMAT} ({type(error).__name__}: {error})"
        fix = "build the library again with the sv_contract that reads it"
        raise HdlError([Diagnostic(Position(path), "bad-contract-json", message, fix)], EXIT_USAGE) from error
