"""SystemVerilog modules named by VHDL: a component or `entity work.m` gets the version that the core depends on."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hdl_py.mangle.engine import Outcome, Request, mangle
from hdl_py.mangle.model import Core, CoreId, Language, Role
from hdl_py.sv.occurrences import SvFrontEnd
from hdl_py.text.source import SourceText
from hdl_py.vhdl.front_end import VhdlFrontEnd
from tests.hdl_py.vhdl.rewriting import core_of, vhdl_core


def sv_core(name: str, version: str, text: str, library: str = "work") -> Core:
    source = SourceText(f"{name}{version}.sv", text.encode())
    return Core(CoreId(name, version), Language.SYSTEMVERILOG, library, (source,))


def rewrite(*cores: Core) -> Outcome:
    return mangle(Request(cores), {Language.VHDL: VhdlFrontEnd(), Language.SYSTEMVERILOG: SvFrontEnd()})


MODULE = 'module Fifo #(parameter W = 1) (input logic clk); initial $display("fifo {v}"); endmodule\n'
USER = """entity use{v} is end;
architecture a of use{v} is
  component fifo is generic (w : integer := 1); port (clk : in bit); end component FIFO;
  signal clk, \\fifo\\ : bit;
  for u : fifo use entity work.fifo;
begin
  u : fifo port map (clk);
  v : entity work.fifo port map (clk);
  w : entity work.\\Fifo\\ port map (clk);
