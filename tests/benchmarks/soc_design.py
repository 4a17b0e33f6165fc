"""SoCs of any size for measurements: a ring of units, each of about as many lines as asked for.

A unit is a chain of clusters. Each cluster has private submodules with code of
their own: a processor with its program in a case table, a hash core, a queue
with its state machine, and a pipeline. Registers are reset asynchronously;
units talk in structures of a package. The top folds every unit's output into
one checksum.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

CLUSTER_LINES = 256
"""How many lines a cluster has, about."""

EDITED = "localparam logic [31:0] Salt = 32'h"
"""What stands before the constant that an edit changes; each cluster has one."""


@dataclass(frozen=True)
class Design:
    """A generated SoC.

    Attributes:
        units: how many units it has.
        files: text by path; `soc_pkg.sv` and `soc.sv` beside `unit<k>/<module>.sv`.
    """

    units: int
    files: dict[str, str]

    def sources(self) -> list[str]:
        """The sources, each before its users."""
        inner = [path for path in self.files if path not in ("soc_pkg.sv", "soc.sv")]
        return ["soc_pkg.sv", *inner, "soc.sv"]

    def unit_sources(self, unit: int) -> list[str]:
        """The sources of a unit."""
        return [path for path in self.files if path.startswith(f"unit{unit}/")]

    def lines(self) -> int:
        """Lines of SystemVerilog in all."""
        return sum(text.count("\n") for text in self.files.values())


def make_design(units: int, lines: int, seed: int = 1) -> Design:
    """A SoC.

    Args:
        units: how many units.
        lines: about how many lines each has.
        seed: of constants and operators; another seed makes every unit another.
    """
    files = {"soc_pkg.sv": _PACKAGE}
    for unit in range(units):
        random = Random(f"{seed}/{unit}")
        clusters = max(1, round(lines / CLUSTER_LINES))
        for cluster in range(clusters):
            name = f"unit{unit}_c{cluster}"
            files[f"unit{unit}/{name}.sv"] = _cluster(name, random)
        files[f"unit{unit}/unit{unit}.sv"] = _unit(unit, clusters)
    files["soc.sv"] = _top(units)
    return Design(units, files)


def edited(text: str, number: int) -> str:
    """A cluster's text with another constant in a body.

    Args:
        text: the text.
        number: which constant, so that edits differ.
    """
    start = text.index(EDITED) + len(EDITED)
    return f"{text[:start]}{(0x9E3779B9 * (number + 1)) & 0xFFFFFFFF:08x}{text[start + 8 :]}"


_PACKAGE = """\
package soc_pkg;
  typedef struct packed {
    logic        valid;
    logic [6:0]  tag;
    logic [31:0] data;
  } flit_t;

  typedef struct packed {
    logic [3:0]  op;
    logic [2:0]  rd, ra, rb;
    logic [2:0]  spare;
    logic [15:0] imm;
  } insn_t;

  function automatic logic [31:0] ror(input logic [31:0] x, input int unsigned n);
    return (x >> n) | (x << (32 - n));
  endfunction
endpackage
"""


def _top(units: int) -> str:
    lines = [
        "module soc",
        "  import soc_pkg::*;",
        "(",
        "    input  logic clk,",
        "    input  logic rst_n,",
        "    output logic [31:0] checksum",
        ");",
        f"  flit_t ring[{units}];",
    ]
    for unit in range(units):
        before = (unit - 1) % units
        lines.append(f"  unit{unit} u_unit{unit} (.clk, .rst_n, .in(ring[{before}]), .out(ring[{unit}]));")
    lines += [
        "  logic [31:0] folded;",
        "  always_comb begin",
        "    folded = {checksum[30:0], checksum[31]};",
        f"    for (int k = 0; k < {units}; k++)",
        "      folded ^= ror(ring[k].data, k % 32) + {24'd0, ring[k].valid, ring[k].tag};",
        "  end",
        "  always_ff @(posedge clk or negedge rst_n)",
        "    if (!rst_n) checksum <= '0;",
        "    else checksum <= folded;",
        "endmodule",
    ]
    return "\n".join(lines) + "\n"


def _unit(unit: int, clusters: int) -> str:
    lines = [
        f"module unit{unit}",
        "  import soc_pkg::*;",
        "(",
        "    input  logic  clk,",
        "    input  logic  rst_n,",
        "    input  flit_t in,",
        "    output flit_t out",
        ");",
        f"  flit_t link[{clusters + 1}];",
        "  assign link[0] = in;",
        f"  assign out = link[{clusters}];",
    ]
    for k in range(clusters):
        lines.append(f"  unit{unit}_c{k} u_c{k} (.clk, .rst_n, .in(link[{k}]), .out(link[{k + 1}]));")
    return "\n".join([*lines, "endmodule"]) + "\n"


def _cluster(name: str, random: Random) -> str:
    parts = [_cpu(name, random), _hash(name, random), _queue(name, random), _pipe(name, random)]
    return "\n".join([*parts, _CLUSTER.format(name=name, salt=_word(random))])


def _word(random: Random) -> str:
    return f"{random.getrandbits(32):08x}"


_CLUSTER = """\
module {name}
  import soc_pkg::*;
