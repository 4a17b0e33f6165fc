-- Both subsystems in one design; each checks what its own version computes.
entity system_tb is
end entity system_tb;

architecture sim of system_tb is
begin
  u_display : entity work.display
    generic map (name => "display");

  u_network : entity work.network
    generic map (name => "network");
end architecture sim;
