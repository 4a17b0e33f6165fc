"""The program: its options, its files and how it fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.model import contract_from_json
from tools.sv_contract import main

UNIT = """module fifo #(parameter int W = 4) (
  input logic clk, rst_n, push, pop,
  input logic [W-1:0] d,
  output logic [W-1:0] q,
  output logic full, ready
);
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) begin q <= 0; full <= 0; end
    else begin if (push) q <= d; full <= push & ~pop; end
  assign ready = ~full | pop;
endmodule
"""

LATCH = "module held(input logic a, b, output logic o);\n  always_comb if (a) o = b;\nendmodule\n"
TRISTATE = "module pad(input logic a, b, output logic o);\n  assign o = a ? b : 1'bz;\nendmodule\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with sources."""
    monkeypatch.chdir(tmp_path)
    for name, text in (("fifo.sv", UNIT), ("held.sv", LATCH), ("pad.sv", TRISTATE)):
        Path(name).write_text(text)
    return tmp_path


def test_report(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--src", "fifo.sv", "--module", "fifo", "--compile", "separate", "--parameter", "W=8"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[:5] == [
        "fifo #(W = 32'sh8)",
        "  contract step",
        "  clock posedge clk",
        "  reset low rst_n",
        "  cone ready <- pop",
    ]


def test_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--src", "fifo.sv", "--module", "fifo", "--compile", "separate", "--format", "json"]
    assert main([*arguments, "--out-contract", "c.json", "--out-report", "r.json"]) == 0
    assert capsys.readouterr().out == ""
    contract = contract_from_json(Path("c.json").read_text(), "c.json")
    assert contract.contract is Contract.STEP
    report = json.loads(Path("r.json").read_text())
    assert report["contract"] == json.loads(Path("c.json").read_text())
    assert report["size"]["ports"] == 8


def test_a_body_edit_that_keeps_the_contract_changes_no_byte(folder: Path) -> None:
    arguments = ["--module", "fifo", "--compile", "separate", "--out-report", "r.txt"]
    assert main(["--src", "fifo.sv", *arguments, "--out-contract", "old.json"]) == 0
    moved = "// a comment\n\n" + UNIT.replace("push & ~pop", "push ^ (push & pop)").replace(
        "~full | pop", "pop | !full"
    )
    (folder / "other").mkdir()
    Path("other/fifo.sv").write_text(moved)
    assert main(["--src", "other/fifo.sv", *arguments, "--out-contract", "new.json"]) == 0
    assert Path("old.json").read_bytes() == Path("new.json").read_bytes()
    Path("fifo.sv").write_text(UNIT.replace("| pop", "| push"))
    assert main(["--src", "fifo.sv", *arguments, "--out-contract", "new.json"]) == 0
    assert Path("old.json").read_bytes() != Path("new.json").read_bytes()


