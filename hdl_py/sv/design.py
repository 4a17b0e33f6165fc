"""A whole design: the units below a top, checked against each other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from hdl_py.errors import Diagnostic, HdlError
from hdl_py.sv.checks import diagnose
from hdl_py.sv.model import Definition, Parameter, Port, Unit
from hdl_py.text.position import Position

FORMAT = 1
"""Version of the JSON form."""


@dataclass(frozen=True)
class DesignRequest:
    """What a target says of its design.

    Attributes:
        label: the target.
        top: the top module.
        units: all units, dependencies before their users.
        parameters: values for parameters of the top.
        clocks: inputs of the top that are clocks.
        resets: inputs of the top that are resets.
        timescale: `unit/precision` for definitions that have none; may be empty.
        places: for labels, the places of their names, for better messages.
    """

    label: str
    top: str
    units: tuple[Unit, ...]
    parameters: Mapping[str, str] = field(default_factory=dict)
    clocks: tuple[str, ...] = ()
    resets: tuple[str, ...] = ()
    timescale: str = ""
    places: Mapping[str, Mapping[str, Position]] = field(default_factory=dict)


@dataclass(frozen=True)
class Design:
    """A top and the units that it is made of.

    Attributes:
        label: the target that asks for the design.
        top: the top module, by the user's name.
        definition: its name in the units' texts: another one where its unit has a version.
        parameters: the top's parameters as declared.
        overrides: the values given to some of them.
        ports: the top's ports as declared.
        clocks: the inputs named as clocks.
        resets: the inputs named as resets.
        timescale: `unit/precision` to be given to definitions that have none; empty where none needs it.
        units: labels in dependency order.
        private_packages: the packages that took the items of units, sorted.
    """

    label: str
    top: str
    definition: str
    parameters: tuple[Parameter, ...]
    overrides: Mapping[str, str]
    ports: tuple[Port, ...]
    clocks: tuple[str, ...]
    resets: tuple[str, ...]
    timescale: str
    units: tuple[str, ...]
    private_packages: tuple[str, ...]

    def to_json(self) -> str:
        """The JSON form, the same bytes for the same design."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1, sort_keys=True) + "\n"


def build_design(request: DesignRequest) -> Design:
    """Checks the units of a design against each other and finds its top.

    Raises:
        HdlError: every rule that the design breaks.
    """
    problems: list[Diagnostic] = []
    owners = _owners(request, problems)
    name = _definition_name(request, owners)
    top = owners.get(name)
    if top is None or top[1].kind not in ("module", "program"):
        problems.append(_unknown_top(request, owners))
        raise HdlError(problems)
    _, definition = top
    known = [p.name for p in definition.parameters]
    problems += [
        diagnose("unknown-parameter", None, top=request.top, name=name, known=", ".join(known) or "none")
        for name in request.parameters
        if name not in known
    ]
    inputs = [p.name for p in definition.ports if p.direction == "input"]
    for check, names in (("unknown-clock", request.clocks), ("unknown-reset", request.resets)):
        problems += [
            diagnose(check, None, top=request.top, name=name, known=", ".join(inputs) or "none")
            for name in names
            if name not in inputs
        ]
    timescale = _timescale(request, name, owners, problems)
    if problems:
        raise HdlError(problems)
    return Design(
        label=request.label,
        top=request.top,
        definition=name,
        parameters=definition.parameters,
        overrides=dict(request.parameters),
        ports=definition.ports,
        clocks=request.clocks,
        resets=request.resets,
        timescale=timescale,
        units=tuple(u.label for u in request.units),
        private_packages=tuple(sorted(d.name for u in request.units for d in u.definitions if d.generated)),
    )


_Owners = Mapping[str, tuple[Unit, Definition]]


def _place(request: DesignRequest, unit: Unit, definition: Definition) -> str:
    """Where a definition is, as well as it is known: line and column only from the unit's map."""
    position = request.places.get(unit.label, {}).get(definition.name)
    return f"{position or definition.file} of {unit.label}"


