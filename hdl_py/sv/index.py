"""The unit index of a design: every compilation unit, what it defines, imports and depends on.

This is the iterator over all compilation units that the proposal asks for
(18.3): what other units can't name can still be found here, by unit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.sv.model import Definition, Unit, unit_from_json
from hdl_py.text.position import Position

FORMAT = "unit-index 1"
"""Name and version of the JSON form."""


@dataclass(frozen=True)
class Index:
    """The units of a design, dependencies before their users.

    Attributes:
        units: the units, each label once.
    """

    units: tuple[Unit, ...]

    def __iter__(self) -> Iterator[Unit]:
        return iter(self.units)

    def owner(self, name: str) -> tuple[Unit, Definition] | None:
        """The unit that defines a module, package and so on, and the definition."""
        for unit in self.units:
            for definition in unit.definitions:
                if definition.name == name:
                    return unit, definition
        return None

    def uses(self, unit: Unit) -> tuple[str, ...]:
        """Labels of the other units that a unit's definitions refer to, in the order of the index."""
        names = {n for d in unit.definitions for n in (*d.packages, *d.instances, *_interfaces(d))}
        return tuple(
            other.label
            for other in self.units
            if other.label != unit.label and names & {d.name for d in other.definitions}
        )

    def to_json(self) -> str:
        """The JSON form, the same bytes for the same units."""
        units = [json.loads(unit.to_json()) for unit in self.units]
        return json.dumps({"format": FORMAT, "units": units}, indent=1, sort_keys=True) + "\n"


def _interfaces(definition: Definition) -> Iterator[str]:
    for port in definition.ports:
        if port.direction == "interface":
            yield port.type.split(" ")[0]


def make_index(units: Iterable[Unit]) -> Index:
    """An index in the order given, dependencies moved before their users, each label once."""
    by_label: dict[str, Unit] = {}
    for unit in units:
        by_label.setdefault(unit.label, unit)
    ordered: dict[str, Unit] = {}

    def place(unit: Unit, above: frozenset[str]) -> None:
        for label in unit.deps:
            if label in by_label and label not in above:
                place(by_label[label], above | {unit.label})
        ordered.setdefault(unit.label, unit)

    for unit in by_label.values():
        place(unit, frozenset())
    return Index(tuple(ordered.values()))


def read_units(text: str, path: str) -> list[Unit]:
    """The units of a unit's description or of an index.

    Raises:
        HdlError: neither of the two.
    """
    try:
        data: Any = json.loads(text)
    except ValueError as error:
        problem = Diagnostic(Position(path), "bad-index", f"this is no JSON ({error})")
        raise HdlError([problem], EXIT_USAGE) from error
    if isinstance(data, dict) and data.get("format") == FORMAT and isinstance(data.get("units"), list):
        return [unit_from_json(json.dumps(unit), path) for unit in data["units"]]
    return [unit_from_json(text, path)]


def _definition_text(definition: Definition) -> str:
    text = f"{definition.kind} {definition.name}"
    marks = []
    if definition.generated:
        marks.append("generated")
    elif not definition.exported:
        marks.append("private")
    if definition.timescale:
        marks.append(definition.timescale.strip("/"))
    return f"{text} ({', '.join(marks)})" if marks else text


def rows(index: Index) -> list[tuple[list[str], ...]]:
    """Per unit the lines of its cells: label, definitions, imported packages, units used, remarks."""
    out: list[tuple[list[str], ...]] = []
    for unit in index:
        packages = sorted({p for d in unit.definitions for p in d.packages} - {d.name for d in unit.definitions})
        remarks = [f"version {unit.version}"] if unit.version else []
        if unit.standard != "1800-2023":
            remarks.append(f"standard {unit.standard}")
        if unit.unit_timescale:
            remarks.append(f"time unit {unit.unit_timescale.strip('/')}")
        remarks += [f"waives {name}" for name in unit.waived]
        out.append(
            (
                [unit.label],
                [_definition_text(d) for d in unit.definitions],
                packages,
                list(index.uses(unit)),
                remarks,
            )
        )
    return out


_HEADINGS = ("unit", "definitions", "imports", "uses", "remarks")


def table(index: Index) -> str:
    """The index as a text table."""
    body = rows(index)
    widths = [
        max([len(heading), *(len(line) for row in body for line in row[column])])
        for column, heading in enumerate(_HEADINGS)
    ]
    used = [c for c in range(len(_HEADINGS)) if c < 2 or any(row[c] for row in body)]

    def line(cells: Sequence[str]) -> str:
        return "  ".join(cells[c].ljust(widths[c]) for c in used).rstrip()

    out = [line(_HEADINGS), line(["-" * w for w in widths])]
    for row in body:
        for number in range(max(1, *(len(cell) for cell in row))):
            out.append(line([cell[number] if number < len(cell) else "" for cell in row]))
    counted = sum(not d.generated for unit in index for d in unit.definitions)
    out.append(f"{len(index.units)} units, {counted} definitions")
    return "\n".join(out) + "\n"
