=== a local component with default binding
--- unit
entity {D|n} is port (x : in integer := 0); end;
architecture rtl of {R|n} is begin assert false report "n$V " & integer'image(x) severity note; end;
--- use
entity use$V is end;
architecture a of use$V is
  component {R|n} is port (x : in integer := 0); end component {E|n};
begin
  u : {R|n} port map (x => 4);
  v : component {R|N};
  w : {R|n};
  g : for i in 1 to 2 generate
    x : {R|n} port map (i);
  end generate;
end;

=== the component of VHDL-87
std: 93
--- unit
entity {D|n} is port (x : in integer := 0); end {E|n};
architecture rtl of {R|n} is begin assert false report "n$V " & integer'image(x) severity note; end;
--- use
use work.all;
entity use$V is end;
architecture a of use$V is
  component {R|N} port (x : in integer := 0); end component;
begin
  u : {R|n} port map (x => 4);
end;

=== a component in a package
--- unit
package {D|parts} is component {R|n} is generic (g : integer := 3); end component; end;
entity {D|n} is generic (g : integer); end;
architecture rtl of {R|n} is begin assert false report "n$V " & integer'image(g) severity note; end;
--- use
use work.{R|parts}.all;
entity use$V is end;
architecture a of use$V is begin
  u : {R|n};
  v : work.{R|parts}.{R|n} generic map (g => 5);
  w : component work.{R|parts}.{R|n};
end;

=== a component by a use clause for it alone
--- unit
package {D|parts} is component {R|n} is generic (g : integer := 3); end component; end;
entity {D|n} is generic (g : integer); end;
architecture rtl of {R|n} is begin assert false report "n$V " & integer'image(g) severity note; end;
--- use
entity use$V is end;
use work.{R|parts}.{R|n};
architecture a of use$V is begin
  u : {R|n};
end;

=== a component that the label hides
--- unit
package {D|parts} is component {R|n} is end component; end;
entity {D|n} is end;
architecture rtl of {R|n} is begin assert false report "n$V" severity note; end;
--- use
entity use$V is end;
use work.{R|parts}.all;
architecture a of use$V is begin
  {I|n} : work.{R|parts}.{R|n};
end;

=== an instance of a component that a signal hides
--- unit
package {D|parts} is component {R|n} is end component; end;
entity {D|n} is end;
architecture rtl of {R|n} is begin assert false report "n$V" severity note; end;
--- use
entity use$V is end;
use work.{R|parts}.all;
architecture a of use$V is signal {I|n} : bit; begin
  u : {X|n};
end;

=== configuration specifications
--- unit
entity {D|n} is port (x : in integer := 0); end;
architecture rtl of {R|n} is begin assert false report "n$V rtl " & integer'image(x) severity note; end;
architecture sim of {R|n} is begin assert false report "n$V sim " & integer'image(x) severity note; end;
--- use
entity use$V is end;
architecture a of use$V is
  component {R|n} is port (x : in integer := 0); end component;
  component other is port (y : in integer := 0); end component;
  for u, v : {R|n} use entity work.{R|n}(rtl);
  for others : {R|n} use entity work.{R|n}(sim);
  for all : other use entity work.{R|n}(sim) port map (x => y);
begin
  u : {R|n} port map (x => 1);
  v : {R|n} port map (x => 2);
  w : {R|n} port map (x => 3);
  z : other port map (y => 4);
end;

=== a component with the name, bound to another entity
--- unit
entity {D|n} is port (x : in integer := 0); end;
architecture rtl of {R|n} is begin assert false report "n$V " & integer'image(x) severity note; end;
--- use
entity m$V is port (x : in integer := 0); end;
architecture rtl of m$V is begin assert false report "m$V " & integer'image(x) severity note; end;
entity use$V is end;
architecture a of use$V is
  component {R|n} is port (x : in integer := 0); end component;
  for u : {R|n} use entity work.m$V;
begin
  u : {R|n} port map (x => 1);
  v : {R|n} port map (x => 2);
end;

=== a configuration of the consumer
top: use_cfg$V
--- unit
entity {D|n} is port (x : in integer := 0); end;
architecture rtl of {R|n} is begin assert false report "n$V rtl " & integer'image(x) severity note; end;
architecture sim of {R|n} is begin assert false report "n$V sim " & integer'image(x) severity note; end;
--- use
entity use$V is end;
architecture a of use$V is
  component {R|n} is port (x : in integer := 0); end component;
begin
  u : {R|n} port map (x => 1);
  v : {R|n} port map (x => 2);
  b : block begin w : {R|n} port map (x => 3); end block;
  g : for i in 4 to 5 generate q : {R|n} port map (x => i); end generate;
end;
configuration use_cfg$V of use$V is
  for a
    for u : {R|n} use entity work.{R|n}(sim); end for;
    for b
      for all : {R|n} use entity work.{R|n}(sim); end for;
    end for;
    for g(4)
      for q : {R|n} use entity work.{R|n}(rtl); end for;
    end for;
    for g(5)
      for q : {R|N} use entity work.{R|N}(sim); end for;
    end for;
  end for;
end configuration use_cfg$V;

