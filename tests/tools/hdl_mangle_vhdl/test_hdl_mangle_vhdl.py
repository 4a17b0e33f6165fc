"""The program hdl_mangle on VHDL: the example, the manifest's places, refusals, and bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.hdl_py.vhdl.ghdl import call
from tools.arguments import run_program
from tools.hdl_mangle import main

EXAMPLE = Path(__file__).parents[3] / "examples/two_versions/vhdl"
PRINTED = [
    "display, lane 0: gain 1.0.0, 8 bits: 144",
    "display, lane 1: gain 1.0.0, 8 bits: 146",
    "network, lane 0: gain 2.0.0, 16 bits: 600, odd false",
    "network, lane 1: gain 2.0.0, 16 bits: 804, odd false",
]


def hdl_mangle(request: Path, out: Path, *more: str) -> int:
    try:
        return run_program(main, "hdl_mangle", [str(request), "--out", str(out), *more])
    except SystemExit as left:
        return int(str(left.code))


def manifest(out: Path) -> dict[str, Any]:
    found = json.loads((out / "rename-manifest.json").read_text())
    assert isinstance(found, dict)
    return found


def ghdl(folder: Path, verb: str, *arguments: str) -> str:
    """What GHDL prints; it must succeed."""
    return call(folder, verb, "--std=08", f"-P{folder}", *arguments)


def analyse(out: Path, folder: Path) -> None:
    """Analyse what the manifest lists, in its order."""
    folder.mkdir()
    for core in manifest(out)["cores"]:
        assert core["sources"]
        ghdl(folder, "-a", f"--work={core['library']}", *(str(out / source) for source in core["sources"]))


def write(folder: Path, cores: Sequence[Mapping[str, object]], files: Mapping[str, bytes], top: str = "") -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    request = folder / "request.json"
    request.write_text(
        json.dumps({"cores": [{"language": "vhdl", **c} for c in cores], **({"top": top} if top else {})})
    )
    return request


def test_the_example_prints_what_its_readme_says(tmp_path: Path) -> None:
    assert hdl_mangle(EXAMPLE / "request.json", tmp_path / "out") == 0
    analyse(tmp_path / "out", tmp_path / "w")
    text = ghdl(tmp_path / "w", "--elab-run", "system_tb")
    assert sorted(line.partition("(report note): ")[2] for line in text.splitlines()) == PRINTED
    readme = (EXAMPLE / "README.md").read_text()
    for line in PRINTED:
        assert line in readme


def test_the_manifest_names_every_place_that_changed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert hdl_mangle(EXAMPLE / "request.json", out) == 0
    edits = 0
    texts: dict[tuple[str, str, str], list[bytes]] = {}
    for entry in manifest(out)["renames"]:
        for edit in entry["edits"]:
            key = (edit["core"], edit["version"], edit["file"])
            lines = texts.setdefault(key, (EXAMPLE / edit["file"]).read_bytes().split(b"\n"))
            line = lines[edit["line"] - 1]
            at = edit["column"] - 1
            assert line[at : at + len(entry["old_name"])].lower() == entry["old_name"].lower().encode()
            edits += 1
    assert edits == 24


def test_a_refusal_writes_nothing_and_lists_every_cause(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    files = {
        "v1/n.vhd": b"entity n is end;\n",
        "v2/n.vhd": b"entity n is end;\n",
        "user.vhd": b"entity user is end;\narchitecture a of user is begin\n  u : entity work.n;\n"
        b"  assert false report work.n'simple_name;\nend;\n",
        "stray.vhd": b"entity stray is end;\narchitecture a of stray is begin\n  u : entity work.N;\nend;\n",
    }
    cores: list[dict[str, object]] = [
        {"name": "unit", "version": "1", "sources": ["v1/n.vhd"]},
        {"name": "unit", "version": "2", "sources": ["v2/n.vhd"]},
        {"name": "user", "version": "1", "sources": ["user.vhd"], "depends": {"unit": "1"}},
        {"name": "stray", "version": "1", "sources": ["stray.vhd"]},
    ]
    request = write(tmp_path, cores, files)
    assert hdl_mangle(request, tmp_path / "out", "--report", str(tmp_path / "report.json")) == 3
    assert not (tmp_path / "out").exists()
    stderr = capfd.readouterr().err
    report = json.loads((tmp_path / "report.json").read_text())
    causes = [(c["code"], c["file"], c["line"], c["column"], c["name"]) for c in report["refusals"]]
    assert causes == [
        ("name-as-value", "user.vhd", 4, 30, "simple_name"),
        ("undeclared-dependency", "stray.vhd", 3, 19, "N"),
    ]
    assert "user.vhd:4:30: refused: " in stderr
    assert "stray.vhd:3:19: refused: " in stderr


def test_bytes_that_are_no_utf_8_and_line_ends_stay(tmp_path: Path) -> None:
    unit = b"-- \xe4\xff\r\nentity n is end entity n;\r\narchitecture \xe9 of N is begin end;\r"
    user = b"entity user is end;\r\narchitecture a of user is begin u : entity work.n(\xc9); -- \xd7\r\nend;"
    cores: list[dict[str, object]] = [
        {"name": "unit", "version": "1.0", "sources": ["v1/n.vhd"], "library": "ip"},
        {"name": "unit", "version": "2.0", "sources": ["v2/n.vhd"], "library": "ip"},
        {"name": "user", "version": "1", "sources": ["user.vhd"], "library": "ip", "depends": {"unit": "2.0"}},
    ]
    request = write(tmp_path, cores, {"v1/n.vhd": unit, "v2/n.vhd": unit, "user.vhd": user}, "user")
    out = tmp_path / "out"
    assert hdl_mangle(request, out) == 0
    expected = unit.replace(b"entity n", b"entity n_v1_0").replace(b"of N", b"of n_v1_0")
    assert (out / "unit-1.0/v1/n.vhd").read_bytes() == expected
    assert (out / "user-1/user.vhd").read_bytes() == user.replace(b"work.n", b"work.n_v2_0")
    analyse(out, tmp_path / "w")
