// One port of every kind, each echoed so that SystemVerilog has to read it:
// fields are taken apart and put together again, never copied whole.
module kinds
  import kinds_pkg::*;
(
    input logic clk,
    input state_t state,
    output state_t state_q,
    output logic state_is_run,
    input level_t level,
    output level_t level_q,
    output logic level_is_negative,
    input wide_enum_t wide_enum,
    output wide_enum_t wide_enum_q,
    input req_t req,
    output req_t req_q,
    output logic [3:0] req_a,
    output logic signed [6:0] req_b,
    output logic req_last,
    input wide_t wide,
    output wide_t wide_q,
    output logic [79:0] wide_tag,
    output logic signed [6:0] wide_pair1_b,
    output logic [31:0] wide_data,
    input view_t view,
    output view_t view_q,
    input plain_t plain,
    output plain_t plain_q,
    output logic signed [64:0] plain_big,
    // Packed arrays, both directions of the range.
    input logic [3:0][7:0] down,
    output logic [7:0] down_0,
    output logic [7:0] down_3,
    input logic [0:3][7:0] up,
    output logic [7:0] up_0,
    output logic [7:0] up_3,
    input logic [2:0][64:0] long_down,
    output logic [2:0][64:0] long_q,
    output logic [64:0] long_2,
    // Unpacked arrays, both directions, offsets, several dimensions.
    input logic [7:0] mem[7:4],
    output logic [7:0] mem_q[4:7],
    output logic [7:0] mem_4,
    input logic signed [4:0] grid[2][1:3],
    output logic signed [4:0] grid_q[2][1:3],
    output logic signed [4:0] grid_1_3,
    input logic [69:0] deep[2],
    output logic [69:0] deep_q[2],
    input state_t states[3],
    output state_t states_q[3],
    input req_t reqs[2],
    output req_t reqs_q[2],
    input logic bools[5],
    output logic bools_q[5],
    input real reals[2],
    output real reals_q[2],
    output string names_q[2],
    // Predefined integers.
    input byte i8,
    input shortint i16,
    input int i32,
    input longint i64,
    input integer i4,
    input time t64,
    output longint sum,
    // Odd ranges and a two-state type.
    input logic [0:7] ascending,
    output logic ascending_0,
    input logic [6:2] offset,
    output logic offset_2,
    input bit signed [128:0] two_state,
    output bit signed [128:0] two_state_q,
    // Reals and strings.
    input real r,
    output real r_q,
    input string s,
    output string s_q
);
  always_comb begin
    state_q = state;
    state_is_run = state == RUN;
    level_q = level;
    level_is_negative = level < 0;
    wide_enum_q = wide_enum;
    req_a = req.a;
    req_b = req.b;
    req_last = req.last;
    req_q.a = req_a;
    req_q.b = req_b;
    req_q.st = req.st;
    req_q.last = req_last;
    wide_tag = wide.tag;
    wide_pair1_b = wide.pair[1].b;
    wide_data = wide.data;
    wide_q.tag = wide_tag;
    for (int i = 0; i < 2; i++) begin
      wide_q.pair[i].a = wide.pair[i].a;
      wide_q.pair[i].b = wide.pair[i].b;
      wide_q.pair[i].st = wide.pair[i].st;
      wide_q.pair[i].last = wide.pair[i].last;
    end
    wide_q.data = wide_data;
    view_q.req.a = view.raw[14:11];
    view_q.req.b = view.raw[10:4];
    view_q.req.st = view.req.st;
    view_q.req.last = view.raw[0];
    plain_big = plain.big;
    plain_q.hi = plain.hi;
    plain_q.nibbles[0] = plain.nibbles[0];
    plain_q.nibbles[1] = plain.nibbles[1];
    plain_q.big = plain_big;
    down_0 = down[0];
    down_3 = down[3];
    up_0 = up[0];
    up_3 = up[3];
    for (int i = 0; i < 3; i++) long_q[i] = long_down[i];
    long_2 = long_down[2];
    for (int i = 4; i < 8; i++) mem_q[i] = mem[i];
    mem_4 = mem[4];
    for (int i = 0; i < 2; i++) for (int j = 1; j < 4; j++) grid_q[i][j] = grid[i][j];
    grid_1_3 = grid[1][3];
    for (int i = 0; i < 2; i++) deep_q[i] = deep[i];
    for (int i = 0; i < 3; i++) states_q[i] = states[i];
    for (int i = 0; i < 2; i++) reqs_q[i] = reqs[i];
    for (int i = 0; i < 5; i++) bools_q[i] = bools[i];
    for (int i = 0; i < 2; i++) reals_q[i] = reals[i] * 2.0;
    names_q[0] = {"<", s, ">"};
    names_q[1] = "second";
    sum = longint'(i8) + longint'(i16) + longint'(i32) + i64 + longint'(i4) + longint'(t64);
    ascending_0 = ascending[0];
    offset_2 = offset[2];
    two_state_q = two_state;
    r_q = r * 2.0;
    s_q = {s, "!"};
  end
endmodule