def _owners(request: DesignRequest, problems: list[Diagnostic]) -> dict[str, tuple[Unit, Definition]]:
    owners: dict[str, tuple[Unit, Definition]] = {}
    for unit in request.units:
        for definition in unit.definitions:
            first = owners.setdefault(definition.name, (unit, definition))
            if first != (unit, definition):
                problems.append(
                    diagnose(
                        "design-duplicate",
                        None,
                        label=request.label,
                        name=definition.name,
                        kind=first[1].kind,
                        place=_place(request, *first),
                        other=definition.kind,
                        other_place=_place(request, unit, definition),
                        owner=unit.label,
                    )
                )
    return owners


def _definition_name(request: DesignRequest, owners: _Owners) -> str:
    """The top's name in the units' texts; the user's name where there is none, or several versions."""
    mangled = {unit.renames[request.top] for unit in request.units if request.top in unit.renames}
    return mangled.pop() if request.top not in owners and len(mangled) == 1 else request.top


def _unknown_top(request: DesignRequest, owners: _Owners) -> Diagnostic:
    instantiated = {name for unit in request.units for d in unit.definitions for name in d.instances}
    users = {mangled: name for unit in request.units for name, mangled in unit.renames.items()}
    candidates = sorted(
        {users.get(name, name) for name, (_u, d) in owners.items() if d.kind == "module" and name not in instantiated}
    )
    versions = [f"{unit.version} of {unit.label}" for unit in request.units if request.top in unit.renames]
    known = _definition_name(request, owners)
    if known in owners:
        found = f"{request.top} is a {owners[known][1].kind}"
    elif versions:
        found = f"{request.top} stands here in several versions, {' and '.join(versions)}: keep one in `deps`"
    else:
        found = f"no unit of {request.label} defines {request.top}"
    return diagnose("unknown-top", None, found=found, candidates=", ".join(candidates) or "none")


def reachable(top: str, owners: _Owners) -> list[tuple[Unit, Definition]]:
    """The definitions that a top instantiates or imports, itself first, at any depth."""
    out: dict[str, tuple[Unit, Definition]] = {}
    todo = [top]
    while todo:
        name = todo.pop()
        if name in owners and name not in out:
            out[name] = owners[name]
            definition = owners[name][1]
            todo += reversed((*definition.instances, *definition.packages))
    return list(out.values())


def _timescale(request: DesignRequest, top: str, owners: _Owners, problems: list[Diagnostic]) -> str:
    """The time unit and precision for definitions that have none (IEEE 1800-2023 3.14.2.3; proposal 18.6)."""
    if request.timescale:
        return request.timescale
    declared = [u for u in request.units if u.standard == "3.1a" and u.unit_timescale]
    for unit in declared[1:]:
        if unit.unit_timescale != declared[0].unit_timescale:
            problems.append(
                diagnose(
                    "time-unit-differs",
                    None,
                    label=declared[0].label,
                    value=declared[0].unit_timescale,
                    other=unit.label,
                    other_value=unit.unit_timescale,
                )
            )
    if declared:
        return declared[0].unit_timescale
    used = reachable(top, owners)
    scaled = next(((u, d) for u, d in used if d.timescale.split("/")[0]), None)
    if scaled is None:
        return ""
    unit, definition = scaled
    for needy_unit, needy in used:
        if needy.uses_time:
            problems.append(
                diagnose(
                    "mixed-time-units",
                    None,
                    label=request.label,
                    name=f"$unit in {needy.file}" if needy.generated else needy.name,
                    note=" (no `timescale directive sets that of $unit)" if needy.generated else "",
                    needy=needy_unit.label,
                    other=definition.name,
                    owner=unit.label,
                    value=definition.timescale.strip("/"),
                )
            )
    # Nothing without a time unit uses time, so any will do, and Verilator has no reason to warn.
    return definition.timescale if all(definition.timescale.split("/")) else ""
