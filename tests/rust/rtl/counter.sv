// A counter with each kind of reset, and a second clock that falls.
module counter #(
    parameter int WIDTH = 8,
    parameter int STEP = 1,
    parameter string NAME = "counter"
) (
    input logic clk,
    input logic clk_fall,
    input logic rst_n,
    input logic clear,
    input logic enable,
    output logic [WIDTH-1:0] count,
    output logic [WIDTH-1:0] fall_count,
    output logic [7:0] resets_seen,
    output string name
);
  always_ff @(posedge clk or negedge rst_n)
    if (!rst_n) count <= '0;
    else if (clear) count <= '0;
    else if (enable) count <= count + WIDTH'(STEP);
  always_ff @(negedge clk_fall or negedge rst_n)
    if (!rst_n) fall_count <= '0;
    else fall_count <= fall_count + WIDTH'(STEP);
  // An edge of the reset itself.
  always_ff @(negedge rst_n) resets_seen <= resets_seen + 1;
  assign name = NAME;
endmodule
