// Both subsystems in one design; each has the bus and the scaler that it was written against.
module system;
  display u_display ();
  network u_network ();
  initial #1 $finish;
endmodule
