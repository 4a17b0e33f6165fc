"""Designs, each with one construct that a boundary has to leave as it is."""

from __future__ import annotations

from dataclasses import replace

from hdl_py.sv.contract.model import UnitContract
from tests.equivalence.bench import Design, Unit, comb, general, step


def _leaf(body: str, contract: UnitContract | None = None) -> Unit:
    text = "module leaf(input logic clk, rst_n, input logic [7:0] d, output logic [7:0] q);\n" + body + "\nendmodule\n"
    return Unit("leaf", text, contract or step())


def tb(body: str, cycles: int = 20, after: str = "") -> str:
    return (
        "module tb; logic clk=0, rst_n=0; int cyc=0; always #5 clk=~clk; initial #12 rst_n=1;\n"
        + body
        + f"\nalways @(posedge clk) begin cyc<=cyc+1; if(cyc=={cycles}) $finish; end endmodule\n"
        + after
    )


_USE = 'logic [7:0] q; leaf u(.clk,.rst_n,.d(8\'(cyc)),.q); always @(posedge clk) $display("%0d %h",cyc,q);'
_FF = "always_ff @(posedge clk) if(!rst_n) q<=0; else q<=q+d;"

CASES: dict[str, Design] = {}


def _simple(name: str, body: str, contract: UnitContract | None = None, use: str = _USE, **more: object) -> None:
    CASES[name] = replace(Design(tb(use), (_leaf(body, contract),)), **more)  # type: ignore[arg-type]


def _own(name: str, text: str, contract: UnitContract, use: str, common: str = "", cycles: int = 20) -> None:
    CASES[name] = Design(tb(use, cycles), (Unit("leaf", text, contract),), common)


