"""The canonical token stream: the tokens of the source, nothing of its looks, and the way back."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pyslang
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyslang.parsing import Lexer, TokenKind

from hdl_py.sv.tokens import TokenStream, tokenize
from hdl_py.text.source import SourceText
from tests.hdl_py.sv.running import preprocessor
from tests.hdl_py.sv.settings import examples

PIECES = [
    "module m", "endmodule", "a", "_b$", "\\esc+id ", "\\a.b[3] ", "$display", "$", "12", "1_000", "8'hFF", "'h0a",
    "4 'b10x?", "32'sd 5", "'0", "'1", "'x", "1.5e-3", "10ns", "1.5us", "1step", '"text"', '"a\\"b"', '""',
    "+", "-", "*", "/", "%", "**", "++", "--", "<", ">", "<=", ">=", "<<", ">>", "<<<", ">>>", "<<=", ">>=",
    "<<<=", ">>>=", "==", "!=", "===", "!==", "==?", "!=?", "&&", "||", "&&&", "&", "|", "^", "~", "~&", "~|",
    "~^", "^~", "!", "?", ":", "::", ":=", ":/", "+:", "-:", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=",
    "->", "->>", "<->", "=>", "*>", "|->", "|=>", "#-#", "#=#", "#", "##", "@", "@@", "(", ")", "[", "]", "{",
    "}", "'{", "'", ",", ";", ".", ".*", "(*", "*)", "(*)", "[*", "[=", "[->", "[+]", "=",
]  # fmt: skip


def lexed(text: str) -> list[str]:
    """slang's tokens of a text."""
    manager = pyslang.SourceManager()
    buffer = manager.assignText("t.sv", text)
    lexer = Lexer(buffer, pyslang.BumpAllocator(), pyslang.Diagnostics(), manager)
    out = []
    while (token := lexer.lex()).kind != TokenKind.EndOfFile:
        out.append(token.rawText)
    return [t for t in out if t]


def stream(text: str) -> TokenStream:
    """The token stream of a text without macros."""
    return tokenize(b'`line 1 "t.sv" 1\n' + text.encode(), {"t.sv": SourceText("t.sv", text.encode())})


def joined(tokens: TokenStream) -> str:
    return b"\n".join(tokens.tokens).decode() + "\n"


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=30), st.randoms(use_true_random=False))
@examples(300)
def test_the_canonical_text_has_the_tokens_of_the_source(pieces: list[str], shuffle: random.Random) -> None:
    text = ""
    for piece, following in zip(pieces, [*pieces[1:], ""], strict=True):
        # Between two operators without a space, where one ends is a matter of which text is legal.
        near = piece in ("a", "_b$", "endmodule") or following in ("a", "_b$", "endmodule")
        glued = near and not (piece + following)[0:1].isdigit() and "'" not in piece + following
        joiners = ["", " ", "\n"] if glued and not _word(piece + following) else [" ", "\n", "  \t "]
        text += piece + shuffle.choice(joiners)
    found = [re.sub(r"\s+", " ", t).strip() for t in lexed(text)]
    assert lexed(joined(stream(text))) == found


def _word(text: str) -> bool:
    """Whether two pieces would melt into one word, or a system name or directive would begin."""
    return re.search(r"\w\w|[$\\`\w][\w$]", text) is not None


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=20), st.randoms(use_true_random=False))
@examples(100)
def test_looks_change_nothing(pieces: list[str], shuffle: random.Random) -> None:
    plain = stream("\n".join(pieces) + "\n")
    spaced = stream("".join(p + shuffle.choice(["\n", " \n\n", "\t\n  ", "\n\n\n"]) for p in pieces))
    assert joined(plain) == joined(spaced)


@pytest.mark.parametrize(
    "line",
    ["8 'hFF", "8'hFF", "8\t'h FF", "8 'h\tFF"],
)
def test_spaces_inside_a_number_are_one_token(line: str) -> None:
    assert len(stream(f"x = {line};").tokens) == 4


def test_a_string_over_two_lines_is_one_token_without_the_line_end() -> None:
    assert stream('x = "a\\\nb"; y;').tokens == [b"x", b"=", b'"ab"', b";", b"y", b";"]
    assert stream('x = "a\\\nb"; y;').lines == [1, 1, 1, 2, 2, 2]


@pytest.mark.parametrize("quote", ['"', '"""'])
def test_a_string_over_many_lines_takes_no_longer_than_its_text(quote: str) -> None:
    end = "\\\n" if quote == '"' else "\n"
    started = time.process_time()
    found = stream(f"x = {quote}" + f"a line{end}" * 50_000 + f"{quote}; y = {quote}b{end}c{quote};")
    assert time.process_time() - started < 5
    assert len(found.tokens) == 8
    assert [found.tokens[n] for n in (0, 1, 3, 4, 5, 7)] == [b"x", b"=", b";", b"y", b"=", b";"]
    assert found.lines == [1, 1, 1, *[50_001] * 4, 50_002]


