=== strings, comments and characters
--- unit
-- n in a comment, entity n is end;
/* and n in a block comment: entity n is end n;
   -- still n */
entity {D|n} is -- n
end /* n */ entity {E|n};
architecture rtl of {R|n} is
  constant s : string := "n ""n"" work.n -- n";
  constant c : character := '"';
  constant d : character := character'('"');
  constant e : string := "/* n";
begin
  assert false report "n$V " & s & c & d & e severity note;
end;
--- use
entity use$V is end;
architecture a of use$V is
  constant {I|n} : string := "*/ n";
  constant t : string := ''' & "'" & character'(''') & '-' & '-';
  constant q : character := character'val(character'pos('n'));
begin
  u : entity work.{R|n};
  assert false report {I|n} & t & q severity note;
end;

=== ticks
--- unit
package {D|n} is type t is ('a', ''', 'b'); constant c : t := t'('a'); constant v : integer := $V; end;
--- use
entity use$V is end;
use work.{R|n}.all;
architecture a of use$V is
  subtype s is work.{R|n}.t;
  constant x : s := s'(''');
  constant y : work.{R|n}.t := work.{R|n}.t'('b');
  constant z : string := string'("n'n'") & s'image(work.{R|n}.c) & s'image(work.{R|n}.t'succ(work.{R|n}.'a'));
  constant b : bit_vector(1 to 2) := (1 => '1', 2 => '0');
  constant r : integer := b'subtype'length + b'length;
begin
  assert false report s'image(x) & s'image(y) & z & integer'image(b'length) & integer'image(work.{R|n}.v) severity note;
end;

=== case of every letter
--- unit
PACKAGE {D|My_Unit} IS CONSTANT c : INTEGER := $V; END PACKAGE {E|MY_UNIT};
--- use
entity use$V is end;
architecture a of use$V is begin
  assert false report integer'image(work.{R|my_unit}.c) & integer'image(WORK.{R|mY_uNIT}.C) severity note;
end;

=== extended identifiers
--- unit
entity {D|\n\} is end entity {E|\n\};
architecture rtl of {R|\n\} is begin assert false report "extended $V" severity note; end;
entity {D|n} is end entity {E|n};
architecture rtl of {R|n} is begin assert false report "basic $V" severity note; end;
entity {D|\a\\b n\} is end entity {E|\a\\b n\};
architecture rtl of {R|\a\\b n\} is begin assert false report "backslash $V" severity note; end;
--- use
entity use$V is end;
architecture a of use$V is
  signal \N\ : bit;
begin
  u : entity work.{R|\n\};
  v : entity work.{R|n};
  w : entity work.{R|\a\\b n\};
end;

=== an extended identifier that differs in case
--- unit
package {D|\Pkg\} is constant c : integer := $V; end {E|\Pkg\};
package {D|\pkg\} is constant c : integer := 10 + $V; end {E|\pkg\};
package {D|pkg} is constant c : integer := 20 + $V; end {E|pkg};
--- use
entity use$V is end;
architecture a of use$V is
  constant \PKG\ : integer := 3;
begin
  assert false report integer'image(work.{R|\Pkg\}.c) & integer'image(work.{R|\pkg\}.c) & integer'image(work.{R|Pkg}.c)
    & integer'image(\PKG\) severity note;
end;

=== keywords of later revisions as names
std: 93
--- unit
package {D|context} is constant default : integer := $V; end {E|context};
entity {D|force} is end;
architecture property of {R|force} is begin assert false report "force$V" severity note; end;
--- use
entity use$V is end;
architecture sequence of use$V is
  signal {I|force}, release, parameter : integer := work.{R|context}.default;
begin
  cover : entity work.{R|force};
  process begin
    {I|force} <= 3; release <= {I|force}; wait for 1 ns;
    report integer'image({I|force}) & integer'image(parameter);
    wait;
  end process;
end;

=== bit strings and based numbers next to names
--- unit
package {D|x} is constant c : integer := 16#1F# + $V; constant d : bit_vector := x"1F"; end;
package {D|b} is constant e : bit_vector := b"01" & X"a" & o"7"; end;
--- use
use work.{R|x}.all;
entity use$V is end;
architecture a of use$V is
  constant f : bit_vector := x"0" & b"0";
begin
  assert false report integer'image(c) & to_string(d) & to_string(work.{R|b}.e) severity note;
end;

=== replacement characters
std: 93
--- unit
package {D|n} is constant c : string := %n %%n%; constant d : integer := 16:1F: + $V; end;
--- use
entity use$V is end;
architecture a of use$V is
  signal b : bit_vector(1 to 3) := (1 ! 2 => '1', 3 => '0');
begin
  assert false report work.{R|n}.c & integer'image(work.{R|n}.d) severity note;
end;

=== lines of other kinds
--- unit
package {D|n} is constant c : integer := $V; end; 
--- use
entity use$V is end;
architecture a of use$V is begin
  assert false report integer'image(work	.	{R|n}	.	c) severity note;
end;

=== operators as members
--- unit
package {D|n} is
  type t is record v : integer; end record;
  function "+" (l, r : t) return t;
end;
package body {R|n} is
  function "+" (l, r : t) return t is begin return (v => l.v + r.v + $V); end "+";
