"""Every identifier in the bytes of a SystemVerilog file that equals a name under proof, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from hdl_py.sv.occurrences_text import FileScan, ZoneKind

_BASE = re.compile(rb"'[sS]?[bodhBODH]\s*\Z")
_AFTER_TICK = b"bodhBODHsSxXzZ"
_DIGITS = re.compile(r"[0-9a-fA-FxXzZ_]+")


class Place(Enum):
    """Where a name stands as far as the bytes alone tell."""

    TEXT = "text"
    MACRO_BODY = "macro body"
    MACRO_NAME = "macro name"
    FORMAL = "formal argument of a macro"
    DIGITS = "digits of a number"
    MADE_STRING = "string that a macro makes"
    INCLUDE = "name of an included file"
    PRAGMA = "pragma"


@dataclass(frozen=True)
class RawName:
    """One identifier that equals a name under proof.

    Attributes:
        start, end: the bytes that a rename replaces: an escaped identifier without its backslash.
        name: the identifier.
        place: where it stands.
        macro: index into `FileScan.macros` for a name in a macro's text.
        pasted: whether a `` `` `` touches it.
    """

    start: int
    end: int
    name: str
    place: Place
    macro: int = -1
    pasted: bool = False


class NameFinder:
    """Finds a fixed set of names in many files."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = frozenset(names)
        plain = sorted(n for n in self.names if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_$]*", n))
        self._plain = re.compile(rb"(?<![\w$])" + _trie(plain) + rb"(?![\w$])") if plain else None
        self._odd = {("\\" + n).encode("latin-1") for n in self.names - set(plain)}

    def maybe_in(self, data: bytes) -> bool:
        """False only if no name can be in the file."""
        return bool(self._plain and self._plain.search(data)) or any(n in data for n in self._odd)

    def find(self, out: FileScan) -> list[RawName]:
        """Every identifier of the file that is one of the names, in order."""
        found: list[RawName] = []
        for match in self._plain.finditer(out.data) if self._plain else ():
            start, end = match.span()
            if out.data[start - 1 : start] == b"'" and out.data[start] in _AFTER_TICK:
                continue  # the base of a number, or an unbased one
            zone = out.zone_at(start)
            if zone is None or (zone.kind is ZoneKind.ESCAPED and (zone.start + 1, zone.end) == (start, end)):
                found.append(_place(out, start, end))
            elif zone.kind is ZoneKind.ESCAPED and start == zone.start:
                raise AssertionError("a name can't begin with a backslash")
        if self._odd:
            for zone in out.zones:
                if zone.kind is ZoneKind.ESCAPED and out.data[zone.start : zone.end] in self._odd:
                    found.append(_place(out, zone.start + 1, zone.end))
            found.sort(key=lambda r: r.start)
        return found


def _trie(words: list[str]) -> bytes:
    """A regular expression for a sorted list of words that tries each letter once."""
    # What the first and the last of a sorted list share, all share.
    length = 0
    for one, other in zip(words[0], words[-1], strict=False):
        if one != other:
            break
        length += 1
    start = re.escape(words[0][:length]).encode()
    tails = [word[length:] for word in words]
    if len(tails) == 1:
        return start
    branches: dict[str, list[str]] = {}
    for tail in tails:
        branches.setdefault(tail[:1], []).append(tail)
    parts = [_trie(group) for head, group in branches.items() if head]
    text = b"(?:" + b"|".join(parts) + b")"
    return start + text + (b"?" if "" in branches else b"")


def _place(out: FileScan, start: int, end: int) -> RawName:
    name = out.data[start:end].decode("latin-1")
    first = start - 1 if out.data[start - 1 : start] == b"\\" else start
    if first == start and _DIGITS.fullmatch(name) and _BASE.search(out.data[max(0, start - 64) : start]):
        return RawName(start, end, name, Place.DIGITS)
    if not out.directives:
        return RawName(start, end, name, Place.TEXT)
    if any(s.start <= start < s.end for s in out.macro_names):
        return RawName(start, end, name, Place.MACRO_NAME)
    if any(i.span.start <= start < i.span.end for i in out.includes):
        return RawName(start, end, name, Place.INCLUDE)
    if any(p.start <= start < p.end for p in out.pragmas):
        return RawName(start, end, name, Place.PRAGMA)
    for n, macro in enumerate(out.macros):
        if macro.span.start <= start < macro.span.end:
            in_body = start >= macro.body.start
            if in_body and macro.formals is not None and name in macro.formals:
                return RawName(start, end, name, Place.FORMAL, n)
            if not in_body and any(s.start <= start < s.end for s in macro.formal_spans):
                return RawName(start, end, name, Place.FORMAL, n)
            quotes = [z for z in out.zones_in(macro.body.start, start) if out.data[z.start : z.end] == b'`"']
            if in_body and len(quotes) % 2:
                return RawName(start, end, name, Place.MADE_STRING, n)
            pasted = out.data.endswith(b"``", 0, first) or out.data.startswith(b"``", end)
            return RawName(start, end, name, Place.MACRO_BODY, n, pasted)
    return RawName(start, end, name, Place.TEXT)
