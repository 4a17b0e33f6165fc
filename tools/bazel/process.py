"""Runs a program, and keeps what it prints for an error."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence


def run(command: Sequence[str], environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Runs a program to its end, without input.

    It inherits the cache's lock: where bazelw is killed and its child lives on, the next bazelw waits for the
    child instead of writing to the same files.

    Args:
        command: the program and its arguments.
        environ: variables to set beside those that are there.
    """
    return subprocess.run(
        command,
        env={**os.environ, "LC_ALL": "C.UTF-8", **(environ or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        close_fds=False,
    )


def tail(output: str, lines: int = 8) -> str:
    """The last lines of a program's output; its errors alone where it marks them."""
    errors = [line for line in output.splitlines() if line.startswith(("E:", "W:", "dpkg"))]
    return "\n".join((errors or output.splitlines())[-lines:])