def test_auto_merges_what_is_small(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--src", "fifo.sv", "--module", "fifo"]) == 0
    out = capsys.readouterr().out
    assert "contract merged" in out
    assert "fifo.sv:1:8: merged: a boundary doesn't pay for fifo: it has 5 assignments" in out
    assert 'compile = "separate"' in out


def test_merge_as_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--src", "fifo.sv", "--module", "fifo", "--compile", "merge"]) == 0
    assert "asks to be merged" in capsys.readouterr().out


def test_separate_where_it_cannot_be_is_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--src", "pad.sv", "--module", "pad", "--compile", "separate", "--out-contract", "c.json"]
    assert main(arguments) == 3
    error = capsys.readouterr().err
    assert error.startswith("pad.sv:1:43: error: the output o can be high impedance [tristate-output, IEEE 1800-2023")
    assert "give an output enable" in error
    assert not Path("c.json").exists()


def test_a_cause_has_its_place(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--src", "held.sv", "--module", "held", "--compile", "separate"]) == 0
    out = capsys.readouterr().out
    assert "contract general" in out
    assert "held.sv:2:15: general: o keeps its value where no branch assigns it: a latch [latch]" in out


def test_isolated_units_have_the_users_places(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("unit.sv").write_text("module pad(input logic a,\nb, output\nlogic o);\nassign o = a ? b : 1'bz;\nendmodule\n")
    Path("unit.map").write_text("sv-map 1\nF 0 user/pad.sv\nL 1 0 40 5,9,13\n")
    arguments = ["--unit", "unit.sv", "--map", "unit.sv=unit.map", "--module", "pad"]
    assert main(arguments) == 0
    assert "user/pad.sv:40:13: merged: the output o" in capsys.readouterr().out


def test_children(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--src", "fifo.sv", "--module", "fifo", "--compile", "separate", "--out-contract", "fifo.json"]) == 0
    Path("top.sv").write_text(
        "module top(input logic clk, rst_n, v, input logic [3:0] d, output logic [3:0] q);\n"
        "  logic r;\n"
        "  fifo u(.clk, .rst_n, .d, .push(v & r), .pop(v), .q, .full(), .ready(r));\n"
        "endmodule\n"
    )
    capsys.readouterr()
    stub = UNIT.partition(");")[0] + ");\nendmodule\n"
    Path("fifo.svi").write_text(stub)
    arguments = ["--unit", "top.sv", "--unit", "fifo.svi", "--child", "fifo.json", "--module", "top"]
    assert main([*arguments, "--compile", "separate"]) == 0
    out = capsys.readouterr().out
    assert "contract step" in out
    assert "top.sv:3:8: instance u of fifo\n  late push <- ready\n" in out
    assert main([*arguments, "--format", "json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["instances"][0]["late"] == [{"input": [["push", "0"]], "outputs": [["ready", "0"]]}]


def test_accepted_causes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "module r(input logic clk, output logic o); always_ff @(posedge clk) o <= 1'($urandom); endmodule\n"
    Path("r.sv").write_text(text)
    arguments = ["--src", "r.sv", "--module", "r", "--compile", "separate"]
    assert main(arguments) == 3
    assert "random-sequence" in capsys.readouterr().err
    assert main([*arguments, "--accept", "random-sequence"]) == 0
    out = capsys.readouterr().out
    assert "contract step" in out
    assert "accepted: $urandom draws from the sequence" in out
    assert main([*arguments, "--accept", "latch"]) == 2
    assert "--accept takes one of impure-dpi, random-sequence; found 'latch'" in capsys.readouterr().err


def test_timing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("d.sv").write_text(
        "module d(input logic clk, a, output logic o); always_ff @(posedge clk) o <= #1 a; endmodule\n"
    )
    arguments = ["--src", "d.sv", "--module", "d", "--compile", "separate"]
    assert main(arguments) == 3
    assert "a delay within an assignment" in capsys.readouterr().err
    assert main([*arguments, "--no-timing"]) == 0
    assert "contract step" in capsys.readouterr().out


def test_asserts(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("d.sv").write_text(
        "module d(input logic clk, a, output logic o); always_ff @(posedge clk) o <= a;"
        " always_comb assert (a) else $error; endmodule\n"
    )
    arguments = ["--src", "d.sv", "--module", "d", "--compile", "separate"]
    assert main(arguments) == 0
    assert "effects <- a" in capsys.readouterr().out
    assert main([*arguments, "--no-asserts"]) == 0
    assert "effects" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--module", "fifo"], 2, "give the sources with --src or --unit"),
        (["--src", "none.sv", "--module", "fifo"], 2, "none.sv: error: can't read it: No such file or directory"),
        (["--src", "fifo.sv", "--module", "fifa"], 3, "did you mean fifo?"),
        (["--src", "fifo.sv", "--module", "fifo", "--parameter", "V=1"], 3, "fifo has no parameter V; it has W"),
        (["--src", "fifo.sv", "--module", "fifo", "--parameter", "W"], 2, "--parameter takes NAME=VALUE, found 'W'"),
        (["--src", "bad.sv", "--module", "bad"], 3, "bad.sv:1:"),
        (["--src", "fifo.sv", "--module", "fifo", "--child", "bad.sv"], 2, "this is no contract of format 4"),
        (
            ["--src", "fifo.sv", "--module", "fifo", "--out-contract", "no/c.json"],
            2,
            "no/c.json: error: can't write it",
        ),
    ],
)
def test_failures(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, message: str
) -> None:
    Path("bad.sv").write_text("module bad(input logic a; endmodule\n")
    assert main(arguments) == code
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.out == ""
