"""Whether the machine has a Bazel of its own that can reach a registry.

Bazel itself answers: it alone knows which registry the user's settings name.
"""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

from tools.bazel import progress

_TIMEOUT_S = 180  # bazelisk may have to download Bazel first

_MODULE = """\
bazel_dep(name = "platforms", version = "0.0.11")
"""


def reaches_registry(program: Path, folder: Path, version: str) -> bool:
    """Asks a Bazel to resolve a module.

    Args:
        program: bazelisk or bazel.
        folder: where to make a small workspace for the question.
        version: the Bazel version that the workspace asks for.

    Returns:
        Whether it did. No other Bazel than bazelisk's or one of this very version is asked.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "MODULE.bazel").write_text(_MODULE)
    (folder / "BUILD.bazel").write_text("")
    (folder / ".bazelversion").write_text(f"{version}\n")
    progress.note(f"asking {program} whether it can reach a registry")
    said = _run([str(program), "--version"], folder).splitlines()
    if f"bazel {version}" not in said:  # bazelisk may say its own version too
        progress.note(f"it can't provide Bazel {version}")
        return False
    graph = _run([str(program), "mod", "graph", "--lockfile_mode=off"], folder)
    _run([str(program), "shutdown"], folder)
    if "platforms@" not in graph:
        progress.note("it can't")
        return False
    return True


def _run(command: list[str], folder: Path) -> str:
    """A program's output; empty where it fails or takes too long."""
    # Its own session, to end all of it; no inherited lock, for the Bazel server that it starts lives on.
    with subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
        errors="replace",
    ) as child:
        try:
            output, _ = child.communicate(timeout=_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
            return ""
    return output if child.returncode == 0 else ""
