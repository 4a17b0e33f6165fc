"""Asks a Rust compiler for its version and refuses one that is too old, before it compiles what it can't."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click

from tools.arguments import expand_params, run_program


def parse_version(text: str) -> tuple[int, ...]:
    """The numbers of `rustc 1.82.0 (…)` or of `1.82`; none where there are none."""
    found = re.search(r"\d+(\.\d+)+", text)
    return tuple(int(number) for number in found[0].split(".")) if found else ()


@click.command()
@click.option("--rustc", required=True, help="The compiler.")
@click.option("--least", required=True, help="The oldest version that will do.")
@click.option("--out", required=True, help="For the version that was asked for.")
def command(rustc: str, least: str, out: str) -> None:
    """Fails where the compiler is older, or says nothing of its version."""
    try:
        done = subprocess.run([rustc, "--version"], capture_output=True, text=True, errors="replace", check=False)
    except OSError as error:
        raise click.ClickException(f"{rustc} can't be run: {error.strerror}") from error
    found = parse_version(done.stdout) if done.returncode == 0 else ()
    if not found:
        said = (done.stderr or done.stdout).strip()
        raise click.ClickException(f"{rustc} --version ended with exit code {done.returncode}: {said}")
    if found < parse_version(least):
        raise click.ClickException(
            f"the Rust toolchain has {done.stdout.strip()}; {least} or newer is expected. Update Rust (with bazelw, "
            "what `rustc` on PATH is: Debian 12 has rustc-web), or register a newer toolchain in MODULE.bazel"
        )
    Path(out).write_text(f"{least}\n", encoding="utf-8")


def main(argv: list[str]) -> int:
    """Runs the program; returns its exit code."""
    return run_program(command, "rust_version", expand_params(argv))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
