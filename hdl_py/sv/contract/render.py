"""Contracts as text for people, and the report's JSON form with causes and places."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from hdl_py.sv.contract.bits import range_text
from hdl_py.sv.contract.causes import Cause
from hdl_py.sv.contract.model import FORMAT, Bits, UnitContract, bits_data
from hdl_py.sv.contract.parent import InstanceUse
from hdl_py.sv.contract.verdict import Verdict


def bits_text(bits: Bits, widths: Mapping[str, int]) -> str:
    """Bits of ports as `a[3:0], b`; a whole port by its name alone."""
    out = []
    for port, runs in bits:
        width = widths.get(port, 0)
        if runs == ((width - 1, 0),):
            out.append(port)
        else:
            out += [port + range_text(r, width) for r in runs]
    return ", ".join(out)


def contract_lines(contract: UnitContract, widths: Mapping[str, int]) -> list[str]:
    """A contract as lines, such as `clock posedge clk` and `cone ready <- valid`."""
    out = [f"contract {contract.contract.value}"]

    def one(port: str, bit: int) -> str:
        return bits_text(((port, ((bit, bit),)),), widths)

    out += [f"clock {c.edge} {one(c.port, c.bit)}" for c in contract.clocks]
    out += [f"reset {r.active} {one(r.port, r.bit)}" for r in contract.resets]
    if contract.settle:
        out.append("settle")
    if contract.other_edge:
        out.append("other edge")
    if contract.gates:
        out.append(f"gates <- {bits_text(contract.gates, widths)}")
    if contract.sampled:
        out.append(f"sampled {bits_text(contract.sampled, widths)}")
    if contract.samples and not contract.sampled:
        out.append("samples")
    if contract.recall:
        out.append(f"recall {', '.join(contract.recall)}")
    if contract.starts:
        out.append("starts")
    out += [f"cone {bits_text(c.outputs, widths)} <- {bits_text(c.inputs, widths)}" for c in contract.cones]
    if contract.effects:
        out.append(f"effects <- {bits_text(contract.effects, widths)}")
    return out


def cause_data(cause: Cause) -> dict[str, Any]:
    """A cause as plain data."""
    position = cause.position
    return {
        "code": cause.code,
        "leads_to": cause.rule.leads_to.value,
        "file": position.file if position else "",
        "line": position.line if position else 0,
        "column": position.column if position else 0,
        "text": cause.text,
        "mend": cause.rule.mend,
        "clause": cause.rule.clause,
    }


def cause_lines(cause: Cause, word: str) -> list[str]:
    """A cause as lines: the sentence with its place, and what mends it."""
    place = f"{cause.position}: " if cause.position else ""
    return [f"{place}{word}: {cause.text} [{cause.code}]", f"    {cause.rule.mend}"]


def report_text(verdict: Verdict, widths: Mapping[str, int], extra: Mapping[str, Any]) -> str:
    """Everything about a unit's contract, for people.

    Args:
        verdict: the contract and its causes.
        widths: bits of each port.
        extra: further facts by name, one line each.
    """
    contract = verdict.contract
    shown = ", ".join(f"{n} = {v}" for n, v in contract.parameters)
    lines = [f"{contract.module}" + (f" #({shown})" if shown else "")]
    lines += [f"  {line}" for line in contract_lines(contract, widths)]
    lines += [f"  {name} {value}" for name, value in extra.items()]
    for cause in verdict.causes:
        lines += cause_lines(cause, cause.rule.leads_to.value)
    for cause in verdict.accepted:
        lines += cause_lines(cause, "accepted")
    return "\n".join(lines) + "\n"


def report_json(verdict: Verdict, extra: Mapping[str, Any]) -> str:
    """Everything about a unit's contract, with places: for tools, never for parents."""
    data = {
        "format": FORMAT,
        "contract": verdict.contract.to_data(),
        "causes": [cause_data(c) for c in verdict.causes],
        "accepted": [cause_data(c) for c in verdict.accepted],
        **extra,
    }
    return json.dumps(data, indent=1, sort_keys=True) + "\n"


def uses_data(uses: Iterable[InstanceUse]) -> list[dict[str, Any]]:
    """How a unit uses boundaries, as plain data."""
    return [
        {
            "path": use.path,
            "module": use.module,
            "parameters": [list(p) for p in use.parameters],
            "late": [{"input": bits_data(x.input), "outputs": bits_data(x.outputs)} for x in use.late],
            "clock_uses": [
                {
                    "output": bits_data(x.output),
                    "role": x.role,
                    "by": x.by,
                    "through": x.through,
                    "place": str(x.position),
                }
                for x in use.clock_uses
            ],
            "place": str(use.position),
        }
        for use in uses
    ]


def uses_lines(uses: Iterable[InstanceUse]) -> list[str]:
    """How a unit uses boundaries, as lines."""
    out = []
    for use in uses:
        out.append(f"{use.position}: instance {use.path} of {use.module}\n")
        out += [f"  late {_ports(x.input)} <- {_ports(x.outputs)}\n" for x in use.late]
        for clock in use.clock_uses:
            how = "passes on" if clock.through else "makes"
            out.append(f"  {how} the {clock.role} {_ports(clock.output)} of the {clock.by} at {clock.position}\n")
    return out


def _ports(bits: Bits) -> str:
    return bits_text(bits, {port: runs[0][0] + 1 for port, runs in bits if len(runs) == 1 and runs[0][1] == 0})
