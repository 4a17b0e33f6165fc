=== a package, its body and its use
--- unit
package {D|n} is constant c : integer := $V; function f return integer; end package {E|n};
package body {R|n} is function f return integer is begin return $V + 1; end f; end package body {E|N};
--- use
use work.{R|n}.all;
entity use$V is end;
use work.{R|n};
architecture a of use$V is begin
  assert false report integer'image(c) & integer'image(work.{R|n}.f) & integer'image({R|n}.c) severity note;
end;

=== selected names of every length
--- unit
package {D|n} is
  type r is record {I|n}, m : integer; end record;
  type a is array (1 to 2) of r;
  constant c : a := (($V, 2), (3, 4));
  function f (i : integer) return r;
end;
package body {R|n} is function f (i : integer) return r is begin return (i, $V); end; end;
--- use
entity use$V is end;
architecture a of use$V is begin
  process
    use work.{R|n}.c;
    variable v : work.{R|n}.r := work.{R|n}.f(3);
  begin
    report integer'image(work.{R|n}.c(1).{I|n}) & integer'image(c(2).{I|n}) & integer'image(v.{I|n});
    report integer'image(work.{R|n}.f(5).m) & integer'image(work . {R|n} . f(i => 5).{I|n});
    wait;
  end process;
end;

=== the package's own name in the package
--- unit
package {D|n} is
  constant c : integer := $V;
  constant d : integer := {R|n}.c + 1;
  function f return integer;
end package {E|n};
package body {R|n} is
  function f return integer is begin return {R|n}.d + work.{R|n}.c; end;
end;
--- use
entity use$V is end;
architecture a of use$V is begin
  assert false report integer'image(work.{R|n}.f) severity note;
end;

=== things of other kinds with the name that hide the package
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
use work.{R|n};
entity use$V is end;
architecture a of use$V is
  signal s : integer := {R|n}.c;
begin
  process
    type r is record c : integer; end record;
    variable {I|n} : r := (c => 7);
  begin
    report integer'image(s) & integer'image({I|n}.c) & integer'image(work.{R|n}.c);
    {I|n}.c := {I|n}.c + 1;
    {I|n} := (c => {I|n}.c);
    report integer'image({I|n}.c);
    wait;
  end process;
end;

=== a label that hides the package
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
use work.{R|n};
entity use$V is end;
architecture a of use$V is
  signal s : integer := work.{R|n}.c;
begin
  {I|n} : block
    constant c : integer := 9;
  begin
    assert false report integer'image({I|n}.c) & integer'image(s) severity note;
  end block {I|n};
end;

=== a label that may hide the package before its statement
judge: none: illegal for GHDL
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
use work.{R|n};
entity use$V is end;
architecture a of use$V is
  signal s : integer := {X:unproven|n}.c;
begin
  {I|n} : block begin end block {I|n};
end;

=== a subprogram with the name
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
entity use$V is end;
architecture a of use$V is
  function {I|n} (c : integer) return integer is
    variable v : integer := {I|n}.c + work.{R|n}.c;
  begin
    if c = 0 then return 1; end if;
    return v + {I|n}(c - 1);
  end function {I|n};
begin
  assert false report integer'image({I|n}(3)) & integer'image({I|n}(c => 1)) severity note;
end;

=== enumeration literals, record elements, units and types with the name
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
entity use$V is end;
architecture a of use$V is
  type e is (m, {I|n});
  type r is record {I|n} : integer; end record;
  constant k : r := ({I|n} => 5);
  constant l : e := {I|n};
