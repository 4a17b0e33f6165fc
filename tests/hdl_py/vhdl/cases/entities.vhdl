=== direct instantiation
--- unit
entity {D|n} is port (x : in integer); end entity {E|n};
architecture rtl of {R|n} is begin
  process begin report "n$V " & integer'image(x); wait; end process;
end architecture rtl;
--- use
entity use$V is end;
architecture a of use$V is begin
  u : entity work.{R|n} port map (x => 5);
  w : entity work.{R|N}(rtl) port map (6);
end;

=== end labels of every form
--- unit
ENTITY {D|N} IS END {E|n};
ARCHITECTURE rtl OF {R|n} IS BEGIN
  ASSERT false REPORT "n$V" SEVERITY note;
END rtl;
--- use
entity use$V is end use$V;
architecture {I|n} of use$V is begin
  u : entity work.{R|n};
end architecture {I|n};

=== two architectures, one of the entity's name
--- unit
entity {D|n} is port (x : in integer := $V); end;
architecture {I|n} of {R|n} is begin assert false report "first$V" severity note; end {I|n};
architecture other of {R|n} is begin assert false report "other$V" severity note; end other;
--- use
entity use$V is end;
architecture a of use$V is begin
  u : entity work.{R|n}({I|n});
  v : entity work.{R|n}(other);
end;

=== the library by name
library: ip
--- unit
entity {D|n} is port (x : in integer); end {E|n};
library ip;
architecture rtl of {R|n} is begin assert false report "n$V" severity note; end;
--- use
library ip, ieee;
entity use$V is end;
architecture a of use$V is begin
  u : entity ip.{R|n} port map (1);
  v : entity IP.{R|N}(rtl) port map (1);
end;

=== a library named like the unit
library: n
--- unit
package {D|n} is constant c : integer := $V; end {E|n};
--- use
library {I|n};
entity use$V is end;
architecture a of use$V is begin
  assert false report integer'image({I|n}.{R|n}.c) severity note;
end;

=== in generate statements
--- unit
entity {D|n} is port (x : in integer); end;
architecture rtl of {R|n} is begin assert false report "n$V " & integer'image(x) severity note; end;
--- use
entity use$V is end;
architecture a of use$V is begin
  g : for i in 0 to 2 generate
    u : entity work.{R|n} port map (x => i);
    h : if i = 1 generate
      v : entity work.{R|n} port map (x => 10);
    else generate
      w : entity work.{R|n} port map (x => 20);
    end generate h;
    k : case i generate
      when 0 => begin q : entity work.{R|n} port map (x => 30); end;
      when others => signal {I|n} : bit; begin r : entity work.{R|n} port map (x => 40); end;
    end generate;
  end generate g;
end;

=== alternatives of a generate statement with labels of the name
--- unit
entity {D|n} is port (x : in integer); end;
architecture rtl of {R|n} is begin assert false report "n$V " & integer'image(x) severity note; end;
--- use
entity use$V is end;
architecture a of use$V is begin
  g : if {I|n} : true generate
    begin
      u : entity work.{R|n} port map (1);
    end {I|n};
  elsif m : false generate
      u : entity work.{R|n} port map (2);
  end generate g;
end;

=== a generate statement with the name
--- unit
entity {D|n} is port (x : in integer); end;
architecture rtl of {R|n} is begin assert false report "n$V " & integer'image(x) severity note; end;
--- use
entity use$V is end;
architecture a of use$V is begin
  {I|n} : for i in 0 to 1 generate
    {I|n} : entity work.{R|n} port map (i);
  end generate {I|n};
  m : for {I|n} in 0 to 1 generate
    u : entity work.{R|n} port map ({I|n} + 5);
  end generate m;
end;

=== directly visible through use
--- unit
entity {D|n} is port (x : in integer := 0); end;
architecture rtl of {R|n} is begin assert false report "n$V " & integer'image(x) severity note; end;
--- use
entity use$V is end;
use work.all;
architecture a of use$V is begin
  u : entity {R|n};
  v : entity {R|n}(rtl) port map (1);
end;
use work.{R|n};
architecture b of use$V is begin
  u : entity {R|n};
end;

=== recursion by simple and selected name
--- unit
entity {D|n} is generic (d : natural := 2); end;
architecture rtl of {R|n} is begin
  assert false report "n$V depth " & integer'image(d) severity note;
  g : if d > 0 generate
    u : entity {R|n} generic map (d - 1);
  end generate;
  h : if d > 1 generate
    u : entity work.{R|n}(rtl) generic map (d - 2);
  end generate;
end;
--- use
entity use$V is end;
architecture a of use$V is begin
  u : entity work.{R|n};
end;

=== the entity as a prefix in its architecture
--- unit
entity {D|n} is port (x : in integer := $V); constant c : integer := {R|n}.x'subtype'left; end;
architecture rtl of {R|n} is
  signal s : integer := 4;
  constant d : integer := {R|n}.c;
begin
  process begin
    report integer'image({R|n}.x) & " " & integer'image(rtl.s) & " ";
    report {R|n}'path_name;
    wait;
  end process;
end;
--- use
entity use$V is end;
architecture a of use$V is begin u : entity work.{R|n}; end;

=== an architecture that the consumer adds
--- unit
entity {D|n} is generic (g : integer := $V); end;
--- use
architecture mine of work.{R|n} is begin assert false report "mine " & integer'image(g) severity note; end mine;
entity use$V is end;
architecture a of use$V is begin u : entity work.{R|n}(mine); end;

