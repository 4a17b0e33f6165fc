=== a record variable and an access variable with the name
--- unit
package {D|n} is constant c : integer := $V; type r is record f : integer; end record; type p is access r; end;
--- use
use work.{R|n};
entity use$V is end;
architecture a of use$V is begin
  process
    variable {I|n} : work.{R|n}.p := new work.{R|n}.r'(f => work.{R|n}.c);
  begin
    {I|n}.f := {I|n}.f + 1;
    report integer'image({I|n}.f) & integer'image({I|n}.all.f);
    wait;
  end process;
end;

=== a function without parameters that gives a record
--- unit
package {D|n} is type r is record c : integer; end record; constant c : integer := $V; end;
--- use
use work.{R|n};
entity use$V is end;
architecture a of use$V is begin
  process
    impure function {I|n} return work.{R|n}.r is begin return (c => 40 + work.{R|n}.c); end;
  begin
    report integer'image({I|n}.c) & integer'image(work.{R|n}.c);
    wait;
  end process;
end;

=== arrays, slices and indexed names with the name
--- unit
package {D|n} is constant c : integer := $V; type a is array (natural range <>) of integer; end;
--- use
use work.{R|n};
entity use$V is end;
architecture a of use$V is
  signal s : {R|n}.a(0 to 2) := ({R|n}.c, 5, 6);
begin
  process
    variable {I|n} : work.{R|n}.a(0 to 2) := (1, 2, work.{R|n}.c);
  begin
    for i in {I|n}'range loop {I|n}(i) := {I|n}(i) + s({I|n}'low); end loop;
    {I|n}({I|n}'low to 1) := {I|n}(1 to {I|n}'high);
    report integer'image({I|n}(0)) & integer'image({I|n}(2)) & integer'image({I|n}'length);
    wait;
  end process;
end;

=== signals with the name and their attributes
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
entity use$V is end;
architecture a of use$V is
  signal {I|n}, s : integer := 0;
