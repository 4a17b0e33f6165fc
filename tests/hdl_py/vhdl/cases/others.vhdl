=== contexts
library: ip
--- unit
package {D|pk} is constant c : integer := $V; end {E|pk};
context {D|n} is
  library ip;
  use ip.{R|pk}.all;
end context {E|n};
--- use
library ip;
context ip.{R|n};
entity use$V is end;
architecture {I|n} of use$V is begin
  assert false report integer'image(c) severity note;
end {I|n};

=== a context of a context
library: ip
--- unit
package {D|pk} is constant c : integer := $V; component {R|e} is end component; end;
entity {D|e} is end;
architecture rtl of {R|e} is begin assert false report "e$V" severity note; end;
context {D|n} is
  library ip;
  use ip.{R|pk}.all;
end {E|n};
context {D|m} is
  library ip, ieee;
  context ip.{R|n};
  use ieee.std_logic_1164.all;
end context {E|m};
--- use
library ip;
context ip.{R|m};
entity use$V is end;
architecture a of use$V is
  for u : {R|e} use entity ip.{R|e};
begin
  u : {R|e};
  assert false report integer'image(c) & integer'image(ip.{R|pk}.c) severity note;
end;

=== a library that only a context names
library: ip
--- unit
context {D|n} is library ip; end context {E|n};
entity {D|e} is end;
architecture rtl of {R|e} is begin assert false report "e$V" severity note; end;
--- use
library ip;
context ip.{R|n};
entity use$V is end;
architecture a of use$V is begin
  u : entity ip.{R|e};
end;

