"""Strict dependencies: every name is met by the unit itself or by a direct dependency."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hdl_py.errors import Diagnostic
from hdl_py.sv.checks import diagnose
from hdl_py.sv.definitions import DEFINITION_KINDS, Found, name_token
from hdl_py.sv.model import Definition, Unit
from hdl_py.sv.survey import References
from hdl_py.sv.syntax import ParsedUnit
from hdl_py.text.position import Position


@dataclass(frozen=True)
class Owner:
    """Who defines a name of the definitions name space.

    Attributes:
        label: the target; empty for an indirect dependency that nobody named.
        kind: what the name is: `module`, `package` and so on.
        direct: whether the target is a direct dependency, or re-exported by one.
        definition: its record; None for an indirect dependency.
    """

    label: str
    kind: str
    direct: bool
    definition: Definition | None = None


class Known:
    """The definitions of a target's dependencies."""

    def __init__(self, label: str, direct: Mapping[str, Unit], indirect: Iterable[tuple[str, Any]]) -> None:
        """
        Args:
            label: the target.
            direct: its direct dependencies by label.
            indirect: (label, syntax tree of the interface file) of other dependencies; direct ones don't harm.
        """
        self.label = label
        self.owners: dict[str, Owner] = {}
        for unit in direct.values():
            for definition in unit.definitions:
                owner = Owner(unit.label, definition.kind, True, definition)
                self.owners.setdefault(definition.name, owner)
        for owner_label, tree in indirect:
            for node in tree.root.members:
                kind = DEFINITION_KINDS.get(node.kind)
                if kind:
                    self.owners.setdefault(name_token(node).valueText, Owner(owner_label, kind, False))

    def names(self, *kinds: str) -> Iterator[str]:
        """Names of the definitions of some kinds."""
        return (name for name, owner in self.owners.items() if owner.kind in kinds)


def missing_dependencies(
    unit: ParsedUnit,
    mentioned: Iterable[References],
    own: Mapping[str, Found],
    nested: Collection[str],
    types: Collection[str],
    known: Known,
    foreign: Callable[[str], dict[str, str] | None],
) -> tuple[list[Diagnostic], set[str]]:
    """References that neither the target nor a direct dependency meets.

    Args:
        unit: the parsed unit.
        mentioned: what its members refer to.
        own: the target's definitions by name.
        nested: names of modules nested in others.
        types: names of classes, typedefs and type parameters that may stand before `::`.
        known: the dependencies' definitions.
        foreign: for a name that a dependency keeps outside definitions, the fields of `item-of-another-unit`.

    Returns:
        The diagnostics, and the labels of the direct dependencies that something used.
    """
    problems: list[Diagnostic] = []
    used: set[str] = set()
    seen: set[str] = set()

    def settle(name: str, token: int, kinds: Sequence[str], what: str, certain: bool) -> None:
        owner = known.owners.get(name)
        if owner is not None and owner.kind in kinds and owner.direct:
            used.add(owner.label)
        if (name in own and own[name].kind in kinds) or name in seen:
            return
        position = unit.stream.position(token)
        if owner is None or owner.kind not in kinds:
            if certain:
                seen.add(name)
                item = foreign(name) if what == "package" else None
                if item:
                    problems.append(diagnose("item-of-another-unit", position, **item))
                else:
                    problems.append(_unknown(position, name, what, owner, [*own, *known.names(*kinds)]))
        elif owner.definition is not None and owner.definition.generated:
            seen.add(name)
            problems.append(diagnose("private-package", position, name=name, owner=owner.label))
        elif not owner.direct:
            seen.add(name)
            problems.append(
                diagnose(
                    "undeclared-dependency",
                    position,
                    kind=owner.kind,
                    name=name,
                    owner=owner.label or "an indirect dependency",
                    label=known.label,
                )
            )
        elif owner.definition is not None and not owner.definition.exported:
            seen.add(name)
            problems.append(diagnose("not-exported", position, kind=owner.kind, name=name, owner=owner.label))

    for references in mentioned:
        for name, tokens in references.packages.items():
            if name not in types and name not in BUILT_IN:
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


BUILT_IN = frozenset(("std", "process", "mailbox", "semaphore", "weak_reference"))
"""What may stand before `::` in every unit: the package std and its classes (IEEE 1800-2023 26.7, G)."""

_INSTANTIABLE = ("module", "interface", "program", "primitive", "checker")


def _unknown(position: Position, name: str, what: str, owner: Owner | None, candidates: Iterable[str]) -> Diagnostic:
    found = f"; {owner.label} defines a {owner.kind} of that name" if owner else ""
    close = difflib.get_close_matches(name, sorted(set(candidates)), 1)
    hint = f" (or did you mean {close[0]}?)" if close else ""
    return diagnose("unknown-definition", position, name=name, what=what, found=found, hint=hint)


def unused_dependencies(label: str, deps: Iterable[str], used: Iterable[str]) -> list[Diagnostic]:
    """Direct dependencies of which the unit uses neither a definition nor a header."""
    return [diagnose("unused-dependency", None, owner=dep, label=label) for dep in sorted(set(deps) - set(used))]
