"""Which versions of an IP a design holds, why, and what has another name for it."""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Mapping
from typing import Any

from hdl_py.mangle.units import core_names
from hdl_py.sv.index import Index
from hdl_py.sv.model import Unit

FORMAT = "versions 1"
"""Name and version of the JSON form."""


def coexisting(index: Index) -> list[dict[str, Any]]:
    """Units with a version, those that define the same names together.

    Returns:
        For each group the names that its units share, and for each unit its label, version, the
        way along `deps` to it from each unit that no other depends on, and what it renamed.
    """
    names = {unit.label: _visible(unit) for unit in index}
    groups: dict[str, list[Unit]] = defaultdict(list)
    cores = core_names((unit.label, unit.version, names[unit.label]) for unit in index)
    for unit in index:
        groups[cores[unit.label]].append(unit)
    found = []
    for units in groups.values():
        if any(unit.version for unit in units):
            units = sorted(units, key=lambda u: (u.version, u.label))
            shared = set.intersection(*(set(names[unit.label]) for unit in units))
            found.append({"names": sorted(shared), "versions": [_described(index, unit) for unit in units]})
    return sorted(found, key=lambda group: str(group["versions"][0]["label"]))


def _visible(unit: Unit) -> tuple[str, ...]:
    users = {mangled: name for name, mangled in unit.renames.items()}
    return tuple(users.get(d.name, d.name) for d in unit.definitions if d.exported and not d.generated)


def _described(index: Index, unit: Unit) -> dict[str, Any]:
    kinds = {d.name: d.kind for d in unit.definitions}
    return {
        "label": unit.label,
        "version": unit.version,
        "paths": paths_to(index, unit.label),
        "renamed": [
            {"kind": kinds.get(new, "$unit item"), "old_name": old, "new_name": new}
            for old, new in sorted(unit.renames.items())
        ],
    }


def paths_to(index: Index, label: str) -> list[list[str]]:
    """From each unit that no other depends on, the shortest way along `deps` to a unit."""
    deps: Mapping[str, tuple[str, ...]] = {unit.label: unit.deps for unit in index}
    used = {dep for unit in index for dep in unit.deps}
    found = []
    for root in sorted(set(deps) - used):
        before: dict[str, str] = {root: ""}
        queue = deque([root])
        while queue:
            at = queue.popleft()
            if at == label:
                way = [at]
                while before[way[-1]]:
                    way.append(before[way[-1]])
                found.append(way[::-1])
                break
            for dep in deps.get(at, ()):
                if dep not in before:
                    before[dep] = at
                    queue.append(dep)
    return found


def versions_json(index: Index) -> str:
    """The report for programs."""
    return json.dumps({"format": FORMAT, "coexisting": coexisting(index)}, indent=1) + "\n"


def versions_text(index: Index) -> str:
    """The report for people."""
    lines = []
    for group in coexisting(index):
        shown = ", ".join(v["version"] or "none" for v in group["versions"])
        what = ", ".join(group["names"]) or group["versions"][0]["label"]
        lines.append(f"{what}: version{'s' if len(group['versions']) > 1 else ''} {shown}")
        for unit in group["versions"]:
            lines.append(f"  {unit['version'] or 'no version'}: {unit['label']}")
            lines += [f"    because of {' -> '.join(path)}" for path in unit["paths"]]
            lines += [f"    {r['kind']} {r['old_name']} is {r['new_name']}" for r in unit["renamed"]]
            if not unit["version"]:
                lines.append("    keeps its names")
    return "\n".join(lines or ["No unit of this design has a version: nothing is renamed."]) + "\n"
