"""The generated main."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdl_py.errors import HdlError
from hdl_py.simulator.main_cpp import (
    Clock,
    MainRequest,
    Reset,
    checked_plusargs,
    cpp_member,
    cpp_string,
    main_cpp,
    parse_clock,
    parse_reset,
)


@pytest.mark.parametrize(
    ("text", "femtoseconds"),
    [("clk=10ns", 10_000_000), ("clk=2.5ns", 2_500_000), ("clk=2fs", 2), ("clk=1 us", 10**9), ("clk=1s", 10**15)],
)
def test_periods(text: str, femtoseconds: int) -> None:
    assert parse_clock("//x:s", text) == Clock("clk", femtoseconds)


@pytest.mark.parametrize("text", ["clk=0ns", "clk=1fs", "clk=10", "clk=ns", "clk=-1ns", "clk=10 parsecs", "clk"])
def test_a_period_that_is_none_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(HdlError, match=r'clocks = \{"clk": "10ns"\}'):
        parse_clock("//x:s", text)


def test_reset_levels() -> None:
    assert parse_reset("//x:s", "rst_n=low") == Reset("rst_n", active_high=False)
    assert parse_reset("//x:s", "rst=high") == Reset("rst", active_high=True)
    with pytest.raises(HdlError, match="the level that resets"):
        parse_reset("//x:s", "rst=1")


def test_plusargs_begin_with_plus() -> None:
    assert checked_plusargs("//x:s", ["+a", "+b=c d"]) == ("+a", "+b=c d")
    with pytest.raises(HdlError, match=r"write '\+verbose'"):
        checked_plusargs("//x:s", ["verbose"])


@pytest.mark.parametrize(
    ("port", "member"),
    [
        ("clk", "clk"),
        ("a__b", "a___05Fb"),
        ("a___b", "a___05F_b"),
        ("q$", "q__024"),
        ("1x", "__031x"),
        ("a.b", "a__02Eb"),
    ],
)
def test_member_names_are_verilators(port: str, member: str) -> None:
    assert cpp_member(port) == member


@given(st.text(alphabet=st.characters(blacklist_categories=("Cs",)), max_size=30))
def test_string_literals_read_back(text: str) -> None:
    literal = cpp_string(text)
    assert literal.isascii()
    assert "\n" not in literal
    body = re.sub(r"\\(\d{3}|.)", lambda m: chr(int(m[1], 8)) if m[1].isdigit() else m[1], literal[1:-1])
    assert body.encode("latin-1") == text.encode()


def request(**settings: object) -> MainRequest:
    base = {
        "label": "//x:s", "top": "t", "prefix": "Vt", "workspace": "_main", "trace": "none", "timing": False,
        "clocks": (Clock("clk", 10_000_000),), "resets": (Reset("rst_n", False), Reset("rst", True)),
        "reset_cycles": 5, "max_cycles": 0, "seed": 1, "plusargs": (), "maps": (),
    }  # fmt: skip
    return MainRequest(**{**base, **settings})  # type: ignore[arg-type]


def test_resets_are_asserted_at_their_level() -> None:
    text = main_cpp(request())
    assert "top_.rst_n = asserted ? 0 : 1;" in text
    assert "top_.rst = asserted;" in text


def test_each_trace_kind_brings_its_writer() -> None:
    assert "VerilatedFstC file_;" in main_cpp(request(trace="fst"))
    assert "VerilatedVcdC file_;" in main_cpp(request(trace="vcd"))
    assert "file_" not in main_cpp(request())


def test_settings_cannot_break_out_of_their_strings() -> None:
    text = main_cpp(request(plusargs=('+a="x"; //\n#error',)))
    assert "#error" in text
    assert not any(line.startswith("#error") for line in text.splitlines())


def test_no_settings_leave_nothing_undefined() -> None:
    text = main_cpp(request(clocks=(), resets=()))
    assert "{{" not in text.replace("{{ ", "")
    assert "config.clocks = {\n  };" in text
