"""From a unit's syntax to the records that its description is made of."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence

from hdl_py.sv.definitions import Found, parameters, ports
from hdl_py.sv.model import Definition
from hdl_py.sv.survey import References
from hdl_py.sv.syntax import ParsedUnit
from hdl_py.sv.timing import Scale
from hdl_py.sv.unit_items import UnitItem

ALWAYS_SHARED = ("package", "interface", "program", "checker", "config")
"""Kinds that every unit exports; of modules and primitives it exports those that it doesn't instantiate."""


def exported(found: Found, wanted: Sequence[str], instantiated: Collection[str]) -> bool:
    """Whether other units may use a definition.

    Args:
        found: the definition.
        wanted: the modules that the target exports; empty for the default.
        instantiated: definitions that the target itself instantiates.
    """
    if found.kind in ALWAYS_SHARED:
        return True
    return found.name in wanted if wanted else found.name not in instantiated


def package_name(label: str, number: int, found: Sequence[Found]) -> str:
    """The name of the package that takes a unit's items.

    Made from the first name that the unit exports: names of definitions are
    unique in a design, and the folder of the unit plays no part.
    """
    names = sorted(d.name for d in found)
    stem = names[0] if names else "u" + hashlib.sha256(f"{label} {number}".encode()).hexdigest()[:12]
    return re.sub(r"\W", lambda m: f"_{ord(m[0]):x}_", stem) + "__unit"


def describe(
    unit: ParsedUnit,
    found: Found,
    mentioned: References,
    shared: bool,
    scales: Mapping[str, Scale],
    packages: Collection[str],
    interfaces: Collection[str],
    private: str = "",
) -> Definition:
    """The record of a definition.

    Args:
        unit: the parsed unit.
        found: the definition.
        mentioned: what it refers to.
        shared: whether other units may use it.
        scales: the scale of each definition that has one.
        packages: the names of packages that may be meant before `::`.
        interfaces: the names of interfaces that a port may have.
        private: the package of the unit's items, if the definition needs one of them.
    """
    scale = scales.get(found.name, Scale())
    return Definition(
        name=found.name,
        kind=found.kind,
        file=unit.stream.file(found.name_token),
        exported=shared,
        timescale=str(scale),
        uses_time=not scale.unit and unit.survey.uses_time(*unit.span(found.node)),
        parameters=parameters(unit, found.node),
        ports=ports(unit, found.node, interfaces),
        packages=tuple(sorted({*(set(mentioned.packages) & set(packages)), *([private] if private else [])})),
        instances=tuple(sorted({*mentioned.instances, *mentioned.targets})),
    )


def describe_generated(
    unit: ParsedUnit,
    name: str,
    items: Sequence[UnitItem],
    mentioned: Sequence[References],
    shared: bool,
    scale: Scale,
    packages: Collection[str],
) -> Definition:
    """The record of the package that takes a unit's items."""
    return Definition(
        name=name,
        kind="package",
        file=unit.stream.file(items[0].start),
        exported=shared,
        timescale=str(scale),
        uses_time=not scale.unit and any(unit.survey.uses_time(item.start, item.end) for item in items),
        generated=True,
        packages=tuple(sorted({p for m in mentioned for p in m.packages} & set(packages))),
    )
