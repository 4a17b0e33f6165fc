"""Names of crates, methods, types and C++ members never silently meet."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdl_py.errors import HdlError
from hdl_py.verilated.cxx_names import member, needs_renaming
from hdl_py.verilated.names import (
    RUST_KEYWORDS,
    camel_case,
    check_crate_names,
    crate_base,
    disjoint,
    distinct_types,
    library_file,
    method_stems,
    raw_identifier,
    rust_identifier,
    unique_bases,
)

names = st.text(min_size=1, max_size=12)
few = st.lists(st.sampled_from(["a", "A", "a_2", "a_3", "a-b", "a+b", "3x", "", "é"]), max_size=10)


@pytest.mark.parametrize(
    ("name", "base"),
    [("fifo", "fifo"), ("3to8", "ext_3to8"), ("a-b.c", "a_b_c"), ("é", "_"), ("", "_"), ("FIFO", "FIFO")],
)
def test_crate_bases(name: str, base: str) -> None:
    assert crate_base(name) == base


@given(few)
def test_unique_bases_are_unique_and_stable(wanted: list[str]) -> None:
    bases = unique_bases(wanted)
    assert len({base.casefold() for base in bases}) == len(wanted)
    assert unique_bases(wanted) == bases
    # A further name never changes those before it, unless it asks for one of their suffixes.
    assert unique_bases([*wanted, "quite_another"])[: len(wanted)] == bases


def test_a_suffix_never_takes_a_name_that_is_asked_for() -> None:
    assert unique_bases(["a", "a", "a_2"]) == ("a", "a_3", "a_2")
    assert unique_bases(["a", "a_2", "a"]) == ("a", "a_2", "a_3")
    assert unique_bases(["a", "A"]) == ("a", "A_2")


def test_crate_names_that_cannot_live_together() -> None:
    check_crate_names(["verilated_a", "verilated_b"])
    with pytest.raises(HdlError, match="two crates of one program are called verilated_a"):
        check_crate_names(["verilated_a", "verilated_a"])
    with pytest.raises(HdlError, match="two crates of one program are called verilated_a and Verilated_A"):
        check_crate_names(["verilated_a", "Verilated_A"])
    for bad in ("a-b", "1a", "", "fn", "self"):
        with pytest.raises(HdlError, match="is no crate name"):
            check_crate_names([bad])


def test_library_names() -> None:
    found = [library_file("verilated_a", platform) for platform in ("linux", "darwin", "win32")]
    assert found == ["libverilated_a_ffi.so", "libverilated_a_ffi.dylib", "verilated_a_ffi.dll"]


@given(names)
def test_every_name_has_an_identifier_and_a_type_name(name: str) -> None:
    for made in (rust_identifier(name), camel_case(name)):
        assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", made), made
        assert made not in ("self", "Self", "super", "crate", "_")
    assert raw_identifier(rust_identifier(name)).removeprefix("r#") not in RUST_KEYWORDS or raw_identifier(
        rust_identifier(name)
    ).startswith("r#")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("bus_req_t", "BusReqT"),
        ("IDLE", "Idle"),
        ("ST_RESET", "StReset"),
        ("rxFifo", "RxFifo"),
        ("axi4_req_t", "Axi4ReqT"),
        ("self", "Self_"),
        ("4x", "_4x"),
        ("__", "__"),
    ],
)
def test_camel_case(name: str, wanted: str) -> None:
    assert camel_case(name) == wanted


def test_variants_that_would_meet_keep_their_own_names() -> None:
    assert distinct_types(["A_B", "AB", "C"]) == ("AB", "Ab", "C")
    assert distinct_types(["IDLE", "idle", "RUN"]) == ("IDLE", "idle", "Run")


@given(few, few)
def test_disjoint_names(wanted: list[str], reserved: list[str]) -> None:
    out = disjoint(wanted, reserved)
    assert len(set(out)) == len(out)
    assert not set(out) & set(reserved)


PATTERNS = ("{}", "set_{}", "try_set_{}")


@given(
    st.lists(
        st.sampled_from(["a", "set_a", "try_set_a", "set_set_a", "port_a", "eval", "self", "a+", "a-"]), unique=True
    )
)
def test_methods_never_meet(ports: list[str]) -> None:
    reserved = ("eval", "new")
    stems = method_stems(ports, dict.fromkeys(ports, PATTERNS), reserved)
    methods = [pattern.format(stem) for stem in stems for pattern in PATTERNS]
    assert len(set(methods)) == len(methods)
    assert not set(methods) & set(reserved)


def test_a_clash_renames_the_port_that_is_called_like_a_method() -> None:
    patterns = {"value": PATTERNS, "set_value": ("{}",)}
    assert method_stems(["set_value", "value"], patterns, ()) == ("port_set_value", "value")
    assert method_stems(["eval"], {"eval": PATTERNS}, ("eval",)) == ("port_eval",)
    escaped = ["a.b", "a_b", "a-b"]
    assert method_stems(escaped, dict.fromkeys(escaped, PATTERNS), ()) == ("port_a_b", "a_b", "port_a_b_2")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("clk", "clk"),
        ("a__b", "a___05Fb"),
        ("a___b", "a___05F_b"),
        ("mid____dle", "mid___05F___05Fdle"),
        ("__lead", "___05Flead"),
        ("trail__", "trail___05F"),
        ("a+b", "a__02bb"),
        ("x$y", "x__024y"),
        ("9abc", "__039abc"),
        ("class", "__SYM__class"),
    ],
)
def test_members_of_the_model(name: str, wanted: str) -> None:
    assert member(name) == wanted


@pytest.mark.parametrize(
    "name", ["eval", "final", "trace", "name", "contextp", "NULL", "errno", "EOF", "INT_MAX", "m", "Vm", "this"]
)
def test_names_that_cpp_cannot_have(name: str) -> None:
    assert needs_renaming(name, "m", "Vm")


@pytest.mark.parametrize("name", ["clk", "EMPTY", "ENABLE", "class", "a__b", "E", "MAX", "M", "int_max"])
def test_names_that_cpp_can_have(name: str) -> None:
    assert not needs_renaming(name, "m", "Vm")
