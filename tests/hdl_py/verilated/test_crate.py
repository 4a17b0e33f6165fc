"""The generated sources of a crate, and what is refused before anything is generated."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from hdl_py.errors import HdlError
from hdl_py.sv.linemap import LineMap, Run
from hdl_py.sv.ports import Direction, describe
from hdl_py.sv.ports_elaborate import UnitSources, elaborate_module
from hdl_py.text.source import SourceText
from hdl_py.verilated.crate import check_spec, interface_digest, render_crate, render_lines
from hdl_py.verilated.model import Clock, CrateSpec, Features, Reset
from hdl_py.verilated.pins import plan_pins

SOURCE = """package p;
  typedef enum logic [1:0] {OFF, ON} mode_t;
  typedef struct packed { mode_t mode; logic [5:0] count; } state_t;
endpackage
module fifo #(parameter int W = 8, parameter string N = "") (
  input logic clk, input logic rst_n, input logic [W-1:0] d, output logic [W-1:0] q, output p::state_t s,
  input logic [1:0] two, output logic out);
endmodule
module pads(input logic clk, input logic eval, inout wire [3:0] pad, inout wire one);
  timeunit 1ns; timeprecision 10ps;
endmodule
"""


def spec(top: str = "fifo", **changes: Any) -> CrateSpec:
    module = elaborate_module([UnitSources((SourceText("rtl/fifo.sv", SOURCE.encode()),))], top)
    made = CrateSpec("verilated_x", module, clocks=(Clock("clk"),))
    return replace(made, **changes)


def refusal(made: CrateSpec) -> str:
    with pytest.raises(HdlError) as error:
        check_spec(made)
    return str(error.value)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"clocks": (Clock("clock"),)}, "clock clock is no port of fifo; its inputs are clk, rst_n, d, two"),
        ({"clocks": (Clock("out"),)}, "clock out is an output of fifo; an input is expected"),
        ({"clocks": (Clock("two"),)}, "clock two of fifo is logic [1:0]; one bit is expected"),
        ({"resets": (Reset("d"),)}, "reset d of fifo is logic [7:0]; one bit is expected"),
        ({"resets": (Reset("clk"),)}, "clk is named twice among the clocks and resets of fifo"),
        ({"clocks": (Clock("clk", period=3),)}, "clock clk has the period 3"),
        ({"clocks": (Clock("clk", period=2**62 + 2),)}, "clock clk has the period 4611686018427387906"),
        ({"clocks": (Clock("clk", phase=-1),)}, "clock clk has the phase -1; 0 to 4611686018427387904 is expected"),
        ({"crate": "1x"}, "'1x' is no crate name"),
        ({"features": Features(trace="wave")}, "trace is 'wave'; none, vcd or fst is expected"),
        ({"features": Features(savable=True, timing=True)}, "can't combine savable with timing"),
        ({"features": Features(savable=True, coverage=True)}, "can't combine savable with coverage"),
        ({"features": Features(threads=0)}, "threads is 0; 1 to 1024 is expected"),
        ({"features": Features(threads=1025)}, "threads is 1025; 1 to 1024 is expected"),
    ],
)
def test_refusals(changes: dict[str, Any], wanted: str) -> None:
    assert wanted in refusal(spec(**changes))


def test_every_fault_is_named_at_once() -> None:
    text = refusal(spec(clocks=(Clock("a"), Clock("b"))))
    assert "clock a is no port" in text
    assert "clock b is no port" in text


def test_the_files_of_a_crate() -> None:
    made = render_crate(spec(resets=(Reset("rst_n", False, True),), features=Features(trace="vcd", savable=True)))
    assert set(made.files) == {"Cargo.toml", "build.rs", ".verilator-lib-path", "src/lib.rs", "src/wrapper.cpp"}
    assert made.files[".verilator-lib-path"] == "libverilated_x_ffi.so\n"
    assert made.adapter == ""
    assert made.verilate == '"--top-module"\n"fifo"\n"--prefix"\n"Vverilated_x"\n'
    rust = made.files["src/lib.rs"]
    for part in (
        "pub struct Fifo {",
        "pub enum ModeT {",
        "/// Input `d`: `logic [7:0]`, 8 bits, unsigned (`rtl/fifo.sv:6`).",
        "pub fn set_d(&mut self, value: u8)",
        "pub fn s(&self) -> Result<types::StateT, u8>",
        "pub fn tick(&mut self)",
        "pub fn reset(&mut self, cycles: u64)",
        "impl<P: ?Sized> verilated_runtime::VcdBuiltIn<P> for Fifo {}",
        'links = "',
    ):
        assert part in rust + made.files["Cargo.toml"], part
    assert "set_q" not in rust, "an output has no setter"
    wrapper = made.files["src/wrapper.cpp"]
    assert "decltype(std::declval<Model&>().d), CData&>" in wrapper
    assert "#define VFFI_WITH_SAVE" in wrapper


def test_both_sides_hold_the_same_digest() -> None:
    made = render_crate(spec())
    (rust,) = re.findall(r"interface: (0x[0-9a-f]{16})", made.files["src/lib.rs"])
    (cpp,) = re.findall(r"Instance::api\((0x[0-9a-f]{16})u", made.files["src/wrapper.cpp"])
    assert rust == cpp


def test_the_digest_changes_with_what_the_sides_must_agree_on() -> None:
    def digest(made: CrateSpec) -> str:
        return interface_digest(made, plan_pins(made.module, {}, made.crate, made.model_class))

    base = digest(spec())
    module = spec().module
    wider = replace(module, ports=(module.ports[0], replace(module.ports[2], name="rst_n"), *module.ports[2:]))
    other = [
        spec(crate="verilated_y"),
        spec(features=Features(trace="vcd")),
        spec(clocks=(Clock("clk", rising=False),)),
        spec(module=wider),
    ]
    assert base not in [digest(made) for made in other]
    # A line number is no part of the interface.
    moved = replace(module, ports=tuple(replace(p, position=replace(p.position, line=99)) for p in module.ports))
    assert digest(spec(module=moved)) == base


def test_parameters_go_to_verilator_as_literals() -> None:
    made = render_crate(spec(parameters={"W": "32'sh10", "N": '"a b"'}))
    assert '"-GW=32\'sh10"\n"-GN=\\"a b\\""\n' in made.verilate
    assert "with `W = 32'sh10`" in made.files["src/lib.rs"]


def test_a_string_with_escapes_is_given_by_an_instantiation() -> None:
    made = render_crate(spec(parameters={"N": '"a \\"b\\""'}))
    assert '.\\N ("a \\"b\\"")' in made.files[made.adapter]
    assert "-G" not in made.verilate


def test_the_module_around_a_top_elaborates_and_fits_it() -> None:
    made = render_crate(spec("pads", features=Features()))
    assert made.adapter == "rtl/verilated_x_pins.sv"
    assert '"verilated_x_pins"' in made.verilate
    text = made.files[made.adapter]
    units = [UnitSources((SourceText("a.sv", SOURCE.encode()),)), UnitSources((SourceText("b.sv", text.encode()),))]
    module = elaborate_module(units, "verilated_x_pins")
    assert {port.name: describe(port) for port in module.ports} == {
        "clk": "input 1",
        "port_eval": "input 1",
        "pad": "output 4",
        "pad_drive": "input 4",
        "pad_drive_enable": "input 4",
        "pad_driven": "output 4",
        "one": "output 1",
        "one_drive": "input 1",
        "one_drive_enable": "input 1",
        "one_driven": "output 1",
    }
    assert module.timescale == "1ns/10ps", "as the top, or the whole design's precision would change"
    rust = made.files["src/lib.rs"]
    assert "pub fn drive_pad(&mut self, value: u8, enable: u8)" in rust
    assert "pub fn port_eval(&self) -> bool" in rust


def test_a_struct_is_never_called_as_something_that_its_source_uses() -> None:
    module = replace(spec().module, name="instance")
    made = render_crate(spec(module=module))
    assert made.module.struct_name == "InstanceDut"
    assert "pub struct InstanceDut {" in made.files["src/lib.rs"]


def test_a_combinational_module_has_no_clock_methods() -> None:
    rust = render_crate(spec(clocks=())).files["src/lib.rs"]
    assert "fn tick" not in rust
    assert "fn reset" not in rust
    assert "fn eval" in rust


def test_the_same_specification_gives_the_same_bytes() -> None:
    assert render_crate(spec()).files == render_crate(spec()).files


def test_the_manifest_entry() -> None:
    module = render_crate(spec(parameters={"W": "8"})).module
    assert (module.crate, module.top_module, module.has_clock, module.has_reset) == ("verilated_x", "fifo", True, False)
    assert [port.name for port in module.of(Direction.OUTPUT)] == ["q", "s", "out"]
    state = module.of(Direction.OUTPUT)[1]
    assert (state.bits, state.rust_type, state.c_type) == (8, "StateT", "uint8_t")


def test_line_maps_become_a_table() -> None:
    runs = (Run(1, "a.sv", 3, (1,)), Run(4, "a.sv", 3, (9,)), Run(6, 'odd "name".svh', 8, (1,)))
    text = render_lines("verilated_x", [("gen/u.unit.sv", LineMap(runs, {}))])
    assert "F 0 a.sv\\n" in text
    assert 'F 1 odd \\"name\\".svh\\n' in text
    # Runs of the same line are joined.
    assert re.findall(r"L (\d+) (\d+) (\d+)", text) == [("1", "0", "3"), ("6", "1", "8")]
    assert "verilated_x_line_maps_size = 1;" in text
    assert "verilated_x_line_maps_size = 0;" in render_lines("verilated_x", [])