end;
--- use
use work.{R|n}."+";
entity use$V is end;
architecture a of use$V is
  constant x : work.{R|n}.t := (v => 3) + work.{R|n}.t'(v => 4);
  constant y : work.{R|n}.t := work.{R|n}."+"(x, x);
  alias plus is work.{R|n}."+" [work.{R|n}.t, work.{R|n}.t return work.{R|n}.t];
begin
  assert false report integer'image(x.v) & integer'image(y.v) severity note;
end;

=== a taken name
refused: taken-name
--- unit
entity {D|n} is end;
architecture rtl of {R|n} is begin end;
--- use
entity use$V is end;
architecture a of use$V is
  signal N_V1_0 : bit;
begin
  u : entity work.{R|n};
end;

=== a taken extended name is another name
--- unit
entity {D|n} is end;
architecture rtl of {R|n} is begin assert false report "n$V" severity note; end;
--- use
entity use$V is end;
architecture a of use$V is
  signal \N_V1_0\ : bit;
begin
  u : entity work.{R|n};
end;

=== text that doesn't scan
refused: unscanned
judge: none: illegal
--- unit
package {D|n} is end;
--- use
entity use$V is end;
architecture a of use$V is
  constant c : string := "no end of n;
begin
end;

=== text that doesn't parse
refused: syntax
judge: none: illegal
--- unit
package {D|n} is end;
--- use
entity use$V is end;
architecture a of use$V is
  constant c : integer := work.n.c
begin
end;

=== text that doesn't parse and doesn't matter
judge: none: illegal
--- unit
package {D|n} is end {E|n};
--- use
entity use$V is end
architecture a of use$V is
begin
end;

=== PSL in comments
options: -fpsl
--- unit
package {D|n} is constant c : integer := $V; end {E|n};
--- use
entity use$V is port (clk : in bit := '0'); end;
architecture a of use$V is
  signal {I|n} : bit;
begin
  -- psl default clock is (clk'event and clk = '1');
  -- psl assert always (work.{R|n}.c = $V);
  -- psl assert always ({I|n} = '0'
  --    and work.{R|n}.c > 0);
  -- n is a name in prose, as work.n is
  assert false report integer'image(work.{R|n}.c) severity note;
end;

=== prose that starts with psl
judge: none: not PSL
--- unit
package {D|n} is constant c : integer := $V; end {E|n};
--- use
entity use$V is port (clk : in bit := '0'); end;
architecture a of use$V is
begin
  -- psl is not what {I|n} is about
  assert false report integer'image(work.{R|n}.c) severity note;
end;

=== prose that starts with psl and has a dot
judge: none: not PSL
--- unit
package {D|n} is constant c : integer := $V; end {E|n};
--- use
entity use$V is port (clk : in bit := '0'); end;
architecture a of use$V is
begin
  -- psl is not what work.{X:unproven|n} is about
  assert false report integer'image(work.{R|n}.c) severity note;
end;

=== comments that synthesis reads
refused: unproven
--- unit
package {D|n} is constant c : integer := $V; end {E|n};
--- use
entity use$V is end;
architecture a of use$V is
begin
  -- synthesis read_comments_as_HDL on
  -- u : entity work.n;
  -- synthesis read_comments_as_HDL off
  -- v : entity work.n;
end;

=== conditional directives
judge: none: GHDL 2.0 ignores them
--- unit
package {D|n} is constant c : integer := $V; end {E|n};
--- use
entity use$V is end;
architecture a of use$V is
`if TOOL_TYPE = "SIMULATION" then
  constant c : integer := work.{R|n}.c;
`elsif TOOL_TYPE = "SYNTHESIS" then
  constant c : integer := work.{R|n}.c + 1;
  signal {I|n} : bit;
`else
  constant d : integer := 3;
`end if
begin
end;

=== conditional directives that change what a name is
judge: none: GHDL 2.0 ignores them
--- unit
package {D|n} is constant c : integer := $V; end {E|n};
--- use
use work.{R|n};
entity use$V is end;
architecture a of use$V is
`if TOOL_TYPE = "SIMULATION" then
  signal {I|n} : work.{R|n}.t;
`end
begin
  s <= {X:unproven|n}.c;
end;

=== two heads of one unit
judge: none: GHDL 2.0 ignores them
--- unit
`if TOOL_TYPE = "SIMULATION" then
entity {D|n} is
`else
entity {D|n} is generic (g : integer);
`end
end {E|n};
architecture rtl of {R|n} is begin end;
--- use
entity use$V is end;
architecture a of use$V is
begin
  u : entity work.{R|n};
end;

=== an encrypted file
refused: encrypted
--- unit
package {D|n} is constant c : integer := $V; end {E|n};
--- use
entity use$V is end;
`protect begin_protected
`protect encoding = (enctype = "base64")
bjogZW50aXR5IHdvcmsubjs= "
`protect end_protected
architecture a of use$V is begin end;

=== plain text that is to be encrypted
--- unit
package {D|n} is constant c : integer := $V; end {E|n};
--- use
entity use$V is end;
`protect begin
architecture a of use$V is begin
  assert false report integer'image(work.{R|n}.c) severity note;
end;
`protect end

=== Latin-1 identifiers
--- unit
package {D|größe_ÿ} is constant c : integer := $V; end {E|GRÖßE_ÿ};
--- use
entity use$V is end;
architecture é of use$V is signal Þñ : bit; begin
  -- × ÷ ä
  assert false report integer'image(work.{R|GrÖße_ÿ}.c) severity note;
end;
