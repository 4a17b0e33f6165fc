"""Analyses the VHDL files of one unit with GHDL and writes a library file that says the same everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import click

from hdl_py.errors import HdlError
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
    options: tuple[str, ...],
    out: str,
) -> None:
    """Writes nothing where GHDL finds an error, or a primary unit stands in the library already."""
    from hdl_py.vhdl.ghdl_library import LibraryFile, clashes, library_file_name, merged, relocated

    ghdl, prefix = os.path.abspath(ghdl), os.path.abspath(prefix)
    known = [LibraryFile(dep, name, Path(path).read_text(encoding="utf-8")) for dep, name, path in deps]
    if problems := clashes(known, label):
        raise HdlError(problems)
    below: dict[str, list[str]] = defaultdict(list)
    for file in known:
        below[file.library.lower()].append(file.text)
    with tempfile.TemporaryDirectory(prefix="vhdl_analyze_") as folder:
        place_files(Path(folder), (*srcs, *dep_srcs))
        for name, texts in below.items():
            Path(folder, library_file_name(name, standard)).write_text(merged(texts), encoding="utf-8")
        result = subprocess.run(
            [ghdl, "-a", f"--std={standard}", f"--PREFIX={prefix}", f"--work={library}", "--workdir=.", "-P.",
             *options, *(path for path, _ in srcs)],
            cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        sys.stderr.write(result.stdout.decode(errors="replace"))
        if result.returncode != 0:
            print(f"error: {label}: GHDL ended with exit code {result.returncode}", file=sys.stderr)
            raise SystemExit(1)
        text = relocated(Path(folder, library_file_name(library, standard)).read_text(encoding="utf-8"))
    own = only(text, {path for path, _ in srcs})
    if problems := clashes([*known, LibraryFile(label, library, own)], label):
        raise HdlError(problems)
    Path(out).write_text(own, encoding="utf-8")


def only(text: str, paths: set[str]) -> str:
    """The part of a library file that is about these files."""
    out: list[str] = []
    keep = True
    for line in text.splitlines():
        if line.startswith("file "):
            keep = line.split('"')[1] in paths
        if keep:
            out.append(line)
    return "\n".join(out) + "\n"


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
