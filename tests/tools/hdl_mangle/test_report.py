"""The report of hdl_mangle, on success and on failure."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.tools.hdl_mangle.project import CORE, files, request, sv, write_project
from tools.hdl_mangle import program


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two versions of a unit, a user of each, and a top."""
    return write_project(tmp_path)


@pytest.mark.parametrize("name", ["report.json", "report"])
def test_a_report_is_json(project: Path, name: str) -> None:
    assert program([str(request(project)), "--out", str(project / "o"), "--report", str(project / name)]) == 0
    assert json.loads((project / name).read_text())["status"] == "done"


def test_a_report_for_people(project: Path) -> None:
    report = project / "r.txt"
    assert program([str(request(project)), "--out", str(project / "o"), "--report", str(report)]) == 0
    assert report.read_text().startswith("unit: versions 1.0.0, 2.0.0 side by side\n")
    (project / "a.sv").write_text("module a; unit_v2_0_0 u(); endmodule\n")
    assert program([str(request(project)), "--out", str(project / "o"), "--report", str(report)]) == 3
    assert "Refused, nothing is written: 1 cause." in report.read_text()
    assert "a.sv:1:11: refused: " in report.read_text()


def keys_of(report: Path) -> list[set[str]]:
    """The keys of every cause; there is one at least."""
    found = [set(r) for r in json.loads(report.read_text())["refusals"]]
    assert found
    return found


def test_a_report_never_says_done_where_nothing_is_written(project: Path) -> None:
    out, report = project / "out", project / "r.json"
    assert program([str(request(project)), "--out", str(project / "first"), "--report", str(report)]) == 0
    out.mkdir()
    (out / "x").write_text("mine")
    assert program([str(request(project)), "--out", str(out), "--report", str(report)]) == 2
    assert json.loads(report.read_text())["status"] == "failed"
    assert keys_of(report) == [{"code", "core", "version", "file", "line", "column", "name", "message"}]
    assert "no rename-manifest.json" in json.loads(report.read_text())["refusals"][0]["message"]
    assert files(out) == {"x": b"mine"}


@pytest.mark.parametrize("name", ["r.json", "r.txt"])
def test_a_report_of_a_request_that_cant_be_read(project: Path, name: str) -> None:
    report = project / name
    assert program([str(request(project)), "--out", str(project / "out"), "--report", str(report)]) == 0
    path = request(project, cores=[{**CORE, "sources": ["x.sv", "y.sv"]}])
    assert program([str(path), "--out", str(project / "out"), "--report", str(report)]) == 2
    assert "x.sv" in report.read_text()
    assert "y.sv" in report.read_text()
    assert "side by side" not in report.read_text()


@pytest.mark.parametrize("name", ["a.sv", "request.json", "out/rename-manifest.json", "."])
def test_a_report_replaces_nothing_else(project: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    path = request(project)
    before = files(project)
    assert program([str(path), "--out", str(project / "out"), "--report", str(project / name)]) == 2
    assert capsys.readouterr().err.startswith(str(project / name).removesuffix("/."))
    assert files(project) == before
    path.write_text("{")
    if name == "a.sv":
        assert program([str(path), "--out", str(project / "out"), "--report", str(project / name)]) == 2
        assert (project / "a.sv").read_bytes() == before["a.sv"]


def test_a_report_may_lie_in_the_output_folder(project: Path) -> None:
    out = project / "out"
    report = out / "reports" / "r.json"
    arguments = ["--out", str(out), "--report", str(report)]
    assert program([str(request(project, top="zz")), *arguments]) == 3
    assert list(files(out)) == ["reports/r.json"]
    assert program([str(request(project)), *arguments]) == 0
    assert json.loads(report.read_text())["status"] == "done"
    assert (out / "a-1" / "a.sv").is_file()


def test_a_pipe_is_no_source(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(project / "p.sv")
    path = request(project, cores=[sv("n", "1", "p.sv")], top="")
    assert program([str(path), "--out", str(project / "out")]) == 2
    assert "p.sv: error: cores[0].sources[0]: can't read 'p.sv': found a pipe" in capsys.readouterr().err


def test_a_folder_behind_a_link_is_filled(project: Path) -> None:
    (project / "out").symlink_to(project / "real")
    assert program([str(request(project)), "--out", str(project / "out")]) == 0
    assert (project / "real" / "rename-manifest.json").is_file()
    assert (project / "out").is_symlink()


def test_a_core_that_cant_be_read_hides_no_cause_elsewhere(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nor makes one up: what depends on it isn't judged."""
    (project / "b.sv").write_text("module b;\n unit u();\n wire unit_v1_0_0;\nendmodule\n")
    (project / "c.sv").write_bytes(b"module c; endmodule\0")
    (project / "d.sv").write_text("module d; c u(); other::t x; wire unit; endmodule\n")
    cores = json.loads(request(project).read_text())["cores"]
    del cores[3]["depends"]
    cores += [sv("c", "1", "c.sv"), sv("d", "1", "d.sv", c="1")]
    report = project / "r.json"
    assert program([str(request(project, cores=cores)), "--out", str(project / "out"), "--report", str(report)]) == 3
    listed = json.loads(report.read_text())["refusals"]
    assert {(r["code"], r["core"], r["line"]) for r in listed} == {
        ("encoding", "c", 0),
        ("taken-name", "b", 3),
        ("undeclared-dependency", "b", 2),
    }
    assert len(capsys.readouterr().err.splitlines()) == 3
    assert not (project / "out").exists()
