-- Written against version 2: its entity by name, and a signal called as the entity is.
entity network is
  generic (name : string);
end entity network;

architecture rtl of network is
begin
  lanes : for i in 0 to 1 generate
    signal gain : work.gain_pkg.result_t;
  begin
    scaler : entity work.gain(rtl)
      generic map (factor => 3 + i)
      port map (x => 200 + i, y => gain);

    process
    begin
      wait for 1 ns;
      assert gain.gain = (200 + i) * (3 + i)
        report name & ": version 2 multiplies" severity failure;
      report name & ", lane " & integer'image(i) & ": gain " & work.gain_pkg.ip_version & ", "
        & integer'image(work.gain_pkg.width) & " bits: " & integer'image(gain.gain) & ", odd "
        & boolean'image(gain.odd);
      wait;
    end process;
  end generate lanes;
end architecture rtl;
