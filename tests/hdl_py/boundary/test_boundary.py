"""What can be a boundary, and the sources of one."""

from __future__ import annotations

import pytest

from hdl_py.boundary.direct import find
from hdl_py.boundary.model import Boundary, BoundarySet, Form
from hdl_py.boundary.refusals import refusals
from hdl_py.boundary.scopes import restore
from hdl_py.boundary.sources import harness, stub, wrapper
from hdl_py.errors import HdlError
from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.model import Clock, Cone, Reset, UnitContract
from hdl_py.sv.ports import Module
from hdl_py.sv.ports_elaborate import UnitSources, elaborate_module
from hdl_py.text.source import SourceText

CLOCK = (Clock("clk", 0, "posedge"),)
STEP = UnitContract("m", (), Contract.STEP, CLOCK)
PORTS = "input logic clk, rst_n, input logic [7:0] d, output logic [7:0] q"


def elaborated(ports: str = PORTS, before: str = "") -> Module:
    text = f"{before}\nmodule m({ports}); endmodule\n"
    return elaborate_module([UnitSources((SourceText("m.sv", text.encode()),))], "m")


@pytest.mark.parametrize(
    ("ports", "said"),
    [
        ("input clk, inout wire [7:0] io", "it is an inout"),
        ("input clk, input us_t s", "an unpacked structure"),
        ("input clk, input logic d[5000]", "an array of 5000 elements; 4096 can cross"),
    ],
)
def test_ports_that_cannot_cross(ports: str, said: str) -> None:
    module = elaborated(ports, "typedef struct {int a;} us_t;")
    found = refusals(module, STEP)
    assert [d.code for d in found] == ["port-cannot-cross"]
    assert said in found[0].message
    assert found[0].position is not None
    assert found[0].position.line == 2


def test_a_clock_that_reaches_an_output_is_refused() -> None:
    cone = Cone((("clk", ((0, 0),)),), (("q", ((7, 0),)),))
    contract = UnitContract("m", (), Contract.STEP, CLOCK, cones=(cone,))
    with pytest.raises(HdlError, match="clk of m is an event and reaches an output"):
        BoundarySet(elaborated(), contract)


def test_merged_is_refused_with_the_cure() -> None:
    with pytest.raises(HdlError, match='compile = "merge"'):
        BoundarySet(elaborated(), UnitContract("m", (), Contract.MERGED))


def test_everything_that_must_agree_changes_the_digest() -> None:
    one = BoundarySet(elaborated(), STEP)
    reset = UnitContract("m", (), Contract.STEP, CLOCK, (Reset("rst_n", 0, "low"),))
    others = [
        BoundarySet(elaborated(), reset),
        BoundarySet(elaborated(PORTS.replace("7:0", "0:7")), STEP),
        BoundarySet(elaborated(), STEP, form=Form.ORDERED),
        BoundarySet(elaborated(), STEP, settings=("trace=vcd",)),
    ]
    assert len({x.digest for x in (one, *others)}) == 5
    assert BoundarySet(elaborated(), STEP).digest == one.digest


@pytest.mark.parametrize("form", list(Form))
def test_stub_and_wrapper_name_the_same_functions(form: Form) -> None:
    cone = Cone((("d", ((7, 0),)),), (("q", ((7, 0),)),))
    one = BoundarySet(elaborated(), UnitContract("m", (), Contract.STEP, CLOCK, cones=(cone,)), form=form)
    text, code = stub(Boundary("//x:m", (one,))), wrapper(one)
    imported = {line.split("(")[0].split()[-1] for line in text.splitlines() if 'import "DPI-C"' in line}
    assert {f"{one.symbol}_{name}" for name in ("new", "init", "final")} <= imported
    for name in imported:
        assert f" {name}(" in code.replace("*", " ")


def test_ports_keep_their_order_in_the_stub() -> None:
    text = stub(Boundary("//x:m", (BoundarySet(elaborated(), STEP),)))
    places = [text.index(f" {name}") for name in ("clk,", "rst_n,", "d,", "q\n")]
    assert places == sorted(places)


def test_scope_names_lose_the_harness_alone() -> None:
    one = BoundarySet(elaborated(), STEP)
    path = f"{one.symbol}.{one.instance}"
    assert restore(f'f("{path}.s", "{path}", "u.s");', one) == 'f("s", "", "u.s");'
    assert f"m {one.instance} (" in harness(one)


def test_the_direct_form_needs_a_version_that_is_known() -> None:
    one = BoundarySet(elaborated(), STEP, form=Form.DIRECT)
    root = f"{one.prefix}___024root"
    texts = [f"void {root}___{name}({root}* vlSelf);" for name in ("eval", "eval_nba", "eval_triggers_vec__act")]
    texts += [f"VlUnpacked<QData/*63:0*/, 1> __V{name}Triggered;" for name in ("nba", "act")]
    texts += [f"void {root}___eval({root}* vlSelf) {{\n    {root}___eval_phase__nba(vlSelf);\n}}\n"]
    assert find(one, (5, 48), texts) is not None
    assert find(one, (5, 50), texts) is None
    assert find(one, (5, 48), [t for t in texts if "eval_nba(" not in t]) is None
    # Values sampled before an evaluation, and what is printed after one, need the whole of it.
    for more in ("sample", "eval_phase__postponed"):
        changed = texts[-1].replace("(vlSelf);", f"(vlSelf);\n    {root}___{more}(vlSelf);")
        assert find(one, (5, 48), [*texts[:-1], changed]) is None
    # A history of anything but the harness's own events is a clock made inside.
    inside = find(one, (5, 48), [*texts, "CData __Vtrigprevexpr___TOP__gated__0;"])
    assert inside is not None
    assert inside.loop


def test_a_model_that_uses_time_checks_the_precision() -> None:
    one = BoundarySet(elaborated(), STEP)
    assert "timeprecision() != precision" not in wrapper(one)
    text = wrapper(one, None, "//x:m")
    assert "context->timeprecision() != precision" in text
    assert "buildozer 'set compile \\\"merge\\\"' //x:m" in text


@pytest.mark.parametrize(
    ("settings", "outlives"), [((), False), (("trace=vcd",), True), (("coverage=on",), True), (("asserts=off",), False)]
)
def test_a_model_outlives_the_simulation_where_something_asks_for_it(settings: tuple[str, ...], outlives: bool) -> None:
    one = BoundarySet(elaborated(), STEP, settings=settings)
    assert one.outlives == outlives
    assert ("_keep(" in wrapper(one)) == outlives


def test_points_of_coverage_lose_the_harness() -> None:
    one = BoundarySet(elaborated(), STEP)
    text = f'x(".{one.symbol}.{one.instance}.u", ".{one.symbol}.{one.instance}")'
    assert restore(text, one) == 'x(".u", "")'
