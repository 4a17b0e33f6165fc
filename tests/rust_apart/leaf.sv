module leaf (
  input  logic       clk,
  input  logic       rst_n,
  input  logic       en,
  input  logic [7:0] d,
  output logic [7:0] q,
  output logic       full
);
  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) q <= 8'd1;
    else if (en) q <= q + d;
  end

  // An output that follows an input within the cycle.
  assign full = en & q[7];

  always_ff @(posedge clk) if (rst_n && en && d == 8'd255) $fatal(1, "on purpose");
endmodule
