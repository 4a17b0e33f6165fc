// UART transmitter: 8N1, one bit a clock, one byte of buffer.
//
//   offset  name    access  meaning
//   0x0     DATA    W       byte to send
//   0x4     STATUS  R       bit 0 READY: DATA may be written; bit 1 IDLE: nothing left to send;
//                           bit 2 OVERRUN: DATA was written while not READY, and that byte lost
//                   W       bit 2: 1 clears OVERRUN
//
// In simulation each byte is also printed when its frame starts.
module soc_uart
  import soc_pkg::*;
#(
  parameter bit Console = 1'b1  // print to the simulator's standard output
) (
  input  logic     clk,
  input  logic     rst_n,
  input  bus_req_t req,
  output bus_rsp_t rsp,
  output logic     tx        // serial line, high when idle
);

  localparam logic [2:0] RegData = 3'h0;
  localparam logic [2:0] RegStatus = 3'h1;

  // Start bit, eight data bits, stop bit.
  localparam int unsigned FrameBits = 10;
  localparam logic [3:0] LastBit = 4'(FrameBits - 1);

  logic [7:0] buffer_q;
  logic       buffer_full_q;
  logic       overrun_q;

  // Bits still to send, the next one lowest; ones follow, which is the idle level.
  logic [FrameBits-1:0] shift_q;
  logic [3:0]           bits_left_q;

  logic [2:0] reg_index;
  logic       write, frame_start, idle;
  assign reg_index   = req.addr[4:2];
  assign write       = req.valid && req.we && req.be[0];
  assign frame_start = buffer_full_q && (bits_left_q == '0);
  assign idle        = !buffer_full_q && (bits_left_q == '0);

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      buffer_q      <= '0;
      buffer_full_q <= 1'b0;
      overrun_q     <= 1'b0;
    end else begin
      if (frame_start) buffer_full_q <= 1'b0;
      if (write) begin
        unique case (reg_index)
          RegData: begin
            if (buffer_full_q) begin
              overrun_q <= 1'b1;
            end else begin
              buffer_q      <= req.wdata[7:0];
              buffer_full_q <= 1'b1;
            end
          end
          RegStatus: if (req.wdata[2]) overrun_q <= 1'b0;
          default: ;
        endcase
      end
    end
  end

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      shift_q     <= '1;
      bits_left_q <= '0;
    end else if (frame_start) begin
      shift_q     <= {1'b1, buffer_q, 1'b0};
      bits_left_q <= LastBit;
    end else begin
      shift_q <= {1'b1, shift_q[FrameBits-1:1]};
      if (bits_left_q != '0) bits_left_q <= bits_left_q - 4'd1;
    end
  end

  assign tx = shift_q[0];

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      rsp <= '0;
    end else if (req.valid) begin
      rsp.error <= (reg_index > RegStatus);
      rsp.rdata <= (reg_index == RegStatus) ? {29'b0, overrun_q, idle, !buffer_full_q} : '0;
    end
  end

  logic unused_req;
  assign unused_req = ^{req.addr[31:5], req.addr[1:0], req.be[3:1], req.wdata[31:8]};

`ifndef SYNTHESIS
  if (Console) begin : gen_console
    always_ff @(posedge clk) begin
      if (rst_n && frame_start) begin
        $write("%c", buffer_q);
        if (buffer_q == "\n") $fflush;
      end
    end
  end
`endif

endmodule