def test_strings_that_open_where_others_end() -> None:
    found = stream('f("a\\\nb", "c\\\nd") /* p\nq */ z')
    assert found.tokens[:7] == [b"f", b"(", b'"ab"', b",", b'"cd"', b")", b"/* p q */"]
    assert (found.tokens[7], found.lines) == (b"z", [1, 1, 1, 2, 2, 3, 3, 4])


def test_quotes_inside_a_string_of_triple_quotes_end_nothing() -> None:
    found = stream('f("""a "b"\n"c" "" d""", "e", """"f" g""") y')
    assert found.tokens == [b"f", b"(", b'"""a "b"\n"c" "" d"""', b",", b'"e"', b",", b'""""f" g"""', b")", b"y"]
    assert found.lines == [1, 1, 1, *[2] * 6]


@pytest.mark.parametrize("text", ['x = "a', "x /* a\nb", 'x = """a\nb"'])
def test_what_never_ends_ends_with_the_text(text: str) -> None:
    assert stream(text).tokens[0] == b"x"


def test_lines_behind_a_string_over_two_lines_are_right() -> None:
    assert stream('x = "a\\\nb";\ny;').lines[-1] == 3


def test_rows_of_a_state_table_stay_together() -> None:
    found = stream("table\n 0  1 : ? : 0 ;\n (01)   ?:?:1;\nendtable x y").tokens
    assert found == [b"table", b"0 1 : ? : 0 ;", b"( 01 ) ? : ? : 1 ;", b"endtable", b"x", b"y"]


def test_columns_are_found_in_the_users_line(folder: Path) -> None:
    Path("h.svh").write_text("`define TWICE(x) (x + x)\n")
    text = '`include "h.svh"\nmodule m; /* c */ int a; int b = /* a */ `TWICE(a) + a; endmodule\n'
    Path("t.sv").write_text(text)
    sources = {p: SourceText(p, Path(p).read_bytes()) for p in ("t.sv", "h.svh")}
    found = tokenize(preprocessor().run(["t.sv"], ["."], []), sources)
    places = {found.tokens[n]: str(found.position(n)) for n in range(len(found.tokens))}
    assert places[b"module"] == "t.sv:2:1"
    assert places[b"b"] == "t.sv:2:30"
    last = max(n for n, t in enumerate(found.tokens) if t == b"a")
    assert str(found.position(last)) == "t.sv:2:54"
    assert next(iter(found.places([last]))) == ("t.sv", 2, 54)
    assert [(e.path, e.includer, e.line) for e in found.entries] == [("h.svh", "t.sv", 1)]


def test_includes_are_told_from_files_of_the_command_line(folder: Path) -> None:
    Path("d.svh").write_text("int d;\n")
    Path("c.svh").write_text('`include "d.svh"\nint c;\n')
    Path("a.sv").write_text('module a;\n`include "c.svh"\nendmodule\n')
    Path("b.sv").write_text('module b;\n\n`include "d.svh"\nendmodule\n')
    found = tokenize(preprocessor().run(["a.sv", "b.sv"], ["."], []), {})
    assert [(e.path, e.includer, e.line) for e in found.entries] == [
        ("c.svh", "a.sv", 2),
        ("d.svh", "c.svh", 1),
        ("d.svh", "b.sv", 3),
    ]
    assert [found.file(n) for n, t in enumerate(found.tokens) if t == b"d"] == ["d.svh", "d.svh"]


def test_lint_pragmas_end_with_their_file(folder: Path) -> None:
    Path("off.svh").write_text("/* verilator lint_off WIDTH */\n")
    Path("a.sv").write_text('`include "off.svh"\nmodule a; endmodule\n')
    Path("b.sv").write_text("// verilator lint_off UNUSED\nmodule b; endmodule\n")
    tokens = tokenize(preprocessor().run(["a.sv", "b.sv"], ["."], []), {}).tokens
    save, restore = b"/*verilator lint_save*/", b"/*verilator lint_restore*/"
    off = tokens.index(b"/*verilator lint_off WIDTH*/")
    assert tokens[off - 1] == save
    assert tokens[off + 1] == restore
    assert tokens.index(b"module") > off + 1
    assert tokens[-1] == restore
    assert tokens.count(save) == tokens.count(restore)


def test_a_line_of_many_macros_is_aligned_in_no_time(folder: Path) -> None:
    text = b"`define M x <= x + 1; y <= y + x;\n" + b"module a; " + b"x <= x + 1; `M " * 400 + b"endmodule\n"
    Path("a.sv").write_bytes(text)
    sources = {"a.sv": SourceText("a.sv", text)}
    preprocessed = preprocessor().run(["a.sv"], [], [])
    started = time.process_time()
    found = tokenize(preprocessed, sources)
    columns = [column for _file, _line, column in found.places(range(len(found.tokens)))]
    assert time.process_time() - started < 5
    assert len(columns) > 7_000
    assert columns[:4] == [1, 8, 9, 11]
    assert columns[-1] == len(text.splitlines()[1]) - len("endmodule") + 1
