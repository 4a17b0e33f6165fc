"""Copies the named files of a VERILATOR_ROOT's include folder, for Bazel to compile."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from tools.arguments import expand_params, run_program


@click.command()
@click.option("--root", required=True, help="The VERILATOR_ROOT.")
@click.option("--source", "sources", multiple=True, required=True, help="A path below its include folder.")
@click.option("--optional", multiple=True, help="Likewise, in some releases of Verilator only.")
@click.option("--out", required=True, help="The folder to fill.")
def command(root: str, sources: tuple[str, ...], optional: tuple[str, ...], out: str) -> None:
    """Copies; fails where a file is missing, before anything is written."""
    include = Path(root, "include")
    missing = [name for name in sources if not (include / name).is_file()]
    if missing:
        raise click.ClickException(
            f"{include} has no {', '.join(missing)}: is the root of the verilator_toolchain a VERILATOR_ROOT?"
        )
    Path(out).mkdir(parents=True, exist_ok=True)
    for name in (*sources, *(name for name in optional if (include / name).is_file())):
        shutil.copyfile(include / name, Path(out, Path(name).name))


def main(argv: list[str]) -> int:
    """Runs the program; returns its exit code."""
    return run_program(command, "runtime_sources", expand_params(argv))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
