"""Builds a set of crates from a request, outside Bazel: elaborate, generate, verilate, compile, lay out."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from hdl_py.errors import Diagnostic, HdlError
from hdl_py.sv.ports import Module
from hdl_py.sv.ports_check import check_expected
from hdl_py.sv.ports_elaborate import elaborate_module, read_units
from hdl_py.text.position import Position
from hdl_py.verilated.crate import CrateSources, render_crate
from hdl_py.verilated.manifest import manifest_text
from hdl_py.verilated.model import CrateSpec, ExternalFFIModule
from hdl_py.verilated.request import CratePlan, ModuleRequest, parameter_text, plan_crates
from tools.ffi_job import BuildOptions, CrateJob, replace_folder, shown_source
from tools.ffi_native import RUNTIME_DIR, RUNTIME_LIBRARY, RuntimeParts, Toolchain, build_runtime, runtime_key

RUNTIME_CRATE = "verilated_runtime"
MANIFEST = "external_modules.json"


def build_crates(
    requests: Sequence[ModuleRequest], toolchain: Toolchain, options: BuildOptions
) -> tuple[ExternalFFIModule, ...]:
    """Builds every crate and writes `external_modules.json`.

    Nothing changes in `options.out` unless all crates could be built. Crates of an earlier run that
    are no longer asked for are removed.

    Raises:
        HdlError: anything that can't be built, for the first crate that can't.
    """
    plans = plan_crates(requests)
    # What needs no compiler fails first.
    prepared = [_prepare(plan, options) for plan in plans]
    parts = RuntimeParts(any(plan.request.features.trace == "fst" for plan in plans), options.cache)
    options.out.mkdir(parents=True, exist_ok=True)
    key = runtime_key(toolchain, parts) if plans else ""
    jobs = [CrateJob(plan, made, toolchain, options, key) for plan, made in zip(plans, prepared, strict=True)]
    partial = options.out / f".{RUNTIME_CRATE}.partial"
    try:
        for job in jobs:
            job.stage()
        if jobs:
            runtime = _stage_runtime_crate(partial, parts, toolchain)
            for job in jobs:
                job.compile(runtime)
            replace_folder(partial, options.out / RUNTIME_CRATE)
        previous = _previous_crates(options.out)
        for job in jobs:
            job.place()
    finally:
        for job in jobs:
            job.clean()
        shutil.rmtree(partial, ignore_errors=True)
    for name in [name for name in previous if name not in {plan.crate for plan in plans}]:
        shutil.rmtree(options.out / name, ignore_errors=True)
    return _write_manifest(jobs, options.out)


def _write_manifest(jobs: Sequence[CrateJob], out: Path) -> tuple[ExternalFFIModule, ...]:
    modules = tuple(job.made.module for job in jobs)
    if modules:
        (out / MANIFEST).write_text(manifest_text(modules, sys.platform), encoding="utf-8")
    else:
        shutil.rmtree(out / RUNTIME_CRATE, ignore_errors=True)
        (out / MANIFEST).unlink(missing_ok=True)
    return modules


def _previous_crates(out: Path) -> list[str]:
    """Crates that an earlier run made: those of its manifest, never other folders."""
    try:
        entries = json.loads((out / MANIFEST).read_text(encoding="utf-8"))["modules"]
        return [entry["crate"] for entry in entries if (out / entry["crate"] / "module.json").is_file()]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _elaborate(request: ModuleRequest, base: Path) -> Module:
    def here(path: str) -> str:
        return os.path.relpath(base / path)

    def to_base(place: Position) -> Position:
        return Position(os.path.relpath(place.file, here("")), place.line, place.column)

    units = read_units(
        [
            ([here(s) for s in unit.sources], [here(d) for d in unit.include_dirs], unit.defines)
            for unit in request.units
        ]
    )
    values = {name: parameter_text(value) for name, value in request.parameters.items()}
    return elaborate_module(units, request.top, values, to_base)


def _prepare(plan: CratePlan, options: BuildOptions) -> CrateSources:
    request = plan.request
    module = _elaborate(request, options.base)
    check_expected(module, request.expected_ports)
    known = {parameter.name: parameter.value for parameter in module.parameters}
    without = [name for name in request.parameters if not known[name]]
    if without:
        message = f"the value of {', '.join(without)} can't be written as a literal for Verilator"
        raise HdlError([Diagnostic(module.position, "bad-parameter", message)])
    spec = CrateSpec(
        crate=plan.crate,
        module=module,
        parameters={name: known[name] for name in request.parameters},
        clocks=request.clocks,
        resets=request.resets,
        features=request.features,
        original_module_name=plan.names[0],
        kind=request.kind,
        sources=tuple(shown_source(source) for unit in request.units for source in unit.sources),
    )
    return render_crate(spec, platform=sys.platform, dynamic=options.dynamic)


def _stage_runtime_crate(crate: Path, parts: RuntimeParts, toolchain: Toolchain) -> Path:
    """Lays out the runtime crate; returns its archive."""
    shutil.rmtree(crate, ignore_errors=True)
    for folder in ("src", "cxx"):
        shutil.copytree(RUNTIME_DIR / folder, crate / folder)
    for name in ("Cargo.toml", "build.rs"):
        shutil.copyfile(RUNTIME_DIR / name, crate / name)
    library = crate / "native" / f"lib{RUNTIME_LIBRARY}.a"
    build_runtime(toolchain, parts, library)
    lines = [f"static={RUNTIME_LIBRARY}", *(toolchain.fst_libs if parts.fst else ()), *toolchain.cxx_libraries]
    (crate / "native" / "link.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return library
