"""Ports and parameters as elaboration sees them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdl_py.errors import HdlError
from hdl_py.sv.ports import (
    Direction,
    Enum,
    Module,
    Opaque,
    PackedArray,
    PackedStruct,
    PackedUnion,
    Range,
    Real,
    String,
    TypeName,
    UnpackedArray,
    Vector,
    describe,
)
from hdl_py.sv.ports_elaborate import UnitSources, elaborate_module, read_units
from hdl_py.sv.ports_reader import string_literal
from hdl_py.text.position import Position
from hdl_py.text.source import SourceText

PACKAGE = """package p;
  typedef enum logic [2:0] {IDLE = 0, RUN = 3, ODD = 3'b1x0} st_t;
  typedef struct packed { logic [3:0] a; logic signed [6:0] b; st_t st; } req_t;
  typedef union packed { logic [13:0] raw; req_t r; } view_t;
  localparam int WIDE = 24;
endpackage
"""


def elaborate(*texts: str, top: str = "m", **parameters: str) -> Module:
    units = [UnitSources((SourceText(f"{i}.sv", text.encode()),)) for i, text in enumerate(texts)]
    return elaborate_module(units, top, parameters)


def only(text: str, *, before: str = PACKAGE) -> Module:
    return elaborate(before, f"module m({text}); endmodule")


@pytest.mark.parametrize(
    ("declaration", "wanted"),
    [
        ("input clk", Vector(1, False)),
        ("input logic [0:0] x", Vector(1, False, True, Range(0, 0))),
        ("input logic [7:0] x", Vector(8, False, True, Range(7, 0))),
        ("input logic [0:7] x", Vector(8, False, True, Range(0, 7))),
        ("input logic signed [6:2] x", Vector(5, True, True, Range(6, 2))),
        ("input bit [129:0] x", Vector(130, False, False, Range(129, 0))),
        ("input byte x", Vector(8, True, False)),
        ("input int unsigned x", Vector(32, False, False)),
        ("input integer x", Vector(32, True, True)),
        ("input time x", Vector(64, False, True)),
        ("input real x", Real("real")),
        ("input shortreal x", Real("shortreal")),
        ("input string x", String()),
        ("input logic [3:0][7:0] x", PackedArray(Vector(8, False, True, Range(7, 0)), Range(3, 0))),
        ("input logic x [4]", UnpackedArray(Vector(1, False), Range(0, 3))),
        (
            "input logic [1:0] x [2][3:1]",
            UnpackedArray(UnpackedArray(Vector(2, False, True, Range(1, 0)), Range(3, 1)), Range(0, 1)),
        ),
        ("input chandle x", Opaque("chandle", "a chandle")),
        ("input logic x []", Opaque("logic []", "a dynamic array")),
        ("input logic x [$]", Opaque("logic [$]", "a queue")),
    ],
)
def test_types(declaration: str, wanted: object) -> None:
    assert [port.type for port in only(declaration).ports] == [wanted]


def test_named_types_keep_their_typedefs_names_and_offsets() -> None:
    module = only("input p::req_t a, output p::view_t b, input p::st_t [1:0] c")
    req = module.ports[0].type
    assert isinstance(req, PackedStruct)
    assert (req.name, req.width) == (TypeName("p", "req_t"), 14)
    assert [(f.name, f.offset, f.type.width, f.type.signed) for f in req.fields] == [
        ("a", 10, 4, False),
        ("b", 3, 7, True),
        ("st", 0, 3, False),
    ]
    view, array = module.ports[1].type, module.ports[2].type
    assert isinstance(view, PackedUnion)
    assert [f.offset for f in view.fields] == [0, 0]
    assert isinstance(array, PackedArray)
    assert isinstance(array.element, Enum)
    # An encoding with X bits has no two-state value.
    assert [(m.name, m.value) for m in array.element.members] == [("IDLE", 0), ("RUN", 3), ("ODD", None)]
    assert module.ports[0].text == "p::req_t"


def test_a_typedef_of_a_typedef_is_called_as_the_first() -> None:
    before = PACKAGE.replace("endpackage", "typedef req_t other_t; endpackage")
    (port,) = only("input p::other_t a", before=before).ports
    assert isinstance(port.type, PackedStruct)
    assert str(port.type.name) == "p::req_t"
    assert port.text == "p::other_t"


def test_anonymous_and_unit_scope_types() -> None:
    module = elaborate(
        "typedef struct packed {logic a;} mine_t;\n"
        "module m(input struct packed {logic [1:0] x;} s, input enum {A, B} e, input mine_t u); endmodule"
    )
    names = [str(getattr(port.type, "name", "")) for port in module.ports]
    assert names == ["", "", "mine_t"]
    assert module.ports[0].text == "struct packed {logic [1:0] x; }"


def test_places_names_and_directions() -> None:
    module = elaborate(
        "module m(\n  input logic a,\n  output logic \\b+c ,\n  inout wire d,\n  ref logic e);\nendmodule"
    )
    assert [(p.name, p.direction) for p in module.ports] == [
        ("a", Direction.INPUT),
        ("b+c", Direction.OUTPUT),
        ("d", Direction.INOUT),
        ("e", Direction.REF),
    ]
    assert module.position == Position("0.sv", 1, 8)
    assert module.ports[1].position == Position("0.sv", 3, 16)


def test_old_style_ports() -> None:
    module = elaborate(
        "module m(a, b, {c, d}, .e(f[1:0]), ); input [3:0] a; output reg b; input c, d; input [2:0] f; endmodule"
    )
    assert [describe(port) for port in module.ports] == ["input 4", "output 1"]
    assert [bad.what for bad in module.bad_ports] == [
        "a concatenation {c, d}",
        "a port of an expression",
        "a port without a signal",
    ]


def test_a_place_is_mapped_before_it_is_shown() -> None:
    unit = UnitSources((SourceText("gen.sv", b"module m(input a); endmodule"),))
    module = elaborate_module([unit], "m", {}, lambda place: Position("user.sv", place.line + 100, 7))
    assert module.ports[0].position == Position("user.sv", 101, 7)


PARAMETERS = (
    'module m #(parameter int W = 8, parameter string N = "a", parameter real R = 1.5, parameter p::st_t S = p::RUN,'
    " parameter logic signed [5:0] V = -3, parameter type T = logic [3:0], localparam int L = 2 * W)"
    " (input logic [W-1:0] a, output logic [L-1:0] b, input T t); endmodule"
)


def test_parameters_reach_the_ports() -> None:
    module = elaborate(PACKAGE, PARAMETERS, W="p::WIDE + 1", S="p::IDLE", N='"x\\"y"', V="-1")
    assert [describe(port) for port in module.ports] == ["input 25", "output 50", "input 4"]
    values = {parameter.name: parameter.value for parameter in module.parameters}
    assert values == {"W": "32'sh19", "N": '"x\\"y"', "R": "1.5", "S": "3'h0", "V": "6'sh3f", "T": ""}


@pytest.mark.parametrize(
    ("parameters", "wanted"),
    [
        ({"WW": "3"}, "m has no parameter WW; it has W, N, R, S, V, T; did you mean W?"),
        ({"L": "3"}, "L is a local parameter of m and can't be set"),
        ({"T": "int"}, "T is a type parameter"),
        ({"W": "3 +"}, "the value of parameter W is not a constant expression: '3 +'"),
        ({"W": "3; 4"}, "is not a constant expression"),
        ({"W": "nothing"}, "is not a constant of type int"),
        ({"N": "5"}, "is not a constant of type string"),
    ],
)
def test_bad_parameters(parameters: dict[str, str], wanted: str) -> None:
    with pytest.raises(HdlError, match=r"1\.sv:1:8: error: ") as error:
        elaborate(PACKAGE, PARAMETERS, **parameters)
    assert wanted in str(error.value)


@pytest.mark.parametrize(
    ("top", "wanted"),
    [
        ("mm", "no module is called mm; the sources define m; did you mean m?"),
        ("bus", "0.sv:1:11: error: bus is an interface, not a module; the sources define m"),
        ("zzz", "no module is called zzz; the sources define m [no-such-top"),
    ],
)
def test_no_such_top(top: str, wanted: str) -> None:
    with pytest.raises(HdlError) as error:
        elaborate("interface bus; endinterface module m(input a); endmodule", top=top)
    assert wanted in str(error.value)


def test_a_type_that_is_missing_is_slangs_own_message() -> None:
    with pytest.raises(HdlError) as error:
        elaborate("module m(input nothing::t a); endmodule")
    assert "0.sv:1:" in str(error.value)
    assert "nothing" in str(error.value)


def test_modules_below_need_not_be_there() -> None:
    assert elaborate("module m(input a); unknown u(.a); endmodule").ports[0].name == "a"


def test_a_source_that_is_missing() -> None:
    with pytest.raises(HdlError, match=r"no_such_file\.sv: error: can't read the source"):
        read_units([(["no_such_file.sv"], (), ())])


@given(st.integers(-200, 200), st.integers(-200, 200), st.booleans())
def test_widths_and_ranges(left: int, right: int, signed: bool) -> None:
    (port,) = only(f"input logic {'signed' if signed else ''} [{left}:{right}] x").ports
    width = abs(left - right) + 1
    assert port.type == Vector(width, signed, True, Range(left, right))
    assert Range(left, right).low == min(left, right)
    assert describe(port) == f"input {'signed ' if signed else ''}{width}"


@given(st.text(st.characters(max_codepoint=126), max_size=20))
def test_string_literals_mean_their_text(text: str) -> None:
    # A zero byte can't be in a SystemVerilog string (IEEE 1800-2023 6.16).
    text = text.replace("\0", "0")
    module = elaborate('module m #(parameter string S = "")(input a); endmodule', S=string_literal(text))
    assert module.parameters[0].value == string_literal(text)
