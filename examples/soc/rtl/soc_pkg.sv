// Memory map and bus types of the SoC.
//
//   0x1000_0000  UART       see soc_uart.sv
//   0x1000_1000  timer      see soc_timer.sv
//   0x1000_2000  sim_ctrl   see soc_sim_ctrl.sv
//   0x8000_0000  RAM        64 KiB unless the parameter of `soc` says otherwise
//
// firmware/soc.h holds the same map for the program.
package soc_pkg;

  localparam logic [31:0] RamBase = 32'h8000_0000;
  localparam logic [31:0] UartBase = 32'h1000_0000;
  localparam logic [31:0] TimerBase = 32'h1000_1000;
  localparam logic [31:0] SimCtrlBase = 32'h1000_2000;

  // Every peripheral owns one page; registers are words, at offsets below 32 bytes.
  localparam int unsigned PeripheralAddrBits = 12;

  typedef enum logic [1:0] {
    DevRam,
    DevUart,
    DevTimer,
    DevSimCtrl
  } device_e;

  localparam int unsigned NumDevices = 4;

  // One bus cycle. A device takes each request in the cycle that shows `valid`
  // and answers in the cycle after, reads and writes alike.
  typedef struct packed {
    logic        valid;
    logic        we;
    logic [3:0]  be;     // byte enables of a write
    logic [31:0] addr;   // byte address, word aligned
    logic [31:0] wdata;
  } bus_req_t;

  typedef struct packed {
    logic        error;
    logic [31:0] rdata;
  } bus_rsp_t;

endpackage
