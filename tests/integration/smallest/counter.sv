// Counts; ends where +finish_at=N says.
module counter (
  input  logic       clk,
  input  logic       rst_n,
  output logic [7:0] count
);

  logic [7:0] last;

  initial if (!$value$plusargs("finish_at=%d", last)) last = 8'hff;

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) count <= '0;
    else begin
      count <= count + 1'b1;
      if (count == last && last != 8'hff) $finish;
    end
  end

  final $display("count = %0d", count);

endmodule
