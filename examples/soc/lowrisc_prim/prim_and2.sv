// The technology-independent name of a primitive, bound to its generic model.
// Ibex' own build generates such wrappers, with a choice of technology.
module prim_and2 #(
  parameter int Width = 1
) (
  input  logic [Width-1:0] in0_i,
  input  logic [Width-1:0] in1_i,
  output logic [Width-1:0] out_o
);

  prim_generic_and2 #(
    .Width(Width)
  ) u_generic (
    .in0_i,
    .in1_i,
    .out_o
  );

endmodule
