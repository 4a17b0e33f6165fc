"""Triggers as an edge needs them, in C++ as Verilator writes it."""

from __future__ import annotations

from hdl_py.boundary.clocks import act_triggers, first_iteration, has_clocks, loops, with_clocks, without_data
from hdl_py.boundary.model import BoundarySet, Form
from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.model import Clock, UnitContract
from hdl_py.sv.ports_elaborate import UnitSources, elaborate_module
from hdl_py.text.source import SourceText

PORTS = "input logic clk, input logic [7:0] d, output logic [7:0] q"
MODULE = elaborate_module([UnitSources((SourceText("m.sv", f"module m({PORTS}); endmodule\n".encode()),))], "m")
ONE = BoundarySet(MODULE, UnitContract("m", (), Contract.STEP, (Clock("clk", 0, "posedge"),)), form=Form.DIRECT)
ROOT = f"{ONE.prefix}___024root"


def prior(name: str) -> str:
    return f"vlSelfRef.__Vtrigprevexpr___TOP__{name}__0"


def triggers(more: str = "") -> str:
    """A model's function of triggers: of the clock, and of two events of data."""
    return (
        f"void {ROOT}___eval_triggers_vec__act({ROOT}* vlSelf) {{\n"
        "    auto& vlSelfRef = std::ref(*vlSelf).get();\n"
        "    vlSelfRef.__VactTriggered[0U] = (QData)((IData)(\n"
        f"        ((((IData)(vlSelfRef.i0) & (~ (IData)({prior('i0')}))) << 2U)\n"
        f"         | ((((IData)(vlSelfRef.upd_1)\n            != (IData)({prior('upd_1')}))\n           << 1U)\n"
        f"            | ((IData)(vlSelfRef.upd_0) != (IData)({prior('upd_0')}))))));\n"
        f"    {prior('upd_0')} = vlSelfRef.upd_0;\n"
        f"    {prior('upd_1')} \n        = vlSelfRef.upd_1;\n"
        f"    {prior('i0')} = vlSelfRef.i0;\n{more}}}\n"
    )


def test_events_of_data_are_left_out() -> None:
    text = f"int before;\n{triggers()}int behind;\n"
    assert has_clocks(ONE, ["", text])
    made = with_clocks(ONE, text)
    assert made.startswith(f"int before;\n{triggers()}".rstrip("\n"))
    assert made.endswith("int behind;\n")
    added = made[len(text) - len("int behind;\n") :]
    assert f"QData {ROOT}___clocks({ROOT}* vlSelf)" in added
    assert "upd_" not in added
    assert f"(IData)(vlSelfRef.i0) & (~ (IData)({prior('i0')}))) << 2U)" in added
    assert f"    {prior('i0')} = vlSelfRef.i0;\n" in added


def test_code_of_another_shape_is_left_alone() -> None:
    # An event is looked at in a way that isn't known, or kept and never compared.
    for more in ("    if (vlSelfRef.upd_1) vlSelfRef.x = 1U;\n", f"    {prior('upd_2')} = vlSelfRef.upd_2;\n"):
        assert not has_clocks(ONE, [triggers(more)])
        assert with_clocks(ONE, triggers(more)) == triggers(more)
    assert not has_clocks(ONE, ["void f() {\n}\n"])
    assert not has_clocks(ONE, [triggers(), triggers()])


def test_the_trigger_that_runs_all_logic_of_inputs() -> None:
    said = "region trigger index {} is active: Internal 'ico' trigger - first iteration\\n"
    assert first_iteration(said.format(3)) == 3
    assert first_iteration("region trigger index 0 is active: @( upd_0)") is None
    assert first_iteration(said.format(0) + said.format(1)) is None


def active(body: str) -> str:
    """A model's code of the active region."""
    head = '    VL_DEBUG_IF(VL_DBG_MSGF("+\\n"); );\n    auto& vlSelfRef = std::ref(*vlSelf).get();\n    // Body\n'
    return f"void {ROOT}___eval_act({ROOT}* vlSelf) {{\n{head}{body}}}\n"


def test_triggers_of_the_active_region() -> None:
    first = "    if ((1ULL & vlSelfRef.__VactTriggered[0U])) {\n        f(vlSelf);\n    }\n"
    second = (
        "    if ((0x0000000000000014ULL & vlSelfRef.__VactTriggered\n         [0U])) {\n        g(vlSelf);\n    }\n"
    )
    assert act_triggers(ROOT, active(first)) == 1
    assert act_triggers(ROOT, active(first + second)) == 0x15
    # What stands outside of guards runs always, and so may what can't be read.
    assert act_triggers(ROOT, active(first + "    f(vlSelf);\n")) == 2**64 - 1
    assert act_triggers(ROOT, "") == 2**64 - 1


def dumped(*events: str) -> str:
    """What a model can say of its triggers."""
    lines = (
        f"VL_DBG_MSGS(\"         'act' region trigger index {n} is active: {e}\\n\");" for n, e in enumerate(events)
    )
    return "\n".join(lines)


def test_what_logic_follows_itself_through() -> None:
    body = (
        f"((IData)(vlSelfRef.m__DOT__a)\n  != (IData)({prior('m__DOT__a')})) | ((IData)(vlSelfRef.i0) & {prior('i0')})"
    )
    clock, loop = "@(posedge m.clk)", "@([hybrid] m.a)"
    found = (("m__DOT__a", "__Vtrigprevexpr___TOP__m__DOT__a__0"),)
    assert loops(body, dumped(clock, loop)) == found
    assert loops(body, dumped(loop, loop)) == found
    assert loops(body, dumped(clock)) == ()
    # One that is compared in another way: all clocks are looked at then.
    assert loops(body, dumped(loop, "@([hybrid] m.b[3])")) == ()


def test_the_function_without_data_is_that_of_one_file() -> None:
    assert "upd_" not in without_data(ONE, ["", triggers()])
    assert without_data(ONE, [triggers(), triggers()]) == without_data(ONE, [""]) == ""
