"""How every program here takes arguments and ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from hdl_py.errors import EXIT_USAGE, HdlError


def expand_params(argv: Sequence[str]) -> list[str]:
    """The arguments with every `@FILE` replaced by the file's lines (Bazel's multiline format).

    Raises:
        SystemExit: a file can't be read.
    """
    out: list[str] = []
    for arg in argv:
        if arg.startswith("@"):
            out += _lines(Path(arg[1:]))
        else:
            out.append(arg)
    return out


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        print(f"error: can't read the arguments in {path}: {error.strerror}", file=sys.stderr)
        raise SystemExit(EXIT_USAGE) from error
    except UnicodeDecodeError as error:
        print(f"error: the arguments in {path} are not UTF-8: {error}", file=sys.stderr)
        raise SystemExit(EXIT_USAGE) from error
    # Only "\n" ends a line here: splitlines() would break a text that holds a form feed or U+2028.
    return text.removesuffix("\n").split("\n") if text else []


def pairs(values: Sequence[str], flag: str) -> list[tuple[str, str]]:
    """`NAME=VALUE` arguments as (name, value); the value may hold `=` again.

    Raises:
        click.UsageError: one has no `=`.
    """
    out = []
    for text in values:
        name, separator, value = text.partition("=")
        if not separator:
            raise click.UsageError(f"{flag} takes NAME=VALUE, found {text!r}")
        out.append((name, value))
    return out


def in_callers_folder() -> None:
    """Make relative paths mean those of the caller: `bazel run` starts programs in their runfiles."""
    if folder := os.environ.get("BUILD_WORKING_DIRECTORY"):
        os.chdir(folder)


def run_program(command: click.Command, name: str, argv: Sequence[str]) -> int:
    """Runs a click command; prints what is wrong with the input and returns the exit code."""
    try:
        command.main(list(argv), prog_name=name, standalone_mode=False)
    except HdlError as error:
        print(error.render(), file=sys.stderr)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return 130
    return 0
