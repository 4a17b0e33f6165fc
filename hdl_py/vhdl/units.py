"""Versions of VHDL units: the sources of one unit with the names that its dependencies lead to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hdl_py.errors import Diagnostic, HdlError
from hdl_py.mangle.engine import Request, mangle
from hdl_py.mangle.model import Core, CoreId, FrontEnd, Language, Occurrence, Role, fold
from hdl_py.mangle.units import UNVERSIONED, advice, check_version, core_names
from hdl_py.text.position import Position
from hdl_py.text.source import SourceText


@dataclass(frozen=True)
class VhdlUnit:
    """A target's files as the user wrote them.

    Attributes:
        label: the target.
        version: its version; empty for none.
        library: the VHDL library.
        deps: labels of its direct dependencies.
        sources: the files, in the order of their dependencies.
    """

    label: str
    version: str
    library: str
    deps: tuple[str, ...]
    sources: tuple[SourceText, ...]


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
    _check_declared(unit, below, ids, outcome.occurrences)
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


def _check_declared(
    unit: VhdlUnit, below: Sequence[VhdlUnit], ids: Mapping[str, CoreId], occurrences: Iterable[Occurrence]
) -> None:
    """Refuses names that mean a unit of no direct dependency, which another one brings by chance.

    A component that some other unit declares may lead further: what it binds to is that unit's affair.
    """
    components = {m[1].lower() for known in below for s in known.sources for m in _COMPONENT.finditer(s.data)}
    labels = {ids[known.label]: known.label for known in below if known.label not in unit.deps}
    texts = {source.path: source for source in unit.sources}
    problems = []
    for o in occurrences:
        if o.core == ids[unit.label] and o.role is Role.REFERENCE and o.target and o.target.core in labels:
            if o.position in _OF_COMPONENTS and o.name.encode("latin-1").lower() in components:
                continue
            label = labels[o.target.core]
            message = f"the {o.target.kind} {o.name} is in {label}, which is no direct dependency of {unit.label}"
            fix = f"buildozer 'add deps {label}' {unit.label}"
            position = texts[o.file].position(o.span.start)
            problems.append(Diagnostic(position, "undeclared-dependency", message, fix))
    if problems:
        raise HdlError(problems)


_OF_COMPONENTS = frozenset({"component instance", "component specification", "use clause"})
"""Places that may name a component which another unit declares."""

_COMPONENT = re.compile(rb"\bcomponent\s+(\\[^\\]+\\|\w+)", re.IGNORECASE)


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
