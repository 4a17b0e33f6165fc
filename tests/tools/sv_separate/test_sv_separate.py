"""The program that decides which units are verilated apart: from sources to what a model is verilated from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hdl_py.boundary.view import view_from_json
from tests.hdl_py.sv.running import preprocessor
from tools.arguments import run_program
from tools.sv_messages import main as sv_messages
from tools.sv_separate import main, parse_set
from tools.sv_unit import command as sv_unit

PKG = "package p;\n  localparam int ONE = 1;\nendpackage\n"
PRIVATE = "module inner (input logic clk, output logic y);\n  always_ff @(posedge clk) y <= ~y;\nendmodule\n"
LEAF = """\
typedef logic [7:0] byte_t;
module leaf #(parameter int K = 1) (input logic clk, input byte_t d, output byte_t q);
  always_ff @(posedge clk) q <= d + byte_t'(K + p::ONE);
endmodule
"""
TOP = "module top (input logic clk, input logic [7:0] d, output logic [7:0] q);\n  leaf u (.*);\nendmodule\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def unit(name: str, text: str, *deps: str, kind: str = "library") -> None:
    """Checks and isolates a unit."""
    Path(f"{name}.sv").write_text(text)
    tool = preprocessor()
    args = ["--label", f"//:{name}", "--kind", kind, "--src", f"{name}.sv", "--verilator", str(tool.binary)]
    args += ["--verilator-root", str(tool.root)]
    for dep in deps:
        args += ["--dep-json", f"//:{dep}={dep}.unit.json", "--dep-svi", f"{dep}.svi"]
    outs = {"json": "unit.json", "sv": "unit.sv", "svi": "svi", "map": "unit.map"}
    for flag, suffix in outs.items():
        args += [f"--out-{flag}", f"{name}.{suffix}"]
    assert run_program(sv_unit, "sv_unit", args) == 0


def decide(name: str, *below: str, more: tuple[str, ...] = ()) -> int:
    args = ["decide", "--unit-json", f"{name}.unit.json", "--sv", f"{name}.unit.sv", "--svi", f"{name}.svi"]
    for other in below:
        args += ["--view", f"{other}.view.json={other}.view.sv"]
    args += ["--out-view", f"{name}.view.sv", "--out-info", f"{name}.view.json"]
    args += ["--out-closure", f"{name}.closure", "--out-report", f"{name}.report.json"]
    code = main([*args, "--out-log", f"{name}.log", *more])
    if code:
        return code
    shown = ["--log", f"{name}.log", "--map", f"{name}.unit.map", "--out", f"{name}.checked"]
    try:
        return sv_messages([*shown, "--out-unused", f"{name}.unused"])
    except SystemExit as ended:
        return int(ended.code or 0)


def report(name: str) -> dict[str, object]:
    return dict(json.loads(Path(f"{name}.report.json").read_text()))


def chain(leaf: str = LEAF, *more: str) -> int:
    """A package and a leaf that uses it."""
    unit("p", PKG, kind="package")
    assert decide("p") == 0
    unit("leaf", leaf, "p")
    return decide("leaf", "p", more=more)


SEPARATE = ("--compile", "separate")


def test_a_unit_that_is_verilated_apart() -> None:
    assert chain(LEAF, *SEPARATE) == 0
    view = view_from_json(Path("leaf.view.json").read_text(), "")
    assert view.boundary
    assert view.module == "leaf"
    text = Path("leaf.view.sv").read_text()
    assert 'import "DPI-C"' in text
    assert "ONE" not in text  # no body
    assert Path("leaf.closure/order").read_text().splitlines() == ["p.unit.sv", "leaf.unit.sv"]
    sets = json.loads(Path("leaf.closure/sets.json").read_text())
    assert [one["contract"]["contract"] for one in sets["sets"]] == ["step"]
    assert Path(f"leaf.closure/{sets['sets'][0]['top']}.sv").is_file()
    assert report("leaf")["contract"] == "step"
    assert Path("leaf.unused").read_text() == "leaf.unit.map\n"


def test_what_parents_see_does_not_follow_the_body() -> None:
    assert chain(LEAF, *SEPARATE) == 0
    seen = [Path(f"leaf.view.{kind}").read_bytes() for kind in ("sv", "json")]
    unit("leaf", LEAF.replace("d + byte_t", "d - byte_t"), "p")
    assert decide("leaf", "p", more=SEPARATE) == 0
    assert [Path(f"leaf.view.{kind}").read_bytes() for kind in ("sv", "json")] == seen
    unit("leaf", LEAF.replace("input byte_t d", "input byte_t d, input logic more"), "p")
    assert decide("leaf", "p", more=SEPARATE) == 0
    assert Path("leaf.view.sv").read_bytes() != seen[0]


def test_parameters_that_are_not_listed_are_merged() -> None:
    assert chain() == 0
    assert Path("leaf.view.sv").read_bytes() == Path("leaf.unit.sv").read_bytes()
    assert list(Path("leaf.closure").iterdir()) == []
    (cause,) = report("leaf")["causes"]  # type: ignore[misc]
    assert cause["code"] == "parameters-not-listed"


def test_a_unit_that_is_too_small_is_merged_with_what_was_proven() -> None:
    assert chain(LEAF, "--set", "") == 0
    said = report("leaf")
    assert said["contract"] == "merged"
    assert [c["code"] for c in said["causes"]] == ["too-small"]  # type: ignore[attr-defined]
    assert said["sets"][0]["proven"]["contract"] == "step"  # type: ignore[index]


def test_each_parameter_set_has_a_harness() -> None:
    assert chain(LEAF, *SEPARATE, "--set", "", "--set", "K=7") == 0
    sets = json.loads(Path("leaf.closure/sets.json").read_text())["sets"]
    assert [one["parameters"] for one in sets] == [[], [["K", "7"]]]
    assert len({one["top"] for one in sets}) == 2
    assert "K === (7)" in Path("leaf.view.sv").read_text()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (PRIVATE.replace("output logic y", "inout wire z, output logic y"), "leaf.sv:1:"),
        (PRIVATE + PRIVATE.replace("inner", "other"), "several-modules"),
        (PRIVATE.replace("y <= ~y", "y <= #1 ~y"), "leaf.sv:2:"),
    ],
)
def test_a_unit_that_has_to_be_apart_and_can_not_be(text: str, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert chain(text, *SEPARATE) == 1
    assert code in capsys.readouterr().err
    assert Path("leaf.view.sv").read_bytes() == b""
    assert not Path("leaf.checked").exists()
    assert decide("leaf", "p") == 0
    assert report("leaf")["contract"] == "merged"


CHECKING = LEAF.replace("endmodule", "  always_comb unique case (d) 0, q: ; endcase\nendmodule")
SAMPLING = CHECKING.replace("endmodule", "  logic [7:0] r; always_ff @(posedge clk) r <= $past(q);\nendmodule")


def test_checks_that_would_see_values_between_are_merged(capsys: pytest.CaptureFixture[str]) -> None:
    assert chain(CHECKING, *SEPARATE, "--setting", "trace=vcd", "--setting", "coverage=on") == 0
    assert report("leaf")["contract"] == "step"
    assert chain(SAMPLING, *SEPARATE) == 1
    said = capsys.readouterr().err
    assert "combinational code of leaf checks or prints by d" in said
    assert "asserts = False" in said
    assert decide("leaf", "p", more=("--set", "K=40")) == 0
    assert report("leaf")["contract"] == "merged"
    # Without assertions there is no check.
    assert decide("leaf", "p", more=(*SEPARATE, "--setting", "asserts=off")) == 0
    assert report("leaf")["contract"] == "step"


def test_a_package_has_nothing_to_verilate() -> None:
    unit("p", PKG, kind="package")
    assert decide("p") == 0
    assert report("p") == {"causes": [], "contract": "merged", "label": "//:p", "module": "", "sets": []}


def gather(*units: str, views: tuple[str, ...], top: str = "top") -> int:
    Path("design.json").write_text(json.dumps({"definition": top}))
    args = ["gather", "--label", "//:sim", "--design", "design.json", "--out", "sources"]
    for name in units:
        args += ["--unit", f"{name}.unit.json={name}.unit.sv"]
    for name in views:
        args += ["--view", f"{name}.view.json={name}.view.sv"]
    return main(args)


def test_a_model_is_verilated_from_its_top_and_what_that_sees() -> None:
    assert chain(LEAF, *SEPARATE) == 0
    unit("top", TOP, "leaf")
    assert gather("top", views=("p", "leaf")) == 0
    assert Path("sources/order").read_text().splitlines() == ["leaf.view.sv", "top.unit.sv"]
    assert json.loads(Path("sources/apart.json").read_text()) == {"//:leaf": "leaf"}


def test_a_model_of_merged_units_has_their_texts() -> None:
    assert chain() == 0
    unit("top", TOP, "leaf")
    assert gather("top", views=("p", "leaf")) == 0
    assert Path("sources/order").read_text().splitlines() == ["p.unit.sv", "leaf.unit.sv", "top.unit.sv"]


def test_a_top_that_is_verilated_apart_has_to_be_a_direct_dependency(capsys: pytest.CaptureFixture[str]) -> None:
    assert chain(LEAF, *SEPARATE) == 0
    unit("top", TOP, "leaf")
    assert gather("top", views=("p", "leaf"), top="leaf") == 3
    assert "buildozer 'add deps //:leaf' //:sim" in capsys.readouterr().err
    assert not Path("sources").exists()


def test_the_report_leads_to_the_users_lines() -> None:
    assert chain("\n\n" + LEAF, "--set", "") == 0
    args = ["report", "--label", "//:sim", "--report", "leaf.report.json", "--map", "leaf.unit.map"]
    assert main([*args, "--out-text", "c.txt", "--out-json", "c.json"]) == 0
    assert "  leaf.sv:4:8: a boundary doesn't pay for leaf" in Path("c.txt").read_text()
    assert json.loads(Path("c.json").read_text())["units"][0]["causes"][0]["line"] == 4


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("A=1", (("A", "1"),)),
        ("A=1, B='{1,2}", (("A", "1"), ("B", "'{1,2}"))),
        ('S="a,b=\\"c\\"",T=f(1,2)', (("S", '"a,b=\\"c\\""'), ("T", "f(1,2)"))),
    ],
)
def test_parameter_sets(text: str, found: tuple[tuple[str, str], ...]) -> None:
    assert parse_set(text) == found


def test_a_parameter_set_without_a_value_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert chain(LEAF, *SEPARATE, "--set", "K") == 2
    assert "NAME=VALUE" in capsys.readouterr().err


def test_definitions_without_a_time_unit_get_that_of_the_others() -> None:
    timed = LEAF.replace("always_ff", "timeunit 1ns; timeprecision 1ps;\n  inner u_inner (.clk, .y());\n  always_ff")
    assert chain(timed + PRIVATE, *SEPARATE) == 0
    assert json.loads(Path("leaf.closure/sets.json").read_text())["timescale"] == "1ns/1ps"
    assert chain(LEAF, *SEPARATE) == 0
    assert json.loads(Path("leaf.closure/sets.json").read_text())["timescale"] == ""
