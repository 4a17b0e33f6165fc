"""Strict dependencies: every name is met by the unit itself or by a direct dependency."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hdl_py.errors import Diagnostic
from hdl_py.sv.checks import diagnose
from hdl_py.sv.definitions import Found, References
from hdl_py.sv.model import Definition, Unit
from hdl_py.sv.syntax import ParsedUnit
from hdl_py.text.position import Position


@dataclass(frozen=True)
class Owner:
    """Who defines a name of the definitions name space.

    Attributes:
        unit: the unit.
        definition: the definition.
        direct: whether the unit is a direct dependency, or re-exported by one.
    """

    unit: Unit
    definition: Definition
    direct: bool


class Known:
    """The definitions of a target's dependencies."""

    def __init__(self, label: str, direct: Mapping[str, Unit], indirect: Mapping[str, Unit]) -> None:
        self.label = label
        self.owners: dict[str, Owner] = {}
        for units, is_direct in ((direct, True), (indirect, False)):
            for unit in units.values():
                for definition in unit.definitions:
                    self.owners.setdefault(definition.name, Owner(unit, definition, is_direct))

    def names(self, *kinds: str) -> Iterator[str]:
        """Names of the definitions of some kinds."""
        return (name for name, owner in self.owners.items() if owner.definition.kind in kinds)


def missing_dependencies(
    unit: ParsedUnit,
    mentioned: Iterable[References],
    own: Mapping[str, Found],
    nested: frozenset[str],
    types: frozenset[str],
    known: Known,
) -> tuple[list[Diagnostic], set[str]]:
    """References that neither the target nor a direct dependency meets.

    Args:
        unit: the parsed unit.
        mentioned: what its members refer to.
        own: the target's definitions by name.
        nested: names of modules nested in others.
        types: names of classes, typedefs and type parameters that may stand before `::`.
        known: the dependencies' definitions.

    Returns:
        The diagnostics, and the labels of the direct dependencies that something used.
    """
    problems: list[Diagnostic] = []
    used: set[str] = set()
    seen: set[str] = set()

    def settle(name: str, token: int, kinds: Sequence[str], what: str, certain: bool) -> None:
        owner = known.owners.get(name)
        if owner is not None and owner.definition.kind in kinds and owner.direct:
            used.add(owner.unit.label)
        if (name in own and own[name].kind in kinds) or name in seen:
            return
        position = unit.stream.position(token)
        if owner is None or owner.definition.kind not in kinds:
            if certain:
                seen.add(name)
                problems.append(_unknown(position, name, what, owner, [*own, *known.names(*kinds)]))
        elif owner.definition.generated:
            seen.add(name)
            problems.append(diagnose("private-package", position, name=name, label=owner.unit.label))
        elif not owner.direct:
            seen.add(name)
            problems.append(
                diagnose(
                    "undeclared-dependency",
                    position,
                    kind=owner.definition.kind,
                    name=name,
                    owner=owner.unit.label,
                    label=known.label,
                )
            )
        elif not owner.definition.exported:
            seen.add(name)
            problems.append(
                diagnose("not-exported", position, kind=owner.definition.kind, name=name, owner=owner.unit.label)
            )

    for references in mentioned:
        for name, tokens in references.packages.items():
            if name not in types and name != "std":
                settle(name, tokens[0], ("package",), "package", True)
        for name, tokens in references.instances.items():
            if name not in nested:
                settle(name, tokens[0], _INSTANTIABLE, "module, interface, program, primitive or checker", True)
        for name, tokens in references.interfaces.items():
            settle(name, tokens[0], ("interface",), "interface", name not in nested)
        for name, tokens in references.types.items():
            settle(name, tokens[0], ("interface",), "interface", False)
        for name, tokens in references.targets.items():
            settle(name, tokens[0], _INSTANTIABLE, "definition", False)
    return problems, used


_INSTANTIABLE = ("module", "interface", "program", "primitive", "checker")


def _unknown(position: Position, name: str, what: str, owner: Owner | None, candidates: Iterable[str]) -> Diagnostic:
    found = f"; {owner.unit.label} defines a {owner.definition.kind} of that name" if owner else ""
    close = difflib.get_close_matches(name, sorted(set(candidates)), 1)
    hint = f" (or did you mean {close[0]}?)" if close else ""
    return diagnose("unknown-definition", position, name=name, what=what, found=found, hint=hint)


def unused_dependencies(label: str, deps: Iterable[str], used: Iterable[str]) -> list[Diagnostic]:
    """Direct dependencies of which the unit uses neither a definition nor a header."""
    return [diagnose("unused-dependency", None, owner=dep, label=label) for dep in sorted(set(deps) - set(used))]