=== an attribute of the entity
--- unit
package ap$V is attribute info : integer; end;
use work.ap$V.all;
entity {D|n} is
  attribute info of {R|n} : entity is $V;
end;
architecture {I|n} of {R|n} is
  attribute info of {I|n} : architecture is 7;
  signal s : bit;
  attribute info of s : signal is 3;
begin
  assert false report integer'image({R|n}'info) & integer'image(work.{R|n}'info) severity note;
end;
--- use
entity use$V is end;
architecture a of use$V is begin u : entity work.{R|n}; end;

=== attributes on other things with the name
--- unit
entity {D|n} is end;
architecture rtl of {R|n} is begin assert false report "n$V" severity note; end;
--- use
entity use$V is end;
architecture a of use$V is
  attribute info : integer;
  attribute m : string;
  signal {I|n} : bit;
  attribute info of {I|n} : signal is 3;
  attribute m of a : architecture is "x";
begin
  u : entity work.{R|n};
  b : block
    constant {I|n} : integer := 1;
    attribute info of {I|n} : constant is 4;
  begin
    assert false report integer'image({I|n}'info) & a'm severity note;
  end block;
end;

=== attributes of labels, types and subprograms with the name
--- unit
entity {D|n} is end;
architecture rtl of {R|n} is begin assert false report "n$V" severity note; end;
--- use
entity use$V is end;
architecture a of use$V is
  attribute info : integer;
  attribute info of {I|n} : label is 3;
begin
  {I|n} : entity work.{R|n};
  p : process
    type {I|n} is (l, r);
    attribute info of {I|n} : type is 3;
    procedure q is
      function {I|n} return integer is begin return 1; end;
      attribute info of {I|n} [return integer] : function is 5;
    begin report integer'image({I|n}[return integer]'info); end;
  begin q; report integer'image({I|n}'info) & {I|n}'image({I|n}'high); wait; end process;
end;

=== a user attribute with the name
--- unit
entity {D|n} is end;
architecture rtl of {R|n} is begin assert false report "n$V" severity note; end;
--- use
entity use$V is end;
architecture a of use$V is
  attribute {I|n} : string;
  signal s : bit;
  attribute {I|n} of s : signal is "of s";
begin
  u : entity work.{R|n};
  assert false report s'{I|n} severity note;
end;

=== the name as a value
--- unit
entity {D|n} is end;
architecture rtl of {R|n} is begin assert false report {R|n}'{X:name-as-value|simple_name} severity note; end;
--- use
entity use$V is end;
architecture a of use$V is begin u : entity work.{R|n}; end;

=== the name of the entity as a value from outside
--- unit
entity {D|n} is end;
architecture rtl of {R|n} is begin assert false report "n$V" severity note; end;
--- use
entity use$V is end;
architecture a of use$V is begin
  u : entity work.{R|n};
  assert false report work.{R|n}'{X:name-as-value|SIMPLE_NAME} severity note;
end;

=== names of other things as values
--- unit
entity {D|n} is end;
architecture rtl of {R|n} is signal s : bit; begin
  assert false report "n$V " & s'simple_name & rtl'simple_name & s'path_name severity note;
end;
--- use
entity use$V is end;
architecture a of use$V is signal {I|n} : bit; begin
  assert false report {I|n}'simple_name & {I|n}'instance_name & a'path_name severity note;
  u : entity work.{R|n};
end;

=== instance names below a renamed entity
--- unit
entity {D|n} is end;
architecture rtl of {R|n} is signal s : bit; begin
  assert false report s'{X:name-as-value|instance_name} severity note;
end;
--- use
entity use$V is end;
architecture a of use$V is begin u : entity work.{R|n}; end;

=== ports, generics and formals with the name
--- unit
entity {D|n} is
  generic ({I|n} : integer := $V);
end {E|n};
architecture rtl of {R|n} is begin assert false report integer'image({I|n}) severity note; end;
--- use
entity use$V is end;
architecture a of use$V is begin
  u : entity work.{R|n} generic map ({I|n} => 3 + $V);
  v : entity work.{R|n};
end;

=== formals that are parts of a record port with the name
--- unit
package {D|t} is type r is record a, b : integer; end record; end;
entity {D|n} is port ({I|n} : in work.{R|t}.r); end {E|n};
architecture rtl of {R|n} is begin
  assert false report "n$V " & integer'image({I|n}.a) & integer'image({I|n}.b) severity note;
  process begin wait for 0 ns; report integer'image({I|n}.a); wait; end process;
end;
--- use
entity use$V is end;
architecture a of use$V is signal x, y : integer := 3; begin
  u : entity work.{R|n} port map ({I|n}.a => x, {I|n}.b => y);
end;

=== a top that the package of types is in
--- unit
package {D|types} is type r is record a, b : integer; end record; constant z : r := ($V, 3); end;
entity {D|n} is port ({I|n} : in work.{R|types}.r); end {E|n};
architecture rtl of {R|n} is begin
  assert false report "n " & integer'image({I|n}.a) & integer'image(work.{R|n}.{I|n}.b) severity note;
end;
--- use
entity use$V is end;
architecture a of use$V is begin
  u : entity work.{R|n} port map (work.{R|types}.z);
end;

=== an entity of another library with the name
judge: none: GHDL has no library `other`
--- unit
entity {D|n} is end;
architecture rtl of {R|n} is begin assert false report "n$V" severity note; end;
--- use
library std, other;
entity use$V is end;
architecture a of use$V is begin
  u : entity work.{R|n};
  g : if false generate
    v : entity other.{I|n};
    w : entity other.{I|n}({I|n});
  end generate;
end;

