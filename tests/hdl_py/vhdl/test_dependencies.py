"""Which version each core gets: dependencies, libraries, and components declared elsewhere."""

from __future__ import annotations

from pathlib import Path

from hdl_py.mangle.engine import Outcome
from hdl_py.mangle.model import Core, Role
from tests.hdl_py.vhdl.ghdl import Ghdl
from tests.hdl_py.vhdl.rewriting import core_of, rewrite, vhdl_core

UNIT = """package n_pkg is constant c : integer := {v}; end package n_pkg;
entity n is port (x : in integer := 0); end entity n;
architecture rtl of n is begin
  assert false report "n" & integer'image(work.n_pkg.c) & integer'image(x) severity note;
end architecture rtl;
"""


def unit(version: str, library: str = "work") -> Core:
    return vhdl_core("unit", version, {f"unit{version}.vhd": UNIT.format(v=version)}, library)


def top(name: str, *instances: str, version: str = "1", library: str = "work", **depends: str) -> Core:
    """A core with one entity of its own name and some statements."""
    body = "\n  ".join(instances)
    text = f"entity {name} is end;\narchitecture a of {name} is\nbegin\n  {body}\nend;\n"
    return vhdl_core(name, version, {f"{name}.vhd": text}, library, **depends)


def codes(done: Outcome) -> set[str]:
    return {r.code for r in done.refusals}


def run(done: Outcome, folder: Path, *tops: str, standard: str = "08") -> list[tuple[str, ...]]:
    assert not done.refusals, "\n".join(r.render() for r in done.refusals)
    ghdl = Ghdl(folder, standard)
    for core in done.cores:
        ghdl.analyse(core)
    return [ghdl.run(t) for t in tops]


def test_two_ways_to_two_versions(tmp_path: Path) -> None:
    done = rewrite(
        [
            unit("1"),
            unit("2"),
            top("left", "u : entity work.n;", unit="1"),
            top("right", "u : entity work.n port map (7);", unit="2"),
            top("both", "l : entity work.left;", "r : entity work.right;", left="1", right="1"),
        ]
    )
    assert run(done, tmp_path, "both") == [("n10", "n27")]


def test_a_name_that_dependencies_lead_to_twice_is_refused() -> None:
    done = rewrite(
        [
            unit("1"),
            unit("2"),
            top("left", "u : entity work.n;", unit="1"),
            top("right", "u : entity work.n;", unit="2"),
            top("both", "l : entity work.left;", "u : entity work.n;", left="1", right="1"),
        ]
    )
    assert codes(done) == {"ambiguous-version"}
    assert [(r.core, r.line) for r in done.refusals] == [("both", 5)]
    assert "left" in done.refusals[0].message


def test_an_undeclared_dependency_is_refused_where_it_shows() -> None:
    text = """use work.n_pkg.all;
entity stray is end;
architecture a of stray is
  component n is end component;
  signal c : integer := work.n_pkg.c;
  type r is record n : integer; end record;
begin
  u : entity work.n;
  v : n;
end;
"""
    done = rewrite([unit("1"), unit("2"), vhdl_core("stray", "1", {"stray.vhd": text})])
    assert codes(done) == {"undeclared-dependency"}
    assert sorted((r.line, r.column) for r in done.refusals) == [(1, 10), (4, 13), (5, 30), (8, 19), (9, 7)]
    assert all('add "unit": "1" or "unit": "2"' in r.message for r in done.refusals)


def test_names_that_need_no_dependency_are_left(tmp_path: Path) -> None:
    text = """entity free is end;
architecture n of free is
  type r is record n : integer; end record;
  signal n_pkg : r := (n => 3);
begin
  n : assert false report integer'image(n_pkg.n) severity note;
end;
"""
    done = rewrite([unit("1"), unit("2"), vhdl_core("free", "1", {"free.vhd": text})])
    assert core_of(done, "free", "1").files[0].data == text.encode()
    assert run(done, tmp_path, "free") == [("3",)]


def test_use_of_a_whole_library_without_a_dependency_is_refused() -> None:
    text = "use work.all;\nentity e is end;\narchitecture a of e is begin u : entity n; x <= n_pkg.c; end;\n"
    done = rewrite([unit("1"), unit("2"), vhdl_core("e", "1", {"e.vhd": text})])
    assert codes(done) == {"undeclared-dependency"}
    assert [(r.line, r.name) for r in done.refusals] == [(3, "n"), (3, "n_pkg")]