=== PSL units
judge: analyse
--- unit
entity {D|n} is port (clk, x : in bit); end;
architecture rtl of {R|n} is begin end;
vunit {D|checks} ({R|n}(rtl)) {
  default clock is (clk'event and clk = '1');
  property q is always x -> next not x;
  assert always x -> next x;
}
--- use
entity use$V is end;
architecture a of use$V is signal clk, x : bit; begin
  u : entity work.{R|n} port map (clk, x);
end;

=== PSL units that inherit, with names of all kinds
judge: none: GHDL 2.0 crashes on inherit
--- unit
entity {D|n} is port (clk, x : in bit); end;
architecture rtl of {R|n} is begin end;
vprop {D|base} ({R|n}(rtl)) {
  property {I|n} is always x;
  sequence s ({I|base}) is {x; x[*3]};
}
vunit {D|checks} (work.{R|n}(rtl)) {
  inherit {R|base};
  default clock is rising_edge(clk);
  signal q : bit;
  assert {I|n};
  assert always (x -> work.{R|n}.clk);
}
--- use
entity use$V is end;
architecture a of use$V is signal clk, x : bit; begin
  u : entity work.{R|n} port map (clk, x);
end;

=== PSL in an architecture
judge: none: GHDL 2.0 wants properties in statement parts
--- unit
package {D|n} is constant c : bit := '1'; end;
--- use
entity use$V is port (clk, x : in bit); end;
architecture a of use$V is
  signal {I|n} : bit;
  default clock is (clk'event and clk = '1');
  property p is always {I|n} -> next work.{R|n}.c;
begin
  l : assert always {I|n} -> next work.{R|n}.c;
  cover {{I|n}; work.{R|n}.c};
end;

=== a PSL unit bound in a configuration
judge: none: GHDL 2.0 has no `use vunit`
--- unit
entity {D|n} is port (clk, x : in bit); end;
architecture rtl of {R|n} is begin end;
vunit {D|checks} { default clock is rising_edge(clk); assert always x; }
configuration {D|cfg} of {R|n} is
  use vunit {R|checks}, work.{R|checks};
  for rtl end for;
end;
--- use
entity use$V is end;
architecture a of use$V is
  component c is end component;
  for u : c use configuration work.{R|cfg}; use vunit work.{R|checks}; end for;
begin
  u : c;
end;

=== groups
judge: analyse
--- unit
package {D|n} is end;
entity {D|e} is
  group gt is (entity, label <>);
  group pairs is (signal, signal);
end;
architecture rtl of {R|e} is
  signal {I|n}, m : bit;
  group {I|e} : pairs ({I|n}, m);
begin
end;
--- use
entity use$V is end;
architecture a of use$V is
  group kinds is (component, package <>);
begin
  u : entity work.{R|e};
end;

=== groups of units
judge: none: GHDL 2.0 crashes on groups of packages
--- unit
package {D|n} is end;
entity {D|e} is end;
architecture rtl of {R|e} is
  component {R|c} is end component;
  group gt is (entity, component);
  group g : gt ({R|e}, {R|c});
begin
end;
entity {D|c} is end;
--- use
use work.{R|n};
entity use$V is end;
architecture a of use$V is
  group gt is (package <>);
  group g : gt ({R|n}, work.{R|n});
begin
  u : entity work.{R|e};
end;

=== external names
judge: none: GHDL 2.0 crashes on an external name as an operand
--- unit
package {D|pk} is constant c : integer := $V; end;
entity {D|n} is end;
architecture rtl of {R|n} is
  signal {I|n} : integer := 5 + $V;
begin
  b : block signal s : integer := 7 + $V; begin end block;
end;
--- use
entity use$V is end;
architecture a of use$V is
begin
  {I|n} : entity work.{R|n};
  process
  begin
    wait for 1 ns;
    report integer'image(<< signal .use$V.{I|n}.b.s : integer >>) & integer'image(<< signal {I|n}.{I|n} : integer >>);
    report integer'image(<< signal ^.use$V.{I|n}.{I|n} : integer >>);
    wait;
  end process;
end;

=== external names with packages and the root
judge: none: GHDL 2.0 crashes on package paths
--- unit
package {D|pk} is constant c : integer := $V; package {I|n} is constant d : integer := 3; end; end;
entity {D|n} is end;
architecture rtl of {R|n} is
  signal s : integer := << constant @work.{R|pk}.c : integer >>;
  signal t : integer := << constant @ work . {R|pk} . {I|n}.d : integer >>;
  signal u : integer := << constant .{R|n}.b.{I|pk} : work.{R|pk}.t >>;
begin
  g : for i in 0 to 3 generate b : block constant {I|pk} : integer := 3; begin end block; end generate;
  assert << constant .{R|n}.g(work.{R|pk}.c).b.{I|pk} : integer >> = ^ . g.{I|n} severity note;
end;
--- use
entity use$V is end;
architecture a of use$V is begin
  u : entity work.{R|n};
end;

=== libraries and use clauses in every place
library: ip
--- unit
package {D|n} is constant c : integer := $V; type t is (x, y); end {E|n};
--- use
library ip; use ip.{R|n};
package p$V is
  use ip.{R|n}.c;
  function f return integer;
end;
package body p$V is
  use ip.{R|n}.all;
  function f return integer is use ip.{R|n}.t; variable v : t; begin return c + t'pos(v); end;
end;
library ip; use ip.all;
entity use$V is
  use ip.{R|n}.all;
  constant k : integer := c;
begin
  assert {R|n}.c = 0 report "entity " & integer'image({R|n}.c) severity note;
end;
architecture a of use$V is
  use work.p$V.f;
begin
  b : block use ip.{R|n}.c; begin assert false report integer'image(c + f) severity note; end block;
  process use ip.{R|n}.c; begin report integer'image(c); wait; end process;
end;

=== a use clause through another
--- unit
package {D|n} is
  package inner is constant c : integer := $V; end;
  constant d : integer := 10 + $V;
end;
--- use
use work.{R|n};
use {R|n}.inner;
use {R|n}.d, inner.all;
entity use$V is end;
architecture a of use$V is begin
  assert false report integer'image(c) & integer'image(d) & integer'image({R|n}.inner.c) severity note;
end;

=== the library hidden by a declaration
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
use work.{R|n};
entity use$V is end;
architecture a of use$V is
  type r is record {I|n} : integer; end record;
begin
  process
    variable work : r := ({I|n} => 5);
  begin
    report integer'image(work.{I|n}) & integer'image({R|n}.c);
    wait;
  end process;
end;

=== loops, labels, next and exit
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
entity use$V is end;
architecture a of use$V is begin
  process
    variable v : integer := 0;
  begin
    {I|n} : for i in 0 to 5 loop
      m : for {I|n} in 0 to 3 loop
        v := v + {I|n} * work.{R|n}.c;
        next m when {I|n} = 2;
        exit m when {I|n} = 3;
      end loop m;
      next {I|n} when i = 2;
      exit {I|n} when i = 4;
    end loop {I|n};
    report integer'image(v);
    wait;
  end process;
end;

=== case, with and conditional statements
--- unit
package {D|n} is constant c : integer := $V; constant z : integer := 0; end;
--- use
entity use$V is end;
architecture a of use$V is signal {I|n}, s, r : integer := 0; begin
  with {I|n} select s <= 1 when work.{R|n}.z, work.{R|n}.c when others;
  r <= work.{R|n}.c when {I|n} = 0 else {I|n};
  {I|n} <= 3 after work.{R|n}.c * 1 ns, 4 after 10 ns;
  process (s, {I|n})
    variable v : integer;
  begin
    case {I|n} is
      when work.{R|n}.z => v := 7;
      when work.{R|n}.z + 1 to work.{R|n}.z + 3 => v := work.{R|n}.c;
      when others => v := {I|n};
    end case;
    report integer'image(v) & " at " & time'image(now);
  end process;
end;

=== aggregates and calls with named parts
--- unit
package {D|n} is
  type r is record {I|n}, m : integer; end record;
  type a is array (integer range <>) of integer;
  constant c : integer := $V;
  function f ({I|n} : integer; q : r := (1, 2)) return integer;
end;
package body {R|n} is
  function f ({I|n} : integer; q : r := (1, 2)) return integer is begin return {I|n} + q.{I|n} * 10 + c * 100; end;
end;
--- use
entity use$V is end;
use work.{R|n}.all;
architecture a of use$V is
  constant k : r := ({I|n} => 3, m => 4);
  constant l : work.{R|n}.a(0 to 3) := (work.{R|n}.c => 9, others => 0);
begin
  assert false report integer'image(f({I|n} => 3)) & integer'image(f({I|n} => 1, q => ({I|n} => 2, m => 3)))
    & integer'image(work.{R|n}.f({I|n} => k.{I|n}, q.{I|n} => 3, q.m => 2)) & integer'image(l(work.{R|n}.c)) severity note;
end;

=== conversions in a port map
--- unit
package {D|n} is
  function f (i : integer) return real;
  function g (r : real) return integer;
end;
package body {R|n} is
  function f (i : integer) return real is begin return real(i) + real($V); end;
  function g (r : real) return integer is begin return integer(r); end;
end;
--- use
entity leaf$V is port (r : in real; i : out integer); end;
architecture a of leaf$V is begin i <= 5; assert false report real'image(r) severity note; end;
use work.{R|n}.all;
entity use$V is end;
architecture a of use$V is signal s : integer := 3; signal t : real; begin
  u : entity work.leaf$V port map (r => work.{R|n}.f(s), work.{R|n}.f(i) => t);
  process (t) begin report real'image(t); end process;
end;

=== types of the package everywhere
--- unit
package {D|n} is
  type e is (red, green);
  type v is array (natural range <>) of bit;
  type ptr is access integer;
  subtype small is integer range 0 to 2 + $V;
  constant w : integer := 2 + $V;
end;
--- use
entity use$V is port (p : in work.{R|n}.v(work.{R|n}.w downto 0) := (others => '0')); end;
architecture a of use$V is
  type arr is array (work.{R|n}.small) of work.{R|n}.e;
  type arr2 is array (work.{R|n}.small range 0 to 1) of work.{R|n}.e;
  subtype s is work.{R|n}.v(0 to work.{R|n}.w);
  type r is record x : work.{R|n}.e; y : work.{R|n}.v(1 to 2); end record;
  type f is file of work.{R|n}.e;
  type q is access work.{R|n}.v;
  signal x : work.{R|n}.e := work.{R|n}.green;
  function fn (i : work.{R|n}.small) return work.{R|n}.v is begin return (0 to i => '0'); end;
begin
  process
    variable pt : work.{R|n}.ptr := new integer'(4);
    variable pq : q := new work.{R|n}.v(1 to 2);
    variable pr : q := new work.{R|n}.v'("10");
  begin
    for i in work.{R|n}.small loop null; end loop;
    for i in work.{R|n}.small range 0 to 1 loop null; end loop;
    for i in work.{R|n}.e'left to work.{R|n}.e'right loop null; end loop;
    report integer'image(work.{R|n}.small'high) & integer'image(arr'high) & integer'image(p'length) & bit'image(fn(1)(0))
      & work.{R|n}.e'image(x) & integer'image(pt.all) & integer'image(s'high);
    wait;
  end process;
