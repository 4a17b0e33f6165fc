"""Checks on the syntax of a unit: what stands where, names used twice, order of packages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from pyslang.syntax import SyntaxKind as K

from hdl_py.errors import Diagnostic
from hdl_py.sv.checks import diagnose
from hdl_py.sv.definitions import Found
from hdl_py.sv.dependencies import Known
from hdl_py.sv.standards import BY_KIND
from hdl_py.sv.survey import References
from hdl_py.sv.syntax import ParsedUnit
from hdl_py.text.position import Position


def misplaced(unit: ParsedUnit, standard: str) -> list[Diagnostic]:
    """Declarations where neither the compilation unit nor a package may have them (IEEE 1800-2023 3.12.1, 26.2)."""
    out: list[Diagnostic] = []

    def look(node: Any, check: str, place: str) -> None:
        construct = BY_KIND.get(node.kind)
        if construct is None:
            return
        allowed = {
            ("not-allowed-in-unit", "1800-2023"): construct.unit_2023,
            ("not-allowed-in-unit", "3.1a"): construct.unit_31a,
            ("not-allowed-in-package", "1800-2023"): construct.package_2023,
            ("not-allowed-in-package", "3.1a"): construct.package_31a,
        }[check, standard]
        if not allowed:
            position = unit.stream.position(unit.span(node)[0])
            out.append(diagnose(check, position, what=construct.name, place=place, standard=standard))

    for node in unit.tree.root.members:
        look(node, "not-allowed-in-unit", "")
        if node.kind == K.PackageDeclaration:
            for member in node.members:
                look(member, "not-allowed-in-package", node.header.name.valueText)
    return out


def duplicates(
    units: Sequence[ParsedUnit],
    found: Sequence[Sequence[Found]],
    known: Known,
    places: Mapping[str, Mapping[str, Position]],
) -> list[Diagnostic]:
    """Names used for two definitions, of the target or of a dependency (IEEE 1800-2023 3.13)."""
    out = []
    seen: dict[str, tuple[str, Position]] = {}
    for unit, own in zip(units, found, strict=True):
        for definition in own:
            position = unit.stream.position(definition.name_token)
            owner = known.owners.get(definition.name)
            if definition.name in seen:
                kind, first = seen[definition.name]
                out.append(
                    diagnose(
                        "duplicate-definition",
                        position,
                        kind=definition.kind,
                        name=definition.name,
                        other=kind,
                        place=str(first),
                    )
                )
            elif owner is not None:
                file = owner.definition.file if owner.definition is not None else "the interface file"
                file = str(places.get(owner.label, {}).get(definition.name) or file)
                out.append(
                    diagnose(
                        "duplicate-definition",
                        position,
                        kind=definition.kind,
                        name=definition.name,
                        other=owner.kind,
                        place=f"{file} of {owner.label}",
                    )
                )
            seen.setdefault(definition.name, (definition.kind, position))
    return out


def packages_used_early(
    unit: ParsedUnit, own: Mapping[str, Found], mentioned: Sequence[References]
) -> list[Diagnostic]:
    """Packages of the unit referred to above their definition (IEEE 1800-2023 26.3)."""
    out = []
    for references in mentioned:
        for name, tokens in references.packages.items():
            package = own.get(name)
            if package is not None and package.kind == "package" and tokens[0] < package.name_token:
                place = unit.stream.position(package.name_token)
                out.append(diagnose("package-after-use", unit.stream.position(tokens[0]), name=name, place=str(place)))
    return out


def not_packages(units: Sequence[ParsedUnit], found: Sequence[Sequence[Found]]) -> list[Diagnostic]:
    """Definitions other than packages in an `sv_package` target."""
    return [
        diagnose("not-a-package", unit.stream.position(d.name_token), kind=d.kind, name=d.name)
        for unit, own in zip(units, found, strict=True)
        for d in own
        if d.kind != "package"
    ]


def packages_reaching_out(unit: ParsedUnit, modules: Collection[str]) -> list[Diagnostic]:
    """Hierarchical names in packages (IEEE 1800-2023 26.2); `modules` are names that may head one."""
    out = []
    packages = [unit.span(n) for n in unit.tree.root.members if n.kind == K.PackageDeclaration]
    for token, name in unit.survey.heads:
        if (name == "$root" or name in modules) and any(start <= token < end for start, end in packages):
            text = f"the package refers to {name}, and from there to a name in the instance tree"
            out.append(diagnose("package-refers-hierarchy", unit.stream.position(token), text=text))
    return out


def unit_times(unit: ParsedUnit) -> list[Diagnostic]:
    """Two different time units of one compilation unit, or one behind other items (IEEE 1800-2023 3.14.2.2)."""
    out: list[Diagnostic] = []
    first: dict[str, tuple[str, Position]] = {}
    other: Position | None = None
    for node in unit.tree.root.members:
        position = unit.stream.position(unit.span(node)[0])
        if node.kind != K.TimeUnitsDeclaration:
            if node.kind != K.EmptyMember:
                other = other or position
            continue
        values = {node.keyword.valueText: node.time.rawText}
        if node.divider is not None:
            values["timeprecision"] = node.divider.value.rawText
        for keyword, value in values.items():
            if keyword not in first:
                first[keyword] = (value, position)
                if other is not None:
                    out.append(diagnose("timeunit-late", position, keyword=keyword, place=str(other)))
            elif first[keyword][0] != value:
                before, place = first[keyword]
                out.append(
                    diagnose(
                        "timeunit-conflict",
                        position,
                        keyword=keyword,
                        value=value,
                        before=before,
                        place=str(place),
                    )
                )
    return out
