module scale (
    input  logic        clk,
    input  logic [ 8:0] value,
    output logic [11:0] scaled
);
  always_ff @(posedge clk) scaled <= {value, 3'b000};
endmodule
