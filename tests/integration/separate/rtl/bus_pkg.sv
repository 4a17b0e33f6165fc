package bus_pkg;
  typedef struct packed {
    logic [7:0] data;
    logic       valid;
  } word_t;
  localparam logic [7:0] Salt = 8'd5;
endpackage
