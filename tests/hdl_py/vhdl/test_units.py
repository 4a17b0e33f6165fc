"""Versions of VHDL units: the files that GHDL gets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hdl_py.errors import HdlError
from hdl_py.text.source import SourceText
from hdl_py.vhdl.front_end import VhdlFrontEnd
from hdl_py.vhdl.target import VhdlUnit
from hdl_py.vhdl.units import version_sources

P = b"package p is\n  constant c : integer := 5;\nend package p;\n"
E = b"library lib;\nentity e is end entity;\narchitecture a of e is\n  constant k : integer := lib.p.c;\nbegin end;\n"


def unit(label: str, version: str, library: str, deps: tuple[str, ...], text: bytes) -> VhdlUnit:
    """A unit of one file, named after its label."""
    path = label.replace("//", "").replace(":", "/") + ".vhd"
    return VhdlUnit(label, version, library, deps, (SourceText(path, text),))


P1 = unit("//v1:p", "1.0.0", "lib", (), P)
P2 = unit("//v2:p", "2.0.0", "lib", (), P)


def written(wanted: VhdlUnit, *below: VhdlUnit) -> bytes:
    """The only file of a unit."""
    return next(iter(version_sources(wanted, below, VhdlFrontEnd()).values()))


def test_a_unit_with_a_version_declares_mangled_names_and_keeps_every_other_byte() -> None:
    assert written(P1) == P.replace(b" p ", b" p_v1_0_0 ").replace(b"p;", b"p_v1_0_0;")


def test_dependents_get_the_version_that_their_deps_lead_to() -> None:
    e1 = unit("//:e", "", "work", ("//v1:p",), E)
    assert written(e1, P1) == E.replace(b"lib.p.c", b"lib.p_v1_0_0.c")
    assert written(replace(e1, deps=("//v2:p",)), P2) == E.replace(b"lib.p.c", b"lib.p_v2_0_0.c")


def test_two_versions_below_need_no_word_from_the_top() -> None:
    e = unit("//:e", "", "work", ("//v1:p",), E)
    f = unit("//:f", "", "work", ("//v2:p",), E.replace(b"e is", b"f is").replace(b"of e", b"of f"))
    top = b"entity t is end;\narchitecture a of t is\nbegin\n  u : entity work.e;\n  v : entity work.f;\nend;\n"
    assert written(unit("//:t", "", "work", ("//:e", "//:f"), top), P1, P2, e, f) == top


def test_a_unit_of_no_direct_dependency_is_refused_with_the_command() -> None:
    f = unit("//:f", "", "work", ("//v1:p",), E.replace(b"e is", b"f is").replace(b"of e", b"of f"))
    with pytest.raises(HdlError) as caught:
        written(unit("//:e", "", "work", ("//:f",), E), P1, f)
    assert caught.value.render() == (
        "/e.vhd:4:31: error: the package p is in //v1:p, which is no direct dependency of //:e "
        "[undeclared-dependency]\n"
        "    buildozer 'add deps //v1:p' //:e"
    )


def test_a_component_of_a_dependency_may_lead_further() -> None:
    n = unit("//v1:n", "1.0.0", "work", (), b"entity n is end;\n")
    parts = unit("//:parts", "", "work", ("//v1:n",), b"package parts is\n  component n is end component;\nend;\n")
    text = b"use work.parts.all;\nentity e is end;\narchitecture a of e is begin\n  u : n;\nend;\n"
    assert written(unit("//:e", "", "work", ("//:parts",), text), n, parts) == text.replace(b": n;", b": n_v1_0_0;")
    with pytest.raises(HdlError, match=r"e\.vhd:4:\d+: error: the entity n is in //v1:n, which is no direct"):
        written(unit("//:e", "", "work", ("//:parts",), text.replace(b"u : n;", b"u : entity work.n;")), n, parts)
    own = text.replace(b"a of e is begin", b"a of e is component n is end component; begin")
    with pytest.raises(HdlError, match=r"e\.vhd:3:\d+: error: the entity n is in //v1:n, which is no direct"):
        written(
            unit("//:e", "", "work", ("//:mid",), own),
            n,
            unit("//:mid", "", "work", ("//v1:n",), b"entity m is end;\n"),
        )


def test_a_component_in_a_comment_is_none() -> None:
    text = b"use work.n;\nentity e is end;\narchitecture a of e is begin\n  u : entity work.n;\nend;\n"
    n = unit("//v1:n", "1.0.0", "work", (), b"entity n is end;\n")
    for said in (b"-- component n is end component;\n", b"/* component n */\n"):
        mid = unit("//:mid", "", "work", ("//v1:n",), said + b"entity m is end;\n")
        with pytest.raises(HdlError) as caught:
            written(unit("//:e", "", "work", ("//:mid",), text), n, mid)
        assert "e.vhd:1:10: error: the entity n is in //v1:n, which is no direct dependency of //:e" in str(
            caught.value.render()
        )


def test_a_unit_without_a_version_is_asked_for_too() -> None:
    plain = unit("//plain:q", "", "work", (), b"package q is constant c : integer := 1; end;\n")
    mid = unit("//:mid", "", "work", ("//plain:q",), b"use work.q.all;\nentity m is end;\n")
    text = b"use work.q.all;\n" + E
    with pytest.raises(HdlError) as caught:
        written(unit("//:e", "", "work", ("//:mid", "//v1:p"), text), P1, plain, mid)
    assert caught.value.render() == (
        "/e.vhd:1:10: error: the package q is in //plain:q, which is no direct dependency of //:e "
        "[undeclared-dependency]\n"
        "    buildozer 'add deps //plain:q' //:e"
    )
    assert written(unit("//:e", "", "work", ("//:mid", "//v1:p", "//plain:q"), text), P1, plain, mid) == text.replace(
        b"lib.p.c", b"lib.p_v1_0_0.c"
    )


def test_both_versions_as_direct_dependencies_are_refused_by_label() -> None:
    with pytest.raises(HdlError) as caught:
        written(unit("//:e", "", "work", ("//v1:p", "//v2:p"), E), P1, P2)
    assert "1.0.0 of //v1:p and 2.0.0 of //v2:p" in caught.value.render()
    assert "buildozer 'remove deps //v2:p' //:e" in caught.value.render()


def test_a_version_that_makes_no_name_is_refused() -> None:
    with pytest.raises(HdlError, match="bad-version"):
        written(replace(P1, version="--"))


def test_places_in_messages_are_the_users() -> None:
    taken = E.replace(b"constant k", b"constant p_v1_0_0")
    with pytest.raises(HdlError, match=r"e\.vhd:4:\d+: error: .*p_v1_0_0"):
        written(unit("//:e", "", "work", ("//v1:p",), taken), P1)


def test_a_name_that_two_versions_below_might_mean_is_refused_with_the_command() -> None:
    users = [
        unit(
            f"//:{n}", "", "work", (dep,), E.replace(b"e is", n.encode() + b" is").replace(b"of e", b"of " + n.encode())
        )
        for n, dep in (("f", "//v1:p"), ("g", "//v2:p"))
    ]
    with pytest.raises(HdlError) as caught:
        written(unit("//:e", "", "work", ("//:f", "//:g"), E), P1, P2, *users)
    text = caught.value.render()
    assert "e.vhd:4:31: error: the dependencies of //:e lead to several versions of 'p'" in text
    assert "buildozer 'add deps //v1:p' //:e" in text
    assert 'depends"' not in text


def test_a_version_and_a_unit_without_one_are_refused_together_by_label() -> None:
    plain = unit("//plain:p", "", "lib", (), P)
    with pytest.raises(HdlError) as caught:
        written(unit("//:e", "", "work", ("//v1:p", "//plain:p"), E), P1, plain)
    assert "1.0.0 of //v1:p and none of //plain:p" in caught.value.render()


def test_equal_names_in_two_libraries_are_no_versions_of_one_core() -> None:
    other = unit("//other:p", "2.0.0", "misc", (), P)
    assert written(unit("//:e", "", "work", ("//v1:p", "//other:p"), E), P1, other) == E.replace(
        b"lib.p.c", b"lib.p_v1_0_0.c"
    )
