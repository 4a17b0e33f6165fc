`timescale 1ns / 1ps

module calls_c (
  input logic [31:0] a
);

  import "DPI-C" function int sum_of(input int a, input int b);

  initial begin
    #1 $display("sum: %0d", sum_of(int'(a), 30));
    $finish;
  end

endmodule
