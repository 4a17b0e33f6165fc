"""The program sv_design: arguments, output, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.hdl_py.sv.running import run_case
from tools.arguments import run_program
from tools.sv_design import command

CASE = """\
@ //x:a a.sv
// a comment
module a; endmodule
@ //x:t t.sv deps=//x:a
module t #(parameter int W = 1, parameter type T = logic)(input logic clk, rst_n, output T q); a u(); endmodule
"""


@pytest.fixture(autouse=True)
def units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The units of the example, with their maps."""
    monkeypatch.chdir(tmp_path)
    for label, result in run_case(CASE).results.items():
        name = label[-1]
        Path(f"{name}.json").write_text(result.unit.to_json())
        Path(f"{name}.svi").write_bytes(result.interface)
        Path(f"{name}.map").write_text(result.line_map.to_text())


def sv_design(*more: str, units: tuple[str, ...] = ("a", "t")) -> int:
    argv = ["--label=//x:sim", *(f"--unit-json={u}.json" for u in units), *(f"--svi={u}.svi" for u in units)]
    return run_program(command, "sv_design", [*argv, *more, "--out=design.json"])


def test_a_design() -> None:
    more = ("--top=t", "--parameter=W=8'hFF", "--clock=clk", "--reset=rst_n", "--out-unused=unused")
    assert sv_design(*more, "--map=//x:a=a.map", "--map=//x:t=t.map") == 0
    design = json.loads(Path("design.json").read_text())
    assert design["top"] == "t"
    assert design["units"] == ["//x:a", "//x:t"]
    assert [(p["name"], p["direction"], p["type"]) for p in design["ports"]] == [
        ("clk", "input", "logic"),
        ("rst_n", "input", "logic"),
        ("q", "output", "T"),
    ]
    assert [(p["name"], p["kind"], p["default"]) for p in design["parameters"]] == [
        ("W", "value", "1"),
        ("T", "type", "logic"),
    ]
    assert design["overrides"] == {"W": "8'hFF"}
    assert design["clocks"] == ["clk"]
    assert design["resets"] == ["rst_n"]
    assert design["timescale"] == ""
    assert Path("unused").read_text().split() == ["a.svi", "t.svi", "a.map", "t.map"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--top=x",), "no unit of //x:sim defines x; a top is a module or program. Modules that nothing "
                       "instantiates: t"),
        (("--top=t", "--parameter=V=1"), "t has no parameter V; it has W, T"),
        (("--top=t", "--clock=q"), "the clock q is no input of t; its inputs are clk, rst_n"),
        (("--top=t", "--reset=reset"), "the reset reset is no input of t; its inputs are clk, rst_n"),
    ],
)  # fmt: skip
def test_refusals_end_with_3_and_write_nothing(
    more: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sv_design(*more) == 3
    assert message in capsys.readouterr().err
    assert not Path("design.json").exists()


def test_both_places_of_a_name_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    other = Path("a.json").read_text().replace("//x:a", "//y:b").replace("a.sv", "b.sv")
    Path("b.json").write_text(other)
    argv = ["--label=//x:sim", *(f"--unit-json={u}.json" for u in ("a", "b", "t")), "--out=other.json", "--top=t"]
    assert run_program(command, "sv_design", [*argv, "--map=//x:a=a.map"]) == 3
    error = capsys.readouterr().err
    assert "a is defined twice in the design of //x:sim: module at a.sv:2:8 of //x:a, module at b.sv of //y:b" in error


@pytest.mark.parametrize("scale", ["1ns", "2ns/1ps", "1ns/1xs", "x"])
def test_a_bad_timescale_ends_with_2(scale: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert sv_design("--top=t", f"--timescale={scale}") == 2
    assert "--timescale takes UNIT/PRECISION" in capsys.readouterr().err


def test_a_given_timescale_is_passed_on() -> None:
    assert sv_design("--top=t", "--timescale=10ns/1ps") == 0
    assert json.loads(Path("design.json").read_text())["timescale"] == "10ns/1ps"