PARTS = """package parts is
  component n is port (x : in integer := 0); end component n;
end package parts;
"""


def test_a_component_follows_the_core_that_declares_it(tmp_path: Path) -> None:
    """`both` depends on version 2, and gets version 1 through the package's component."""
    instances = ("u : entity work.n;", "v : work.parts.n;", "b : block use work.parts.all; begin w : n; end block;")
    done = rewrite(
        [
            unit("1"),
            unit("2"),
            vhdl_core("parts", "1", {"parts.vhd": PARTS}, unit="1"),
            top("both", *instances, unit="2", parts="1"),
        ]
    )
    assert [sorted(prints) for prints in run(done, tmp_path, "both")] == [["n10", "n10", "n20"]]


def test_a_component_that_only_its_user_can_bind_is_refused() -> None:
    """Default binding would look for `n` at elaboration, and there is none any more."""
    done = rewrite(
        [
            unit("1"),
            unit("2"),
            vhdl_core("parts", "1", {"parts.vhd": PARTS}),
            top("user", "u : work.parts.n;", unit="2", parts="1"),
        ]
    )
    assert codes(done) == {"undeclared-dependency"}
    assert {(r.core, r.line) for r in done.refusals} == {("parts", 2), ("user", 4)}


def test_a_component_of_an_own_entity_stays(tmp_path: Path) -> None:
    """The core has an `n` of its own in its own library, which default binding finds first."""
    text = """entity n is end;
architecture a of n is begin assert false report "own" severity note; end;
entity mine is end;
architecture a of mine is
  component n is end component;
begin
  u : n;
  v : entity work.n;
end;
"""
    done = rewrite([unit("1", "ip"), unit("2", "ip"), vhdl_core("mine", "1", {"mine.vhd": text}, unit="1")])
    assert core_of(done, "mine", "1").files[0].data == text.encode()
    assert run(done, tmp_path, "mine") == [("own", "own")]


def test_an_entity_that_binds_a_component_from_below_is_refused() -> None:
    """`low` declares a component `n` that follows `ip.n`; elaboration would find the new `work.n`."""
    done = rewrite(
        [
            unit("1", "ip"),
            unit("2", "ip"),
            vhdl_core("low", "1", {"low.vhd": PARTS}, unit="1"),
            vhdl_core("high", "1", {"high.vhd": "entity n is end;\narchitecture a of n is begin end;\n"}, low="1"),
        ]
    )
    assert codes(done) == {"component-binding"}


def test_components_bound_across_libraries(tmp_path: Path) -> None:
    text = """library ip;
entity use{v} is end;
architecture a of use{v} is
  component n is port (x : in integer := 0); end component n;
  for v : n use entity ip.n(rtl);
begin
  b : block begin u : entity ip.n; end block;
  v : n port map (4);
end;
"""
    done = rewrite(
        [unit("1", "ip"), unit("2", "ip")]
        + [vhdl_core(f"use{v}", "1", {f"use{v}.vhd": text.replace("{v}", v)}, unit=v) for v in "12"]
    )
    assert run(done, tmp_path, "use1", "use2") == [("n10", "n14"), ("n20", "n24")]


def test_default_binding_across_libraries_by_use(tmp_path: Path) -> None:
    text = """library ip;
use ip.n;
entity use{v} is end;
architecture a of use{v} is
  component n is port (x : in integer := 0); end component n;
begin
  v : n port map (4);
end;
"""
    done = rewrite(
        [unit("1", "ip"), unit("2", "ip")]
        + [vhdl_core(f"use{v}", "1", {f"use{v}.vhd": text.replace("{v}", v)}, unit=v) for v in "12"]
    )
    assert run(done, tmp_path, "use1", "use2") == [("n14",), ("n24",)]


