"""Verilates, compiles and runs small designs, without Verilator's make flow."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.hdl_py.sv.running import Done, preprocessor

_RUNTIME = ("verilated", "verilated_timing", "verilated_threads", "verilated_random", "verilated_dpi")
_FLAGS = (
    "-std=c++20",
    "-fcoroutines",
    "-O0",
    "-pthread",
    "-DVM_COVERAGE=0",
    "-DVM_SC=0",
    "-DVM_TRACE=0",
    "-DVM_TIMING=1",
)


@dataclass(frozen=True)
class Verilated:
    """What Verilator said.

    Attributes:
        code: its exit code.
        messages: what it wrote to stderr.
    """

    code: int
    messages: str


class Simulators:
    """Builds simulators; the runtime is compiled once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tool = preprocessor()
        self._include = Path(self._tool.root) / "include"
        self._objects: list[str] = []
        self._count = 0

    def _compile(self, *arguments: str) -> None:
        include = ["-I", str(self._include), "-I", str(self._include / "vltstd")]
        done = subprocess.run(["g++", *_FLAGS, *include, *arguments], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-3000:]

    def _runtime(self) -> list[str]:
        if not self._objects:
            for name in _RUNTIME:
                target = str(self._folder / f"{name}.o")
                self._compile("-c", str(self._include / f"{name}.cpp"), "-o", target)
                self._objects.append(target)
        return self._objects

    def verilate(self, files: Sequence[str], top: str, *options: str) -> Verilated:
        """Runs Verilator on files in the working directory; writes the model to `model`."""
        argv = [self._tool.binary, "--cc", "--main", "--exe", "--timing", "--assert", "--quiet-stats"]
        argv += ["--prefix", "Vt", "--Mdir", "model", "-Wno-fatal", "--top-module", top, *options, *files]
        done = subprocess.run(argv, capture_output=True, text=True, env={"VERILATOR_ROOT": self._tool.root})
        return Verilated(done.returncode, done.stderr)

    def run(self, files: Sequence[str], top: str, *options: str) -> list[str]:
        """The lines that a design prints; it has to end well."""
        ran = self.start(files, top, *options)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return [line for line in ran.stdout.splitlines() if not line.startswith("- ")]

    def start(
        self,
        files: Sequence[str],
        top: str,
        *options: str,
        rewrite: Callable[[bytes], bytes] = lambda cpp: cpp,
    ) -> subprocess.CompletedProcess[str]:
        """Builds and runs a design; `rewrite` is applied to the C++ in between."""
        done = self.verilate(files, top, *options)
        assert done.code == 0, done.messages
        for path in Path("model").glob("*.cpp"):
            path.write_bytes(rewrite(path.read_bytes()))
        # One translation unit: most of the time goes into reading Verilator's headers.
        unity = Path("model/all.cc")
        unity.write_text("".join(f'#include "{p.name}"\n' for p in sorted(Path("model").glob("*.cpp"))))
        self._compile("-Imodel", str(unity), *self._runtime(), "-o", "model/sim")
        return subprocess.run(["model/sim"], capture_output=True, text=True, timeout=60)


def write_isolated(done: Done) -> list[str]:
    """The isolated texts as files, in dependency order."""
    names = []
    for label, result in done.results.items():
        name = label.replace("//", "").replace(":", "_") + ".sv"
        Path(name).write_bytes(result.isolated)
        names.append(name)
    return names
