"""Shows the compilation units of a design: a table, a picture, or an index for other programs."""

from __future__ import annotations

import os
import sys

import click

from tools.arguments import expand_params, run_program
from tools.sv_unit import read, write


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--unit-json", "unit_json", multiple=True, help="A description; the same as a plain argument.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "svg", "json", "versions", "versions-json"]),
    default="text",
    show_default=True,
    help="A table, a picture, the index as JSON; or which versions stand side by side, why, and under which names.",
)
@click.option("--out", help="Where to write; standard output without it.")
def command(paths: tuple[str, ...], unit_json: tuple[str, ...], form: str, out: str | None) -> None:
    """Shows units, from the descriptions and indexes at PATHS.

    `bazel build //x:sim --output_groups=units` makes an index.
    """
    from hdl_py.mangle.unit_versions import versions_json, versions_text
    from hdl_py.sv.index import Index, make_index, read_units, table
    from hdl_py.sv.index_svg import svg

    names = (*paths, *unit_json)
    if not names:
        raise click.UsageError("name at least one unit description or index")
    # `bazel run` starts programs elsewhere; relative paths mean those of the caller.
    here = os.environ.get("BUILD_WORKING_DIRECTORY", "")
    units = []
    for name in names:
        path = os.path.join(here, name)
        units += read_units(read(path).data.decode("utf-8", "surrogateescape"), name)
    index = make_index(units)
    forms = {
        "text": table,
        "svg": svg,
        "json": Index.to_json,
        "versions": versions_text,
        "versions-json": versions_json,
    }
    text = forms[form](index)
    if out is None:
        click.echo(text, nl=False)
    else:
        write({os.path.join(here, out): text.encode("utf-8", "surrogateescape")})


if __name__ == "__main__":
    sys.exit(run_program(command, "sv_units", expand_params(sys.argv[1:])))
