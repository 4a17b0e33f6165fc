// Counts clock cycles since reset, and says at the end of the simulation where it stands.
module counter #(
  parameter int unsigned Width = 8
) (
  input  logic             clk,
  input  logic             rst_n,
  output logic [Width-1:0] count
);

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) count <= '0;
    else count <= count + 1'b1;
  end

  final $display("count = %0d", count);

endmodule
