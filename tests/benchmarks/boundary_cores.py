"""Real cores as boundaries against monolithic Verilator: equality first, then the ratio of speeds.

    python -m tests.benchmarks.boundary_cores [--core NAME]... [--copies K]... [--form FORM]... [--edits] [--threads N]

Each core of a SoC runs random instructions from its own memory, with bus answers,
interrupts and resets at random times. Both builds print a hash of every output after
every evaluation; a speed counts only where all of them are equal.

The monolithic model is compiled with -O2, as a makefile would, and once more with the
options that this rule set gives every model: the second ratio is that of
`compile=merge`. With `--edits`, what an edit of the core costs, and one of the SoC
around it, in CPU time of analysis, Verilator, compiler and linker; Bazel, which
`soc_scale` measures, is left out of both.

Speeds are cycles by CPU time, and with `--threads` by wall time: these say nothing where
the machine is busy.
"""

from __future__ import annotations

import argparse
import platform
import re
import resource
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from hdl_py.boundary.model import Boundary, BoundarySet, Form
from hdl_py.boundary.parallel import with_threads
from hdl_py.boundary.sources import harness, stub
from hdl_py.simulator.sources import sort_sources
from hdl_py.sv.contract.analysis import analyse
from hdl_py.sv.contract.elaborate import elaborate
from hdl_py.sv.contract.model import UnitContract
from hdl_py.sv.contract.verdict import judge
from hdl_py.sv.ports import Module, dimensions
from hdl_py.sv.ports_elaborate import UnitSources, elaborate_module
from hdl_py.text.source import SourceText
from tests.benchmarks.core_designs import CORES, DEFINES, paths, program, soc
from tests.equivalence.bench import finish
from tests.equivalence.compilers import Runtime, cxx, run, verilator

ROOT = Path(__file__).parents[2]


def model_options(*lists: str) -> list[str]:
    """What the rules pass to g++ for a model (rules/private/copts.bzl)."""
    text = (ROOT / "rules" / "private" / "copts.bzl").read_text()
    found = []
    gcc = ("MODEL_GCC_COPTS", *(["MODEL_GCC_X86_COPTS"] if platform.machine() in ("x86_64", "AMD64") else []))
    for name in lists or ("FAST_COPTS", *gcc, "MODEL_INCLUDES"):
        options = re.search(rf"^{name} = \[(.*?)\]", text, re.S | re.M)
        assert options, name
        found += re.findall(r'"([^"]+)"', options[1])
    return found


def cpu_seconds(work: Callable[[], object]) -> float:
    """CPU time of this process and of those that it has waited for."""

    def now() -> float:
        own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime

    begin = now()
    work()
    return now() - begin


_MAIN = """
#include "Vsoc.h"
#include "verilated.h"
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
int main(int argc, char** argv) {
  const long cycles = std::atol(argv[2]);
  VerilatedContext context;
  Vsoc top{&context};
  std::uint64_t seed = 88172645463325252ull, hash = 1469598103934665603ull;
  const auto draw = [&seed] { seed ^= seed << 13; seed ^= seed >> 7; return seed ^= seed << 17; };
  unsigned last = 0;
  long changes = 0;
  const auto look = [&] { top.eval(); changes += top.now != last; last = top.now;
    hash = (hash ^ top.now) * 1099511628211ull; };
  top.clk = 0; top.rst_n = 1; top.eval(); top.rst_n = 0; top.eval();
  for (int k = 0; k < 20; ++k) { top.clk = !top.clk; top.eval(); }
  top.rst_n = 1; top.eval();
  top.noise = 1;  // without interrupts a core that waits for one would be fast
  const bool wall = argc > 3;  // of several threads; else of the processor: other programs may run beside
  const auto now = [wall] {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now().time_since_epoch();
    return wall ? passed.count() : double(std::clock()) / CLOCKS_PER_SEC;
  };
  const double begin = now();
  if (argv[1][0] == 'e') {
    for (long k = 0; k < cycles; ++k) {
      const std::uint64_t what = draw();
      // Resets come and go at clock edges and between them, and so does the source of interrupts.
      if (what % 997 == 0) { top.rst_n = 0; if (what >> 20 & 1) look(); }
      else if (what % 13 == 0) { top.rst_n = 1; if (what >> 21 & 1) look(); }
      if (what % 211 == 0) top.noise = !top.noise;  // together with the edge: gates must not see it yet
      top.clk = 1; look();
      if (what >> 30 % 61 == 0) { top.rst_n = 0; look(); }
      top.clk = 0; look();
      if (what % 223 == 0) { top.noise = !top.noise; look(); }
      if (k % 500 == 0) std::printf("%ld %016llx\\n", k, static_cast<unsigned long long>(hash));
    }
    std::printf("end %016llx %08x %ld\\n", static_cast<unsigned long long>(hash), top.chk, changes);
  } else {
    for (long k = 0; k < cycles; ++k) { top.clk = 1; top.eval(); top.clk = 0; top.eval(); }
    const double seconds = now() - begin;
    std::printf("%f %08x\\n", cycles / seconds / 1000, top.chk);
  }
  top.final();
}
"""


