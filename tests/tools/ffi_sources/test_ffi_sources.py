"""The program ffi_sources: what its commands write, refuse, and where messages lead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.hdl_py.sv.running import run_case
from tools.arguments import run_program
from tools.ffi_sources import command

CASE = """\
@ //x:t t.sv
// a comment
module t #(
  parameter int W = 8,
  parameter string NAME = "t"
) (
  input logic clk, rst_n,
  input logic [W-1:0] a,
  inout wire [3:0] pad,
  output logic [W:0] q
);
  always_ff @(posedge clk) q <= a + 1;
endmodule
@ //x:bus bus.sv
interface bus; logic a; endinterface
module user(bus b); endmodule
@ //x:td design=t.sv top=t deps=//x:t
"""

OUT = ("rust", "wrapper", "pins", "arguments", "module", "cargo")


@pytest.fixture(autouse=True)
def units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Isolated sources with their maps, and what sv_design says of the top."""
    monkeypatch.chdir(tmp_path)
    for label, result in run_case(CASE.split("@ //x:td")[0]).results.items():
        name = label.partition(":")[2]
        Path(f"{name}.unit.sv").write_bytes(result.isolated)
        Path(f"{name}.unit.map").write_text(result.line_map.to_text())
    design("t")


def design(top: str) -> None:
    Path("design.json").write_text(json.dumps({"top": top, "definition": top}))


def sources(*more: str, unit: str = "t") -> int:
    argv = ["sources", "--crate=x", "--design=design.json", f"--unit={unit}.unit.sv", f"--map={unit}.unit.map"]
    argv += ["--shown-source=rtl/t.sv", *(f"--out-{name}=out/{name}" for name in OUT)]
    return run_program(command, "ffi_sources", [*argv, *more])


def test_the_sources_of_a_crate(tmp_path: Path) -> None:
    assert sources("--parameter=W=4", "--clock=clk period=6", "--reset=rst_n=low async", "--trace=vcd") == 0
    rust = Path("out/rust").read_text()
    assert "pub fn set_a(&mut self, value: u8)" in rust
    assert "(`t.sv:2`)" in rust, "the user's line, not that of the isolated text"
    assert 'ClockInfo { name: "clk", edge: Edge::Rising, period: 6, phase: 0 }' in rust
    module = json.loads(Path("out/module").read_text())
    assert module["parameters"] == {"W": "32'sh4"}
    assert [(port["name"], port["bits"], port["line"]) for port in module["outputs"]] == [("q", 5, 9)]
    assert "module x_pins (" in Path("out/pins").read_text(), "an inout needs it"
    assert Path("out/arguments").read_text().splitlines()[:2] == ['"--top-module"', '"x_pins"']
    assert sorted(path.name for path in Path("out/cargo").iterdir()) == [
        ".verilator-lib-path",
        "Cargo.toml",
        "build.rs",
    ]
    assert str(tmp_path) not in rust + Path("out/wrapper").read_text()


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        (["--parameter=X=1"], "t has no parameter X"),
        (["--clock=clock"], "clock clock is no port of t; its inputs are clk, rst_n, a"),
        (["--reset=q=low"], "reset q is an output of t; an input is expected"),
        (["--clock=a"], "clock a of t is logic [7:0]; one bit is expected"),
        (["--clock=clk fast"], "clock clk: found 'fast'"),
        (["--reset=rst_n=maybe"], "reset rst_n: found 'maybe'"),
        (["--expect=a=input 4"], "a: expected input 4, elaborated input 8"),
        (["--savable", "--timing"], "can't combine savable with timing"),
    ],
)
def test_refusals(more: list[str], wanted: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert sources(*more) != 0
    assert wanted in capsys.readouterr().err
    assert not Path("out").exists()


def test_an_interface_port_is_refused_with_the_users_line(capsys: pytest.CaptureFixture[str]) -> None:
    design("user")
    assert sources(unit="bus") == 3
    said = capsys.readouterr().err
    assert "bus.sv:2:" in said
    assert "port b of user is an interface port of type bus" in said


def test_line_tables_lead_to_the_users_files() -> None:
    argv = ["lines", "--crate=x", "--map=t.unit.map", "--out=lines.cpp"]
    assert run_program(command, "ffi_sources", argv) == 0
    text = Path("lines.cpp").read_text()
    assert "x_line_maps_size = 1" in text
    assert '{"t.unit.sv",' in text
    assert '"F 0 t.sv\\n"' in text


def assembled(*more: str) -> int:
    return run_program(command, "ffi_sources", ["assemble", "--label=//x:crates", "--out=all", *more])


def test_a_folder_of_crates() -> None:
    assert sources() == 0
    Path("none.sv").write_text("// This crate's top needs no module around it.\n")
    more = ["--tree", "x/", "out/cargo", "--file", "x/module.json", "out/module", "--file", "x/src/lib.rs", "out/rust"]
    more += ["--pins", "x/rtl/x_pins.sv", "out/pins", "--pins", "x/rtl/y_pins.sv", "none.sv"]
    more += ["--text", "x/link.txt", "static=x_ffi", "--text", "x/link.txt", "dylib=m", "--crate", "x"]
    assert assembled(*more) == 0
    found = {str(path.relative_to("all")) for path in Path("all").rglob("*") if path.is_file()}
    assert found == {
        "external_modules.json",
        "x/.verilator-lib-path",
        "x/Cargo.toml",
        "x/build.rs",
        "x/link.txt",
        "x/module.json",
        "x/rtl/x_pins.sv",
        "x/src/lib.rs",
    }
    assert Path("all/x/link.txt").read_text() == "static=x_ffi\ndylib=m\n"
    manifest = json.loads(Path("all/external_modules.json").read_text())
    assert [(entry["crate"], entry["crate_dir"]) for entry in manifest["modules"]] == [("x", "x")]


def test_two_files_for_one_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert sources() == 0
    assert assembled("--file", "x/a", "out/rust", "--file", "x/a", "out/wrapper") == 1
    assert "//x:crates: out/rust and out/wrapper both belong at x/a" in capsys.readouterr().err


def test_what_is_no_module(capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.json").write_text("{}")
    assert assembled("--file", "x/module.json", "bad.json", "--crate", "x") == 2
    assert "this is no module.json of a Verilated crate" in capsys.readouterr().err
