"""Sorting what Verilator writes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdl_py.simulator.sources import is_slow, sort_sources, with_unit_scope


@pytest.mark.parametrize(
    ("name", "slow"),
    [
        ("Vt___024root__0.cpp", False),
        ("Vt___024root__0__Slow.cpp", True),
        ("Vt___024root__Slow.cpp", True),
        ("Vt__Syms__Slow.cpp", True),
        ("Vt__Trace__0.cpp", False),
        ("Vt__Trace__0__Slow.cpp", True),
        ("Vt.cpp", False),
    ],
)
def test_start_up_code_is_told_from_the_rest(name: str, slow: bool) -> None:
    assert is_slow(name) is slow


def test_files_with_paths_and_times_are_left_out() -> None:
    made = sort_sources(
        {"Vt.h": b"h", "Vt.cpp": b"c", "Vt.mk": b"/root", "Vt__ver.d": b"/root", "Vt__verFiles.dat": b"1"}
    )
    assert dict(made.headers) == {"Vt.h": b"h"}
    assert dict(made.sources) == {"model_0.cpp": b"c"}


def test_there_is_always_a_translation_unit() -> None:
    made = sort_sources({})
    assert (dict(made.headers), dict(made.sources)) == ({}, {"model_0.cpp": b"// No code here.\n"})


@given(
    sizes=st.lists(st.tuples(st.integers(0, 900), st.booleans()), max_size=30),
    group=st.integers(1, 1000),
)
def test_units_hold_every_file_once_and_start_up_code_last(sizes: list[tuple[int, bool]], group: int) -> None:
    names = [f"V__{n:02}__Slow.cpp" if slow else f"V__{n:02}.cpp" for n, (_, slow) in enumerate(sizes)]
    files = {name: b"// " + name.encode() + b" " + b"x" * size for name, (size, _) in zip(names, sizes, strict=True)}
    made = sort_sources(files, group_bytes=group)
    text = b"\n".join(made.sources.values())
    found = re.findall(rb"^// (V__\S+) ", text, re.M)
    assert found == [n.encode() for n in (*(n for n in names if not is_slow(n)), *(n for n in names if is_slow(n)))]
    for unit in made.sources.values():
        hot, *cold = unit.split(b"#undef VL_ATTR_COLD")
        assert len(cold) <= 1
        assert b"__Slow" not in hot
        assert not re.search(rb"// V__\d+\.cpp", b"".join(cold))


def test_units_are_of_like_size() -> None:
    files = {f"V__{n}.cpp": b"x" * 100 for n in range(12)} | {f"V__{n}__Slow.cpp": b"y" * 400 for n in range(4)}
    made = sort_sources(files, group_bytes=500)
    counts = [(unit.count(b"x") // 100, unit.count(b"y" * 400)) for unit in made.sources.values()]
    assert counts == [(5, 0), (6, 0), (1, 4)]
    assert list(made.sources) == ["model_0.cpp", "model_1.cpp", "model_2.cpp"]


def test_a_model_of_less_than_two_groups_is_one_unit() -> None:
    files = {"V.cpp": b"x" * 100, "V__0.cpp": b"x" * 40, "V__0__Slow.cpp": b"cold"}
    assert len(sort_sources(files, group_bytes=100).sources) == 1
    assert len(sort_sources(files, group_bytes=60).sources) == 2


def test_the_name_of_a_scope_alone_is_replaced() -> None:
    text = b"""
    VL_WRITEF_NX("%m a__unit\\n",1, 'M',vlSymsp->name(),"a__unit.f");
    VL_SFORMAT_NX(64,x,"%m",1,'M',
                  vlSymsp->name(),"a__unit");
    VL_WRITEF_NX("%m",1, 'M',vlSymsp->name(),"a__unit2.f");
    ctor(this, "a__unit");
"""
    done = with_unit_scope(text, ["a__unit"])
    assert done == text.replace(b'"a__unit.f"', b'"$unit.f"').replace(b'name(),"a__unit")', b'name(),"$unit")')
    assert done != text
    assert with_unit_scope(text, ["b__unit"]) == text
    assert with_unit_scope(text, []) == text
