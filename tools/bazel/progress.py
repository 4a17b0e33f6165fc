"""One line on stderr for each phase, so that a first call is not a silent minute."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def phase(text: str) -> Iterator[None]:
    """Says that a phase starts, and how long it took once it is done.

    Args:
        text: what happens, such as `downloading 181 packages (204 MB)`.
    """
    begin = time.monotonic()
    print(f"bazelw: {text} ...", end="", file=sys.stderr, flush=True)
    try:
        yield
    except BaseException:
        print(" failed", file=sys.stderr, flush=True)
        raise
    print(f" {time.monotonic() - begin:.0f} s", file=sys.stderr, flush=True)


def note(text: str) -> None:
    """A line for people on stderr."""
    print(f"bazelw: {text}", file=sys.stderr, flush=True)
