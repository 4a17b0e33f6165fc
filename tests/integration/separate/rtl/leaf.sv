// What every file of this unit calls a byte.
typedef logic [7:0] byte_t;

module leaf
  import bus_pkg::*;
#(
  parameter byte_t Factor = 1
) (
  input  logic  clk,
  input  logic  rst_n,
  input  word_t in,
  output word_t out,
  output byte_t count
);
  byte_t scaled;
  byte_t table_q[4];

  initial $readmemh("rtl/table.hex", table_q);

  scaler #(.Factor(Factor)) u_scaler (.clk, .x(in.data), .y(scaled));

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      out   <= '0;
      count <= '0;
    end else begin
      out.data  <= scaled + Salt + table_q[count[1:0]];
      out.valid <= ~out.valid;
      count     <= count + 8'd1;
      if (count == 8'd20) $display("%m: %0d", out.data);
      if ($test$plusargs("fatal") && count == 8'd9) $fatal(1, "on purpose");
    end
  end
endmodule
