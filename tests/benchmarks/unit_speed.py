"""How long SvUnit takes and how much memory it needs, start of the process included.

`./bazelw run //tests/benchmarks:unit_speed`, or `python -m tests.benchmarks.unit_speed` in the repository. Beside
each unit stands what Verilator needs to read the same files, as it is asked to stop behind its parser: the two take
turns in one run. Processor time counts, children included, so that other work on the machine decides little. Ends
with 1 if a figure is over its limit.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.hdl_py.sv.cores import cv32e40p, ibex
from tests.hdl_py.sv.running import preprocessor

# The kernel counts the parent's memory into a child's `ru_maxrss`, but not into the peak of its own address space.
_RUN = """
import runpy
try:
    runpy.run_module("tools.sv_unit", run_name="__main__", alter_sys=True)
finally:
    with open("/proc/self/status") as status, open("peak", "w") as peak:
        peak.write(next(line for line in status if line.startswith("VmHWM:")))
"""


@dataclass(frozen=True)
class Case:
    """A unit to measure.

    Attributes:
        name: what it is called in the table.
        srcs: its files.
        seconds: the limit.
        megabytes: the limit; of the tool itself, without the preprocessor.
        headers: the headers.
        folders: where headers are searched.
        waived: checks that it waives.
    """

    name: str
    srcs: tuple[str, ...]
    seconds: float
    megabytes: float
    headers: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    waived: tuple[str, ...] = ()

    def lines(self) -> int:
        """The lines of its sources; the headers come on top."""
        return sum(Path(src).read_bytes().count(b"\n") for src in self.srcs)


@dataclass
class Times:
    """The best of several runs."""

    cpu: float = 1e9
    wall: float = 1e9

    def add(self, cpu: float, wall: float) -> None:
        self.cpu, self.wall = min(self.cpu, cpu), min(self.wall, wall)


@dataclass
class Measured:
    """What came of a case."""

    unit: Times = field(default_factory=Times)
    verilator: Times = field(default_factory=Times)
    megabytes: float = 0.0


def module(name: str, lines: int) -> str:
    """A module of so many lines, twice as dense as real ones."""
    body = "\n".join(
        f"  logic [7:0] s{n};\n  always_ff @(posedge clk) s{n} <= s{max(n - 1, 0)} + 8'd{n % 256};"
        for n in range((lines - 3) // 2)
    )
    return f"module {name}(input logic clk, output logic [7:0] q);\n{body}\n  assign q = s0;\nendmodule\n"


def small() -> Case:
    """A unit of 300 lines."""
    Path("small.sv").write_text("typedef int t;\n" + module("a", 300))
    return Case("300 lines", ("small.sv",), 0.4, 100)


def written() -> Case:
    """30,000 lines, with items outside definitions that every second module uses."""
    text = "package values; parameter ONE = 1; endpackage\nimport values::*;\n"
    text += "typedef logic [7:0] t;\nfunction automatic t f(t x); return x + ONE; endfunction\n"
    for n in range(30):
        text += module(f"m{n}", 1000) + f"module n{n}(input t x); t y = f(x) + ONE; endmodule\n"
    Path("written.sv").write_text(text)
    return Case("30,000 lines, dense", ("written.sv",), 3, 300)


def cores() -> Case:
    """30,000 lines of Ibex and CV32E40P in one unit, packages first."""
    packages: list[str] = []
    others: list[str] = []
    headers: list[str] = []
    folders: list[str] = []
    for core in (ibex(), cv32e40p()):
        chosen = [f for f in core.files if "/vendor/" not in f or "ibex" in f]
        packages += [f for f in chosen if "_pkg" in f]
        others += [f for f in chosen if "_pkg" not in f and "tb_wrapper" not in f and "tracing" not in f]
        headers += core.headers
        folders += core.includes
    # In the order that packages need, then as many modules as make 30,000 lines.
    packages.sort(key=lambda f: ("ibex_pkg" in f or "alert" in f or "esc_pkg" in f or "tracer" in f, f))
    count, srcs = 0, []
    for file in (*packages, *others):
        if count < 30_000:
            srcs.append(file)
            count += Path(file).read_bytes().count(b"\n")
    return Case(
        "30,000 lines of Ibex and CV32E40P",
        tuple(srcs),
        3,
        300,
        tuple(headers),
        tuple(folders),
        ("unknown-definition",),
    )


def run(argv: Sequence[str], environment: dict[str, str]) -> tuple[float, float]:
    """Seconds of processor time and of the clock that a program takes; it has to end with 0."""
    started = time.monotonic()
    # What Verilator says of its option, and warnings, belong to no table.
    silent = [(os.POSIX_SPAWN_OPEN, fd, os.devnull, os.O_WRONLY, 0) for fd in (1, 2)]
    process = os.posix_spawn(argv[0], argv, environment, file_actions=silent)
    _, status, usage = os.wait4(process, 0)
    wall = time.monotonic() - started
    if status != 0:
        sys.exit(f"{argv[:4]} … ended with {status}: no speed counts")
    return usage.ru_utime + usage.ru_stime, wall


def measure(case: Case, runs: int) -> Measured:
    """Both programs in turns."""
    tool = preprocessor()
    root = str(Path(__file__).resolve().parents[2])
    unit = [sys.executable, "-c", _RUN, "--label=//x:u", f"--verilator={tool.binary}"]
    unit += [f"--verilator-root={tool.root}", *(f"--src={s}" for s in case.srcs)]
    unit += [f"--hdr={h}" for h in case.headers] + [f"--include-dir={f}" for f in case.folders]
    unit += [f"--waive={w}" for w in case.waived] + [
        f"--out-{kind}=out.{kind}" for kind in ("json", "sv", "svi", "map")
    ]
    search = dict.fromkeys((*case.folders, *(str(Path(s).parent) for s in case.srcs)))
    reader = [tool.binary, "--lint-only", "--debug-exit-parse", "-Wno-fatal", "--timing"]
    reader += [*(f"-I{folder}" for folder in search), *case.srcs]
    found = Measured()
    for _ in range(runs):
        path = os.pathsep.join([root, *sys.path])
        found.unit.add(*run(unit, {"PYTHONPATH": path, "PYTHONHASHSEED": "0"}))
        found.megabytes = max(found.megabytes, int(Path("peak").read_text().split()[1]) / 1024)
        found.verilator.add(*run(reader, {"VERILATOR_ROOT": tool.root}))
    if not Path("out.sv").read_bytes().startswith(b"`resetall"):
        sys.exit("no isolated text was written: no speed counts")
    return found


def main() -> int:
    """Prints one line a unit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    over = False
    with tempfile.TemporaryDirectory(prefix="unit_speed_") as folder:
        os.chdir(folder)
        print(f"best of {options.runs} runs in turns; CPU seconds (wall-clock seconds in brackets)")
        print("| unit | lines | SvUnit | limit | peak MB | limit | Verilator's parser | ratio |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- |")
        for case in (small(), written(), cores()):
            found = measure(case, options.runs)
            unit, verilator = found.unit, found.verilator
            print(
                f"| {case.name} | {case.lines()} | {unit.cpu:.2f} ({unit.wall:.2f}) | {case.seconds:g} "
                f"| {found.megabytes:.0f} | {case.megabytes:g} | {verilator.cpu:.2f} ({verilator.wall:.2f}) "
                f"| {unit.cpu / verilator.cpu:.1f} |",
                flush=True,
            )
            over = over or unit.cpu > case.seconds or found.megabytes > case.megabytes
        os.chdir("/")
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
