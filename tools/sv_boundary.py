"""Writes what a boundary is made of: its stub, and for each parameter set a harness and a wrapper."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.text.position import Position
from tools.arguments import expand_params, run_program

if TYPE_CHECKING:
    from hdl_py.boundary.model import Boundary

_Program = TypeVar("_Program", bound=Callable[..., None])


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        problem = Diagnostic(Position(path), "unreadable", f"can't read it: {error.strerror}")
        raise HdlError([problem], EXIT_USAGE) from error


def _boundary(
    label: str,
    module: str,
    svi: str,
    dep_svis: tuple[str, ...],
    contracts: tuple[str, ...],
    form: str,
    settings: tuple[str, ...],
) -> Boundary:
    from hdl_py.boundary.header import module_header
    from hdl_py.boundary.model import Boundary, BoundarySet, Form
    from hdl_py.sv.contract.model import contract_from_json
    from hdl_py.sv.ports_elaborate import UnitSources, elaborate_module
    from hdl_py.text.source import SourceText

    units = [UnitSources((SourceText(path, _read(path)),)) for path in (*dep_svis, svi)]
    sets = []
    for path in contracts:
        contract = contract_from_json(_read(path).decode("utf-8", "replace"), path)
        if contract.module != module:
            message = f"this is the contract of {contract.module}, expected that of {module}"
            raise HdlError([Diagnostic(Position(path), "wrong-contract", message)], EXIT_USAGE)
        parameters = tuple((name, value) for name, value in contract.parameters if value)
        elaborated = elaborate_module(units, module, dict(parameters))
        sets.append(BoundarySet(elaborated, contract, parameters, Form(form), settings))
    return Boundary(label, tuple(sets), module_header(svi, _read(svi), module))


def _shared(command: _Program) -> _Program:
    for option in reversed(
        [
            click.option("--label", required=True, help="The target's label."),
            click.option("--module", required=True, help="The module that is verilated alone."),
            click.option("--svi", required=True, help="The interface file of its unit."),
            click.option("--dep-svi", "dep_svis", multiple=True, help="An interface file that it needs; in order."),
            click.option(
                "--contract", "contracts", multiple=True, required=True, help="Contract of one parameter set (JSON)."
            ),
            click.option(
                "--form", type=click.Choice(["public", "ordered", "direct"]), default="public", show_default=True
            ),
            click.option(
                "--setting", "settings", multiple=True, help="KEY=VALUE that stub and model must share: trace=vcd."
            ),
        ]
    ):
        command = option(command)
    return command


@click.group()
def command() -> None:
    """Writes what a boundary is made of."""


@command.command("sources")
@_shared
@click.option("--out-stub", required=True, help="The stub, for every parent.")
@click.option("--out-harness", "harnesses", multiple=True, required=True, help="A harness for each --contract.")
@click.option("--out-json", required=True, help="Names of the sets' tops and C++ classes.")
def sources(
    label: str,
    module: str,
    svi: str,
    dep_svis: tuple[str, ...],
    contracts: tuple[str, ...],
    form: str,
    settings: tuple[str, ...],
    out_stub: str,
    harnesses: tuple[str, ...],
    out_json: str,
) -> None:
    """Writes the stub and each set's harness."""
    from hdl_py.boundary.sources import harness, stub

    if len(harnesses) != len(contracts):
        raise click.UsageError(f"{len(contracts)} --contract need as many --out-harness, found {len(harnesses)}")
    made = _boundary(label, module, svi, dep_svis, contracts, form, settings)
    texts = {out_stub: stub(made)}
    texts |= {path: harness(one) for path, one in zip(harnesses, made.sets, strict=True)}
    names = [
        {"top": one.symbol, "prefix": one.prefix, "digest": one.digest, "parameters": [list(p) for p in one.parameters]}
        for one in made.sets
    ]
    texts[out_json] = json.dumps({"module": module, "form": form, "sets": names}, indent=1, sort_keys=True) + "\n"
    for path, text in texts.items():
        Path(path).write_text(text, encoding="utf-8", errors="surrogateescape")


@command.command("wrapper")
@_shared
@click.option("--set", "number", type=click.IntRange(min=0), required=True, help="Which --contract, from 0.")
@click.option("--model", "models", multiple=True, required=True, help="A folder of C++ that Verilator made; changed.")
@click.option("--verilator-version", required=True, help="Its version, such as 5.048.")
@click.option("--out-wrapper", required=True, help="The wrapper's C++.")
def write_wrapper(
    label: str,
    module: str,
    svi: str,
    dep_svis: tuple[str, ...],
    contracts: tuple[str, ...],
    form: str,
    settings: tuple[str, ...],
    number: int,
    models: tuple[str, ...],
    verilator_version: str,
    out_wrapper: str,
) -> None:
    """Takes the harness out of a model's scope names and writes the wrapper around it."""
    from hdl_py.boundary.direct import finished
    from hdl_py.boundary.sampling import holds
    from hdl_py.boundary.snapshot import state_objects
    from hdl_py.boundary.sources import wrapper
    from hdl_py.simulator.command import parse_version

    if number >= len(contracts):
        raise click.UsageError(f"--set {number} is beyond the {len(contracts)} --contract given")
    one = _boundary(label, module, svi, dep_svis, contracts, form, settings).sets[number]
    paths = sorted(p for folder in models for p in Path(folder).iterdir() if p.suffix in (".cpp", ".h"))
    if not any(p.name == f"{one.prefix}.h" for p in paths):
        message = f"no {one.prefix}.h in {', '.join(models)}: this is not the model of the set's harness"
        fix = f"run Verilator with --top-module {one.symbol} --prefix {one.prefix}"
        raise HdlError([Diagnostic(None, "wrong-model", message, fix)], EXIT_USAGE)
    texts = {str(path): path.read_text(encoding="utf-8", errors="surrogateescape") for path in paths}
    made, direct = finished(one, parse_version(verilator_version), texts)
    for name, text in made.items():
        if text != texts[name]:
            Path(name).write_text(text, encoding="utf-8", errors="surrogateescape")
    text = wrapper(one, direct, objects=state_objects(one, texts), holds=holds(one, texts.values()))
    Path(out_wrapper).write_text(text, encoding="utf-8")


def main(argv: list[str]) -> int:
    """Runs the program; returns its exit code."""
    return run_program(command, "sv_boundary", expand_params(argv))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
