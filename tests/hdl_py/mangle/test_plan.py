"""Plans: what is renamed, whom a name means, and which names can't stand side by side."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from hdl_py.mangle.engine import Outcome, Request, mangle
from hdl_py.mangle.model import Core, CoreId, Language
from hdl_py.sv.occurrences import SvFrontEnd
from hdl_py.text.source import SourceText
from hdl_py.vhdl.front_end import VhdlFrontEnd

SV, VHDL = Language.SYSTEMVERILOG, Language.VHDL


def core(
    name: str,
    version: str,
    text: str,
    depends: Mapping[str, str] | None = None,
    language: Language = SV,
    library: str = "work",
) -> Core:
    """A core of one file."""
    path = f"{name}-{version}.{'sv' if language is SV else 'vhd'}"
    return Core(CoreId(name, version), language, library, (SourceText(path, text.encode()),), (), (), {}, depends or {})


def run(*cores: Core, top: str = "") -> Outcome:
    """The rename."""
    return mangle(Request(cores, top), {SV: SvFrontEnd(), VHDL: VhdlFrontEnd()})


def text_of(outcome: Outcome, name: str, version: str = "1") -> str:
    """The first file of a core of the output."""
    found = [c for c in outcome.cores if c.id == CoreId(name, version)]
    assert len(found) == 1, [r.render() for r in outcome.refusals]
    return found[0].files[0].data.decode()


def causes(outcome: Outcome) -> set[tuple[str, str]]:
    """(code, core) of every refusal."""
    assert outcome.refusals
    assert outcome.cores == ()
    return {(r.code, r.core) for r in outcome.refusals}


M = "module n; endmodule\n"


def test_one_version_is_left_alone() -> None:
    outcome = run(core("unit", "1", M), core("user", "1", "module t; n u(); endmodule\n", {"unit": "1"}))
    assert not outcome.refusals
    assert not outcome.plan.renames
    assert text_of(outcome, "unit") == M


def test_only_shared_names_change() -> None:
    one, two = M + "module only1; n u(); endmodule\n", M + "module only2; endmodule\n"
    outcome = run(core("unit", "1", one), core("unit", "2", two))
    assert {d.name for d in outcome.plan.renames} == {"n"}
    assert text_of(outcome, "unit") == "module n_v1; endmodule\nmodule only1; n_v1 u(); endmodule\n"


def test_three_versions_and_their_users() -> None:
    units = [core("unit", v, M) for v in "123"]
    users = [core(f"user{v}", "1", f"module t{v}; n u(); endmodule\n", {"unit": v}) for v in "123"]
    outcome = run(*units, *users)
    for v in "123":
        assert text_of(outcome, f"user{v}") == f"module t{v}; n_v{v} u(); endmodule\n"


def test_the_version_that_the_dependencies_lead_to() -> None:
    outcome = run(
        core("unit", "1", M),
        core("unit", "2", M),
        core("mid", "1", "module mid; n u(); endmodule\n", {"unit": "2"}),
        core("user", "1", "module t; mid u(); n v(); endmodule\n", {"mid": "1"}),
    )
    assert text_of(outcome, "user") == "module t; mid u(); n_v2 v(); endmodule\n"


def test_a_direct_dependency_comes_before_an_indirect_one() -> None:
    outcome = run(
        core("unit", "1", M),
        core("unit", "2", M),
        core("mid", "1", "module mid; n u(); endmodule\n", {"unit": "2"}),
        core("user", "1", "module t; mid u(); n v(); endmodule\n", {"mid": "1", "unit": "1"}),
    )
    assert text_of(outcome, "user") == "module t; mid u(); n_v1 v(); endmodule\n"


def test_dependencies_that_lead_to_two_versions_are_refused_with_both_paths() -> None:
    outcome = run(
        core("unit", "1", M),
        core("unit", "2", M),
        core("a", "1", "module a; n u(); endmodule\n", {"unit": "1"}),
        core("b", "1", "module b; n u(); endmodule\n", {"unit": "2"}),
        core("user", "1", "module t; n v(); endmodule\n", {"a": "1", "b": "1"}),
    )
    assert causes(outcome) == {("ambiguous-version", "user")}
    (refusal,) = outcome.refusals
    assert (refusal.file, refusal.line, refusal.column, refusal.name) == ("user-1.sv", 1, 11, "n")
    assert "1 through user 1 -> a 1 -> unit 1" in refusal.message
    assert "2 through user 1 -> b 1 -> unit 2" in refusal.message


def test_a_top_above_two_versions_is_fine_if_it_names_neither() -> None:
    outcome = run(
        core("unit", "1", M),
        core("unit", "2", M),
        core("a", "1", "module a; n u(); endmodule\n", {"unit": "1"}),
        core("b", "1", "module b; n u(); endmodule\n", {"unit": "2"}),
        core("soc", "1", "module soc; wire n; a a(); b b(); endmodule\n", {"a": "1", "b": "1"}),
        top="soc",
    )
    assert not outcome.refusals
    assert outcome.top == "soc"


def test_the_top_is_renamed_with_its_definition() -> None:
    outcome = run(core("unit", "1", M), core("unit", "2", M), core("w", "1", "", {"unit": "1"}), top="n")
    assert not outcome.refusals
    assert outcome.top == "n_v2"


def test_a_top_that_may_be_two_is_refused() -> None:
    outcome = run(core("unit", "1", M), core("unit", "2", M), top="n")
    assert causes(outcome) == {("ambiguous-top", "")}
    assert "unit 1" in outcome.refusals[0].message
    assert "unit 2" in outcome.refusals[0].message


def test_a_top_that_is_nowhere_is_refused() -> None:
    assert causes(run(core("unit", "1", M), top="m")) == {("unknown-top", "")}


@pytest.mark.parametrize(("one", "two"), [("1.0", "1-0"), ("1.0", "1_0"), ("1.0+", "1.0")])
def test_versions_whose_names_meet_are_refused(one: str, two: str) -> None:
    outcome = run(core("unit", one, M), core("unit", two, M))
    assert causes(outcome) == {("meeting-names", "unit")}
    assert f"unit {one}" in outcome.refusals[0].message
    assert f"unit {two}" in outcome.refusals[0].message


def test_names_of_two_cores_that_meet_are_refused() -> None:
    outcome = run(
        core("a", "1_v2", M),
        core("a", "3", M),
        core("b", "2", "module n_v1; endmodule\n"),
        core("b", "4", "module n_v1; endmodule\n"),
    )
    assert causes(outcome) == {("meeting-names", "b")}
    assert "'n_v1_v2'" in outcome.refusals[0].message
    assert "a-1_v2.sv:1:8" in outcome.refusals[0].message
    assert "b-2.sv:1:8" in outcome.refusals[0].message


def test_a_name_that_two_cores_define_without_versions_is_refused() -> None:
    outcome = run(core("a", "1", M), core("b", "1", M))
    assert causes(outcome) == {("duplicate-definition", "b")}
    assert "a 1 (a-1.sv:1:8)" in outcome.refusals[0].message


def test_a_module_and_a_package_of_two_cores_may_share_a_name() -> None:
    assert not run(core("a", "1", M), core("b", "1", "package n; endpackage\n")).refusals


def test_unit_items_of_two_cores_may_share_a_name() -> None:
    assert not run(core("a", "1", "typedef int n;\n"), core("b", "1", "class n; endclass\n")).refusals


def test_vhdl_folds_names_together() -> None:
    entity = "entity N is end;\n"
    outcome = run(core("a", "1", M), core("b", "1", entity, language=VHDL))
    assert causes(outcome) == {("case-folding", "b")}
    outcome = run(core("a", "1", M), core("b", "1", entity, language=VHDL, library="other"))
    assert not outcome.refusals


def test_new_names_that_vhdl_folds_together_are_refused() -> None:
    outcome = run(
        core("unit", "1a", "entity n is end;\n", language=VHDL),
        core("unit", "1A", "entity n is end;\n", language=VHDL),
    )
    assert {r.code for r in outcome.refusals} == {"case-folding"}


def test_a_version_of_the_core_itself_below_it_is_refused() -> None:
    outcome = run(core("unit", "1", M), core("unit", "2", M + "module w; n u(); endmodule\n", {"unit": "1"}))
    assert causes(outcome) == {("ambiguous-version", "unit")}


def test_a_direct_dependency_that_lacks_the_name_is_refused() -> None:
    outcome = run(
        core("unit", "1", M),
        core("unit", "2", M),
        core("unit", "3", "module other; endmodule\n"),
        core("user", "1", "module t; n u(); endmodule\n", {"unit": "3"}),
    )
    assert causes(outcome) == {("undeclared-dependency", "user")}
    assert '"unit": "1" or "unit": "2"' in outcome.refusals[0].message


def test_a_name_of_one_version_alone_needs_its_dependency() -> None:
    """`helper` keeps its name, and the whole design would find it: nobody asked for that version."""
    outcome = run(
        core("unit", "1", M + "module helper; endmodule\n"),
        core("unit", "2", M),
        core("user", "1", "module t; helper u(); endmodule\n", {"unit": "2"}),
    )
    assert causes(outcome) == {("undeclared-dependency", "user")}


@pytest.mark.parametrize("use", ["localparam X = q::C;", "import q::*;", "import q::C;"])
def test_a_package_of_one_version_alone_needs_its_dependency(use: str) -> None:
    outcome = run(
        core("unit", "1", M + "package q; localparam C = 1; endpackage\n"),
        core("unit", "2", M),
        core("user", "1", f"module t;\n {use}\nendmodule\n", {"unit": "2"}),
    )
    assert causes(outcome) == {("undeclared-dependency", "user")}
    assert {(r.line, r.name) for r in outcome.refusals} == {(2, "q")}
    assert '"unit": "1"' in outcome.refusals[0].message


def test_cores_that_depend_on_each_other() -> None:
    a = "package n; import q::*; localparam C = D; endpackage\n"
    outcome = run(
        core("unit", "1", a, {"other": "1"}),
        core("unit", "2", "package n; endpackage\n"),
        core("other", "1", "package q; localparam D = 1; endpackage\nmodule t; localparam X = n::C; endmodule\n",
             {"unit": "1"}),
    )  # fmt: skip
    assert not outcome.refusals, [r.render() for r in outcome.refusals]
    assert "n_v1::C" in text_of(outcome, "other")


def test_every_cause_is_listed() -> None:
    outcome = run(
        core("unit", "1", M),
        core("unit", "2", M),
        core("a", "1", "module a; n u(); n v(); wire n_v1; endmodule\n"),
        core("b", "1", "module b; n u(); endmodule\n"),
        top="zz",
    )
    found = sorted((r.code, r.core, r.line, r.column) for r in outcome.refusals)
    assert found == [
        ("taken-name", "a", 1, 30),
        ("undeclared-dependency", "a", 1, 11),
        ("undeclared-dependency", "a", 1, 18),
        ("undeclared-dependency", "b", 1, 11),
        ("unknown-top", "", 0, 0),
    ]


def test_bytes_outside_the_edits_stay() -> None:
    weird = b"\xef\xbb\xbf// \xe9\xff\r\nmodule t; n u(); // \xc3\xa9\r /* \xa0\r */ \r\nendmodule\n\n\t "
    user = Core(CoreId("user", "1"), SV, "work", (SourceText("t.sv", weird),), (), (), {}, {"unit": "1"})
    outcome = run(core("unit", "1", M), core("unit", "2", M), user)
    assert not outcome.refusals, [r.render() for r in outcome.refusals]
    assert outcome.cores[2].files[0].data == weird.replace(b"n u", b"n_v1 u")


def test_a_core_that_cannot_be_parsed_and_names_nothing_is_left_alone() -> None:
    vendor = "module vendor; `unknown_thing(x) %% endmodule\n"
    outcome = run(core("unit", "1", M), core("unit", "2", M), core("vendor", "1", vendor))
    assert not outcome.refusals, [r.render() for r in outcome.refusals]
    assert text_of(outcome, "vendor") == vendor


def test_a_core_that_cannot_be_parsed_and_names_something_is_refused() -> None:
    vendor = "module vendor; `unknown_thing(n) %% endmodule\n"
    outcome = run(core("unit", "1", M), core("unit", "2", M), core("vendor", "1", vendor))
    assert causes(outcome) == {("syntax", "vendor")}
    assert (outcome.refusals[0].line, outcome.refusals[0].column) == (1, 16)


@pytest.mark.parametrize("data", [M.encode("utf-16"), M.encode("utf-16-le"), b"module n; \0 endmodule"])
def test_what_cannot_be_read_is_refused(data: bytes) -> None:
    broken = Core(CoreId("unit", "1"), SV, "work", (SourceText("n.sv", data),))
    assert causes(run(broken, core("unit", "2", M))) == {("encoding", "unit")}


@pytest.mark.parametrize(
    "text",
    [
        "module n; n u(); endmodule",
        "interface i(i p); endinterface module n; i u(); endmodule",
        "interface i(input i p); endinterface module n; i u(); endmodule",
        "interface i(j p); endinterface interface j(i.m p); endinterface module n; i u(); endmodule",
        "interface i(p); i p; endinterface module n; i u(); endmodule",
        "module n; n u(), v(); endmodule",
        "interface n; n u, v; endinterface",
        "module n; n #1 u(); n #2 v(); endmodule",
        "module n; n u[999:0](); endmodule",
        "module n; m u(); m v(); endmodule module m; n u(); n v(); endmodule",
        "module n #(parameter W = 0) (); if (W < 100000) begin : g n #(W + 1) u(), v(); end endmodule",
    ],
)
def test_a_recursion_without_end_is_refused_and_not_waited_for(text: str) -> None:
    units = [core("unit", v, f"{text}\nmodule top; n u(); endmodule\n") for v in "12"]
    assert {r.code for r in run(*units).refusals} == {"recursion"}


@pytest.mark.parametrize("includes", [1, 2])
def test_a_file_that_includes_itself_is_refused_and_not_waited_for(includes: int) -> None:
    text = M + '`include "unit-1.sv"\n' * includes
    assert causes(run(core("unit", "1", text), core("unit", "2", M))) == {("syntax", "unit")}
    vendor = "module v; endmodule\n" + '`include "vendor-1.sv"\n' * includes
    outcome = run(core("unit", "1", M), core("unit", "2", M), core("vendor", "1", vendor))
    assert not outcome.refusals
    assert text_of(outcome, "vendor") == vendor
