`timescale 1ns / 1ps

module tb
  import words_pkg::*;
#(
  parameter string       Name  = "unset",
  parameter int unsigned Width = 4
);

  logic [1:0]       address;
  word_t            word;
  logic [Width-1:0] count = '0;
  string            text, file, how, line;
  int               handle;

  leaf u_leaf (.address, .word);

  initial while (how != "starve") #5 count = count + 1'b1;

  initial begin
    $display("name: %s.", Name);
    $display("width: %0d.", $bits(count));
    $display("greeting: %s.", `GREETING);
    $display("local: %s.", `SEMICOLON);
    if ($value$plusargs("text=%s", text)) $display("text: %s.", text);
    if ($value$plusargs("file=%s", file)) begin
      handle = $fopen(file, "r");
      if (handle == 0) $fatal(1, "can't open %s", file);
      void'($fgets(line, handle));
      $fclose(handle);
      $write("file: %s", line);
    end
    for (int unsigned i = 0; i < Depth; i++) begin
      address = i[1:0];
      #10 $display("word %0d: %h.", i, word);
    end
    $display("random: %0d.", $urandom);
    if (!$value$plusargs("how=%s", how)) how = "finish";
    case (how)
      "finish": $finish;
      "fatal": $fatal(1, "fatal on request");
      "error": begin
        $error("error on request");
        #1 $finish;
      end
      "assert": begin
        assert (count == '0) else $error("assertion on request");
        #1 $finish;
      end
      "stop": $stop;
      "hang": begin
        $display("hanging");
        $fflush;
      end
      "starve": ;
      default: $fatal(1, "how=%s?", how);
    endcase
  end

endmodule
