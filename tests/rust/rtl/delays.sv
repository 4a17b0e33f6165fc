// A design with its own time.
`timescale 1ns / 1ns
module delays (
    input logic clk,
    input logic start,
    output logic [7:0] step,
    output logic done
);
  initial begin
    step = 0;
    done = 0;
    wait (start);
    repeat (3) begin
      #7 step = step + 1;
    end
    done = 1;
  end
endmodule
