"""Writes the VHDL files of one unit with the names that the versions below it lead to."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import click

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.text.position import Position
from hdl_py.text.source import SourceText
from tools.arguments import expand_params, run_program


@click.command()
@click.option(
    "--unit", "units", nargs=3, multiple=True, required=True, help="LABEL, VERSION (or -), LIBRARY; own last."
)
@click.option("--dep", "deps", nargs=2, multiple=True, help="LABEL and that of a direct dependency.")
@click.option("--src", "srcs", nargs=3, multiple=True, required=True, help="LABEL, a path for messages, and the file.")
@click.option("--out", "outs", multiple=True, required=True, help="Where each of the last unit's files goes, in order.")
def command(
    units: tuple[tuple[str, str, str], ...],
    deps: tuple[tuple[str, str], ...],
    srcs: tuple[tuple[str, str, str], ...],
    outs: tuple[str, ...],
) -> None:
    """Writes nothing where an occurrence can't be proven."""
    from hdl_py.vhdl.front_end import VhdlFrontEnd
    from hdl_py.vhdl.target import VhdlUnit
    from hdl_py.vhdl.units import version_sources

    deps_of: dict[str, list[str]] = defaultdict(list)
    for label, dep in deps:
        deps_of[label].append(dep)
    sources: dict[str, list[SourceText]] = defaultdict(list)
    for label, place, path in srcs:
        sources[label].append(SourceText(place, _read(path)))
    known = [
        VhdlUnit(label, "" if version == "-" else version, library, tuple(deps_of[label]), tuple(sources[label]))
        for label, version, library in units
    ]
    own = known[-1]
    if len(outs) != len(own.sources):
        raise click.UsageError(f"{len(own.sources)} files of {own.label} need as many --out, found {len(outs)}")
    written = version_sources(own, known[:-1], VhdlFrontEnd())
    for source, out in zip(own.sources, outs, strict=True):
        Path(out).write_bytes(written[source.path])


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        problem = Diagnostic(Position(path), "unreadable", f"can't read it: {error.strerror}")
        raise HdlError([problem], EXIT_USAGE) from error


def main(argv: list[str]) -> int:
    """Runs the program; returns its exit code."""
    return run_program(command, "vhdl_names", expand_params(argv))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
