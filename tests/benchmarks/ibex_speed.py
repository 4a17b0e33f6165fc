"""Simulation speed of examples/soc: this rule set against Verilator by hand.

By hand means: all of the design's files on one Verilator command line, the
generated C++ and a minimal main compiled by g++ with the options that Verilator's
manual recommends for speed (-O2 for what runs often). Both get the same Verilator,
the same program and the same number of cycles; runs alternate and the best of each
counts, by CPU time.

    ./bazelw run //tests/benchmarks:ibex_speed [-- --runs N --iterations N]
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

_MAIN = """\
#include "Vsoc.h"
#include "verilated.h"
int main(int argc, char** argv) {
  VerilatedContext context;
  context.commandArgs(argc, argv);
  Vsoc top{&context};
  unsigned long cycles = 0;
  top.clk = 0; top.rst_n = 1; top.eval();
  top.rst_n = 0; top.eval();
  while (!context.gotFinish()) {
    if (cycles == 5) { top.rst_n = 1; top.eval(); }
    context.timeInc(5000); top.clk = 1; top.eval(); ++cycles;
    if (context.gotFinish()) break;
    context.timeInc(5000); top.clk = 0; top.eval();
  }
  top.final();
  std::fprintf(stderr, "simulated %lu cycles by hand\\n", cycles);
}
"""


def cpu_seconds(command: list[str]) -> tuple[float, str]:
    """Runs a program; its CPU seconds and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)} ended with {result.returncode}:\n{result.stdout[-4000:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, result.stdout


def build_by_hand(folder: Path, filelist: str, verilator: str, root: str) -> str:
    """Verilates and compiles the whole design at once; the program's path."""
    os.environ["VERILATOR_ROOT"] = root
    model = folder / "model"
    command = [verilator, "--cc", "--assert", "-Wno-fatal", "--top-module", "soc", "--prefix", "Vsoc"]
    cpu_seconds([*command, "--Mdir", str(model), "-f", filelist])
    (model / "main.cpp").write_text(_MAIN)
    runtime = [
        f"{root}/include/verilated.cpp",
        f"{root}/include/verilated_threads.cpp",
        f"{root}/include/verilated_dpi.cpp",
    ]
    sources = sorted(map(str, model.glob("*.cpp")))
    program = folder / "by_hand"
    include = [f"-I{model}", f"-I{root}/include", f"-I{root}/include/vltstd"]
    cpu_seconds(
        [
            "g++",
            "-std=gnu++20",
            "-O2",
            "-DVL_TIME_CONTEXT",
            "-w",
            *include,
            *sources,
            *runtime,
            "-pthread",
            "-o",
            str(program),
        ]
    )
    return str(program)


def cycles_of(output: str) -> int:
    """The number of cycles that a run reports."""
    match = re.search(r"simulated (\d+) cycles", output)
    if match is None:
        sys.exit(f"no cycle count in:\n{output[-2000:]}")
    return int(match[1])


def console_of(output: str) -> str:
    """What the program on the simulated core printed."""
    return "\n".join(line for line in output.splitlines() if line.startswith(("  ", "Hello", "all checks")))


def main() -> None:
    """Measures and prints the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sim")
    parser.add_argument("filelist")
    parser.add_argument("verilator")
    parser.add_argument("root")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--iterations", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        by_hand = build_by_hand(Path(folder), options.filelist, options.verilator, options.root)
        plusarg = f"+iterations={options.iterations}"
        times: dict[str, list[float]] = {"by hand": [], "rules_sv": []}
        consoles = set()
        for _ in range(options.runs):
            for name, program in (("by hand", by_hand), ("rules_sv", options.sim)):
                seconds, output = cpu_seconds([program, plusarg])
                times[name].append(seconds / cycles_of(output))
                consoles.add((cycles_of(output), console_of(output)))
    if len(consoles) != 1:
        sys.exit(f"the two simulations differ: no speed counts\n{consoles}")
    cycles, console = next(iter(consoles))
    if "all checks passed" not in console:
        sys.exit(f"the program did not pass its checks:\n{console}")
    print(f"{cycles} cycles, equal console output, best of {options.runs} interleaved runs, CPU time")
    print("| simulator | kcycles/s | ratio |\n| --- | --- | --- |")
    best = {name: 1 / min(values) / 1000 for name, values in times.items()}
    for name, rate in best.items():
        print(f"| {name} | {rate:.0f} | {rate / best['by hand']:.3f} |")


if __name__ == "__main__":
    main()
