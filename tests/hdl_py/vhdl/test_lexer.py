"""The scanner: exact tokens, the tick rule, letters, comments, directives, and no byte unaccounted for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hdl_py.vhdl.lexer import Kind, scan
from hdl_py.vhdl.words import fold

I, X, R, N, S, B, C, D, T = Kind


def kinds(text: str) -> list[tuple[Kind, str]]:
    data = text.encode("latin-1")
    tokens = scan(data)
    assert tokens.errors == []
    return [(Kind(tokens.kind[i]), data[tokens.start[i] : tokens.end[i]].decode("latin-1")) for i in range(len(tokens))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a'b", [(I, "a"), (T, "'"), (I, "b")]),
        ("a'('b')", [(I, "a"), (T, "'"), (D, "("), (C, "'b'"), (D, ")")]),
        ("character'('\"')", [(I, "character"), (T, "'"), (D, "("), (C, "'\"'"), (D, ")")]),
        ("character'(''')", [(I, "character"), (T, "'"), (D, "("), (C, "'''"), (D, ")")]),
        ("('a','b')", [(D, "("), (C, "'a'"), (D, ","), (C, "'b'"), (D, ")")]),
        ("x'('a','b')'length", [(I, "x"), (T, "'"), (D, "("), (C, "'a'"), (D, ","), (C, "'b'"), (D, ")"), (T, "'"), (I, "length")]),
        ("s(1)'length", [(I, "s"), (D, "("), (N, "1"), (D, ")"), (T, "'"), (I, "length")]),
        ("f[t]'q", [(I, "f"), (D, "["), (I, "t"), (D, "]"), (T, "'"), (I, "q")]),
        ("p.all'length", [(I, "p"), (D, "."), (R, "all"), (T, "'"), (I, "length")]),
        ("x'range'left", [(I, "x"), (T, "'"), (I, "range"), (T, "'"), (I, "left")]),
        ("x'subtype'('a')", [(I, "x"), (T, "'"), (I, "subtype"), (T, "'"), (D, "("), (C, "'a'"), (D, ")")]),
        ("\"and\"'q", [(S, '"and"'), (T, "'"), (I, "q")]),
        ("'a''q", [(C, "'a'"), (T, "'"), (I, "q")]),
        ("\\a b\\'('x')", [(X, "\\a b\\"), (T, "'"), (D, "("), (C, "'x'"), (D, ")")]),
        ("when 'a'|'b'=>", [(R, "when"), (C, "'a'"), (D, "|"), (C, "'b'"), (D, "=>")]),
        ("return'a'", [(R, "return"), (C, "'a'")]),
        ('x"1F" & b"01"', [(B, 'x"1F"'), (D, "&"), (B, 'b"01"')]),
        ('12UX"F-" 8d"12"', [(B, '12UX"F-"'), (B, '8d"12"')]),
        ('report"n"', [(R, "report"), (S, '"n"')]),
        ('"a""b" "" """"', [(S, '"a""b"'), (S, '""'), (S, '""""')]),
        ("%a%%b%", [(S, "%a%%b%")]),
        ("16#FF.F#e-3 2:01: 1_000.5E+2", [(N, "16#FF.F#e-3"), (N, "2:01:"), (N, "1_000.5E+2")]),
        ("10ns", [(N, "10"), (I, "ns")]),
        ("\\a\\\\b\\ \\N\\", [(X, "\\a\\\\b\\"), (X, "\\N\\")]),
        ("a<=b;c:=d**2/=e", [(I, "a"), (D, "<="), (I, "b"), (D, ";"), (I, "c"), (D, ":="), (I, "d"), (D, "**"), (N, "2"), (D, "/="), (I, "e")]),
        ("<<signal .a.b:t>>", [(D, "<<"), (R, "signal"), (D, "."), (I, "a"), (D, "."), (I, "b"), (D, ":"), (I, "t"), (D, ">>")]),
        ("a ?= b ?/= ?? c", [(I, "a"), (D, "?="), (I, "b"), (D, "?/="), (D, "??"), (I, "c")]),
        ("a -- n ' \" \\\nb", [(I, "a"), (I, "b")]),
        ("a /* n -- */ b /* \" */", [(I, "a"), (I, "b")]),
        ("a -- x\x0bb -- y\x0cc -- z\rd\xa0e", [(I, "a"), (I, "b"), (I, "c"), (I, "d"), (I, "e")]),
        ("\xe9t\xe9 \xdf\xff", [(I, "\xe9t\xe9"), (I, "\xdf\xff")]),
        ("force context default", [(I, "force"), (I, "context"), (I, "default")]),
    ],
)  # fmt: skip
def test_tokens(text: str, expected: list[tuple[Kind, str]]) -> None:
    assert kinds(text) == expected


def test_letters_fold_as_latin_1() -> None:
    upper = bytes(b for b in range(0xC0, 0xDF) if b != 0xD7)
    assert fold(b"ABC_xyz9" + upper) == b"abc_xyz9" + bytes(b + 0x20 for b in upper)
    assert fold(b"\xdf\xff") == b"\xdf\xff"
    assert fold(b"\\ABC\\") == b"\\ABC\\"
    assert scan(b"A\xd7B").errors[0].offset == 1


@pytest.mark.parametrize(
    ("text", "offset", "found"),
    [
        ('a "b\nc', 2, "a string that its line doesn't end"),
        ("a \\b\nc", 2, "an extended identifier that its line doesn't end"),
        ("a /* b", 2, "a block comment that the file doesn't end"),
        ('x"12\n', 1, "a string that its line doesn't end"),
        ("a ~ b", 2, "the byte 0x7e"),
        ("a \0", 2, "the byte 0x00"),
        ("`protect begin_protected\nabc", 0, "a protected envelope that the file doesn't end"),
    ],
)
def test_what_cannot_be_scanned(text: str, offset: int, found: str) -> None:
    errors = scan(text.encode("latin-1")).errors
    assert (errors[0].offset, errors[0].found) == (offset, found)


def test_directives_and_envelopes() -> None:
    data = b'a `if X = "Y" then -- c\nb\n`PROTECT Begin_Protected\n"n\' \\\n`protect end_protected\nc'
    tokens = scan(data)
    assert tokens.errors == []
    assert tokens.word == [b"a", b"b", b"c", b""]
    assert [(d.words[:2], d.token) for d in tokens.directives] == [
        ((b"if", b"x"), 1),
        ((b"protect", b"begin_protected"), 2),
    ]
    assert [data[s:e].strip() for s, e in tokens.encrypted] == [b"\"n' \\\n`protect end_protected"]


def test_a_byte_order_mark_is_skipped() -> None:
    tokens = scan(b"\xef\xbb\xbfentity")
    assert (tokens.word, tokens.start[0], tokens.errors) == ([b"entity", b""], 3, [])


ALPHABET = st.sampled_from(
    ["a", "n", "B1", "entity", "'", '"', "\\", "(", ")", ";", " ", "\n", "--", "/*", "*/", "x", "1", "16#F#", "`p", "%", ".", "\xe9", "\0"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(ALPHABET, max_size=40))
def test_every_byte_belongs_to_something(pieces: list[str]) -> None:
    data = "".join(pieces).encode("latin-1")
    tokens = scan(data)
    owned = bytearray(len(data))
    spans = [*zip(tokens.start, tokens.end, strict=True), *tokens.comments, *tokens.encrypted]
    spans += [(d.start, d.end) for d in tokens.directives]
    spans += [(e.offset, e.offset + 1) for e in tokens.errors if "comment" not in e.found and "envelope" not in e.found]
    for start, end in spans:
        assert not any(owned[start:end]), "two things own a byte"
        owned[start:end] = b"\1" * (end - start)
    left = bytes(b for b, o in zip(data, owned, strict=True) if not o)
    assert not left.strip(b"\t\n\r\x0b\x0c \xa0")
    assert tokens.start == sorted(tokens.start)
