"""Reads the raw view of a SystemVerilog file: comments, strings and directives in its bytes.

This is the ground truth of the occurrence proof: it knows no macro value and no
inactive branch, so it can't miss what a preprocessor hides. The lexical rules are
those of IEEE 1800-2023 clause 5 and 22; slang's lexer checks the names it finds.
"""

from __future__ import annotations

import re

from hdl_py.sv.occurrences_text import Branch, FileScan, Group, Include, Macro, Zone, ZoneKind
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
_NAME = re.compile(rb"[A-Za-z_][\w$]*|\\[^\s]+")
_ZONE_KINDS = {kind.value: kind for kind in ZoneKind}


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
        elif word == b"include":
            (out.includes if macro < 0 else out.macro_includes).append(_include(data, zone, macro))
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
    n = out.zone_from(at)
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
_VIA = re.compile(rb"[ \t]*`([A-Za-z_][\w$]*)")


def _include(data: bytes, zone: Zone, macro: int) -> Include:
    for pattern in (_QUOTED, _ANGLED):
        if match := pattern.match(data, zone.end):
            name = match.group(1).decode("latin-1")
            return Include(Span(*match.span()), name, pattern is _ANGLED, zone.start, macro)
    via = _VIA.match(data, zone.end)
    name_of = via.group(1).decode("latin-1") if via else ""
    return Include(Span(zone.end, zone.end), None, False, zone.start, macro, name_of)
