// Version 2 triples what it is given, and adds the parity.
module scaler (
  bus_if.source bus,
  input int unsigned value
);
  logic [bus_pkg::Width-1:0] product;
  assign product = bus_pkg::Width'(3 * value);
  assign bus.data = '{parity: ^product, value: product};
endmodule
