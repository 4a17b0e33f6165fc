"""Includes that only a preprocessor sees: in the text of a macro, or with a macro for the file's name.

A file that includes itself so would keep slang busy without end. What a macro may mean is
taken from every definition of it, so more than what really happens is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hdl_py.sv.occurrences_parse import SourceFile, UnitFiles
from hdl_py.sv.occurrences_text import FileScan, Include, ZoneKind

_FILE_NAME = re.compile(rb'\s*(?:"([^"\r\n]*)"|<([^>\r\n]*)>)\s*')


class HiddenIncludes:
    """What the macros of one unit include."""

    def __init__(self, unit: UnitFiles) -> None:
        self._names: dict[str, set[str]] = {}
        self._included: dict[str, list[Include]] = {}
        self._mentioned: dict[str, set[str]] = {}
        for name, value in unit.core.defines.items():
            self._name_a_file(name, value.encode("latin-1", "replace"))
        for file in unit.files.values():
            self._enter(file.scan)

    def _enter(self, scan: FileScan) -> None:
        for macro in scan.macros:
            self._name_a_file(macro.name, scan.data[macro.body.start : macro.body.end])
            self._mentioned.setdefault(macro.name, set()).update(
                name for _, name in _uses(scan, macro.body.start, macro.body.end)
            )
        for include in scan.macro_includes:
            self._included.setdefault(scan.macros[include.macro].name, []).append(include)

    def _name_a_file(self, macro: str, text: bytes) -> None:
        if match := _FILE_NAME.fullmatch(text):
            self._names.setdefault(macro, set()).add((match[1] or match[2] or b"").decode("latin-1"))

    def uses(self, file: SourceFile) -> list[tuple[int, str]]:
        """Where a file uses a macro outside of macro texts, and which: offset and name."""
        inside = [m.span for m in file.scan.macros]
        found = _uses(file.scan, 0, len(file.scan.data))
        return [(at, name) for at, name in found if not any(s.start <= at < s.end for s in inside)]

    def of_use(self, macro: str) -> Iterator[Include]:
        """The includes that a use of a macro may bring, through macros in its text too."""
        seen = {macro}
        todo = [macro]
        while todo:
            name = todo.pop()
            yield from self._included.get(name, ())
            following = self._mentioned.get(name, set()) - seen
            seen |= following
            todo += sorted(following)

    def file_names(self, include: Include) -> list[str]:
        """The files that an include may name."""
        return [include.name] if include.name is not None else sorted(self._names.get(include.via, ()))


def _uses(scan: FileScan, start: int, end: int) -> Iterator[tuple[int, str]]:
    for zone in scan.zones_in(start, end):
        if zone.kind is ZoneKind.TICK:
            yield zone.start, scan.data[zone.start + 1 : zone.end].decode("latin-1").removeprefix("\\")
