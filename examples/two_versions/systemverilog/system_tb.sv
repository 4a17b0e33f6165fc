// Looks into both subsystems: each consumer got the version that it was written against.
module system_tb;
  system u_system ();

  initial begin
    #0;
    if (u_system.u_display.g_lane[0].bus.data !== 8'd202) $error("display, lane 0: version 1 doubles");
    if (u_system.u_display.g_lane[1].bus.data !== 8'd206) $error("display, lane 1: version 1 doubles");
    if (u_system.u_network.g_lane[0].bus.data !== {1'b0, 16'd303}) $error("network, lane 0: version 2 triples");
    if (u_system.u_network.g_lane[1].bus.data !== {1'b1, 16'd309}) $error("network, lane 1: version 2 triples");
    if ($bits(u_system.u_display.g_lane[0].bus.data) != 8) $error("the bus of version 1 has 8 bits");
    if ($bits(u_system.u_network.g_lane[0].bus.data) != 17) $error("the bus of version 2 has 17 bits");
  end
endmodule
