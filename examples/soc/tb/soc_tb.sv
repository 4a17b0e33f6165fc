// Self-timed testbench of the SoC: makes clock and reset, receives what the program sends on the
// serial line, and compares it with the expected text character by character.
module soc_tb;

  localparam realtime ClockPeriod = 10ns;
  localparam realtime BitTime = ClockPeriod;  // the UART sends one bit a clock
  localparam realtime Timeout = 5ms;

  // The text to expect; the plusarg +expected=FILE takes precedence.
  parameter string ExpectedFile = "examples/soc/expected.txt";

  logic        clk;
  logic        rst_n;
  logic        uart_tx;
  logic        exit_valid;
  logic [31:0] exit_code;

  soc #(
    .Console      (1'b0),
    .EndSimulation(1'b0)
  ) dut (
    .clk,
    .rst_n,
    .uart_tx,
    .exit_valid,
    .exit_code
  );

  initial begin
    clk = 1'b0;
    forever #(ClockPeriod / 2) clk = ~clk;
  end

  // Reset starts high so that it has an edge: the core's own clock is gated off during reset.
  // It changes at falling edges of the clock.
  initial begin
    rst_n = 1'b1;
    #(ClockPeriod) rst_n = 1'b0;
    #(5 * ClockPeriod) rst_n = 1'b1;
  end

  task automatic receive(output logic [7:0] data);
    @(negedge uart_tx);
    #(BitTime / 2);
    for (int i = 0; i < 8; i++) #(BitTime) data[i] = uart_tx;
    #(BitTime) assert (uart_tx) else $fatal(1, "framing error: the stop bit is low");
  endtask

  int expected_file;
  int unsigned line = 1;
  int unsigned column = 1;

  initial begin
    string file;
    file = ExpectedFile;
    void'($value$plusargs("expected=%s", file));
    expected_file = $fopen(file, "r");
    if (expected_file == 0) $fatal(1, "can't open %s", file);

    forever begin : compare
      logic [7:0] data;
      int wanted;
      receive(data);
      $write("%c", data);
      wanted = $fgetc(expected_file);
      if (wanted == -1) begin
        $fatal(1, "%s ends at line %0d, column %0d, but the program sent 0x%02x", file, line, column, data);
      end else if (wanted != int'(data)) begin
        $fatal(1, "%s:%0d:%0d: expected 0x%02x, received 0x%02x", file, line, column, wanted, data);
      end
      if (data == "\n") begin
        line++;
        column = 1;
      end else begin
        column++;
      end
    end
  end

  // The program ends after the line has gone idle, so that all it sent has been received.
  initial begin
    wait (exit_valid);
    #(2 * ClockPeriod);
    if (exit_code != '0) $fatal(1, "the program ended with code %0d", exit_code);
    if (line == 1) $fatal(1, "the program sent no line");
    if ($fgetc(expected_file) != -1) $fatal(1, "more text is expected from line %0d, column %0d on", line, column);
    $finish;
  end

  initial begin
    #(Timeout) $fatal(1, "the program has not ended after %0t", $time);
  end

endmodule
