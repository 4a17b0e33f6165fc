"""From lines of an isolated source to places in the user's files.

The map is a text file, one record a line, fields split by one space:

    sv-map 1
    F <file number> <path to the end of the line>
    L <isolated line> <file number> <line> <columns, comma separated>
    D <kind> <file number> <line> <column> <name to the end of the line>

An `L` record says where the isolated line and those up to the next `L` record
came from: one token a line, all from that line of the user's file, the columns
in order. More isolated lines than columns share the last column. A reader that
needs only lines may stop at the fourth field. A `D` record is the place of a
definition or of a `$unit` item. Numbers count from 1, file numbers from 0.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.text.position import Position

_HEADER = "sv-map 1"


@dataclass(frozen=True)
class Run:
    """Consecutive isolated lines whose tokens stand on one line of a user's file.

    Attributes:
        start: first isolated line, from 1.
        file: the user's file.
        line: line in it, from 1.
        columns: column of each token, from 1; 0 where unknown.
    """

    start: int
    file: str
    line: int
    columns: tuple[int, ...]


@dataclass(frozen=True)
class LineMap:
    """Runs in order of `start`, and the places of names."""

    runs: tuple[Run, ...]
    names: Mapping[tuple[str, str], Position]

    def position(self, line: int) -> Position | None:
        """The user's place of an isolated line; None before the first run."""
        index = bisect_right(self.runs, line, key=lambda r: r.start) - 1
        if index < 0:
            return None
        run = self.runs[index]
        column = run.columns[min(line - run.start, len(run.columns) - 1)] if run.columns else 0
        return Position(run.file, run.line, column)

    def place_of(self, name: str) -> Position | None:
        """Where a definition or `$unit` item of that name is declared."""
        return next((p for (_kind, n), p in self.names.items() if n == name), None)

    def to_text(self) -> str:
        """The file's text."""
        files: dict[str, int] = {}
        for run in self.runs:
            files.setdefault(run.file, len(files))
        for position in self.names.values():
            files.setdefault(position.file, len(files))
        out = [_HEADER, *(f"F {number} {path}" for path, number in files.items())]
        out += [f"L {r.start} {files[r.file]} {r.line} {','.join(map(str, r.columns))}" for r in self.runs]
        out += [f"D {kind} {files[p.file]} {p.line} {p.column} {name}" for (kind, name), p in self.names.items()]
        return "\n".join(out) + "\n"


def parse_line_map(text: str, path: str) -> LineMap:
    """Reads what `LineMap.to_text` wrote.

    Raises:
        HdlError: not such a file.
    """
    lines = text.splitlines()
    files: dict[int, str] = {}
    runs: list[Run] = []
    names: dict[tuple[str, str], Position] = {}
    at = 1
    try:
        if lines[0] != _HEADER:
            raise ValueError(f"found {lines[0]!r}, expected {_HEADER!r}")
        for line in lines[1:]:
            at += 1
            record, rest = line.split(" ", 1)
            if record == "F":
                number, name = rest.split(" ", 1)
                files[int(number)] = name
            elif record == "L":
                start, file, user, columns = rest.split(" ")
                runs.append(Run(int(start), files[int(file)], int(user), tuple(map(int, columns.split(",")))))
            elif record == "D":
                kind, file, user, column, name = rest.split(" ", 4)
                names[kind, name] = Position(files[int(file)], int(user), int(column))
            else:
                raise ValueError(f"unknown record {record!r}")
    except (ValueError, KeyError, IndexError) as error:
        raise HdlError(
            [Diagnostic(Position(path, at), "bad-map", f"this is no map of an isolated source ({error})")],
            EXIT_USAGE,
        ) from error
    return LineMap(tuple(runs), names)


_PLACE = re.compile(r"(?P<file>[^\s:'\"()]+):(?P<line>\d+)(?::(?P<column>\d+))?")
_EXCERPT = re.compile(r"^ *(?:\d+ )?\|")


def translate(
    output: str,
    maps: Mapping[str, LineMap],
    line_text: Callable[[str, int], str | None] | None = None,
) -> str:
    """A tool's output with every place in an isolated source replaced by the user's place.

    Verilator's excerpts of isolated text are replaced by the user's line where
    `line_text` knows it, and left out where it doesn't.

    Args:
        output: what the tool printed.
        maps: the map of each isolated source, by the path that the tool was given.
        line_text: (file, line) to the text of the user's line, or None.
    """
    out: list[str] = []
    excerpt: Position | None = None
    dropping = False

    def place(match: re.Match[str]) -> str:
        nonlocal excerpt
        source = maps.get(match["file"])
        found = source.position(int(match["line"])) if source else None
        if found is None:
            return match[0]
        excerpt = excerpt or found
        return str(found)

    for line in output.splitlines(keepends=True):
        if dropping and _EXCERPT.match(line):
            continue
        if _EXCERPT.match(line) and excerpt:
            text = line_text(excerpt.file, excerpt.line) if line_text else None
            if text is not None:
                gutter = f"{excerpt.line:5} | "
                out.append(f"{gutter}{text.rstrip()}\n")
                if excerpt.column:
                    lead = "".join(c if c == "\t" else " " for c in text[: excerpt.column - 1])
                    out.append(f"{' ' * (len(gutter) - 2)}| {lead}^\n")
            dropping, excerpt = True, None
            continue
        dropping = False
        if not line.startswith(" "):
            excerpt = None
        out.append(_PLACE.sub(place, line))
    return "".join(out)


def runs_of(places: Iterable[tuple[str, int, int]], first: int = 1) -> tuple[Run, ...]:
    """Runs from the (file, line, column) of consecutive isolated lines, the first of which has number `first`."""
    out: list[Run] = []
    columns: list[int] = []
    start, key = 0, ("", -1)
    for number, (file, line, column) in enumerate(places, first):
        if line != key[1] or file != key[0]:
            if columns:
                out.append(Run(start, *key, tuple(columns)))
            start, key, columns = number, (file, line), []
        columns.append(column)
    if columns:
        out.append(Run(start, *key, tuple(columns)))
    return tuple(out)
