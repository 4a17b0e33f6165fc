"""GHDL's library files."""

import pytest

from hdl_py.vhdl.ghdl_library import NO_TIME, LibraryFile, clashes, library_file_name, merged, primary_units, relocated

P = (
    'v 4\nfile "/tmp/x/" "a/p.vhd" "d1dc79" "20261121100633.076":\n'
    "  package p at 1( 0) + 0 on 11;\n  package body p at 5( 9) + 0 on 12;\n"
)
E = (
    'v 4\nfile . "e.vhd" "f6ab06" "20261121100633.096":\n'
    "  entity e at 1( 0) + 0 on 11;\n  architecture a of e at 3( 37) + 0 on 12;\n"
)


def test_folder_and_time_go_and_the_rest_stays() -> None:
    assert relocated(P) == P.replace('"/tmp/x/"', ".").replace("20261121100633.076", NO_TIME)


def test_equal_analyses_at_other_times_and_places_give_equal_bytes() -> None:
    assert relocated(P) == relocated(P.replace("/tmp/x/", "/home/u/").replace("1006", "1107"))


def test_a_file_elsewhere_is_refused() -> None:
    with pytest.raises(ValueError, match="not relative"):
        relocated(P.replace('"a/p.vhd"', '"/a/p.vhd"'))


@pytest.mark.parametrize("text", ["", "v 5\n", "entity e"])
def test_another_format_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="begins with 'v 4'"):
        relocated(text)


def test_merging_keeps_every_file_once_with_its_units() -> None:
    p, e = relocated(P), relocated(E)
    both = merged([p, e, p])
    assert both == p + e.removeprefix("v 4\n")


def test_primary_units_are_found_and_bodies_are_none() -> None:
    assert primary_units(relocated(P)) == {"p": "a/p.vhd"}
    assert primary_units(relocated(E)) == {"e": "e.vhd"}


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("package p at 1( 0) + 0 on 11 body;", ["p"]),
        ("package body p at 6( 135) + 0 on 12;", []),
        ("package body_like at 11( 214) + 0 on 14;", ["body_like"]),
        ("architecture a of e at 15( 301) + 0 on 16;", []),
        ("configuration cfg at 18( 348) + 0 on 17;", ["cfg"]),
        ("context c at 1( 0) + 0 on 11;", ["c"]),
        ("vunit v at 23( 445) + 0 on 19;", ["v"]),
        (r"entity \Ext at Name\ at 22( 412) + 0 on 18;", ["\\Ext at Name\\"]),
        (r"entity \a\\b c\ at 22( 412) + 0 on 18;", ["\\a\\\\b c\\"]),
    ],
)
def test_each_line_that_ghdl_writes_of_a_unit(line: str, names: list[str]) -> None:
    assert list(primary_units(f'v 4\nfile . "k.vhd" "f2cb" "{NO_TIME}":\n  {line}\n')) == names


def test_library_file_names() -> None:
    assert library_file_name("Work", "08") == "work-obj08.cf"
    assert library_file_name("lib", "02") == "lib-obj93.cf"


def test_two_files_that_bring_one_unit_into_a_library_are_refused_by_label() -> None:
    one, two = LibraryFile("//a:e", "work", relocated(E)), LibraryFile("//b:e", "WORK", E.replace("e.vhd", "b/e.vhd"))
    assert clashes([one, one]) == []
    assert clashes([one, LibraryFile("//b:e", "lib", two.text)]) == []
    (found,) = clashes([one, two], "//:t")
    assert found.message == "//:t: the library WORK has e of //b:e, and has it already from e.vhd of //a:e"
    assert "buildozer 'set version 1.0.0' //a:e\nor buildozer 'set version 1.0.0' //b:e" in found.fix
    assert str(found.position).startswith("b/e.vhd")
