"""What `bazelw` starts for a workspace, and for how long that holds.

The launcher is bash and must not take time, so it reads plain lines: see `fresh` in bazelw. These are its
files, in the workspace's state folder for this value of BAZELW:
    launch    until when this holds (seconds since 1970), which Bazel the machine has, whether it has a C
              compiler, the program, its first arguments
    inputs    the files that this depends on, one a line
    contents  what these files held, one after the other
    bazelrc   the settings for Bazel
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FOREVER = 1 << 40


@dataclass(frozen=True)
class Launch:
    """How to start Bazel.

    Attributes:
        until: seconds since 1970 after which the question has to be asked again.
        own: the machine's own Bazel, for which this holds; empty where it has none.
        compiler: whether the machine has the C compiler that Bazel looks for: "found" or "missing".
        program: what to start.
        arguments: what comes before the user's arguments.
    """

    until: int
    own: str
    compiler: str
    program: Path
    arguments: tuple[str, ...]

    def render(self) -> str:
        """The file's text."""
        lines = (self.until, f"own {self.own}", f"compiler {self.compiler}", self.program, *self.arguments)
        return "".join(f"{line}\n" for line in lines)


def snapshot(inputs: Sequence[Path]) -> bytes:
    """The files' contents, one after the other; nothing for one that is not there."""
    return b"".join(path.read_bytes() if path.is_file() else b"" for path in inputs)


def write(state: Path, launch: Launch, bazelrc: str, inputs: Sequence[Path], before: bytes) -> None:
    """Writes a workspace's files, each whole or not at all, the one that makes them valid last.

    Args:
        state: the workspace's state folder.
        launch: what to start.
        bazelrc: the settings' text.
        inputs: the files that all this was made from.
        before: `snapshot(inputs)` from before they were read, so that an edit meanwhile is noticed.
    """
    state.mkdir(parents=True, exist_ok=True)
    _replace(state / "bazelrc", bazelrc.encode())
    _replace(state / "inputs", "".join(f"{path}\n" for path in inputs).encode())
    _replace(state / "launch", launch.render().encode())
    _replace(state / "contents", before)


def _replace(path: Path, data: bytes) -> None:
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_bytes(data)
    new.replace(path)
