use work.gain_pkg.all;

entity gain is
  port (x : in sample_t; y : out sample_t);
end entity gain;

architecture rtl of gain is
begin
  y <= scaled(x);
end architecture rtl;
