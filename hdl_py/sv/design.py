"""A whole design: the units below a top, checked against each other."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from hdl_py.errors import Diagnostic, HdlError
from hdl_py.sv.model import Definition, Parameter, Port, Unit

FORMAT = 1


@dataclass(frozen=True)
class Design:
    """A top and the units that it is made of.

    Attributes:
        label: the target that asks for the design.
        top: the top module.
        parameters: the top's parameters as declared.
        overrides: the values given to some of them.
        ports: the top's ports as declared.
        clocks: the inputs named as clocks.
        resets: the inputs named as resets.
        units: labels in dependency order.
    """

    label: str
    top: str
    parameters: tuple[Parameter, ...]
    overrides: Mapping[str, str]
    ports: tuple[Port, ...]
    clocks: tuple[str, ...]
    resets: tuple[str, ...]
    units: tuple[str, ...]

    def to_json(self) -> str:
        """The JSON form, the same bytes for the same design."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1, sort_keys=True) + "\n"


def build_design(
    label: str,
    top: str,
    units: Sequence[Unit],
    overrides: Mapping[str, str],
    clocks: Sequence[str],
    resets: Sequence[str],
) -> Design:
    """Checks the units of a design against each other and finds its top.

    Raises:
        HdlError: a name defined twice; no such top, parameter, clock or reset.
    """
    problems: list[Diagnostic] = []
    owners: dict[str, tuple[Unit, Definition]] = {}
    for unit in units:
        for definition in unit.definitions:
            if definition.name not in owners:
                owners[definition.name] = (unit, definition)
                continue
            other, first = owners[definition.name]
            problems.append(
                Diagnostic(
                    None,
                    "duplicate-definition",
                    f"{definition.name} is defined twice in this design: {first.kind} in {first.file} of "
                    f"{other.label}, {definition.kind} in {definition.file} of {unit.label}; "
                    f"definitions of all kinds and units share one name space",
                    "rename one of them, or give one of the targets a `version`",
                    "IEEE 1800-2023 3.13; 18.9 1",
                )
            )
    instantiated = {name for unit in units for d in unit.definitions for name in d.instances}
    if top not in owners or owners[top][1].kind not in ("module", "program"):
        candidates = [n for n, (_u, d) in owners.items() if d.kind == "module" and n not in instantiated]
        found = f"{top} is a {owners[top][1].kind}" if top in owners else f"no unit of {label} defines {top}"
        listed = ", ".join(sorted(candidates)) or "none"
        problems.append(
            Diagnostic(
                None,
                "unknown-top",
                f"{found}; a top must be a module. Modules that nothing instantiates: {listed}",
                "set `top` to one of them, or add the library that defines it to `deps`",
                "IEEE 1800-2023 23.3.1",
            )
        )
        raise HdlError(problems)
    definition = owners[top][1]
    known = [p.name for p in definition.parameters]
    for name in overrides:
        if name not in known:
            problems.append(
                Diagnostic(
                    None,
                    "unknown-parameter",
                    f"{top} has no parameter {name}; it has {', '.join(known) or 'none'}",
                    "use one of these names in `parameters`",
                    "IEEE 1800-2023 23.10",
                )
            )
    inputs = [p.name for p in definition.ports if p.direction == "input"]
    for what, names in (("clock", clocks), ("reset", resets)):
        for name in names:
            if name not in inputs:
                problems.append(
                    Diagnostic(
                        None,
                        f"unknown-{what}",
                        f"the {what} {name} is no input of {top}; its inputs are {', '.join(inputs) or 'none'}",
                        f"use one of these names in `{what}s`",
                        "IEEE 1800-2023 23.2.2",
                    )
                )
    if problems:
        raise HdlError(problems)
    return Design(
        label=label,
        top=top,
        parameters=definition.parameters,
        overrides=dict(overrides),
        ports=definition.ports,
        clocks=tuple(clocks),
        resets=tuple(resets),
        units=tuple(u.label for u in units),
    )