class Bench:
    """Builds and runs one core."""

    def __init__(self, name: str, folder: Path, runtime: Runtime) -> None:
        self.core, self.folder, self.runtime = CORES[name], folder / name, runtime
        self.folder.mkdir(parents=True)
        self.made: dict[str, str] = {}
        self.options = model_options()
        self.files, self.include = paths(self.core)
        (self.folder / "local.sv").write_text(self.core.local)
        self.files = [*self.files, str(self.folder / "local.sv")]
        texts = tuple(SourceText(p, Path(p).read_bytes()) for p in self.files)
        inner = elaborate_module([UnitSources(texts, tuple(self.include), DEFINES)], self.core.top)
        self.cpu = self._cpu(inner)
        (self.folder / "cpu.sv").write_text(self.cpu)
        self.module, self.contract = self.analysed()
        (self.folder / "soc.sv").write_text(soc(self.core, self.module, program(self.core)))

    def analysed(self) -> tuple[Module, UnitContract]:
        """The core's ports and contract."""
        texts = [SourceText(p, Path(p).read_bytes()) for p in self.files] + [SourceText("cpu.sv", self.cpu.encode())]
        whole = UnitSources(tuple(texts), tuple(self.include), DEFINES)
        # As the models are built, here and there: without assertions.
        analysis = analyse(elaborate([whole], "cpu"), asserts=False)
        return elaborate_module([whole], "cpu"), judge(analysis).contract

    def _cpu(self, inner: Module) -> str:
        ports = []
        for port in inner.ports:
            assert not dimensions(port.type)[0]
            width = port.type.width  # type: ignore[union-attr]
            ports.append(f"{port.direction.value} logic {f'[{width - 1}:0] ' if width > 1 else ''}{port.name}")
        names = ", ".join(f".{p.name}({p.name})" for p in inner.ports)
        return f"module cpu({', '.join(ports)});\n  {self.core.top} {self.core.parameters} u({names});\nendmodule\n"

    def _verilate(self, top: str, prefix: str, sources: list[str], extra: list[str]) -> Path:
        out = self.folder / f"m_{prefix}_{'_'.join(extra).replace('-', '').replace('=', '')}"
        options = ["--cc", "-O3", "--x-assign", "fast", "--x-initial", "fast", "--no-timing", "-Wno-fatal", "-Wno-lint"]
        options += ["-Wno-style", "-Wno-MULTIDRIVEN", "-Wno-BLKANDNBLK", "-Wno-TIMESCALEMOD", "--quiet", "--no-assert"]
        options += [f"-D{d}" for d in DEFINES] + [f"-I{i}" for i in self.include]
        run(
            [verilator()[0], *options, *extra, "--prefix", prefix, "--top-module", top, "--Mdir", out.name, *sources],
            self.folder,
        )
        return out

    def _object(self, model: Path, options: list[str], extra: str = "", name: str = "all") -> str:
        """One translation unit, as Verilator's makefile makes it; with options, as the rules do."""
        sources = sorted(model.glob("*.cpp"))
        text = "".join(f'#include "{p.name}"\n' for p in sources)
        if options:
            joined = sort_sources({p.name: p.read_bytes() for p in sources}, group_bytes=1 << 40).sources
            text = "".join(unit.decode() for unit in joined.values())
        (model / "all.cc").write_text(text + extra)
        run([*cxx("-O2", ()), *options, f"-I{model}", "-c", "all.cc", "-o", f"{name}.o"], model)
        return str(model / f"{name}.o")

    def _link(self, name: str, objects: list[str]) -> Path:
        shared, _ = self.runtime.get((), "-O2")
        # The linker that Bazel's toolchain takes where there is one.
        gold = ["-fuse-ld=gold"] if shutil.which("ld.gold") else []
        run(["g++", *gold, "-o", name, *objects, *shared, "-lpthread", "-latomic"], self.folder)
        return self.folder / name

    def monolithic(self, copies: int, raw: int, merged: bool = False) -> Path:
        """The program made by one Verilator run, with the rules' options for the compiler where it is `merged`."""
        model = self._verilate("soc", "Vsoc", [*self.files, "cpu.sv", "soc.sv"], [f"-GK={copies}", f"-GRAW={raw}"])
        options, name = (self.options, "merged") if merged else ([], "mono")
        return self._link(f"{name}{copies}_{raw}", [self._object(model, options, _MAIN, name)])

    def separate(self, copies: int, form: Form, raw: int, threads: int = 1) -> tuple[Path, str]:
        """The program made of units, and how its model is evaluated."""
        settings = ("threads=always",) if threads > 1 else ()
        one = BoundarySet(self.module, self.contract, form=form, settings=settings)
        if one.symbol not in self.made:
            self.made[one.symbol] = self.leaf(one)
        (self.folder / "stub.sv").write_text(stub(Boundary("//bench:cpu", (one,))))
        model = self._verilate(
            "soc", "Vsoc", ["stub.sv", "soc.sv"], [f"-GK={copies}", f"-GRAW={raw}", f"-D{form.name}"]
        )
        for path in model.glob("*.cpp"):
            path.write_bytes(with_threads(path.read_bytes(), threads))
        leaf = self.folder / f"m_{one.prefix}_" / "all.o"
        around = self._object(model, self.options, _MAIN)
        return self._link(f"{form.value}{copies}_{raw}", [str(leaf), around]), self.made[one.symbol]

    def leaf(self, one: BoundarySet) -> str:
        """Makes the core's archive; returns how its model is evaluated."""
        (self.folder / f"{one.symbol}.sv").write_text(harness(one))
        shutil.rmtree(self.folder / f"m_{one.prefix}_", ignore_errors=True)
        leaf = self._verilate(one.symbol, one.prefix, [*self.files, "cpu.sv", f"{one.symbol}.sv"], [])
        direct = finish(one, leaf)
        self._object(leaf, [*self.options, *model_options("BOUNDARY_STD_COPTS")])
        return "direct" if direct else "public"

    def edits(self, copies: int) -> tuple[float, float, float]:
        """CPU seconds of an edit with one Verilator run, of the core apart, and of the SoC around it."""
        one = BoundarySet(self.module, self.contract, form=Form.DIRECT)

        def core() -> None:
            self.analysed()
            self.leaf(one)
            # The contract is the same: the parent's model stays, and the program is linked.
            around = self.folder / f"m_Vsoc_GK{copies}_GRAW0_DDIRECT" / "all.o"
            self._link(f"direct{copies}_0", [str(self.folder / f"m_{one.prefix}_" / "all.o"), str(around)])

        self.separate(copies, Form.DIRECT, 0)
        return (
            min(cpu_seconds(lambda: self.monolithic(copies, 0)) for _ in range(2)),
            min(cpu_seconds(core) for _ in range(2)),
            min(cpu_seconds(lambda: self.separate(copies, Form.DIRECT, 0)) for _ in range(2)),
        )


