"""Checks the units of a design against each other and describes its top."""

from __future__ import annotations

import re
import sys

import click

from tools.arguments import pairs
from tools.sv_unit import read, write
from tools.worker import start

_TIMESCALE = re.compile(r"10{0,2}(?:s|ms|us|ns|ps|fs)/10{0,2}(?:s|ms|us|ns|ps|fs)")


@click.command()
@click.option("--label", required=True, help="The target's label.")
@click.option("--top", required=True, help="The top module.")
@click.option("--unit-json", multiple=True, required=True, help="A unit's description, in dependency order.")
@click.option("--svi", multiple=True, help="A unit's interface file.")
@click.option("--parameter", "parameters", multiple=True, help="NAME=VALUE for the top.")
@click.option("--clock", "clocks", multiple=True, help="An input that is a clock.")
@click.option("--reset", "resets", multiple=True, help="An input that is a reset.")
@click.option("--timescale", default="", help="UNIT/PRECISION of definitions that have none.")
@click.option("--map", "maps", multiple=True, help="LABEL=PATH of a unit's map; read for messages alone.")
@click.option("--out", required=True)
@click.option("--out-unused", help="File that lists the inputs that a successful run did not read.")
def command(
    label: str,
    top: str,
    unit_json: tuple[str, ...],
    svi: tuple[str, ...],
    parameters: tuple[str, ...],
    clocks: tuple[str, ...],
    resets: tuple[str, ...],
    timescale: str,
    maps: tuple[str, ...],
    out: str,
    out_unused: str | None,
) -> None:
    """Checks a design; writes nothing if a rule is broken."""
    from hdl_py.sv.design import DesignRequest, build_design
    from hdl_py.sv.model import unit_from_json
    from hdl_py.sv.places import LazyPlaces

    if timescale and not _TIMESCALE.fullmatch(timescale):
        raise click.UsageError(f"--timescale takes UNIT/PRECISION such as 1ns/1ps, found {timescale!r}")
    map_paths = dict(pairs(maps, "--map"))
    units = tuple(unit_from_json(read(path).data.decode("utf-8", "surrogateescape"), path) for path in unit_json)
    design = build_design(
        DesignRequest(
            label=label,
            top=top,
            units=units,
            parameters=dict(pairs(parameters, "--parameter")),
            clocks=clocks,
            resets=resets,
            timescale=timescale,
            places=LazyPlaces(map_paths, lambda path: read(path).data),
        )
    )
    outputs = {out: design.to_json().encode("utf-8", "surrogateescape")}
    if out_unused:
        outputs[out_unused] = "".join(f"{path}\n" for path in (*svi, *map_paths.values())).encode()
    write(outputs)


if __name__ == "__main__":
    sys.exit(start(command, "sv_design", sys.argv[1:]))
