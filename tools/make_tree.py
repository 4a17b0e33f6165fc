"""Gathers files as one folder."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from tools.arguments import expand_params, run_program


@click.command()
@click.option("--file", "files", nargs=2, multiple=True, required=True, help="A path below the folder, and the file.")
@click.option("--out", required=True, help="The folder to fill.")
def command(files: tuple[tuple[str, str], ...], out: str) -> None:
    """Copies each file to its place."""
    for place, source in files:
        target = Path(out, place)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def main(argv: list[str]) -> int:
    """Runs the program; returns its exit code."""
    return run_program(command, "make_tree", expand_params(argv))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
