module soc
  import bus_pkg::*;
(
  input  logic       clk,
  input  logic       rst_n,
  output logic [7:0] seen
);
  word_t first, second, third;
  logic [7:0] count, mixed;

  pair u_pair (.clk, .rst_n, .in(second), .first, .second, .count);
  // By position: the stub has the ports in their order.
  leaf u_third (clk, rst_n, first, third, );
  mixer u_mixer (.a(first.data), .b(third.data), .y(mixed));
  assign seen = mixed ^ second.data;

  always_ff @(posedge clk) begin
    if (count == 8'd30) begin
      $display("seen %h", seen);
      $finish;
    end
  end
endmodule
