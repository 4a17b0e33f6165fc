"""The parts of crates around Verilated modules that build actions make: sources, line tables, folders."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import click

from tools.arguments import expand_params, pairs, run_program


@click.group()
def command() -> None:
    """Parts of Rust crates around Verilated modules."""


@command.command()
@click.option("--crate", required=True, help="The crate's name.")
@click.option("--design", required=True, help="The checked design, as sv_design wrote it: it names the top.")
@click.option("--unit", "units", multiple=True, required=True, help="A source; each is a compilation unit.")
@click.option("--map", "maps", multiple=True, help="A line map, beside its isolated source.")
@click.option("--shown-source", "shown", multiple=True, help="A source as it will stand in the crate.")
@click.option("--parameter", "parameters", multiple=True, help="NAME=VALUE, a SystemVerilog expression.")
@click.option("--clock", "clocks", multiple=True, help="NAME [posedge|negedge] [period=N] [phase=N].")
@click.option("--reset", "resets", multiple=True, help="NAME=low|high[ async].")
@click.option("--expect", "expected", multiple=True, help="PORT=DIRECTION [signed] WIDTH.")
@click.option("--trace", type=click.Choice(["none", "vcd", "fst"]), default="none")
@click.option("--coverage", is_flag=True)
@click.option("--savable", is_flag=True)
@click.option("--timing", is_flag=True)
@click.option("--threads", type=click.IntRange(min=1), default=1)
@click.option("--platform", default=sys.platform, help="As Python's sys.platform.")
@click.option("--out-rust", required=True, help="For src/lib.rs.")
@click.option("--out-wrapper", required=True, help="For src/wrapper.cpp.")
@click.option("--out-pins", required=True, help="For the module around the top; a comment where none is needed.")
@click.option("--out-arguments", required=True, help="For Verilator's -f: top, prefix, parameters.")
@click.option("--out-module", required=True, help="For module.json.")
@click.option("--out-cargo", required=True, help="Folder for Cargo.toml, build.rs and .verilator-lib-path.")
def sources(
    crate: str,
    design: str,
    units: tuple[str, ...],
    maps: tuple[str, ...],
    shown: tuple[str, ...],
    parameters: tuple[str, ...],
    clocks: tuple[str, ...],
    resets: tuple[str, ...],
    expected: tuple[str, ...],
    trace: str,
    coverage: bool,
    savable: bool,
    timing: bool,
    threads: int,
    platform: str,
    out_rust: str,
    out_wrapper: str,
    out_pins: str,
    out_arguments: str,
    out_module: str,
    out_cargo: str,
) -> None:
    """Writes the generated sources of one crate; runs neither Verilator nor a compiler."""
    from dataclasses import replace

    from hdl_py.sv.linemap import parse_line_map
    from hdl_py.sv.ports_check import check_expected
    from hdl_py.sv.ports_elaborate import elaborate_module, read_units
    from hdl_py.text.position import Position
    from hdl_py.verilated.crate import render_crate
    from hdl_py.verilated.manifest import module_text
    from hdl_py.verilated.model import CrateSpec, Features
    from hdl_py.verilated.request import parse_clock, parse_reset

    line_maps = {_isolated(path): parse_line_map(_read(path), path) for path in maps}

    def original(place: Position) -> Position:
        known = line_maps.get(place.file)
        return (known.position(place.line) if known else None) or place

    try:
        clock_list = tuple(parse_clock(text) for text in clocks)
        reset_list = tuple(parse_reset(name, text.split()) for name, text in pairs(resets, "--reset"))
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    values = dict(pairs(parameters, "--parameter"))
    checked = json.loads(_read(design))
    elaborated = elaborate_module(
        read_units([([path], (), ()) for path in units]), checked["definition"], values, original
    )
    # A unit with a version has its definitions under names of their own; users see theirs.
    module = replace(elaborated, name=checked["top"])
    check_expected(module, dict(pairs(expected, "--expect")))
    spec = CrateSpec(
        crate=crate,
        module=module,
        definition=checked["definition"],
        parameters=_evaluated(module, values),
        clocks=clock_list,
        resets=reset_list,
        features=Features(trace, coverage, savable, timing, threads),
        sources=shown,
    )
    made = render_crate(spec, platform=platform)
    pins = made.files[made.adapter] if made.adapter else "// This crate's top needs no module around it.\n"
    _write(out_rust, made.files["src/lib.rs"])
    _write(out_wrapper, made.files["src/wrapper.cpp"])
    _write(out_pins, pins)
    _write(out_arguments, made.verilate)
    _write(out_module, module_text(made.module, platform))
    for name in ("Cargo.toml", "build.rs", ".verilator-lib-path"):
        _write(os.path.join(out_cargo, name), made.files[name])


@command.command()
@click.option("--crate", required=True, help="The crate's name.")
@click.option("--map", "maps", multiple=True, help="A line map, beside its isolated source.")
@click.option("--out", required=True, help="For lines.cpp.")
def lines(crate: str, maps: tuple[str, ...], out: str) -> None:
    """Writes the table that turns lines of isolated sources into the user's."""
    from hdl_py.sv.linemap import parse_line_map
    from hdl_py.verilated.crate import render_lines

    parsed = [(_isolated(path), parse_line_map(_read(path), path)) for path in maps]
    _write(out, render_lines(crate, parsed))


