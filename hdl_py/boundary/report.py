"""Which units of a model are verilated apart, and why, as text for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def report_text(label: str, merged_because: str, units: Iterable[Mapping[str, Any]]) -> str:
    """One paragraph a unit: its contract, then each cause with its place and what mends it.

    Args:
        label: the model's label.
        merged_because: why every unit of this model is merged; empty where each decides for itself.
        units: the decisions, dependencies first.
    """
    if merged_because:
        return f"{label}: one model, because {merged_because}\n"
    lines = []
    for unit in units:
        name = f" ({unit['module']})" if unit["module"] else ""
        lines.append(f"{unit['label']}{name}: {unit['contract'] if unit['module'] else 'nothing to verilate'}")
        for one in unit["sets"]:
            lines += [f"  {line}" for line in _set_lines(one)]
        for cause in unit["causes"]:
            place = f"{cause['file']}:{cause['line']}:{cause['column']}: " if cause["line"] else ""
            lines.append(f"  {place}{cause['text']} [{cause['code']}]")
            lines += [f"      {line}" for line in cause["mend"].splitlines()]
    return "\n".join(lines) + "\n" if lines else f"{label}: no units\n"


def _set_lines(one: Mapping[str, Any]) -> list[str]:
    given = ", ".join(f"{n}={v}" for n, v in one["parameters"])
    proven = one["proven"]
    events = [f"{c['edge']} {c['port']}" for c in proven["clocks"]]
    events += [f"reset {r['port']} ({r['active']})" for r in proven["resets"]]
    cones = [
        f"{', '.join(p for p, _ in cone['outputs'])} follows {', '.join(p for p, _ in cone['inputs'])}"
        for cone in proven["cones"]
    ]
    lines = [f"parameters {given}"] if given else []
    lines.append(f"proven: {proven['contract']}" + (f", {', '.join(events)}" if events else ""))
    lines += cones
    return [*lines, *([one["worth"]] if one["worth"] else [])]
