// A memory with a cycle of latency. Its first contents are a file's; the plusarg +image=FILE takes precedence.
module memory #(
  parameter int unsigned WORDS = 256,
  parameter string       IMAGE = "examples/rust_sim/vectors.hex"
) (
  input  logic                     clk,
  input  logic                     we,
  input  logic [$clog2(WORDS)-1:0] address,
  input  logic [31:0]              wdata,
  output logic [31:0]              rdata
);

  logic [31:0] words[WORDS];

  initial begin
    string file;
    int    descriptor;
    file = IMAGE;
    void'($value$plusargs("image=%s", file));
    // $readmemh itself only warns of a missing file.
    descriptor = $fopen(file, "r");
    if (descriptor == 0) $fatal(1, "can't open the image '%s'", file);
    $fclose(descriptor);
    $readmemh(file, words);
  end

  always_ff @(posedge clk) begin
    if (we) words[address] <= wdata;
    else rdata <= words[address];
  end

endmodule
