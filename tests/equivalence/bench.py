"""Builds a design twice, monolithic and separate, into one program, and compares the two.

Verilator and g++ run directly; the runtime is compiled once a session. Both models
go into one translation unit, so that a design costs one run of the C++ compiler.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hdl_py.boundary.direct import Direct, finished
from hdl_py.boundary.model import Boundary, BoundarySet, Form
from hdl_py.boundary.parallel import with_threads
from hdl_py.boundary.sampling import holds
from hdl_py.boundary.snapshot import state_objects
from hdl_py.boundary.sources import harness, stub, wrapper
from hdl_py.errors import HdlError
from hdl_py.sv.contract.analysis import analyse
from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.elaborate import elaborate
from hdl_py.sv.contract.model import Bits, Clock, Cone, Reset, UnitContract
from hdl_py.sv.contract.verdict import judge
from hdl_py.sv.ports import Module
from hdl_py.sv.ports_elaborate import UnitSources, elaborate_module
from hdl_py.text.source import SourceText
from tests.equivalence.compilers import Runtime, compiler, cxx, run, sanitizers, verilator

WARNINGS = ("-Wno-fatal", "-Wno-lint", "-Wno-style", "-Wno-MULTIDRIVEN", "--quiet")


def whole(*names: str) -> Bits:
    """Ports by name, as the contract writes them; the generators look at the names alone."""
    return tuple((name, ((0, 0),)) for name in names)


def step(
    clock: str = "clk",
    edge: str = "posedge",
    resets: Sequence[str] = (),
    cones: Mapping[tuple[str, ...], Sequence[str]] | None = None,
) -> UnitContract:
    """A `step` contract; `cones` maps inputs to the outputs that follow them."""
    return UnitContract(
        "",
        (),
        Contract.STEP,
        (Clock(clock, 0, edge),),
        tuple(Reset(name, 0, "both") for name in resets),
        cones=tuple(Cone(whole(*i), whole(*o)) for i, o in (cones or {}).items()),
    )


def comb() -> UnitContract:
    """A `comb` contract."""
    return UnitContract("", (), Contract.COMB)


def general(*events: str) -> UnitContract:
    """A `general` contract whose events depend on these inputs."""
    return UnitContract("", (), Contract.GENERAL, tuple(Clock(name, 0, "edge") for name in events))


@dataclass(frozen=True)
class Unit:
    """A module that the separate build verilates alone.

    Attributes:
        name: of the module.
        source: its text, with private submodules.
        contract: how it is driven; None for what the analysis proves.
        sets: its parameter sets; `({},)` for none.
        header: of its stub where it has parameters.
    """

    name: str
    source: str
    contract: UnitContract | None = None
    sets: tuple[Mapping[str, str], ...] = ({},)
    header: str = ""


@dataclass(frozen=True)
class Design:
    """Units, children before parents, and a top.

    Attributes:
        top: source of module `tb`, or of module `top` where ports are driven from C++.
        units: the boundaries.
        common: packages and interfaces that every unit sees.
        flags: options of Verilator for every model.
        threads: of the separate build.
        unit_flags: options for units alone.
        cpp: C++ linked in besides.
        plusargs: of the simulation.
    """

    top: str
    units: tuple[Unit, ...]
    common: str = ""
    flags: tuple[str, ...] = ()
    unit_flags: tuple[str, ...] = ()
    cpp: str = ""
    plusargs: tuple[str, ...] = field(default=())
    threads: int = int(os.environ.get("SV_EQUIVALENCE_THREADS", "1"))


def proven(design: Design) -> dict[str, tuple[UnitContract, ...]]:
    """The contract of every parameter set of every unit, as given or as the analysis proves it."""
    out: dict[str, tuple[UnitContract, ...]] = {}
    texts = [SourceText("common.sv", design.common.encode())] if design.common else []
    for unit in design.units:
        texts.append(SourceText(f"{unit.name}.sv", unit.source.encode()))
        if unit.contract is not None:
            out[unit.name] = tuple(unit.contract for _ in unit.sets)
            continue
        sources = [UnitSources(tuple(texts))]
        analyses = [analyse(elaborate(sources, unit.name, dict(given)), out) for given in unit.sets]
        out[unit.name] = tuple(judge(analysis).contract for analysis in analyses)
    return out


def elaborated(unit: Unit, common: str, parameters: Mapping[str, str]) -> Module:
    """The unit's module with a parameter set."""
    files = (SourceText("common.sv", common.encode()), SourceText(f"{unit.name}.sv", unit.source.encode()))
    return elaborate_module([UnitSources(files)], unit.name, parameters)


