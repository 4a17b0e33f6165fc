"""Bytes that nobody meant, and texts that would never end: a clear error or the right result, and no hang."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from hdl_py.errors import HdlError
from hdl_py.sv.preprocessor import Preprocessor
from hdl_py.sv.tokens import tokenize
from hdl_py.sv.unit import Request, Result, check_sources, compile_unit
from hdl_py.text.source import SourceText
from tests.hdl_py.sv.running import preprocessor

TIME_LIMIT = 30.0
"""The action's own limit for these texts, in seconds; real ones take well under one."""


def compiled(data: bytes, **others: bytes) -> Result:
    """A unit of one file, with further files beside it as headers."""
    paths = {"a.sv": data, **{f"{name}.svh": text for name, text in others.items()}}
    for path, text in paths.items():
        Path(path).write_bytes(text)
    sources = {path: SourceText(path, text) for path, text in paths.items()}
    check_sources(list(sources.values()))
    headers = tuple(path for path in paths if path != "a.sv")
    tool = preprocessor(TIME_LIMIT)
    stream = tokenize(tool.run(["a.sv"], ["."], []), sources)
    return compile_unit(Request("//x:a", "library", "1800-2023", ("a.sv",), headers), [stream], sources)


def refused(data: bytes, **others: bytes) -> list[str]:
    """What the refusal of a text says."""
    started = time.monotonic()
    with pytest.raises(HdlError) as caught:
        compiled(data, **others)
    assert time.monotonic() - started < TIME_LIMIT + 5
    return [f"{d.position} {d.code}: {d.message}" for d in caught.value.diagnostics]


def test_latin_1_in_comments_and_strings(folder: Path) -> None:
    done = compiled(b'// caf\xe9\nmodule a; initial $display("caf\xe9"); endmodule\n')
    assert b'"caf\xe9"' in done.isolated
    assert b"// caf" not in done.isolated


def test_latin_1_in_an_identifier(folder: Path) -> None:
    found = refused(b"module caf\xe9; endmodule\n")
    assert found[0].startswith("a.sv:1:11 "), found


def test_utf_8_in_strings_keeps_columns_in_bytes(folder: Path) -> None:
    found = refused('module a; initial $display("é", zz); endmodule\n'.encode())
    assert found == ["a.sv:1:34 undeclared-identifier: use of undeclared identifier 'zz'"]


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_characters(codec: str, folder: Path) -> None:
    found = refused("module a; endmodule\n".encode(codec))
    assert len(found) == 1
    assert found[0].startswith(("a.sv:1:1 utf-16", "a.sv:1:2 nul-byte", "a.sv:1:1 nul-byte")), found


def test_a_nul(folder: Path) -> None:
    assert refused(b"module a;\n int\0x; endmodule\n") == ["a.sv:2:5 nul-byte: the file holds a NUL byte"]


def test_line_ends_of_windows_change_nothing(folder: Path) -> None:
    text = b'`define M(x) \\\n  x + 1\nmodule a; // c\n  int i = `M(2);\n string s = "a\\\nb";\nendmodule\n'
    assert compiled(text.replace(b"\n", b"\r\n")).isolated == compiled(text).isolated


def test_a_lone_carriage_return(folder: Path) -> None:
    assert refused(b"module a; // c\rint x;\nendmodule\n")[0].startswith("a.sv:1:15 carriage-return:")


def test_a_byte_order_mark_changes_nothing(folder: Path) -> None:
    text = b"module a; endmodule\n"
    assert compiled(b"\xef\xbb\xbf" + text).isolated == compiled(text).isolated


def test_a_line_of_ten_megabytes(folder: Path) -> None:
    text = b"module a; wire w; " + b"wire x; " * 1_250_000 + b"endmodule\n"
    found = refused(text)
    assert "Too many preprocessor tokens on a line" in found[0] or "duplicate-declaration" in found[0], found[0]


def test_a_long_line_that_is_a_string(folder: Path) -> None:
    text = b'module a; string s = "' + b"x" * 1_000_000 + b'"; endmodule\n'
    assert len(compiled(text).isolated) > 1_000_000


def test_ten_thousand_nested_parentheses(folder: Path) -> None:
    text = b"module a; int x = " + b"(" * 10_000 + b"1" + b")" * 10_000 + b"; endmodule\n"
    found = refused(text)
    assert any("too deep" in f or "nest" in f or "depth" in f or "recursion" in f for f in found), found[:3]


def test_an_include_cycle(folder: Path) -> None:
    found = refused(b'`include "b.svh"\nmodule a; endmodule\n', b=b'`include "c.svh"\n', c=b'`include "b.svh"\n')
    assert "Recursive inclusion" in found[0], found


def test_a_macro_that_expands_itself(folder: Path) -> None:
    found = refused(b"`define M `M `M\nmodule a; `M endmodule\n")
    assert "ecursive" in found[0] or "Too many preprocessor tokens" in found[0], found


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_a_macro_bomb(end: bytes, folder: Path) -> None:
    lines = [b"`define A0 x"]
    for level in range(1, 40):
        below = b"`A%d" % (level - 1)
        lines.append(b"`define A%d " % level + (b" \\\n" if end else b" ").join([below] * 10))
    found = refused(b"\n".join(lines) + b"\nmodule a; `A39\nendmodule\n")
    assert found, found


def test_the_time_limit_holds(folder: Path) -> None:
    Path("a.sv").write_bytes(b"module a; endmodule\n")
    tool = preprocessor()
    slow = Preprocessor("/bin/sleep", tool.root, 0.2)
    started = time.monotonic()
    with pytest.raises(HdlError) as caught:
        slow.run(["60"], [], [])
    # `sleep -E …` is refused by sleep itself or killed: either way it ends.
    assert caught.value.diagnostics
    assert time.monotonic() - started < 5


def test_an_unterminated_string(folder: Path) -> None:
    found = refused(b'module a; string s = "x; endmodule\n')
    assert "preprocessor: Unterminated string" in found[0], found


def test_an_unterminated_comment(folder: Path) -> None:
    found = refused(b"module a; /* x\nendmodule\n")
    assert found[0].startswith("a.sv:"), found


def test_an_empty_file(folder: Path) -> None:
    done = compiled(b"")
    assert done.unit.definitions == ()
    assert done.interface == b""


def test_only_comments(folder: Path) -> None:
    assert compiled(b"// nothing\n/* here */\n").isolated == compiled(b"").isolated
