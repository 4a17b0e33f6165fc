"""The raw view of a SystemVerilog file: names, comments, strings and directives in its bytes.

This is the ground truth of the occurrence proof: it knows no macro value and no
inactive branch, so it can't miss what a preprocessor hides. The lexical rules are
those of IEEE 1800-2023 clause 5 and 22; slang's lexer checks the names it finds.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from hdl_py.text.position import Span

# A zone is text in which an identifier's letters aren't an identifier. Order matters: the
# triple-quoted string before the plain one, the escaped quotes of macros before directives.
_ZONES = re.compile(
    rb"(?P<line>//[^\r\n]*)"
    rb"|(?P<block>/\*.*?(?:\*/|\Z))"
    rb'|(?P<string>"""(?:\\.|[^\\])*?(?:"""|\Z)|"(?:\\(?:\r\n|.)|[^"\\\r\n])*"?)'
    rb"|(?P<escape>\\[^\s]+)"
    rb'|(?P<tick>`\\`"|`"|``|`\\[^\s]+|`[A-Za-z_][\w$]*)',
    re.DOTALL,
)
_BLANK = re.compile(rb"[ \t\f\v]*")
_BASE = re.compile(rb"'[sS]?[bodhBODH]\s*\Z")
_AFTER_TICK = b"bodhBODHsSxXzZ"
_DIGITS = re.compile(r"[0-9a-fA-FxXzZ_]+")
_NAME = re.compile(rb"[A-Za-z_][\w$]*|\\[^\s]+")


class ZoneKind(Enum):
    """What a zone is."""

    LINE_COMMENT = "line"
    BLOCK_COMMENT = "block"
    STRING = "string"
    ESCAPED = "escape"
    TICK = "tick"


_ZONE_KINDS = {kind.value: kind for kind in ZoneKind}


class Zone(NamedTuple):
    """A comment, a string, an escaped identifier or a token that begins with a grave accent."""

    kind: ZoneKind
    start: int
    end: int


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


@dataclass(frozen=True)
class Macro:
    """One `` `define ``.

    Attributes:
        name: of the macro, unescaped.
        span: from the grave accent to the end of the text.
        name_span: of the name.
        formals: names of the formal arguments; None for an object-like macro.
        formal_spans: where they are named.
        body: bytes of the text, default values of formals excluded.
        pastes: whether the text has a `` `` `` or a `` `" ``.
    """

    name: str
    span: Span
    name_span: Span
    formals: tuple[str, ...] | None
    formal_spans: tuple[Span, ...]
    body: Span
    pastes: bool


@dataclass(frozen=True)
class Branch:
    """One branch of a conditional: its directive and the text below it.

    Attributes:
        directive: from the grave accent to the end of the condition.
        body: up to the next branch's directive.
        condition: tokens of the condition; `!`, `&&`, … are tokens; None for `` `else ``.
        negated: true for `` `ifndef ``.
    """

    directive: Span
    body: Span
    condition: tuple[str, ...] | None
    negated: bool


@dataclass(frozen=True)
class Group:
    """A conditional from its `` `ifdef `` to its `` `endif ``.

    Attributes:
        branches: in order.
        endif: the closing directive.
        macro: index of the macro in whose text it stands, or -1.
    """

    branches: tuple[Branch, ...]
    endif: Span
    macro: int

    @property
    def span(self) -> Span:
        """The whole conditional."""
        return Span(self.branches[0].directive.start, self.endif.end)


@dataclass(frozen=True)
class Include:
    """One `` `include ``: the span of what follows it on the line, and the file's name if spelled."""

    span: Span
    name: str | None
    angled: bool
    start: int


@dataclass
class FileScan:
    """All that the raw view of one file holds."""

    data: bytes
    zones: list[Zone]
    macros: list[Macro] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    includes: list[Include] = field(default_factory=list)
    pragmas: list[Span] = field(default_factory=list)
    macro_names: list[Span] = field(default_factory=list)
    undefs: list[tuple[int, str]] = field(default_factory=list)
    events: list[tuple[int, str, int]] = field(default_factory=list)
    balanced: bool = True
    _zone_starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._zone_starts = [z.start for z in self.zones]

    def zone_at(self, offset: int) -> Zone | None:
        """The zone that covers an offset."""
        n = bisect_right(self._zone_starts, offset) - 1
        if n >= 0 and offset < self.zones[n].end:
            return self.zones[n]
        return None

    def zones_in(self, start: int, end: int) -> list[Zone]:
        """The zones that begin between two offsets."""
        return self.zones[bisect_left(self._zone_starts, start) : bisect_left(self._zone_starts, end)]

    @cached_property
    def directives(self) -> bool:
        """Whether the file has a directive with names of its own."""
        return bool(self.macro_names or self.includes or self.pragmas or self.macros)

    @property
    def pastes(self) -> bool:
        """Whether some macro's text makes new tokens or strings out of its arguments."""
        return any(m.pastes for m in self.macros)


def scan(data: bytes) -> FileScan:
    """The zones and directives of a file."""
    zones = [Zone(_ZONE_KINDS[m.lastgroup], *m.span()) for m in _ZONES.finditer(data) if m.lastgroup]
    out = FileScan(data, zones)
    _directives(out)
    return out


def _directives(out: FileScan) -> None:
    data = out.data
    stacks: dict[int, list[list[tuple[int, int, tuple[str, ...] | None, bool]]]] = {-1: []}
    macro = -1
    for n, zone in enumerate(out.zones):
        if macro >= 0 and zone.start >= out.macros[macro].span.end:
            out.balanced &= not stacks[macro]
            macro = -1
        if zone.kind is not ZoneKind.TICK:
            continue
        word = data[zone.start + 1 : zone.end]
        if word == b"define" and macro < 0:
            made = _define(out, n)
            if made:
                out.macros.append(made)
                out.macro_names.append(made.name_span)
                macro = len(out.macros) - 1
                stacks[macro] = []
        elif word in (b"undef", b"ifdef", b"ifndef", b"elsif", b"else", b"endif"):
            condition: tuple[str, ...] = ()
            end = zone.end
            if word not in (b"else", b"endif"):
                condition, end, spans = _condition(out, zone.end)
                out.macro_names.extend(spans)
            if word == b"undef" and macro < 0:
                out.undefs.extend((zone.start, name) for name in condition)
            elif word != b"undef":
                _conditional(out, stacks[macro], macro, word, zone, condition, end)
        elif word == b"include" and macro < 0:
            out.includes.append(_include(data, zone))
        elif word == b"pragma":
            out.pragmas.append(Span(zone.start, _line_end(data, zone.end)))
    for stack in stacks.values():
        out.balanced &= not stack


def _conditional(
    out: FileScan,
    stack: list[list[tuple[int, int, tuple[str, ...] | None, bool]]],
    macro: int,
    word: bytes,
    zone: Zone,
    condition: tuple[str, ...],
    end: int,
) -> None:
    """Open, continue or close a conditional."""
    if word in (b"ifdef", b"ifndef"):
        stack.append([(zone.start, end, condition, word == b"ifndef")])
    elif not stack:
        out.balanced = False
    elif word == b"elsif":
        stack[-1].append((zone.start, end, condition, False))
    elif word == b"else":
        stack[-1].append((zone.start, end, None, False))
    else:
        parts = stack.pop()
        stops = [p[0] for p in parts[1:]] + [zone.start]
        branches = tuple(
            Branch(Span(start, stop), Span(stop, limit), cond, negated)
            for (start, stop, cond, negated), limit in zip(parts, stops, strict=True)
        )
        out.groups.append(Group(branches, Span(zone.start, zone.end), macro))


def _skip_blank(out: FileScan, at: int) -> int:
    """Past blanks, block comments and continued lines."""
    data = out.data
    while True:
        match = _BLANK.match(data, at)
        assert match is not None
        at = match.end()
        if data.startswith(b"\\\n", at):
            at += 2
        elif data.startswith(b"\\\r\n", at):
            at += 3
        elif data.startswith(b"/*", at):
            zone = out.zone_at(at)
            at = zone.end if zone else at + 2
        else:
            return at


def _identifier(out: FileScan, at: int) -> tuple[str, Span] | None:
    match = _NAME.match(out.data, at)
    if not match:
        return None
    text = match.group().decode("latin-1")
    return text.removeprefix("\\"), Span(match.start(), match.end())


_CONDITION_TOKEN = re.compile(rb"\s*(?:(?P<op>[()!]|&&|\|\||->|<->)|(?P<name>[A-Za-z_][\w$]*|\\[^\s]+))")


def _condition(out: FileScan, at: int) -> tuple[tuple[str, ...], int, list[Span]]:
    """A macro name, or a parenthesised expression over macro names (IEEE 1800-2023 22.6)."""
    at = _skip_blank(out, at)
    named = _identifier(out, at)
    if named:
        return (named[0],), named[1].end, [named[1]]
    if not out.data.startswith(b"(", at):
        return (), at, []
    tokens: list[str] = []
    spans: list[Span] = []
    depth = 0
    while match := _CONDITION_TOKEN.match(out.data, at):
        at = match.end()
        if name := match.group("name"):
            tokens.append(name.decode("latin-1").removeprefix("\\"))
            spans.append(Span(match.start("name"), match.end("name")))
        else:
            tokens.append(match.group("op").decode())
            depth += {"(": 1, ")": -1}.get(tokens[-1], 0)
        if depth == 0:
            break
    return tuple(tokens), at, spans


def _define(out: FileScan, n: int) -> Macro | None:
    """The macro whose `` `define `` is zone `n`."""
    data = out.data
    start = out.zones[n].start
    named = _identifier(out, _skip_blank(out, out.zones[n].end))
    if not named:
        return None
    name, name_span = named
    end = _text_end(out, name_span.end)
    formals: tuple[tuple[str, Span], ...] | None = None
    body = name_span.end
    if data.startswith(b"(", body):
        formals, body = _formals(out, body + 1, end)
    text = data[body:end]
    return Macro(
        name,
        Span(start, end),
        name_span,
        None if formals is None else tuple(f[0] for f in formals),
        tuple(f[1] for f in formals or ()),
        Span(body, end),
        b"``" in text or b'`"' in text,
    )


def _text_end(out: FileScan, at: int) -> int:
    """Where a directive's text ends: at the first newline that nothing continues."""
    data = out.data
    n = bisect_left(out._zone_starts, at)
    while True:
        zone = out.zones[n] if n < len(out.zones) else None
        newline = _newline(data, at)
        if zone is not None and zone.start < newline:
            at, n = zone.end, n + 1
            # A comment's last backslash continues the line, as tools read it.
            if zone.kind is ZoneKind.LINE_COMMENT and data[zone.end - 1 : zone.end] == b"\\":
                at = _past_newline(data, zone.end)
            continue
        if newline < len(data) and data[newline - 1 : newline] == b"\\":
            at = _past_newline(data, newline)
            continue
        return newline


_NEWLINE = re.compile(rb"[\r\n]")


def _newline(data: bytes, at: int) -> int:
    found = _NEWLINE.search(data, at)
    return found.start() if found else len(data)


def _past_newline(data: bytes, at: int) -> int:
    return at + 2 if data.startswith(b"\r\n", at) else min(at + 1, len(data))


def _line_end(data: bytes, at: int) -> int:
    return _newline(data, at)


def _formals(out: FileScan, at: int, end: int) -> tuple[tuple[tuple[str, Span], ...], int]:
    """The formal arguments, and where the macro's text begins."""
    data = out.data
    names: list[tuple[str, Span]] = []
    depth = 0
    fresh = True
    while at < end:
        zone = out.zone_at(at)
        if zone is not None and zone.kind is not ZoneKind.ESCAPED:
            at = zone.end
            continue
        if fresh and (named := _identifier(out, at)):
            names.append(named)
            at, fresh = named[1].end, False
            continue
        char = data[at : at + 1]
        if char in b"([{":
            depth += 1
        elif char in b")]}":
            if depth == 0:
                return tuple(names), at + 1
            depth -= 1
        elif char == b"," and depth == 0:
            fresh = True
        at = zone.end if zone else at + 1
    return tuple(names), end


_QUOTED = re.compile(rb'[ \t]*"([^"\r\n]*)"')
_ANGLED = re.compile(rb"[ \t]*<([^>\r\n]*)>")


def _include(data: bytes, zone: Zone) -> Include:
    if match := _QUOTED.match(data, zone.end):
        return Include(Span(match.start(), match.end()), match.group(1).decode("latin-1"), False, zone.start)
    if match := _ANGLED.match(data, zone.end):
        return Include(Span(match.start(), match.end()), match.group(1).decode("latin-1"), True, zone.start)
    return Include(Span(zone.end, zone.end), None, False, zone.start)


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
