"""Versions of compilation units: the names that `sv_unit` gives a unit's text."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from hdl_py.errors import HdlError
from hdl_py.mangle.streams import rename_tokens
from hdl_py.mangle.units import (
    KnownUnit,
    VersionedText,
    check_direct,
    check_version,
    message_with_user_names,
    version_text,
    with_user_names,
)
from hdl_py.sv.occurrences import SvFrontEnd
from hdl_py.sv.tokens import TokenStream
from hdl_py.text.position import Position, Span
from hdl_py.text.source import Edit, SourceText, apply_edits


def lines(text: str) -> bytes:
    """One token a line."""
    return ("\n".join(text.split()) + "\n").encode()


def versioned(
    label: str, version: str, text: str, units: tuple[KnownUnit, ...] = (), deps: tuple[str, ...] = ()
) -> tuple[KnownUnit, str, VersionedText]:
    """The unit as its dependents know it, its text, and what was done to it."""
    data = lines(text)
    result = version_text(label, version, data, units, deps, SvFrontEnd())
    after = apply_edits(data, result.edits)
    visible = tuple(re.findall(r"\b(?:module|package) (\w+)", text))
    return KnownUnit(label, version, result.renames, deps, after, visible), " ".join(after.decode().split()), result


P = "package p ; typedef logic [ {width} : 0 ] t ; endpackage"
P1 = versioned("//v1:p", "1.0.0", P.format(width=7))[0]
P2 = versioned("//v2:p", "2.0.0-rc.1", P.format(width=15))[0]
A = "module {name} ( input p :: t x ) ; import p :: * ; t q ; assign q = x ; endmodule"
A1 = versioned("//:a", "", A.format(name="a"), (P1,), ("//v1:p",))[0]
B2 = versioned("//:b", "", A.format(name="b"), (P2,), ("//v2:p",))[0]


def test_own_definitions_get_the_version() -> None:
    assert P1.renames == {"p": "p_v1_0_0"}
    assert P2.renames == {"p": "p_v2_0_0_rc_1"}
    assert P1.interface == lines(P.format(width=7)).replace(b"\np\n", b"\np_v1_0_0\n")


def test_a_dependent_gets_the_version_that_its_deps_lead_to() -> None:
    assert b"\np_v1_0_0\n" in A1.interface
    assert b"\np\n" not in A1.interface
    assert A1.interface.replace(b"\na\n", b"\nb\n") == B2.interface.replace(b"p_v2_0_0_rc_1", b"p_v1_0_0")
    assert not A1.renames


def test_two_versions_below_need_no_word_from_the_top() -> None:
    top = "module top ; logic [ 7 : 0 ] v ; logic [ 15 : 0 ] w ; a ua ( v ) ; b ub ( w ) ; endmodule"
    _, text, result = versioned("//:top", "", top, (P1, P2, A1, B2), ("//:a", "//:b"))
    assert text == top
    assert result == VersionedText()


def test_a_name_that_two_versions_below_might_mean_is_refused_with_the_command() -> None:
    with pytest.raises(HdlError) as caught:
        versioned("//:top", "", "module top ; p :: t v ; endmodule", (P1, P2, A1, B2), ("//:a", "//:b"))
    text = caught.value.render()
    assert "version-ambiguous-version" in text
    assert "//v1:p (version 1.0.0)" in text
    assert "//v2:p (version 2.0.0-rc.1)" in text
    assert "buildozer 'add deps //v1:p' //:top" in text


def test_places_in_messages_are_the_users() -> None:
    data = lines("module top ; p :: t v ; endmodule")
    place = {4: Position("top.sv", 7, 3)}
    with pytest.raises(HdlError, match=r"top\.sv:7:3: error"):
        version_text("//:top", "", data, (P1, P2, A1, B2), ("//:a", "//:b"), SvFrontEnd(), place=place)


def test_both_versions_as_direct_dependencies_are_refused_by_label() -> None:
    with pytest.raises(HdlError) as caught:
        check_direct("//:c", [P1, P2])
    assert "p of //v1:p (version 1.0.0) and of //v2:p (version 2.0.0-rc.1)" in caught.value.render()
    assert "buildozer 'remove deps //v2:p' //:c" in caught.value.render()
    check_direct("//:c", [P1, A1])


def test_a_version_and_a_unit_without_one_are_refused_together_by_label() -> None:
    plain = versioned("//plain:p", "", P.format(width=3))[0]
    with pytest.raises(HdlError) as caught:
        check_direct("//:c", [plain, P1])
    assert "p of //plain:p (no version) and of //v1:p (version 1.0.0)" in caught.value.render()
    assert "buildozer 'remove deps //v1:p' //:c" in caught.value.render()


def test_a_name_that_a_version_keeps_to_itself_is_no_version_of_it() -> None:
    """Helpers of two IPs may be called alike: each has its version's name, and nobody else refers to them."""
    one, two = (replace(p, visible=()) for p in (P1, P2))
    check_direct("//:c", [one, two])


