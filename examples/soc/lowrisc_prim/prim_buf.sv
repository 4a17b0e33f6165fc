// The technology-independent name of a primitive, bound to its generic model.
// Ibex' own build generates such wrappers, with a choice of technology.
module prim_buf #(
  parameter int Width = 1
) (
  input  logic [Width-1:0] in_i,
  output logic [Width-1:0] out_o
);

  prim_generic_buf #(
    .Width(Width)
  ) u_generic (
    .in_i,
    .out_o
  );

endmodule
