"""Which definitions get which name, and why a set of names can't stand side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from hdl_py.mangle.model import OPTIONAL_KINDS, Core, CoreId, Definition, FrontEnd, Kind, Language, Plan, Refusal
from hdl_py.mangle.names import mangled_name
from hdl_py.text.position import Position

PER_UNIT = frozenset({Kind.CLASS, Kind.TYPEDEF, Kind.CHECKER, Kind.UNIT_ITEM})
"""Kinds that live in a compilation unit's own scope: equal names in two cores are no clash."""


def name_space(d: Definition) -> str:
    """The name space that a definition's name is unique in (IEEE 1800-2023 3.13; IEEE 1076-2019 13.1)."""
    if d.kind in PER_UNIT:
        return "$unit"
    if d.kind is Kind.MACRO:
        return "macros"
    if d.kind is Kind.PACKAGE and d.language is Language.SYSTEMVERILOG:
        return "packages"
    return "definitions"


def plan_coexisting(cores: Iterable[Core], definitions: Iterable[Definition]) -> Plan:
    """New names for every name that two versions of one core share, in both.

    A name that only one version has keeps its spelling: nothing else is called so.
    """
    versions: dict[str, set[str]] = defaultdict(set)
    for core in cores:
        versions[core.id.name].add(core.id.version)
    sharing: dict[tuple[str, str], set[str]] = defaultdict(set)
    listed = tuple(definitions)
    for d in listed:
        sharing[d.core.name, d.folded].add(d.core.version)
    return Plan(
        {
            d: mangled_name(d.name, d.core.version)
            for d in listed
            if len(versions[d.core.name]) > 1 and len(sharing[d.core.name, d.folded]) > 1
        }
    )


def plan_all(definitions: Iterable[Definition], versioned: frozenset[CoreId]) -> Plan:
    """New names for every definition of the cores in `versioned`, each of them a unit of its own.

    What a name becomes depends on its own core alone, so that artifacts made from it
    stay valid in any design. What units keep apart by themselves keeps its name.
    """
    return Plan(
        {
            d: mangled_name(d.name, d.core.version)
            for d in definitions
            if d.core in versioned and d.kind not in OPTIONAL_KINDS
        }
    )


def check_plan(
    plan: Plan,
    cores: tuple[Core, ...],
    definitions: tuple[Definition, ...],
    front_ends: Mapping[Language, FrontEnd],
) -> tuple[Refusal, ...]:
    """Every reason why the output's names couldn't stand side by side.

    Names taken already, two names that meet, names that VHDL's folding makes one, and
    names that two cores define without versions to tell them apart.
    """
    return (
        *_clashes(plan, definitions),
        *_taken(plan, cores, front_ends),
    )


def _label(d: Definition) -> str:
    return f"{d.kind} '{d.name}' of {d.core} ({d.position})"


def _clashes(plan: Plan, definitions: tuple[Definition, ...]) -> list[Refusal]:
    """Definitions of the output that have one name, exactly or in VHDL's eyes."""
    out: list[Refusal] = []
    by_folded: dict[str, list[Definition]] = defaultdict(list)
    for d in definitions:
        by_folded[plan.new_name(d).lower()].append(d)
    for group in by_folded.values():
        for n, second in enumerate(group):
            for first in group[:n]:
                cause = _clash(plan, first, second)
                if cause:
                    out.append(cause)
    return out


def _clash(plan: Plan, first: Definition, second: Definition) -> Refusal | None:
    a, b = plan.new_name(first), plan.new_name(second)
    same_core = first.core == second.core
    if name_space(first) != name_space(second) or first.library != second.library:
        return None
    both_renamed = first in plan.renames and second in plan.renames
    if name_space(first) in ("$unit", "macros") and not (both_renamed and not same_core):
        # A compilation unit's own names never meet another unit's, unless tools merge the units.
        return None
    vhdl = Language.VHDL in (first.language, second.language)
    if a != b and not (vhdl and _fold_equal(first, second, a, b)):
        return None
    at = (second.core, second.position, second.name)
    both = f"{_label(first)} and {_label(second)}"
    renamed = first in plan.renames or second in plan.renames
    if a == b and renamed and not both_renamed:
        return None  # `taken-name` finds it where it is spelled.
    if a == b and renamed and not (same_core and first.name == second.name):
        return Refusal.at("meeting-names", *at, f"{both} would both be called '{b}'; change one version or one name")
    if a != b:
        what = f"would be called '{a}' and '{b}', which VHDL takes for one name" if renamed else "differ only in case"
        return Refusal.at("case-folding", *at, f"{both} {what} (IEEE 1076-2019 15.4); rename one of them")
    fix = "remove one" if same_core else "make them versions of one core, or rename one"
    return Refusal.at("duplicate-definition", *at, f"{both} have one name in library '{second.library}'; {fix}")


def _fold_equal(first: Definition, second: Definition, a: str, b: str) -> bool:
    """Whether VHDL takes two names for one; an extended identifier is never folded."""
    names = []
    for d, name in ((first, a), (second, b)):
        names.append(name if d.language is Language.VHDL and name.startswith("\\") else name.lower())
    return names[0] == names[1]


def _taken(plan: Plan, cores: tuple[Core, ...], front_ends: Mapping[Language, FrontEnd]) -> list[Refusal]:
    """New names that some file spells already, in whatever role."""
    owners: dict[str, list[Definition]] = defaultdict(list)
    for d, new in plan.renames.items():
        owners[new].append(d)
    wanted = frozenset(owners)
    out: list[Refusal] = []
    if not wanted:
        return out
    for core in cores:
        for new, position in front_ends[core.language].find(core, wanted):
            for d in owners[new]:
                out.append(_taken_refusal(core.id, d, new, position))
    return out


def _taken_refusal(core: CoreId, d: Definition, new: str, position: Position) -> Refusal:
    return Refusal.at(
        "taken-name",
        core,
        position,
        new,
        f"'{new}', the new name of {_label(d)}, is spelled here already; rename it here, or give the core "
        "another version",
    )