begin
  {I|n} <= work.{R|n}.c after 1 ns, 7 after 2 ns;
  s <= {I|n}'delayed(1 ns) when {I|n}'event or {I|n}'stable(1 ns) else {I|n}'last_value;
  process begin
    wait on {I|n} until {I|n} > 0 for 5 ns;
    report integer'image({I|n}) & integer'image({I|n}'last_value) & {I|n}'simple_name & {I|n}'path_name;
    wait;
  end process;
  process (all) begin if {I|n}'active then report integer'image(s + {I|n}); end if; end process;
end;

=== selected and conditional assignments with the name
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
entity use$V is end;
architecture a of use$V is
  signal {I|n}, s, t : integer := 0;
  signal b : bit_vector(1 downto 0);
begin
  with {I|n} select s <= {I|n} + 1 when 0, work.{R|n}.c when others;
  ({I|n}, t) <= integer_vector'(4, work.{R|n}.c);
  process ({I|n}) begin report integer'image(s) & integer'image(t) & integer'image({I|n}); end process;
end;

=== parameters of every class
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
entity use$V is end;
architecture a of use$V is
  procedure p (constant {I|n} : in integer := work.{R|n}.c) is begin report integer'image({I|n}); end;
  procedure q (signal {I|n} : out integer; variable x : inout integer) is begin {I|n} <= x; x := x + 1; end;
  procedure r (file {I|n} : std.textio.text) is begin report boolean'image(std.textio.endfile({I|n})); end;
  signal s : integer;
begin
  process
    variable {I|n} : integer := 3;
    file f : std.textio.text;
  begin
    p; p({I|n}); p({I|n} => {I|n}); q({I|n} => s, x => {I|n}); wait for 1 ns;
    report integer'image(s) & integer'image({I|n});
    wait;
  end process;
end;

=== expanded names through labels
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
entity use$V is end;
architecture a of use$V is
  signal {I|n} : integer := 4;
begin
  b : block
    constant {I|n} : integer := 5;
  begin
    p : process
      variable {I|n} : integer := 6;
    begin
      report integer'image({I|n}) & integer'image(p.{I|n}) & integer'image(b.{I|n}) & integer'image(a.{I|n})
        & integer'image(work.{R|n}.c);
      l : loop
        b.p.{I|n} := b.p.{I|n} + 1;
        exit l;
      end loop;
      report integer'image(a.b.p.{I|n});
      wait;
    end process;
  end block;
end;

=== a process and a procedure by expanded name
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
entity use$V is end;
architecture a of use$V is
  procedure {I|n} (i : integer) is begin report "n " & integer'image(i); end;
begin
  l : a.{I|n}(work.{R|n}.c);
  a.{I|n}(2);
  process begin a.{I|n}(3); {I|n}(4); wait; end process;
end;

=== protected methods with the name
--- unit
package {D|n} is
  type p is protected procedure {I|n} (i : integer); impure function get return integer; end protected p;
  shared variable sv : p;
end;
package body {R|n} is
  type p is protected body
    variable v : integer := $V;
    procedure {I|n} (i : integer) is begin v := v + i; end procedure {I|n};
    impure function get return integer is begin return v; end;
  end protected body p;
end;
--- use
entity use$V is end;
use work.{R|n}.sv;
architecture a of use$V is
  shared variable {I|n} : work.{R|n}.p;
begin
  process begin
    {I|n}.{I|n}(5);
    sv.{I|n}(3);
    report integer'image({I|n}.get) & integer'image(sv.get);
    wait;
  end process;
end;

=== a local instance of the package with the same name
--- unit
package {D|n} is generic (g : integer := 1); constant c : integer := g + $V; end package {E|n};
--- use
entity use$V is end;
architecture a of use$V is
  package {I|n} is new work.{R|n} generic map (g => 5);
  constant d : integer := {I|n}.c;
begin
  assert false report integer'image({I|n}.c) & integer'image(d) severity note;
end;

=== resolution functions and constraints by selected name
--- unit
package {D|n} is
  type a is array (natural range <>) of bit;
  function f (x : bit_vector) return bit;
  subtype s is f bit;
  function {I|n} (x : bit_vector) return bit;
end;
package body {R|n} is
  function f (x : bit_vector) return bit is begin return '1'; end;
  function {I|n} (x : bit_vector) return bit is begin return '1'; end;
end;
--- use
entity use$V is end;
architecture a of use$V is
  subtype r is work.{R|n}.f bit;
  subtype q is work.{R|n}.{I|n} bit;
  signal x : work.{R|n}.f bit := '0';
  signal y : q;
begin
  x <= '0'; y <= '0';
  process begin wait for 1 ns; report bit'image(x) & bit'image(y) & " $V"; wait; end process;
end;

=== files and file types with the name
--- unit
package {D|n} is type f is file of integer; constant name : string := "out$V.dat"; end;
--- use
entity use$V is end;
use work.{R|n}.all;
architecture a of use$V is begin
  process
    file {I|n} : work.{R|n}.f open write_mode is work.{R|n}.name;
    file g : work.{R|n}.f;
    variable v : integer;
  begin
    write({I|n}, 42); file_close({I|n});
    file_open(g, work.{R|n}.name, read_mode); read(g, v);
    report integer'image(v) & work.{R|n}.name;
    wait;
  end process;
end;

=== a configuration with alternatives of generate statements
judge: analyse
top: use_cfg$V
--- unit
entity {D|n} is port (x : in integer := 0); end;
architecture rtl of {R|n} is begin assert false report "n$V rtl " & integer'image(x) severity note; end;
architecture sim of {R|n} is begin assert false report "n$V sim " & integer'image(x) severity note; end;
--- use
entity use$V is end;
architecture a of use$V is begin
  g : if l : true generate
    component {R|n} is port (x : in integer := 0); end component;
  begin
    u : {R|n} port map (x => 1);
  end l;
  else m : generate
  begin
    v : entity work.{R|n};
  end m;
  end generate;
end;
configuration use_cfg$V of use$V is
  for a
    for g(l)
      for u : {R|n} use entity work.{R|n}(sim); end for;
    end for;
  end for;
end configuration use_cfg$V;

=== a block configuration with use clauses
top: use_cfg$V
--- unit
entity {D|n} is end;
architecture rtl of {R|n} is begin assert false report "n$V" severity note; end;
package {D|parts} is component {R|n} is end component; end;
--- use
use work.{R|parts}.all;
entity use$V is end;
architecture a of use$V is begin u : {R|n}; b : block begin v : {R|n}; end block; end;
library work;
configuration use_cfg$V of use$V is
  use work.{R|parts};
  for a
    use work.{R|parts}.all;
    for all : {R|n} use entity work.{R|n}; end for;
    for b for v : {R|n} use entity work.{R|n}(rtl); end for; end for;
  end for;
end configuration use_cfg$V;

=== entity statements and declarations
--- unit
package {D|n} is constant c : integer := $V; procedure check (x : integer); end;
package body {R|n} is procedure check (x : integer) is begin report "check " & integer'image(x); end; end;
entity {D|e} is
  generic (g : integer := work.{R|n}.c);
  use work.{R|n}.all;
  constant {I|n} : integer := g + c;
begin
  check({I|n});
  l : work.{R|n}.check({R|e}.{I|n});
  process begin assert {R|e}.{I|n} = 0 report "entity " & integer'image({I|n}) severity note; wait; end process;
end entity {E|e};
architecture {I|n} of {R|e} is begin assert false report integer'image({I|n}) severity note; end architecture {I|n};
--- use
entity use$V is end;
architecture a of use$V is begin u : entity work.{R|e}({I|n}); end;

=== a physical type, an integer type and a real type with the name
--- unit
package {D|n} is constant c : integer := $V; type len is range 0 to 1000 units mm; cm = 10 mm; end units len; end;
--- use
use work.{R|n}.all;
entity use$V is end;
architecture a of use$V is begin
  process
    type {I|n} is range 0 to 100;
    variable v : {I|n} := {I|n}(c) + {I|n}'(3) + {I|n}'val(2);
    variable l : work.{R|n}.len := 3 work.{R|n}.cm + 2 mm;
  begin
    report {I|n}'image(v) & {I|n}'base'image(v) & work.{R|n}.len'image(l) & integer'image({I|n}'pos({I|n}'right));
    wait;
  end process;
end;

=== nested subprograms, overloads and operators with the name
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
entity use$V is end;
architecture a of use$V is
  function {I|n} (i : integer) return integer is
    function {I|n} (r : real) return integer is begin return integer(r) + work.{R|n}.c; end function {I|n};
  begin
    return {I|n}(real(i)) + a.{I|n}.i;
  end function {I|n};
  function "+" ({I|n}, m : bit) return integer is begin return bit'pos({I|n}) + bit'pos(m) + 10; end "+";
  function {I|n} (b : bit) return integer is begin return 5; end {I|n};
begin
  assert false report integer'image({I|n}(3)) & integer'image(bit'('1') + bit'('1')) & integer'image({I|n}('0')) severity note;
end;

=== a component whose ports and generics have the name
--- unit
entity {D|n} is generic ({I|n} : integer := 1); port (q : in integer := 0); end;
architecture rtl of {R|n} is begin assert false report "n$V " & integer'image({I|n}) & integer'image(q) severity note; end;
--- use
entity use$V is end;
architecture a of use$V is
  component {R|n} is generic ({I|n} : integer := 1); port (q : in integer := 0); end component {E|n};
begin
  u : {R|n} generic map ({I|n} => 6) port map (q => 7);
  b : block begin {I|n} : entity work.{R|n} generic map ({I|n} => 8); end block;
end;

=== package names in sensitivity lists, waits and assertions
--- unit
package {D|n} is signal s : integer := 0; constant msg : string := "message $V"; constant lvl : severity_level := note; end;
--- use
entity use$V is end;
architecture a of use$V is begin
  work.{R|n}.s <= 1 after 1 ns;
  process (work.{R|n}.s) begin report work.{R|n}.msg severity work.{R|n}.lvl; end process;
  process begin wait on work.{R|n}.s; wait until work.{R|n}.s = 2 for 3 ns; assert false report work.{R|n}.msg & "!" severity work.{R|n}.lvl; wait; end process;
  assert work.{R|n}.s = 5 report work.{R|n}.msg severity work.{R|n}.lvl;
end;

=== parenthesised prefixes and concatenations
--- unit
package {D|n} is constant c : string := "$V"; type r is record a : string(1 to 2); end record; constant k : r := (a => "k$V"); end;
--- use
entity use$V is end;
architecture a of use$V is begin
  assert false report (work.{R|n}.c) & (work.{R|n}.k.a) & work.{R|n}.k.a(1 to 1) & work.{R|n}.c(1) severity note;
end;

=== an entity and a package with names in each other
--- unit
package {D|n_pkg} is constant {I|n} : integer := $V; type n_type is (n_pkg_a, n_pkg_b); end package {E|n_pkg};
entity {D|n} is port (n_pkg_x : in work.{R|n_pkg}.n_type := work.{R|n_pkg}.n_pkg_b); end entity {E|n};
architecture n_rtl of {R|n} is begin assert false report work.{R|n_pkg}.n_type'image(n_pkg_x) & integer'image(work.{R|n_pkg}.{I|n}) severity note; end;
--- use
entity use$V is end;
architecture n_a of use$V is begin n_u : entity work.{R|n}(n_rtl); end;

=== text in lines with CR and without an end
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
entity use$V is end; architecture a of use$V is begin assert false report integer'image(work.{R|n}.c) severity note; end;

=== the body of a nested package sees what its declaration declares
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
use work.{R|n};
package p$V is
  package inner is
    type r is record c : integer; end record;
    constant {I|n} : r := (c => 40);
    function f return integer;
  end package inner;
  constant k : integer := {R|n}.c;
end package p$V;
package body p$V is
  package body inner is
    function f return integer is begin return {I|n}.c + work.{R|n}.c; end;
  end package body inner;
end package body p$V;
entity use$V is end;
architecture a of use$V is begin
  assert false report integer'image(work.p$V.inner.f) & integer'image(work.p$V.k) severity note;
end;

=== the body of a protected type sees its methods
--- unit
package {D|n} is type r is record c : integer; end record; constant c : integer := $V; end;
--- use
use work.{R|n};
package p$V is
  type t is protected
    impure function {I|n} return work.{R|n}.r;
    impure function get return integer;
  end protected t;
  shared variable v : t;
end package p$V;
package body p$V is
  type t is protected body
    impure function {I|n} return work.{R|n}.r is begin return (c => 30 + work.{R|n}.c); end;
    impure function get return integer is begin return {I|n}.c; end;
  end protected body t;
end package body p$V;
use work.p$V.all;
entity use$V is end;
architecture a of use$V is begin
  process begin report integer'image(v.get); wait; end process;
end;

=== a PSL unit sees what the architecture declares
judge: none: GHDL 2.0 doesn't
--- unit
package {D|n} is constant f : bit := '1'; end;
--- use
use work.{R|n};
entity use$V is port (clk : in bit); end;
architecture a of use$V is
  type r is record f : bit; end record;
  signal {I|n} : r;
begin
end;
architecture b of use$V is begin end;
vunit v$V (use$V(a)) { assert always ({I|n}.f = '1') @clk; }
vunit w$V (use$V(b)) { assert always (work.{R|n}.f = {R|n}.f); }
vunit x$V { assert always ({X:unproven|n}.f = work.{R|n}.f); }
vunit y$V (use$V(b)) { inherit v$V; assert always ({X:unproven|n}.f); }

=== signatures in specifications and aliases
--- unit
package {D|n} is
  type t is (x, y);
  function f (a : t) return t;
  attribute info : integer;
  attribute info of f [t return t] : function is $V;
end;
package body {R|n} is function f (a : t) return t is begin return a; end; end;
--- use
entity use$V is end;
architecture a of use$V is
  function {I|n} (a : work.{R|n}.t) return work.{R|n}.t is begin return a; end;
  attribute info : integer;
  attribute info of {I|n} [work.{R|n}.t return work.{R|n}.t] : function is 10 + $V;
  alias m is work.{R|n}.f [work.{R|n}.t return work.{R|n}.t];
  alias l is work.{R|n}.x [return work.{R|n}.t];
begin
  assert false report integer'image({I|n}[work.{R|n}.t return work.{R|n}.t]'info)
    & work.{R|n}.t'image(m({I|n}(l))) severity note;
end;

=== a context from outside of the request
judge: none: the library doesn't exist
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
library vendor;
context vendor.all_of_it;
entity use$V is end;
architecture a of use$V is
  signal {I|n} : bit;
begin
  b : block constant c : integer := work.{R|n}.c; begin end block;
  {I|n} <= '0';
end;

=== a library clause that a context from outside may hold
judge: none: the library doesn't exist
library: ip
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
library vendor;
context vendor.all_of_it;
entity use$V is end;
architecture a of use$V is
  constant c : integer := ip.{X:unproven|n}.c + {X:unproven|n}.c;
begin
end;

=== a library that no clause makes visible
judge: none: illegal
library: ip
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
entity use$V is end;
use ip.{X:unproven|n};
architecture a of use$V is
begin
  u : entity ip.{X:unproven|n};
end;

=== an architecture of an entity from outside
judge: none: the entity doesn't exist
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
use work.{R|n};
architecture a of from_elsewhere$V is
  constant c : integer := {X:unproven|n}.c + work.{R|n}.c;
begin
end;