_simple("ff", _FF)
_simple(
    "async_reset",
    "always_ff @(posedge clk or negedge rst_n) if(!rst_n) q<=8'h11; else q<=q+d;",
    step(resets=["rst_n"]),
)
_simple(
    "async_reset_mid_run",
    "always_ff @(posedge clk or negedge rst_n) if(!rst_n) q<=8'h11; else q<=q+d;",
    step(resets=["rst_n"]),
    use=_USE
    + " initial begin #33 rst_n=0; #1 rst_n=1; #13 rst_n=0; #18 rst_n=1; #20 rst_n=0; #5 rst_n=1; end"
    + ' always @(q) $display("%0t q %h",$time,q);',
)
_simple("negedge", "always_ff @(negedge clk) if(!rst_n) q<=0; else q<=q+d;", step(edge="negedge"))
_simple(
    "negedge_async",
    "always_ff @(negedge clk, posedge rst_n) if(rst_n) q<=8'h3; else q<=q+d;",
    step(edge="negedge", resets=["rst_n"]),
    use=_USE + " initial begin #33 rst_n=0; #10 rst_n=1; #7 rst_n=0; end",
)
_simple("both_edges", "logic [7:0] r; always @(posedge clk) r<=d; always @(negedge clk) q<=r+1;", general("clk"))
_simple(
    "mixed_comb_seq",
    "logic [7:0] r; always_ff @(posedge clk) if(!rst_n) r<=0; else r<=r+d; assign q=r^d;",
    step(cones={("d",): ["q"]}),
)
_simple(
    "mixed_comb_seq_general",
    "logic [7:0] r; always_ff @(posedge clk) if(!rst_n) r<=0; else r<=r+d; assign q=r^d;",
    general("clk"),
)
_own(
    "comb",
    "module leaf(input logic [7:0] a,b, output logic [7:0] y); assign y=a+b; endmodule",
    comb(),
    "logic [7:0] y; leaf u(.a(8'(cyc)),.b(8'h3),.y); always @(posedge clk) $display(\"%h\",y);",
)
_own(
    "comb_loop_through",
    "module leaf(input logic clk, input logic a, output logic y, input logic [7:0] x, output logic [7:0] z);"
    " logic r; always_ff @(posedge clk) r<=a; assign y=~r; assign z=x^8'h5; endmodule",
    step(cones={("x",): ["z"]}),
    "logic y; logic [7:0] z,x; assign x = {7'b0,y}; leaf u(.clk,.a(z[0]),.y,.x,.z);"
    ' always @(posedge clk) $display("%b %h",y,z);',
)
_own(
    "latch",
    "module leaf(input logic en, input logic [7:0] d, output logic [7:0] q); always_latch if(en) q=d; endmodule",
    general(),
    'logic [7:0] q; leaf u(.en(clk),.d(8\'(cyc)),.q); always @(posedge clk or negedge clk) $display("%h",q);',
)
_own(
    "two_clocks",
    "module leaf(input logic c1,c2,rst_n,input logic [7:0] d, output logic [7:0] q,w); logic [7:0] s;"
    " always_ff @(posedge c1) if(!rst_n) q<=0; else q<=q+d;"
    " always_ff @(posedge c2) if(!rst_n) begin s<=0;w<=0; end else begin s<=q; w<=s; end endmodule",
    general("c1", "c2"),
    "logic c2=0; always #7 c2=~c2; logic [7:0] q,w; leaf u(.c1(clk),.c2,.rst_n,.d(8'(cyc)),.q,.w);"
    ' always @(posedge clk) $display("%h %h",q,w);',
)
_own(
    "gated_clock_out",
    "module leaf(input logic clk,rst_n,input logic en, output logic gclk); logic l; always_latch if(!clk) l=en;"
    " assign gclk=clk&l; endmodule",
    general(),
    "logic g; leaf u(.clk,.rst_n,.en(cyc[0]),.gclk(g)); int n=0; always @(posedge g) n<=n+1; logic [7:0] dd=0;"
    " always_ff @(posedge clk) dd<=dd+1; logic [7:0] ee=0; always_ff @(posedge g) ee<=dd;"
    ' always @(posedge clk) $display("%0d %0d",n,ee);',
)
_own(
    "gated_clock_inside",
    "module leaf(input logic clk,rst_n,input logic en, input logic [7:0] d, output logic [7:0] q); logic l, g;"
    " always_latch if(!clk) l=en; assign g=clk&l; always_ff @(posedge g) q<=q+d; endmodule",
    step(),
    "logic [7:0] q; leaf u(.clk,.rst_n,.en(cyc[0]^cyc[2]),.d(8'(cyc)),.q);"
    ' always @(posedge clk) $display("%0d %h",cyc,q);',
)
_own(
    "divided_clock_out",
    "module leaf(input logic clk,rst_n, output logic dclk); always_ff @(posedge clk) if(!rst_n) dclk<=0;"
    " else dclk<=~dclk; endmodule",
    step(),
    "logic g; leaf u(.clk,.rst_n,.dclk(g)); logic [7:0] dd=0,ee=0; always_ff @(posedge clk) dd<=dd+1;"
    ' always_ff @(posedge g) ee<=dd; always @(posedge clk) $display("%0d",ee);',
)
_simple("initial_and_final", 'initial $display("init leaf"); final $display("final leaf"); ' + _FF)
_simple(
    "assertion",
    _FF + ' always @(negedge clk) assert(d!=6) else $error("bad d %m");',
    general("clk"),  # the assertion is at the other edge, so that the order of messages is defined
    flags=("--assert",),
)
_simple(
    "scope_names", _FF + ' initial $display("%m"); always @(negedge clk) $display("%m %0t", $time);', general("clk")
)
_simple(
    "concurrent_assertion",
    _FF
    + ' a1: assert property(@(posedge clk) disable iff(!rst_n) d[0] |=> !d[0]) else $display("sva %0t",$time);'
    + " c1: cover property(@(posedge clk) d==3);",
    flags=("--assert",),
)
_simple(
    "dpi_import",
    'import "DPI-C" function int addone(int x);'
    " always_ff @(posedge clk) if(!rst_n) q<=0; else q<=8'(addone(int'(d)));",
    cpp='extern "C" int addone(int x) { return x + 1; }\n',
)
_simple(
    "dpi_export",
    'import "DPI-C" context function int cc(int x); export "DPI-C" function back;'
    " function int back(int x); return x*2+int'(q); endfunction"
    " always_ff @(posedge clk) if(!rst_n) q<=0; else q<=8'(cc(int'(d)));",
    cpp='extern "C" int back(int); extern "C" int cc(int x) { return back(x) + 1; }\n',
)
_simple(
    "plusargs",
    'int k=0; initial if(!$value$plusargs("K=%d",k)) k=1; always_ff @(posedge clk) if(!rst_n) q<=0; else q<=q+8\'(k);',
    plusargs=("+K=5",),
)
_simple(
    "readmemh",
    "logic [7:0] m[256]; initial begin"
    ' automatic int f=$fopen("m.hex","w"); for(int i=0;i<256;i++) $fdisplay(f,"%h",8\'(i*7)); $fclose(f);'
    ' $readmemh("m.hex",m); end always_ff @(posedge clk) q<=m[d];',
)
_simple("time", _FF + ' always @(posedge clk) $display("t=%0t",$time);', use=_USE.replace("posedge", "negedge"))
_simple("random", "always_ff @(posedge clk) q<=8'($urandom);")
_simple(
    "several_instances",
    _FF,
    use="logic [7:0] q[4]; for(genvar i=0;i<4;i++) leaf u(.clk,.rst_n,.d(8'(cyc+i)),.q(q[i]));"
    ' always @(posedge clk) $display("%p",q);',
)
_simple(
    "class_inside",
    "class c; int v; function new(int x); v=x; endfunction endclass c o; initial o=new(4);"
    " always_ff @(posedge clk) q<=d+8'(o.v);",
)
_simple(
    "functions_and_generate",
    "function automatic logic [7:0] f(logic [7:0] x); return x^8'h3c; endfunction"
    " for(genvar i=0;i<8;i++) begin logic [7:0] y; assign y=f(d); always_ff @(posedge clk) q[i]<=y[i]; end",
)
_simple(
    "interface_inside",
    "bus_if b(.clk); assign b.d=d; always_ff @(posedge clk) b.q<=b.d; assign q=b.q;",
    common="interface bus_if(input logic clk); logic [7:0] d,q;"
    " modport m(input d, output q, input clk); endinterface\n",
)
_own(
    "positional",
    "module leaf(input logic clk, input logic [15:0] d, input logic en, output logic [31:0] q, output logic v);"
    " always_ff @(posedge clk) begin q<=32'(d); v<=en; end endmodule",
    step(),
    'logic [31:0] q; logic v; leaf u(clk,16\'(cyc),cyc[0],q,v); always @(posedge clk) $display("%h %b",q,v);',
)
_own(
    "clock_from_vector",
    "module leaf(input logic [1:0] ck, input logic [7:0] d, output logic [7:0] q,w);"
    " always_ff @(posedge ck[0]) q<=d; always_ff @(posedge ck[1]) w<=d; endmodule",
    general("ck"),
    'logic [7:0] q,w; leaf u(.ck({~clk,clk}),.d(8\'(cyc)),.q,.w); always @(posedge clk) $display("%h %h",q,w);',
)
CASES["bind"] = Design(
    tb(
        _USE,
        after="module chk(input logic clk, input logic [7:0] q);"
        ' always @(posedge clk) $display("chk %h",q); endmodule bind leaf chk c(.clk,.q);\n',
    ),
    (_leaf(_FF),),
)
_MID = "module mid(input logic clk, rst_n, input logic [7:0] d, output logic [7:0] q);\n%s\nendmodule\n"
CASES["nested"] = Design(
    tb(_USE.replace("leaf u", "mid u")),
    (
        _leaf(_FF),
        Unit("mid", _MID % "logic [7:0] a; leaf x(.clk,.rst_n,.d,.q(a)); leaf y(.clk,.rst_n,.d(a),.q);", step()),
    ),
)
CASES["nested_cones"] = Design(
    tb(_USE.replace("leaf u", "mid u")),
    (
        _leaf("logic [7:0] r; always_ff @(posedge clk) r<=r+d; assign q=r^d;", step(cones={("d",): ["q"]})),
        Unit(
            "mid",
            _MID % "logic [7:0] a; leaf x(.clk,.rst_n,.d,.q(a)); leaf y(.clk,.rst_n,.d(a),.q);",
            step(cones={("d",): ["q"]}),
        ),
    ),
)
CASES["combinational_ring"] = Design(
    tb(
        "wire [7:0] a,b; wire r,v; la A(.clk,.x(b),.v,.y(a),.rdy(r)); lb B(.clk,.x(a),.rdy(r),.y(b),.v);"
        ' always @(posedge clk) $display("%h %h %b %b",a,b,r,v);'
    ),
    (
        Unit(
            "la",
            "module la(input logic clk, input logic [7:0] x, input logic v, output logic [7:0] y, output logic rdy);"
            " logic [7:0] s=0; always_ff @(posedge clk) if(v&rdy) s<=x; assign y=s+1; assign rdy=~s[0]|v; endmodule",
            step(cones={("v",): ["rdy"]}),
        ),
        Unit(
            "lb",
            "module lb(input logic clk, input logic [7:0] x, input logic rdy, output logic [7:0] y, output logic v);"
            " logic [7:0] c=0; always_ff @(posedge clk) if(rdy) c<=c+3; assign v=c[1]^x[0]; assign y=c^x; endmodule",
            step(cones={("x",): ["y", "v"]}),
        ),
    ),
)
_PKG = (
    "package p; typedef struct packed {logic [3:0] a; logic [11:0] b;} s_t; typedef enum logic [1:0] {A,B,C} e_t;"
    " typedef logic [7:0] arr_t[4]; endpackage\n"
)
_own(
    "packed_struct_port",
    "module leaf(input logic clk, input p::s_t d, output p::s_t q);"
    " always_ff @(posedge clk) begin q.a<=d.b[3:0]; q.b<=d.b; end endmodule",
    step(),
    "p::s_t q; leaf u(.clk,.d('{a:4'(cyc),b:12'(cyc)}),.q); always @(posedge clk) $display(\"%p\",q);",
    _PKG,
)
_own(
    "enum_port",
    "module leaf(input logic clk, input p::e_t d, output p::e_t q); always_ff @(posedge clk) q<=d; endmodule",
    step(),
    'p::e_t q,d; assign d=p::e_t\'(cyc[0]); leaf u(.clk,.d,.q); always @(posedge clk) $display("%s",q.name());',
    _PKG,
)
_own(
    "unpacked_array_port",
    "module leaf(input logic clk, input p::arr_t d, output p::arr_t q); always_ff @(posedge clk) q<=d; endmodule",
    step(),
    "p::arr_t q,d; always_comb foreach(d[i]) d[i]=8'(cyc+i); leaf u(.clk,.d,.q);"
    ' always @(posedge clk) $display("%p",q);',
    _PKG,
)
_own(
    "array_of_enum_port",
    "module leaf(input logic clk, input p::e_t d[1:0][2], output p::e_t q[1:0][2]);"
    " always_ff @(posedge clk) q<=d; endmodule",
    step(),
    "p::e_t q[1:0][2],d[1:0][2]; always_comb foreach(d[i,j]) d[i][j]=p::e_t'((cyc+i+2*j)%3); leaf u(.clk,.d,.q);"
    ' always @(posedge clk) $display("%p",q);',
    _PKG,
)
_own(
    "array_of_struct_port",
    "module leaf(input logic clk, input p::s_t d[3], output p::s_t q[3]); always_ff @(posedge clk) q<=d; endmodule",
    step(),
    "p::s_t q[3],d[3]; always_comb foreach(d[i]) d[i]=16'(cyc+i); leaf u(.clk,.d,.q);"
    ' always @(posedge clk) $display("%p",q);',
    _PKG,
)
_own(
    "wide_port",
    "module leaf(input logic clk, input logic [299:0] d, output logic [299:0] q);"
    " always_ff @(posedge clk) q<=d<<3; endmodule",
    step(),
    'logic [299:0] q; leaf u(.clk,.d({5{60\'(cyc)}}),.q); always @(posedge clk) $display("%h",q);',
)
_own(
    "signed_and_odd_widths",
    "module leaf(input logic clk, input logic signed [4:0] d, input int k, output logic signed [36:0] q);"
    " always_ff @(posedge clk) q<=37'(d)*k; endmodule",
    step(),
    'logic signed [36:0] q; leaf u(.clk,.d(5\'(cyc)),.k(cyc*77777-1000),.q); always @(posedge clk) $display("%0d",q);',
)
_own(
    "multidimensional_port",
    "module leaf(input logic clk, input logic [3:0][0:7] d, output logic [3:0][0:7] q);"
    " always_ff @(posedge clk) q<=d; endmodule",
    step(),
    'logic [3:0][0:7] q; leaf u(.clk,.d({4{8\'(cyc)}}),.q); always @(posedge clk) $display("%h %h",q,q[1][0:3]);',
)
_own(
    "real_port",
    "module leaf(input logic clk, input real d, output real q[2]);"
    " always_ff @(posedge clk) begin q[0]<=d; q[1]<=-d; end endmodule",
    step(),
    'real q[2]; leaf u(.clk,.d(cyc*1.5),.q); always @(posedge clk) $display("%f %f",q[0],q[1]);',
)
_own(
    "string_port",
    "module leaf(input logic clk, input string d, output int q, output string s);"
    ' always_ff @(posedge clk) begin q<=d.len(); s<={d,"!"}; end endmodule',
    step(),
    'int q; string s; leaf u(.clk,.d(cyc[0]?"ab":"abc"),.q,.s); always @(posedge clk) $display("%0d %s",q,s);',
)
_own(
    "escaped_and_keyword_names",
    "module leaf(input logic clk, input logic [3:0] \\a+b , input logic class_, output logic [3:0] int__x);"
    " always_ff @(posedge clk) int__x<=\\a+b ^{4{class_}}; endmodule",
    step(),
    'logic [3:0] q; leaf u(.clk,.\\a+b (4\'(cyc)),.class_(cyc[2]),.int__x(q)); always @(posedge clk) $display("%h",q);',
)
_HEADER = 'module leaf #(int W=8, string N="n")(input logic clk, input logic [W-1:0] d, output logic [W-1:0] q);\n'
CASES["parameter_sets"] = Design(
    tb(
        "logic [7:0] q; logic [99:0] w; leaf u(.clk,.d(8'(cyc)),.q);"
        ' leaf #(.W(100),.N("wide")) v(.clk,.d(100\'(cyc)<<60),.q(w));'
        ' always @(negedge clk) $display("%h %h",q,w);',
        4,
    ),
    (
        Unit(
            "leaf",
            _HEADER + ' always_ff @(posedge clk) begin q<=d; $display("%s %0d",N,W); end endmodule',
            step(),
            ({}, {"W": "100", "N": '"wide"'}),
            _HEADER,
        ),
    ),
)
