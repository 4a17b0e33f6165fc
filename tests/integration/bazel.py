"""Runs Bazel in copies of child workspaces, as their users would, and says what it did."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# What a user's shell has that Bazel, bazelw and pip look at. All else is the outer test's own.
_ENVIRONMENT = (
    *("HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "TERM", "TZ", "USER"),
    *("BAZELW", "BAZELW_CACHE", "BAZELW_DEBIAN_MIRROR", "BAZELW_PYTHON", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"),
    *("PIP_CERT", "PIP_CONFIG_FILE", "PIP_EXTRA_INDEX_URL", "PIP_INDEX_URL", "PIP_PROXY", "PIP_TRUSTED_HOST"),
    *("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_DIR", "SSL_CERT_FILE"),
    *("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy"),
)


@dataclass(frozen=True)
class Action:
    """An action that a build really had to do.

    Attributes:
        mnemonic: its kind.
        label: the target that it belongs to.
    """

    mnemonic: str
    label: str


@dataclass(frozen=True)
class Spawn:
    """A program that a build ran, or whose outputs it took from a cache.

    Attributes:
        mnemonic: the kind of its action.
        label: the target that it belongs to.
        runner: who ran it, such as "linux-sandbox" or "remote cache hit".
    """

    mnemonic: str
    label: str
    runner: str


@dataclass(frozen=True)
class Outcome:
    """What came of one command.

    Attributes:
        code: Bazel's exit code: 1 for a failed build, 3 for failed tests.
        out: standard output.
        err: standard error, where Bazel reports.
        actions: what was executed or taken from a cache; nothing that was up to date.
        runners: how many spawns each strategy ran.
        spawns: what each ran.
    """

    code: int
    out: str
    err: str
    actions: tuple[Action, ...]
    runners: Mapping[str, int]
    spawns: tuple[Spawn, ...]

    def mnemonics(self) -> Counter[str]:
        """How many actions of each kind there were."""
        return Counter(action.mnemonic for action in self.actions)

    def labels(self, mnemonic: str) -> set[str]:
        """The targets with an action of this kind."""
        return {action.label for action in self.actions if action.mnemonic == mnemonic}


class Workspace:
    """A copy of a child workspace.

    Args:
        bazelw: the launcher of the rule set under test.
        source: the child workspace in the source tree.
        folder: where to put the copy.
        output_base: what Bazel builds in.
        disk_cache: a cache that workspaces share; None for none.
        user: the start of a command line that runs the rest of it as somebody else.
    """

    def __init__(
        self,
        bazelw: Path,
        source: Path,
        folder: Path,
        output_base: Path,
        disk_cache: Path | None,
        user: Sequence[str] = (),
    ) -> None:
        self.bazelw = bazelw
        self.folder = folder
        self.output_base = output_base
        self.disk_cache = disk_cache
        self.user = user
        if folder.exists():
            shutil.rmtree(folder)
        shutil.copytree(source, folder, ignore=shutil.ignore_patterns("bazel-*"))

    def write(self, path: str, text: str) -> Path:
        """Writes a file of the workspace."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def edit(self, path: str, old: str, new: str) -> None:
        """Replaces a text that stands in a file exactly once."""
        file = self.folder / path
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{path}: {text.count(old)} times {old!r}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    def line_of(self, path: str, text: str) -> int:
        """The number of the only line of a file that holds a text."""
        lines = (self.folder / path).read_text(encoding="utf-8").splitlines()
        found = [number for number, line in enumerate(lines, 1) if text in line]
        assert len(found) == 1, f"{path}: {text!r} stands on the lines {found}"
        return found[0]

    def bazel(
        self, command: str, *arguments: str, startup: Sequence[str] = (), environment: Mapping[str, str] | None = None
    ) -> Outcome:
        """Runs one command; the outcome may be a failure.

        Args:
            command: Bazel's command.
            arguments: what follows it.
            startup: options before it.
            environment: variables that the user's shell has beside, or in place of, the usual ones.
        """
        events = self.folder.parent / f"{self.folder.name}.events.json"
        spawns = self.folder.parent / f"{self.folder.name}.spawns.json"
        events.unlink(missing_ok=True)
        spawns.unlink(missing_ok=True)
        options: list[str] = []
        if command in ("build", "test", "run"):
            options += [
                "--build_event_publish_all_actions",
                f"--build_event_json_file={events}",
                "--color=no",
                "--curses=no",
                f"--execution_log_json_file={spawns}",
                "--experimental_convenience_symlinks=ignore",
                "--noshow_progress",
                "--verbose_failures",
            ]
            if self.disk_cache:
                options.append(f"--disk_cache={self.disk_cache}")
        done = subprocess.run(
            [
                *self.user,
                str(self.bazelw),
                f"--output_base={self.output_base}",
                *startup,
                command,
                *options,
                *arguments,
            ],
            cwd=self.folder,
            env=user_environment() | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        actions, runners = _read(events)
        return Outcome(done.returncode, done.stdout, done.stderr, actions, runners, _read_spawns(spawns))

    def succeed(self, command: str, *arguments: str, startup: Sequence[str] = ()) -> Outcome:
        """Runs one command that has to succeed."""
        outcome = self.bazel(command, *arguments, startup=startup)
        assert outcome.code == 0, f"bazel {command} {' '.join(arguments)}\n{outcome.err}\n{outcome.out}"
        return outcome

    def fail(self, *arguments: str) -> str:
        """Builds what can't be built; returns what Bazel reported."""
        outcome = self.bazel("build", *arguments)
        assert outcome.code == 1, f"exit code {outcome.code}, expected a failing build\n{outcome.err}"
        assert '\n  File "' not in outcome.err, outcome.err
        return outcome.err

    def bin(self) -> Path:
        """The folder of outputs."""
        return Path(self.succeed("info", "bazel-bin").out.strip())

    def testlogs(self) -> Path:
        """The folder of test logs."""
        return Path(self.succeed("info", "bazel-testlogs").out.strip())


@dataclass(frozen=True)
class Run:
    """What came of one simulation."""

    code: int
    out: str
    err: str

    def lines(self) -> list[str]:
        """What it printed."""
        return self.out.splitlines()


def user_environment() -> dict[str, str]:
    """What a user's shell has, without what belongs to the test that runs this."""
    return {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}


def simulate(program: Path, *arguments: str, cwd: Path | None = None) -> Run:
    """Runs a simulator as a program of its own."""
    done = subprocess.run(
        [str(program), *arguments],
        cwd=cwd,
        env=user_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Run(done.returncode, done.stdout, done.stderr)


def _read(events: Path) -> tuple[tuple[Action, ...], dict[str, int]]:
    actions: list[Action] = []
    runners: dict[str, int] = {}
    for event in _events(events):
        if "action" in event:
            identity = event["id"].get("actionCompleted", {})
            actions.append(Action(event["action"].get("type", ""), identity.get("label", "")))
        for count in event.get("buildMetrics", {}).get("actionSummary", {}).get("runnerCount", []):
            runners[count["name"]] = int(count.get("count", 0))
    return tuple(actions), runners


def _read_spawns(path: Path) -> tuple[Spawn, ...]:
    """The execution log: objects of many lines, one after the other."""
    text = path.read_text(encoding="utf-8", errors="replace").strip() if path.exists() else ""
    decoder, spawns, at = json.JSONDecoder(), [], 0
    while at < len(text):
        data, end = decoder.raw_decode(text, at)
        spawns.append(Spawn(data["mnemonic"], data.get("targetLabel", ""), data.get("runner", "")))
        at = end + len(text[end:]) - len(text[end:].lstrip())
    return tuple(spawns)


def _events(events: Path) -> Iterator[dict[str, Any]]:
    if events.exists():
        with events.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                yield json.loads(line)
