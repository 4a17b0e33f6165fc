// RAM with a read-only port for instructions and a read/write port for data,
// both with one cycle of latency.
module soc_ram
  import soc_pkg::*;
#(
  parameter int unsigned Bytes = 64 * 1024,
  // Image for $readmemh, one 32-bit word a line. The plusarg +firmware=FILE takes precedence.
  parameter string       InitFile = ""
) (
  input  logic clk,

  input  logic        fetch_valid,
  input  logic [31:0] fetch_addr,   // byte address
  output logic [31:0] fetch_rdata,

  input  bus_req_t data_req,
  output bus_rsp_t data_rsp
);

  localparam int unsigned Words = Bytes / 4;
  localparam int unsigned IndexBits = $clog2(Words);

  logic [31:0] mem[Words];

  logic [IndexBits-1:0] fetch_index, data_index;
  assign fetch_index = fetch_addr[2+:IndexBits];
  assign data_index  = data_req.addr[2+:IndexBits];

  always_ff @(posedge clk) begin
    if (fetch_valid) fetch_rdata <= mem[fetch_index];
  end

  always_ff @(posedge clk) begin
    if (data_req.valid) begin
      if (data_req.we) begin
        for (int unsigned i = 0; i < 4; i++) begin
          if (data_req.be[i]) mem[data_index][8*i+:8] <= data_req.wdata[8*i+:8];
        end
      end else begin
        data_rsp.rdata <= mem[data_index];
      end
    end
  end

  assign data_rsp.error = 1'b0;

  // Address bits above the RAM were decoded by the bus; those below a word are zero.
  logic unused_addr;
  assign unused_addr = ^{fetch_addr[31:IndexBits+2], fetch_addr[1:0],
                         data_req.addr[31:IndexBits+2], data_req.addr[1:0]};

  initial begin : load
    string file;
    int    descriptor;
    file = InitFile;
    void'($value$plusargs("firmware=%s", file));
    // $readmemh itself only warns of a missing file.
    descriptor = $fopen(file, "r");
    if (descriptor == 0) $fatal(1, "can't open the program '%s'; give +firmware=FILE", file);
    $fclose(descriptor);
    $readmemh(file, mem);
  end

endmodule
