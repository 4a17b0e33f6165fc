-- Version 1 of the IP: samples of 8 bits, doubled.
package gain_pkg is
  constant ip_version : string := "1.0.0";
  constant width : positive := 8;
  subtype sample_t is natural range 0 to 2 ** width - 1;

  function scaled (sample : sample_t) return sample_t;

  component gain is
    port (x : in sample_t; y : out sample_t);
  end component gain;
end package gain_pkg;

package body gain_pkg is
  function scaled (sample : sample_t) return sample_t is
  begin
    return (sample * 2) mod 2 ** width;
  end function scaled;
end package body gain_pkg;