end;
"""


def test_a_module_is_renamed_on_both_sides() -> None:
    modules = [sv_core("unit", v, MODULE.replace("{v}", v)) for v in "12"]
    users = [vhdl_core(f"use{v}", "1", {f"use{v}.vhd": USER.replace("{v}", v)}, unit=v) for v in "12"]
    done = rewrite(*modules, *users)
    assert not done.refusals
    for v in "12":
        assert core_of(done, "unit", v).files[0].data.startswith(b"module Fifo_v%s " % v.encode())
        text = core_of(done, f"use{v}", "1").files[0].data.decode()
        new = f"Fifo_v{v}"
        expected = USER.replace("{v}", v).replace("component fifo", f"component {new}").replace("FIFO", new)
        expected = expected.replace("work.fifo", f"work.{new}").replace(": fifo", f": {new}")
        assert text == expected.replace("work.\\Fifo\\", f"work.\\{new}\\")
    roles = [o.role for o in done.occurrences if o.core.name == "use1" and o.target]
    assert roles.count(Role.REFERENCE) == 6
    assert roles.count(Role.END_LABEL) == 1


def test_modules_that_differ_in_case_only_are_refused() -> None:
    text = MODULE + MODULE.replace("Fifo", "fifo")
    modules = [sv_core("unit", v, text.replace("{v}", v)) for v in "12"]
    done = rewrite(*modules, vhdl_core("user", "1", {"user.vhd": USER.replace("{v}", "r")}, unit="1"))
    assert done.refusals
    assert not done.cores
    assert {r.code for r in done.refusals if r.core == "user"} == {"ambiguous-name"}
    # `\Fifo\` keeps its case, so it is no cause.
    assert 9 not in {r.line for r in done.refusals if r.core == "user"}


def test_a_module_of_a_core_that_is_not_depended_on_is_refused() -> None:
    modules = [sv_core("unit", v, MODULE.replace("{v}", v)) for v in "12"]
    done = rewrite(*modules, vhdl_core("user", "1", {"user.vhd": USER.replace("{v}", "r")}))
    assert {r.code for r in done.refusals} == {"undeclared-dependency"}
    assert {r.line for r in done.refusals} == {3, 5, 7, 8, 9}


@pytest.mark.parametrize("kind", ["class c; endclass", "typedef int c;", "function int c(); return 1; endfunction"])
def test_what_vhdl_cannot_name_is_no_reference(kind: str) -> None:
    units = [sv_core("unit", v, f"{kind}\nmodule m{v}; endmodule\n") for v in "12"]
    text = "entity c is end;\narchitecture a of c is signal s : bit; begin c : block begin end block; end;\n"
    done = rewrite(*units, vhdl_core("user", "1", {"user.vhd": text}, unit="1"))
    assert not [r for r in done.refusals if r.core == "user"]
    if done.cores:
        assert core_of(done, "user", "1").files[0].data == text.encode()


ENTITY = "entity {name} is port (clk : in bit); end entity {name};\narchitecture a of {name} is begin end;\n"


def entities(name: str) -> list[Core]:
    return [vhdl_core("unit", v, {f"e{v}.vhd": ENTITY.format(name=name)}) for v in "12"]


def sv_user(text: str, **depends: str) -> Core:
    return Core(
        CoreId("user", "1"), Language.SYSTEMVERILOG, "work", (SourceText("t.sv", text.encode()),), depends=depends
    )


def test_an_entity_is_renamed_in_systemverilog_in_any_case_and_through_macros() -> None:
    text = """`define I(m, n) m n``_u(.clk(1'b0));
`define F fifo
module t; `I(FIFO, x) `I(Fifo, fifo) `F a(.clk(1'b0)); \\fifo  b(.clk(1'b0)); wire fifo, FIFO;
`ifdef OTHER
  fIfO c(.clk(1'b0));
`endif
endmodule
bind Fifo chk d(.*);
module chk; endmodule
"""
    done = rewrite(*entities("Fifo"), sv_user(text, unit="2"))
    assert done.refusals == (), "\n".join(r.render() for r in done.refusals)
    expected = text
    for name in ("`I(FIFO", "`I(Fifo", "F fifo", "\\fifo", "  fIfO", "bind Fifo"):
        assert name in expected
        expected = expected.replace(name, f"{name}_v2")
    assert core_of(done, "user", "1").files[0].data.decode() == expected


def test_an_extended_identifier_is_matched_letter_by_letter() -> None:
    text = "module t; Fifo a(.clk(1'b0)); fifo b(.clk(1'b0)); endmodule\nmodule fifo(input clk); endmodule\n"
    done = rewrite(*entities("\\Fifo\\"), sv_user(text, unit="2"))
    assert done.refusals == ()
    assert core_of(done, "user", "1").files[0].data.decode() == text.replace("Fifo a", "Fifo_v2 a")
    assert core_of(done, "unit", "2").files[0].data.decode() == ENTITY.format(name="\\Fifo_v2\\")


@pytest.mark.parametrize("name", ["fifo", "\\Fifo\\"])
def test_an_entity_of_a_core_that_is_not_depended_on_is_refused(name: str) -> None:
    done = rewrite(*entities(name), sv_user("module t; Fifo a(.clk(1'b0)); endmodule\nmodule fIFO; endmodule\n"))
    found = [r for r in done.refusals if r.core == "user" and r.line == 1]
    assert [(r.code, r.column) for r in found] == [("undeclared-dependency", 11)]
    assert 'add "unit": "1" or "unit": "2" to its "depends"' in found[0].message


def test_a_new_name_that_systemverilog_has_in_another_case_is_refused() -> None:
    done = rewrite(*entities("fifo"), sv_user("module FIFO_V1; endmodule\n", unit="2"))
    assert {r.code for r in done.refusals} == {"case-folding"}
    assert not done.cores


@pytest.mark.parametrize(
    ("body", "proven"),
    [
        ("localparam x = p::c;", True),
        ("import p::c; localparam x = c;", True),
        ("import p::*; localparam x = c;", True),
        ("import p::*; p y;", True),
        # What a package of VHDL has for a name isn't known here.
        ("import p::*; localparam x = p::c;", False),
    ],
)
def test_a_vhdl_package_in_systemverilog(body: str, proven: bool) -> None:
    """Some simulators import such packages."""
    units = [vhdl_core("unit", v, {"p.vhd": f"package p is constant c : integer := {v}; end;\n"}) for v in "12"]
    text = f"module t; {body} endmodule\n"
    done = rewrite(*units, replace(sv_core("user", "1", text), depends={"unit": "1"}))
    if proven:
        assert not done.refusals
        assert core_of(done, "user", "1").files[0].data.decode() == text.replace("p::", "p_v1::")
    else:
        assert not done.cores
        assert {(r.code, r.core) for r in done.refusals} == {("unknown-package", "user")}