(
    input  logic  clk,
    input  logic  rst_n,
    input  flit_t in,
    output flit_t out
);
  localparam logic [31:0] Salt = 32'h{salt};
  flit_t from_cpu, popped;
  logic [31:0] digest, mixed;
  logic full, empty;
  {name}_cpu u_cpu (.clk, .rst_n, .in, .out(from_cpu));
  {name}_queue u_queue (.clk, .rst_n, .push(from_cpu), .pop(popped), .full, .empty);
  {name}_hash u_hash (.clk, .rst_n, .word(popped.data ^ Salt), .step(popped.valid), .digest);
  {name}_pipe u_pipe (.clk, .rst_n, .x(digest + in.data), .y(mixed));
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) out <= '0;
    else begin
      out.valid <= popped.valid | (full & ~empty);
      out.tag <= popped.tag + in.tag;
      out.data <= mixed ^ ror(digest, 5);
    end
endmodule
"""

_CPU = """\
module {name}_cpu
  import soc_pkg::*;
(
    input  logic  clk,
    input  logic  rst_n,
    input  flit_t in,
    output flit_t out
);
  logic [4:0] pc;
  insn_t insn;
  logic [31:0] regs[8];
  logic [31:0] memory[64];
  logic [31:0] a, b, result;
  logic write, taken;
  always_comb
    unique case (pc)
{rom}
    endcase
  assign a = regs[insn.ra];
  assign b = regs[insn.rb];
  always_comb begin
    result = '0;
    write = 1'b1;
    taken = 1'b0;
    case (insn.op)
      4'd0: result = a + b + {{16'd0, insn.imm}};
      4'd1: result = a - b;
      4'd2: result = a ^ ror(b, {n[0]});
      4'd3: result = a & (b | {{insn.imm, insn.imm}});
      4'd4: result = a | ~b;
      4'd5: result = a << b[4:0];
      4'd6: result = a >> b[4:0];
      4'd7: result = a * b + 32'd{n[1]};
      4'd8: result = {{insn.imm, 16'd0}} ^ in.data;
      4'd9: result = memory[a[5:0] ^ insn.imm[5:0]];
      4'd10: write = 1'b0;
      4'd11: begin
        write = 1'b0;
        taken = a[0];
      end
      4'd12: result = ror(a, {n[2]}) ^ ror(b, {n[3]});
      default: write = 1'b0;
    endcase
  end
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) begin
      pc <= '0;
      out <= '0;
      for (int i = 0; i < 8; i++) regs[i] <= 32'(i) * 32'h{salt};
      for (int i = 0; i < 64; i++) memory[i] <= 32'(i) ^ 32'h{salt};
    end else begin
      pc <= taken ? insn.imm[4:0] : pc + 5'd1;
      if (write) regs[insn.rd] <= result;
      if (in.valid) regs[{n[4]}] <= regs[{n[4]}] ^ in.data;
      if (insn.op == 4'd10) memory[a[5:0]] <= b;
      out.valid <= insn.op == 4'd10 || insn.op == 4'd2;
      out.tag <= {{2'b0, pc}};
      out.data <= a ^ b ^ result;
    end
endmodule
"""


def _cpu(name: str, random: Random) -> str:
    rom = [f"      5'd{k}: insn = 32'h{_word(random)};" for k in range(32)]
    numbers = [random.randrange(1, 31) for _ in range(4)] + [random.randrange(8)]
    return _CPU.format(name=name, rom="\n".join(rom), n=numbers, salt=_word(random))


_HASH = """\
module {name}_hash
  import soc_pkg::*;
(
    input  logic clk,
    input  logic rst_n,
    input  logic [31:0] word,
    input  logic step,
    output logic [31:0] digest
);
  logic [31:0] window[16];
  logic [31:0] s[8];
  logic [31:0] key, first, second, next;
  logic [3:0] round;
  always_comb
    unique case (round)
{keys}
    endcase
  assign next = window[0] + (ror(window[1], 7) ^ ror(window[1], {n[0]}) ^ (window[1] >> 3)) + window[9]
      + (ror(window[14], 17) ^ ror(window[14], {n[1]}) ^ (window[14] >> 10));
  assign first = s[7] + (ror(s[4], 6) ^ ror(s[4], 11) ^ ror(s[4], {n[2]}))
      + ((s[4] & s[5]) ^ (~s[4] & s[6])) + key + window[0];
  assign second = (ror(s[0], 2) ^ ror(s[0], {n[3]}) ^ ror(s[0], 22))
      + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) begin
      round <= '0;
      digest <= '0;
      for (int i = 0; i < 8; i++) s[i] <= 32'h{salt} + 32'(i);
      for (int i = 0; i < 16; i++) window[i] <= 32'(i) * 32'h{salt};
    end else begin
      round <= round + 4'd1;
      for (int i = 1; i < 8; i++) s[i] <= s[i-1];
      s[0] <= first + second;
      s[4] <= s[3] + first;
      for (int i = 0; i < 15; i++) window[i] <= window[i+1];
      window[15] <= next ^ (step ? word : '0);
      if (round == 4'd15) digest <= digest + s[0] + s[4];
    end
endmodule
"""


def _hash(name: str, random: Random) -> str:
    keys = [f"      4'd{k}: key = 32'h{_word(random)};" for k in range(16)]
    numbers = [random.randrange(12, 31) for _ in range(4)]
    return _HASH.format(name=name, keys="\n".join(keys), n=numbers, salt=_word(random))


_QUEUE = """\
module {name}_queue
  import soc_pkg::*;
(
    input  logic  clk,
    input  logic  rst_n,
    input  flit_t push,
    output flit_t pop,
    output logic  full,
    output logic  empty
);
  typedef enum logic [1:0] {{Idle, Fill, Drain, Rest}} state_e;
  state_e state;
  flit_t slots[8];
  logic [3:0] count;
  logic [2:0] head, tail;
  logic [4:0] timer;
  logic take, give;
  assign full = count == 4'd8;
  assign empty = count == '0;
  assign take = push.valid && !full && state != Rest;
  assign give = !empty && (state == Drain || full);
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) begin
      state <= Idle;
      timer <= '0;
    end else begin
      timer <= timer + 5'd1;
      case (state)
        Idle: if (push.valid) state <= Fill;
        Fill: if (count >= 4'd{level}) state <= Drain;
        Drain: if (empty) state <= Rest;
        default: if (timer == 5'd{rest}) state <= Idle;
      endcase
    end
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) begin
      head <= '0;
      tail <= '0;
      count <= '0;
      pop <= '0;
      for (int i = 0; i < 8; i++) slots[i] <= '0;
    end else begin
      if (take) begin
        slots[tail] <= push;
        tail <= tail + 3'd1;
      end
      pop.valid <= give;
      if (give) begin
        pop <= slots[head];
        head <= head + 3'd1;
      end
      count <= count + {{3'd0, take}} - {{3'd0, give}};
    end
endmodule
"""


def _queue(name: str, random: Random) -> str:
    return _QUEUE.format(name=name, level=random.randrange(3, 7), rest=random.randrange(32))


def _pipe(name: str, random: Random) -> str:
    stages = 16
    lines = [
        f"module {name}_pipe",
        "  import soc_pkg::*;",
        "(",
        "    input  logic clk,",
        "    input  logic rst_n,",
        "    input  logic [31:0] x,",
        "    output logic [31:0] y",
        ");",
        f"  logic [31:0] p[{stages}];",
        f"  assign y = p[{stages - 1}];",
        "  always_ff @(posedge clk or negedge rst_n)",
        "    if (!rst_n) begin",
        f"      for (int i = 0; i < {stages}; i++) p[i] <= 32'(i);",
        "    end else begin",
    ]
    for k in range(stages):
        source = f"p[{k - 1}]" if k else "x"
        other = f"p[{random.randrange(stages)}]"
        n, word = random.randrange(1, 31), _word(random)
        forms = (
            f"(ror({source}, {n}) + 32'h{word}) ^ {other}",
            f"({source} ^ ({other} >> {n})) + p[{random.randrange(stages)}]",
            f"{other}[{n}] ? {source} + 32'h{word} : {source} - {other}",
            f"{{{source}[7:0], {source}[31:8]}} ^ ({other} & 32'h{word})",
        )
        lines.append(f"      p[{k}] <= {random.choice(forms)};")
    return "\n".join([*lines, "    end", "endmodule"]) + "\n"
