"""Edits of a unit's tokens, and the lines that come of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from hdl_py.sv.syntax import ParsedUnit
from hdl_py.sv.unit_items import UnitItem


class Line(NamedTuple):
    """One line of isolated text and the token that it is, or stands for."""

    text: bytes
    token: int


@dataclass
class Edits:
    """What isolation does to a unit's tokens.

    Attributes:
        package: name of the package that takes the unit's items; empty where there are none.
        replace: new text of a token.
        drop: tokens left out.
        before: lines put in front of a token.
        imports: names that a definition imports, each with its package, in front of a token; `*` for all of a
            package, and an empty string for the package of a name that comes with them.
        kept: the items that something needs, in text order.
    """

    package: str = ""
    replace: dict[int, bytes] = field(default_factory=dict)
    drop: set[int] = field(default_factory=set)
    before: dict[int, list[bytes]] = field(default_factory=dict)
    imports: dict[int, dict[str, str]] = field(default_factory=dict)
    kept: list[UnitItem] = field(default_factory=list)

    def mentions_package(self, start: int, end: int) -> bool:
        """Whether a stretch of tokens comes to mention the items' package."""
        mark = self.package.encode() + b"::"
        if not self.package:
            return False
        return any(start <= n < end and mark in text for n, text in self.replace.items()) or any(
            start <= n < end and self.package in names.values() for n, names in self.imports.items()
        )

    def import_lines(self, number: int) -> list[bytes]:
        """The imports in front of a token."""
        names = sorted(self.imports.get(number, {}).items())
        return [part for name, owner in names if owner for part in (b"import", f"{owner}::{name}".encode(), b";")]

    def tokens(self, unit: ParsedUnit, start: int, end: int) -> list[Line]:
        """The lines of a stretch of tokens."""
        out: list[Line] = []
        tokens = unit.stream.tokens
        touched = sorted(n for n in {*self.replace, *self.before, *self.imports, *self.drop} if start <= n < end)
        at = start
        for number in touched:
            out += map(Line, tokens[at:number], range(at, number))
            out += [Line(text, number) for text in (*self.before.get(number, ()), *self.import_lines(number))]
            if number not in self.drop:
                out.append(Line(self.replace.get(number, tokens[number]), number))
            at = number + 1
        out += map(Line, tokens[at:end], range(at, end))
        return out
