"""Designs, each with one construct, whose contracts the analysis has to prove; merged is an answer too.

Each says what contract is expected, so that nothing is merged unnoticed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from hdl_py.boundary.model import Form
from tests.equivalence.bench import Design, Unit
from tests.equivalence.constructs import tb

_PORTS = "input logic clk, rst_n, input logic [7:0] d, output logic [7:0] q"
_USE = 'logic [7:0] q; leaf u(.clk,.rst_n,.d(8\'(cyc*3)),.q); always @(negedge clk) $display("%0d %h",cyc,q);'
_FF = "always_ff @(posedge clk) if(!rst_n) q<=0; else q<=q+d;"
# Changes of inputs in the same time step as the clock's edge, before and after it.
_RACES = (
    'logic [7:0] x=0, q; leaf u(.clk,.rst_n,.d(x),.q); always @(negedge clk) $display("%0d %h",cyc,q);'
    " initial begin #33; repeat(12) begin x=8'(x*5+3); #10; end #2; repeat(12) begin x=8'(x*7+1); #5; end end"
    # As test benches do: assigned by a process that waits for the edge at which the unit looks.
    " initial forever begin @(posedge clk); if (cyc[1]) x=8'(x+cyc); end"
)


@dataclass(frozen=True)
class Proven:
    """A design, the contract of its unit `leaf` as lines of a report begin, and the forms to try, if not the usual."""

    design: Design
    expect: str
    forms: tuple[Form, ...] = ()


CASES: dict[str, Proven] = {}


def _case(
    name: str, expect: str, body: str, use: str = _USE, cycles: int = 20, ports: str = _PORTS, **more: object
) -> None:
    text = f"module leaf({ports});\n{body}\nendmodule\n"
    CASES[name] = Proven(Design(tb(use, cycles), (Unit("leaf", text),), **more), expect)  # type: ignore[arg-type]


_GATE = "logic l; always_latch if(!clk) l={enable}; wire g=clk&l;"
_case("gate", "step", _GATE.format(enable="d[0]") + " always_ff @(posedge g) q<=q+d;", _RACES)
_case(
    "gate_opened_by_a_register",
    "step",
    "logic [7:0] r=0; always_ff @(posedge clk) r<=r+d; "
    + _GATE.format(enable="r[1]")
    + " always_ff @(posedge g) q<=q+d;",
    _RACES,
)
_case(
    "gate_with_an_asynchronous_reset",
    "step",
    _GATE.format(enable="d[1] | q[0]") + " always_ff @(posedge g or negedge rst_n) if(!rst_n) q<=5; else q<=q+d;",
    _RACES + " initial begin #33 rst_n=0; #2 rst_n=1; #15 rst_n=0; #10 rst_n=1; end",
)
_case(
    "gate_with_a_cone",
    "step",
    _GATE.format(enable="d[1]") + " logic [7:0] r; always_ff @(posedge g) r<=r+d; assign q=r^{4{d[1:0]}};",
    _RACES,
)
_case(
    "gate_for_the_falling_edge",
    "step",
    "logic l; always_latch if(clk) l=d[0]; wire g=clk|~l; always_ff @(negedge g) q<=q+d;",
    _RACES,
)
# Early data: the edge sees it as it was, although registers of the parent give it anew in the same evaluation.
_case(
    "data_of_the_parents_registers_and_of_an_edge",
    "step",
    "logic [7:0] r=0, s=0; always_ff @(posedge clk) begin r<=r+d; s<=s^e^tied; end assign q=r^x, p=s;",
    "logic [7:0] x=0, e=0, other=0, p, q; leaf u(.clk,.d(8'(cyc*3)),.e(e^other),.x,.tied(8'h5a),.p,.q);"
    " always @(posedge clk) other<=other*3+1; initial forever begin @(posedge clk); if (cyc[0]) e=8'(e+cyc); end"
    " initial begin #33; repeat(20) begin x=8'(x*5+3); e=8'(e^x); #7; end end"
    ' always @(negedge clk) $display("%0d %h %h",cyc,p,q);',
    30,
    ports="input logic clk, input logic [7:0] d, e, x, tied, output logic [7:0] p, q",
)
_case("past", "step", "always_ff @(posedge clk) q<=$past(d)+$past(d,3)+q;", _RACES)
_case("past_of_a_register", "step", "logic [7:0] r; always_ff @(posedge clk) begin r<=r+d; q<=$past(r); end", _RACES)
_case(
    "past_and_gate",
    "step",
    "logic [7:0] r; always_ff @(posedge clk) r<=$past(d); "
    + _GATE.format(enable="d[0]")
    + " always_ff @(posedge g) q<=q+r;",
    _RACES,
)
_case(
    "print_at_the_other_edge",
    "step",
    _FF + ' always @(negedge clk) $display("leaf %0t %h %h", $time, d, q);',
    use=_RACES.replace("negedge", "posedge"),
)
_case(
    "print_at_a_gate_that_shuts",
    "step",
    _GATE.format(enable="d[0]")
    + ' always_ff @(posedge g) q<=q+d; always @(negedge g) $display("leaf %0t %h %h", $time, d, q);',
    use=_RACES.replace("negedge", "posedge"),
)
_case(
    "concurrent_assertions",
    "step",
    _FF
    + ' a1: assert property(@(posedge clk) disable iff(!rst_n) d[0] |=> !d[0]) else $display("sva %0t %m",$time);'
    + " c1: cover property(@(posedge clk) d==3);",
    use=_RACES,
    flags=("--assert",),
)
_case(
    "package_variable",
    "merged",
    "always_ff @(posedge clk) begin p::shared<=p::shared+d; q<=p::shared; end",
    use=_USE + " int n; always @(negedge clk) n<=int'(p::shared);",
    common="package p; logic [7:0] shared=1; endpackage\n",
)
_case(
    "class_static",
    "merged",
    "always_ff @(posedge clk) begin p::c::n=p::c::n+1; q<=8'(p::c::n); end",
    common="package p; class c; static int n=0; endclass endpackage\n",
    use=_USE,
)
_case(
    "reset_that_reaches_an_output",
    "merged",
    "logic [7:0] r; always_ff @(posedge clk or negedge rst_n) if(!rst_n) r<=1; else r<=r+d; assign q=r&{8{rst_n}};",
    use=_USE + " initial begin #33 rst_n=0; #2 rst_n=1; end",
)
_case("delay", "merged", "always_ff @(posedge clk) q<= #2 d;")
_case("strobe", "merged", _FF + ' always @(posedge clk) $strobe("leaf %h", q);', use=_USE)
_case("monitor", "merged", _FF + ' initial $monitor("leaf %h", q);')
_case("finish", "step", _FF + " always @(posedge clk) if(d==30) $finish;", cycles=40)
_case("fatal", "step", _FF + ' always @(posedge clk) if(d==30) $fatal(1, "enough");', cycles=40)
_case("urandom", "merged", "always_ff @(posedge clk) q<=8'($urandom);")
_case(
    "hierarchical_reference_up",
    "merged",
    "always_ff @(posedge clk) q<=d+8'(tb.cyc);",
)
_case(
    "force_inside",
    "merged",
    "logic [7:0] w; assign w=d; always_ff @(posedge clk) q<=w; initial begin #50 force w=7; #30 release w; end",
)
_case(
    "two_clock_edges",
    "general",
    "logic [7:0] r; always_ff @(posedge clk) r<=r+d; always_ff @(negedge clk) q<=r;",
    _RACES,
)
_case(
    "memory_and_file",
    "step",
    'logic [7:0] m[256]; initial begin automatic int f=$fopen("m.hex","w");'
    ' for(int i=0;i<256;i++) $fdisplay(f,"%h",8\'(i*7)); $fclose(f); $readmemh("m.hex",m); end'
    " always_ff @(posedge clk) q<=m[d];",
)
_case(
    "plusarg",
    "step",
    'int k=0; initial if(!$value$plusargs("K=%d",k)) k=1; always_ff @(posedge clk) q<=q+8\'(k);',
    plusargs=("+K=5",),
)
_case(
    "pure_dpi",
    "step",
    "import \"DPI-C\" pure function int addone(int x); always_ff @(posedge clk) q<=8'(addone(int'(d)));",
    cpp='extern "C" int addone(int x) { return x + 1; }\n',
)
_case(
    "exported_dpi",
    "merged",
    'import "DPI-C" context function int cc(int x); export "DPI-C" function back;'
    " function int back(int x); return x*2+int'(q); endfunction"
    " always_ff @(posedge clk) if(!rst_n) q<=0; else q<=8'(cc(int'(d)));",
    cpp='extern "C" int back(int); extern "C" int cc(int x) { return back(x) + 1; }\n',
)
_case(
    "interface_inside",
    "step",
    "bus_if b(.clk); assign b.d=d; always_ff @(posedge clk) b.q<=b.d; assign q=b.q;",
    common="interface bus_if(input logic clk); logic [7:0] d,q;"
    " modport m(input d, output q, input clk); endinterface\n",
)
_case(
    "several_instances",
    "step",
    _GATE.format(enable="d[0]") + " always_ff @(posedge g) q<=q+d;",
    use="logic [7:0] q[4]; for(genvar i=0;i<4;i++) leaf u(.clk,.rst_n,.d(8'(cyc+i)),.q(q[i]));"
    ' always @(negedge clk) $display("%p",q);',
)
_case("output_follows_the_clock", "merged", "logic [7:0] r; always_ff @(posedge clk) r<=r+d; assign q=r^{7'b0,clk};")


def _clock_through() -> None:
    """A clock that passes through a unit and clocks registers beside it, in the same edge."""
    leaf = Unit(
        "leaf",
        "module leaf(input logic clk, input logic [7:0] d, output logic [7:0] q, output logic clk_o);"
        " assign clk_o=clk; always_ff @(posedge clk) q<=d; endmodule\n",
    )
    use = (
        "logic [7:0] q, r=0; logic c; leaf u(.clk,.d(8'(cyc)),.q,.clk_o(c)); always_ff @(posedge c) r<=q;"
        ' always @(negedge clk) $display("%h %h",q,r);'
    )
    CASES["clock_through"] = Proven(Design(tb(use), (leaf,)), "merged")


_clock_through()


def _ports(name: str, ports: str, body: str, use: str, expect: str, common: str = "") -> None:
    CASES[name] = Proven(Design(tb(use), (Unit("leaf", f"module leaf({ports}); {body} endmodule\n"),), common), expect)


_ports(
    "positional",
    "input logic clk, input logic [15:0] d, input logic en, output logic [31:0] q, output logic v",
    "always_ff @(posedge clk) begin q<=32'(d); v<=en; end",
    'logic [31:0] q; logic v; leaf u(clk,16\'(cyc),cyc[0],q,v); always @(negedge clk) $display("%h %b",q,v);',
    "step",
)
_ports(
    "inout",
    "input logic clk, inout wire [7:0] io, input logic oe",
    "logic [7:0] r=0; always_ff @(posedge clk) r<=r+1; assign io = oe ? r : 'z;",
    'wire [7:0] io; leaf u(clk,io,cyc[0]); always @(negedge clk) $display("%h",io);',
    "merged",
)
_ports(
    "interface_port",
    "input logic clk, bus_if.m b",
    "always_ff @(posedge clk) b.q<=b.d+1;",
    'bus_if b(); assign b.d=8\'(cyc); leaf u(clk,b); always @(negedge clk) $display("%h",b.q);',
    "merged",
    "interface bus_if; logic [7:0] d,q; modport m(input d, output q); endinterface\n",
)
_ports(
    "unpacked_struct_port",
    "input logic clk, input p::u_t d, output p::u_t q",
    "always_ff @(posedge clk) begin q.a<=d.b; q.b<=d.a; end",
    "p::u_t d,q; assign d.a=8'(cyc); assign d.b=8'(cyc*2); leaf u(clk,d,q);"
    ' always @(negedge clk) $display("%h",q.a);',
    "merged",
    "package p; typedef struct { logic [7:0] a; logic [7:0] b; } u_t; endpackage\n",
)


def _nested() -> None:
    inner = Unit(
        "inner",
        f"module inner({_PORTS}); {_GATE.format(enable='d[0]')} always_ff @(posedge g or negedge rst_n)"
        " if(!rst_n) q<=0; else q<=q+d; endmodule\n",
    )
    leaf = Unit(
        "leaf",
        f"module leaf({_PORTS}); logic [7:0] a,b; inner i(.clk,.rst_n,.d(d^b),.q(a));"
        " inner j(.clk,.rst_n,.d(a),.q(q)); always_ff @(posedge clk) b<=a+d; endmodule\n",
    )
    CASES["nested_boundaries"] = Proven(Design(tb(_RACES), (inner, leaf)), "step")


_nested()


# Stable values never break the rule; those between an edge and what follows its outputs would.
_TWO = "input logic clk, rst_n, input logic [7:0] d, e, output logic [7:0] q, p"
_FOLLOWING = (
    "logic [7:0] q,p,d,e,r=0; assign e=q^{6'd0,r[1:0]}; assign d=r+1; leaf u(.*);"
    " always_ff @(posedge clk) r<=r[1:0]==2?0:r+1;"
    ' always @(negedge clk) $display("%0d %h %h",cyc,q,p);'
)
_SUM = "always_ff @(posedge clk or negedge rst_n) if(!rst_n) q<=0; else q<=q*5+d+1; logic [7:0] t;"
_UNIQUE = "unique case ({choice}) 0: t=1; 1: t=d; 2: t=3; endcase"
# Verilator has logic that follows itself, bit by bit, in pieces that can't wait.
_RING = (
    "logic [3:0] a; assign a[0]=e[0]^q[0]; assign a[1]=e[1]^q[1]; assign a[2]=a[1]^d[2]; assign a[3]=a[2]^a[0];"
    " assign p={4'd0,a}; always_comb begin t={4'd0,a}; {check} end"
)


_RESETS = (
    " initial begin #35 rst_n=0; #10 rst_n=1; #17 rst_n=0; #1 rst_n=1; #12 rst_n=0; #10 rst_n=1; end"
    " initial begin #130 repeat(3) begin @(posedge clk) rst_n<=0; @(posedge clk) rst_n<=1; end end"
)


def _checks(name: str, body: str, use: str = _FOLLOWING) -> None:
    _case(name, "step", _SUM + body, use + _RESETS, cycles=40, ports=_TWO)
    CASES[name] = replace(CASES[name], forms=(Form.ORDERED, Form.DIRECT))


_checks("unique_case", f"assign p=d^q; always_comb begin t=0; {_UNIQUE.format(choice='e[1:0]^q[1:0]')} end")
_checks("unique_case_and_loops", _RING.replace("{check}", _UNIQUE.format(choice="a[1:0]")))
_checks(
    "unique_case_broken",
    f"assign p=d^q; always_comb begin t=0; {_UNIQUE.format(choice='e[1:0]^q[1:0]')} end",
    _FOLLOWING.replace("r[1:0]==2", "r[1:0]==3"),
)
_checks(
    "unique_case_and_loops_broken",
    _RING.replace("{check}", "unique case ({q[1],a[1:0]}) 0: t=1; 1: t=d; 2: t=3; 4: t=5; 6: t=4; endcase"),
)
_checks(
    "unique_case_in_a_function",
    "function automatic logic [7:0] f(logic [7:0] x); unique case (x[1:0]) 0: return 1; 1: return 2; 2: return 3;"
    " endcase endfunction assign p=d^q; assign t=f(e^q);",
)
_checks("immediate_assertion", 'assign p=d^q; always_comb assert ((e[1:0]^q[1:0])!=3) else $error("bad %h",q);')
_checks(
    "deferred_assertion_and_loops",
    _RING.replace("{check}", 'assert #0 (a[1:0]!=3) else $error("bad %h", q);'),
)
_checks(
    "unique_case_below_a_made_clock",
    f"assign p=d^q; always_comb begin t=0; {_UNIQUE.format(choice='e[1:0]^q[1:0]')} end",
    _FOLLOWING.replace("leaf u(.*)", "logic half=0; always_ff @(posedge clk) half<=~half; leaf u(.clk(half),.*)"),
)
_checks(
    "unique_case_and_a_divided_clock",
    "logic dv; always_ff @(posedge clk or negedge rst_n) if(!rst_n) dv<=0; else dv<=~dv;"
    " logic [7:0] s=0; always_ff @(posedge dv) s<=s+1; assign p=d^q;"
    f" always_comb begin t=s; {_UNIQUE.format(choice='e[1:0]^q[1:0]^s[1:0]^s[1:0]')} end",
)
_checks(
    "unique_case_and_a_gate",
    _GATE.format(enable="d[0]")
    + " logic [7:0] s; always_ff @(posedge g) s<=s+1; assign p=d^q^s;"
    + f" always_comb begin t=0; {_UNIQUE.format(choice='e[1:0]^q[1:0]')} end",
)
