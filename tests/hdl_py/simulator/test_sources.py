"""Sorting what Verilator writes."""

import pytest

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


NOTHING = {"slow_0.cpp": b"// No code here.\n"}


def test_files_with_paths_and_times_are_left_out() -> None:
    made = sort_sources(
        {"Vt.h": b"h", "Vt.cpp": b"c", "Vt.mk": b"/root", "Vt__ver.d": b"/root", "Vt__verFiles.dat": b"1"}
    )
    assert dict(made.headers) == {"Vt.h": b"h"}
    assert dict(made.fast) == {"fast_0.cpp": b"c"}
    assert dict(made.slow) == NOTHING


def test_no_part_is_without_a_file() -> None:
    made = sort_sources({})
    assert (dict(made.headers), dict(made.fast)) == ({}, {"fast_0.cpp": b"// No code here.\n"})
    assert dict(made.slow) == NOTHING


def test_groups_hold_every_file_once_in_order_of_names() -> None:
    files = {f"V{n}.cpp": bytes([65 + n]) * 40 for n in range(10)}
    made = sort_sources(files, group_bytes=100, joined_bytes=0)
    assert len(made.fast) == 5
    joined = b"".join(made.fast[f"fast_{n}.cpp"] for n in range(5)).replace(b"\n", b"")
    assert joined == b"".join(files[name] for name in sorted(files))


def test_a_file_larger_than_a_group_is_one_group() -> None:
    assert len(sort_sources({"a.cpp": b"x" * 500, "b.cpp": b"y" * 17}, group_bytes=100, joined_bytes=0).fast) == 2


def test_what_is_small_joins_its_neighbour_of_any_size() -> None:
    files = {"a.cpp": b"a" * 16, "b.cpp": b"b" * 500, "c.cpp": b"c" * 16, "d.cpp": b"d" * 500}
    made = sort_sources(files, group_bytes=100, joined_bytes=0).fast
    assert list(made.values()) == [b"\n".join([files["a.cpp"], files["b.cpp"], files["c.cpp"]]), files["d.cpp"]]


def test_a_small_model_is_one_translation_unit_with_start_up_code_last() -> None:
    files = {"V.cpp": b"top", "V__0.cpp": b"hot", "V__0__Slow.cpp": b"cold", "V.h": b"h"}
    made = sort_sources(files, joined_bytes=10)
    assert (dict(made.fast), dict(made.slow)) == ({"fast_0.cpp": b"top\nhot\ncold"}, NOTHING)
    made = sort_sources(files, joined_bytes=9)
    assert (dict(made.fast), dict(made.slow)) == ({"fast_0.cpp": b"top\nhot"}, {"slow_0.cpp": b"cold"})


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
