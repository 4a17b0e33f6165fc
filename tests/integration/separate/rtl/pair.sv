module pair
  import bus_pkg::*;
(
  input  logic       clk,
  input  logic       rst_n,
  input  word_t      in,
  output word_t      first,
  output word_t      second,
  output logic [7:0] count
);
  leaf u_first (.clk, .rst_n, .in, .out(first), .count);
  leaf #(.Factor(3)) u_second (.clk, .rst_n, .in(first), .out(second), .count());
endmodule
