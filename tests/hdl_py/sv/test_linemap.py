"""Maps from isolated lines to the user's places: their text form, and other tools' output led back by them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdl_py.errors import HdlError
from hdl_py.sv.linemap import LineMap, Run, parse_line_map, runs_of, translate
from hdl_py.text.position import Position
from tests.hdl_py.sv.running import run_case
from tests.hdl_py.sv.settings import examples
from tests.hdl_py.sv.simulating import Simulators, write_isolated

places = st.tuples(st.sampled_from(["a.sv", "b c.sv", "x/é.svh"]), st.integers(1, 9), st.integers(0, 99))


@given(st.lists(places, max_size=40), st.integers(1, 50))
@examples(200)
def test_a_map_answers_for_every_line(lines: list[tuple[str, int, int]], first: int) -> None:
    whole = LineMap(runs_of(lines, first), {("module", "m n"): Position("a.sv", 3, 4)})
    again = parse_line_map(whole.to_text(), "u.map")
    assert again == whole
    assert again.place_of("m n") == Position("a.sv", 3, 4)
    assert again.place_of("x") is None
    assert again.position(first - 1) is None
    for number, (file, line, column) in enumerate(lines, first):
        assert again.position(number) == Position(file, line, column)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("sv-map 2\n", 1),
        ("sv-map 1\nL 1 0 1 1\n", 2),
        ("sv-map 1\nF 0 a\nL 1 0 1\n", 3),
        ("sv-map 1\nF 0 a\nL x 0 1 1\n", 3),
        ("sv-map 1\nF 0 a\nX\n", 3),
        ("sv-map 1\nF 0 a\nQ 1 2\n", 3),
    ],
)
def test_other_files_are_refused_with_their_line(text: str, line: int) -> None:
    with pytest.raises(HdlError) as caught:
        parse_line_map(text, "u.map")
    assert caught.value.diagnostics[0].position == Position("u.map", line)


MAP = LineMap(
    (Run(1, "rtl/a.sv", 10, (1, 8, 9)), Run(4, "rtl/a.sv", 12, (5,))),
    {},
)
SOURCE = {("rtl/a.sv", 10): "module a;", ("rtl/a.sv", 12): "\tif x"}


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (
            "%Error: u.sv:2:1: syntax error\n    2 | a\n      | ^\n        ... See the manual\n",
            "%Error: rtl/a.sv:10:8: syntax error\n   10 | module a;\n      |        ^\n        ... See the manual\n",
        ),
        (
            "%Warning-X: u.sv:4:1: text\n                 : ... note: In instance 't'\n    4 | x\n      | ^\n",
            "%Warning-X: rtl/a.sv:12:5: text\n                 : ... note: In instance 't'\n"
            "   12 | \tif x\n      | \t   ^\n",
        ),
        (
            "%Error: u.sv:2:1: twice\n    2 | a\n      | ^\n"
            "        u.sv:4:1: ... Location of original\n    4 | x\n      | ^\n",
            "%Error: rtl/a.sv:10:8: twice\n   10 | module a;\n      |        ^\n"
            "        rtl/a.sv:12:5: ... Location of original\n   12 | \tif x\n      | \t   ^\n",
        ),
        ("[5] %Error: u.sv:4: Assertion failed in t.u\n", "[5] %Error: rtl/a.sv:12:5: Assertion failed in t.u\n"),
        ("%Error: other.sv:4:1: x\n    4 | x\n", "%Error: other.sv:4:1: x\n    4 | x\n"),
        ("no place at all | with a bar\n", "no place at all | with a bar\n"),
        ("", ""),
    ],
)  # fmt: skip
def test_places_in_output_are_led_back(output: str, expected: str) -> None:
    assert translate(output, {"u.sv": MAP}, lambda file, line: SOURCE.get((file, line))) == expected


def test_excerpts_are_left_out_where_the_source_is_unknown() -> None:
    output = "%Error: u.sv:2:1: syntax error\n    2 | a\n      | ^\nnext\n"
    assert translate(output, {"u.sv": MAP}) == "%Error: rtl/a.sv:10:8: syntax error\nnext\n"


def test_messages_of_verilator_and_of_the_simulation(folder: Path, simulators: Simulators) -> None:
    text = "// one\nmodule t;\n\n  /* two */ logic [3:0] odd = 5'd17;\n  initial begin\n    #1;\n"
    text += '    assert (odd == 2)\n      else $error("odd=%0d", odd);\n    $finish;\n  end\nendmodule\n'
    done = run_case(f"@ //x:t rtl/t.sv top=t\n{text}")
    assert not done.problems
    maps = {"x_t.sv": parse_line_map(done.results["//x:t"].line_map.to_text(), "t.map")}
    lines = text.splitlines()
    files = write_isolated(done)
    warned = translate(simulators.verilate(files, "t").messages, maps, lambda _f, n: lines[n - 1])
    assert "%Warning-WIDTHTRUNC: rtl/t.sv:4:31: " in warned
    assert "    4 |   /* two */ logic [3:0] odd = 5'd17;\n" in warned
    ran = simulators.start(files, "t")
    assert ran.returncode != 0
    printed = translate(ran.stdout + ran.stderr, maps)
    assert "rtl/t.sv:8:12: Assertion failed" in printed or "rtl/t.sv:7:5: Assertion failed" in printed, printed
    assert "odd=1" in printed
