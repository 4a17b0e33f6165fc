"""Builds a set of crates from a request, outside Bazel: elaborate, generate, verilate, compile, lay out."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hdl_py.errors import Diagnostic, HdlError
from hdl_py.sv.ports import Module
from hdl_py.sv.ports_check import check_expected
from hdl_py.sv.ports_elaborate import elaborate_module, read_units
from hdl_py.verilated.crate import CrateSources, render_crate, render_lines
from hdl_py.verilated.manifest import manifest_text, module_text
from hdl_py.verilated.model import CrateSpec, ExternalFFIModule
from hdl_py.verilated.names import library_file, library_stem
from hdl_py.verilated.request import CratePlan, ModuleRequest, parameter_text, plan_crates
from tools.ffi_native import (
    RUNTIME_DIR,
    RUNTIME_LIBRARY,
    RuntimeParts,
    Toolchain,
    VerilateInputs,
    archive,
    build_runtime,
    compile_model,
    shared_library,
    verilate,
)

RUNTIME_CRATE = "verilated_runtime"


@dataclass(frozen=True)
class BuildOptions:
    """Where and how to build.

    Attributes:
        base: the folder that the request's paths are relative to.
        out: gets one folder a crate, the runtime crate and the manifest.
        cache: where the compiled runtime is kept; None for nowhere.
        static: whether archives are shipped.
        dynamic: whether shared libraries are shipped.
    """

    base: Path
    out: Path
    cache: Path | None = None
    static: bool = True
    dynamic: bool = True


def build_crates(
    requests: Sequence[ModuleRequest], toolchain: Toolchain, options: BuildOptions
) -> tuple[ExternalFFIModule, ...]:
    """Builds every crate and writes `external_modules.json`.

    Nothing is left in `options.out` of a crate that failed. Without requests, what an earlier run
    made is removed.

    Raises:
        HdlError: anything that can't be built, for the first crate that can't.
    """
    plans = plan_crates(requests)
    previous = _previous_crates(options.out)
    if not plans:
        for name in [*previous, RUNTIME_CRATE]:
            shutil.rmtree(options.out / name, ignore_errors=True)
        (options.out / "external_modules.json").unlink(missing_ok=True)
        return ()
    # All errors that need no compiler come first.
    prepared = [_prepare(plan, options) for plan in plans]
    runtime = _build_runtime_crate(plans, toolchain, options)
    modules = []
    for plan, made in zip(plans, prepared, strict=True):
        modules.append(_build_crate(plan, made, toolchain, runtime, options))
    for name in set(previous) - {plan.crate for plan in plans}:
        shutil.rmtree(options.out / name, ignore_errors=True)
    text = manifest_text(modules, sys.platform)
    (options.out / "external_modules.json").write_text(text, encoding="utf-8")
    return tuple(modules)


def _previous_crates(out: Path) -> list[str]:
    """Crates that an earlier run made: folders with our marker, never others."""
    return [path.parent.name for path in sorted(out.glob("verilated_*/module.json"))]


def _elaborate(request: ModuleRequest, base: Path) -> Module:
    units = read_units(
        [
            (
                [_from_here(base, source) for source in unit.sources],
                [_from_here(base, folder) for folder in unit.include_dirs],
                unit.defines,
            )
            for unit in request.units
        ]
    )
    values = {name: parameter_text(value) for name, value in request.parameters.items()}
    prefix = _from_here(base, "")
    return elaborate_module(units, request.top, values, lambda p: type(p)(_to_base(p.file, prefix), p.line, p.column))


def _from_here(base: Path, path: str) -> str:
    return os.path.relpath(base / path)


def _to_base(file: str, prefix: str) -> str:
    return os.path.relpath(file, prefix)


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
        sources=tuple(_shown(source) for unit in request.units for source in unit.sources),
    )
    return render_crate(spec, platform=sys.platform)


def _shown(source: str) -> str:
    """Where a source stands in the crate: below rtl/, never outside it."""
    parts = [part for part in Path(source).parts if part not in ("..", "/", os.sep)]
    return "/".join(["rtl", *parts])


def _build_runtime_crate(plans: Sequence[CratePlan], toolchain: Toolchain, options: BuildOptions) -> Path:
    """Lays out the runtime crate; returns its archive."""
    fst = any(plan.request.features.trace == "fst" for plan in plans)
    crate = options.out / RUNTIME_CRATE
    shutil.rmtree(crate, ignore_errors=True)
    for name in ("Cargo.toml", "build.rs"):
        crate.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(RUNTIME_DIR / name, crate / name)
    shutil.copytree(RUNTIME_DIR / "src", crate / "src")
    shutil.copytree(RUNTIME_DIR / "cxx", crate / "cxx")
    library = crate / "native" / f"lib{RUNTIME_LIBRARY}.a"
    build_runtime(toolchain, RuntimeParts(fst, options.cache), library)
    lines = [f"static={RUNTIME_LIBRARY}", *(toolchain.fst_libs if fst else ()), toolchain.cxx_library]
    (crate / "native" / "link.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return library


def _build_crate(
    plan: CratePlan, made: CrateSources, toolchain: Toolchain, runtime: Path, options: BuildOptions
) -> ExternalFFIModule:
    final = options.out / plan.crate
    # A fixed name: what Verilator writes holds the path of the module around the top.
    partial = options.out / f".{plan.crate}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    try:
        crate = partial
        for path, text in made.files.items():
            (crate / path).parent.mkdir(parents=True, exist_ok=True)
            (crate / path).write_text(text, encoding="utf-8")
        (crate / "module.json").write_text(module_text(made.module, sys.platform), encoding="utf-8")
        _copy_sources(plan.request, crate, options.base)
        _build_native(plan, made, crate, toolchain, runtime, options)
        shutil.rmtree(final, ignore_errors=True)
        crate.replace(final)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return made.module


def _copy_sources(request: ModuleRequest, crate: Path, base: Path) -> None:
    for unit in request.units:
        for source in unit.sources:
            target = crate / _shown(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(base / source, target)


def _build_native(
    plan: CratePlan, made: CrateSources, crate: Path, toolchain: Toolchain, runtime: Path, options: BuildOptions
) -> None:
    request = plan.request
    native = crate / "build" / "verilated"
    native.mkdir(parents=True)
    arguments = native / "verilate.f"
    arguments.write_text(made.verilate, encoding="utf-8")
    lines = crate / "src" / "lines.cpp"
    lines.write_text(render_lines(plan.crate, []), encoding="utf-8")
    sources = [source for unit in request.units for source in unit.sources]
    if made.adapter:
        sources.append(os.path.relpath(crate / made.adapter, options.base))
    inputs = VerilateInputs(
        base=options.base,
        sources=tuple(sources),
        include_dirs=tuple(dict.fromkeys(d for unit in request.units for d in unit.include_dirs)),
        defines=tuple(dict.fromkeys(d for unit in request.units for d in unit.defines)),
        argument_file=arguments,
        model_class=f"V{plan.crate}",
        features=request.features,
        options=request.verilator_options,
    )
    generated = crate / "build" / "cpp"
    printed = verilate(toolchain, inputs, generated)
    if printed:
        print(printed, end="", file=sys.stderr)
    objects = compile_model(toolchain, plan.crate, generated, [crate / "src" / "wrapper.cpp", lines], request.features)
    shutil.rmtree(generated)
    library = library_stem(plan.crate)
    static = native / f"lib{library}.a"
    archive(toolchain, [(f"{library}_{i}.o", data) for i, data in enumerate(objects)], static)
    if options.dynamic:
        fst = toolchain.fst_libs if request.features.trace == "fst" else ()
        target = crate / library_file(plan.crate, sys.platform)
        shared_library(toolchain, static, runtime, f"{plan.crate}_ffi_api", fst, target)
    if options.static:
        (native / "link.txt").write_text(f"static={library}\n", encoding="utf-8")
    else:
        static.unlink()
