`timescale 1ns / 1ps

// Counts both clocks; threads have something to do each.
module clocked (
  input logic slow,
  input logic fast,
  input logic rst_n,
  input logic rst
);

  logic [31:0] slow_count, fast_count, slow_in_reset, fast_in_reset;

  initial begin
    slow_in_reset = 0;
    fast_in_reset = 0;
  end

  always_ff @(posedge slow or negedge rst_n) begin
    if (!rst_n) slow_count <= '0;
    else slow_count <= slow_count + 1;
  end

  always_ff @(posedge fast or posedge rst) begin
    if (rst) fast_count <= '0;
    else fast_count <= fast_count + 1;
  end

  always_ff @(posedge slow) if (!rst_n) slow_in_reset <= slow_in_reset + 1;
  always_ff @(posedge fast) if (rst) fast_in_reset <= fast_in_reset + 1;

  final $display("slow %0d+%0d, fast %0d+%0d, ended at %0t", slow_in_reset, slow_count, fast_in_reset, fast_count,
                 $time);

endmodule
