"""Texts that Verilator takes, and that slang or a plain move of the items of `$unit` would not leave as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hdl_py.sv.running import run_case
from tests.hdl_py.sv.simulating import Simulators, write_isolated

_TEXTS = {
    "types of a class of the unit": """
class C #(parameter int N = 3); typedef logic [N-1:0] t; class In; int v; endclass endclass
typedef C#(5) C5;
module child #(parameter type T = byte) (input C#()::t x, output T y); assign y = x; endmodule
module t;
  C5::t five = '1; C#()::In inner; C#()::t x; C#(5)::t y;
  child #(.T(C5::t)) u(.x, .y);
  function automatic C5::t f(C5::t v); C5::t w = v; return w; endfunction
endmodule
""",
    "types of a class without defaults": """
class D #(type T, int N); T x; typedef logic [N-1:0] t; static function int n(); return N; endfunction endclass
class E; typedef D#(int, 2)::t t; endclass
module t;
  D#(int, 3)::t x; D#(int, 3) d = new; D#(byte, 4) e = new; E::t z; E f = new;
  initial $display(D#(int, 3)::n(), D#(byte, 4)::n());
endmodule
""",
    "an event behind public_flat_rw": """
typedef int unused_t;
module t(input clk);
  unused_t v /*verilator public_flat_rw @(posedge clk or negedge clk)*/;
  logic [1:0] w /*verilator public_flat_rw*/;
endmodule
""",
    "directives of older tools": """
`accelerate
`autoexpand_vectornets
module t; endmodule
`remove_netnames
""",
    "indented blocks of C++": """
module t;
  `systemc_header
#define X 1  // a comment
   `systemc_interface
     int  x;
  `verilog
  wire w;
endmodule
""",
    "classes of std": """
typedef int item_t;
module t;
  process p; semaphore s; mailbox #(item_t) m; std::process q;
  initial begin p = process::self(); q = std::process::self(); s = new(1); m = new; end
endmodule
""",
    "names in an inline constraint": """
typedef enum int {READ, WRITE} kind_t;
class item; rand kind_t kind; endclass
module t;
  item it = new; int n;
  initial begin
    void'(it.randomize() with {kind == WRITE;});
    void'(std::randomize(n) with {n > WRITE;});
  end
endmodule
""",
    "methods of the newest standard": """
module t; int a [3] = '{1, 2, 3}; initial $display("%p", a.map(x) with (x + 1)); endmodule
""",
    "a package named like a literal of it": """
package A; typedef enum {A, B} e; typedef logic [2:0] w; endpackage
import A::*;
module t; A::w x = A::B; e y = B; endmodule
""",
}


@pytest.mark.parametrize("name", _TEXTS)
def test_verilator_takes_it_isolated(name: str, folder: Path, simulators: Simulators) -> None:
    done = run_case("@ //x:t t.sv\n" + _TEXTS[name].removeprefix("\n"))
    assert not done.problems, [d.render() for d in done.problems]
    verilated = simulators.verilate(write_isolated(done), "t", "-Wno-lint")
    assert verilated.code == 0, verilated.messages


def test_a_routine_with_the_name_of_a_system_task_is_refused(folder: Path) -> None:
    done = run_case('@ //x:t t.sv\nimport "DPI-C" f = function void \\$f ();\nmodule t;\n  initial $f();\nendmodule\n')
    assert [(str(d.position), d.code) for d in done.problems] == [("t.sv:3:11", "unclear-reference")]
    assert "system task" in done.problems[0].message
    assert "t.sv:1:34" in done.problems[0].message
