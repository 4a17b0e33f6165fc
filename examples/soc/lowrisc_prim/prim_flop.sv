// The technology-independent name of a primitive, bound to its generic model.
// Ibex' own build generates such wrappers, with a choice of technology.
module prim_flop #(
  parameter int               Width      = 1,
  parameter logic [Width-1:0] ResetValue = '0
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic [Width-1:0] d_i,
  output logic [Width-1:0] q_o
);

  prim_generic_flop #(
    .Width     (Width),
    .ResetValue(ResetValue)
  ) u_generic (
    .clk_i,
    .rst_ni,
    .d_i,
    .q_o
  );

endmodule
