"""Steps over the tokens of a file, and the runs of tokens that expressions are."""

from __future__ import annotations

from hdl_py.vhdl.lexer import Kind, Tokens
from hdl_py.vhdl.syntax.tree import (
    Declaration,
    DesignUnit,
    ParsedFile,
    Place,
    Region,
    SyntaxTrouble,
)

_OPEN = frozenset((b"(", b"[", b"{"))
_CLOSE = {b")": b"(", b"]": b"[", b"}": b"{"}
_STRUCTURE = frozenset(
    b"architecture begin block body case component configuration end entity elsif function generate generic"
    b" group if impure is label library literal loop package port procedure process pure record subtype"
    b" then type units use while".split()
)
"""Words that no expression has: a run that meets one has lost its way."""

_ANYWHERE = frozenset((b"=>", b"<=", b":=", b":"))
"""Stops that mean something else in parentheses."""

MAX_DEPTH = 200
"""Nested constructs; deeper text is refused rather than run out of stack."""


class SyntaxFault(Exception):
    """Leaves the parser where the text isn't what it must be."""

    def __init__(self, trouble: SyntaxTrouble) -> None:
        self.trouble = trouble
        super().__init__(trouble.expected)


class Cursor:
    """A position in the tokens, and what the parser has found so far."""

    def __init__(self, tokens: Tokens) -> None:
        self.file = ParsedFile(tokens, bytearray(len(tokens) + 1))
        self.tokens = tokens
        self.words = tokens.word
        self.kinds = tokens.kind
        self.at = 0
        self._depth = 0
        self._watched: dict[frozenset[bytes], frozenset[bytes]] = {}

    @property
    def word(self) -> bytes:
        """The word here; a reserved word only if the token is one (an attribute `range` isn't)."""
        return self.words[self.at]

    @property
    def next_word(self) -> bytes:
        """The word of the token behind this one; empty at the end."""
        return self.words[self.at + 1] if self.at + 1 < len(self.words) else b""

    def fail(self, expected: str) -> SyntaxFault:
        """The fault for what stands here."""
        word = self.words[self.at].decode("latin-1")
        found = {"": "the end of the file", "<n>": "a number", "<s>": "a string"}.get(word, f"`{word}`")
        return SyntaxFault(SyntaxTrouble(self.at, found, expected))

    def accept(self, word: bytes) -> bool:
        """Step over `word` if it stands here."""
        if self.words[self.at] != word:
            return False
        self.at += 1
        return True

    def expect(self, word: bytes) -> None:
        """Step over `word`, which must stand here."""
        if self.words[self.at] != word:
            raise self.fail(f"`{word.decode()}`")
        self.at += 1

    def is_name(self) -> bool:
        """Whether an identifier stands here."""
        return self.kinds[self.at] in (Kind.IDENTIFIER, Kind.EXTENDED)

    def name(self, place: Place) -> int:
        """Step over an identifier, give it a place, and return its token."""
        if self.kinds[self.at] not in (Kind.IDENTIFIER, Kind.EXTENDED):
            raise self.fail("an identifier")
        self.file.place[self.at] = place
        self.at += 1
        return self.at - 1

    def names(self, place: Place) -> list[int]:
        """Step over identifiers between commas."""
        found = [self.name(place)]
        while self.accept(b","):
            found.append(self.name(place))
        return found

    def dotted(self, place: Place) -> tuple[int, int]:
        """Step over `a.b.c`, where the last part may be `all`, a character or an operator; its tokens."""
        first = self.at
        self.name(place)
        while self.accept(b"."):
            if self.word == b"all" or self.kinds[self.at] in (Kind.CHARACTER, Kind.STRING):
                self.at += 1
                break
            self.name(place)
        return first, self.at

    def run(self, stops: frozenset[bytes], place: Place = Place.OPERAND) -> int:
        """Step over an expression, or several, up to a stop outside of all parentheses; the stop's token.

        All identifiers on the way get `place`. Semicolons may stand in braces (PSL
        sequences) and nowhere else.
        """
        words, kinds = self.words, self.kinds
        watched = self._watched.get(stops)
        if watched is None:
            watched = stops | _STRUCTURE | _OPEN | frozenset(_CLOSE) | {b";", b""}
            self._watched[stops] = watched
        first = at = self.at
        nesting: list[bytes] = []
        while True:
            word = words[at]
            if word not in watched or kinds[at] == Kind.IDENTIFIER:
                at += 1
            elif not nesting and word in stops:
                break
            elif word in _OPEN:
                nesting.append(word)
                at += 1
            elif word in _CLOSE and nesting and nesting[-1] == _CLOSE[word]:
                nesting.pop()
                at += 1
            elif nesting and (nesting[-1] == b"{" if word == b";" else word in _ANYWHERE):
                at += 1
            else:
                self.at = at
                raise self.fail(" or ".join(f"`{s.decode()}`" for s in sorted(stops)))
        self.file.place[first:at] = bytes((place,)) * (at - first)
        self.at = at
        return at

    def parentheses(self, place: Place = Place.OPERAND) -> None:
        """Step over `( … )`."""
        self.expect(b"(")
        self.run(_CLOSING, place)
        self.expect(b")")

    def statement(self, place: Place = Place.OPERAND) -> None:
        """Step over all up to and with the semicolon."""
        self.run(_SEMICOLON, place)
        self.at += 1

    def semicolon(self) -> None:
        """Step over a semicolon."""
        self.expect(b";")

    def ends(self, opener: int | None) -> None:
        """Step over an optional name after `end`, which repeats the name of token `opener`."""
        if self.is_name():
            token = self.name(Place.END)
            if opener is not None:
                self._closes(token, opener)
        elif self.kinds[self.at] in (Kind.STRING, Kind.CHARACTER):
            self.at += 1

    def _closes(self, token: int, opener: int) -> None:
        if self.words[token] != self.words[opener]:
            self.at = token
            raise self.fail(f"`{self.words[opener].decode('latin-1')}`, which this ends")
        self.file.closes[token] = opener

    def open(self, what: str, word: bytes, parent: Region) -> Region:
        """A region in `parent` that starts here."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self.fail(f"at most {MAX_DEPTH} constructs in each other")
        region = Region(what, word, self.at, parent, parent.unit)
        parent.children.append(region)
        return region

    def close(self, region: Region) -> None:
        """The region ends before this token."""
        self._depth -= 1
        region.last = self.at

    def declare(
        self,
        region: Region,
        token: int,
        what: str,
        inner: Region | None = None,
        alias: tuple[int, int] = (0, 0),
    ) -> Declaration:
        """Enter the identifier of a token into a region."""
        made = Declaration(self.words[token], what, token, region, inner, *alias)
        region.declares.setdefault(made.word, []).append(made)
        return made

    def declare_all(self, region: Region, tokens: list[int], what: str) -> list[Declaration]:
        """Enter several."""
        return [self.declare(region, token, what) for token in tokens]

    def settle(self, declarations: list[Declaration]) -> None:
        """From here on these names surely mean what they were declared as."""
        for one in declarations:
            one.certain = self.at

    def unit(self, what: str, token: int, first: int) -> DesignUnit:
        """A design unit whose name is at a token."""
        return DesignUnit(what, self.words[token], token, first, self.file)


_CLOSING = frozenset((b")",))
_SEMICOLON = frozenset((b";",))
