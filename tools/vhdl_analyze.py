"""Analyses the VHDL files of one unit with GHDL and writes a library file that says the same everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from hdl_py.errors import Diagnostic, HdlError
from hdl_py.text.source import SourceText
from hdl_py.vhdl.ghdl_library import (
    ENCODING,
    LibraryFile,
    clashes,
    file_paths,
    library_file_name,
    merged,
    part_of,
    primary_units,
    relocated,
)
from tools.arguments import expand_params, run_program

STANDARDS = ("87", "93", "02", "08")


@click.command()
@click.option("--ghdl", required=True, help="The program.")
@click.option("--prefix", required=True, help="The folder of GHDL's own libraries (its --PREFIX).")
@click.option("--label", required=True, help="The target's label, for messages.")
@click.option("--library", required=True, help="The VHDL library that the files belong to.")
@click.option("--standard", type=click.Choice(STANDARDS), default="08", show_default=True)
@click.option("--src", "srcs", nargs=2, multiple=True, required=True, help="A path in the library file, and the file.")
@click.option("--dep-src", "dep_srcs", nargs=2, multiple=True, help="Likewise, of a dependency.")
@click.option("--dep", "deps", nargs=3, multiple=True, help="LABEL, LIBRARY and library file of a dependency.")
@click.option(
    "--needs",
    "edges",
    nargs=2,
    multiple=True,
    help="LABEL and that of a direct dependency; none leaves names unchecked.",
)
@click.option("--option", "options", multiple=True, help="A further option of GHDL.")
@click.option("--out", required=True, help="The library file to write.")
def command(
    ghdl: str,
    prefix: str,
    label: str,
    library: str,
    standard: str,
    srcs: tuple[tuple[str, str], ...],
    dep_srcs: tuple[tuple[str, str], ...],
    deps: tuple[tuple[str, str, str], ...],
    edges: tuple[tuple[str, str], ...],
    options: tuple[str, ...],
    out: str,
) -> None:
    """Writes nothing where GHDL finds an error, where a primary unit stands in the library already, and where
    the files name a unit of a dependency's dependency."""
    ghdl, prefix = os.path.abspath(ghdl), os.path.abspath(prefix)
    known = [LibraryFile(dep, name, Path(path).read_text(encoding=ENCODING)) for dep, name, path in deps]
    if problems := clashes(known, label):
        raise HdlError(problems)
    below: dict[str, list[str]] = defaultdict(list)
    for file in known:
        below[file.library.lower()].append(file.text)
    with tempfile.TemporaryDirectory(prefix="vhdl_analyze_") as folder:
        place_files(Path(folder), (*srcs, *dep_srcs))
        for name, texts in below.items():
            Path(folder, library_file_name(name, standard)).write_text(merged(texts), encoding=ENCODING)
        result = subprocess.run(
            [ghdl, "-a", f"--std={standard}", f"--PREFIX={prefix}", f"--work={library}", "--workdir=.", "-P.",
             *options, *(path for path, _ in srcs)],
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        sys.stderr.write(result.stdout.decode(errors="replace"))
        if result.returncode != 0:
            print(f"error: {label}: GHDL ended with exit code {result.returncode}", file=sys.stderr)
            raise SystemExit(1)
        text = relocated(Path(folder, library_file_name(library, standard)).read_text(encoding=ENCODING))
    own = LibraryFile(label, library, part_of(text, {path for path, _ in srcs}))
    problems = clashes([*known, own], label) or undeclared(own, srcs, known, dep_srcs, edges)
    if problems:
        raise HdlError(problems)
    Path(out).write_text(own.text, encoding=ENCODING)


def undeclared(
    own: LibraryFile,
    srcs: Iterable[tuple[str, str]],
    known: Sequence[LibraryFile],
    dep_srcs: Iterable[tuple[str, str]],
    edges: Iterable[tuple[str, str]],
) -> list[Diagnostic]:
    """Names that a unit's files have of units which no direct dependency defines."""
    deps_of: dict[str, list[str]] = defaultdict(list)
    for label, dep in edges:
        deps_of[label].append(dep)
    far = [file for file in known if file.label not in deps_of[own.label]]
    if not edges or not far:
        return []
    from hdl_py.vhdl.declared import mentions, undeclared_dependencies
    from hdl_py.vhdl.target import VhdlUnit

    sources = tuple(SourceText(path, Path(file).read_bytes()) for path, file in srcs)
    if not mentions(sources, {name for file in far for name in primary_units(file.text)}):
        return []
    places = dict(dep_srcs)
    below = [
        VhdlUnit(
            file.label,
            "",
            file.library,
            tuple(deps_of[file.label]),
            tuple(SourceText(path, Path(places[path]).read_bytes()) for path in file_paths(file.text)),
        )
        for file in known
    ]
    unit = VhdlUnit(own.label, "", own.library, tuple(deps_of[own.label]), sources)
    return undeclared_dependencies(unit, below)


def place_files(folder: Path, files: tuple[tuple[str, str], ...]) -> None:
    """Links each file at its path below the folder, where GHDL's library files look for it."""
    for path, source in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(os.path.abspath(source))


def main(argv: list[str]) -> int:
    """Runs the program; returns its exit code."""
    return run_program(command, "vhdl_analyze", expand_params(argv))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
