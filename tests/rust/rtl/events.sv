// Everything that ends a simulation, or reports, on command.
`timescale 1ns / 1ps
module events_inner (
    input logic clk,
    input logic [4:0] command
);
  property never_nine;
    @(posedge clk) command != 9;
  endproperty
  check_nine :
  assert property (never_nine)
  else $error("property: command is %0d", command);
  logic [7:0] memory[4];
  always @(posedge clk) begin
    case (command)
      1: $fatal(1, "fatal with %0d", command);
      2: $error("error with %0d", command);
      3: $stop;
      4: $finish;
      5: assert (command == 6);
      6: $warning("only a warning");
      7: $display("hello from %m");
      8: $fatal;
      10: begin
        $error("first of two");
        $error("second of two");
      end
      11: begin
        $error("before the end");
        $finish;
      end
      12: $readmemh("no_such_file.hex", memory);
      13: $display("plusarg %0d", $test$plusargs("verbose"));
      14: $display("random %0d", $urandom);
      default: ;
    endcase
  end
  final $display("final block");
endmodule

module events (
    input logic clk,
    input logic [4:0] command,
    input logic loop,
    output logic spin,
    output logic [31:0] count
);
  events_inner inner (
      .clk,
      .command
  );
  // Settles only while `loop` is low.
  logic turn;
  /* verilator lint_off UNOPTFLAT */
  assign turn = loop ? ~spin : 1'b0;
  assign spin = turn;
  /* verilator lint_on UNOPTFLAT */
  always_ff @(posedge clk) count <= count + 1;
endmodule
