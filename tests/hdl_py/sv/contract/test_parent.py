"""A parent that knows boundaries by their contracts alone sees what it would see in their bodies."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hdl_py.sv.contract.bits import mask_of
from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.cones import exact_cones
from hdl_py.sv.contract.model import Cone, UnitContract
from hdl_py.sv.contract.parent import InstanceUse, instance_uses
from hdl_py.sv.contract.render import uses_lines
from hdl_py.sv.contract.verdict import judge
from tests.hdl_py.sv.contract.analysing import analysed, judged
from tests.hdl_py.sv.contract.brute import FULL
from tests.hdl_py.sv.contract.random_modules import modules

FIFO = """
module fifo #(parameter int W = 4) (input logic clk, rst_n, input logic [W-1:0] d, input logic push, pop,
    output logic [W-1:0] q, output logic full, ready);
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) begin q <= 0; full <= 0; end else begin if (push) q <= d; full <= push & ~pop; end
  assign ready = ~full | pop;
endmodule
"""


def contract_of(source: str, top: str) -> UnitContract:
    """The contract of a module of a text."""
    return judged(source, top).contract


def uses(parent: str, source: str = FIFO, child: str = "fifo") -> tuple[InstanceUse, ...]:
    """How a parent uses a child that it knows by its contract."""
    return instance_uses(analysed(source + parent, "dut", {child: [contract_of(source, child)]}))


def lates(use: InstanceUse) -> dict[str, list[str]]:
    """The late inputs with the outputs that they follow."""
    return {x.input[0][0]: [p for p, _ in x.outputs] for x in use.late}


def test_inputs_that_registers_or_ports_drive_are_early() -> None:
    (use,) = uses(
        "module dut(input logic clk, rst_n, v, input logic [3:0] d, output logic [3:0] q); logic f, r, s;\n"
        "always_ff @(posedge clk) s <= r;\n"
        "fifo u(.clk, .rst_n, .d, .push(v), .pop(s), .q, .full(f), .ready(r)); endmodule"
    )
    assert use.late == ()
    assert (use.path, use.module, use.position.line) == ("u", "fifo", 10)


def test_inputs_that_follow_own_outputs_are_late() -> None:
    (use,) = uses(
        "module dut(input logic clk, rst_n, v, input logic [3:0] d, output logic [3:0] q); logic f, r;\n"
        "fifo u(.clk, .rst_n, .d({d[3:1], q[0]}), .push(v & r), .pop(f & v), .q, .full(f), .ready(r)); endmodule"
    )
    # `push` follows `ready`, and through it what `pop` follows.
    assert lates(use) == {"d": ["q"], "push": ["full", "ready"], "pop": ["full"]}
    assert next(x.input for x in use.late if x.input[0][0] == "d") == (("d", ((0, 0),)),)


def test_lateness_goes_through_other_boundaries_and_private_children() -> None:
    first, second = uses(
        "module inv(input logic i, output logic o); assign o = ~i; endmodule\n"
        "module dut(input logic clk, rst_n, v, input logic [3:0] d, output logic [3:0] q, output logic k);\n"
        "logic f, r, n; logic [3:0] m;\n"
        "inv x(r, n);\n"
        "fifo u(.clk, .rst_n, .d, .push(v), .pop(k), .q(m), .full(f), .ready(r));\n"
        "fifo w(.clk, .rst_n, .d(m), .push(f), .pop(n), .q, .full(), .ready(k)); endmodule"
    )
    assert lates(first) == {"pop": ["ready"]}
    assert lates(second) == {"pop": ["ready"]}


def test_an_output_that_clocks_something_is_told() -> None:
    (use,) = uses(
        "module dut(input logic clk, rst_n, v, input logic [3:0] d, output logic [3:0] q, output logic o);\n"
        "logic f, r; fifo u(.clk, .rst_n, .d, .push(v), .pop(v), .q, .full(f), .ready(r));\n"
        "always_ff @(posedge f) o <= ~o;\n"
        "always_ff @(posedge r) q <= 0; endmodule"
    )
    assert [(u.output[0][0], u.role, u.through, u.position.line) for u in use.clock_uses] == [
        ("full", "clock", False, 10),
        ("ready", "clock", True, 11),
    ]
    text = "".join(uses_lines([use]))
    assert "makes the clock full of the always_ff process" in text
    assert "passes on the clock ready of the always_ff process" in text


def test_a_clock_from_one_child_into_another() -> None:
    source = "module gate(input logic i, e, output logic o); assign o = i & e; endmodule\n" + FIFO
    children = {"gate": [contract_of(source, "gate")], "fifo": [contract_of(source, "fifo")]}
    parent = (
        "module dut(input logic clk, rst_n, v, input logic [3:0] d, output logic [3:0] q); logic k;\n"
        "gate g(clk, v, k); fifo u(.clk(k), .rst_n, .d, .push(v), .pop(v), .q, .full(), .ready()); endmodule"
    )
    first, second = instance_uses(analysed(source + parent, "dut", children))
    assert [(u.output[0][0], u.role, u.by, u.through) for u in first.clock_uses] == [
        ("o", "clock", "the registers of u", True)
    ]
    assert second.clock_uses == ()


def test_a_name_into_a_boundary_is_told() -> None:
    stub = "module fifo #(parameter int W = 4) (input logic clk, output logic q); endmodule\n"
    contract = UnitContract("fifo", (("W", "32'sh4"),), Contract.STEP)
    parent = "module dut(input logic clk, output logic o, q); fifo u(clk, q); assign o = u.count; endmodule"
    verdict = judge(analysed(stub + parent, "dut", {"fifo": [contract]}))
    assert verdict.contract.contract is Contract.MERGED
    (cause,) = verdict.causes
    assert (cause.code, cause.position is not None and cause.position.line) in {
        ("hierarchical-reference", 2),
        ("elaboration-error", 2),
    }
    assert "count" in cause.text


def test_another_parameter_set_is_told() -> None:
    parent = (
        "module dut(input logic clk, rst_n, v, input logic [7:0] d, output logic [7:0] q);\n"
        "fifo #(.W(8)) u(.clk, .rst_n, .d, .push(v), .pop(v), .q, .full(), .ready()); endmodule"
    )
    verdict = judge(analysed(FIFO + parent, "dut", {"fifo": [contract_of(FIFO, "fifo")]}))
    (cause,) = verdict.causes
    assert cause.code == "unlisted-parameters"
    assert "W=32'sh8" in cause.text
    assert "parameter_sets" in cause.rule.mend


def test_a_contract_of_another_build_is_told() -> None:
    stub = "module leaf(input logic clk, a, output logic o); endmodule\n"
    old = UnitContract("leaf", (), Contract.COMB, cones=(Cone((("b", ((0, 0),)),), (("o", ((0, 0),)),)),))
    parent = "module dut(input logic clk, a, output logic o); leaf u(clk, a, o); endmodule"
    verdict = judge(analysed(stub + parent, "dut", {"leaf": [old]}))
    assert [c.code for c in verdict.causes] == ["elaboration-error"]
    assert "names b[0:0]" in verdict.causes[0].text


def test_merged_children_are_looked_into() -> None:
    merged = UnitContract("fifo", (("W", "32'sh4"),), Contract.MERGED)
    parent = (
        "module dut(input logic clk, rst_n, v, input logic [3:0] d, output logic [3:0] q, output logic r);\n"
        "fifo u(.clk, .rst_n, .d, .push(v), .pop(v), .q, .full(), .ready(r)); endmodule"
    )
    verdict = judge(analysed(FIFO + parent, "dut", {"fifo": [merged]}))
    assert verdict == judged(FIFO + parent)
    assert instance_uses(analysed(FIFO + parent, "dut", {"fifo": [merged]})) == ()


@pytest.mark.parametrize("kind", ["step", "general"])
def test_a_parent_is_no_better_than_its_children(kind: str) -> None:
    latch = "always_latch if (b) l = a;" if kind == "general" else "assign l = a;"
    source = (
        f"module leaf(input logic clk, a, b, output logic o); logic l; {latch} always_ff @(posedge clk) o <= l; "
        "endmodule\nmodule dut(input logic clk, a, b, output logic o); leaf u(clk, a, b, o); endmodule"
    )
    verdict = judge(analysed(source, "dut", {"leaf": [contract_of(source, "leaf")]}))
    assert verdict.contract.contract.value == kind
    assert [c.code for c in verdict.causes] == (["general-child"] if kind == "general" else [])


# -- random parents


def pairs(cones: tuple[Cone, ...]) -> set[tuple[str, int, str, int]]:
    """Every output bit with every input bit that it follows."""
    return {
        (out, o, into, i)
        for cone in cones
        for out, runs in cone.outputs
        for into, others in cone.inputs
        for o in _bits(mask_of(runs))
        for i in _bits(mask_of(others))
    }


def _bits(mask: int) -> list[int]:
    return [n for n in range(mask.bit_length()) if mask >> n & 1]


@st.composite
def parents(draw: st.DrawFn) -> str:
    """Two random children and a parent that wires them up."""
    texts = []
    for n in range(2):
        text = draw(modules())
        names = set(re.findall(r"\bmodule (\w+)", text))
        for name in names:
            text = re.sub(rf"\b{name}\b", f"leaf{n}" if name == "dut" else f"{name}_{n}", text)
        texts.append(text)
    body, ones, fours = [], ["a", "b"], ["x", "y"]
    for n in range(2):
        body.append(f"logic o{n}, p{n}; logic [3:0] z{n};")
        ones += [f"o{n}", f"p{n}", f"z{n}[2]"]
        fours += [f"z{n}", f"{{o{n}, z{n}[2:0]}}"]
    for n in range(2):
        one = [draw(st.sampled_from(ones)) for _ in range(2)]
        four = [draw(st.sampled_from(fours)) for _ in range(2)]
        body.append(
            f"leaf{n} u{n}(.clk, .k2, .rst_n, .a({one[0]}), .b(a ^ {one[1]}), .x({four[0]}), .y({four[1]} & y), "
            f".o(o{n}), .p(p{n}), .z(z{n}));"
        )
    body.append(f"assign o = {draw(st.sampled_from(ones))}; assign p = o0 ^ p1;")
    body.append(f"assign z = {draw(st.sampled_from(fours))} ^ z1;")
    ports = "input logic clk, k2, rst_n, a, b, input logic [3:0] x, y, output logic o, p, output logic [3:0] z"
    return "\n".join([*texts, f"module dut({ports});", *body, "endmodule"])


_ORDER = [Contract.COMB, Contract.STEP, Contract.GENERAL, Contract.MERGED]


@settings(
    max_examples=40 * FULL, deadline=None, derandomize=FULL == 1, suppress_health_check=list(HealthCheck), database=None
)
@given(parents())
def test_contracts_hide_nothing(source: str) -> None:
    children = {f"leaf{n}": [contract_of(source, f"leaf{n}")] for n in range(2)}
    apart, whole = analysed(source, "dut", children), analysed(source)
    assert pairs(exact_cones(whole)) <= pairs(exact_cones(apart))
    assert _ORDER.index(judge(whole).contract.contract) <= _ORDER.index(judge(apart).contract.contract)
