"""Units on several threads: what is printed and driven is the same, and only what computes alone leaves its thread."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from hdl_py.boundary.model import Form
from hdl_py.boundary.sources import harness
from tests.equivalence.bench import (
    Design,
    Runtime,
    Unit,
    boundary,
    compile_program,
    finish,
    main_text,
    outcome,
    proven,
    separate,
    unity,
    verilate,
    write_sources,
)
from tests.equivalence.comparison import compared_together
from tests.equivalence.designs import random_design
from tests.equivalence.handshakes import handshake_design

DESIGNS = 12
STEPS = 2000

PORTS = "input logic clk, input logic rst_n, input logic [15:0] a, output logic [15:0] q"
STATE = "always_ff @(posedge clk or negedge rst_n) if (!rst_n) q <= '0; else q <= {q[14:0], q[15]} + (a ^ %s);"

LEAF = f"module leaf({PORTS}); {STATE % 3} endmodule\n"
CHECKED = f"""\
module checked({PORTS});
  {STATE % 5}
  always_ff @(posedge clk) if (rst_n) assert (a[9:0] != 10'h156) else $error("a is %0d at %0t", a, $time);
endmodule
"""
SPEAKING = f"""\
module speaking({PORTS});
  {STATE % 7}
  always_ff @(posedge clk) if (q[3:0] == 0) $display("q is %0d", q);
endmodule
"""
PARENT = f"""\
module parent({PORTS});
  logic [15:0] p;
  leaf u0(.clk, .rst_n, .a(q), .q(p));
  {STATE % "p"}
endmodule
"""
TOP = """\
module tb;
  bit clk, rst_n;
  always #5 clk = ~clk;
  logic [15:0] q[6];
  leaf u0(clk, rst_n, q[5] ^ extra, q[0]);
  leaf u1(clk, rst_n, q[0], q[1]);
  checked u2(clk, rst_n, q[1], q[2]);
  speaking u3(clk, rst_n, q[2], q[3]);
  parent u4(clk, rst_n, q[3], q[4]);
  leaf u5(clk, rst_n, q[4], q[5]);
  logic [15:0] extra;
  always_ff @(posedge clk) extra <= q[2] + q[4];
  initial begin
    #12 rst_n = 1;
    #4000 $display("%p", q);
    #40000 $finish;
  end
endmodule
"""
UNITS = (Unit("leaf", LEAF), Unit("checked", CHECKED), Unit("speaking", SPEAKING), Unit("parent", PARENT))
DESIGN = Design(TOP, UNITS, flags=("--assert",), threads=2)


def test_what_computes_alone_leaves_its_thread(tmp_path: Path) -> None:
    write_sources(DESIGN, tmp_path, "tb")
    wrappers = {
        folder.name: (folder / "boundary_wrapper.cpp").read_text()
        for folder in separate(DESIGN, tmp_path, Form.DIRECT, "tb", "Vtb", ["--timing"]).folders[:-1]
    }
    found = {name.removeprefix("m_V").rpartition("_b")[0]: "_work(void" in text for name, text in wrappers.items()}
    assert found == {"leaf": True, "checked": True, "speaking": False, "parent": False}


def test_a_small_unit_is_not_worth_a_thread(tmp_path: Path) -> None:
    unit = Unit("leaf", LEAF)
    (tmp_path / "leaf.sv").write_text(LEAF)
    contracts = proven(Design("", (unit,)))["leaf"]
    made = boundary(unit, "", Form.DIRECT, contracts).sets[0]
    for setting, expected in (("threads=on", False), ("threads=always", True)):
        one = replace(made, settings=(setting,))
        (tmp_path / f"{one.symbol}.sv").write_text(harness(one))
        direct = finish(one, verilate(tmp_path, one.symbol, one.prefix, ["leaf.sv", f"{one.symbol}.sv"], []))
        assert direct is not None
        assert (direct.work is not None) is expected


@pytest.mark.parametrize("form", [Form.DIRECT, Form.ORDERED, Form.PUBLIC])
def test_the_same_is_printed(form: Form, tmp_path: Path, runtime: Runtime) -> None:
    """An assertion fails on the way: its message comes from the thread that evaluates the top, which ends there."""
    sources = write_sources(DESIGN, tmp_path, "tb")
    folders = [verilate(tmp_path, "tb", "Vmono", sources, [*DESIGN.flags, "--timing"])]
    folders += separate(DESIGN, tmp_path, form, "tb", "Vapart", ["--timing"]).folders
    text = unity(list(dict.fromkeys(folders)), main_text({"mono": "Vmono", "apart": "Vapart"}, DESIGN.flags))
    program = compile_program(tmp_path, "simulation", text, DESIGN.flags, runtime, "-O0")
    mono, apart = (outcome([str(program), name], tmp_path) for name in ("mono", "apart"))
    assert "q is " in mono
    assert "checked.sv:3: Assertion failed in tb.u2: a is" in mono
    assert apart == mono


def test_no_design_differs(tmp_path: Path, runtime: Runtime) -> None:
    designs = {}
    for number in range(DESIGNS):
        made = (random_design, handshake_design)[number % 2](Random(number))
        designs[number] = (replace(made, threads=2), Form.DIRECT)
    found = compared_together(designs, tmp_path, runtime, STEPS)
    assert {number: text for number, text in found.items() if text != f"steps {STEPS}\n"} == {}


def test_a_number_of_threads_is_one_of_the_top(tmp_path: Path) -> None:
    """A boundary with stubs in it does not know how many there are: the simulation's team is there already."""
    write_sources(DESIGN, tmp_path, "tb")
    folders = separate(DESIGN, tmp_path, Form.DIRECT, "tb", "Vtb", ["--timing"]).folders
    texts = {folder.name: "".join(p.read_text() for p in folder.glob("*.cpp")) for folder in folders}
    assert all("RULES_SV_THREADS" not in text for text in texts.values())
    assert " 2U" in texts["m_Vtb"]