end;

=== blocks with ports and generics
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
entity use$V is end;
architecture a of use$V is
  signal s : integer := 3;
begin
  b : block
    generic ({I|n} : integer := 5);
    generic map ({I|n} => work.{R|n}.c);
    port (p : in integer);
    port map (p => s);
  begin
    assert false report integer'image({I|n}) severity note;
  end block b;
end;

=== a name used in its own declaration
judge: none: illegal for GHDL
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
use work.{R|n};
entity use$V is end;
architecture a of use$V is
  constant {I|n} : integer := {X:unproven|n}.c;
begin
end;

=== a name in the interface list that declares it
judge: none: tools differ
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
use work.{R|n};
entity use$V is generic ({I|n} : integer := 3; m : integer := {X:unproven|n}.c); end;

=== a formal part that may be two things
judge: none: unlikely
--- unit
package {D|n} is function f (i : integer) return integer; end;
--- use
use work.{R|n};
entity use$V is end;
architecture a of use$V is
  component c is port (x : inout integer); end component;
begin
  u : c port map ({X:unproven|n}.f(x) => s);
end;

=== an instance of a generic subprogram
judge: none: GHDL 2.0 finds no body for it
--- unit
package {D|n} is
  function g generic (type t) parameter (x : t) return integer;
end;
package body {R|n} is
  function g generic (type t) parameter (x : t) return integer is begin return $V; end function g;
