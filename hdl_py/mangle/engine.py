"""The whole rename: declare, plan, classify, rewrite, and prove the output."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from hdl_py.mangle.classify import classify_all
from hdl_py.mangle.model import (
    NEED_THE_WHOLE_DESIGN,
    OPTIONAL_KINDS,
    Core,
    CoreId,
    Definition,
    FrontEnd,
    Kind,
    Language,
    Occurrence,
    Plan,
    Refusal,
)
from hdl_py.mangle.plan import check_plan, plan_all, plan_coexisting
from hdl_py.mangle.rewrite import RenameEdit, edits_of, rewrite
from hdl_py.mangle.scope import Design, reach
from hdl_py.mangle.verify import verify_output


@dataclass(frozen=True)
class Request:
    """What to rename.

    Attributes:
        cores: all cores of the design; dependencies name cores among them.
        top: name of the top definition as the user spells it; empty if there is none.
        every_version: rename every definition of the cores in `versioned`, not only
            the names that two versions share.
        versioned: cores for `every_version`.
    """

    cores: tuple[Core, ...]
    top: str = ""
    every_version: bool = False
    versioned: frozenset[CoreId] = frozenset()


@dataclass(frozen=True)
class Outcome:
    """What came of a request.

    Attributes:
        cores: the rewritten cores, in the order of the request; empty if refused.
        plan: the new names.
        edits: every edit.
        occurrences: every proven place.
        top: the top's new name; empty if there is none.
        refusals: every cause; then nothing was rewritten.
        definitions: what the cores define.
        kept: names that versions share and that stay, since only tools that merge
            compilation units would need another: see `model.OPTIONAL_KINDS`.
    """

    cores: tuple[Core, ...]
    plan: Plan
    edits: tuple[RenameEdit, ...]
    occurrences: tuple[Occurrence, ...]
    top: str
    refusals: tuple[Refusal, ...]
    definitions: tuple[Definition, ...] = ()
    kept: tuple[Definition, ...] = ()


def mangle(request: Request, front_ends: Mapping[Language, FrontEnd]) -> Outcome:
    """Carry a request out, or refuse it with every cause found."""
    by_id = {c.id: c for c in request.cores}
    definitions: list[Definition] = []
    refusals: list[Refusal] = []
    versions = Counter(core.id.name for core in request.cores)
    for core in request.cores:
        found = front_ends[core.language].declare(core, reach(core, by_id))
        definitions += found.definitions
        # What a core without versions defines isn't renamed: if it names nothing that is, it needn't be read.
        if versions[core.id.name] > 1 or core.id in request.versioned or not found.deferrable:
            refusals += found.refusals
    listed = tuple(definitions)
    plan = plan_all(listed, request.versioned) if request.every_version else plan_coexisting(request.cores, listed)
    if refusals:
        refusals += _further_causes(request, plan, listed, refusals, front_ends)
        return Outcome((), plan, (), (), "", tuple(sorted(set(refusals))), listed)
    kept: tuple[Definition, ...] = ()
    while True:
        outcome = _carry_out(request, plan, listed, front_ends)
        dropped = _give_up(plan, outcome.refusals)
        if not dropped:
            return replace(outcome, kept=tuple(sorted(kept)))
        kept += tuple(dropped)
        plan = Plan({d: new for d, new in plan.renames.items() if d not in dropped})
        for front_end in front_ends.values():
            front_end.forget()


def _further_causes(
    request: Request,
    plan: Plan,
    listed: tuple[Definition, ...],
    unread: list[Refusal],
    front_ends: Mapping[Language, FrontEnd],
) -> list[Refusal]:
    """What is wrong elsewhere where some cores can't be read: causes that hold whatever those define."""
    lost = {CoreId(r.core, r.version) for r in unread}
    by_id = {c.id: c for c in request.cores}
    rest = [c for c in request.cores if not lost & {c.id, *(r.id for r in reach(c, by_id))}]
    known = {c.id for c in rest}
    definitions = tuple(d for d in listed if d.core in known)
    sound = Plan({d: new for d, new in plan.renames.items() if d.core in known and d.kind not in OPTIONAL_KINDS})
    _, refusals = classify_all(Design(rest, definitions, sound), front_ends, whole=False)
    refusals += check_plan(sound, tuple(rest), definitions, front_ends)
    return [r for r in refusals if r.code not in NEED_THE_WHOLE_DESIGN]


def _give_up(plan: Plan, refusals: tuple[Refusal, ...]) -> set[Definition]:
    """Renames that nobody needs in separate compilation units and that can't be proven."""
    optional = [d for d in plan.renames if d.kind in OPTIONAL_KINDS]
    if not refusals or not optional:
        return set()
    blamed = {r.name for r in refusals}
    names = {(d.core.name, d.name) for d in optional if {d.name, plan.renames[d]} & blamed}
    found = {d for d in optional if (d.core.name, d.name) in names}
    return found or set(optional)


def _carry_out(
    request: Request, plan: Plan, listed: tuple[Definition, ...], front_ends: Mapping[Language, FrontEnd]
) -> Outcome:
    """Prove, rewrite and verify under one plan."""
    refusals = list(check_plan(plan, request.cores, listed, front_ends))
    top, top_refusals = _top(request, plan, listed)
    refusals += top_refusals
    design = Design(request.cores, listed, plan)
    occurrences, found_refusals = classify_all(design, front_ends)
    refusals += found_refusals
    edits: tuple[RenameEdit, ...] = ()
    after: tuple[Core, ...] = ()
    if not refusals:
        edits = tuple(e for core in request.cores for e in edits_of(core, occurrences, plan))
        after = tuple(rewrite(core, [e for e in edits if e.core == core.id]) for core in request.cores)
        refusals += verify_output(design, occurrences, edits, after, front_ends, {request.top: top})
    if refusals:
        return Outcome((), plan, (), (), "", tuple(sorted(set(refusals))), listed)
    return Outcome(after, plan, edits, occurrences, top, (), listed)


def _top(request: Request, plan: Plan, definitions: tuple[Definition, ...]) -> tuple[str, list[Refusal]]:
    """The top's new name."""
    if not request.top:
        return "", []
    kinds = {Kind.MODULE, Kind.PROGRAM, Kind.CONFIG, Kind.ENTITY, Kind.CONFIGURATION, Kind.INTERFACE}
    found = [
        d
        for d in definitions
        if d.kind in kinds and (d.name == request.top or d.folded == request.top.lower() == d.name.lower())
    ]
    if len(found) > 1:
        used = {CoreId(name, version) for core in request.cores for name, version in core.depends.items()}
        roots = [d for d in found if d.core not in used]
        found = roots if len(roots) == 1 else found
    if len(found) == 1:
        return plan.new_name(found[0]), []
    if not found:
        message = f"no core of the request defines the top '{request.top}'; add its core, or correct \"top\""
        return "", [Refusal("unknown-top", "", "", "", 0, 0, request.top, message)]
    several = " and ".join(f"{d.kind} '{d.name}' of {d.core} ({d.position})" for d in found)
    message = f"the top '{request.top}' may be the {several}; make a core of another name the top"
    return "", [Refusal("ambiguous-top", "", "", "", 0, 0, request.top, message)]
