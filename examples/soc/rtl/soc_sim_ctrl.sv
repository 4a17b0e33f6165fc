// The program's door to the simulator: how to run, and how it ended.
//
//   offset  name        access  meaning
//   0x0     EXIT        W       ends the simulation: 0 by $finish, any other code by $fatal
//   0x4     ITERATIONS  R       plusarg +iterations=N, else 1
//   0x8     EXIT_CODE   R       plusarg +exit_code=N, else 0: the code the program is to end with
//
// It has no place on a chip.
module soc_sim_ctrl
  import soc_pkg::*;
#(
  // 0 leaves the end to the testbench, which then watches exit_valid.
  parameter bit EndSimulation = 1'b1
) (
  input  logic     clk,
  input  logic     rst_n,
  input  bus_req_t req,
  output bus_rsp_t rsp,

  input  logic        double_fault,  // the core trapped within its trap handler

  output logic        exit_valid,    // stays high once the program has ended
  output logic [31:0] exit_code
);

  localparam logic [2:0] RegExit = 3'h0;
  localparam logic [2:0] RegIterations = 3'h1;
  localparam logic [2:0] RegExitCode = 3'h2;

  int unsigned iterations, wanted_code;

  initial begin
    iterations  = 1;
    wanted_code = 0;
    void'($value$plusargs("iterations=%d", iterations));
    void'($value$plusargs("exit_code=%d", wanted_code));
  end

  logic [2:0] reg_index;
  assign reg_index = req.addr[4:2];

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      rsp        <= '0;
      exit_valid <= 1'b0;
      exit_code  <= '0;
    end else if (req.valid) begin
      rsp <= '0;
      unique case (reg_index)
        RegExit: begin
          if (req.we && !exit_valid) begin
            exit_valid <= 1'b1;
            exit_code  <= req.wdata;
          end
        end
        RegIterations: rsp.rdata <= iterations;
        RegExitCode:   rsp.rdata <= wanted_code;
        default:       rsp.error <= 1'b1;
      endcase
    end
  end

  if (EndSimulation) begin : gen_end
    always_ff @(posedge clk) begin
      if (rst_n && exit_valid) begin
        if (exit_code == '0) $finish;
        else $fatal(1, "the program ended with code %0d", exit_code);
      end
    end
  end

  always_ff @(posedge clk) begin
    if (rst_n && double_fault) $fatal(1, "double fault: the program trapped within its trap handler");
  end

  logic unused_req;
  assign unused_req = ^{req.addr[31:5], req.addr[1:0], req.be};

endmodule