=== a component configuration without a binding
top: use_cfg$V
--- unit
entity {D|n} is end;
architecture rtl of {R|n} is begin assert false report "n$V" severity note; end;
--- use
entity use$V is end;
architecture a of use$V is
  component {R|n} is end component;
begin
  u : {R|n};
end;
configuration use_cfg$V of use$V is
  for a
    for u : {R|n}
    end for;
  end for;
end;

=== configurations of nested levels
top: use_cfg$V
--- unit
entity {D|leaf} is end;
architecture rtl of {R|leaf} is begin assert false report "leaf$V rtl" severity note; end;
architecture sim of {R|leaf} is begin assert false report "leaf$V sim" severity note; end;
entity {D|n} is end;
architecture rtl of {R|n} is
  component {R|leaf} is end component;
begin
  l : {R|leaf};
end;
--- use
entity use$V is end;
architecture a of use$V is
  component {R|n} is end component;
  component m is end component;
begin
  u : {R|n};
  v : m;
end;
configuration use_cfg$V of work.use$V is
  for a
    for u : {R|n} use entity work.{R|n}(rtl);
      for rtl
        for l : {R|leaf} use entity work.{R|leaf}(sim); end for;
      end for;
    end for;
    for v : m use entity work.{R|n}(rtl);
      for rtl
        for all : {R|leaf} use entity work.{R|leaf}(rtl); end for;
      end for;
    end for;
  end for;
end;

=== a configuration of the unit, bound by the consumer
--- unit
entity {D|n} is end;
architecture rtl of {R|n} is begin assert false report "n$V rtl" severity note; end;
architecture sim of {R|n} is begin assert false report "n$V sim" severity note; end;
configuration {D|n_sim} of {R|n} is for sim end for; end configuration {E|n_sim};
configuration {D|n_rtl} of work.{R|n} is for rtl end for; end {E|n_rtl};
--- use
entity use$V is end;
architecture a of use$V is
  component c is end component;
  for v : c use configuration work.{R|n_rtl};
begin
  u : configuration work.{R|n_sim};
  v : c;
end;

=== component ports in the maps of a binding
--- unit
package {D|t} is type r is record a, b : integer; end record; end;
entity {D|e} is port (x, y : in integer); end;
architecture rtl of {R|e} is begin assert false report "e$V " & integer'image(x) & integer'image(y) severity note; end;
--- use
entity use$V is end;
architecture a of use$V is
  component c is port ({I|t} : in work.{R|t}.r); end component;
  for all : c use entity work.{R|e} port map (x => {I|t}.b, y => {I|t}.a);
  signal s : work.{R|t}.r := (1, 2);
begin
  u : c port map ({I|t} => s);
end;

=== an attribute on a component
--- unit
package {D|parts} is
  component {R|n} is end component;
  attribute box : integer;
  attribute box of {R|n} : component is $V;
end;
entity {D|n} is end;
architecture rtl of {R|n} is begin assert false report "n$V" severity note; end;
--- use
entity use$V is end;
architecture a of use$V is
  component {R|n} is end component;
  attribute box : integer;
  attribute box of {R|n} : component is 5;
begin
  u : {R|n};
  assert false report integer'image({R|n}'box) severity note;
end;

=== the name of a component as a value
--- unit
entity {D|n} is end;
architecture rtl of {R|n} is begin assert false report "n$V" severity note; end;
--- use
entity use$V is end;
architecture a of use$V is
  component {R|n} is end component;
begin
  u : {R|n};
  assert false report {R|n}'{X:name-as-value|simple_name} severity note;
end;

=== a procedure with the name
--- unit
entity {D|n} is end;
architecture rtl of {R|n} is begin assert false report "n$V" severity note; end;
--- use
entity use$V is end;
architecture a of use$V is
  procedure {I|n} is begin report "procedure"; end procedure {I|n};
  procedure {I|n} (i : in integer) is begin report "procedure " & integer'image(i); end;
begin
  u : entity work.{R|n};
  l : {I|n};
  {I|n};
  m : {I|n}(3);
  p : postponed {I|n};
  process begin {I|n}; l : {I|n}; {I|n}(4); wait; end process;
end;

=== a procedure of a package with the name
--- unit
package {D|pk} is procedure {I|n}; end;
package body {R|pk} is procedure {I|n} is begin report "procedure $V"; end; end;
entity {D|n} is end;
architecture rtl of {R|n} is begin assert false report "n$V" severity note; end;
--- use
use work.{R|pk}.all;
entity use$V is end;
architecture a of use$V is begin
  u : entity work.{R|n};
  l : {I|n};
  m : work.{R|pk}.{I|n};
end;

=== a component that nobody declares
judge: none: illegal
--- unit
entity {D|n} is end;
architecture rtl of {R|n} is begin assert false report "n$V" severity note; end;
--- use
entity use$V is end;
architecture a of use$V is begin
  u : {X:unproven|n};
end;

=== a component from a library that isn't in the request
judge: none: the library doesn't exist
--- unit
entity {D|n} is end;
architecture rtl of {R|n} is begin assert false report "n$V" severity note; end;
--- use
library vendor;
use vendor.parts.all;
entity use$V is end;
architecture a of use$V is begin
  u : {X:unproven|n};
  v : {X:unproven|n} port map (a => '0');
end;

