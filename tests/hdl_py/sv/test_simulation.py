"""Isolation seen from the running model: units with the same private names, each with its own."""

from __future__ import annotations

import shutil
from pathlib import Path

from hdl_py.simulator.sources import with_unit_scope
from hdl_py.sv.cases import parse_case
from tests.hdl_py.sv.running import run_case
from tests.hdl_py.sv.simulating import Simulators, write_isolated

UNIT = """\
@ //x:{n} {n}/values.svh hdr
`define STEP {step}
@ //x:{n} {n}/{n}.sv
`include "values.svh"
`define NAME "{n}"
`timescale 1ns/1ps
import shared_{n}::*;
parameter int WIDTH = {width};
typedef logic [WIDTH-1:0] word_t;
typedef enum int {{ IDLE = {idle}, BUSY = {busy} }} state_t;
typedef struct packed {{ word_t high; logic low; }} pair_t;
int count = {count};
function automatic int twice(int x);
  return x * {factor};
endfunction
task bump;
  static int calls = {calls};
  calls += `STEP;
  count = calls;
endtask
class box;
  int held = {held};
  extern function int get();
endclass
function int box::get();
  return held + WIDTH;
endfunction
let sum(a, b) = a + b + {idle};
module {n};
  state_t state = BUSY;
  word_t word = '1;
  pair_t pair = '{{high: word_t'(1), low: 1'b1}};
  box b = new;
  int WORD = IDLE;
  generate if (WIDTH == {width}) begin : g
    int seen = BUSY;
  end endgenerate
  for (genvar i = 0; i < 2; i++) begin : loop
    word_t element = word_t'(i + twice(i));
  end
  function automatic int local_count(int count);
    return count + 1;
  endfunction
  initial begin
    #{delay};
    bump;
    bump();
    $display("%s width=%0d bits=%0d word=%0d state=%s idle=%0d busy=%0d", `NAME, WIDTH, $bits(pair_t),
             word, state.name(), IDLE, BUSY);
    $display("%s twice=%0d count=%0d unit=%0d box=%0d sum=%0d local=%0d step=%0d", `NAME, twice(5), count,
             $unit::count, b.get(), sum(1, 2), local_count(1), `STEP);
    $display("%s pair=%0d loop=%0d,%0d seen=%0d WORD=%0d shared=%0d", `NAME, pair, loop[0].element,
             loop[1].element, g.seen, WORD, shared_value);
    begin
      int count = 77;
      $display("%s inner=%0d", `NAME, count);
    end
  end
endmodule
"""

CASE = (
    "@ //x:pa pa.sv\npackage shared_one; int shared_value = 100; endpackage\n"
    "@ //x:pb pb.sv\npackage shared_two; int shared_value = 200; endpackage\n"
    + UNIT.format(n="one", step=3, width=4, idle=0, busy=7, count=1, factor=2, calls=10, held=1000, delay=1).replace(
        "one.sv\n", "one.sv deps=//x:pa\n"
    )
    + UNIT.format(n="two", step=5, width=9, idle=2, busy=1, count=2, factor=3, calls=20, held=2000, delay=2).replace(
        "two.sv\n", "two.sv deps=//x:pb\n"
    )
    + "@ //x:top top.sv deps=//x:one,//x:two top=top timescale=1ns/1ps\n"
    "module top; one a(); two b(); initial #9 $finish; endmodule\n"
)

EXPECTED = [
    "one width=4 bits=5 word=15 state=BUSY idle=0 busy=7",
    "one twice=10 count=16 unit=16 box=1004 sum=3 local=2 step=3",
    "one pair=3 loop=0,3 seen=7 WORD=0 shared=100",
    "one inner=77",
    "two width=9 bits=10 word=511 state=BUSY idle=2 busy=1",
    "two twice=15 count=30 unit=30 box=2009 sum=5 local=2 step=5",
    "two pair=3 loop=0,4 seen=1 WORD=2 shared=200",
    "two inner=77",
]


def sources_of(case: str) -> list[str]:
    """The example's own source files, in order."""
    return [f.path for target in parse_case(case) for f in target.files if f.role == "src"]


def test_units_with_the_same_names_each_see_their_own(folder: Path, simulators: Simulators) -> None:
    done = run_case(CASE)
    assert not done.problems, [d.render() for d in done.problems]
    files = write_isolated(done)
    assert len(files) == 5
    assert simulators.run(files, "top", "--timescale", done.designs["//x:top"].timescale) == EXPECTED


def test_the_order_of_the_units_changes_nothing(folder: Path, simulators: Simulators) -> None:
    done = run_case(CASE)
    files = write_isolated(done)
    other = [files[1], files[3], files[0], files[2], files[4]]
    assert simulators.run(other, "top", "--timescale", "1ns/1ps") == EXPECTED


def test_the_same_files_on_one_command_line_clash(folder: Path, simulators: Simulators) -> None:
    run_case(CASE)
    done = simulators.verilate(sources_of(CASE), "top", "-Ione", "-Itwo")
    assert done.code != 0
    assert "Duplicate declaration" in done.messages, done.messages


LEAK = """\
@ //x:one one.sv
`define VALUE 1
module one; initial #1 $display("one %0d", `VALUE); endmodule
@ //x:two two.sv
`ifndef VALUE
`define VALUE 2
`endif
module two; initial #2 $display("two %0d", `VALUE); endmodule
@ //x:top top.sv deps=//x:one,//x:two top=top
module top; one a(); two b(); endmodule
"""


def test_macros_leak_on_one_command_line_and_not_between_units(folder: Path, simulators: Simulators) -> None:
    done = run_case(LEAK)
    assert not done.problems
    assert simulators.run(sources_of(LEAK), "top") == ["one 1", "two 1"]
    assert simulators.run(write_isolated(done), "top") == ["one 1", "two 2"]


SCOPES = """\
@ //x:t t.sv top=t
function string name();
  begin : inner
    return $sformatf("%m");
  end
endfunction
class c;
  static function void f(); $display("%m"); endfunction
endclass
function void show(); $display("%m"); endfunction
module t;
  initial begin $display("%s", name()); show(); c::f(); $display("%m"); $finish; end
endmodule
"""


def test_scopes_of_the_unit_have_the_names_that_they_have_without_isolation(
    folder: Path, simulators: Simulators
) -> None:
    done = run_case(SCOPES)
    assert not done.problems, [d.render() for d in done.problems]
    private = done.designs["//x:t"].private_packages
    assert private == ("t__unit",)
    before = simulators.start(sources_of(SCOPES), "t").stdout
    shutil.rmtree("model")
    after = simulators.start(write_isolated(done), "t", rewrite=lambda cpp: with_unit_scope(cpp, private)).stdout
    assert "$unit.name" in before
    assert [line for line in after.splitlines() if "$finish" not in line] == [
        line for line in before.splitlines() if "$finish" not in line
    ]
