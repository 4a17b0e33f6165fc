`define LEAF_FILE "data/words.hex"
