"""GHDL's library files (`work-obj08.cf`): merging them, and making them say the same everywhere.

Such a file lists the analysed files of one VHDL library (IEEE 1076-2008 13.1)
with the design units in each:

    v 4
    file "/folder/" "rtl/p.vhd" "<sha-1>" "20260101120000.000":
      package p at 1( 0) + 0 on 11;

GHDL 2 and GHDL 6 write the same.

GHDL reads the files themselves again when it elaborates, from the folder, or
from the current one where the folder is `.`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from hdl_py.errors import Diagnostic
from hdl_py.text.position import Position

_HEADER = "v 4"
_FILE = re.compile(r'file (?:\.|"(?P<folder>[^"]*)") "(?P<path>[^"]*)" "(?P<sha>[0-9a-f]*)" "(?P<time>[^"]*)":')

_PRIMARY = re.compile(
    r"\s+(?:entity|package|configuration|context|vunit|vprop|vmode) (?!body )(\\(?:[^\\]|\\\\)+\\|\S+) at "
)

EMPTY = f"{_HEADER}\n"
"""A library file without a file."""

ENCODING = "latin-1"
"""Library files spell names as sources do: in Latin-1 (IEEE 1076-2008 15.2), and paths by their bytes."""

NO_TIME = "29990101000000.000"
"""In place of the time of analysis, so that equal inputs give equal bytes.

GHDL calls a unit obsolete that is older than one it needs, its own `standard`
included, so all are of one time, and that is far ahead.
"""


def library_file_name(library: str, standard: str) -> str:
    """The file in which GHDL looks for a library: `work-obj08.cf` for "work" and "08"."""
    return f"{library.lower()}-obj{ {'87': '87', '93': '93', '02': '93', '08': '08'}[standard] }.cf"


def relocated(text: str) -> str:
    """The library file with every path relative to the current folder and no times.

    Raises:
        ValueError: it is no library file of the known format, or names a file elsewhere.
    """
    lines = _checked(text)
    out = [_HEADER]
    for line in lines:
        match = _FILE.fullmatch(line)
        if match is None:
            out.append(line)
            continue
        if match["path"].startswith("/"):
            raise ValueError(f"{match['path']} is not relative to the folder of analysis")
        out.append(f'file . "{match["path"]}" "{match["sha"]}" "{NO_TIME}":')
    return "\n".join(out) + "\n"


def merged(texts: Sequence[str]) -> str:
    """One library file with the files of all; each file once, in the order of first mention.

    Raises:
        ValueError: one is no library file of the known format.
    """
    files: dict[str, list[str]] = {}
    for text in texts:
        units: list[str] = []
        for line in _checked(text):
            if _FILE.fullmatch(line):
                # A file that came before brings the same units again: they go nowhere.
                units = [] if line in files else files.setdefault(line, [])
            else:
                units.append(line)
    out = [_HEADER]
    for file, units in files.items():
        out += [file, *units]
    return "\n".join(out) + "\n"


def primary_units(text: str) -> Mapping[str, str]:
    """The primary units in a library file and the path of each.

    These are entities, packages, configurations, contexts and PSL verification units (IEEE 1076-2008 13.1).

    Raises:
        ValueError: it is no library file of the known format.
    """
    found: dict[str, str] = {}
    path = ""
    for line in _checked(text):
        if match := _FILE.fullmatch(line):
            path = _path(match)
        elif match := _PRIMARY.match(line):
            found[match[1]] = path
    return found


def file_paths(text: str) -> list[str]:
    """The paths of the files in a library file.

    Raises:
        ValueError: it is no library file of the known format.
    """
    return [_path(match) for line in _checked(text) if (match := _FILE.fullmatch(line))]


def part_of(text: str, paths: Collection[str]) -> str:
    """The part of a library file that is about these files.

    Raises:
        ValueError: it is no library file of the known format.
    """
    out = [_HEADER]
    keep = False
    for line in _checked(text):
        if match := _FILE.fullmatch(line):
            keep = _path(match) in paths
        if keep:
            out.append(line)
    return "\n".join(out) + "\n"


def _path(match: re.Match[str]) -> str:
    return match["path"].encode(ENCODING).decode("utf-8", "surrogateescape")


@dataclass(frozen=True)
class LibraryFile:
    """A target's library file.

    Attributes:
        label: the target.
        library: the VHDL library.
        text: the file's content.
    """

    label: str
    library: str
    text: str


def clashes(files: Iterable[LibraryFile], label: str = "") -> list[Diagnostic]:
    """Primary units that two files bring into one library: GHDL would take the later one without a word.

    Args:
        files: the library files that are read together, or written by `label`, dependencies first.
        label: the target that is built.
    """
    found: dict[tuple[str, str], tuple[LibraryFile, str]] = {}
    problems: dict[tuple[str, str, str], Diagnostic] = {}
    for file in files:
        for name, path in primary_units(file.text).items():
            first, other = found.setdefault((file.library.lower(), name), (file, path))
            if other != path:
                problems.setdefault(
                    (file.library.lower(), name, path),
                    Diagnostic(
                        Position(path),
                        "duplicate-definition",
                        f"{label or file.label}: the library {file.library} has {name} of {file.label}, "
                        f"and has it already from {other} of {first.label}",
                        f"rename one, or give one of the targets another `library` or a `version`:\n"
                        f"buildozer 'set version 1.0.0' {first.label}\nor buildozer 'set version 1.0.0' {file.label}",
                        "IEEE 1076-2008 13.1",
                    ),
                )
    return list(problems.values())


def _checked(text: str) -> list[str]:
    lines = text.removesuffix("\n").split("\n")  # a name may hold what Python takes for the end of a line
    if not lines or lines[0] != _HEADER:
        found = lines[0] if lines else "nothing"
        raise ValueError(f"a GHDL library file that begins with {_HEADER!r} is expected, found {found!r}")
    return lines[1:]
