"""Shows what Verilator said with the user's files and lines, and fails where it failed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hdl_py.errors import HdlError
from tools.worker import start

if TYPE_CHECKING:
    from hdl_py.sv.linemap import LineMap

NOTHING_WRONG = "// Verilator made this model.\n"
"""What stands for a model that can be used: the same for all, so that it changes no key of what is made of one."""


@click.command()
@click.option("--log", "log_path", required=True, help="What sv_verilate wrote.")
@click.option("--map", "maps", multiple=True, help="A line map, beside its isolated source.")
@click.option("--out", required=True, help="File that is there only if the model can be used.")
@click.option("--out-unused", help="File that lists inputs that a successful run did not read.")
def command(log_path: str, maps: tuple[str, ...], out: str, out_unused: str | None) -> None:
    """Prints the messages of one verilation; exits with 1 where it failed."""
    from hdl_py.sv.messages import log_from_json, needed_maps

    log = log_from_json(Path(log_path).read_text(encoding="utf-8"), log_path)
    needed = needed_maps(log, maps)
    if log.text:
        sys.stderr.write(log.shown(_parsed(needed)))
    if log.failed:
        raise SystemExit(1)
    if out_unused:
        # Maps follow every comment.
        unused = "".join(f"{path}\n" for path in maps if path not in needed)
        Path(out_unused).write_text(unused, encoding="utf-8")
    Path(out).write_text(NOTHING_WRONG, encoding="utf-8")


def _parsed(maps: tuple[str, ...]) -> dict[str, LineMap]:
    from hdl_py.sv.linemap import parse_line_map

    known = {}
    for path in maps:
        try:
            known[Path(path).name.removesuffix(".map") + ".sv"] = parse_line_map(Path(path).read_text("utf-8"), path)
        except (OSError, HdlError):
            continue  # the message then names the isolated source, which is better than none
    return known


def main(argv: list[str]) -> int:
    """Runs the program; returns its exit code."""
    return start(command, "sv_messages", argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
