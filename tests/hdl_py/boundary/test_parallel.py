"""What another thread may run: models as Verilator writes them, by what their logic calls."""

from __future__ import annotations

from textwrap import indent

import pytest

from hdl_py.boundary.parallel import Work, with_threads, work

ROOTS = ("Vm___024root___eval_nba", "Vm___024root___eval_act")

MODEL = """\
void Vm___024root___nba_sequent__TOP__0(Vm___024root* vlSelf) {{
    VL_DEBUG_IF(VL_DBG_MSGF("+    Vm___024root___nba_sequent__TOP__0\\n"); );
    Vm__Syms* const __restrict vlSymsp VL_ATTR_UNUSED = vlSelf->vlSymsp;
    auto& vlSelfRef = std::ref(*vlSelf).get();
    // Body: what( it ) does
    vlSelfRef.q = ((IData)(1U) + VL_SHIFTL_III(32,32,32, vlSelfRef.q, 2U));
    VL_CONCAT_WWI(96,64,32, vlSelfRef.w, vlSelfRef.v, vlSelfRef.q);
    {body}
}}

#ifdef VL_DEBUG
VL_ATTR_COLD void Vm___024root___dump_triggers__act(const VlUnpacked<QData/*63:0*/, 1> &triggers) {{
    VL_DBG_MSGS("No triggers active\\n");
}}
#endif  // VL_DEBUG

void Vm___024root___eval_nba(Vm___024root* vlSelf) {{
    // Body
    if ((1ULL & vlSelfRef.__VnbaTriggered[0U])) {{
        Vm___024root___nba_sequent__TOP__0(vlSelf);
    }}
}}

void Vm___024root___eval_initial(Vm___024root* vlSelf) {{
    VL_WRITEF_NX("hello\\n",0);
}}
"""

FAILURE = """\
if (vlSymsp->_vm_contextp__->assertOnGet(2, 1)) {
    if (VL_UNLIKELY(((0x4dU == (IData)(vlSelfRef.q))))) {
        VL_WRITEF_NX("[%0t] %%Error: a.sv:4: Assertion; \\"failed\\" in %m: f(%0d)\\n",4, 'M',vlSymsp->name(),"t"
                     , 'T',-12, '#',64,VL_TIME_UNITED_Q(1)
                     , '#',8,(IData)(vlSelfRef.q));
        VL_STOP_MT("a.sv", 4, "");
    }
}
"""


def _work(body: str) -> bool | None:
    """Whether the logic asserts something; None where it is left to one thread."""
    found = _found(body)
    return found.asserts if found else None


def _found(body: str) -> Work | None:
    return work(ROOTS, MODEL.format(body=indent(body, "    ")))


def test_logic_alone() -> None:
    assert _work("") is False
    assert _work('vlSelfRef.q = VL_TIME_UNITED_Q(1); // VL_WRITEF_NX("")') is False
    assert _work("vlSelfRef.q = VL_ONEHOT_I(vlSelfRef.q) | VL_LTS_III(32, vlSelfRef.q, 3U);") is False


def test_statements_are_those_that_run() -> None:
    less, more = _found("vlSelfRef.q = 1U;"), _found("vlSelfRef.q = 1U; // 2U;\nvlSelfRef.q = 3U;")
    assert less is not None
    assert more is not None
    assert more.statements == less.statements + 1


def test_assertions() -> None:
    assert _work(FAILURE) is True
    assert _work(FAILURE * 2) is True


@pytest.mark.parametrize(
    "body",
    [
        'VL_WRITEF_NX("hello\\n",0);',
        FAILURE + 'VL_WRITEF_NX("hello\\n",0);',
        'VL_WRITEF_NX("hello; \\n",0);\n' + FAILURE,
        'VL_STOP_MT("a.sv", 4, "");',
        'VL_FINISH_MT("a.sv", 4, "");',
        'VL_FWRITEF_NX(vlSelfRef.f,"hello\\n",0);',
        "vlSelfRef.q = VL_RANDOM_I();",
        "vlSelfRef.q = VL_URANDOM_SEEDED_II(vlSelfRef.q);",
        "vlSelfRef.q = VL_VALUEPLUSARGS_INI(32, vlSelfRef.s, vlSelfRef.q);",
        "Vm___024root____Vdpiimwrap_top__DOT__f_TOP(vlSelfRef.q);",
        "vlSelfRef.q = f(vlSelfRef.q);",
        "vlSelfRef.q = convert<int>(vlSelfRef.q);",
        "vlSelfRef.q = reinterpret_cast<CData*>(vlSelfRef.h)[0];",
        "static IData count = 0;",
        "vlSelfRef.queue.push_back(vlSelfRef.q);",
        'VL_SFORMAT_NX(64,vlSelfRef.s,"%0d",1, vlSelfRef.q);',
        "Verilated::threadContextp()->time();",
    ],
)
def test_anything_else_is_left_to_one_thread(body: str) -> None:
    assert _work(body) is None


def test_nothing_is_known_of_functions_that_are_not_there() -> None:
    assert work(("Vother___024root___eval_nba",), MODEL.format(body="")) is None


def test_the_number_of_threads() -> None:
    assert with_threads(b"f(RULES_SV_THREADS);", 3) == b"f(3U);"
