"""A token stream as a slang syntax tree, and the way back from nodes to tokens."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

import pyslang
from pyslang.parsing import LexerOptions, ParserOptions, PreprocessorOptions
from pyslang.syntax import SyntaxNode, SyntaxTree

from hdl_py.errors import Diagnostic
from hdl_py.sv.checks import by_slang_name, from_slang
from hdl_py.sv.survey import Survey
from hdl_py.sv.tokens import LEGACY_DIRECTIVES, TokenStream
from hdl_py.text.position import Position

LANGUAGE = pyslang.LanguageVersion.v1800_2023

_CODE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def language_bag() -> pyslang.Bag:
    """slang's options: the newest standard, and no limit on the number of errors."""
    bag = pyslang.Bag()
    for name, options in (
        ("lexerOptions", LexerOptions()),
        ("preprocessorOptions", PreprocessorOptions()),
        ("parserOptions", ParserOptions()),
    ):
        options.languageVersion = LANGUAGE
        setattr(bag, name, options)
    return bag


def check_name(code: object) -> str:
    """slang's name of a diagnostic in the form of this project: `DuplicateDefinition` is `duplicate-definition`."""
    return _CODE.sub("-", str(code).removeprefix("DiagCode(").removesuffix(")")).lower()


@dataclass
class ParsedUnit:
    """A token stream and its syntax tree.

    Attributes:
        stream: the tokens.
        manager: slang's source manager.
        tree: the tree; its root is always a compilation unit.
        buffer: slang's number of the text.
    """

    stream: TokenStream
    manager: Any
    tree: Any
    buffer: Any

    @cached_property
    def _starts(self) -> list[int]:
        """Byte offset of every token in the text that slang read."""
        return list(accumulate((len(t) + 1 for t in _readable(self.stream.tokens)), initial=0))

    @cached_property
    def survey(self) -> Survey:
        """What the unit's syntax mentions."""
        return Survey(self)

    def start(self, index: int) -> int:
        """The byte offset of a token in the text that slang read."""
        return self._starts[index]

    def index(self, offset: int) -> int:
        """The token that holds a byte offset of the text that slang read."""
        return min(bisect_right(self._starts, offset), len(self.stream.tokens)) - 1

    def span(self, node: SyntaxNode) -> tuple[int, int]:
        """The tokens of a node as (first, one past the last)."""
        extent = node.sourceRange
        if extent.end.offset <= extent.start.offset:
            first = self.index(extent.start.offset)
            return first, first
        return self.index(extent.start.offset), self.index(extent.end.offset - 1) + 1

    def text(self, node: SyntaxNode | None) -> str:
        """A node's tokens with one space between them; the same for the same tokens."""
        if node is None:
            return ""
        start, end = self.span(node)
        return b" ".join(self.stream.tokens[start:end]).decode("utf-8", "replace")

    def position(self, location: Any) -> Position:
        """The user's place of a slang location in this unit's text."""
        return self.stream.position(self.index(self.manager.getFullyExpandedLoc(location).offset))

    def holds(self, location: Any) -> bool:
        """Whether a slang location is in this unit's text."""
        return bool(self.manager.getFullyExpandedLoc(location).buffer == self.buffer)


_FOREIGN = re.compile(rb"`(?:systemc_\w+|" + b"|".join(n.encode() for n in sorted(LEGACY_DIRECTIVES)) + rb")(?!\w)")
_PUBLIC_AT = re.compile(rb"/\*\s*verilator\s+public_flat_rw\b")


def _readable(tokens: list[bytes]) -> list[bytes]:
    """The tokens as slang reads them: UTF-8, or else Latin-1; without what only Verilator takes.

    Blocks of C++, directives of older tools, and the event of a `/*verilator public_flat_rw @(…)*/`, which
    Verilator's preprocessor puts behind the comment.
    """
    changed: dict[int, bytes] = {}
    for number, token in enumerate(tokens):
        first = token[:1]
        if first == b"`" and _FOREIGN.match(token):
            changed[number] = b""
        elif first == b"/" and tokens[number + 1 : number + 2] == [b"@"] and _PUBLIC_AT.match(token):
            changed.update(dict.fromkeys(range(number + 1, _end_of_event(tokens, number + 1)), b""))
        elif not token.isascii():
            try:
                token.decode()
            except UnicodeDecodeError:
                changed[number] = token.decode("latin-1").encode()
    return [changed.get(number, token) for number, token in enumerate(tokens)] if changed else tokens


def _end_of_event(tokens: list[bytes], at: int) -> int:
    """One past the last token of `@ (…)`, or of `@` and one token."""
    depth = 0
    for number in range(at + 1, len(tokens)):
        depth += (tokens[number] == b"(") - (tokens[number] == b")")
        if depth == 0:
            return number + 1
    return len(tokens)


def parse(stream: TokenStream, manager: Any = None, bag: Any = None, name: str = "unit.sv") -> ParsedUnit:
    """Parses a unit's tokens as one compilation unit.

    Args:
        stream: the tokens.
        manager: slang's source manager; a new one where it is left out.
        bag: slang's options; `language_bag` where they are left out.
        name: slang's name for the text; unique in the manager.
    """
    manager = manager or pyslang.SourceManager()
    text = b"\n".join(_readable(stream.tokens)) + b"\n"
    source = manager.assignText(name, text.decode())
    tree = SyntaxTree.fromBuffers([source], manager, bag or language_bag())
    return ParsedUnit(stream, manager, tree, source.id)


def syntax_errors(unit: ParsedUnit) -> list[Diagnostic]:
    """Every syntax error, at the user's place."""
    engine = pyslang.DiagnosticEngine(unit.manager)
    wanted = by_slang_name()
    out = []
    for problem in unit.tree.diagnostics:
        if not problem.isError():
            continue
        position, text = unit.position(problem.location), engine.formatMessage(problem)
        name = check_name(problem.code)
        if name in wanted:
            out.append(from_slang(wanted[name], position, text))
        else:
            out.append(Diagnostic(position, name, text, clause="IEEE 1800-2023 Annex A"))
    return out
