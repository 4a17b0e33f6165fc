"""Interface files: unchanged by what other units can't see, changed by what they can."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdl_py.sv.tokens import tokenize
from hdl_py.sv.unit import Request, Result, compile_unit
from tests.hdl_py.sv.running import run_case
from tests.hdl_py.sv.settings import examples
from tests.hdl_py.sv.simulating import Simulators


@dataclass(frozen=True)
class Port:
    direction: str
    kind: str
    name: str
    array: str = ""


@dataclass(frozen=True)
class Module:
    """What other units can see of a module, and how it is written down."""

    name: str
    parameters: tuple[tuple[str, str], ...]
    ports: tuple[Port, ...]
    ansi: bool


PACKAGE = "package pkg; typedef logic [6:0] word_t; typedef enum logic [1:0] {A, B} state_t; endpackage\n"
KINDS = ["", "[3:0]", "[W-1:0]", "logic [7:0]", "logic signed [W:0]", "pkg::word_t", "pkg::state_t", "unit_t"]

names = st.sampled_from([f"p{n}" for n in range(8)])


@st.composite
def modules(draw: st.DrawFn) -> Module:
    ansi = draw(st.booleans())
    chosen = draw(st.lists(names, min_size=1, max_size=6, unique=True))
    ports = []
    for name in chosen:
        kind = draw(st.sampled_from(KINDS if ansi else KINDS[:3] + KINDS[5:]))
        array = draw(st.sampled_from(["", "", "[2]"])) if ansi else ""
        ports.append(Port(draw(st.sampled_from(["input", "output"])), kind, name, array))
    extra = draw(st.lists(st.sampled_from(["D", "E"]), max_size=2, unique=True))
    parameters = (("W", str(draw(st.integers(1, 9)))), *((n, str(draw(st.integers(0, 9)))) for n in extra))
    return Module("it", parameters, tuple(ports), ansi)


def written(module: Module, body: str, look: random.Random) -> str:
    """The module as text with a body, in one of many looks."""
    parameters = [f"parameter {n} = {v}" for n, v in module.parameters]
    if module.ansi:
        ports = ", ".join(f"{p.direction} {p.kind} {p.name} {p.array}" for p in module.ports)
        text = f"module {module.name} #({', '.join(parameters)}) ({ports});\n{body}\nendmodule\n"
    else:
        ports = ", ".join(p.name for p in module.ports)
        declared = [f"{p}; " for p in parameters] + [f"{p.direction} {p.kind} {p.name};" for p in module.ports]
        text = f"module {module.name}({ports});\n{''.join(declared)}\n{body}\nendmodule\n"
    return "typedef logic [4:0] unit_t;\nint body_only;\n" + restyled(text, look)


def restyled(text: str, look: random.Random) -> str:
    """The same tokens with other spaces, line ends and comments."""
    gaps = [" ", "\n", "\t ", " /* a comment */ ", " // a comment\n", "\n\n\n"]
    return "".join(part if part.strip() else look.choice(gaps) for part in re.split(r"(\s+)", text))


def a_body(look: random.Random) -> str:
    """Declarations and procedures that no other unit can see."""
    out = []
    local = [f"{look.choice('abcdefgh')}_{n}" for n in range(look.randrange(1, 6))]
    for name in local:
        out.append(look.choice([f"logic [{look.randrange(1, 9)}:0] {name};", f"int {name} = {look.randrange(9)};"]))
    for name in local:
        out.append(
            look.choice(
                [
                    f"initial {name} = {look.randrange(9)};",
                    f"always_comb if (W > {look.randrange(9)}) begin end",
                    f"localparam L_{name} = W + {look.randrange(9)};",
                    f"function automatic int f_{name}(int x); return x + W; endfunction",
                    f'initial $display("%0d", {name});',
                    f"initial body_only = {look.randrange(9)};",
                    f"if (W > 2) begin : g_{name} wire w; end",
                ]
            )
        )
    return "\n".join(out)


def compiled(text: str, *before: str, path: str = "it.sv") -> Result:
    """A unit from text that has no directives; no preprocessor, no files."""
    data = (f'`line 1 "{path}" 1\n' + "".join(before) + strip_comments(text)).encode()
    stream = tokenize(data, {})
    return compile_unit(
        Request(f"//{path}:it", "library", "1800-2023", (path,), (), waived=()), [stream], {path: _source(path)}
    )


def _source(path: str):  # type: ignore[no-untyped-def]
    from hdl_py.text.source import SourceText

    return SourceText(path, b"")


def strip_comments(text: str) -> str:
    """What the preprocessor does to comments."""
    return re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.S)


@given(modules(), st.randoms(use_true_random=False), st.randoms(use_true_random=False))
@examples(120)
def test_edits_of_a_body_leave_every_byte(module: Module, one: random.Random, two: random.Random) -> None:
    first = compiled(written(module, a_body(one), one), PACKAGE)
    second = compiled(written(module, a_body(two), two), PACKAGE, path="moved/to/another.sv")
    assert first.interface == second.interface
    assert first.unit.digest == second.unit.digest
    assert [p.name for d in first.unit.definitions if d.name == "it" for p in d.ports] == [p.name for p in module.ports]


@st.composite
def edits(draw: st.DrawFn) -> tuple[Module, Module]:
    """A module, and one that differs in its ports or parameters."""
    module = draw(modules())
    ports = list(module.ports)
    at = draw(st.integers(0, len(ports) - 1))
    port = ports[at]
    what = draw(st.sampled_from(["add", "remove", "rename", "direction", "type", "swap", "default", "parameter"]))
    if what == "add":
        ports.insert(at, Port("input", "", "added"))
    elif what == "remove" and len(ports) > 1:
        ports.pop(at)
    elif what == "direction":
        ports[at] = replace(port, direction="input" if port.direction == "output" else "output")
    elif what == "type":
        ports[at] = replace(port, kind="[8:0]")
    elif what == "swap" and at > 0:
        ports[at - 1], ports[at] = ports[at], ports[at - 1]
    elif what == "default":
        (name, value), *others = module.parameters
        return module, replace(module, parameters=((name, value + "0"), *others))
    elif what == "parameter":
        return module, replace(module, parameters=(*module.parameters, ("F", "1")))
    else:
        ports[at] = replace(port, name="renamed")
    return module, replace(module, ports=tuple(ports))


@given(edits(), st.randoms(use_true_random=False))
@examples(120)
def test_edits_of_ports_and_parameters_change_it(pair: tuple[Module, Module], look: random.Random) -> None:
    body = "logic x_0; initial x_0 = 1;"
    first, second = (compiled(written(module, body, look), PACKAGE) for module in pair)
    assert first.interface != second.interface
    assert first.unit.digest != second.unit.digest


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("package p; localparam V = 1; endpackage", "package p; localparam V = 2; endpackage"),
        ("package p; typedef logic [1:0] t; endpackage", "package p; typedef logic [2:0] t; endpackage"),
        (
            "package p; function automatic int f(); return 1; endfunction endpackage",
            "package p; function automatic int f(); return 2; endfunction endpackage",
        ),
        (
            "interface i; logic a; modport m(input a); endinterface",
            "interface i; logic a; modport m(output a); endinterface",
        ),
        ("typedef logic [1:0] t; module m(input t x); endmodule", "typedef logic t; module m(input t x); endmodule"),
        (
            "typedef logic [1:0] t; typedef t u; module m(input u x); endmodule",
            "typedef logic [2:0] t; typedef t u; module m(input u x); endmodule",
        ),
        ("module m(input a); endmodule", "module m(input a); timeunit 1ns/1ps; endmodule"),
        ("module m(input a); endmodule", "module m(input a); endmodule module n; endmodule"),
        (
            "module m(a); input [f(2):0] a; function automatic int f(int x); return x; endfunction endmodule",
            "module m(a); input [f(2):0] a; function automatic int f(int x); return x + 1; endfunction endmodule",
        ),
        (
            "`default_nettype tri0\nmodule m(input a); endmodule",
            "`default_nettype tri1\nmodule m(input a); endmodule",
        ),
    ],
)
def test_what_others_see_changes_it(before: str, after: str) -> None:
    assert compiled(before + "\n").interface != compiled(after + "\n").interface


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "module m; n u(); endmodule module n; endmodule",
            "module m; n u(); n v(); endmodule module n; wire w; endmodule",
        ),
        ("int v; module m; endmodule", "module m; endmodule int w = 3; function void f(); endfunction"),
        (
            "typedef int t; typedef byte u; module m(input t x); endmodule",
            "typedef int t; typedef int u; module m(input t x); u y; endmodule",
        ),
        ("module m(a); input a; wire a, b; endmodule", "module m(a); input a; wire a, c; wire d; endmodule"),
        ("module m(a); output a; reg a = 0; endmodule", "module m(a); output a; reg a = 1; endmodule"),
        ("`default_nettype none\nmodule m(input wire a); endmodule", "module m(input wire a); endmodule"),
        ("(* keep *)\nmodule m(input a); (* x *) wire b; endmodule", "(* keep *)\nmodule m(input a); endmodule"),
        ("module m(input a); endmodule : m", "module m(input a); endmodule"),
        ("`celldefine\nmodule m(input a); endmodule\n`endcelldefine", "module m(input a); endmodule"),
        ("module m(input a); /*verilator public*/ endmodule", "module m(input a); endmodule"),
        (
            'package p; export "DPI-C" g = function f; function int f(); return 1; endfunction endpackage',
            "package p; function int f(); return 1; endfunction endpackage",
        ),
    ],
)
def test_what_others_do_not_see_leaves_every_byte(before: str, after: str) -> None:
    def raw(text: str) -> bytes:
        stream = tokenize(b'`line 1 "it.sv" 1\n' + text.encode() + b"\n", {})
        request = Request("//x:it", "library", "1800-2023", ("it.sv",))
        return compile_unit(request, [stream], {"it.sv": _source("it.sv")}).interface

    assert raw(before) == raw(after)


def test_a_port_expression_keeps_its_form() -> None:
    text = "module old({x, y}, .z(w[1:0])); input x, y; inout [3:0] w; wire h; endmodule\n"
    done = compiled(text)
    assert " ".join(done.interface.decode().split()[1:-2]) == (
        "module old ( { x , y } , . z ( w [ 1 : 0 ] ) ) ; input x , y ; inout [ 3 : 0 ] w ;"
    )
    assert [(p.name, p.direction) for p in done.unit.definitions[0].ports] == [("", ""), ("z", "")]


STUBS = """\
@ //x:p p.sv
package p; typedef struct packed {logic a; logic [2:0] b;} pair_t; parameter int N = 3; endpackage
@ //x:u u.sv deps=//x:p
import p::*;
typedef enum logic [1:0] {IDLE, RUN} state_t;
interface bus #(parameter int W = 4)(input logic clk);
  logic [W-1:0] d; modport m(output d); modport s(input d);
