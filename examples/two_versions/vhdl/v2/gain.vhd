use work.gain_pkg.all;

entity gain is
  generic (factor : natural := 3);
  port (x : in sample_t; y : out result_t);
end entity gain;

architecture rtl of gain is
begin
  y <= scaled(x, factor);
end architecture rtl;