def main() -> int:
    """Prints one line for each core and number of copies; returns 1 where anything differs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--core", action="append", choices=sorted(CORES))
    parser.add_argument("--copies", action="append", type=int)
    parser.add_argument("--form", action="append", choices=[f.value for f in Form])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--edits", action="store_true")
    parser.add_argument("--threads", type=int, default=1, help="of the cores, however small; the one model has one")
    given = parser.parse_args()
    wall = ["wall"] if given.threads > 1 else []
    folder = Path(tempfile.mkdtemp(prefix="boundary_cores_"))
    runtime, bad = Runtime(folder / "runtime"), False
    for name in given.core or sorted(CORES):
        bench = Bench(name, folder, runtime)
        kind = bench.contract
        print(f"{name}: {kind.contract.value}, {len(kind.cones)} cones, settle {kind.settle}", flush=True)
        expected = run([str(bench.monolithic(1, 1)), "equal", "20000"], bench.folder)
        for form in map(Form, given.form or ["public", "ordered", "direct"]):
            same = run([str(bench.separate(1, form, 1)[0]), "equal", "20000"], bench.folder) == expected
            print(f"  {form.value}: {'equal' if same else 'DIFFERS'}, with interrupts at any time", flush=True)
            bad = bad or not same
        for copies in given.copies or [1, 4]:
            mono, merged = bench.monolithic(copies, 0), bench.monolithic(copies, 0, merged=True)
            expected = run([str(mono), "equal", "20000"], bench.folder)
            # A core that stopped would be equal too, and fast.
            assert int(expected.split()[-1]) > 3000, f"the core stood still: {expected[-200:]}"
            for form in map(Form, given.form or ["public", "ordered", "direct"]):
                separate, how = bench.separate(copies, form, 0, given.threads)
                if run([str(separate), "equal", "20000"], bench.folder) != expected:
                    print(f"  {copies} x {form.value}: DIFFERS; no speed", flush=True)
                    bad = True
                    continue
                best = {mono: 0.0, merged: 0.0, separate: 0.0}
                ends = set()
                cycles = str(2_000_000 // copies)
                for _ in range(given.rounds):
                    for path in best:
                        speed, end = run([str(path), "speed", cycles, *wall], bench.folder).split()
                        best[path] = max(best[path], float(speed))
                        ends.add(end)
                if len(ends) != 1:
                    print(f"  {copies} x {form.value}: DIFFERS after {cycles} cycles; no speed", flush=True)
                    bad = True
                    continue
                print(f"  {copies} x {form.value}: equal, {best[separate] / best[mono]:.2f} of monolithic"
                      f" ({best[mono]:.0f} kcycles/s), {best[separate] / best[merged]:.2f} of merged [{how}]",
                      flush=True)  # fmt: skip
            if given.edits:
                whole, core, around = bench.edits(copies)
                print(f"  {copies} x edit: {whole:.1f} s; core apart {core:.1f} s, {whole / core:.1f} times less;"
                      f" SoC around it {around:.1f} s, {whole / around:.1f} times less", flush=True)  # fmt: skip
    return int(bad)


if __name__ == "__main__":
    raise SystemExit(main())
