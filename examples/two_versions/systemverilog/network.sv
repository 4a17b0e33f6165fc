// A subsystem that was written against version 2.
module network #(
  parameter int unsigned Lanes = 2
);
  for (genvar lane = 0; lane < Lanes; lane++) begin : g_lane
    bus_if bus ();
    scaler u_scaler (.bus(bus), .value(101 + 2 * lane));
    final $display("%m: %s: %0d, parity %b", bus_pkg::describe(), bus.data.value, bus.data.parity);
  end
endmodule