def boundary(
    unit: Unit, common: str, form: Form, contracts: Sequence[UnitContract], flags: Sequence[str] = (), threads: int = 1
) -> Boundary:
    """The unit as the generators see it."""
    settings = (f"trace={wave_kind(flags)}", *(["threads=always"] if threads > 1 else []))
    sets = []
    for given, contract in zip(unit.sets, contracts, strict=True):
        module = elaborated(unit, common, given)
        sets.append(BoundarySet(module, contract, tuple(given.items()), form, settings))
    packages = frozenset(re.findall(r"^\s*package\s+(\w+)", common, re.M))
    return Boundary(f"//test:{unit.name}", tuple(sets), unit.header, packages)


@dataclass
class Separate:
    """What a separate build made, for tests that look into it."""

    boundaries: list[Boundary]
    folders: list[Path]


def verilate(folder: Path, top: str, prefix: str, sources: Sequence[str], flags: Sequence[str]) -> Path:
    """Runs Verilator; returns the model's folder."""
    out = folder / f"m_{prefix}"
    command = [verilator()[0], "--cc", *WARNINGS, "--prefix", prefix, "--top-module", top, "--Mdir", out.name]
    run([*command, *flags, *sources], folder)
    return out


def separate(
    design: Design, folder: Path, form: Form, top: str, prefix: str, top_flags: Sequence[str] = ()
) -> Separate:
    """Verilates every unit alone, then the top with the units' stubs; a merged unit goes into its parents."""
    contracts = proven(design)
    common = ["common.sv"] if design.common else []
    stubs: list[str] = []
    made = Separate([], [])
    for unit in design.units:
        if any(c.contract is Contract.MERGED for c in contracts[unit.name]):
            stubs.append(f"{unit.name}.sv")
            continue
        try:
            one = boundary(unit, design.common, form, contracts[unit.name], design.flags, design.threads)
        except HdlError as error:
            if {d.code for d in error.diagnostics} != {"unsettled-checks"}:
                raise
            stubs.append(f"{unit.name}.sv")
            continue
        made.boundaries.append(one)
        for chosen in one.sets:
            (folder / f"{chosen.symbol}.sv").write_text(harness(chosen))
            sources = [*common, *(s for s in stubs if s != f"stub_{unit.name}.sv")]
            sources += [f"{unit.name}.sv", f"{chosen.symbol}.sv"]
            flags = [*design.flags, *design.unit_flags]
            model = verilate(folder, chosen.symbol, chosen.prefix, sources, flags)
            finish(chosen, model)
            made.folders.append(model)
        (folder / f"stub_{unit.name}.sv").write_text(stub(one))
        stubs.append(f"stub_{unit.name}.sv")
    made.folders.append(verilate(folder, top, prefix, [*common, *stubs, f"{top}.sv"], [*design.flags, *top_flags]))
    for path in made.folders[-1].glob("*.cpp") if design.threads > 1 else []:
        path.write_bytes(with_threads(path.read_bytes(), design.threads))
    return made


def finish(chosen: BoundarySet, model: Path) -> Direct | None:
    """Makes a boundary of a harness's model: its names, and the wrapper beside it."""
    files = {p.name: p.read_text() for p in sorted(model.iterdir()) if p.suffix in (".h", ".cpp")}
    made, direct = finished(chosen, (5, 48), files)
    for name, text in made.items():
        (model / name).write_text(text)
    text = wrapper(chosen, direct, objects=state_objects(chosen, files), holds=holds(chosen, files.values()))
    (model / "boundary_wrapper.cpp").write_text(text)
    return direct


def write_sources(design: Design, folder: Path, top: str) -> list[str]:
    """Writes the user's sources; returns their names for the monolithic build."""
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    if design.common:
        (folder / "common.sv").write_text(design.common)
        names.append("common.sv")
    for unit in design.units:
        (folder / f"{unit.name}.sv").write_text(unit.source)
        names.append(f"{unit.name}.sv")
    (folder / f"{top}.sv").write_text(design.top)
    return [*names, f"{top}.sv"]


def unity(folders: Sequence[Path], extra: str = "") -> str:
    """One translation unit of all C++ in some models."""
    lines = []
    for folder in folders:
        # Each model has a header for precompilation; they exclude one another only because one is enough.
        lines.append("#undef VL_PCH_INCLUDED\n#undef trace_init\n")
        # A static function that each model with a waveform has.
        lines.append(f"#define trace_init trace_init_{re.sub(r'[^A-Za-z0-9]', '_', folder.name)}\n")
        for path in sorted(folder.glob("*.cpp")):
            # A reference, by five functions that the compiler has to make for each model.
            path.write_text(path.read_text().replace("std::ref(*vlSelf).get()", "*vlSelf"))
            lines.append(f'#include "{folder}/{path.name}"\n')
    return "".join(lines) + extra


