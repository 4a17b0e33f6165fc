"""The program sv_unit: arguments, outputs, exit codes, and what its outputs depend on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hdl_py.sv.linemap import parse_line_map
from tests.hdl_py.sv.running import preprocessor
from tools.arguments import expand_params, run_program
from tools.sv_unit import command

OUTPUTS = ("json", "sv", "svi", "map")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def arguments(name: str, *more: str) -> list[str]:
    tool = preprocessor()
    out = [f"--label=//x:{name}", f"--verilator={tool.binary}", f"--verilator-root={tool.root}", *more]
    return out + [f"--out-{kind}=out_{name}.{kind}" for kind in OUTPUTS]


def sv_unit(name: str, *more: str) -> int:
    """Runs the program; its outputs are `NAME.json` and so on."""
    return run_program(command, "sv_unit", expand_params(arguments(name, *more)))


def outputs(name: str) -> dict[str, bytes]:
    return {kind: Path(f"out_{name}.{kind}").read_bytes() for kind in OUTPUTS}


def test_outputs_of_a_unit_and_its_user() -> None:
    Path("a.sv").write_text("module a(input x); endmodule\n")
    Path("b.sv").write_text("module b; wire y; a u(y); endmodule\n")
    assert sv_unit("a", "--src=a.sv") == 0
    more = (
        "--dep-json=//x:a=out_a.json",
        "--dep-svi=out_a.svi",
        "--transitive-svi=//x:a=out_a.svi",
        "--dep-map=//x:a=out_a.map",
    )
    assert sv_unit("b", "--src=b.sv", *more) == 0
    described = json.loads(Path("out_b.json").read_text())
    assert described["deps"] == ["//x:a"]
    assert [d["instances"] for d in described["definitions"]] == [["a"]]


def test_nothing_is_written_for_a_broken_unit(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.sv").write_text("module a;\n  b u();\nendmodule\n")
    assert sv_unit("a", "--src=a.sv") == 3
    assert not [kind for kind in OUTPUTS if Path(f"out_a.{kind}").exists()]
    assert capsys.readouterr().err == (
        "a.sv:2:3: error: no module, interface, program, primitive or checker named b is in this unit or in a "
        "direct dependency [unknown-definition, IEEE 1800-2023 3.12.1, 23.3.2; separate compilation 18.3]\n"
        "    add the target that defines b to `deps`\n"
        "    Verilator refuses this line as well\n"
    )


def test_a_missing_direct_dependency_is_answered_with_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.sv").write_text("module a; endmodule\n")
    Path("b.sv").write_text("module b; a u(); endmodule\n")
    Path("c.sv").write_text("module c; b u(); a v(); endmodule\n")
    assert sv_unit("a", "--src=a.sv") == 0
    assert sv_unit("b", "--src=b.sv", "--dep-json=//x:a=out_a.json", "--dep-svi=out_a.svi") == 0
    more = ("--dep-json=//x:b=out_b.json", "--transitive-svi=//x:a=out_a.svi", "--transitive-svi=//x:b=out_b.svi")
    assert sv_unit("c", "--src=c.sv", *more) == 3
    assert "buildozer 'add deps //x:a' //x:c" in capsys.readouterr().err


def test_places_in_another_unit_come_from_its_map(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.sv").write_text("// here\n  typedef int t;\nmodule a; t x; endmodule\n")
    Path("b.sv").write_text("module b; a u(); t y; endmodule\n")
    assert sv_unit("a", "--src=a.sv") == 0
    more = ("--dep-json=//x:a=out_a.json", "--dep-svi=out_a.svi")
    assert sv_unit("b", "--src=b.sv", *more) == 3
    assert "b.sv:1:18: error: t is not declared in this compilation unit; a.sv declares it" in capsys.readouterr().err
    assert sv_unit("b", "--src=b.sv", *more, "--dep-map=//x:a=out_a.map") == 3
    assert "; a.sv:2:15 declares it in the compilation unit of //x:a" in capsys.readouterr().err


def test_parameter_files_keep_every_byte(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.sv").write_text("module a; string s = `S; int x = `N; `ifdef E int e; `endif endmodule\n")
    Path("p.params").write_text(
        '--define\nS="a b $HOME \'q\' \\" +x=1"\n--define\nN=(1+2)*3\n--define\nE\n--src\na.sv\n'
    )
    assert sv_unit("a", "@p.params") == 0
    lines = outputs("a")["sv"].split(b"\n")
    assert b'"a b $HOME \'q\' \\" +x=1"' in lines
    start = lines.index(b"x")
    assert b"e" in lines
    assert lines[start : start + 10] == [b"x", b"=", b"(", b"1", b"+", b"2", b")", b"*", b"3", b";"]


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        # slang knows that y is declared below its use; Verilator takes it.
        (
            "module a;\n  wire x = y;\n  wire y;\nendmodule\n",
            'Verilator accepts this line; to build it as it is: waive = ["use-before-declaration"]',
        ),
        ("module a;\n  initial zz = 1;\nendmodule\n", "Verilator refuses this line as well"),
        (
            "module a;\n  if (0) not_there u();\nendmodule\n",
            'Verilator accepts this line; to build it as it is: waive = ["unknown-definition"]',
        ),
        ("module a;\n  int x = ;\nendmodule\n", "Verilator refuses this line as well"),
    ],
)
def test_a_refusal_tells_what_verilator_says(text: str, advice: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.sv").write_text(text)
    assert sv_unit("a", "--src=a.sv") == 3
    error = capsys.readouterr().err
    assert error.startswith("a.sv:2:")
    assert error.splitlines()[-1].strip() == advice


def test_a_waiver_builds_what_verilator_accepts() -> None:
    Path("a.sv").write_text("module a;\n  wire x = y;\n  wire y;\nendmodule\n")
    assert sv_unit("a", "--src=a.sv", "--waive=use-before-declaration") == 0
    assert json.loads(Path("out_a.json").read_text())["waived"] == ["use-before-declaration"]


@pytest.mark.parametrize(
    ("edit", "changed"),
    [
        ("", ()),
        ("// a comment\n", ("map",)),
        ("\n\n\n", ("map",)),
        ("  ", ("map",)),
        ("/* several\nlines */", ("map",)),
    ],
)
def test_an_edit_of_looks_changes_the_map_alone(edit: str, changed: tuple[str, ...]) -> None:
    text = "typedef int t;\nmodule a(input t x);\n  wire [3:0] y = x + 1; // c\nendmodule\n"
    Path("a.sv").write_text(text)
    assert sv_unit("a", "--src=a.sv") == 0
    before = outputs("a")
    for at in (0, text.index("module"), text.index("  wire"), text.index("endmodule")):
        Path("a.sv").write_text(text[:at] + edit + text[at:])
        assert sv_unit("a", "--src=a.sv") == 0
        after = outputs("a")
        assert tuple(kind for kind in OUTPUTS if before[kind] != after[kind]) == changed


def test_an_edit_of_a_body_leaves_what_parents_read() -> None:
    Path("a.sv").write_text("module a(input x, output y); assign y = x; endmodule\n")
    assert sv_unit("a", "--src=a.sv") == 0
    before = outputs("a")
    Path("a.sv").write_text("module a(input x, output y); wire z = !x; assign y = !z; endmodule\n")
    assert sv_unit("a", "--src=a.sv") == 0
    after = outputs("a")
    assert [kind for kind in OUTPUTS if before[kind] != after[kind]] == ["sv", "map"]


def test_the_map_leads_back_to_the_users_text() -> None:
    Path("h.svh").write_text("// header\n`define DOUBLE(x) (x + x)\n  int from_header;\n")
    text = '`include "h.svh"\n\nmodule a;\n\n  int  odd_name;  // c\n  initial odd_name = `DOUBLE(3);\nendmodule\n'
    Path("a.sv").write_text(text)
    assert sv_unit("a", "--src=a.sv", "--hdr=h.svh") == 0
    found = parse_line_map(Path("out_a.map").read_text(), "out_a.map")
    lines = outputs("a")["sv"].decode().splitlines()
    places = {token: str(found.position(number)) for number, token in enumerate(lines, 1)}
    assert places["odd_name"] in ("a.sv:5:8", "a.sv:6:11")
    assert places["module"] == "a.sv:3:1"
    assert places["3"] == "a.sv:6:22"
    assert found.place_of("a") == found.position(lines.index("a") + 1)
    assert str(found.place_of("from_header")) == "h.svh:3:7"
    assert str(found.place_of("DOUBLE") or "") in ("", "h.svh:2:9")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--src=nope.sv",), "nope.sv: error: can't read it: No such file or directory [unreadable]"),
        (("--src=a.sv", "--kind=other"), "'other' is not one of"),
        (("--src=a.sv", "--dep-json=out_a.json"), "--dep-json takes NAME=VALUE"),
        (("--src=a.sv", "--dep-json=//x:b=odd.json"), "odd.json: error: this is no unit description"),
        (("--src=a.sv", "--waive=no-such-check"), "which is no check"),
        ((), "Missing option '--src'"),
    ],
)
def test_wrong_usage_ends_with_2(more: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.sv").write_text("module a; endmodule\n")
    Path("odd.json").write_text("{}")
    assert sv_unit("a", *more) == 2
    assert message in capsys.readouterr().err


def test_a_preprocessor_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.sv").write_text("module a; endmodule\n")
    argv = [a if not a.startswith("--verilator=") else "--verilator=gone" for a in arguments("a", "--src=a.sv")]
    assert run_program(command, "sv_unit", argv) == 2
    assert "gone can't be run" in capsys.readouterr().err


def test_warnings_of_the_preprocessor_are_shown_and_stop_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.sv").write_text("`define V 1\n`define V 2\nmodule a; int x = `V; endmodule\n")
    assert sv_unit("a", "--src=a.sv") == 0
    assert "%Warning-REDEFMACRO: a.sv:" in capsys.readouterr().err
    assert b"\n2\n" in outputs("a")["sv"]


def test_files_as_units_of_their_own() -> None:
    Path("a.sv").write_text("`define V 1\ntypedef logic t;\nmodule a; t x = `V; endmodule\n")
    Path("b.sv").write_text("`ifndef V\ntypedef int t;\n`endif\nmodule b; t x; a u(); endmodule\n")
    assert sv_unit("u", "--src=a.sv", "--src=b.sv", "--unit=per_file") == 0
    names = [d["name"] for d in json.loads(Path("out_u.json").read_text())["definitions"]]
    assert names == ["a__unit", "a", "b__unit", "b"]


def test_as_a_process_with_an_empty_environment() -> None:
    Path("a.sv").write_text("module a; endmodule\n")
    root = str(Path(__file__).resolve().parents[3])
    environment = {"PYTHONPATH": os.pathsep.join([root, *sys.path]), "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "tools.sv_unit", *arguments("a", "--src=a.sv")],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == done.stderr == ""
    first = outputs("a")
    assert sv_unit("a", "--src=a.sv") == 0
    assert outputs("a") == first


def test_exports_are_the_users_names(capsys: pytest.CaptureFixture[str]) -> None:
    """The text has the version's names by then."""
    Path("a.sv").write_text("module leaf; endmodule\nmodule a; leaf u(); endmodule\nmodule other; endmodule\n")
    assert sv_unit("a", "--src=a.sv", "--version=1.0", "--export=a") == 0
    described = json.loads(Path("out_a.json").read_text())
    assert {d["name"]: d["exported"] for d in described["definitions"]} == {
        "leaf_v1_0": False,
        "a_v1_0": True,
        "other_v1_0": False,
    }
    assert sv_unit("a", "--src=a.sv", "--version=1.0", "--export=b") == 3
    assert "names b, which none of its sources defines [unknown-export]" in capsys.readouterr().err
