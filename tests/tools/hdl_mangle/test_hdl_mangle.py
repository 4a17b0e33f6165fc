"""The program: request in, folders and manifest out, exit codes, and nothing on a refusal."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.tools.hdl_mangle.project import CORE, UNIT, USER, files, request, sv, write_project
from tools.hdl_mangle import program


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two versions of a unit, a user of each, and a top."""
    return write_project(tmp_path)


def test_two_versions_side_by_side(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, report = project / "out", project / "reports" / "r.json"
    assert program([str(request(project)), "--out", str(out), "--report", str(report)]) == 0
    made = files(out)
    assert sorted(made) == [
        "a-1/a.sv",
        "b-1/b.sv",
        "rename-manifest.json",
        "soc-1/soc.sv",
        "unit-1.0.0/ip/v1/unit.sv",
        "unit-2.0.0/ip/v2/unit.sv",
    ]
    assert made["a-1/a.sv"] == b"module a(output int q); unit_v1_0_0 u(.q(q)); endmodule\n"
    assert made["b-1/b.sv"] == b"module b(output int q); unit_v2_0_0 u(.q(q)); endmodule\n"
    assert made["soc-1/soc.sv"] == (project / "soc.sv").read_bytes()
    assert made["unit-2.0.0/ip/v2/unit.sv"].decode() == UNIT.replace("{w}", "16").replace(
        "bus_pkg", "bus_pkg_v2_0_0"
    ).replace("module unit", "module unit_v2_0_0")
    text = capsys.readouterr().out
    assert "unit: versions 1.0.0, 2.0.0 side by side" in text
    assert "because of soc 1 -> a 1 -> unit 1.0.0" in text
    assert "package bus_pkg is bus_pkg_v1_0_0" in text
    done = json.loads(report.read_text())
    assert done["status"] == "done"
    assert done["refusals"] == []
    assert done["coexisting"][0]["versions"][1]["paths"] == [["soc 1", "b 1", "unit 2.0.0"]]


def test_the_manifest_says_who_got_what(project: Path) -> None:
    out = project / "out"
    assert program([str(request(project, top="a")), "--out", str(out)]) == 0
    manifest = json.loads((out / "rename-manifest.json").read_text())
    assert manifest["top"] == "a"
    renames = {(r["core"], r["version"], r["kind"], r["old_name"]): r for r in manifest["renames"]}
    assert sorted(renames) == [
        ("unit", "1.0.0", "module", "unit"),
        ("unit", "1.0.0", "package", "bus_pkg"),
        ("unit", "2.0.0", "module", "unit"),
        ("unit", "2.0.0", "package", "bus_pkg"),
    ]
    found = renames["unit", "1.0.0", "package", "bus_pkg"]
    assert found["new_name"] == "bus_pkg_v1_0_0"
    assert [(e["core"], e["file"], e["line"], e["column"], e["role"]) for e in found["edits"]] == [
        ("unit", "ip/v1/unit.sv", 1, 9, "declaration"),
        ("unit", "ip/v1/unit.sv", 1, 53, "end label"),
        ("unit", "ip/v1/unit.sv", 2, 39, "reference"),
    ]
    (edit,) = [e for e in renames["unit", "2.0.0", "module", "unit"]["edits"] if e["core"] == "b"]
    assert (edit["version"], edit["file"], edit["line"], edit["column"]) == ("1", "b.sv", 1, 25)
    first = manifest["cores"][0]
    assert first["sources"] == ["unit-1.0.0/ip/v1/unit.sv"]


def test_a_refusal_writes_nothing_and_lists_every_cause(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "b.sv").write_text("module b;\n unit u();\n wire unit_v1_0_0;\nendmodule\n")
    data = json.loads(request(project).read_text())
    del data["cores"][3]["depends"]
    path = request(project, cores=data["cores"])
    out, report = project / "out", project / "r.json"
    before = files(project)
    assert program([str(path), "--out", str(out), "--report", str(report)]) == 3
    assert not out.exists()
    listed = json.loads(report.read_text())["refusals"]
    assert [set(r) for r in listed] == [{"code", "core", "version", "file", "line", "column", "name", "message"}] * 2
    assert [(r["code"], r["core"], r["version"], r["file"], r["line"], r["column"], r["name"]) for r in listed] == [
        ("taken-name", "b", "1", "b.sv", 3, 7, "unit_v1_0_0"),
        ("undeclared-dependency", "b", "1", "b.sv", 2, 2, "unit"),
    ]
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 2
    assert errors[1].startswith("b.sv:2:2: refused: b 1 uses 'unit' but depends on no core that defines it; add ")
    assert errors[1].endswith("[undeclared-dependency, b 1, unit]")
    report.unlink()
    assert files(project) == before


def test_a_refusal_leaves_an_earlier_output_alone(project: Path) -> None:
    out = project / "out"
    assert program([str(request(project)), "--out", str(out)]) == 0
    before = files(out)
    (project / "a.sv").write_text("module a; unit_v2_0_0 u(); endmodule\n")
    assert program([str(request(project)), "--out", str(out)]) == 3
    assert files(out) == before


def test_a_second_run_replaces_the_first(project: Path) -> None:
    out = project / "out"
    assert program([str(request(project)), "--out", str(out)]) == 0
    (out / "mine.txt").write_text("kept")
    cores = json.loads(request(project).read_text())["cores"]
    assert program([str(request(project, cores=cores[:2], top="")), "--out", str(out)]) == 0
    assert sorted(files(out)) == [
        "mine.txt",
        "rename-manifest.json",
        "unit-1.0.0/ip/v1/unit.sv",
        "unit-2.0.0/ip/v2/unit.sv",
    ]


def test_the_output_is_the_same_each_time(project: Path) -> None:
    one, two = project / "one", project / "two"
    assert program([str(request(project)), "--out", str(one)]) == 0
    assert program([str(request(project)), "--out", str(two)]) == 0
    assert files(one) == files(two)


def test_the_output_of_a_run_needs_no_further_rename(project: Path) -> None:
    out = project / "out"
    assert program([str(request(project)), "--out", str(out)]) == 0
    manifest = json.loads((out / "rename-manifest.json").read_text())
    path = out.parent / "again.json"
    cores = [
        {"name": f"{c['name']}-{c['version']}", "version": "1", "language": "systemverilog",
         "sources": [f"out/{s}" for s in c["sources"]],
         "depends": {f"{n}-{v}": "1" for n, v in c["depends"].items()}}
        for c in manifest["cores"]
    ]  # fmt: skip
    path.write_text(json.dumps({"cores": cores, "top": manifest["top"]}))
    assert program([str(path), "--out", str(project / "again")]) == 0
    assert json.loads((project / "again" / "rename-manifest.json").read_text())["renames"] == []


def test_headers_belong_to_a_version(project: Path) -> None:
    """Headers of one name, found through the folders of the version depended on, listed or not."""
    for v in ("v1", "v2"):
        (project / "ip" / v / "inc").mkdir()
        (project / "ip" / v / "inc" / "unit.svh").write_text('`define UNIT(n) unit n();\n`include "more.svh"\n')
        (project / "ip" / v / "inc" / "more.svh").write_text("`define MORE bus_pkg::W\n")
    (project / "a.sv").write_text('`include "unit.svh"\nmodule a; `UNIT(u) int x = `MORE; endmodule\n')
    (project / "b.sv").write_text('`include "unit.svh"\nmodule b; `UNIT(u) int x = `MORE; endmodule\n')
    cores = json.loads(request(project).read_text())["cores"]
    cores[0] |= {"headers": ["ip/v1/inc/unit.svh"], "include_dirs": ["ip/v1/inc"]}
    cores[1] |= {"headers": [], "include_dirs": ["ip/v2/inc"]}
    cores[4]["sources"] = ["top.sv"]
    (project / "top.sv").write_text("module soc; a ua(); b ub(); endmodule\n")
    out = project / "out"
    assert program([str(request(project, cores=cores)), "--out", str(out)]) == 0
    made = files(out)
    assert made["unit-1.0.0/ip/v1/inc/unit.svh"].startswith(b"`define UNIT(n) unit_v1_0_0 n();")
    # Nobody lists the second version's headers: they are read for the core that includes them.
    assert b"unit_v2_0_0 n();" in made["b-1/ip/v2/inc/unit.svh"]
    assert b"bus_pkg_v2_0_0::W" in made["b-1/ip/v2/inc/more.svh"]
    manifest = json.loads((out / "rename-manifest.json").read_text())
    dirs = {c["name"]: c["include_dirs"] for c in manifest["cores"] if c["name"] in "ab"}
    assert dirs["a"] == ["unit-1.0.0/ip/v1/inc"]
    assert dirs["b"] == ["b-1/ip/v2/inc"]


def test_both_languages(project: Path) -> None:
    for v in "12":
        (project / f"e{v}.vhd").write_text("entity leaf is end leaf;\narchitecture a of Leaf is begin end a;\n")
    (project / "a.sv").write_text("module a; leaf u(); wire Leaf; endmodule\n")
    vhdl = [{**sv("leaf", v, f"e{v}.vhd"), "language": "vhdl", "library": "ip"} for v in "12"]
    cores = [*vhdl, sv("a", "1", "a.sv", leaf="1")]
    out = project / "out"
    assert program([str(request(project, cores=cores, top="a")), "--out", str(out)]) == 0
    assert files(out)["a-1/a.sv"] == b"module a; leaf_v1 u(); wire Leaf; endmodule\n"
    assert files(out)["leaf-2/e2.vhd"].startswith(b"entity leaf_v2 is end leaf_v2;")


WRONG: list[tuple[str, Any, str]] = [
    ("no json", "{", "request.json:1:2: error: not JSON: "),
    ("no number", f'{{"cores": {"9" * 5000}}}', "request.json: error: not JSON: "),
    ("no object", [], "found a list, expected an object"),
    ("no cores", {}, "cores: found nothing, expected a list of at least one core"),
    ("empty cores", {"cores": []}, "cores: found a list"),
    ("core of a wrong type", {"cores": [1]}, "cores[0]: found a number, expected an object"),
    ("unknown key", {"cores": [CORE], "tops": "x"}, 'found the key "tops"'),
    ("unknown key of a core", {"cores": [{**CORE, "source": []}]}, 'cores[0]: found the key "source"'),
    ("missing version", {"cores": [{"name": "n", "language": "vhdl"}]}, 'cores[0]: the key "version" is missing'),
    ("unknown language", {"cores": [{**CORE, "language": "verilog"}]}, "cores[0].language: found 'verilog', expected"),
    ("sources of a wrong type", {"cores": [{**CORE, "sources": "a.sv"}]}, "cores[0].sources: found a string"),
    ("sources with a number", {"cores": [{**CORE, "sources": [1]}]}, "cores[0].sources: found a list, expected a list"),
    ("defines of a wrong type", {"cores": [{**CORE, "defines": {"A": 1}}]}, "cores[0].defines: found an object"),
    ("missing file", {"cores": [{**CORE, "sources": ["z.sv"]}]}, "z.sv: error: cores[0].sources[0]: can't read 'z.sv'"),
    ("file twice", {"cores": [{**CORE, "sources": ["a.sv", "./a.sv"]}]}, "'./a.sv' is listed twice"),
    ("source and header", {"cores": [{**CORE, "sources": ["a.sv"], "headers": ["a.sv"]}]}, "is a source and a header"),
    ("path outside", {"cores": [{**CORE, "sources": ["../a.sv"]}]}, "isn't below the request's folder"),
    ("core twice", {"cores": [CORE, CORE]}, "cores[1]: n 1 is there already as cores[0]"),
    ("folders that meet", {"cores": [{**CORE, "name": "n-1", "version": "2"}, {**CORE, "version": "1-2"}]},
     "would share the folder 'n-1-2'"),
    ("version without letters", {"cores": [{**CORE, "version": "."}]}, "has no letter and no digit"),
    ("name with a slash", {"cores": [{**CORE, "name": "a/b"}]}, "expected a name that a folder can have"),
    ("unknown dependency", {"cores": [{**CORE, "depends": {"zz": "1"}}]}, "the request has no core 'zz'"),
    ("unknown version", {"cores": [{**CORE, "depends": {"n": "2"}}]}, "but the request has n 1"),
    ("half a character", {"cores": [{**CORE, "sources": ["\ud800.sv"]}]}, "half of a surrogate pair"),
    ("a key twice", '{"cores": [{"name": "n", "version": "1", "version": "2"}]}', 'the key "version" stands twice'),
    ("top of a wrong type", {"cores": [CORE], "top": 1}, "top: found a number, expected a string"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "message"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_a_wrong_request(project: Path, capsys: pytest.CaptureFixture[str], data: Any, message: str) -> None:
    path = project / "request.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    assert program([str(path), "--out", str(project / "out")]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error
    assert not (project / "out").exists()


def test_everything_wrong_with_a_request_is_listed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = request(project, cores=[{**CORE, "sources": ["x.sv", "y.sv"]}, {"name": 3}])
    assert program([str(path), "--out", str(project / "out")]) == 2
    error = capsys.readouterr().err
    assert len([line for line in error.splitlines() if ": error: " in line]) == 5


@pytest.mark.parametrize("arguments", [[], ["zz.json"], ["zz.json", "--out"], ["a", "b", "--out", "c"], ["--nope"]])
def test_wrong_usage(arguments: list[str]) -> None:
    assert program(arguments) == 2


def test_a_request_that_is_not_there(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert program([str(project / "zz.json"), "--out", str(project / "out")]) == 2
    assert "zz.json: error: can't read the request" in capsys.readouterr().err


def test_an_output_folder_with_other_files_is_left_alone(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = project / "out"
    out.mkdir()
    (out / "x").write_text("mine")
    assert program([str(request(project)), "--out", str(out)]) == 2
    assert "the folder has files but no rename-manifest.json" in capsys.readouterr().err
    assert files(out) == {"x": b"mine"}


def test_an_output_folder_that_is_a_file(project: Path) -> None:
    assert program([str(request(project)), "--out", str(project / "a.sv")]) == 2
    assert (project / "a.sv").read_text() == USER.replace("{n}", "a")


def test_inputs_are_never_overwritten(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = project / "out"
    assert program([str(request(project)), "--out", str(out)]) == 0
    os.rename(project / "request.json", out / "request.json")
    cores = [sv("unit", "1.0.0", "unit-1.0.0/ip/v1/unit.sv")]
    (out / "request.json").write_text(json.dumps({"cores": cores}))
    before = files(out)
    assert program([str(out / "request.json"), "--out", str(out)]) == 2
    assert "holds inputs of the request" in capsys.readouterr().err
    assert files(out) == before


def test_an_empty_output_folder_is_filled(project: Path) -> None:
    out = project / "deep" / "out"
    out.mkdir(parents=True)
    assert program([str(request(project)), "--out", str(out)]) == 0
    assert (out / "rename-manifest.json").is_file()


def test_a_version_that_no_folder_can_be_called_after_is_told(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cores = [sv("n", "1", "ip/v1/unit.sv"), sv("n", "2" * 3000, "ip/v2/unit.sv")]
    assert program([str(request(project, cores=cores, top="")), "--out", str(project / "out")]) == 2
    assert "can't write" in capsys.readouterr().err
    assert not (project / "out").exists()
