"""What combinational code checks, where the simulation checks assertions and where it does not."""

from __future__ import annotations

import pytest

from hdl_py.sv.contract.analysis import analyse
from hdl_py.sv.contract.elaborate import elaborate
from hdl_py.sv.contract.model import UnitContract
from hdl_py.sv.contract.verdict import judge
from hdl_py.sv.ports_elaborate import UnitSources
from hdl_py.text.source import SourceText


def _contract(body: str, asserts: bool) -> UnitContract:
    text = f"module m(input logic clk, input logic [1:0] x, output logic q);\n{body}\nendmodule\n"
    elaborated = elaborate([UnitSources((SourceText("m.sv", text.encode()),))], "m")
    return judge(analyse(elaborated, None, asserts)).contract


@pytest.mark.parametrize(
    "check",
    [
        "logic t; always_comb begin t = 0; unique case (x) 0: t = 1; 1: t = 0; endcase end",
        "logic t; always_comb begin t = 0; unique if (x[0]) t = 1; else if (x[1]) t = 0; end",
        'always_comb assert (x != 3) else $error("three");',
        'always_comb assume #0 (x != 3) else $error("three");',
    ],
)
def test_checks_follow_inputs_where_assertions_are_checked(check: str) -> None:
    body = f"always_ff @(posedge clk) q <= x[0]; {check}"
    assert [port for port, _ in _contract(body, True).effects] == ["x"]
    assert _contract(body, False).effects == ()


def test_what_prints_does_so_without_assertions_too() -> None:
    body = 'always_ff @(posedge clk) q <= x[0]; always_comb if (x == 3) $display("three");'
    assert _contract(body, True).effects == _contract(body, False).effects != ()
