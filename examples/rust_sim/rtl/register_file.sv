// Registers with two ports to read, which see a write in the same cycle, and one to write. Register 0 is 0.
module register_file #(
  parameter int unsigned WIDTH = 32,
  parameter int unsigned COUNT = 16
) (
  input  logic                     clk,
  input  logic                     we,
  input  logic [$clog2(COUNT)-1:0] waddr,
  input  logic [WIDTH-1:0]         wdata,
  input  logic [$clog2(COUNT)-1:0] raddr[2],
  output logic [WIDTH-1:0]         rdata[2]
);

  logic [WIDTH-1:0] registers[COUNT];

  always_ff @(posedge clk) begin
    if (we) registers[waddr] <= wdata;
  end

  always_comb begin
    for (int i = 0; i < 2; i++) begin
      rdata[i] = registers[raddr[i]];
      if (we && waddr == raddr[i]) rdata[i] = wdata;
      if (raddr[i] == '0) rdata[i] = '0;
    end
  end

endmodule
