"""Where a model's samples are taken, and models that can't be told to keep them."""

from __future__ import annotations

import pytest

from hdl_py.boundary.model import Boundary, BoundarySet
from hdl_py.boundary.sampling import holds, with_hold
from hdl_py.boundary.sources import harness, stub, wrapper
from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.model import Clock, UnitContract
from hdl_py.sv.ports_elaborate import UnitSources, elaborate_module
from hdl_py.text.source import SourceText

MODULE = elaborate_module(
    [UnitSources((SourceText("m.sv", b"module m(input logic clk, output logic q); endmodule\n"),))], "m", {}
)


def _one(samples: bool = True) -> BoundarySet:
    contract = UnitContract("m", (), Contract.STEP, (Clock("clk", 0, "posedge"),), samples=samples)
    return BoundarySet(MODULE, contract)


def _text(one: BoundarySet) -> str:
    root = f"{one.prefix}___024root"
    return (
        f"void {root}___sample({root}* vlSelf);\n\nvoid {root}___eval({root}* vlSelf) {{\n"
        f"    {root}___sample(vlSelf);\n    __VnbaIterCount = 0U;\n}}\n\n"
        f"void {root}___sample({root}* vlSelf) {{\n    vlSelfRef.__Vsampled_TOP__r = vlSelfRef.r;\n}}\n"
    )


def test_an_evaluation_samples_where_the_wrapper_says_so() -> None:
    one = _one()
    root = f"{one.prefix}___024root"
    made = with_hold(one, _text(one))
    assert f"    if (!vlSelf->hold) {root}___sample(vlSelf);\n    __VnbaIterCount" in made
    assert made.replace("if (!vlSelf->hold) ", "") == _text(one)
    assert "input bit hold" in harness(one)


def test_a_unit_that_samples_nothing_is_left_alone() -> None:
    one = _one(samples=False)
    assert with_hold(one, _text(one)) == _text(one)
    assert "hold" not in harness(one)
    assert "held" not in stub(Boundary("//:m", (one,)))


@pytest.mark.parametrize(
    ("change", "held"),
    [
        (lambda text: text, True),
        (lambda text: text.replace("    V", "    // not V"), False),
        (lambda text: text + text, False),
        (lambda text: text.replace("__sample(vlSelf);\n    __Vnba", "__samples(vlSelf);\n    __Vnba"), False),
        (lambda text: "", True),
    ],
    ids=["known", "elsewhere", "twice", "another name", "nothing sampled"],
)
def test_samples_that_can_t_be_held_are_noticed(change: object, held: bool) -> None:
    one = _one()
    assert callable(change)
    assert holds(one, [change(_text(one)), "header"]) is held


def test_a_model_that_can_t_hold_stops_at_the_second_event() -> None:
    one = _one()
    assert "if (held) " in wrapper(one, holds=False)
    assert 'compile = \\"merge\\"' in wrapper(one, holds=False)
    assert "if (held) " not in wrapper(one)
