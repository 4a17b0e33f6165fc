"""An exact scanner for VHDL: IEEE 1076-2019 clause 15 over bytes.

It reads all revisions at once: what one revision reserves and another doesn't
(`words.SOFT`) is an identifier here, and the parser decides. Nothing is ever
decoded: positions are byte offsets, and the bytes are Latin-1 (15.2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum

from hdl_py.vhdl.words import RESERVED, fold


class Kind(IntEnum):
    """What a token is. `word` in `Tokens` says which."""

    IDENTIFIER = 1
    EXTENDED = 2
    RESERVED = 3
    NUMBER = 4
    STRING = 5
    BIT_STRING = 6
    CHARACTER = 7
    DELIMITER = 8
    TICK = 9


@dataclass(frozen=True)
class Directive:
    """A tool directive (IEEE 1076-2019 24.2): from the grave accent to the end of the line.

    Attributes:
        start: byte offset of the grave accent.
        end: byte offset after the last byte.
        token: index of the token that follows.
        words: the directive's words, folded, without the grave accent.
    """

    start: int
    end: int
    token: int
    words: tuple[bytes, ...]


@dataclass(frozen=True)
class LexicalError:
    """Bytes that start no token: offset, what was found, what was expected."""

    offset: int
    found: str
    expected: str


@dataclass
class Tokens:
    """The tokens of a file as parallel lists, ended by one token with the word `b""`.

    Attributes:
        kind: what each token is.
        start: byte offset of its first byte.
        end: byte offset after its last byte.
        word: what it compares as: identifiers and reserved words folded, extended
            identifiers and delimiters as they are, `b"'"` for a tick, and one letter
            in angle brackets for the literals, whose value never matters.
        comments: (start, end) of each comment.
        directives: tool directives, in order.
        encrypted: (start, end) of each protected envelope, whose text can't be seen.
        errors: what could not be scanned.
    """

    kind: list[int] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    word: list[bytes] = field(default_factory=list)
    comments: list[tuple[int, int]] = field(default_factory=list)
    directives: list[Directive] = field(default_factory=list)
    encrypted: list[tuple[int, int]] = field(default_factory=list)
    errors: list[LexicalError] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.kind) - 1


# Every format effector but the tab ends a line (15.3); NBSP is a separator.
_EOL = rb"\n\r\x0b\x0c"
_LETTER = rb"A-Za-z\xc0-\xd6\xd8-\xf6\xf8-\xff"
_TOKEN = re.compile(
    rb"[\t\n\r\x0b\x0c \xa0]*(?:"
    rb"([0-9][0-9_]*[uUsS]?[bBoOxX][\"%]|[0-9][0-9_]*[dD][\"%]|[uUsS]?[bBoOxX][\"%]|[dD][\"%])"  # 1
    rb"|([" + _LETTER + rb"][0-9_" + _LETTER + rb"]*)"  # 2
    rb"|(--[^" + _EOL + rb"]*|/\*)"  # 3
    rb"|(=>|:=|<=|>=|/=|\*\*|<>|<<|>>|\?\?|\?/=|\?<=|\?>=|\?[=<>]|[&()*+,\-./:;<=>|\[\]?@^!{}$])"  # 4
    rb"|([0-9][0-9_]*(?:\#[0-9A-Za-z_.]+\#|:[0-9A-Fa-f_.]+:|\.[0-9][0-9_]*)?(?:[eE][+\-]?[0-9][0-9_]*)?)"  # 5
    rb"|(')"  # 6
    rb"|(\"(?:[^\"" + _EOL + rb"]|\"\")*\"|%(?:[^%\"" + _EOL + rb"]|%%)*%)"  # 7
    rb"|(\\(?:[^\\" + _EOL + rb"]|\\\\)*\\)"  # 8
    rb"|(`[^" + _EOL + rb"]*)"  # 9
    rb"|(\Z)"  # 10
    rb")",
)
_STRING_END = {0x22: re.compile(rb"[^\"" + _EOL + rb"]*\""), 0x25: re.compile(rb"[^%" + _EOL + rb"]*%")}
_END_PROTECTED = re.compile(rb"`[ \t]*protect[ \t]+end_protected[^" + _EOL + rb"]*", re.IGNORECASE)
_BAD = {
    0x22: ("a string that its line doesn't end", "a closing quotation mark on the same line"),
    0x25: ("a string that its line doesn't end", "a closing percent sign on the same line"),
    0x5C: ("an extended identifier that its line doesn't end", "a closing backslash on the same line"),
}
_TICK_AFTER = frozenset((Kind.IDENTIFIER, Kind.EXTENDED, Kind.STRING, Kind.CHARACTER))
"""After these a tick starts an attribute or a qualified expression, after others a character literal."""

UTF8_BOM = b"\xef\xbb\xbf"


def scan(data: bytes) -> Tokens:
    """The tokens of a file. Never raises: what can't be scanned is in `errors`."""
    tokens = Tokens()
    kinds, starts, ends, words = tokens.kind, tokens.start, tokens.end, tokens.word
    match = _TOKEN.match
    folded: dict[bytes, tuple[int, bytes]] = {}
    at = len(UTF8_BOM) if data.startswith(UTF8_BOM) else 0
    while True:
        found = match(data, at)
        if found is None:
            at = _bad_byte(data, at, tokens)
            continue
        group = found.lastindex or 0
        first, at = found.span(group)
        if group == 2:
            text = found.group(2)
            known = folded.get(text)
            if known is None:
                word = fold(text)
                known = folded[text] = (Kind.RESERVED if word in RESERVED else Kind.IDENTIFIER, word)
            kind, word = known
            if kind == Kind.RESERVED and kinds and kinds[-1] == Kind.TICK:
                kind = Kind.IDENTIFIER  # x'range, x'subtype: an attribute's name
        elif group == 4:
            kind, word = Kind.DELIMITER, found.group(4)
        elif group == 3:
            if data[first] == 0x2F:
                close = data.find(b"*/", at)
                if close < 0:
                    tokens.errors.append(LexicalError(first, "a block comment that the file doesn't end", "`*/`"))
                at = len(data) if close < 0 else close + 2
            tokens.comments.append((first, at))
            continue
        elif group == 5:
            kind, word = Kind.NUMBER, b"<n>"
        elif group == 6:
            if data[first + 2 : first + 3] == b"'" and not _is_tick(tokens):
                at = first + 3
                kind, word = Kind.CHARACTER, b"<c>"
            else:
                kind, word = Kind.TICK, b"'"
        elif group == 7:
            kind, word = Kind.STRING, b"<s>"
        elif group == 1:
            close_at = _STRING_END[data[at - 1]].match(data, at)
            if close_at is None:
                tokens.errors.append(LexicalError(first, *_BAD[data[at - 1]]))
                at = first + 1
                continue
            at = close_at.end()
            kind, word = Kind.BIT_STRING, b"<b>"
        elif group == 8:
            kind, word = Kind.EXTENDED, found.group(8)
        elif group == 9:
            at = _directive(data, first, at, tokens)
            continue
        else:
            kinds.append(Kind.DELIMITER)
            starts.append(first)
            ends.append(first)
            words.append(b"")
            return tokens
        kinds.append(kind)
        starts.append(first)
        ends.append(at)
        words.append(word)