@command.command()
@click.option("--label", required=True, help="The target's label, for messages.")
@click.option("--file", "files", nargs=2, multiple=True, help="A path below the folder, and the file.")
@click.option("--pins", nargs=2, multiple=True, help="Likewise; left out where it holds no module.")
@click.option("--tree", "trees", nargs=2, multiple=True, help="A folder below the folder, and the one to copy.")
@click.option("--text", "texts", nargs=2, multiple=True, help="A path below the folder, and a line to write there.")
@click.option("--crate", "crates", multiple=True, help="A crate's folder, which gets an entry in the manifest.")
@click.option("--platform", default=sys.platform, help="As Python's sys.platform.")
@click.option("--out", required=True, help="The folder to fill.")
def assemble(
    label: str,
    files: tuple[tuple[str, str], ...],
    pins: tuple[tuple[str, str], ...],
    trees: tuple[tuple[str, str], ...],
    texts: tuple[tuple[str, str], ...],
    crates: tuple[str, ...],
    platform: str,
    out: str,
) -> None:
    """Puts the files of crates into one folder and writes external_modules.json over them."""
    from hdl_py.verilated.manifest import manifest_text, read_module

    root = Path(out)
    for place, source in trees:
        shutil.copytree(source, root / place, dirs_exist_ok=True, copy_function=shutil.copyfile)
    placed: dict[str, str] = {}
    for place, source in [*files, *((place, source) for place, source in pins if not _is_comment(source))]:
        if place in placed:
            raise click.ClickException(
                f"{label}: {placed[place]} and {source} both belong at {place}. Rename one of them"
            )
        placed[place] = source
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, root / place)
    lines_of: dict[str, list[str]] = {}
    for place, line in texts:
        lines_of.setdefault(place, []).append(line)
    for place, content in lines_of.items():
        _write(str(root / place), "".join(f"{line}\n" for line in content))
    modules = [read_module(_read(str(root / crate / "module.json")), crate) for crate in crates]
    _write(str(root / "external_modules.json"), manifest_text(modules, platform))


def _evaluated(module: object, values: dict[str, str]) -> dict[str, str]:
    """The given parameters with the values that elaboration made of them."""
    from hdl_py.sv.ports import Module

    assert isinstance(module, Module)
    known = {parameter.name: parameter.value for parameter in module.parameters}
    return {name: known[name] or value for name, value in values.items()}


def _isolated(path: str) -> str:
    """The isolated source of a line map."""
    return path.removesuffix(".unit.map") + ".unit.sv"


def _is_comment(path: str) -> bool:
    """Whether a file holds one line, a comment."""
    return len(_read(path).splitlines()) <= 1


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise click.FileError(path, error.strerror or "can't be read") from error


def _write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


def main(argv: list[str]) -> int:
    """Runs the program; returns its exit code."""
    return run_program(command, "ffi_sources", expand_params(argv))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
