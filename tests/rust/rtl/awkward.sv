// Names that other languages have a use for, and pins that both sides drive.
module awkward (
    input logic clk,
    input logic [3:0] eval,  // a member of the model's class
    output logic [3:0] \new ,  // also a method of the Rust struct
    input logic tick,
    output logic \type ,  // a keyword of Rust and, escaped, of SystemVerilog
    input logic \self ,
    input logic \a+b ,
    output logic \a-b ,
    input logic a__b,
    input logic \9lives ,
    input logic class_,
    input logic \class ,
    input logic awkward_,
    input logic \awkward ,  // the module's own name
    input logic NULL,
    input logic set_value,
    input logic [7:0] value,
    output logic [14:0] seen,
    // Drives the low nibble of the bus, and one bit with an open drain.
    input logic oe,
    input logic [7:0] bus_out,
    inout wire [7:0] bus,
    output logic [7:0] bus_in,
    input logic pull_low,
    inout tri1 open_drain,
    output logic open_drain_in,
    inout wire [69:0] wide_bus
);
  always @(posedge clk) if (value == 8'd250) $error("value is %0d", value);
  assign \new  = eval + 4'd1;
  assign \type = tick;
  assign \a-b = \a+b ;
  assign seen = {
    tick, \self , \a+b , a__b, \9lives , class_, \class , awkward_, \awkward , NULL, set_value, value[3:0]
  };
  for (genvar i = 0; i < 8; i++) begin : g_bus
    if (i < 4) assign bus[i] = oe ? bus_out[i] : 1'bz;
    else assign bus[i] = 1'bz;
  end
  assign bus_in = bus;
  assign open_drain = pull_low ? 1'b0 : 1'bz;
  assign open_drain_in = open_drain;
  assign wide_bus[69] = oe ? 1'b1 : 1'bz;
endmodule
