library ieee;
use ieee.std_logic_1164.all;
use std.textio.all;
library numbers;
use numbers.adding.all;

entity adding_tb is
  generic (last : natural := 0);
end entity;

architecture sim of adding_tb is
  signal done : std_ulogic := '0';
begin
  process
    variable text : line;
  begin
    assert last = 17 report "the generic did not arrive" severity failure;
    for i in 0 to last loop
      assert sum(i, 250) = (i + 250) mod 256 report "wrong sum at " & integer'image(i) severity error;
    end loop;
    wait for 1 ns;
    write(text, string'("done at "));
    write(text, now);
    writeline(output, text);
    done <= '1';
    wait;
  end process;
end architecture;
