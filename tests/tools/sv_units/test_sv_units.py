"""The program sv_units: forms of output and where they go."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.hdl_py.sv.running import run_case
from tools.arguments import run_program
from tools.sv_units import command


@pytest.fixture(autouse=True)
def units(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BUILD_WORKING_DIRECTORY", raising=False)
    case = "@ //x:a a.sv\nmodule a; endmodule\n@ //x:t t.sv deps=//x:a\nmodule t; a u(); endmodule\n"
    for label, result in run_case(case).results.items():
        Path(f"{label[-1]}.json").write_text(result.unit.to_json())


def test_a_table_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_program(command, "sv_units", ["t.json", "a.json"]) == 0
    assert capsys.readouterr().out == (
        "unit   definitions  uses\n"
        "-----  -----------  -----\n"
        "//x:a  module a\n"
        "//x:t  module t     //x:a\n"
        "2 units, 2 definitions\n"
    )


def test_an_index_can_be_read_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_program(command, "sv_units", ["--format=json", "--out=index.json", "--unit-json=a.json", "t.json"]) == 0
    assert [u["label"] for u in json.loads(Path("index.json").read_text())["units"]] == ["//x:a", "//x:t"]
    assert run_program(command, "sv_units", ["index.json"]) == 0
    assert capsys.readouterr().out.startswith("unit   definitions  uses\n")


def test_versions_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    for n in "12":
        data = json.loads(Path("a.json").read_text())
        data |= {"label": f"//v{n}:a", "version": n, "renames": {"a": f"a_v{n}"}}
        data["definitions"][0]["name"] = f"a_v{n}"
        Path(f"v{n}.json").write_text(json.dumps(data))
    assert run_program(command, "sv_units", ["v1.json", "v2.json", "--format=versions"]) == 0
    assert "a: versions 1, 2\n  1: //v1:a\n" in capsys.readouterr().out
    assert run_program(command, "sv_units", ["v1.json", "v2.json", "--format=versions-json"]) == 0
    assert json.loads(capsys.readouterr().out)["coexisting"][0]["names"] == ["a"]


def test_a_picture() -> None:
    assert run_program(command, "sv_units", ["t.json", "a.json", "--format=svg", "--out=units.svg"]) == 0
    assert Path("units.svg").read_text().startswith("<svg ")


def test_paths_are_those_of_the_caller_of_bazel_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BUILD_WORKING_DIRECTORY", str(tmp_path))
    monkeypatch.chdir("/")
    assert run_program(command, "sv_units", ["a.json", "--out=table.txt"]) == 0
    assert (tmp_path / "table.txt").read_text().startswith("unit ")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "name at least one unit description"),
        (["gone.json"], "can't read it"),
        (["odd.json"], "odd.json: error: this is no JSON"),
    ],
)
def test_wrong_usage_ends_with_2(argv: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("odd.json").write_text("not json")
    assert run_program(command, "sv_units", argv) == 2
    assert message in capsys.readouterr().err
