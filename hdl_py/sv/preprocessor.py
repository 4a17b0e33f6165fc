"""Verilator's own preprocessor, run hermetically.

The text that Verilator will compile and the text that the checks read are the
same text, with the same predefined macros, so the two can't disagree on which
branch of an `` `ifdef`` is alive.
"""

from __future__ import annotations

import contextlib
import os
import re
import resource
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.sv.checks import diagnose
from hdl_py.text.position import Position

OUTPUT_LIMIT = 512 << 20
"""Most bytes of preprocessed text that a unit may have."""

MEMORY_LIMIT = 4 << 30
"""Most bytes of address space that the preprocessor may use."""

TIME_LIMIT = 120.0
"""Most seconds that the preprocessor may take."""

_ERROR = re.compile(
    r"^%Error(?:-(?P<code>\w+))?: (?:(?P<file>[^:]+):(?P<line>\d+):(?:(?P<column>\d+):)? )?(?P<text>.*)$"
)
_MISSING = re.compile(r"Cannot find include file: '?(?P<name>[^']*)'?")


@dataclass(frozen=True)
class Preprocessor:
    """Where Verilator is.

    Attributes:
        binary: path of `verilator_bin`.
        root: path of its `VERILATOR_ROOT`.
        time_limit: most seconds that it may take.
    """

    binary: str
    root: str
    time_limit: float = TIME_LIMIT

    def run(
        self,
        srcs: Sequence[str],
        include_dirs: Sequence[str],
        defines: Sequence[str],
        warn: Callable[[str], None] | None = None,
    ) -> bytes:
        """The text of one compilation unit, macros expanded, with `line directives.

        Args:
            srcs: the unit's files; a macro defined in one reaches the next.
            include_dirs: folders searched for headers, in order.
            defines: `NAME` or `NAME=VALUE`, the value passed on byte for byte.
            warn: takes what the preprocessor warns of, such as a macro defined anew with another text.

        Raises:
            HdlError: the preprocessor refused the text, or took too long, or too much.
        """
        argv = [self.binary, "-E", "-Wno-fatal", *(f"-D{d}" for d in defines), *(f"-I{d}" for d in include_dirs), *srcs]
        environment = {"VERILATOR_ROOT": self.root, "PATH": ""}
        try:
            process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        except OSError as error:
            raise HdlError(
                [Diagnostic(None, "no-preprocessor", f"{self.binary} can't be run: {error.strerror}")],
                EXIT_USAGE,
            ) from error
        # The process may have ended already, and not every system has such a limit.
        with contextlib.suppress(OSError, AttributeError):
            resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
        try:
            out, err = process.communicate(timeout=self.time_limit)
        except subprocess.TimeoutExpired as error:
            process.kill()
            process.communicate()
            raise HdlError(
                [diagnose("preprocessor-limit", Position(srcs[0]), limit=f"{self.time_limit:g} s")]
            ) from error
        if process.returncode or b"%Error" in err:
            raise HdlError(_diagnostics(err.decode("utf-8", "replace"), srcs, process.returncode))
        if err and warn is not None:
            warn(err.decode("utf-8", "replace"))
        return out


@dataclass(frozen=True)
class Lint:
    """What Verilator says of texts.

    Attributes:
        errors: (file, line) of its errors.
        complete: whether it read everything; False where a syntax error may hide later errors.
    """

    errors: frozenset[tuple[str, int]]
    complete: bool


def lint(tool: Preprocessor, texts: Mapping[str, bytes]) -> Lint | None:
    """Verilator's own opinion of texts by file name; None where it gives none.

    Meant for the moment when a check has failed already: it is a second reading.
    """
    with tempfile.TemporaryDirectory(prefix="sv_lint_") as folder:
        for name, text in texts.items():
            Path(folder, name).write_bytes(text)
        options = ["--lint-only", "--timing", "-Wno-fatal", "-Wno-lint", "-Wno-style", "-Wno-MULTITOP"]
        try:
            done = subprocess.run(
                [os.path.abspath(tool.binary), *options, *texts],
                cwd=folder,
                env={"VERILATOR_ROOT": os.path.abspath(tool.root), "PATH": ""},
                capture_output=True,
                timeout=tool.time_limit,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
    if done.returncode not in (0, 1):
        return None
    errors = set()
    complete = True
    for line in done.stderr.decode("utf-8", "replace").splitlines():
        match = _ERROR.match(line)
        if match and match["file"]:
            errors.add((match["file"], int(match["line"])))
            complete = complete and "syntax error" not in match["text"]
    return Lint(frozenset(errors), complete)


_FIXES = (
    ("not terminated", "add the missing `endif"),
    ("Too many preprocessor tokens", "break the line; if it is short, look for a macro that expands itself"),
    ("Recursive", "give the files include guards, or the macro an end"),
    ("Unterminated", "close it on the line where it begins"),
    ("EOF in", "close what the file's end found open"),
)


def _fix(text: str) -> str:
    """What mends a text that the preprocessor refused with a message."""
    return next((fix for part, fix in _FIXES if part in text), "mend the directive; IEEE 1800-2023 22 has their syntax")


def _diagnostics(stderr: str, srcs: Sequence[str], code: int) -> list[Diagnostic]:
    out = []
    for line in stderr.splitlines():
        match = _ERROR.match(line)
        if not match or match["text"].startswith("Exiting due to"):
            continue
        position = Position(srcs[0])
        if match["file"]:
            position = Position(match["file"], int(match["line"]), int(match["column"] or 0))
        if missing := _MISSING.match(match["text"]):
            out.append(diagnose("missing-include", position, name=missing["name"]))
        else:
            out.append(diagnose("preprocessor", position, text=match["text"], fix=_fix(match["text"])))
    if not out:
        text = f"the preprocessor stopped with exit code {code}: {stderr.strip()[-400:] or 'no message'}"
        out.append(diagnose("preprocessor", Position(srcs[0]), text=text, fix=_fix(text)))
    return out
