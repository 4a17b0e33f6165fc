module queues_tb;
  logic clk = 0;
  logic [63:0] value = 5;
  logic [31:0] sums[4];
  int sizes[4];
  queues #(.Width(8)) u8 (.clk, .value(value[7:0]), .sum(sums[0]), .size(sizes[0]));
  queues #(.Width(16)) u16 (.clk, .value(value[15:0]), .sum(sums[1]), .size(sizes[1]));
  queues #(.Width(32)) u32 (.clk, .value(value[31:0]), .sum(sums[2]), .size(sizes[2]));
  queues #(.Width(64)) u64 (.clk, .value, .sum(sums[3]), .size(sizes[3]));
  logic [7:0] bytes[];
  shortint shorts[];
  longint longs[];
  initial begin
    for (int k = 0; k < 60; k++) begin
      value = 64'(k * 3 + 1);
      #5 clk = 1;
      #5 clk = 0;
      bytes = new[k * 9](bytes);
      shorts = new[k * 9](shorts);
      longs = new[k * 9](longs);
      foreach (bytes[n]) begin
        bytes[n] += 1;
        shorts[n] += 1;
        longs[n] += 1;
      end
      // Values are small, so that width makes no difference.
      foreach (sizes[n]) if (sizes[n] != sizes[0] || sums[n] != sums[3]) $fatal(1, "%0d: %p %p", k, sizes, sums);
    end
    $display("queues: %0d %0d", sizes[0], sums[0]);
    if (sizes[0] != 60 * 119 - 20) $fatal(1, "size %0d", sizes[0]);
    // Element n was there in the rounds after round n / 9.
    foreach (bytes[n]) begin
      if (bytes[n] != 8'(59 - n / 9) || 64'(shorts[n]) != longs[n] || int'(longs[n]) != 59 - n / 9) begin
        $fatal(1, "element %0d: %0d %0d %0d", n, bytes[n], shorts[n], longs[n]);
      end
    end
    $finish;
  end
endmodule