endinterface
module ansi #(parameter int W = N, parameter type T = pair_t, localparam int L = W * 2)
  (input logic clk, d, input state_t s, output pair_t [L-1:0] q [2], bus.s b, inout wire [W-1:0] io, output T t);
  assign q[0] = '0;
endmodule
module old(clk, q, x, y);
  parameter W = 4;
  localparam D = twice(W);
  function automatic integer twice(input integer v); twice = v * 2; endfunction
  input clk, x; output reg [D-1:0] q; inout [3:0] y;
  reg hidden;
  always @(posedge clk) q <= hidden;
endmodule
primitive buffer(output o, input i); table 0 : 0; 1 : 1; endtable endprimitive
program test(input logic clk); initial $display("x"); endprogram
@ //x:t t.sv deps=//x:u,//x:p top=t
module t;
  logic clk, d; p::pair_t [5:0] q [2]; wire [2:0] io; wire o; wire [7:0] oq; p::pair_t tt; wire [3:0] zz;
  bus #(4) b(clk);
  ansi u(clk, d, u_state(1), q, b, io, tt);
  old v(clk, oq, d, zz);
  buffer g(o, d);
  test x(clk);
  function automatic logic [1:0] u_state(input int x); return 2'(x); endfunction
endmodule
"""


def test_stubs_are_what_a_parent_compiles_against(folder: Path, simulators: Simulators) -> None:
    done = run_case(STUBS.replace("u_state(1)", "2'd1").replace("input state_t s", "input logic [1:0] s"))
    assert not done.problems, [d.render() for d in done.problems]
    files = []
    for label in ("//x:p", "//x:u"):
        files.append(label[4:] + "_stub.sv")
        Path(files[-1]).write_bytes(done.results[label].interface)
    Path("t_isolated.sv").write_bytes(done.results["//x:t"].isolated)
    text = done.results["//x:u"].interface.decode()
    assert "hidden" not in text
    assert "always" not in text
    options = ("-Wno-lint", "-Wno-PINMISSING", "-Wno-UNDRIVEN", "-Wno-MULTITOP", "--bbox-unsup")
    verilated = simulators.verilate([*files, "t_isolated.sv"], "t", *options)
    assert "%Error" not in verilated.messages.replace("%Error: Exiting", ""), verilated.messages


CLASSES = """\
@ //x:u u.sv exports=header,body,late
class C; typedef logic [6:0] t; localparam K = 5; endclass
class D #(type T, int N); typedef logic [N-1:0] t; endclass
class unused; typedef int t; endclass
module header #(parameter L = C::K) (input C::t x, output logic [L-1:0] y);
  unused::t hidden; assign y = 5'(x);