begin
  p : process
    type {I|n} is range 0 to 100
      units m; end units;
  begin wait; end process;
  q : process
    type t is range 0 to 100 units u; {I|n} = 5 u; end units;
    variable v : t := 2 {I|n};
    variable x : integer := k.{I|n};
  begin report integer'image(t'pos(v)) & e'image(l) & integer'image(x) & integer'image(work.{R|n}.c); wait; end process;
  s : process
    subtype {I|n} is integer range 0 to 3;
    variable v : {I|n} := {I|n}'high;
    variable w : {I|n} := {I|n}'(2);
    variable x : real := real({I|n}'(1));
  begin report integer'image(v) & integer'image({I|n}(1.2)); wait; end process;
end;

=== aliases
--- unit
package {D|n} is constant c : integer := $V; type t is (x, y); function f return integer; end;
package body {R|n} is function f return integer is begin return $V; end; end;
--- use
entity use$V is end;
architecture a of use$V is
  alias ac is work.{R|n}.c;
  alias at is work.{R|n}.t;
  alias ax is work.{R|n}.x [return work.{R|n}.t];
  alias af is work.{R|n}.f [return integer];
  alias {I|n} : integer is work.{R|n}.c;
begin
  assert false report integer'image(ac) & at'image(ax) & integer'image(af) & integer'image({I|n}) severity note;
end;

=== an alias of the package
judge: none: GHDL 2.0 crashes on an alias of a package
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
use work.{R|n};
entity use$V is end;
architecture a of use$V is
  alias p is work.{R|n};
  alias q is {R|n};
  alias {I|n} is q;
begin
  assert false report integer'image(p.c) & integer'image({I|n}.c) severity note;
end;

=== an alias of a component
judge: none: GHDL 2.0 has no alias of a component
--- unit
package {D|parts} is component {R|n} is end component; end;
entity {D|n} is end;
architecture rtl of {R|n} is begin end;
--- use
entity use$V is end;
architecture a of use$V is
  alias {I|n} is work.{R|parts}.{R|n};
begin
  u : {I|n};
end;

=== nested packages with the name
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
entity use$V is end;
architecture a of use$V is
  package {I|n} is
    constant c : integer := work.{R|n}.c + 10;
    constant d : integer := {I|n}.c;
    function f return integer;
  end package {I|n};
  package body {I|n} is
    function f return integer is begin return {I|n}.c + {I|n}.d; end;
  end package body {I|n};
begin
  assert false report integer'image({I|n}.c) & integer'image(a.{I|n}.d) severity note;
end;

=== nested package in a package
--- unit
package {D|n} is
  package inner is constant c : integer := $V; end package inner;
  package {I|n} is constant d : integer := $V; end package {I|n};
  constant e : integer := {I|n}.d;
end package {E|n};
--- use
use work.{R|n}.all;
entity use$V is end;
use work.{R|n}.inner.all;
use work.{R|n}.{I|n};
architecture a of use$V is begin
  assert false report integer'image(c) & integer'image({I|n}.d) & integer'image(work.{R|n}.{I|n}.d) severity note;
end;

=== a generic package and its instances as design units
--- unit
package {D|gp} is
  generic ({I|n} : integer := 3);
  constant c : integer := {I|n} * $V;
  function f return integer;
end package {E|gp};
package body {R|gp} is function f return integer is begin return {I|n} + $V; end; end package body {E|gp};
package {D|n} is new work.{R|gp} generic map ({I|n} => 5);
--- use
use work.{R|n}.all;
entity use$V is end;
architecture a of use$V is
  package {I|gp} is new work.{R|gp} generic map ({I|n} => 7);
begin
  assert false report integer'image(c) & integer'image(work.{R|n}.f) & integer'image({I|gp}.c) severity note;
end;

=== interface packages
judge: analyse
--- unit
package {D|gp} is
  generic (w : integer := 3);
  function f return integer;
end package {E|gp};
package body {R|gp} is function f return integer is begin return w + $V; end; end package body {E|gp};
package {D|n} is new work.{R|gp} generic map (w => 5);
package {D|up} is
  generic (package {I|n} is new work.{R|gp} generic map (<>));
  function g return integer;
end package {E|up};
package body {R|up} is function g return integer is begin return {I|n}.f; end; end package body {E|up};
--- use
entity use$V is end;
architecture a of use$V is
  package u is new work.{R|up} generic map ({I|n} => work.{R|n});
  package v is new work.{R|up} generic map (work.{R|n});
begin
  assert false report integer'image(u.g) severity note;
end;

=== an instance as a bare actual
judge: analyse
--- unit
package {D|gp} is generic (w : integer := 3); constant c : integer := w + $V; end package {E|gp};
package {D|n} is new work.{R|gp} generic map (w => 5);
package {D|up} is
  generic (package {I|n} is new work.{R|gp} generic map (<>));
  constant d : integer := {I|n}.c;
end package {E|up};
--- use
use work.{R|n};
entity use$V is end;
architecture a of use$V is
  package u is new work.{R|up} generic map ({I|n} => {R|n});
begin
end;

=== a component in a package instance
judge: analyse
--- unit
package {D|gp} is generic (w : integer := 3); component {R|n} is end component; end package {E|gp};
entity {D|n} is end;
architecture rtl of {R|n} is begin assert false report "n$V" severity note; end;
--- use
entity use$V is end;
architecture a of use$V is
  package p is new work.{R|gp} generic map (w => 3);
begin
  u : p.{R|n};
  v : component p.{R|n};
end;

=== interface types and subprograms with the name
judge: analyse
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
entity use$V is end;
architecture a of use$V is
  package p is
    generic (type t; function {I|n} (x : t) return integer; procedure q (x : t));
    constant k : integer := work.{R|n}.c;
  end package p;
  function one (x : bit) return integer is begin return 1; end;
  procedure two (x : bit) is begin end;
  package i is new p generic map (t => bit, {I|n} => one, q => two);
begin
  assert false report integer'image(i.k) severity note;
end;

=== the path of something in a package
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
entity use$V is end;
architecture a of use$V is begin
  assert false report work.{R|n}.c'{X:name-as-value|path_name} severity note;
end;

=== the path of something used from a package
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
use work.{R|n}.all;
entity use$V is end;
architecture a of use$V is signal s : bit; begin
  assert false report s'path_name & c'{X:name-as-value|instance_name} severity note;
end;

=== the path of a process in the entity of a package's user
--- unit
package {D|n} is constant c : integer := $V; end;
--- use
use work.{R|n}.all;
entity use$V is end;
architecture a of use$V is signal s : bit; begin
  assert false report s'path_name & integer'image(c) severity note;
end;

=== an unused package with a deferred constant
--- unit
package {D|n} is constant c : integer; end {E|n};
package body {R|n} is constant c : integer := $V; end {E|n};
--- use
library std; use std.textio.all;
use work.{R|n}.c, std.env.all;
entity use$V is end;
architecture a of use$V is begin
  assert false report integer'image(c) severity note;
end;

=== a protected type
--- unit
package {D|n} is
  type p is protected procedure set (v : integer); impure function {I|n} return integer; end protected p;
end;
package body {R|n} is
  type p is protected body
    variable w : integer := $V;
    procedure set (v : integer) is begin w := v; end;
    impure function {I|n} return integer is begin return w + $V; end function {I|n};
  end protected body p;
end;
--- use
entity use$V is end;
architecture a of use$V is
  shared variable {I|n} : work.{R|n}.p;
begin
  process begin
    report integer'image({I|n}.{I|n});
    {I|n}.set(5);
    report integer'image({I|n}.{I|n});
    wait;
  end process;
end;
