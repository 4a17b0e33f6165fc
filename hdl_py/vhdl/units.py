"""Versions of VHDL units: the sources of one unit with the names that its dependencies lead to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hdl_py.errors import Diagnostic, HdlError
from hdl_py.mangle.engine import Request, mangle
from hdl_py.mangle.model import UNVERSIONED, Core, CoreId, FrontEnd, Language, fold
from hdl_py.mangle.units import advice, check_version, core_names
from hdl_py.text.position import Position
from hdl_py.vhdl.declared import mentions, undeclared_dependencies
from hdl_py.vhdl.target import VhdlUnit


def version_sources(unit: VhdlUnit, below: Sequence[VhdlUnit], front_end: FrontEnd) -> Mapping[str, bytes]:
    """The unit's files, by path, with every name that has a version mangled.

    Args:
        unit: the unit to write.
        below: every unit below it, dependencies first.
        front_end: VHDL's; a new one for each call.

    Raises:
        HdlError: a version that makes no name, two versions among direct dependencies, every
            occurrence that can't be proven or that means a unit of no direct dependency, and
            every clash of names.
    """
    units = [*below, unit]
    for known in units:
        if known.version:
            check_version(known.label, known.version)
    defined = _defined(units, front_end)
    names = core_names((known.label, known.version, defined[known.label]) for known in units)
    ids = {known.label: CoreId(names[known.label], known.version or UNVERSIONED) for known in units}
    _check_direct(unit, units, ids)
    cores = [
        Core(
            ids[known.label],
            Language.VHDL,
            library=known.library,
            sources=known.sources,
            depends={ids[dep].name: ids[dep].version for dep in known.deps if dep in ids},
        )
        for known in units
    ]
    versioned = frozenset(ids[known.label] for known in units if known.version)
    outcome = mangle(Request(tuple(cores), every_version=True, versioned=versioned), {Language.VHDL: front_end})
    if outcome.refusals:
        labels = {core_id: label for label, core_id in ids.items()}
        problems = []
        for refusal in outcome.refusals:
            owners = [known for known, named in defined.items() if _means(refusal.name, named)]
            message, fix = advice(refusal, unit.label, owners)
            for core_id, label in labels.items():
                message = message.replace(str(core_id), label)
            place = Position(refusal.file, refusal.line, refusal.column) if refusal.file else None
            problems.append(Diagnostic(place, f"version-{refusal.code}", message, fix))
        raise HdlError(problems)
    far = {name.partition(".")[2] for known in below if known.label not in unit.deps for name in defined[known.label]}
    if mentions(unit.sources, far) and (problems := undeclared_dependencies(unit, below, ids)):
        raise HdlError(problems)
    own = next(core for core in outcome.cores if core.id == ids[unit.label])
    return {source.path: source.data for source in own.sources}


def _defined(units: Sequence[VhdlUnit], front_end: FrontEnd) -> dict[str, frozenset[str]]:
    """What each unit defines, by label: `library.name`, as VHDL compares names."""
    found = {}
    for unit in units:
        alone = Core(CoreId(unit.label, unit.version), Language.VHDL, library=unit.library, sources=unit.sources)
        library = unit.library.lower()
        found[unit.label] = frozenset(f"{library}.{d.folded}" for d in front_end.declare(alone, ()).definitions)
    front_end.forget()
    return found


def _means(name: str, defined: frozenset[str]) -> bool:
    """Whether a name may be one of those that a unit defines."""
    folded = fold(name, Language.VHDL)
    return any(known.partition(".")[2] == folded for known in defined)


def _check_direct(unit: VhdlUnit, units: Sequence[VhdlUnit], ids: Mapping[str, CoreId]) -> None:
    seen: dict[str, VhdlUnit] = {}
    problems = []
    by_label = {known.label: known for known in units}
    for label in unit.deps:
        dep = by_label[label]
        other = seen.setdefault(ids[label].name, dep)
        if other.version != dep.version:
            message = (
                f"{unit.label} depends on two versions of one core, {other.version or 'none'} of {other.label} and "
                f"{dep.version or 'none'} of {dep.label}; a unit sees one"
            )
            fix = f"buildozer 'remove deps {dep.label}' {unit.label}\nor give each version a unit of its own to use it"
            problems.append(Diagnostic(None, "two-versions", message, fix))
    if problems:
        raise HdlError(problems)
