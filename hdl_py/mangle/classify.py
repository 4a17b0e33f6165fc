"""The proofs of all cores, merged: a header is proven by the cores that include it."""

from __future__ import annotations

from collections.abc import Mapping

from hdl_py.mangle.model import CoreId, FrontEnd, Language, Occurrence, Refusal, by_place
from hdl_py.mangle.scope import Design
from hdl_py.text.position import Position


def classify_all(
    design: Design, front_ends: Mapping[Language, FrontEnd], *, whole: bool = True
) -> tuple[tuple[Occurrence, ...], list[Refusal]]:
    """Every occurrence in every core, each with one role, or the causes why not.

    Args:
        design: the cores, their definitions and the plan.
        front_ends: who reads them.
        whole: false where cores are left out, any of which might prove a pending place.
    """
    proven: dict[tuple[CoreId, str, int], list[Occurrence]] = {}
    refusals: list[Refusal] = []
    pending: list[Refusal] = []
    unused: list[Occurrence] = []
    for core in design.cores:
        found = front_ends[core.language].classify(design.scope(core))
        refusals += found.refusals
        pending += found.pending
        unused += found.unused
        for o in found.occurrences:
            proven.setdefault((o.core, o.file, o.span.start), []).append(o)
    for o in unused:
        proven.setdefault((o.core, o.file, o.span.start), [o])
    texts = {(c.id, f.path): f for c in design.cores for f in c.files}
    for (core_id, file, start), places in proven.items():
        if len(places) > 1 and len({(o.role, o.target) for o in places}) > 1:
            several = " and ".join(
                sorted(f"{o.target.kind} of {o.target.core}" if o.target else o.position for o in set(places))
            )
            refusals.append(
                Refusal.at(
                    "header-in-two-versions",
                    core_id,
                    texts[core_id, file].position(start),
                    places[0].name,
                    f"cores that include this header give '{places[0].name}' several meanings ({several}); "
                    "list the header in each of these cores, so that each gets its own copy",
                )
            )
    if pending and whole:
        known = {(i.name, i.version, texts[i, file].position(start)) for i, file, start in proven}
        refusals += [r for r in pending if (r.core, r.version, Position(r.file, r.line, r.column)) not in known]
    return tuple(sorted({places[0] for places in proven.values()}, key=by_place)), refusals
