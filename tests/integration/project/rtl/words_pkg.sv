`timescale 1ns / 1ps

package words_pkg;
  localparam int unsigned Depth = 4;
  typedef logic [15:0] word_t;
endpackage
