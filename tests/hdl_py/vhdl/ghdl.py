"""GHDL as the judge: analyse, elaborate and run designs, and give back what they print.

GHDL is the program that GHDL names (with GHDL_PREFIX, as Bazel sets both), else the one on
PATH (Debian: `apt-get install ghdl-mcode`). Without it these tests fail and say so;
`HDL_TESTS_WITHOUT_GHDL=1` skips them, for machines that can't have it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from hdl_py.mangle.model import Core

_MESSAGE = re.compile(r"^\S+?:\d+:\d+:@\S+?:\((?:report|assertion) \w+\): ?(.*)$")
_TREE = re.compile(r"\[[a-z -]+\]$")


# Bazel's paths are relative to the folder in which a test starts.
_NAMED = {name: os.path.abspath(os.environ[name]) for name in ("GHDL", "GHDL_PREFIX") if os.environ.get(name)}
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", **{name: path for name, path in _NAMED.items() if name == "GHDL_PREFIX"}}


@cache
def _program() -> str:
    return _NAMED.get("GHDL") or shutil.which("ghdl") or ""


def require() -> None:
    """Fail, or skip where that was asked for, if there is no GHDL."""
    if not _program():
        if os.environ.get("HDL_TESTS_WITHOUT_GHDL") == "1":
            pytest.skip("ghdl isn't on PATH, and HDL_TESTS_WITHOUT_GHDL=1 says to go on without")
        pytest.fail("ghdl isn't on PATH: install Debian's ghdl-mcode, or set HDL_TESTS_WITHOUT_GHDL=1 to skip")


def call(folder: Path, *arguments: str) -> str:
    """What GHDL prints in a folder; it must succeed."""
    require()
    done = subprocess.run(
        [_program(), *arguments], cwd=folder, capture_output=True, timeout=120, check=False, env=_ENVIRONMENT
    )
    text = (done.stdout + done.stderr).decode("latin-1")
    assert done.returncode == 0, text
    return text


class Failed(Exception):
    """GHDL didn't accept a design, or crashed."""


class Ghdl:
    """One working folder: analyse cores into it, then run tops from it."""

    def __init__(self, folder: Path, standard: str = "08", options: Iterable[str] = ()) -> None:
        require()
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._options = [f"--std={standard}", *options]

    def _call(self, verb: str, *arguments: str, library: str = "work", run: tuple[str, ...] = ()) -> str:
        command = [_program(), verb, *self._options, f"--work={library}", f"-P{self._folder}", *arguments, *run]
        done = subprocess.run(
            command, cwd=self._folder, capture_output=True, timeout=120, check=False, env=_ENVIRONMENT
        )
        text = (done.stdout + done.stderr).decode("latin-1")
        failed = done.returncode != 0 and not (run and "error: simulation failed" in text)
        if failed or "GHDL Bug occurred" in text:
            raise Failed(f"{' '.join(command)}\n{text}")
        return text

    def analyse(self, core: Core) -> None:
        """Analyse all files of a core into its library, in order."""
        self._call("-a", *self._written(core), library=core.library)

    def enter(self, core: Core) -> None:
        """Note a core's units in its library, whatever their order; `make` analyses them."""
        self._call("-i", *self._written(core), library=core.library)

    def make(self, top: str, library: str = "work") -> None:
        """Analyse what a top needs, and elaborate it."""
        self._call("-m", top, library=library)

    def _written(self, core: Core) -> list[str]:
        folder = self._folder / core.id.folder
        paths: list[str] = []
        for file in core.files:
            path = folder / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.data)
            paths.append(str(path))
        return paths

    def run(self, top: str, library: str = "work", stop: str = "1us") -> tuple[str, ...]:
        """What a top prints, in order, without the places in front; an assertion may end it."""
        text = self._call("--elab-run", top, library=library, run=(f"--stop-time={stop}",))
        found = [_MESSAGE.match(line) for line in text.splitlines()]
        return tuple(m.group(1) for m in found if m)

    def verilog(self, top: str) -> str:
        """A top and what is below it as Verilog; what no unit is bound to becomes an instance of its name."""
        command = [_program(), "--synth", *self._options, f"-P{self._folder}", "--out=verilog", top]
        done = subprocess.run(
            command, cwd=self._folder, capture_output=True, timeout=120, check=False, env=_ENVIRONMENT
        )
        if done.returncode != 0:
            raise Failed(f"{' '.join(command)}\n{done.stderr.decode('latin-1')}")
        return done.stdout.decode("latin-1")

    def tree(self, top: str, *generics: str) -> str:
        """The instances below a top with their units and ports, one a line."""
        text = self._call("-r", top, run=(*generics, "--disp-tree=port", "--stop-time=0ns"))
        return "\n".join(line for line in text.splitlines() if _TREE.search(line))

    def cross_reference(self, core: Core, path: str) -> str:
        """GHDL's cross reference of one file, whose units are made: what each of its names means."""
        return self._call("--xref", str(self._folder / core.id.folder / path), library=core.library)
