// Carries one word from a source to a sink.
interface bus_if;
  bus_pkg::data_t data;
  modport source(output data);
  modport sink(input data);
endinterface