def test_a_version_beside_a_unit_without_one_below() -> None:
    plain = versioned("//plain:p", "", P.format(width=3))[0]
    c = versioned("//:c", "", A.format(name="c"), (plain,), ("//plain:p",))[0]
    top = "module top ; logic [ 7 : 0 ] v ; logic [ 3 : 0 ] w ; a ua ( v ) ; c uc ( w ) ; endmodule"
    assert versioned("//:top", "", top, (plain, P1, A1, c), ("//:a", "//:c"))[1] == top


def test_a_unit_above_an_older_version_of_itself() -> None:
    """A new `p` whose helper still uses the old one."""
    text = "package p ; localparam int W = 3 ; endpackage module m ; logic [ 7 : 0 ] v ; a ua ( v ) ; endmodule"
    after = versioned("//v3:p", "3.0.0", text, (P1, A1), ("//:a",))[1]
    assert after == text.replace(" p ;", " p_v3_0_0 ;").replace("module m ;", "module m_v3_0_0 ;")


@pytest.mark.parametrize(
    ("units", "code", "fix"),
    [
        (("//x:p", "//y:p"), "duplicate-definition", "buildozer 'set version 1.0.0' //y:p"),
        (("//x:p 1.0", "//y:p 1-0"), "meeting-names", "buildozer 'set version 1.0.0' //x:p"),
    ],
)
def test_names_that_meet_are_refused_with_the_command(units: tuple[str, str], code: str, fix: str) -> None:
    known, users = [], []
    for n, described in enumerate(units):
        label, _, version = described.partition(" ")
        known.append(versioned(label, version, P.format(width=n))[0])
        users.append(versioned(f"//:u{n}", "", A.format(name=f"u{n}"), (known[-1],), (label,))[0])
    # Something below has a version, or nothing would be compared.
    text = "module top ; endmodule"
    with pytest.raises(HdlError) as caught:
        versioned("//:top", "", text, (*known, P2, *users), ("//:u0", "//:u1"))
    assert f"version-{code}" in caught.value.render()
    assert fix in caught.value.render()


def test_names_that_only_look_alike_stay() -> None:
    text = "module m ; logic p_x ; logic x ; typedef struct packed { logic p ; } s ; s r ; assign r . p = x ; endmodule"
    assert versioned("//:m", "", text, (P1,), ("//v1:p",))[1] == text


def test_a_mangled_name_that_is_taken_is_refused() -> None:
    with pytest.raises(HdlError, match="p_v1_0_0"):
        versioned("//:m", "", "module m ; logic p_v1_0_0 ; p :: t x ; endmodule", (P1,), ("//v1:p",))


@pytest.mark.parametrize("version", ["-", "...", "_"])
def test_a_version_without_a_letter_or_digit_is_refused(version: str) -> None:
    with pytest.raises(HdlError, match=r'version = "1\.2\.0"'):
        check_version("//:m", version)


def test_the_users_names_come_back() -> None:
    back = {"p_v1_0_0": "p"}
    assert with_user_names(b"p_v1_0_0 xp_v1_0_0 p_v1_0_0x p", back) == b"p xp_v1_0_0 p_v1_0_0x p"
    assert message_with_user_names("no 'a_v1' in p_v1_0_0", [P1], {"a": "a_v1"}) == "no 'a' in p"


def test_edits_go_into_their_tokens_and_places_stay() -> None:
    stream = TokenStream([b"module", b"\\m ", b'"a\nm"', b"m"], [1, 1, 2, 3], [(0, "m.sv")])
    renamed = rename_tokens(stream, [Edit(Span(8, 9), b"m_v1"), Edit(Span(17, 18), b"m_v1")])
    assert renamed.tokens == [b"module", b"\\m_v1 ", b'"a\nm"', b"m_v1"]
    assert renamed.lines == stream.lines


def test_a_renamed_token_and_those_behind_it_keep_their_columns() -> None:
    text = b"module t; m #(1) u(); m v(x); `M(m) endmodule\n"
    source = SourceText("m.sv", text)
    words = b"module t ; m # ( 1 ) u ( ) ; m v ( x ) ; endmodule".split()
    stream = TokenStream(words, [1] * len(words), [(0, "m.sv")], sources={"m.sv": source})
    at = [n for n, w in enumerate(words) if w == b"m"]
    starts = [sum(len(w) + 1 for w in words[:n]) for n in at]
    renamed = rename_tokens(stream, [Edit(Span(s, s + 1), b"m_v1") for s in starts])
    assert [renamed.tokens[n] for n in at] == [b"m_v1", b"m_v1"]
    before = [stream.position(n) for n in range(len(words))]
    assert [renamed.position(n) for n in range(len(words))] == before
    assert before[at[0]].column == 11
    plain = replace(stream, sources={"m.sv": SourceText("m.sv", text.replace(b"`M(m) ", b""))})
    again = rename_tokens(plain, [Edit(Span(s, s + 1), b"m_v1") for s in starts])
    assert list(again.places(range(len(words)))) == list(plain.places(range(len(words))))
    assert again.position(at[1]).column == 23
