// The bus of version 2: sixteen bits, with parity.
package bus_pkg;
  parameter int unsigned Width = 16;
  typedef struct packed {
    logic             parity;
    logic [Width-1:0] value;
  } data_t;
  function automatic string describe();
    return $sformatf("bus 2, %0d bits and parity", Width);
  endfunction
endpackage
