"""The ways to read a file with conditional directives (IEEE 1076-2019 24.2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product

from hdl_py.vhdl.lexer import Directive, Tokens
from hdl_py.vhdl.syntax.tree import ParsedFile
from hdl_py.vhdl.syntax.units import parse

MAX_READINGS = 16
"""More than these are refused rather than tried."""


@dataclass
class _Conditional:
    """One `` `if `` with the token ranges of its branches; the last may be an empty, implied `` `else``."""

    branches: list[tuple[int, int]] = field(default_factory=list)
    has_else: bool = False


def readings(tokens: Tokens) -> tuple[tuple[ParsedFile, ...], bool]:
    """The file parsed in every combination of branches, and whether there are too many.

    Each reading keeps the offsets of the file. Without conditional directives
    there is one.
    """
    conditionals = _conditionals(tokens)
    if not conditionals:
        return (parse(tokens),), False
    count = 1
    for one in conditionals:
        count *= len(one.branches)
    if count > MAX_READINGS:
        return (), True
    found = []
    for choice in product(*(range(len(c.branches)) for c in conditionals)):
        dropped: set[int] = set()
        for one, taken in zip(conditionals, choice, strict=True):
            for at, (first, last) in enumerate(one.branches):
                if at != taken:
                    dropped.update(range(first, last))
        found.append(parse(_without(tokens, dropped)))
    return tuple(found), False


def _conditionals(tokens: Tokens) -> list[_Conditional]:
    done: list[_Conditional] = []
    stack: list[tuple[_Conditional, int]] = []
    for directive in tokens.directives:
        word = _word(directive)
        if word == b"if":
            stack.append((_Conditional(), directive.token))
        elif word in (b"elsif", b"else", b"end") and stack:
            one, first = stack.pop()
            one.branches.append((first, directive.token))
            if word == b"end":
                if not one.has_else:
                    one.branches.append((directive.token, directive.token))
                done.append(one)
            else:
                one.has_else |= word == b"else"
                stack.append((one, directive.token))
    return done


def _word(directive: Directive) -> bytes:
    return directive.words[0] if directive.words else b""


def _without(tokens: Tokens, dropped: set[int]) -> Tokens:
    kept = [i for i in range(len(tokens) + 1) if i not in dropped]
    return Tokens(
        [tokens.kind[i] for i in kept],
        [tokens.start[i] for i in kept],
        [tokens.end[i] for i in kept],
        [tokens.word[i] for i in kept],
        tokens.comments,
    )