def compile_program(folder: Path, name: str, text: str, flags: Sequence[str], runtime: Runtime, optimize: str) -> Path:
    """Compiles and links one translation unit."""
    objects, pre = runtime.get(flags, optimize)
    (folder / f"{name}.cpp").write_text(text)
    run([*cxx(optimize, flags), "-include", str(pre / "pre.h"), "-c", f"{name}.cpp", "-o", f"{name}.o"], folder)
    run([compiler(), *sanitizers(), "-o", name, f"{name}.o", *objects, "-lpthread", "-latomic"], folder)
    return folder / name


_BENCH_MAIN = """
#include <csignal>
#include <cstring>
template <class Model> int simulate(int argc, char** argv, const char* wave) {
  VerilatedContext context;
  context.commandArgs(argc, argv);
  context.traceEverOn(%(trace)d);
  Model top{&context, ""};
  top.eval();
%(open)s
  int rounds = 0;
  while (!context.gotFinish() && rounds++ < 20000) {
%(dump)s
    if (!top.eventsPending()) break;
    context.time(top.nextTimeSlot());
    top.eval();
  }
%(dump)s
  top.final();
%(close)s
  return 0;
}
int main(int argc, char** argv) {
%(choose)s
  return 3;
}
"""


def wave_kind(flags: Sequence[str]) -> str:
    """`vcd` or `fst` where the flags ask for a waveform, else nothing."""
    return "vcd" if "--trace-vcd" in flags else "fst" if "--trace-fst" in flags else ""


def main_text(models: Mapping[str, str], flags: Sequence[str] = ()) -> str:
    """C++ that runs the self-driven test bench that its first argument names.

    Args:
        models: C++ class by name; a waveform gets the name.
        flags: of Verilator.
    """
    kind = wave_kind(flags)
    header = f'#include "verilated_{kind}_c.h"\n' if kind else ""
    choose = (
        f'  if (!std::strcmp(argv[1], "{name}")) return simulate<{model}>(argc, argv, "{name}.{kind}");'
        for name, model in models.items()
    )
    return header + _BENCH_MAIN % {
        "trace": bool(kind),
        "open": f"  Verilated{kind.title()}C file; context.trace(&file, 99); file.open(wave);" if kind else "",
        "dump": "    file.dump(context.time());" if kind else "",
        "close": "  file.close();" if kind else "",
        "choose": "\n".join(choose),
    }


def outcome(command: Sequence[str], folder: Path) -> str:
    """What a simulation did: its exit code and what it printed; lines on where it stopped left out."""
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    lines = [line for line in done.stdout.decode().splitlines() if not line.startswith("- ")]
    return f"exit code {done.returncode}\n" + "\n".join(lines) + "\n"


def forms_of(contracts: Mapping[str, Sequence[UnitContract]]) -> tuple[Form, ...]:
    """The forms that differ for some units: only steps have more than one.

    `ordered` has the stub of `direct` and evaluates as `public` does; SV_EQUIVALENCE_FORMS=all takes it too.
    """
    steps = any(one.contract is Contract.STEP for sets in contracts.values() for one in sets)
    chosen = tuple(Form) if os.environ.get("SV_EQUIVALENCE_FORMS") == "all" else (Form.PUBLIC, Form.DIRECT)
    return chosen if steps else (Form.PUBLIC,)


def printed(design: Design, folder: Path, runtime: Runtime, forms: Sequence[Form] = ()) -> dict[str, str]:
    """What a self-driven test bench `tb` prints: `mono` and each form by its name, in one program."""
    sources = write_sources(design, folder, "tb")
    forms = forms or forms_of(proven(design))
    folders = [verilate(folder, "tb", "Vmono", sources, [*design.flags, "--timing"])]
    models = {"mono": "Vmono"}
    for form in forms:
        models[form.value] = f"V{form.value}"
        folders += separate(design, folder, form, "tb", models[form.value], ["--timing"]).folders
    unique = list(dict.fromkeys(folders))
    text = unity(unique, design.cpp + main_text(models, design.flags))
    program = compile_program(folder, "simulation", text, design.flags, runtime, "-O0")
    return {name: outcome([str(program), name, *design.plusargs], folder) for name in models}
