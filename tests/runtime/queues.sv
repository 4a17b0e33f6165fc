// Queues of every type that Verilator keeps elements in: models and runtime share their code.
module queues #(
    parameter int Width = 8
) (
    input logic clk,
    input logic [Width-1:0] value,
    output logic [31:0] sum,
    output int size
);
  typedef logic [Width-1:0] word_t;
  word_t queue[$];
  int turn = 0;
  always_ff @(posedge clk) begin
    word_t first;
    turn <= turn + 1;
    // In the middle, at both ends, and thousands of them, so that blocks are added at both.
    for (int k = 0; k < 40; k++) begin
      queue.insert(queue.size() / 2, word_t'(value + word_t'(k)));
      queue.push_front(word_t'(k));
      queue.push_back(value);
    end
    if (turn % 3 == 2) queue.delete(queue.size() / 3);
    first = queue.pop_front();
    sum <= 32'(queue.sum() with (32'(item))) ^ 32'(first);
    size <= queue.size();
  end
endmodule
