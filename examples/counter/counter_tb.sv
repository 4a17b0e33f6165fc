// Self-timed testbench: counting, wrapping around, and reset at any time.
module counter_tb;

  localparam int unsigned Width = 4;
  localparam int unsigned Wrap = 2 ** Width;

  logic             clk, rst_n;
  logic [Width-1:0] count;

  counter #(.Width(Width)) dut (.clk, .rst_n, .count);

  initial begin
    clk = 1'b0;
    forever #5ns clk = ~clk;
  end

  task automatic check(input logic [Width-1:0] expected);
    assert (count == expected)
    else $fatal(1, "expected %0d, found %0d", expected, count);
  endtask

  initial begin
    rst_n = 1'b1;
    @(negedge clk) rst_n = 1'b0;
    @(negedge clk) check('0);
    rst_n = 1'b1;
    for (int unsigned cycle = 1; cycle <= 2 * Wrap + 3; cycle++) begin
      @(negedge clk) check(Width'(cycle));
    end

    // Reset does not wait for the clock.
    #1ns rst_n = 1'b0;
    #1ns check('0);

    $display("counter_tb: all checks passed");
    $finish;
  end

endmodule
