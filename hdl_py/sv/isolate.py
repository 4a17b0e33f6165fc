"""A unit's text made independent of every other unit's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pyslang.syntax import SyntaxKind

from hdl_py.sv.definitions import Found, header_end
from hdl_py.sv.linemap import LineMap, Run, runs_of
from hdl_py.sv.syntax import ParsedUnit
from hdl_py.text.position import Position

NEUTRAL = b"`resetall"
"""The directive that every isolated text begins and ends with (IEEE 1800-2023 22.3)."""


@dataclass(frozen=True)
class Line:
    """One line of isolated text and the token that it is, or stands for."""

    text: bytes
    token: int


def timescale_text(unit: str, precision: str) -> list[bytes]:
    """The declarations that give a definition its time unit and precision."""
    return [f"timeunit {unit} ;".encode(), f"timeprecision {precision} ;".encode()]


def isolate(unit: ParsedUnit, found: Iterable[Found], timescales: dict[str, str]) -> list[Line]:
    """The isolated lines of a unit.

    Args:
        unit: the parsed unit.
        found: its definitions.
        timescales: `unit/precision` of each definition that has one.
    """
    tokens = unit.stream.tokens
    drop: set[int] = set()
    insert: dict[int, list[bytes]] = {}
    for definition in found:
        node: Any = definition.node
        for member in getattr(node, "members", ()):
            if member.kind == SyntaxKind.TimeUnitsDeclaration:
                drop.update(range(*unit.span(member)))
        scale = timescales.get(definition.name)
        if scale and hasattr(node, "header"):
            insert[header_end(unit, node)] = timescale_text(*scale.split("/"))
    for node in unit.tree.root.members:
        if node.kind in (SyntaxKind.TimeUnitsDeclaration, SyntaxKind.EmptyMember):
            drop.update(range(*unit.span(node)))
    out = [Line(NEUTRAL, 0)]
    for number, token in enumerate(tokens):
        out += [Line(text, number) for text in insert.get(number, ())]
        if number not in drop and not token.startswith((b"`timescale", b"`resetall ")):
            out.append(Line(token, number))
    out.append(Line(NEUTRAL, max(len(tokens) - 1, 0)))
    return out


def to_text(lines: Iterable[Line]) -> bytes:
    """The text of isolated lines."""
    return b"".join(line.text + b"\n" for line in lines)


def line_map(unit: ParsedUnit, lines: Iterable[Line], names: dict[tuple[str, str], Position]) -> LineMap:
    """The map of isolated lines to the user's places."""
    stream = unit.stream
    columns: list[int] = [0] * len(stream.tokens)
    files = [""] * len(stream.tokens)
    start = 0
    bounds = [*(s for s, _f in stream.runs[1:]), len(stream.tokens)]
    for (first, file), last in zip(stream.runs, bounds, strict=True):
        start = first
        while start < last:
            end = start + 1
            while end < last and stream.lines[end] == stream.lines[start]:
                end += 1
            columns[start:end] = stream.columns(start, end)
            files[start:end] = [file] * (end - start)
            start = end
    places: list[tuple[str, int, int]] = []
    for line in lines:
        place = (files[line.token], stream.lines[line.token], columns[line.token]) if files else ("", 0, 0)
        places += [place] * (line.text.count(b"\n") + 1)
    return LineMap(runs_of(places), names) if files else LineMap(tuple[Run, ...](), names)
