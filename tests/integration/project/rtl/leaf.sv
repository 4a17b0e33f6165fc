// Reads words from a file when the simulation runs.
`timescale 1ns / 1ps
`include "leaf_macros.svh"

module leaf
  import words_pkg::*;
(
  input  logic [1:0] address,
  output word_t      word
);

  word_t words[Depth];

  initial $readmemh(`LEAF_FILE, words);

  assign word = words[address];

endmodule
