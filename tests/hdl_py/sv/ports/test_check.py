"""Which ports cross, and what the user expected of them."""

from __future__ import annotations

import pytest

from hdl_py.errors import HdlError
from hdl_py.sv.ports import Module
from hdl_py.sv.ports_check import check_crossing, check_expected
from hdl_py.sv.ports_elaborate import UnitSources, elaborate_module
from hdl_py.text.source import SourceText

TYPES = """
interface bus_if(input clk);
  logic [7:0] data;
  logic ready;
  modport master(output data, input ready);
endinterface
package p;
  typedef struct { int a; string s; } loose_t;
  typedef union tagged packed { logic [1:0] a; logic [1:0] b; } tagged_t;
  typedef struct packed { logic [7:0] d; } req_t;
endpackage
"""


def elaborate(ports: str) -> Module:
    text = f"{TYPES}module m({ports}); endmodule"
    return elaborate_module([UnitSources((SourceText("m.sv", text.encode()),))], "m")


def refusal(ports: str) -> str:
    with pytest.raises(HdlError) as error:
        check_crossing(elaborate(ports))
    return str(error.value)


def test_what_crosses() -> None:
    check_crossing(elaborate("input a, output p::req_t b, inout wire [3:0] c, input real r, input string s[2]"))


@pytest.mark.parametrize(
    ("ports", "wanted"),
    [
        ("ref logic a", "port a of m can't be reached from outside: it is passed by reference"),
        ("input p::loose_t a", "its type is an unpacked structure, struct {int a; string s; }"),
        ("input p::loose_t a[2]", "its type is an unpacked structure"),
        ("input p::tagged_t a", "its type holds a tagged union"),
        ("input chandle a", "its type is a chandle"),
        ("inout wire [3:0] a[2]", "it is an inout that is not packed"),
    ],
)
def test_what_does_not(ports: str, wanted: str) -> None:
    text = refusal(ports)
    assert wanted in text
    assert text.startswith("m.sv:12:")
    assert "write a module that instantiates m" in text


def test_an_interface_port_gets_the_wrapper_that_it_needs() -> None:
    text = refusal("bus_if.master b, input clk")
    assert "port b of m is an interface port of type bus_if.master" in text
    for line in (
        "module m_flat (",
        "output logic [7:0] b_data,",
        "input logic b_ready,",
        "bus_if b ();",
        "assign b_data = b.data;",
        "assign b.ready = b_ready;",
        "m m (.b(b.master), .*);",
    ):
        assert line in text, line


def test_every_bad_port_is_named_at_once() -> None:
    text = refusal("bus_if b[2], ref logic r, input clk")
    assert "port b of m" in text
    assert "port r of m" in text


def test_expected_ports_that_are_as_expected() -> None:
    module = elaborate("input logic [7:0] a, output p::req_t b, input logic signed [3:0] c[2][4:1], input real r")
    check_expected(module, {})
    expected = {"a": "input 8", "b": "output p::req_t", "c": "input signed 4 [0:1] [4:1]", "r": "input real"}
    check_expected(module, expected)
    check_expected(module, {**expected, "a": "input logic[7:0]", "b": "output 8"})


@pytest.mark.parametrize(
    ("expected", "wanted"),
    [
        ({"a": "input 7", "b": "output 8"}, ["a: expected input 7, elaborated input 8"]),
        ({"a": "input 8"}, ["b: expected nothing, elaborated output 8"]),
        ({"a": "input 8", "b": "output 8", "c": "input 1"}, ["c: expected input 1, elaborated nothing"]),
        ({"a": "input signed 8", "b": "input 8"}, ["a: expected input signed 8", "b: expected input 8"]),
    ],
)
def test_expected_ports_that_differ(expected: dict[str, str], wanted: list[str]) -> None:
    with pytest.raises(HdlError) as error:
        check_expected(elaborate("input logic [7:0] a, output p::req_t b"), expected)
    for part in [*wanted, '{"a": "input 8", "b": "output 8"}']:
        assert part in str(error.value), part
