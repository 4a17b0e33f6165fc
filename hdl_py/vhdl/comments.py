"""Comments that some tool reads as code: PSL in comments, and `read_comments_as_HDL`."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from hdl_py.vhdl.lexer import Tokens, scan

_PSL = re.compile(rb"--[ \t]*psl\b", re.IGNORECASE)
_READ = re.compile(rb"--[ \t]*(?:\w+[ \t]+)?read_comments_as_hdl[ \t]+(on|off)\b", re.IGNORECASE)
_BLANK = re.compile(rb"[\s\xa0]*")


def psl_text(data: bytes, tokens: Tokens) -> Iterator[Tokens]:
    """The tokens of each PSL statement in comments (`-- psl assert …`).

    A statement may go on in the comments of the lines that follow, up to its
    semicolon. Offsets in the tokens are those of the file.
    """
    comments = tokens.comments
    at = 0
    while at < len(comments):
        start, end = comments[at]
        found = _PSL.match(data, start, end)
        at += 1
        if found is None:
            continue
        pieces = [(found.end(), end)]
        while b";" not in data[pieces[-1][0] : pieces[-1][1]] and at < len(comments):
            following, last = comments[at]
            blank = _BLANK.fullmatch(data, end, following)
            if not blank or not data.startswith(b"--", following) or _PSL.match(data, following, last):
                break
            pieces.append((following + 2, last))
            end = last
            at += 1
        text = bytearray(b" " * (end - start))
        for first, last in pieces:
            text[first - start : last - start] = data[first:last]
        inner = scan(bytes(text))
        inner.start = [s + start for s in inner.start]
        inner.end = [e + start for e in inner.end]
        yield inner


def with_psl(tokens: Tokens, statements: list[Tokens]) -> Tokens:
    """The tokens of a file with those of PSL in comments where they stand."""
    found = sorted(
        (one.start[i], one.end[i], one.kind[i], one.word[i]) for one in (tokens, *statements) for i in range(len(one))
    )
    found.append((tokens.start[-1], tokens.end[-1], tokens.kind[-1], tokens.word[-1]))
    starts = [f[0] for f in found]
    return Tokens(
        [f[2] for f in found],
        starts,
        [f[1] for f in found],
        [f[3] for f in found],
        directives=[replace(d, token=bisect_left(starts, d.end)) for d in tokens.directives],
    )


def read_as_code(data: bytes, tokens: Tokens) -> Iterator[tuple[int, int]]:
    """The comments between `read_comments_as_HDL on` and `off`, which synthesis reads as code."""
    active = False
    for start, end in tokens.comments:
        found = _READ.match(data, start, end)
        if found:
            active = found.group(1).lower() == b"on"
        elif active:
            yield start, end
