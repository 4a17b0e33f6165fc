"""What was done, for people and for programs: manifest, report and text."""

from __future__ import annotations

import posixpath
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from typing import Any

from hdl_py.errors import Diagnostic
from hdl_py.mangle.engine import Outcome, Request
from hdl_py.mangle.model import Core, CoreId, Refusal
from hdl_py.text.position import Position

MANIFEST = "rename-manifest.json"
"""The manifest's name in the output folder."""


def output_path(core: Core, path: str) -> str:
    """Where a core's file goes, relative to the output folder."""
    return posixpath.join(core.id.folder, path)


def manifest(request: Request, outcome: Outcome, include_dirs: Mapping[CoreId, tuple[str, ...]]) -> dict[str, Any]:
    """Who got what: the content of `rename-manifest.json`.

    Lines and columns are those of the original files; a rename moves no line.
    `include_dirs` are the folders to search for each core's includes, relative to the output.
    """
    edits = defaultdict(list)
    for e in outcome.edits:
        assert e.occurrence.target is not None
        edits[e.occurrence.target].append(
            {
                "core": e.core.name,
                "version": e.core.version,
                "file": e.occurrence.file,
                "line": e.position.line,
                "column": e.position.column,
                "role": str(e.occurrence.role),
                "position": e.occurrence.position,
            }
        )
    return {
        "format": 1,
        "top": outcome.top,
        "original_top": request.top,
        "cores": [
            {
                "name": c.id.name,
                "version": c.id.version,
                "language": str(c.language),
                "library": c.library,
                "sources": [output_path(c, f.path) for f in c.sources],
                "headers": [output_path(c, f.path) for f in c.headers],
                "include_dirs": list(include_dirs.get(c.id, ())),
                "defines": dict(c.defines),
                "depends": dict(sorted(c.depends.items())),
            }
            for c in request.cores
        ],
        "renames": [
            {
                "core": d.core.name,
                "version": d.core.version,
                "kind": str(d.kind),
                "old_name": d.name,
                "new_name": new,
                "edits": edits[d],
            }
            for d, new in sorted(outcome.plan.renames.items())
        ],
    }


def coexistence(request: Request, outcome: Outcome) -> list[dict[str, Any]]:
    """Cores of which several versions are there: who leads to each, and what it renames."""
    versions = defaultdict(list)
    for core in request.cores:
        versions[core.id.name].append(core.id)
    found = []
    for name, ids in sorted(versions.items()):
        if len(ids) > 1:
            found.append(
                {
                    "core": name,
                    "versions": [
                        {
                            "version": i.version,
                            "paths": [[str(step) for step in p] for p in paths_to(request.cores, i)],
                            "renamed": [
                                {"kind": str(d.kind), "old_name": d.name, "new_name": new}
                                for d, new in sorted(outcome.plan.renames.items())
                                if d.core == i
                            ],
                        }
                        for i in sorted(ids)
                    ],
                }
            )
    return found


def paths_to(cores: tuple[Core, ...], target: CoreId) -> list[tuple[CoreId, ...]]:
    """For each core that no other depends on, the shortest way along `depends` to a core."""
    by_id = {c.id: c for c in cores}
    used = {CoreId(n, v) for c in cores for n, v in c.depends.items() if CoreId(n, v) != c.id}
    roots = [c.id for c in cores if c.id not in used] or [c.id for c in cores]
    found = []
    for root in sorted(roots):
        before: dict[CoreId, CoreId | None] = {root: None}
        queue = deque([root])
        while queue:
            at = queue.popleft()
            if at == target:
                way = [at]
                while (step := before[way[-1]]) is not None:
                    way.append(step)
                found.append(tuple(reversed(way)))
                break
            for name, version in sorted(by_id[at].depends.items()):
                if (following := CoreId(name, version)) not in before:
                    before[following] = at
                    queue.append(following)
    return found


def report(request: Request, outcome: Outcome) -> dict[str, Any]:
    """The report as JSON has it."""
    return {
        "status": "refused" if outcome.refusals else "done",
        "top": outcome.top,
        "original_top": request.top,
        "coexisting": coexistence(request, outcome),
        "kept": [
            {"core": d.core.name, "version": d.core.version, "kind": str(d.kind), "name": d.name} for d in outcome.kept
        ],
        "edits": len(outcome.edits),
        "refusals": [r.to_json() for r in outcome.refusals],
    }


def failure(request: str, diagnostics: Iterable[Diagnostic]) -> dict[str, Any]:
    """The report of a request that can't be read or whose output can't be written."""
    places = [(d, d.position or Position(request)) for d in diagnostics]
    return {
        "status": "failed",
        "top": "",
        "original_top": "",
        "coexisting": [],
        "kept": [],
        "edits": 0,
        "refusals": [
            Refusal(
                d.code, "", "", at.file, at.line, at.column, "", f"{d.message}; {d.fix}" if d.fix else d.message
            ).to_json()
            for d, at in places
        ],
    }


def failure_text(diagnostics: Iterable[Diagnostic]) -> str:
    """The same for people."""
    listed = [d.render() for d in diagnostics]
    return "".join(f"{line}\n" for line in (f"Nothing is written: {_count(len(listed), 'error')}.", *listed))


def report_text(request: Request, outcome: Outcome) -> str:
    """The report for people."""
    lines: list[str] = []
    together = coexistence(request, outcome)
    if not together:
        lines.append("No core has two versions here: nothing is renamed.")
    for core in together:
        names = ", ".join(v["version"] for v in core["versions"])
        lines.append(f"{core['core']}: versions {names} side by side")
        for version in core["versions"]:
            lines.append(f"  {core['core']} {version['version']}")
            for path in version["paths"]:
                lines.append(f"    because of {' -> '.join(path)}")
            if not version["renamed"]:
                lines.append("    shares no name with another version")
            for renamed in version["renamed"]:
                lines.append(f"    {renamed['kind']} {renamed['old_name']} is {renamed['new_name']}")
    for d in outcome.kept:
        lines.append(
            f"The {d.kind} {d.name} of {d.core} keeps its name ({d.position}): compile each core as a unit of its own."
        )
    if outcome.refusals:
        lines.append(f"Refused, nothing is written: {_count(len(outcome.refusals), 'cause')}.")
        lines += [f"  {render(r)}" for r in outcome.refusals]
    else:
        lines.append(f"{_count(len(outcome.edits), 'edit')} in {_count(len(outcome.cores), 'core')}.")
        if request.top:
            lines.append(f"The top is {outcome.top}.")
    return "\n".join(lines) + "\n"


def render(refusal: Refusal) -> str:
    """A refusal in one line."""
    return refusal.render()


def _count(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"