end;
--- use
entity use$V is end;
architecture a of use$V is
  function {I|n} is new work.{R|n}.g generic map (t => bit);
begin
  assert false report integer'image({I|n}('0')) severity note;
end;

=== records of records and pointers
--- unit
package {D|n} is
  type n2;
  type p is access n2;
  type n2 is record {I|n} : p; v : integer; end record;
end;
--- use
entity use$V is end;
architecture a of use$V is begin
  process
    variable {I|n} : work.{R|n}.p := new work.{R|n}.n2;
  begin
    {I|n}.{I|n} := new work.{R|n}.n2'(null, 4 + $V);
    {I|n}.all.v := 3;
    report integer'image({I|n}.{I|n}.v) & integer'image({I|n}.all.{I|n}.all.v);
    wait;
  end process;
end;

=== guarded blocks, disconnection and buses
--- unit
package {D|n} is
  function {I|n} (s : bit_vector) return bit;
  subtype t is {I|n} bit;
end;
package body {R|n} is
  function {I|n} (s : bit_vector) return bit is begin return '1'; end;
end;
--- use
entity use$V is end;
architecture a of use$V is
  signal {I|n} : work.{R|n}.t bus;
  signal g : bit := '1';
  disconnect {I|n} : work.{R|n}.t after 1 ns;
begin
  b : block (g = '1') begin {I|n} <= guarded '1'; end block;
  process ({I|n}) begin report bit'image({I|n}) & " $V"; end process;
end;

=== aliases of external names
judge: analyse
--- unit
package {D|pk} is constant c : integer := $V; end;
entity {D|n} is end;
architecture rtl of {R|n} is
  signal {I|n} : integer := 5 + $V;
begin
  b : block signal s : integer := 7 + $V; begin end block;
end;
--- use
entity use$V is end;
architecture a of use$V is begin
  {I|n} : entity work.{R|n};
  b : block
    alias s is << signal .use$V.{I|n}.b.s : integer >>;
    alias {I|n} is << signal .use$V.{I|n}.{I|n} : integer >>;
  begin
    process begin
      wait for 1 ns;
      report integer'image(s) & integer'image({I|n});
      wait;
    end process;
  end block;
end;
