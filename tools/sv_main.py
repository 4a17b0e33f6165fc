"""Writes the C++ main of a simulator."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tools.arguments import expand_params, run_program


@click.command()
@click.option("--label", required=True, help="The target's label.")
@click.option("--top", required=True, help="The top module.")
@click.option("--prefix", required=True, help="The model's C++ class.")
@click.option("--workspace", required=True, help="The runfiles folder of the main repository.")
@click.option("--trace", type=click.Choice(["none", "vcd", "fst"]), default="none")
@click.option("--coverage/--no-coverage", default=False, help="The model gathers coverage.")
@click.option("--timing/--no-timing", default=False, help="The model has delays or event controls of its own.")
@click.option("--clock", "clocks", multiple=True, help="NAME=PERIOD of an input to drive.")
@click.option("--reset", "resets", multiple=True, help="NAME=low|high, the level that resets.")
@click.option("--reset-cycles", type=click.IntRange(min=0), default=5, show_default=True)
@click.option("--max-cycles", type=click.IntRange(min=0), default=0, help="0: no limit.")
@click.option("--seed", type=click.IntRange(1, 2**31 - 1), default=1, show_default=True)
@click.option("--plusarg", "plusargs", multiple=True, help="A word that begins with +.")
@click.option("--map", "maps", multiple=True, help="Runfiles path of a line map.")
@click.option("--out", required=True)
def command(
    label: str,
    top: str,
    prefix: str,
    workspace: str,
    trace: str,
    coverage: bool,
    timing: bool,
    clocks: tuple[str, ...],
    resets: tuple[str, ...],
    reset_cycles: int,
    max_cycles: int,
    seed: int,
    plusargs: tuple[str, ...],
    maps: tuple[str, ...],
    out: str,
) -> None:
    """Writes a main for one model and one target's settings."""
    from hdl_py.simulator.main_cpp import MainRequest, checked_plusargs, main_cpp, parse_clock, parse_reset

    request = MainRequest(
        label=label,
        top=top,
        prefix=prefix,
        workspace=workspace,
        trace=trace,
        coverage=coverage,
        timing=timing,
        clocks=tuple(parse_clock(label, text) for text in clocks),
        resets=tuple(parse_reset(label, text) for text in resets),
        reset_cycles=reset_cycles,
        max_cycles=max_cycles,
        seed=seed,
        plusargs=checked_plusargs(label, plusargs),
        maps=maps,
    )
    Path(out).write_text(main_cpp(request), encoding="utf-8")


def main(argv: list[str]) -> int:
    """Runs the program; returns its exit code."""
    return run_program(command, "sv_main", expand_params(argv))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
