library ieee;
use ieee.std_logic_1164.all;
use ieee.numeric_std.all;

package adding is
  -- The sum of two numbers of 8 bits, which wraps.
  function sum(a, b : natural) return natural;
end package;

package body adding is
  function sum(a, b : natural) return natural is
  begin
    return to_integer(to_unsigned(a, 8) + to_unsigned(b, 8));
  end function;
end package body;
