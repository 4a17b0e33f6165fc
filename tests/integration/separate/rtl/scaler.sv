module scaler #(
  parameter byte_t Factor = 1
) (
  input  logic  clk,
  input  byte_t x,
  output byte_t y
);
  always_ff @(posedge clk) y <= x * Factor;
endmodule
