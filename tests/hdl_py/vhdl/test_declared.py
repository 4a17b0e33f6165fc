"""Strict dependencies in VHDL: what names a unit of a dependency's dependency, and what only looks so.

GHDL accepts every text here, as it reads all libraries.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_py.mangle.model import Core, CoreId, Language
from hdl_py.text.source import SourceText
from hdl_py.vhdl.declared import mentions, undeclared_dependencies
from hdl_py.vhdl.target import VhdlUnit
from tests.hdl_py.vhdl.ghdl import Ghdl

FAR = b"""package p is
  constant c : integer := 1;
  type t is record p, n : integer; end record;
  procedure act;
end;
package body p is
  procedure act is begin end;
end;
package g is generic (w : integer); constant k : integer := w; end;
entity n is generic (n : integer := 0); end;
architecture rtl of n is begin end;
configuration cfg of n is for rtl end for; end;
context ctx is library ieee; use ieee.std_logic_1164.all; end;
entity \\N odd\\ is end;
architecture rtl of \\N odd\\ is begin end;
package \xe9t\xc9 is constant c : integer := 1; end;
"""
IP = b"package q is constant c : integer := 2; end;\nentity m is end;\narchitecture rtl of m is begin end;\n"
NEAR = b"""use work.p.all;
package parts is
  component n is generic (n : integer := 0); end component;
  alias pc is work.p.c;
  subtype pt is work.p.t;
