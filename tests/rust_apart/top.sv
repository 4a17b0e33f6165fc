module top (
  input  logic       clk,
  input  logic       rst_n,
  input  logic       en,
  input  logic [7:0] d,
  output logic [7:0] sum,
  output logic [1:0] full
);
  logic [7:0] a, b;

  leaf u_a (.clk, .rst_n, .en, .d, .q(a), .full(full[0]));
  leaf u_b (.clk, .rst_n, .en(full[0] | d[0]), .d(a), .q(b), .full(full[1]));
  assign sum = a ^ b;
endmodule
