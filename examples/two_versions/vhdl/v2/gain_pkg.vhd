-- Version 2 of the IP: samples of 16 bits, times a factor, with a flag.
package gain_pkg is
  constant ip_version : string := "2.0.0";
  constant width : positive := 16;
  subtype sample_t is natural range 0 to 2 ** width - 1;

  type result_t is record
    gain : sample_t; -- an element with the entity's name
    odd  : boolean;
  end record result_t;

  function scaled (sample : sample_t; factor : natural) return result_t;
end package gain_pkg;

package body gain_pkg is
  function scaled (sample : sample_t; factor : natural) return result_t is
    constant product : sample_t := (sample * factor) mod 2 ** width;
  begin
    return (gain => product, odd => product mod 2 = 1);
  end function scaled;
end package body gain_pkg;
