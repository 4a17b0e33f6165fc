// Machine timer of the RISC-V privileged architecture, counting clock cycles.
//
//   offset  name          access
//   0x0     MTIME         R      bits 31:0; a read of MTIMEH may meet a carry: read it twice
//   0x4     MTIMEH        R      bits 63:32
//   0x8     MTIMECMP      R/W    bits 31:0
//   0xc     MTIMECMPH     R/W    bits 63:32
//
// The interrupt is pending while MTIME >= MTIMECMP. After reset MTIMECMP is at its
// maximum, so nothing is pending. Registers are written as whole words.
module soc_timer
  import soc_pkg::*;
(
  input  logic     clk,
  input  logic     rst_n,
  input  bus_req_t req,
  output bus_rsp_t rsp,
  output logic     irq
);

  localparam logic [2:0] RegTime = 3'h0;
  localparam logic [2:0] RegTimeHigh = 3'h1;
  localparam logic [2:0] RegCompare = 3'h2;
  localparam logic [2:0] RegCompareHigh = 3'h3;

  logic [63:0] time_q, compare_q;

  logic [2:0] reg_index;
  logic       write;
  assign reg_index = req.addr[4:2];
  assign write     = req.valid && req.we && (req.be == 4'hf);

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      time_q    <= '0;
      compare_q <= '1;
      irq       <= 1'b0;
    end else begin
      time_q <= time_q + 64'd1;
      irq    <= (time_q >= compare_q);
      if (write && reg_index == RegCompare) compare_q[31:0] <= req.wdata;
      if (write && reg_index == RegCompareHigh) compare_q[63:32] <= req.wdata;
    end
  end

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      rsp <= '0;
    end else if (req.valid) begin
      rsp <= '0;
      unique case (reg_index)
        RegTime:        rsp.rdata <= time_q[31:0];
        RegTimeHigh:    rsp.rdata <= time_q[63:32];
        RegCompare:     rsp.rdata <= compare_q[31:0];
        RegCompareHigh: rsp.rdata <= compare_q[63:32];
        default:        rsp.error <= 1'b1;
      endcase
    end
  end

  logic unused_req;
  assign unused_req = ^{req.addr[31:5], req.addr[1:0]};

endmodule
