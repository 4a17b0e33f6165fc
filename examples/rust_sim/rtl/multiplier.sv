// A multiplier that takes a bit of `b` each cycle: WIDTH cycles a product.
module multiplier #(
  parameter int unsigned WIDTH = 32
) (
  input  logic               clk,
  input  logic               rst_n,
  input  logic               start,    // with operands; ignored while busy
  input  logic [WIDTH-1:0]   a,
  input  logic [WIDTH-1:0]   b,
  output logic               busy,
  output logic               done,     // for one cycle, with the product
  output logic [2*WIDTH-1:0] product
);

  localparam int unsigned CountBits = $clog2(WIDTH + 1);

  logic [CountBits-1:0] left_q;
  logic [WIDTH-1:0]     a_q;
  logic [WIDTH:0]       sum;

  // The low half holds what is left of `b`, the high half the sum so far.
  assign sum  = {1'b0, product[2*WIDTH-1:WIDTH]} + (product[0] ? {1'b0, a_q} : '0);
  assign busy = left_q != '0;

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      left_q  <= '0;
      done    <= 1'b0;
      a_q     <= '0;
      product <= '0;
    end else begin
      done <= 1'b0;
      if (busy) begin
        product <= {sum, product[WIDTH-1:1]};
        left_q  <= left_q - 1'b1;
        done    <= left_q == CountBits'(1);
      end else if (start) begin
        a_q     <= a;
        product <= {WIDTH'(0), b};
        left_q  <= CountBits'(WIDTH);
      end
    end
  end

endmodule
