"""module.json and external_modules.json."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from hdl_py.errors import HdlError
from hdl_py.sv.ports import Direction
from hdl_py.verilated.manifest import manifest_text, module_text, read_module
from hdl_py.verilated.model import Clock, ExternalFFIModule, Features, FFIPort, Kind, Reset

PORTS = (
    FFIPort("clk", "clk", Direction.INPUT, 1, False, "bool", "uint8_t", "logic", (), "a.sv", 3),
    FFIPort("q", "q", Direction.OUTPUT, 12, True, "i16", "uint16_t", "logic signed [11:0]", ((1, 0),), "a.sv", 4),
    FFIPort("pad", "pad", Direction.INOUT, 8, False, "u8", "uint8_t", "logic [7:0]", (), "a.sv", 5),
)
MODULE = ExternalFFIModule(
    crate="verilated_a",
    original_module_name="Mul",
    kind=Kind.CLASS,
    top_module="mul",
    struct_name="Mul",
    crate_dir="verilated_a",
    sources=("rtl/mul.sv", "rtl/pkg/p.sv"),
    parameters={"W": "8"},
    clocks=(Clock("clk"),),
    resets=(Reset("rst_n", False, True),),
    features=Features("vcd", threads=2),
    ports=PORTS,
)

# What readers of the schema that came before know.
OLD_KEYS = {
    "crate", "dynamic_lib", "top_module", "sv", "crate_dir", "struct_name", "has_clock", "has_reset", "lib_filename",
    "lib_path", "parameters", "inputs", "outputs", "original_module_name",
}  # fmt: skip
OLD_PORT_KEYS = {"name", "bits", "signed", "rust_type", "c_type"}


def test_a_manifest_has_every_key_of_old_and_more() -> None:
    data = json.loads(manifest_text([MODULE]))
    assert data["schema_version"] == 1
    (entry,) = data["modules"]
    assert set(entry) >= OLD_KEYS | {"kind", "clocks", "resets", "inouts", "features"}
    assert set(entry["inputs"][0]) >= OLD_PORT_KEYS
    assert entry["dynamic_lib"] == "verilated_a_ffi"
    assert entry["lib_path"] == "verilated_a/libverilated_a_ffi.so"
    assert entry["sv"] == ["verilated_a/rtl/mul.sv", "verilated_a/rtl/pkg/p.sv"]
    assert (entry["has_clock"], entry["has_reset"], entry["kind"]) == (True, True, "class")
    assert [port["name"] for port in entry["inouts"]] == ["pad"]


def test_all_paths_are_relative() -> None:
    assert '"/' not in manifest_text([MODULE])


def test_a_module_comes_back_as_it_was() -> None:
    assert read_module(module_text(MODULE), "m.json") == MODULE
    moved = read_module(module_text(MODULE), "m.json", "crates/a")
    assert moved == replace(MODULE, crate_dir="crates/a")


def test_order_is_the_callers() -> None:
    other = replace(MODULE, crate="verilated_b")
    crates = [entry["crate"] for entry in json.loads(manifest_text([other, MODULE]))["modules"]]
    assert crates == ["verilated_b", "verilated_a"]


def test_a_crate_twice_is_an_error() -> None:
    with pytest.raises(HdlError, match="two crates of one program are called verilated_a"):
        manifest_text([MODULE, MODULE])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"schema_version": 9}', '{"schema_version": 1, "inputs": []}'])
def test_other_files_are_refused(text: str) -> None:
    with pytest.raises(HdlError, match=r"m\.json: error: this is no module\.json"):
        read_module(text, "m.json")
