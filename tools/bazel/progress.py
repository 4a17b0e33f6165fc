"""Lines on stderr, so that a first call is not a silent minute."""

from __future__ import annotations

import sys


def note(text: str) -> None:
    """A line for people: what happens now, or what they should know."""
    print(f"bazelw: {text}", file=sys.stderr, flush=True)
