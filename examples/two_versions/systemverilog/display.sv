// A subsystem that was written against version 1: a row of scalers, made in a loop.
module display #(
  parameter int unsigned Lanes = 2
);
  for (genvar lane = 0; lane < Lanes; lane++) begin : g_lane
    bus_if bus ();
    scaler u_scaler (.bus(bus), .value(101 + 2 * lane));
    final $display("%m: %s: %0d", bus_pkg::describe(), bus.data);
  end
endmodule
