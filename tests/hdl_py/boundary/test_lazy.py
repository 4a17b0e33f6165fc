"""Logic that waits for the data that it follows, in C++ as Verilator writes it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hdl_py.boundary.direct import finished
from hdl_py.boundary.lazy import (
    Case,
    cases,
    class_triggers,
    follows_itself,
    triggers,
    waiting,
    with_quiet,
    with_silence,
    with_waits,
)
from hdl_py.boundary.model import BoundarySet, Form
from hdl_py.errors import HdlError
from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.model import Clock, Cone, Reset, UnitContract
from hdl_py.sv.ports_elaborate import UnitSources, elaborate_module
from hdl_py.text.source import SourceText

PORTS = "input logic clk, input logic [7:0] d, e, output logic [7:0] q, s"
CONE = Cone((("d", ((7, 0),)),), (("q", ((7, 0),)),))
CONTRACT = UnitContract("m", (), Contract.STEP, (Clock("clk", 0, "posedge"),), cones=(CONE,))
MODULE = elaborate_module([UnitSources((SourceText("m.sv", f"module m({PORTS}); endmodule\n".encode()),))], "m")
ONE = BoundarySet(MODULE, CONTRACT, form=Form.DIRECT)
ROOT = f"{ONE.prefix}___024root"
EARLY, CALLED, EDGE = 1, 2, 4
"""Triggers of the model below: of `e`, which comes early, of `d`, which a call passes, and of the clock."""


def model(pieces: str, events: tuple[str, ...] = ("@( upd_0)", "@( upd_1)", "@(posedge i0)")) -> str:
    """A model whose registers and logic are some pieces."""
    dump = "".join(f'  x("region trigger index {n} is active: {event}\\n");\n' for n, event in enumerate(events))
    return (
        f"void {ROOT}___dump_triggers__act(const T &triggers) {{\n{dump}}}\n"
        f"void {ROOT}___nba_comb__TOP__0({ROOT}* vlSelf) {{\n    vlSelfRef.o3 = 1U;\n}}\n"
        f"void {ROOT}___eval_nba({ROOT}* vlSelf) {{\n"
        "    auto& vlSelfRef = std::ref(*vlSelf).get();\n    // Body\n"
        f"{pieces}}}\n"
    )


def piece(mask: int, text: str) -> str:
    return f"    if ((0x{mask:016x}ULL & vlSelfRef.__VnbaTriggered[0U])) {{\n        {text}\n    }}\n"


def guards(text: str) -> list[str]:
    made = with_waits(ONE, text, [text], class_triggers(ONE, ROOT, text) or (), ())
    return [line.strip() for line in made.splitlines() if line.startswith("    if (")]


STATE = piece(EDGE, "vlSelfRef.o4 = vlSelfRef.d0;")
MIXED = piece(EDGE | CALLED, f"{ROOT}___nba_comb__TOP__0(vlSelf);")


def test_classes_are_found_by_what_verilator_says_of_its_triggers() -> None:
    assert [[x.source for x in lanes] for lanes in ONE.classes] == [["e"], ["d"]]
    text = model(STATE + MIXED)
    assert triggers(text) == {"@( upd_0)": [0], "@( upd_1)": [1], "@(posedge i0)": [2]}
    assert class_triggers(ONE, ROOT, text) == (0, 1)
    # Data that no logic follows has no trigger.
    assert class_triggers(ONE, ROOT, model(STATE, ("@( upd_1)", "@(posedge i0)"))) == (-1, 0)


def test_logic_waits_for_the_data_that_it_follows() -> None:
    text = model(STATE + MIXED)
    assert waiting(ONE, text, (0, 1)) == ONE.class_bits(ONE.calls[0].inputs)
    assert guards(text) == [
        "if (0x4ULL & triggered) {",
        "if (((0x6ULL & triggered) | (0x2ULL & stale)) && !(0x2ULL & waiting)) {",
    ]


def test_an_output_that_is_needed_before_its_piece_can_run_makes_it_eager() -> None:
    # The proof says that s follows state alone; Verilator has it in one piece with what follows d.
    text = model(STATE + MIXED + piece(EDGE | CALLED, "vlSelfRef.o4 = 1U;"))
    assert waiting(ONE, text, (0, 1)) == 0
    assert all("waiting" not in guard for guard in guards(text))
    # A piece that only reads it may wait.
    assert waiting(ONE, model(STATE + piece(EDGE | CALLED, "vlSelfRef.d1 = vlSelfRef.o4;")), (0, 1))


def test_early_data_is_never_waited_for() -> None:
    both = piece(EDGE | CALLED | EARLY, "vlSelfRef.d1 = 1U;")
    assert waiting(ONE, model(STATE + both), (0, 1)) == 2
    # An output of state may be in a piece with early data: an edge runs both.
    assert waiting(ONE, model(STATE + MIXED + piece(EDGE | EARLY, "vlSelfRef.o4 = 1U;")), (0, 1)) == 2


def test_nothing_waits_where_logic_follows_itself() -> None:
    # The piece of the output reads what follows d, but only through the loop: its guard doesn't say so.
    loop = ("@( upd_0)", "@( upd_1)", "@(posedge i0)", "@([hybrid] m.busy)")
    text = model(STATE + MIXED, loop)
    assert class_triggers(ONE, ROOT, text) == (0, 1)
    assert waiting(ONE, text, (0, 1)) == 0
    assert all("waiting" not in guard for guard in guards(text))


def test_code_of_another_shape_is_left_alone() -> None:
    assert class_triggers(ONE, ROOT, model(STATE + "    vlSelfRef.d0 = 1U;\n")) is None
    assert class_triggers(ONE, ROOT, model(piece(EDGE, "if (vlSelfRef.__VnbaTriggered[0U]) x();"))) is None
    assert class_triggers(ONE, ROOT, model(STATE, ("@( upd_0)", "@( upd_0)", "@( upd_1)"))) is None
    other = "void f() {\n}\n"
    assert with_waits(ONE, other, [other], (0, 1), ()) == other


def test_what_comes_in_every_cycle_has_functions_of_its_own() -> None:
    text = model(STATE + MIXED)
    found = cases(ONE, text, (0, 1), waiting(ONE, text, (0, 1)))
    assert found == (
        Case("edge", EDGE, EARLY, stale=0, held=CALLED, known=True),
        Case("call0", 0, CALLED | EARLY, stale=CALLED, held=0, known=False),
        # All data that waits is passed by a call: before an edge nothing is stale.
        Case("rest", 0, CALLED | EARLY, stale=0, held=0, known=True),
    )
    made = with_waits(ONE, text, [text], (0, 1), found)
    assert f"{ROOT}___nba(vlSelf, 0x4ULL | (triggered & 0x1ULL), 0x0ULL, 0x2ULL);" in made
    assert f"{ROOT}___nba(vlSelf, 0x0ULL | (triggered & 0x3ULL), 0x2ULL, waiting & 0x0ULL);" in made


def test_an_edge_comes_with_all_clocks_and_without_resets_and_loops() -> None:
    gated = ("@( upd_0)", "@( upd_1)", "@(posedge m.q_i0)", "@(posedge (m.held & m.q_i0))", "@(posedge m.u.clk)")
    reset = BoundarySet(
        elaborate_module(
            [UnitSources((SourceText("m.sv", f"module m(input logic r, {PORTS}); endmodule".encode()),))], "m"
        ),
        replace(CONTRACT, resets=(Reset("r", 0, "high"),)),
        form=Form.DIRECT,
    )
    assert [lane.name for lane in reset.events] == ["i0"]
    events = ("@( upd_0)", "@( upd_1)", "@(posedge i1)", "@(posedge m.q_i0)", "@([hybrid] m.busy)", "@(posedge m.i0)")
    for one, said, wanted in ((ONE, gated, 0b11100), (reset, events, 0b100)):
        assert cases(one, model(STATE + MIXED, said), (0, 1), 0)[0].triggered == wanted


def test_logic_that_follows_itself_is_seen() -> None:
    assert not follows_itself(model(STATE))
    assert follows_itself(model(STATE, ("@( upd_0)", "@( upd_1)", "@([hybrid] m.busy)")))
    assert follows_itself("nothing is known")


CHECKS = f"{ROOT}___nba_comb__TOP__1(vlSelf);"
CHECK = f"void {ROOT}___nba_comb__TOP__1({ROOT}* vlSelf) {{\n    if (vlSymsp->_vm_contextp__->assertOn()) {{ }}\n}}\n"
ACTING = BoundarySet(MODULE, replace(CONTRACT, effects=(("d", ((7, 0),)),)), form=Form.DIRECT)


def acting(pieces: str) -> str:
    """Such a model of a unit that checks d in combinational logic, as `finished` makes it."""
    text = (CHECK + model(pieces)).replace(ROOT, f"{ACTING.prefix}___024root")
    root = f"{ACTING.prefix}___024root"
    return with_waits(ACTING, text, [text], class_triggers(ACTING, root, text) or (), ())


def test_a_check_waits_for_what_it_follows() -> None:
    assert [[x.source for x in call.inputs] for call in ACTING.calls] == [["d"]]
    made = acting(STATE + piece(EDGE | CALLED, CHECKS))
    assert "if (((0x6ULL & triggered) | (0x2ULL & stale)) && !(0x2ULL & waiting)) {" in made
    # Where everything is evaluated at once it runs all the same.
    assert "Quiet quiet{vlSelf->silent, static_cast<CData>(((0x2ULL & waiting) != 0) | vlSelf->quiet)};" in made
    assert made.count("_Quiet quiet{") == 1


def test_a_check_that_can_t_wait_is_silent_and_comes_again() -> None:
    # The piece has an output that is needed at the edge.
    pieces = STATE + piece(EDGE | CALLED, f"vlSelfRef.o4 = 1U; {CHECKS}")
    made = acting(pieces)
    assert "if ((0x6ULL & triggered) | (0x2ULL & stale)) {" in made
    assert made.count("_Quiet quiet{") == 1
    text = (CHECK + model(pieces)).replace(ROOT, f"{ACTING.prefix}___024root")
    assert waiting(ACTING, text, (0, 1)) == 2
    assert "if ((!vlSymsp->TOP.silent && vlSymsp->_vm_contextp__->assertOn())) {" in with_silence(ACTING, CHECK)
    assert with_silence(ONE, CHECK) == CHECK


def test_checks_of_a_model_that_is_evaluated_whole_are_silent_where_it_says_so() -> None:
    text = (CHECK + model(STATE + piece(EDGE | CALLED, CHECKS))).replace(ROOT, f"{ACTING.prefix}___024root")
    made = with_quiet(ACTING, text, [text], (0, 1))
    assert "__VnbaTriggered[0U])) {\n        const" in made
    assert made.count("Quiet quiet{vlSelf->silent, static_cast<CData>(vlSelf->quiet)};") == 1
    # Registers check at the edge.
    edge = (CHECK + model(piece(EDGE, CHECKS))).replace(ROOT, f"{ACTING.prefix}___024root")
    assert "_Quiet quiet{" not in with_quiet(ACTING, edge, [edge], (0, 1))


def test_a_model_whose_checks_can_t_wait_is_refused() -> None:
    with pytest.raises(HdlError, match=r"m checks or prints in combinational logic that follows d.*\n.*merge"):
        finished(ACTING, (5, 48), {"V.cpp": "another Verilator"})


def test_checks_need_classes_of_inputs() -> None:
    for one in (ACTING, replace(ACTING, form=Form.ORDERED), replace(ACTING, settings=("trace=vcd",))):
        assert one.checked == one.class_bits(one.calls[0].inputs)
    for changes in (
        {"form": Form.PUBLIC},
        {"contract": replace(ACTING.contract, samples=True)},
        {"contract": replace(ACTING.contract, contract=Contract.GENERAL)},
    ):
        with pytest.raises(HdlError, match=r"code of m checks or prints by d.*unsettled-checks.*\n.*asserts = False"):
            replace(ACTING, **changes)  # type: ignore[arg-type]
