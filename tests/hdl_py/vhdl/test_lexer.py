"""The scanner: exact tokens, the tick rule, letters, comments, directives, and no byte unaccounted for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hdl_py.vhdl.lexer import Kind, scan
from hdl_py.vhdl.words import fold

LETTERS = dict(zip("IXRNSBCDT", Kind, strict=True))
"""Identifier, extended, reserved, number, string, bit string, character, delimiter, tick."""


def shape(text: str) -> tuple[str, list[str]]:
    """The kinds of a text's tokens as letters, and their bytes."""
    data = text.encode("latin-1")
    tokens = scan(data)
    assert tokens.errors == []
    letters = {kind: letter for letter, kind in LETTERS.items()}
    pieces = [data[tokens.start[i] : tokens.end[i]].decode("latin-1") for i in range(len(tokens))]
    return "".join(letters[Kind(tokens.kind[i])] for i in range(len(tokens))), pieces


@pytest.mark.parametrize(
    ("text", "kinds", "pieces"),
    [
        ("a'b", "ITI", "a ' b"),
        ("a'('b')", "ITDCD", "a ' ( 'b' )"),
        ("character'('\"')", "ITDCD", "character ' ( '\"' )"),
        ("character'(''')", "ITDCD", "character ' ( ''' )"),
        ("('a','b')", "DCDCD", "( 'a' , 'b' )"),
        ("x'('a','b')'length", "ITDCDCDTI", "x ' ( 'a' , 'b' ) ' length"),
        ("s(1)'length", "IDNDTI", "s ( 1 ) ' length"),
        ("f[t]'q", "IDIDTI", "f [ t ] ' q"),
        ("p.all'length", "IDRTI", "p . all ' length"),
        ("x'range'left", "ITITI", "x ' range ' left"),
        ("x'subtype'('a')", "ITITDCD", "x ' subtype ' ( 'a' )"),
        ('"and"\'q', "STI", '"and" \' q'),
        ("'a''q", "CTI", "'a' ' q"),
        ("\\a b\\'('x')", "XTDCD", ["\\a b\\", "'", "(", "'x'", ")"]),
        ("when 'a'|'b'=>", "RCDCD", "when 'a' | 'b' =>"),
        ("return'a'", "RC", "return 'a'"),
        ('x"1F" & b"01"', "BDB", 'x"1F" & b"01"'),
        ('12UX"F-" 8d"12"', "BB", '12UX"F-" 8d"12"'),
        ('report"n"', "RS", 'report "n"'),
        ('"a""b" "" """"', "SSS", '"a""b" "" """"'),
        ("%a%%b%", "S", "%a%%b%"),
        ("16#FF.F#e-3 2:01: 1_000.5E+2", "NNN", "16#FF.F#e-3 2:01: 1_000.5E+2"),
        ("10ns", "NI", "10 ns"),
        ("\\a\\\\b\\ \\N\\", "XX", "\\a\\\\b\\ \\N\\"),
        ("a<=b;c:=d**2/=e", "IDIDIDIDNDI", "a <= b ; c := d ** 2 /= e"),
        ("<<signal .a.b:t>>", "DRDIDIDID", "<< signal . a . b : t >>"),
        ("a ?= b ?/= ?? c", "IDIDDI", "a ?= b ?/= ?? c"),
        ("a -- n ' \" \\\nb", "II", "a b"),
        ('a /* n -- */ b /* " */', "II", "a b"),
        ("a -- x\x0bb -- y\x0cc -- z\rd\xa0e", "IIIII", "a b c d e"),
        ("été ßÿ", "II", "été ßÿ"),
        ("force context default", "III", "force context default"),
    ],
)
def test_tokens(text: str, kinds: str, pieces: str | list[str]) -> None:
    assert shape(text) == (kinds, pieces.split(" ") if isinstance(pieces, str) else pieces)


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
        ('x"12\n', 0, "a string that its line doesn't end"),
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
    assert [d.words[0] for d in tokens.directives] == [b"if", b"protect"]
    assert [d.token for d in tokens.directives] == [1, 2]
    assert [data[s:e].strip() for s, e in tokens.encrypted] == [b"\"n' \\\n`protect end_protected"]


def test_a_byte_order_mark_is_skipped() -> None:
    tokens = scan(b"\xef\xbb\xbfentity")
    assert (tokens.word, tokens.start[0], tokens.errors) == ([b"entity", b""], 3, [])


ALPHABET = st.sampled_from(
    [
        *("a", "n", "B1", "entity", "'", '"', "\\", "(", ")", ";", " ", "\n", "--", "/*", "*/", "x", "1"),
        *("16#F#", "`p", "%", ".", "\xe9", "\0"),
    ]
)


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
