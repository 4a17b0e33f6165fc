`timescale 1ns / 1ps

module tb;
  logic clk = 0;
  logic rst_n = 0;
  logic [7:0] seen;

  always #5 clk = ~clk;
  initial #22 rst_n = 1;
  soc u_soc (.*);
endmodule
