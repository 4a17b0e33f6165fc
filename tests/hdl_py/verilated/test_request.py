"""What a generator asks for, and the crates that it gets."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdl_py.errors import HdlError
from hdl_py.sv.ports_elaborate import UnitSources, elaborate_module
from hdl_py.text.source import SourceText
from hdl_py.verilated.model import Clock, Features, Kind, Reset
from hdl_py.verilated.request import (
    Expression,
    ModuleRequest,
    SourceUnit,
    parameter_text,
    parse_clock,
    parse_reset,
    plan_crates,
    read_requests,
)

UNITS = (SourceUnit(("a.sv",)),)


def request(name: str, top: str = "m", kind: Kind = Kind.INSTANCE, **parameters: Any) -> ModuleRequest:
    return ModuleRequest(name, top, UNITS, kind, parameters=parameters)


def test_each_distinct_module_and_parameters_gets_one_crate() -> None:
    plans = plan_crates(
        [
            request("mul0", W=8),
            request("mul1", W=16),
            request("mul2", W=8),
            request("Mul", kind=Kind.CLASS, W=8),
            request("Other", "o", Kind.CLASS),
        ]
    )
    assert [(plan.crate, plan.names) for plan in plans] == [
        ("verilated_mul0", ("mul0", "mul2", "Mul")),
        ("verilated_mul1", ("mul1",)),
        ("verilated_Other", ("Other",)),
    ]


def test_instances_come_first_whatever_the_order_of_the_request() -> None:
    first = plan_crates([request("Cls", "c", Kind.CLASS), request("inst", "i")])
    second = plan_crates([request("inst", "i"), request("Cls", "c", Kind.CLASS)])
    assert [plan.crate for plan in first] == [plan.crate for plan in second] == ["verilated_inst", "verilated_Cls"]


def test_names_that_clash_get_suffixes_and_chosen_names_do_not() -> None:
    plans = plan_crates([request("a", W=1), request("a", W=2), request("a_2", W=3)])
    assert [plan.crate for plan in plans] == ["verilated_a", "verilated_a_3", "verilated_a_2"]
    chosen = ModuleRequest("x", "m", UNITS, crate_name="my_crate")
    assert [plan.crate for plan in plan_crates([chosen])] == ["my_crate"]
    with pytest.raises(HdlError, match="two crates of one program are called my_crate"):
        plan_crates([chosen, ModuleRequest("y", "n", UNITS, crate_name="my_crate")])


def test_no_requests_no_crates() -> None:
    assert plan_crates([]) == ()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "1'b1"),
        (False, "1'b0"),
        (0, "0"),
        (-5, "-5"),
        ((1 << 31) - 1, "2147483647"),
        (1 << 31, "32'd2147483648"),
        (-(1 << 31) - 1, "-33'sd2147483649"),
        (1.5, "1.5"),
        ('a"b', '"a\\"b"'),
        (PurePosixPath("init/mem.hex"), '"init/mem.hex"'),
        (Expression("pkg::X"), "pkg::X"),
    ],
)
def test_parameter_texts(value: Any, text: str) -> None:
    assert parameter_text(value) == text


@given(st.integers(-(1 << 70), 1 << 70))
def test_integers_keep_their_value(value: int) -> None:
    source = "module m #(parameter logic signed [79:0] P = 0)(input a); endmodule"
    unit = UnitSources((SourceText("m.sv", source.encode()),))
    module = elaborate_module([unit], "m", {"P": parameter_text(value)})
    assert module.parameters[0].value == f"80'sh{value & ((1 << 80) - 1):x}"


FULL: dict[str, Any] = {
    "schema_version": 1,
    "modules": [
        {
            "name": "mul0",
            "top": "mul",
            "kind": "class",
            "units": [{"sources": ["p.sv"], "include_dirs": ["inc"], "defines": ["X=1"]}, {"sources": ["mul.sv"]}],
            "parameters": {"W": 16, "NAME": "x", "MODE": {"sv": "p::FAST"}, "ON": True},
            "clocks": [{"name": "clk", "rising": False, "period": 8}],
            "resets": [{"name": "rst_n", "active_high": False}],
            "features": {"trace": "vcd"},
            "expected_ports": {"a": "input 16"},
            "verilator_options": ["-Wno-WIDTH"],
        }
    ],
}


def test_a_full_request() -> None:
    (made,) = read_requests(json.dumps(FULL), "r.json")
    assert made.kind is Kind.CLASS
    assert made.units[0] == SourceUnit(("p.sv",), ("inc",), ("X=1",))
    assert made.parameters["MODE"] == Expression("p::FAST")
    assert made.clocks == (Clock("clk", False, 8),)
    assert made.resets == (Reset("rst_n", False),)
    assert made.features == Features("vcd")


def changed(**changes: Any) -> str:
    (module,) = FULL["modules"]
    entry = {key: value for key, value in {**module, **changes}.items() if value is not None}
    return json.dumps({"schema_version": 1, "modules": [entry]})


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{", "it is no JSON"),
        ("[]", 'an object with "schema_version": 1 is expected'),
        ('{"schema_version": 2, "modules": []}', '"schema_version": 1 is expected'),
        ('{"schema_version": 1}', 'a list "modules" is expected'),
        ('{"schema_version": 1, "modules": [3]}', "modules[0] is no object"),
        (changed(top=None), "modules[0] (mul0) has no top"),
        (changed(colour="red"), "modules[0] (mul0) has the key colour; known are"),
        (changed(kind="thing"), "modules[0] (mul0): 'thing' is not a valid Kind"),
        ("[" * 100_000, "it is no JSON"),
        ('{"schema_version": ' + "9" * 5000 + "}", "it is no JSON"),
        (changed(name="\ud800"), "half of a surrogate pair"),
        (changed(units=[{"sources": ["a\0b"]}]), "a text holds a zero"),
        (changed(name=["x"]), "modules[0] (['x']): name is ['x']; a string is expected"),
        (changed(top=3), "modules[0] (mul0): top is 3; a string is expected"),
        (changed(clocks="clk"), "modules[0] (mul0): clocks is 'clk'; a list is expected"),
        (changed(clocks=[{"pin": "clk"}]), "clock has the key pin; known are name, rising, period, phase"),
        (changed(clocks=[{}]), "modules[0] (mul0): clock has no name"),
        (changed(clocks=[3]), "found 3 for clock; an object with some of name, rising, period, phase is expected"),
        (changed(clocks=["clk fast"]), "clock clk: found 'fast'"),
        (changed(clocks=[{"name": "clk", "period": "6"}]), "period of clock is '6'; a whole number is expected"),
        (changed(resets={"r": 1}), 'reset r is 1; a string such as "low async" is expected'),
        (changed(features={"trace": True}), "trace of features is True; a string is expected"),
        (changed(units=["a.sv"]), "found 'a.sv' for source unit; an object with some of sources, "),
        (changed(units=None, sources="a.sv"), "sources is 'a.sv'; a list of strings is expected"),
        (changed(parameters={"W": [1]}), "modules[0] (mul0): a parameter is a number"),
        (changed(units=[{"files": ["a"]}]), "source unit has the key files; known are sources, "),
    ],
)
def test_bad_requests(text: str, wanted: str) -> None:
    with pytest.raises(HdlError, match=r"r\.json: error") as error:
        read_requests(text, "r.json")
    assert wanted in str(error.value)
    assert error.value.exit_code == 2


def test_clocks_and_resets_as_text() -> None:
    text = changed(clocks=["clk negedge", {"name": "b"}], resets={"rst_n": "low async", "rst": ""})
    (made,) = read_requests(text, "r.json")
    assert made.clocks == (Clock("clk", False), Clock("b"))
    assert made.resets == (Reset("rst_n", False, True), Reset("rst"))
    assert parse_clock("clk") == Clock("clk")
    assert parse_clock("clk negedge period=6 phase=1") == Clock("clk", False, 6, 1)
    assert parse_reset("rst_n", ["low", "async"]) == Reset("rst_n", False, True)
    assert parse_reset("rst", []) == Reset("rst")
    with pytest.raises(ValueError, match="clock clk: found 'fast'"):
        parse_clock("clk fast")
    with pytest.raises(ValueError, match="reset rst: found 'mid'"):
        parse_reset("rst", ["mid"])
