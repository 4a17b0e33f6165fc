// Address decoder between the core's data port and the devices.
//
// The core's side follows Ibex' memory protocol: `gnt` in the cycle of the
// request, `rvalid` with data or error in a later one. Nothing ever waits, so
// `gnt` is constant and `rvalid` follows one cycle after the request. An access
// that no device answers is reported as a bus error.
module soc_bus
  import soc_pkg::*;
#(
  parameter int unsigned RamBytes = 64 * 1024
) (
  input  logic clk,
  input  logic rst_n,

  input  bus_req_t    host_req,
  output logic        host_gnt,
  output logic        host_rvalid,
  output logic [31:0] host_rdata,
  output logic        host_error,

  // Indexed by device_e.
  output bus_req_t [NumDevices-1:0] device_req,
  input  bus_rsp_t [NumDevices-1:0] device_rsp
);

  logic    hit, hit_q, valid_q;
  device_e device, device_q;

  // RamBase is a multiple of RamBytes, and RamBytes a power of two (checked in `soc`).
  localparam int unsigned RamAddrBits = $clog2(RamBytes);

  always_comb begin
    hit    = 1'b1;
    device = DevRam;
    if (host_req.addr[31:RamAddrBits] == RamBase[31:RamAddrBits]) begin
      device = DevRam;
    end else begin
      unique case (host_req.addr[31:PeripheralAddrBits])
        UartBase[31:PeripheralAddrBits]:    device = DevUart;
        TimerBase[31:PeripheralAddrBits]:   device = DevTimer;
        SimCtrlBase[31:PeripheralAddrBits]: device = DevSimCtrl;
        default:                            hit = 1'b0;
      endcase
    end
  end

  always_comb begin
    for (int unsigned i = 0; i < NumDevices; i++) begin
      device_req[i]       = host_req;
      device_req[i].valid = host_req.valid && hit && (device == device_e'(i));
    end
  end

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      valid_q  <= 1'b0;
      hit_q    <= 1'b0;
      device_q <= DevRam;
    end else begin
      valid_q  <= host_req.valid;
      hit_q    <= hit;
      device_q <= device;
    end
  end

  assign host_gnt    = 1'b1;
  assign host_rvalid = valid_q;
  assign host_rdata  = device_rsp[device_q].rdata;
  assign host_error  = !hit_q || device_rsp[device_q].error;

endmodule
