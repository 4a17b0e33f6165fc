"""The proof of the output: it is classified again, and elaborated beside the input."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from hdl_py.mangle.classify import classify_all
from hdl_py.mangle.model import (
    Core,
    CoreId,
    Definition,
    FrontEnd,
    Language,
    Occurrence,
    Plan,
    Refusal,
    Role,
)
from hdl_py.mangle.rewrite import RenameEdit, Shifts, edits_by_file
from hdl_py.mangle.scope import Design, reach


def verify_output(
    design: Design,
    occurrences: tuple[Occurrence, ...],
    edits: tuple[RenameEdit, ...],
    after: tuple[Core, ...],
    front_ends: Mapping[Language, FrontEnd],
    tops: Mapping[str, str],
) -> list[Refusal]:
    """Causes why the rewritten cores don't mean what the originals did; empty if they do.

    The new names are classified in the new bytes: each must have the role and the target
    that the old name had at the same place, and no other place may have one.
    """
    refusals: list[Refusal] = []
    definitions: list[Definition] = []
    for front_end in front_ends.values():
        front_end.forget()
    after_ids = {c.id: c for c in after}
    for core in after:
        found = front_ends[core.language].declare(core, reach(core, after_ids))
        definitions += found.definitions
        if not found.deferrable or any(e.core == core.id for e in edits):
            refusals += [replace(r, code="verify", message=f"after the rewrite: {r.message}") for r in found.refusals]
    if refusals:
        return refusals
    new_names = {(d.core, d.kind, design.plan.new_name(d)) for d in design.plan.renames}
    renamed = {d: d.name for d in definitions if (d.core, d.kind, d.name) in new_names}
    missing = new_names - {(d.core, d.kind, d.name) for d in renamed}
    for core_id, kind, name in sorted(missing):
        refusals.append(_verify(core_id, name, f"the rewritten core doesn't define the {kind} '{name}'"))
    again = Design(after, definitions, Plan(renamed))
    found_again, refused_again = classify_all(again, front_ends)
    refusals += [replace(r, code="verify", message=f"after the rewrite: {r.message}") for r in refused_again]
    if refusals:
        return refusals
    refusals += _same_places(design.plan, occurrences, edits, found_again)
    if refusals:
        return refusals
    for language, front_end in sorted(front_ends.items()):
        if any(c.language is language for c in after):
            refusals += front_end.compare(design.cores, after, design.plan, tops)
    return refusals


def _verify(core: CoreId, name: str, message: str) -> Refusal:
    return Refusal.at("verify", core, None, name, message)


def _same_places(
    plan: Plan,
    before: tuple[Occurrence, ...],
    edits: tuple[RenameEdit, ...],
    after: tuple[Occurrence, ...],
) -> list[Refusal]:
    """Each edit is an occurrence of the new name with the old role, and there is no other."""
    shifts = {file: Shifts(byte_edits) for file, byte_edits in edits_by_file(edits).items()}
    texts = {(e.core, e.occurrence.file, e.occurrence.span): e.text for e in edits}
    expected: dict[tuple[CoreId, str, int], tuple[Role, CoreId, str]] = {}
    for o in before:
        if o.role is not Role.INERT and o.target is not None and o.target in plan.renames:
            start = shifts[o.core, o.file].moved(o.span.start)
            text = texts.get((o.core, o.file, o.span), o.name)
            expected[o.core, o.file, start] = (o.role, o.target.core, text)
    seen: dict[tuple[CoreId, str, int], tuple[Role, CoreId | None, str]] = defaultdict()
    for o in after:
        seen[o.core, o.file, o.span.start] = (o.role, o.target.core if o.target else None, o.name)
    if seen == expected:
        return []
    wrong = [k for k in expected.keys() | seen.keys() if expected.get(k) != seen.get(k)]
    return [
        _verify(
            core,
            (expected.get((core, file, start)) or seen[core, file, start])[2],
            f"{file}, byte {start} of the output: expected {expected.get((core, file, start))}, "
            f"found {seen.get((core, file, start))}",
        )
        for core, file, start in sorted(wrong)
    ]