def test_names_of_one_version_keep_their_spelling(tmp_path: Path) -> None:
    more = UNIT.format(v="2") + "package only is constant d : integer := c; constant c : integer := 5; end package;\n"
    more = more.replace("constant d : integer := c; ", "")
    done = rewrite(
        [
            unit("1"),
            vhdl_core("unit", "2", {"unit.vhd": more}),
            top("user", "assert false report integer'image(work.only.c + work.n_pkg.c) severity note;", unit="2"),
        ]
    )
    assert b"package only is" in core_of(done, "unit", "2").files[0].data
    assert run(done, tmp_path, "user") == [("7",)]


def test_one_file_in_two_cores(tmp_path: Path) -> None:
    """The same bytes under the same path mean what the core that has them depends on."""
    shared = {"shared.vhd": "package p is constant k : integer := work.n_pkg.c; end package p;\n"}
    done = rewrite(
        [
            unit("1"),
            unit("2"),
            vhdl_core("shared", "1", shared, unit="1"),
            vhdl_core("shared", "2", shared, unit="2"),
            top("left", "assert false report integer'image(work.p.k) severity note;", shared="1"),
            top("right", "assert false report integer'image(work.p.k) severity note;", shared="2"),
        ]
    )
    assert run(done, tmp_path, "left", "right") == [("1",), ("2",)]


def test_a_core_of_two_versions_that_uses_another_of_two(tmp_path: Path) -> None:
    low = "package n is constant c : integer := {v}; end;\n"
    high = "package m is constant c : integer := 10 * {v} + work.n.c; end;\n"
    cores = [vhdl_core("low", v, {"low.vhd": low.format(v=v)}) for v in ("1.0", "2.0") if v]
    cores = [vhdl_core("low", f"{v}.0", {"low.vhd": low.format(v=v)}) for v in (1, 2)]
    cores += [vhdl_core("high", f"{v}.0", {"high.vhd": high.format(v=v)}, low=f"{3 - v}.0") for v in (1, 2)]
    cores += [top(f"t{v}", "assert false report integer'image(work.m.c) severity note;", high=f"{v}.0") for v in (1, 2)]
    assert run(rewrite(cores), tmp_path, "t1", "t2") == [("12",), ("21",)]


def test_versions_that_make_one_name_are_refused() -> None:
    done = rewrite([unit("1.0"), unit("1-0"), top("user", "u : entity work.n;", unit="1.0")])
    assert codes(done) == {"meeting-names"}


def test_a_unit_twice_in_one_core_is_refused() -> None:
    twice = {"a.vhd": "package p is end;\n", "b.vhd": "package p is end;\n"}
    done = rewrite([vhdl_core("unit", "1", twice), vhdl_core("unit", "2", twice)])
    assert "duplicate-definition" in codes(done)


def test_values_that_start_with_the_renamed_top_are_refused() -> None:
    """The value of 'path_name starts with the root entity; only the request says which that is."""
    text = "entity n is end;\narchitecture a of n is signal s : bit; begin assert false report s'path_name; end;\n"
    cores = [vhdl_core("unit", v, {"n.vhd": text}) for v in "12"]
    user = top("user", "u : entity work.n;", unit="1")
    assert not rewrite([*cores, user], top="user").refusals
    root = vhdl_core("unit", "2", {"n.vhd": text}, user="1")
    assert codes(rewrite([cores[0], root, user], top="n")) == {"name-as-value"}


def test_a_version_that_uses_another_version_of_itself_is_refused() -> None:
    text = "entity n is end;\narchitecture a of n is begin\n  u : entity work.n;\nend;\n"
    done = rewrite([vhdl_core("unit", "1", {"n.vhd": text}), vhdl_core("unit", "2", {"n.vhd": text}, unit="1")])
    assert [(r.code, r.version, r.line) for r in done.refusals] == [("ambiguous-version", "2", 3)]


def test_roles_and_places_in_the_outcome() -> None:
    done = rewrite([unit("1"), unit("2"), top("user", "u : entity work.n;", unit="2")])
    here = [(o.name, o.role, o.position, o.target.core.version) for o in done.occurrences if o.target]
    assert ("n", Role.REFERENCE, "entity aspect", "2") in here
    assert ("n", Role.DECLARATION, "entity declaration", "1") in here
    assert ("n", Role.END_LABEL, "end of entity declaration", "1") in here
    assert done.plan.new_name(next(d for d in done.plan.renames if d.name == "n_pkg")).startswith("n_pkg_v")
