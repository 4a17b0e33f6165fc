// The bus of version 1: eight bits, no parity.
package bus_pkg;
  parameter int unsigned Width = 8;
  typedef logic [Width-1:0] data_t;
  function automatic string describe();
    return $sformatf("bus 1, %0d bits", Width);
  endfunction
endpackage
