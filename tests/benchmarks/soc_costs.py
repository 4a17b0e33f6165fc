"""What a build costs: wall time, CPU time and memory of every process that it starts."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """What something took.

    Attributes:
        wall: seconds.
        cpu: seconds, user and system, of all processes.
        peak: MB of the largest process.
    """

    wall: float
    cpu: float
    peak: float

    def best(self, other: Cost | None) -> Cost:
        """The smaller of each figure."""
        if other is None:
            return self
        return Cost(min(self.wall, other.wall), min(self.cpu, other.cpu), min(self.peak, other.peak))


class CommandError(Exception):
    """A command failed; its output is the message."""


def run(commands: Sequence[Sequence[str]], folder: Path, env: Mapping[str, str]) -> tuple[Cost, str]:
    """Runs commands one after the other; the kernel accounts for all that they start and wait for.

    Raises:
        CommandError: one failed.
    """
    start, cpu, peak, printed = time.monotonic(), 0.0, 0.0, ""
    for command in commands:
        with subprocess.Popen(
            command,
            cwd=folder,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as process:
            assert process.stdout is not None
            printed += process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise CommandError(f"{' '.join(command)} ended with {process.returncode}:\n{printed[-6000:]}")
        cpu += usage.ru_utime + usage.ru_stime
        peak = max(peak, usage.ru_maxrss / 1024)
    return Cost(time.monotonic() - start, cpu, peak), printed


def run_with_server(command: Sequence[str], folder: Path, env: Mapping[str, str], server: int) -> tuple[Cost, str]:
    """Runs a client of a server that starts processes, such as Bazel's.

    The CPU time of the server and of every process that it has started and waited
    for stands in /proc/PID/stat; what it grew by is the build's, with the client's
    added. Largest processes are found by looking ten times a second.
    """
    before = _cpu(server)
    watch = _Watch(server)
    watch.start()
    try:
        cost, printed = run([command], folder, env)
    finally:
        watch.stop()
    return Cost(cost.wall, cost.cpu + _cpu(server) - before, max(cost.peak, watch.peak)), printed


def _cpu(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / _TICKS


class _Watch(threading.Thread):
    """Looks at the memory of a process's descendants until it is told to stop."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process = process
        self.peak = 0.0
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.wait(0.1):
            for child in _descendants(self.process):
                self.peak = max(self.peak, _peak(child))

    def stop(self) -> None:
        self._done.set()
        self.join()


def _descendants(process: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it has ended
            children.setdefault(int(fields[1]), []).append(int(entry))
    own = _program(process)
    found, todo = [], list(children.get(process, ()))
    while todo:
        one = todo.pop()
        if _program(one) != own:  # else a copy of the server that is about to become another program
            found.append(one)
        todo += children.get(one, ())
    return found


def _program(process: int) -> str:
    try:
        return os.readlink(f"/proc/{process}/exe")
    except OSError:
        return ""


def _peak(process: int) -> float:
    try:
        text = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith("VmHWM:")), 0.0)
