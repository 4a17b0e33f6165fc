"""A view of a file for tree-sitter: same offsets, but nothing that its grammar mistakes.

tree-sitter-vhdl takes identifiers that name something in the standard libraries
(`sub`, `left`, `n`-th `state` …) for that thing, reads UTF-8 only, and knows no PSL
units. The shape of the text is what its opinion is asked for, so every other
identifier becomes a row of one letter and comments become blanks.
"""

from __future__ import annotations

from hdl_py.vhdl.lexer import Kind
from hdl_py.vhdl.syntax.tree import ParsedFile, Place
from hdl_py.vhdl.words import SOFT

_OPERATORS = frozenset(
    b"and or nand nor xor xnor = /= < <= > >= ?= ?/= ?< ?<= ?> ?>= + - & * / mod rem ** abs not sll srl sla sra"
    b" rol ror ??".split()
)


def neutral_view(data: bytes, file: ParsedFile) -> bytes:
    """The file's tokens at their offsets, all identifiers alike, all else blank.

    Args:
        data: the file's bytes.
        file: a reading of it; tokens that the reading leaves out stay blank.
    """
    out = bytearray(b" " * len(data))
    tokens = file.tokens
    words = tokens.word
    hidden = bytearray(len(tokens) + 1)
    for first, last in file.psl:
        hidden[first:last] = b"\1" * (last - first)
    for at in range(len(tokens)):
        if hidden[at]:
            continue
        kind = tokens.kind[at]
        start, end = tokens.start[at], tokens.end[at]
        size = end - start
        word = words[at]
        if kind == Kind.IDENTIFIER:
            attribute = at > 0 and tokens.kind[at - 1] == Kind.TICK
            keyword = word in SOFT and (file.place[at] == Place.NONE or _is_force(file, at))
            text = word if keyword or attribute else b"q" * size
        elif kind == Kind.EXTENDED:
            text = b"\\" + b"q" * (size - 2) + b"\\"
        elif kind == Kind.STRING:
            # An operator's symbol stands where names stand.
            symbol = data[start + 1 : end - 1].lower() in _OPERATORS
            text = b"q" * size if symbol else b'"' + b" " * (size - 2) + b'"'
        elif kind == Kind.CHARACTER:
            text = b"qqq" if at > 0 and words[at - 1] == b"." else b"'0'"
        elif kind == Kind.NUMBER and file.is_name(at + 1) and words[at + 2] == b".":
            text = b" " * size  # a unit by selected name, `3 work.p.cm`, which the grammar doesn't know
        elif kind in (Kind.NUMBER, Kind.BIT_STRING):
            text = b"0" * size
        elif word == b"generic" and _only_generics(file, at):
            text = b"port   "
        elif word == b"range" and _of_index(file, at):
            text = b"  +  "
        else:
            text = b"|" if word == b"!" else word
        out[start:end] = text
    return bytes(out)


def _is_force(file: ParsedFile, at: int) -> bool:
    """Whether `force` or `release` is the reserved word of VHDL-2008 (10.5.2.1) and no older name."""
    words = file.tokens.word
    if file.place[at] != Place.OPERAND or words[at - 1] != b"<=" or words[at] not in (b"force", b"release"):
        return False
    following = file.tokens.kind[at + 1]
    return words[at] == b"release" or following != Kind.DELIMITER or words[at + 1] in (b"(", b"-", b"+", b"<<")


def _of_index(file: ParsedFile, at: int) -> bool:
    """Whether `( type range … )` stands here, which the grammar knows of few types only."""
    words = file.tokens.word
    if words[at + 1] == b"<>":
        return False
    at -= 1
    while at > 0 and (file.is_name(at) or words[at] in (b".", b"'")):
        at -= 1
    # `in` is a loop's; the `in` of a port or a parameter has a colon before it.
    return words[at] in (b"(", b",", b"|", b"when") or (words[at] == b"in" and words[at - 1] != b":")


def _only_generics(file: ParsedFile, at: int) -> bool:
    """Whether an instance has a generic map and no port map, which the grammar doesn't know."""
    words = file.tokens.word
    if words[at + 1] != b"map" or at == 0 or file.place[at - 1] not in (Place.INSTANCE,):
        return False
    depth = 0
    at += 2
    while words[at]:
        depth += {b"(": 1, b")": -1}.get(words[at], 0)
        at += 1
        if depth == 0:
            return words[at] == b";"
    return False
