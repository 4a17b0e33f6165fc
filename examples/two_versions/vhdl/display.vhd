-- Written against version 1: the component of its package, bound by name.
use work.gain_pkg.all;

entity display is
  generic (name : string);
end entity display;

architecture rtl of display is
begin
  lanes : for i in 0 to 1 generate
    signal x, y : sample_t := 0;
  begin
    x <= 200 + i;

    scaler : gain
      port map (x => x, y => y);

    process
    begin
      wait for 1 ns;
      assert y = (200 + i) * 2 mod 256
        report name & ": version 1 doubles, modulo 256" severity failure;
      report name & ", lane " & integer'image(i) & ": gain " & ip_version & ", " & integer'image(width)
        & " bits: " & integer'image(y);
      wait;
    end process;
  end generate lanes;
end architecture rtl;
