"""Checks the units of a design against each other and describes its top."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hdl_py.errors import HdlError
from tools.sv_unit import expand_params, read


@click.command()
@click.option("--label", required=True, help="The target's label.")
@click.option("--top", required=True, help="The top module.")
@click.option("--unit-json", multiple=True, required=True, help="A unit's description, in dependency order.")
@click.option("--svi", multiple=True, help="A unit's interface file.")
@click.option("--parameter", "parameters", multiple=True, help="NAME=VALUE for the top.")
@click.option("--clock", "clocks", multiple=True, help="An input that is a clock.")
@click.option("--reset", "resets", multiple=True, help="An input that is a reset.")
@click.option("--out", required=True)
def command(
    label: str,
    top: str,
    unit_json: tuple[str, ...],
    svi: tuple[str, ...],
    parameters: tuple[str, ...],
    clocks: tuple[str, ...],
    resets: tuple[str, ...],
    out: str,
) -> None:
    """Checks a design; writes nothing if a rule is broken."""
    from hdl_py.sv.design import build_design
    from hdl_py.sv.model import unit_from_json

    overrides = {}
    for value in parameters:
        name, separator, setting = value.partition("=")
        if not separator:
            raise click.UsageError(f"--parameter takes NAME=VALUE, found {value!r}")
        overrides[name] = setting
    units = [unit_from_json(read(path).data.decode(), path) for path in unit_json]
    design = build_design(label, top, units, overrides, clocks, resets)
    Path(out).write_text(design.to_json(), encoding="utf-8")


def main(argv: list[str]) -> int:
    """Runs the program; returns its exit code."""
    try:
        command.main(expand_params(argv), prog_name="sv_design", standalone_mode=False)
    except HdlError as error:
        print(error.render(), file=sys.stderr)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
