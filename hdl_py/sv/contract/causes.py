"""Why a unit has the contract it has: every cause, what it leads to, and what mends it."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from hdl_py.errors import Diagnostic
from hdl_py.text.position import Position


class Contract(enum.Enum):
    """How a boundary's stub drives its model, from the cheapest to the most general."""

    COMB = "comb"
    STEP = "step"
    GENERAL = "general"
    MERGED = "merged"


@dataclass(frozen=True)
class Rule:
    """One kind of cause.

    Attributes:
        leads_to: the contract that is the best possible with it.
        text: the sentence; `{}` stands for what was found.
        mend: what the user can do.
        clause: of IEEE 1800-2023, where one says so.
        acceptable: whether a user may say that it does no harm in this unit.
    """

    leads_to: Contract
    text: str
    mend: str
    clause: str = ""
    acceptable: bool = False


_M = Contract.MERGED
_G = Contract.GENERAL

RULES: dict[str, Rule] = {
    # Ports
    "inout-port": Rule(
        _M,
        "the port {} is an inout: drivers on both sides of a boundary can't be resolved",
        "split it into an input, an output and an output enable",
        "6.6.1",
    ),
    "ref-port": Rule(_M, "the port {} is passed by reference", "make it an input or an output", "23.3.3.2"),
    "interface-port": Rule(
        _M,
        "the port {} is an interface",
        "give the module plain or packed-struct ports, and connect the interface in a thin wrapper",
        "25.3",
    ),
    "port-type": Rule(
        _M,
        "the port {} has a type without a fixed layout",
        "use a packed structure, an integral type or a fixed array of them",
        "7.2",
    ),
    "port-expression": Rule(
        _M,
        "the port {} stands for an expression, not for a signal of its name",
        "declare the port and connect it to the parts inside the module",
        "23.2.2.1",
    ),
    "resolved-port": Rule(
        _M,
        "the port {} is a net on which drivers are resolved",
        "declare it as a variable or as wire, and resolve the drivers on one side",
        "6.6",
    ),
    "tristate-output": Rule(
        _M,
        "the output {} can be high impedance",
        "drive it always, and give an output enable beside it",
        "6.6.1",
    ),
    # Ways out of the unit
    "hierarchical-reference": Rule(
        _M,
        "{} lies outside the unit",
        "pass the signal through a port",
        "23.6",
    ),
    "shared-state": Rule(
        _M,
        "{} is state that other units share",
        "pass it through ports, or make it a parameter or a const",
        "26.2",
    ),
    "class": Rule(
        _M,
        "{}: objects can be shared between units, and their methods are not followed",
        "keep classes in the testbench, outside units that are compiled apart",
        "8",
    ),
    "virtual-interface": Rule(_M, "{} is a virtual interface", "keep it in the testbench", "25.9"),
    "export-dpi": Rule(
        _M,
        "{} is exported to foreign code and changes variables of the unit, at no event of the unit",
        "change the variables in a clocked process that asks an imported function",
        "35.7",
    ),
    "impure-dpi": Rule(
        _M,
        "the imported function {} may have state that other units share",
        'declare it pure if it has none, or accept it: accept = ["impure-dpi"]',
        "35.5.2",
        acceptable=True,
    ),
    "impure-dpi-in-comb": Rule(
        _M,
        "the imported function {} is called by combinational code, which runs once more or less across a boundary",
        "declare it pure if it has no state, or call it in a clocked process",
        "35.5.2",
    ),
    "random-sequence": Rule(
        _M,
        "{} draws from the sequence that all units share, so results would differ from those of a merged build",
        'use $dist_uniform with a seed variable of the unit, or accept other numbers: accept = ["random-sequence"]',
        "18.13",
        acceptable=True,
    ),
    "random-in-comb": Rule(
        _M,
        "{} in combinational code, which runs once more or less across a boundary",
        "draw in a clocked process",
        "18.13",
    ),
    "time-in-comb": Rule(
        _M,
        "{} in combinational code: its value depends on when the code runs",
        "read the time in a clocked process",
        "20.3",
    ),
    "file-in-comb": Rule(
        _M,
        "{} in combinational code, which runs once more or less across a boundary",
        "read files in an initial block or a clocked process",
        "21.3",
    ),
    "strobe": Rule(_M, "{} prints at the end of the time step", "use $display at the clock", "21.2.2"),
    "monitor": Rule(_M, "{} watches signals at the end of every time step", "use $display at the clock", "21.2.3"),
    "wave-control": Rule(_M, "{} controls the waveform of the whole simulation", "move it to the testbench", "21.7"),
    "assertion-control": Rule(
        _M, "{} controls assertions of the whole simulation", "move it to the testbench", "20.11"
    ),
    # Time
    "delay": Rule(
        _M,
        "{}: a boundary is evaluated at changes, not at times",
        "remove the delay, or build the simulation without timing",
        "9.4",
    ),
    "timing": Rule(
        _M,
        "{}: a boundary is evaluated at changes of its inputs, not by processes that wait",
        "write the process as always_ff or always_comb, or move it to the testbench",
        "9.4",
    ),
    "named-event": Rule(_M, "{} is a named event", "use a signal", "15.5"),
    # What the analysis doesn't follow
    "elaboration-error": Rule(_M, "the unit doesn't elaborate alone: {}", "mend the error", "23.3"),
    "unknown-module": Rule(
        _M,
        "no unit among the dependencies defines {}",
        "add the library that defines it to deps",
        "23.3.2",
    ),
    "unlisted-parameters": Rule(
        _M, "{}", "add this set to parameter_sets of the library that defines the module", "23.10"
    ),
    "unknown-construct": Rule(
        _M,
        "{}, which the analysis doesn't follow",
        "write it in another way if the unit shall be compiled apart",
    ),
    "unknown-system-task": Rule(
        _M, "the system task or function {} isn't known to the analysis", "leave it out if you can", "20"
    ),
    "force": Rule(_M, "{}: it overrides drivers at any time", "use a multiplexer", "10.6"),
    "bidirectional": Rule(_M, "{} joins nets in both directions", "use assign", "10.11"),
    "net-type": Rule(
        _M,
        "the net {} keeps or resolves values in a way that the analysis doesn't follow",
        "use a variable",
        "6.6.4",
    ),
    "strength": Rule(_M, "{} has a drive strength", "leave the strength out", "28.11"),
    "sequential-primitive": Rule(_M, "{} is a sequential primitive", "write it as a process", "29.6"),
    "clocking": Rule(_M, "{} belongs to a clocking block", "keep clocking blocks in the testbench", "14"),
    "program": Rule(_M, "{} is a program", "keep programs in the testbench", "24"),
    "checker": Rule(_M, "{} is a checker", "keep checkers in the testbench", "17"),
    "covergroup": Rule(_M, "{} is a covergroup", "keep covergroups in the testbench", "19"),
    "specify-path": Rule(_M, "{}", "leave it out of the simulation", "30"),
    "initial-reads-input": Rule(
        _M,
        "an initial block reads the input {}, which has no defined value yet",
        "read it at a clock edge or in a reset branch",
        "9.2.1",
    ),
    # Clocks
    "clock-out": Rule(
        _M,
        "the output {}: a clock that passes a boundary arrives late",
        'generate the clock outside the unit, or let the parent compile the unit: compile = "merge"',
        "9.4.2",
    ),
    "clock-as-data": Rule(
        _M,
        "{}: whether it sees the clock before or after its edge is decided by the order of evaluation",
        "use the clock in event controls only",
        "4.7",
    ),
    "late-clock": Rule(
        _M,
        "{}: registers make that event, so the inputs that it samples have already changed then",
        "clock the process by the input clock and use the register as an enable",
        "4.4",
    ),
    "later-output": Rule(
        _M,
        "{}: registers make that event, so outputs that follow it change later than those of the clock's registers,"
        " and a call returns all of them at once",
        "clock the process by the input clock, with the register as an enable, or register such outputs",
        "4.4",
    ),
    "racing-clock": Rule(
        _M,
        "{} follows registers and inputs together: across a boundary they change one after the other",
        "clock the process by the input clock, and use the rest as an enable",
        "4.7",
    ),
    "racing-latch": Rule(
        _M,
        "{} keeps its value as inputs and registers say together: across a boundary they change one after the other",
        "assign it in every branch, or give it a value first",
        "9.2.2.3",
    ),
    "gated-latch": Rule(
        _M,
        "{} keeps its value as a clock and other inputs say together, in a unit without a single clock",
        "make a unit for each clock domain, or gate the clock outside",
        "9.2.2.3",
    ),
    "sampled-values": Rule(
        _M,
        "{} as they were before the evaluation: that takes a single clock",
        "check the inputs in a unit of their own, bound to this one",
        "16.5.1",
    ),
    "event-in-cone": Rule(
        _M,
        "the output {}: it would have to change before registers act on that input's edge, which a call can't do",
        "let the output follow registers, or a copy of the input that is no event",
        "9.4.2",
    ),
    "event-type": Rule(
        _G,
        "the event input {} has more than one bit",
        "give each clock and asynchronous reset a port of its own",
        "9.4.2",
    ),
    "mixed-events": Rule(_M, "{} waits for an edge and for a level", "use edges only", "9.4.2"),
    "several-clocks": Rule(_G, "{}", "make a unit for each clock domain", "9.4.2"),
    "both-edges": Rule(_G, "{}", "use one edge", "9.4.2"),
    "derived-clock": Rule(
        _G,
        "{}",
        "gate the clock with a latch that is open while the clock is idle, or use an enable",
        "9.4.2",
    ),
    "asynchronous-load": Rule(
        _G,
        "{}",
        "let an asynchronous reset assign constants only",
        "9.4.2",
    ),
    "latch": Rule(
        _G,
        "{} keeps its value where no branch assigns it: a latch",
        "assign it in every branch, or give it a value first",
        "9.2.2.3",
    ),
    "combinational-loop": Rule(
        _G,
        "{} depends on itself without a register between",
        "break the loop with a register, or split the variable if no bit depends on itself",
        "9.2.2.2",
    ),
    # The user's wish
    "asked-to-merge": Rule(_M, "the target of {} asks to be merged", 'remove compile = "merge" from the target'),
    "too-small": Rule(
        _M, "a boundary doesn't pay for {}", 'set compile = "separate" on the target if you want one all the same'
    ),
    "general-child": Rule(
        _G,
        "the instance {} has the contract general",
        "mend that unit first",
    ),
}
"""The catalogue: code to rule."""


@dataclass(frozen=True)
class Cause:
    """One reason for a contract.

    Attributes:
        position: where it is; None where it concerns no place.
        code: of the rule.
        subject: what was found, for the rule's sentence.
    """

    position: Position | None
    code: str
    subject: str

    @property
    def rule(self) -> Rule:
        """The kind of cause."""
        return RULES[self.code]

    @property
    def text(self) -> str:
        """The whole sentence."""
        return self.rule.text.format(self.subject)

    def diagnostic(self) -> Diagnostic:
        """The cause as an error, for a target that asks to be compiled apart."""
        clause = f"IEEE 1800-2023 {self.rule.clause}" if self.rule.clause else ""
        return Diagnostic(self.position, self.code, self.text, self.rule.mend, clause)
