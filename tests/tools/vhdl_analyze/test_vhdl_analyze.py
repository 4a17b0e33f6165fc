"""The program vhdl_analyze with GHDL: targets below each other, as the rule calls it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from hdl_py.errors import EXIT_REFUSED
from tests.hdl_py.vhdl.ghdl import require
from tools.vhdl_analyze import main


def _ghdl() -> tuple[str, str]:
    """The program and the folder of its libraries."""
    require()
    program = os.path.abspath(os.environ["GHDL"]) if os.environ.get("GHDL") else shutil.which("ghdl") or ""
    if prefix := os.environ.get("GHDL_PREFIX"):
        return program, os.path.abspath(prefix)
    told = subprocess.run([program, "--disp-config"], capture_output=True, text=True, check=True).stdout
    return program, next(line.partition(": ")[2] for line in told.splitlines() if line.startswith("library prefix: "))


@dataclass
class Build:
    """Targets of one folder: each is a label, its library, its direct dependencies and its files."""

    folder: Path
    targets: dict[str, tuple[str, tuple[str, ...], dict[str, bytes]]] = field(default_factory=dict)

    def add(self, label: str, deps: tuple[str, ...], files: Mapping[str, bytes], library: str = "work") -> None:
        """A target, after those that it depends on."""
        self.targets[label] = (library, deps, dict(files))
        for path, data in files.items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(data)

    def below(self, label: str) -> list[str]:
        """All targets that one depends on, dependencies first."""
        needed: set[str] = set()
        waiting = [label]
        while waiting:
            for dep in self.targets[waiting.pop()][1]:
                if dep not in needed:
                    needed.add(dep)
                    waiting.append(dep)
        return [known for known in self.targets if known in needed]

    def library_file(self, label: str) -> Path:
        """The output of a target."""
        return self.folder / (label.removeprefix("//").replace("/", "_").replace(":", "_") + ".cf")

    def analyse(self, label: str, *, checked: bool = True) -> int:
        """Analyse one target; its dependencies are analysed."""
        library, deps, files = self.targets[label]
        program, prefix = _ghdl()
        below = self.below(label)
        arguments = ["--ghdl", program, "--prefix", prefix, "--label", label, "--library", library]
        for path in files:
            arguments += ["--src", path, str(self.folder / path)]
        for known in below:
            for path in self.targets[known][2]:
                arguments += ["--dep-src", path, str(self.folder / path)]
            arguments += ["--dep", known, self.targets[known][0], str(self.library_file(known))]
            for dep in self.targets[known][1]:
                arguments += ["--needs", known, dep]
        for dep in deps if checked else ():
            arguments += ["--needs", label, dep]
        try:
            return main([*arguments, "--out", str(self.library_file(label))])
        except SystemExit as left:
            return int(str(left.code or 0))


P = b"package p is constant c : integer := 1; end;\n"
MID = b"use work.p.all;\nentity mid is end;\narchitecture a of mid is constant k : integer := c; begin end;\n"
TOP = b"entity top is end;\narchitecture a of top is\n  constant k : integer := work.p.c;\nbegin\n" \
    b"  u : entity work.mid;\nend;\n"  # fmt: skip


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """A package, an entity that uses it, and what needs both."""
    made = Build(tmp_path)
    made.add("//far:p", (), {"far/p.vhd": P})
    made.add("//mid:mid", ("//far:p",), {"mid/mid.vhd": MID})
    assert made.analyse("//far:p") == 0
    assert made.analyse("//mid:mid") == 0
    return made


def test_a_name_of_no_direct_dependency_is_refused_with_the_command(
    build: Build, capfd: pytest.CaptureFixture[str]
) -> None:
    build.add("//top:top", ("//mid:mid",), {"top/top.vhd": TOP})
    assert build.analyse("//top:top") == EXIT_REFUSED
    assert capfd.readouterr().err == (
        "top/top.vhd:3:32: error: the package p is in //far:p, which is no direct dependency of //top:top "
        "[undeclared-dependency]\n"
        "    buildozer 'add deps //far:p' //top:top\n"
    )
    assert not build.library_file("//top:top").exists()


def test_the_command_mends_it(build: Build) -> None:
    build.add("//top:top", ("//mid:mid", "//far:p"), {"top/top.vhd": TOP})
    assert build.analyse("//top:top") == 0
    assert "entity top at" in build.library_file("//top:top").read_text()
    assert "far/p.vhd" not in build.library_file("//top:top").read_text()


def test_what_names_nothing_of_it_is_accepted(build: Build) -> None:
    text = TOP.replace(b"work.p.c", b"1").replace(b" u : ", b" p : ").replace(b"k :", b"c :") + b"-- work.p.c\n"
    build.add("//top:top", ("//mid:mid",), {"top/top.vhd": text})
    assert build.analyse("//top:top") == 0


def test_the_check_reads_no_file_below_where_no_name_is_spelled(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most units name nothing of an indirect dependency: their analysis costs what it did."""
    build.add("//top:top", ("//mid:mid",), {"top/top.vhd": TOP.replace(b"work.p.c", b"1")})
    monkeypatch.setattr("hdl_py.vhdl.declared.undeclared_dependencies", lambda *_: pytest.fail("not needed"))
    assert build.analyse("//top:top") == 0


def test_only_ghdl_s_errors_are_shown_where_it_finds_some(build: Build, capfd: pytest.CaptureFixture[str]) -> None:
    build.add("//top:top", ("//mid:mid",), {"top/top.vhd": TOP.replace(b"p.c", b"p.nothing")})
    assert build.analyse("//top:top") == 1
    told = capfd.readouterr().err
    assert "nothing" in told
    assert "undeclared-dependency" not in told


def test_names_in_latin_1_and_paths_in_utf_8(build: Build, capfd: pytest.CaptureFixture[str]) -> None:
    entity = "entity \xe9t\xc9 is end;\narchitecture a of \xc9T\xe9 is begin end;\n".encode("latin-1")
    build.add("//far:é", (), {"far/b é.vhd": entity})
    build.add("//mid:é", ("//far:é",), {"mid/c.vhd": b"entity c is end;\n"})
    build.add("//top:é", ("//mid:é",), {"top/é.vhd": entity.replace(b"entity \xe9t\xc9 is end;\n", b"")})
    assert [build.analyse(label) for label in ("//far:é", "//mid:é", "//top:é")] == [0, 0, EXIT_REFUSED]
    assert "top/é.vhd:1:19: error: the entity ÉTé is in //far:é" in capfd.readouterr().err
    build.add("//twice:é", ("//far:é",), {"twice/é.vhd": entity})
    assert build.analyse("//twice:é") == EXIT_REFUSED
    assert "has it already from far/b é.vhd of //far:é" in capfd.readouterr().err