endmodule
module body(input logic x); C::t hidden; D#(int, 3)::t more; endmodule
module late(x, y); input C::t x; output D#(byte, 4)::t y; assign y = 4'(x); endmodule
@ //x:t t.sv deps=//x:u top=t
module t; logic [6:0] x; wire [4:0] y; wire [3:0] z; header h(x, y); body b(1'b0); late l(x, z); endmodule
"""


def test_types_of_private_classes_in_ports(folder: Path, simulators: Simulators) -> None:
    done = run_case(CLASSES)
    assert not done.problems, [d.render() for d in done.problems]
    text = done.results["//x:u"].interface
    assert b"hidden" not in text
    assert b"unused" not in text
    words = text.decode().split()
    # Imported where ports or parameters need it, and nowhere else.
    assert words[words.index("body") : words.index("late")].count("import") == 0
    Path("u_stub.sv").write_bytes(text)
    Path("t_isolated.sv").write_bytes(done.results["//x:t"].isolated)
    verilated = simulators.verilate(["u_stub.sv", "t_isolated.sv"], "t", "-Wno-lint", "-Wno-UNDRIVEN")
    assert verilated.code == 0, verilated.messages


def test_the_private_package_goes_along_when_ports_need_it(folder: Path) -> None:
    done = run_case("@ //x:u u.sv\ntypedef int t; int v;\nmodule m(input t x); initial v = 1; endmodule\n")
    text = done.results["//x:u"].interface.decode().split()
    assert text[1:7] == ["package", "m__unit", ";", "typedef", "int", "t"]
    assert "v" not in text
    private = [d for d in done.results["//x:u"].unit.definitions if d.generated]
    assert [(d.name, d.exported) for d in private] == [("m__unit", True)]
    assert "v" in done.results["//x:u"].isolated.decode().split()
