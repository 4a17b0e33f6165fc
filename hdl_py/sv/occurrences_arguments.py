"""Names in arguments that macros drop, quote or paste: no token of the unit is one of them.

Where the text of a use is the same under every choice of macros, and some parse read the
use and has no such token, the name can't be a reference: whatever it is called, only the
strings and the pasted tokens that it is part of are there, and those stay as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from pyslang.parsing import Token, TriviaKind
from pyslang.syntax import SyntaxKind

from hdl_py.sv.occurrences_names import RawName
from hdl_py.sv.occurrences_parse import Parsed, SourceFile, UnitFiles
from hdl_py.sv.occurrences_text import Macro, ZoneKind

_STANDARD = frozenset((b"`__FILE__", b"`__LINE__", b"``", b'`"', b'`\\`"'))
"""What begins with a grave accent and reads no macro and no branch."""


def arguments_end(file: SourceFile, at: int) -> int:
    """Where the arguments of a macro's use end; `at` is the end of the macro's name."""
    data = file.clean
    while at < len(data) and data[at : at + 1].isspace():
        at += 1
    if data[at : at + 1] != b"(":
        return at
    depth = 0
    while at < len(data):
        zone = file.scan.zone_at(at)
        if zone is not None and zone.kind is not ZoneKind.TICK:
            at = zone.end
            continue
        depth += (data[at] == 0x28) - (data[at] == 0x29)
        at += 1
        if depth == 0:
            break
    return at


class Arguments:
    """Decides names in macro arguments of one unit that no parse has as a token."""

    def __init__(self, unit: UnitFiles, parses: Iterable[Parsed]) -> None:
        self._unit = unit
        self._parses = tuple(parses)

    def consumed(self, path: str, raw: RawName) -> bool:
        """Whether a name is an argument's, and every use around it makes no token of it whatever holds."""
        file = self._unit.files[path]
        uses = self.uses_around(path, raw)
        if not uses:
            return False
        start, end = uses[0]
        if raw.macro >= 0:
            macro = file.scan.macros[raw.macro]
            read = macro.name in {self._word(*spot) for spot in self._expanded}
            return read and self._is_single(macro.name) and self._is_fixed(file, macro.span.start + 1, macro.span.end)
        # A conditional among the arguments chooses between texts.
        if any(start < g.span.start < end for g in file.scan.groups):
            return False
        return (path, start) in self._expanded and self._is_fixed(file, start, end)

    def uses_around(self, path: str, raw: RawName) -> list[tuple[int, int]]:
        """The uses of macros in whose arguments a name stands, outermost first; in a macro's text, those there."""
        file = self._unit.files[path]
        first = file.scan.macros[raw.macro].body.start if raw.macro >= 0 else 0
        return [
            (zone.start, end)
            for zone in file.scan.zones_in(first, raw.start)
            if zone.kind is ZoneKind.TICK
            and self._texts.get(self._word(path, zone.start))
            and (end := arguments_end(file, zone.end)) > raw.start
        ]

    def _word(self, path: str, offset: int) -> str:
        """The macro that is used at a place."""
        file = self._unit.files[path]
        zone = file.scan.zone_at(offset)
        return file.clean[offset + 1 : zone.end].decode("ascii").removeprefix("\\") if zone else ""

    def _is_single(self, name: str) -> bool:
        """Whether a macro has one text whatever is defined."""
        return len(self._texts[name]) == 1 and name not in self._changed

    def _is_fixed(self, file: SourceFile, start: int, end: int) -> bool:
        """Whether a piece of text expands to the same tokens under every choice of macros."""
        todo, seen = [(file, start, end)], set[str]()
        while todo:
            of, first, last = todo.pop()
            for zone in of.scan.zones_in(first, last):
                word = of.clean[zone.start : zone.end]
                if zone.kind is not ZoneKind.TICK or word in _STANDARD:
                    continue
                name = word[1:].decode("ascii").removeprefix("\\")
                if name in seen:
                    continue
                seen.add(name)
                if not self._is_single(name):
                    return False
                home, macro = self._texts[name][0]
                todo.append((home, macro.span.start + 1, macro.span.end))
        return True

    @cached_property
    def _texts(self) -> dict[str, list[tuple[SourceFile, Macro]]]:
        found: dict[str, list[tuple[SourceFile, Macro]]] = defaultdict(list)
        for file in self._unit.files.values():
            for macro in file.scan.macros:
                found[macro.name].append((file, macro))
        return found

    @cached_property
    def _changed(self) -> set[str]:
        """Macros that more than their one text decides."""
        undefined = {name for file in self._unit.files.values() for _, name in file.scan.undefs}
        return undefined | set(self._unit.core.defines)

    @cached_property
    def _expanded(self) -> set[tuple[str, int]]:
        """Where some parse read the use of a macro."""
        found: set[tuple[str, int]] = set()
        for parsed in self._parses:

            def look(node: Any, parsed: Parsed = parsed) -> None:
                if type(node) is not Token:
                    return
                for trivia in node.trivia:
                    syntax = trivia.syntax() if trivia.kind == TriviaKind.Directive else None
                    if syntax is not None and syntax.kind == SyntaxKind.MacroUsage:
                        path, offset = parsed.place(syntax.getFirstToken().location)
                        if path is not None:
                            found.add((path, offset))

            parsed.tree.root.visit(look)
        return found
