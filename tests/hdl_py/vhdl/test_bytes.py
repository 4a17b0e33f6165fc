"""Every byte that isn't a renamed identifier stays: line ends, encodings, marks, and odd blanks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.hdl_py.vhdl.ghdl import Ghdl
from tests.hdl_py.vhdl.rewriting import core_of, rewrite, vhdl_core

UNIT = b"package n is constant c : integer := 3; end package n;\n"
USER = b"entity u is end;\narchitecture a of u is begin\n  assert false report integer'image(work.n.c);\nend;\n"

FORMS = {
    "CR LF": lambda d: d.replace(b"\n", b"\r\n"),
    "CR": lambda d: d.replace(b"\n", b"\r"),
    "vertical tabs and form feeds": lambda d: d.replace(b"\n", b"\x0b", 1).replace(b"\n", b"\x0c", 1),
    "no end of line at the end": lambda d: d.rstrip(),
    "tabs and no-break spaces": lambda d: d.replace(b" ", b"\t", 2).replace(b"work.n", b"work\xa0.\xa0n"),
    "Latin-1 in comments and strings": lambda d: b"-- \xe9\xdf\xff n\n" + d.replace(b"report", b'report "\xe9n" &'),
    "UTF-8 in comments": lambda d: "-- größe n ✓ 名\n".encode() + d,
    "blank lines and trailing blanks": lambda d: b"\n\n  \n" + d.replace(b"\n", b"   \n\n") + b"\n \n",
}


@pytest.mark.parametrize("name", FORMS)
def test_bytes_stay(name: str, tmp_path: Path) -> None:
    unit, user = FORMS[name](UNIT), FORMS[name](USER)
    done = rewrite(
        [*(vhdl_core("unit", v, {"n.vhd": unit}) for v in "12"), vhdl_core("u", "1", {"u.vhd": user}, unit="2")]
    )
    assert not done.refusals
    assert core_of(done, "unit", "1").files[0].data == re.sub(rb"package(\s)n", rb"package\1n_v1", unit)
    renamed = user.replace(b"work.n.", b"work.n_v2.").replace(b"work\xa0.\xa0n.", b"work\xa0.\xa0n_v2.")
    assert renamed != user
    assert core_of(done, "u", "1").files[0].data == renamed
    ghdl = Ghdl(tmp_path, options=["--mb-comments"])
    for core in done.cores:
        ghdl.analyse(core)
    assert ghdl.run("u")[0].endswith("3")


def test_a_byte_order_mark_stays() -> None:
    unit = b"\xef\xbb\xbf" + UNIT
    done = rewrite([vhdl_core("unit", v, {"n.vhd": unit}) for v in "12"])
    assert core_of(done, "unit", "1").files[0].data == unit.replace(b"package n", b"package n_v1")


def test_utf_16_is_refused() -> None:
    unit = UNIT.decode().encode("utf-16")
    done = rewrite([vhdl_core("unit", v, {"n.vhd": unit}) for v in "12"])
    assert {(r.code, r.file) for r in done.refusals} == {("encoding", "n.vhd")}
    assert "convert the file" in done.refusals[0].message


def test_an_empty_file_and_one_of_comments_are_fine() -> None:
    files = {"n.vhd": UNIT, "empty.vhd": b"", "comment.vhd": b"-- n\n"}
    done = rewrite([vhdl_core("unit", v, files) for v in "12"])
    assert not done.refusals
    assert [f.data for f in core_of(done, "unit", "2").files[1:]] == [b"", b"-- n\n"]


def test_positions_count_lines_and_byte_columns() -> None:
    user = b"-- \xe9\r\nentity u is end;\rarchitecture a of u is begin\n  b : \xe9 <= work.n.c; end;\n"
    done = rewrite([*(vhdl_core("unit", v, {"n.vhd": UNIT}) for v in "12"), vhdl_core("u", "1", {"u.vhd": user})])
    assert [(r.code, r.file, r.line, r.column) for r in done.refusals] == [("undeclared-dependency", "u.vhd", 4, 17)]
