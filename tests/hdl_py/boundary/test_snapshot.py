"""Where a model keeps its state, and which models have more than bytes."""

from __future__ import annotations

import pytest

from hdl_py.boundary.model import BoundarySet
from hdl_py.boundary.snapshot import state_objects
from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.model import Clock, Reset, UnitContract
from hdl_py.sv.ports_elaborate import UnitSources, elaborate_module
from hdl_py.text.source import SourceText

MODULE = elaborate_module(
    [UnitSources((SourceText("m.sv", b"module m(input logic clk, rst, output logic q); endmodule\n"),))], "m", {}
)


def _one(recall: tuple[str, ...]) -> BoundarySet:
    contract = UnitContract(
        "m", (), Contract.STEP, (Clock("clk", 0, "posedge"),), (Reset("rst", 0, "high"),), recall=recall
    )
    return BoundarySet(MODULE, contract)


def _files(one: BoundarySet, members: str = "CData/*0:0*/ r;", more: str = "") -> dict[str, str]:
    root = f"{one.prefix}___024root"
    table = (
        f'#include "{one.prefix}.h"\n#include "{root}.h"\n#include "{one.prefix}_part.h"\n'
        f"class {one.prefix}__Syms final {{\n    {one.prefix}* const __Vm_modelp;\n"
        f"    {root}                TOP;\n    {one.prefix}_part TOP__u;\n{more}}};\n"
    )
    return {
        f"out/{one.prefix}__Syms.h": table,
        f"out/{root}.h": f"class {root} {{\n    // not std::string\n    {members}\n}};\n",
        f"out/{one.prefix}_part.h": f"class {one.prefix}_part {{\n    VlUnpacked<VlWide<3>/*95:0*/, 8> m;\n}};\n",
        f"out/{one.prefix}.h": "std::unique_ptr<int> not_state;\n",
    }


def test_state_is_what_the_symbol_table_holds() -> None:
    one = _one(("gates",))
    assert state_objects(one, _files(one)) == ("TOP", "TOP__u")


def test_only_what_may_go_back_has_any() -> None:
    one = _one(())
    assert state_objects(one, _files(one)) == ()


@pytest.mark.parametrize(
    "members",
    ["std::string t;", "VlQueue<IData> q;", "VlUnpacked<std::string, 4> t;", "VlAssocArray<IData, CData> a;"],
)
def test_what_owns_memory_is_no_state_of_bytes(members: str) -> None:
    one = _one(("gates",))
    assert state_objects(one, _files(one, members)) == ()


def test_an_unknown_class_or_file_is_refused() -> None:
    one = _one(("samples",))
    assert state_objects(one, _files(one, more=f"    {one.prefix}_other TOP__v;\n")) == ()
    files = _files(one)
    del files[f"out/{one.prefix}_part.h"]
    assert state_objects(one, files) == ()
    assert state_objects(one, {}) == ()
