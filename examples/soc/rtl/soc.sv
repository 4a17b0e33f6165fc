// A small system around the Ibex RISC-V core: RAM, UART, timer, simulation control.
//
// The core boots at the start of RAM plus 0x80; its vector table is at the start of RAM.
module soc
  import soc_pkg::*;
#(
  parameter int unsigned RamBytes = 64 * 1024,
  parameter string       RamInitFile = "examples/soc/firmware/firmware.hex",
  parameter bit          ICache = 1'b0,         // Ibex' instruction cache
  parameter bit          WritebackStage = 1'b0, // Ibex' third pipeline stage
  parameter bit          Console = 1'b1,        // print what the UART sends
  parameter bit          EndSimulation = 1'b1   // end the simulation when the program ends
) (
  input  logic        clk,
  input  logic        rst_n,
  output logic        uart_tx,
  output logic        exit_valid,
  output logic [31:0] exit_code
);

  if (RamBytes < 1024 || 2 ** $clog2(RamBytes) != RamBytes) begin : gen_bad_ram_bytes
    $error("RamBytes must be a power of two of at least 1024");
  end

  ////////////////////////////
  // Core: instruction port //
  ////////////////////////////

  logic        fetch_valid;
  logic [31:0] fetch_addr;
  logic        fetch_rvalid_q, fetch_error_q;
  logic [31:0] fetch_rdata;

  // Only RAM holds instructions; a fetch from elsewhere is an instruction access fault.
  localparam int unsigned RamAddrBits = $clog2(RamBytes);

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      fetch_rvalid_q <= 1'b0;
      fetch_error_q  <= 1'b0;
    end else begin
      fetch_rvalid_q <= fetch_valid;
      fetch_error_q  <= fetch_addr[31:RamAddrBits] != RamBase[31:RamAddrBits];
    end
  end

  /////////////////////
  // Core: data port //
  /////////////////////

  bus_req_t    data_req;
  logic        data_gnt, data_rvalid, data_error;
  logic [31:0] data_rdata;

  bus_req_t [NumDevices-1:0] device_req;
  bus_rsp_t [NumDevices-1:0] device_rsp;

  logic irq_timer, double_fault;

  ibex_pkg::crash_dump_t                  unused_crash_dump;
  logic                                   unused_scramble_req;
  logic [6:0]                             unused_wdata_intg;
  logic                                   unused_alert_minor, unused_alert_internal;
  logic                                   unused_alert_bus, unused_core_sleep;

  ibex_top #(
    .ICache        (ICache),
    .WritebackStage(WritebackStage)
  ) u_ibex (
    .clk_i (clk),
    .rst_ni(rst_n),

    .test_en_i  (1'b0),
    .scan_rst_ni(1'b1),
    .ram_cfg_i  ('0),

    .hart_id_i     (32'd0),
    .boot_addr_i   (RamBase),
    .fetch_enable_i(ibex_pkg::IbexMuBiOn),

    .instr_req_o       (fetch_valid),
    .instr_gnt_i       (1'b1),
    .instr_rvalid_i    (fetch_rvalid_q),
    .instr_addr_o      (fetch_addr),
    .instr_rdata_i     (fetch_rdata),
    .instr_rdata_intg_i('0),
    .instr_err_i       (fetch_error_q),

    .data_req_o       (data_req.valid),
    .data_gnt_i       (data_gnt),
    .data_rvalid_i    (data_rvalid),
    .data_we_o        (data_req.we),
    .data_be_o        (data_req.be),
    .data_addr_o      (data_req.addr),
    .data_wdata_o     (data_req.wdata),
    .data_wdata_intg_o(unused_wdata_intg),
    .data_rdata_i     (data_rdata),
    .data_rdata_intg_i('0),
    .data_err_i       (data_error),

    .irq_software_i(1'b0),
    .irq_timer_i   (irq_timer),
    .irq_external_i(1'b0),
    .irq_fast_i    ('0),
    .irq_nm_i      (1'b0),

    .scramble_key_valid_i(1'b0),
    .scramble_key_i      ('0),
    .scramble_nonce_i    ('0),
    .scramble_req_o      (unused_scramble_req),

    .debug_req_i        (1'b0),
    .crash_dump_o       (unused_crash_dump),
    .double_fault_seen_o(double_fault),

    .alert_minor_o         (unused_alert_minor),
    .alert_major_internal_o(unused_alert_internal),
    .alert_major_bus_o     (unused_alert_bus),
    .core_sleep_o          (unused_core_sleep)
  );

  soc_bus #(
    .RamBytes(RamBytes)
  ) u_bus (
    .clk,
    .rst_n,
    .host_req   (data_req),
    .host_gnt   (data_gnt),
    .host_rvalid(data_rvalid),
    .host_rdata (data_rdata),
    .host_error (data_error),
    .device_req,
    .device_rsp
  );

  /////////////
  // Devices //
  /////////////

  soc_ram #(
    .Bytes   (RamBytes),
    .InitFile(RamInitFile)
  ) u_ram (
    .clk,
    .fetch_valid,
    .fetch_addr,
    .fetch_rdata,
    .data_req(device_req[DevRam]),
    .data_rsp(device_rsp[DevRam])
  );

  soc_uart #(
    .Console(Console)
  ) u_uart (
    .clk,
    .rst_n,
    .req(device_req[DevUart]),
    .rsp(device_rsp[DevUart]),
    .tx (uart_tx)
  );

  soc_timer u_timer (
    .clk,
    .rst_n,
    .req(device_req[DevTimer]),
    .rsp(device_rsp[DevTimer]),
    .irq(irq_timer)
  );

  soc_sim_ctrl #(
    .EndSimulation(EndSimulation)
  ) u_sim_ctrl (
    .clk,
    .rst_n,
    .req(device_req[DevSimCtrl]),
    .rsp(device_rsp[DevSimCtrl]),
    .double_fault,
    .exit_valid,
    .exit_code
  );

endmodule
