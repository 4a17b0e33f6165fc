"""Rust crates around Verilated modules, made without Bazel."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.text.position import Position
from tools.arguments import expand_params, in_callers_folder, pairs, run_program


@click.group()
def command() -> None:
    """Rust crates around Verilated modules."""


@command.command()
@click.argument("request", type=click.Path(dir_okay=False))
@click.option("--out", required=True, help="The folder that gets one folder a crate, and external_modules.json.")
@click.option("--verilator", default="", help="Path of verilator_bin.")
@click.option("--verilator-root", default="", help="Path of its VERILATOR_ROOT; the environment's otherwise.")
@click.option("--cxxflag", "cxxflags", multiple=True, help="A further option for the C++ compiler.")
@click.option("--fst-lib", "fst_libs", multiple=True, help="What FST needs, in place of dylib=lz4 and dylib=z.")
@click.option("--cache", default="", help="Folder where the compiled runtime is kept for later.")
@click.option("--static/--no-static", "static", default=True, help="Whether to ship archives to link.")
@click.option("--dynamic/--no-dynamic", "dynamic", default=True, help="Whether to ship shared libraries to load.")
def build(
    request: str,
    out: str,
    verilator: str,
    verilator_root: str,
    cxxflags: tuple[str, ...],
    fst_libs: tuple[str, ...],
    cache: str,
    static: bool,
    dynamic: bool,
) -> None:
    """Makes the crates that the JSON file REQUEST asks for, without Bazel."""
    from dataclasses import replace

    from hdl_py.verilated.request import read_requests
    from tools.ffi_build import build_crates
    from tools.ffi_job import BuildOptions
    from tools.ffi_native import find_toolchain

    text = _read(request)
    requests = read_requests(text, request)
    toolchain = find_toolchain(os.environ, verilator, verilator_root, cxxflags)
    if fst_libs:
        toolchain = replace(toolchain, fst_libs=fst_libs)
    options = BuildOptions(
        base=Path(request).resolve().parent,
        out=Path(out).resolve(),
        cache=Path(cache).resolve() if cache else None,
        static=static,
        dynamic=dynamic,
    )
    modules = build_crates(requests, toolchain, options)
    for module in modules:
        print(f"{module.crate}: {module.top_module} in {module.crate_dir}")


@command.command()
@click.option("--module", "modules", multiple=True, required=True, help="CRATE_DIR=FILE: a crate's module.json.")
@click.option("--platform", default=sys.platform, help="As Python's sys.platform.")
@click.option("--out", required=True, help="For external_modules.json.")
def manifest(modules: tuple[str, ...], platform: str, out: str) -> None:
    """Writes external_modules.json over crates that were made before."""
    from hdl_py.verilated.manifest import manifest_text, read_module

    read = [read_module(_read(path), path, folder) for folder, path in pairs(modules, "--module")]
    _write(out, manifest_text(read, platform))


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise _unreadable(path, error.strerror or "can't be read") from error
    except UnicodeDecodeError as error:
        raise _unreadable(path, f"not UTF-8: {error}") from error


def _unreadable(path: str, why: str) -> HdlError:
    return HdlError([Diagnostic(Position(path), "unreadable", why)], EXIT_USAGE)


def _write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def main(argv: list[str]) -> int:
    """Runs the program; returns its exit code."""
    return run_program(command, "ffi_crate", expand_params(argv))


if __name__ == "__main__":
    in_callers_folder()
    sys.exit(main(sys.argv[1:]))
