"""Time units and precisions of definitions and compilation units (IEEE 1800-2023 3.14.2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pyslang.syntax import SyntaxKind as K

from hdl_py.sv.definitions import Found
from hdl_py.sv.syntax import ParsedUnit

_TIMESCALE = re.compile(rb"`timescale\s*(\d+)\s*(\w+)\s*/\s*(\d+)\s*(\w+)")


@dataclass(frozen=True)
class Scale:
    """A time unit and a precision, such as `1ns` and `1ps`; empty where nothing says it."""

    unit: str = ""
    precision: str = ""

    def __bool__(self) -> bool:
        return bool(self.unit or self.precision)

    def __str__(self) -> str:
        return f"{self.unit}/{self.precision}" if self else ""

    def over(self, outer: Scale) -> Scale:
        """This scale, and from `outer` what it leaves open."""
        return Scale(self.unit or outer.unit, self.precision or outer.precision)

    def tokens(self) -> list[bytes]:
        """The declarations that say it."""
        out: list[bytes] = []
        for keyword, value in (("timeunit", self.unit), ("timeprecision", self.precision)):
            if value:
                out += [keyword.encode(), value.encode(), b";"]
        return out


def declared_scale(node: Any) -> Scale:
    """What the `timeunit` and `timeprecision` declarations of a scope say."""
    scale = Scale()
    for member in getattr(node, "members", ()):
        if member.kind == K.TimeUnitsDeclaration:
            value = member.time.rawText
            if member.keyword.valueText == "timeprecision":
                scale = Scale(scale.unit, value)
            elif member.divider is not None:
                scale = Scale(value, member.divider.value.rawText)
            else:
                scale = Scale(value, scale.precision)
    return scale


def unit_scale(unit: ParsedUnit) -> Scale:
    """The compilation unit's own scale; no directive sets it (IEEE 1800-2023 3.14.2.3)."""
    return declared_scale(unit.tree.root)


def scales(unit: ParsedUnit, found: Sequence[Found]) -> dict[str, Scale]:
    """The scale of each definition that has one.

    In order of precedence: its own declarations, the last `` `timescale`` before
    it, the compilation unit's declarations. A nested definition inherits, so the
    outermost one alone needs a scale.
    """
    directives: list[tuple[int, Scale]] = []
    for number, token in unit.stream.directives:
        if token == b"`resetall":
            directives.append((number, Scale()))
        elif token.startswith(b"`timescale") and (match := _TIMESCALE.match(token)):
            parts = [part.decode() for part in match.groups()]
            directives.append((number, Scale(parts[0] + parts[1], parts[2] + parts[3])))
    outer = unit_scale(unit)
    out = {}
    for definition in found:
        start = unit.span(definition.node)[0]
        last = next((scale for number, scale in reversed(directives) if number < start), Scale())
        scale = declared_scale(definition.node).over(last).over(outer)
        if scale:
            out[definition.name] = scale
    return out