end;
context shown is library ip; use ip.q; use ip.q.c; end;
entity near_e is end;
architecture rtl of near_e is begin end;
-- component p is end component;
"""
BARE = b"package bare is component n is end component; component m is end component; end;\n"


def target(label: str, library: str, deps: tuple[str, ...], text: bytes) -> VhdlUnit:
    """A target of one file, named after its label."""
    path = label.removeprefix("//").replace(":", "/") + ".vhd"
    return VhdlUnit(label, "", library, deps, (SourceText(path, text),))


BELOW = (
    target("//far:far", "work", (), FAR),
    target("//far:ip", "IP", (), IP),
    target("//near:near", "work", ("//far:far", "//far:ip"), NEAR),
    target("//near:bare", "work", (), BARE),
)
LABELS = {"p": "far", "g": "far", "n": "far", "cfg": "far", "ctx": "far", "q": "ip", "m": "ip"}


def found(text: bytes, library: str = "work", deps: tuple[str, ...] = ("//near:near", "//near:bare")) -> list[str]:
    """What the check says of a text, as `LINE:COLUMN KIND NAME OWNER`."""
    unit = target("//top:top", library, deps, text)
    told = []
    for one in undeclared_dependencies(unit, BELOW):
        assert one.code == "undeclared-dependency"
        assert one.position is not None
        kind, name = one.message.removeprefix("the ").rsplit(" is in ", 1)[0].rsplit(" ", 1)
        owner = one.fix.removeprefix("buildozer 'add deps //far:").removesuffix("' //top:top")
        assert one.message == f"the {kind} {name} is in //far:{owner}, which is no direct dependency of //top:top"
        told.append(f"{one.position.line}:{one.position.column} {kind} {name} {owner}")
    return told


def arch(declarations: str, statements: str, context: str = "") -> str:
    """An entity with an architecture; its declarations start at line 4, its statements at line 6."""
    return f"{context}\nentity e is end;\narchitecture a of e is\n{declarations}\nbegin\n{statements}\nend;\n"


_REFUSED = {
    "use clause": (arch("", "", "use work.p.all;"), "1:10 package p far"),
    "capitals": (arch("", "", "use Work.P.ALL;"), "1:10 package P far"),
    "one of several in a use clause": (arch("", "", "use work.parts.all, work.p.c;"), "1:26 package p far"),
    "in a declarative part": (arch("use work.p.all;", ""), "4:10 package p far"),
    "another library": (arch("", "", "library ip; use ip.q.all;"), "1:20 package q ip"),
    "context": (arch("", "", "context work.ctx;"), "1:14 context ctx far"),
    "direct instance": (arch("", "u : entity work.n;"), "6:17 entity n far"),
    "direct instance with an architecture": (arch("", "u : entity work.n(rtl);"), "6:17 entity n far"),
    "direct instance in a block and a generate": (
        arch("", "b : block begin g : if true generate u : entity work.n; end generate; end block;"),
        "6:54 entity n far",
    ),
    "direct instance of another library": (arch("", "u : entity ip.m;", "library IP;"), "6:15 entity m ip"),
    "configuration": (arch("", "u : configuration work.cfg;"), "6:24 configuration cfg far"),
    "selected name": (arch("constant k : integer := work.p.c;", ""), "4:30 package p far"),
    "selected type": (arch("signal s : work.p.t;", ""), "4:17 package p far"),
    "selected procedure": (arch("", "work.p.act;"), "6:6 package p far"),
    "shown by its name": (
        arch("constant k : integer := p.c; constant j : integer := p.c;", "", "use work.p;"), "1:10 package p far"
    ),
    "shown by all of a library": (arch("constant k : integer := p.c;", "", "use work.all;"), "4:25 package p far"),
    "shown by a dependency's context": (
        arch("constant k : integer := q.c;", "", "context work.shown;"), "4:25 package q ip"
    ),
    "alias": (arch("alias r is work.p.c;", ""), "4:17 package p far"),
    "package instance": (arch("package i is new work.g generic map (w => 1);", ""), "4:23 package g far"),
    "component": (arch("component n is end component;", "u : n;"), "4:11 entity n far"),
    "component in a package": ("package x is\n  component n is end component;\nend;\n", "2:13 entity n far"),
    "component shown by all of a library": (
        arch("component m is end component;", "u : m;", "library ip; use ip.all;"), "4:11 entity m ip"
    ),
    "component of a unit that reaches no entity": (arch("", "u : n;", "use work.bare.n;"), "6:5 entity n far"),
    "component with its package": (arch("", "u : component work.bare.n;"), "6:25 entity n far"),
    "configuration specification": (
        arch("component k is end component; for u : k use entity work.n;", "u : k;"), "4:57 entity n far"
    ),
    "configuration of a component": (
        arch("component k is end component;", "u : k;")
        + "configuration c of e is for a for u : k use configuration work.cfg; end for; end for; end;\n",
        "8:64 configuration cfg far",
    ),
    "architecture": ("architecture more of n is begin end;\n", "1:22 entity n far"),
    "configuration of an entity": ("configuration c of n is for rtl end for; end;\n", "1:20 entity n far"),
    "external name": (
        arch("", "process is begin\nassert << constant @work.p.c : integer >> = 1;\nwait; end process;"),
        "7:26 package p far",
    ),
    "PSL unit": ("vunit v (n) { }\n", "1:10 entity n far"),
    "extended identifier": (arch("", "u : entity work.\\N odd\\;"), r"6:17 entity \N odd\ far"),
    "Latin-1": (arch("constant k : integer := work.\xe9t\xe9.c;", ""), "4:30 package \xe9t\xe9 far"),
    "generic map": (arch("", "u : entity work.near_e2 generic map (work.p.c);"), "6:38 package p far"),
    "expression in a port map": (
        arch("signal s : integer;", "b : block port (i : in integer); port map (i => work.p.c); begin end block;"),
        "6:54 package p far",
    ),
    "attribute's prefix": (arch("constant k : string := work.p'path_name;", ""), "4:29 package p far"),
    "range": (arch("signal s : bit_vector(work.p.c downto 0);", ""), "4:28 package p far"),
    "several, each once": (
        arch("constant k : integer := work.p.c + work.p.c;", "u : entity work.n; v : entity work.n;"),
        "4:30 package p far; 6:17 entity n far",
    ),
}  # fmt: skip
_REFUSED["generic map"] = (
    "entity near_e2 is generic (i : integer); end;\narchitecture a of near_e2 is begin end;\n"
    + _REFUSED["generic map"][0],
    "8:43 package p far",
)

_ACCEPTED = {
    "comments and strings": arch('constant s : string := "work.p.c"; -- use work.p.all; component n', "/* work.n */"),
    "objects of the same name": arch("signal p, q : bit; constant n : integer := 1;", "p <= q; l : assert n = 1;"),
    "labels": arch("", "n : block begin end block;\np : process begin wait; end process;"),
    "record of the same name": arch(
        "type r is record c, n : integer; end record; signal p : r; signal s : integer;", "s <= p.c + p.n;"
    ),
    "elements of a dependency's type": arch("signal s : work.parts.pt; signal i : integer;", "i <= s.p + s.n;"),
    "what a dependency's context shows of a package": arch("constant q : integer := c;", "", "context work.shown;"),
    "a dependency's alias": arch("constant k : integer := work.parts.pc;", ""),
    "a component that its unit can bind": arch("", "u : n generic map (n => 3);\nv : component work.parts.n;",
                                               "use work.parts.all;"),
    "a component shown by its name": arch("", "u : n;", "use work.parts.n;"),
    "a component bound by name": arch(
        "component n is end component; for all : n use entity work.near_e;", "u : n;"),
    "a component of another library's entity": arch("component m is end component;", "u : m;"),
    "types, subprograms and generics": arch(
        "type n is (p, q); procedure g is begin end; component k is generic (p : integer); end component;",
        "g;\nu : k generic map (p => 1);"),
    "a nested package": arch("package p is constant c : integer := 1; end; constant k : integer := p.c;", ""),
    "an entity of a direct dependency": arch("", "u : entity work.near_e;"),
    "an architecture of that name": "entity e is end;\narchitecture n of e is begin end;\n",
}  # fmt: skip


def accepted_by_ghdl(folder: Path, text: bytes, library: str = "work") -> None:
    """Analyse everything with GHDL, which sees no targets."""
    ghdl = Ghdl(folder, "08", ["-fpsl", "-frelaxed"])
    for unit in (*BELOW, target("//top:top", library, (), text)):
        core = Core(CoreId(unit.label.rpartition(":")[2], "1"), Language.VHDL, unit.library, unit.sources)
        ghdl.analyse(core)


@pytest.mark.parametrize("name", _REFUSED)
def test_a_unit_of_a_dependency_s_dependency_is_refused(tmp_path: Path, name: str) -> None:
    text, expected = _REFUSED[name]
    assert "; ".join(found(text.encode("latin-1"))) == expected
    accepted_by_ghdl(tmp_path, text.encode("latin-1"))


@pytest.mark.parametrize("name", _REFUSED)
def test_with_the_dependency_declared_it_is_accepted(name: str) -> None:
    text, _ = _REFUSED[name]
    assert found(text.encode("latin-1"), deps=tuple(unit.label for unit in BELOW)) == []


@pytest.mark.parametrize("name", _ACCEPTED)
def test_what_only_looks_like_such_a_name_is_accepted(tmp_path: Path, name: str) -> None:
    text = _ACCEPTED[name].encode("latin-1")
    assert mentions([SourceText("t.vhd", text)], set(LABELS)) or name.startswith(("comments", "a dep", "an entity"))
    assert found(text) == []
    accepted_by_ghdl(tmp_path, text)


def test_the_unit_s_own_name_in_a_library_of_its_own_comes_first(tmp_path: Path) -> None:
    text = b"entity n is end;\narchitecture a of n is begin end;\n" + arch("", "u : entity work.n;").encode()
    assert found(text, "mine") == []
    accepted_by_ghdl(tmp_path, text, "mine")


def test_a_file_that_only_ghdl_can_read_is_checked_where_nothing_but_a_unit_can_stand() -> None:
    broken = arch("signal n : bit", "u : entity work.n;\nn <= p.c;", "use work.p.all;").encode()
    assert found(broken) == ["1:10 package p far", "6:17 entity n far"]


def test_a_unit_in_a_file_below_that_only_ghdl_can_read() -> None:
    below = (target("//far:far", "work", (), FAR.replace(b"end;\nentity n", b"end\nentity n")), *BELOW[1:])
    unit = target("//top:top", "work", ("//near:near",), arch("", "u : entity work.n;").encode())
    (one,) = undeclared_dependencies(unit, below)
    assert one.message == "the entity n is in //far:far, which is no direct dependency of //top:top"


@pytest.mark.parametrize(
    ("text", "expected"),
    [(b"x : p;", True), (b"x : P;", True), (b"-- p", False), (b'"p"', False), (b"x : pp;", False), (b"\\p\\", False)],
)
def test_identifiers_are_compared_as_vhdl_does(text: bytes, expected: bool) -> None:
    assert mentions([SourceText("t.vhd", text)], {"p"}) is expected