def _is_tick(tokens: Tokens) -> bool:
    """Whether a tick here belongs to what stands before it (15.3; the `character'('"')` trap)."""
    if not tokens.kind:
        return False
    return tokens.kind[-1] in _TICK_AFTER or tokens.word[-1] in (b")", b"]", b"all")


def _bad_byte(data: bytes, at: int, tokens: Tokens) -> int:
    """Record what can't be scanned; the offset to go on from."""
    while data[at : at + 1] in (b"\t", b"\n", b"\r", b"\x0b", b"\x0c", b" ", b"\xa0"):
        at += 1
    byte = data[at]
    found, expected = _BAD.get(byte, (f"the byte 0x{byte:02x}", "a VHDL token"))
    tokens.errors.append(LexicalError(at, found, expected))
    return at + 1


def _directive(data: bytes, first: int, end: int, tokens: Tokens) -> int:
    """Record a tool directive; the offset to go on from, behind the envelope of an encrypted one."""
    comment = data.find(b"--", first, end)
    words = tuple(fold(w) for w in data[first + 1 : comment if comment >= 0 else end].split())
    tokens.directives.append(Directive(first, end, len(tokens.kind), words))
    if words[:2] != (b"protect", b"begin_protected"):
        return end
    close = _END_PROTECTED.search(data, end)
    if close is None:
        tokens.errors.append(
            LexicalError(first, "a protected envelope that the file doesn't end", "`protect end_protected")
        )
        after = len(data)
    else:
        after = close.end()
    tokens.encrypted.append((end, after))
    return after
