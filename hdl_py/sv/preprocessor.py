"""Verilator's own preprocessor, run hermetically.

The text that Verilator will compile and the text that the checks read are the
same text, with the same predefined macros, so the two can't disagree on which
branch of an `` `ifdef`` is alive.
"""

from __future__ import annotations

import re
import resource
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.text.position import Position

OUTPUT_LIMIT = 512 << 20
"""Most bytes of preprocessed text that a unit may have."""

MEMORY_LIMIT = 4 << 30
"""Most bytes of address space that the preprocessor may use."""

TIME_LIMIT = 120.0
"""Most seconds that the preprocessor may take."""

_ERROR = re.compile(r"^%Error(?:-(?P<code>\w+))?: (?:(?P<file>[^:]+):(?P<line>\d+):(?:(?P<column>\d+):)? )?(?P<text>.*)$")
_MISSING = re.compile(r"Cannot find include file: '?(?P<name>[^']*)'?")


@dataclass(frozen=True)
class Preprocessor:
    """Where Verilator is.

    Attributes:
        binary: path of `verilator_bin`.
        root: path of its `VERILATOR_ROOT`.
    """

    binary: str
    root: str

    def run(self, srcs: Sequence[str], include_dirs: Sequence[str], defines: Sequence[str]) -> bytes:
        """The text of one compilation unit, macros expanded, with `line directives.

        Args:
            srcs: the unit's files; a macro defined in one reaches the next.
            include_dirs: folders searched for headers, in order.
            defines: `NAME` or `NAME=VALUE`, the value passed on byte for byte.

        Raises:
            HdlError: the preprocessor refused the text, or took too long, or too much.
        """
        argv = [self.binary, "-E", *(f"-D{d}" for d in defines), *(f"-I{d}" for d in include_dirs), *srcs]
        environment = {"VERILATOR_ROOT": self.root, "PATH": ""}
        try:
            process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        except OSError as error:
            raise HdlError(
                [Diagnostic(None, "no-preprocessor", f"{self.binary} can't be run: {error.strerror}")], EXIT_USAGE
            ) from error
        try:
            resource.prlimit(process.pid, resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
        except (OSError, AttributeError):
            pass  # The process has ended already, or the system has no such limit.
        try:
            out, err = process.communicate(timeout=TIME_LIMIT)
        except subprocess.TimeoutExpired as error:
            process.kill()
            process.communicate()
            raise HdlError(
                [
                    Diagnostic(
                        Position(srcs[0]),
                        "preprocessor-limit",
                        f"the preprocessor took more than {TIME_LIMIT:.0f} s; macros may expand without end",
                    )
                ]
            ) from error
        if process.returncode or b"%Error" in err:
            raise HdlError(_diagnostics(err.decode("utf-8", "replace"), srcs, process.returncode))
        return out


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
            out.append(missing_include(position, missing["name"]))
        else:
            out.append(Diagnostic(position, "preprocessor", match["text"], clause="IEEE 1800-2023 22"))
    if not out:
        text = f"the preprocessor stopped with exit code {code}: {stderr.strip()[-400:] or 'no message'}"
        out.append(Diagnostic(Position(srcs[0]), "preprocessor", text))
    return out


def missing_include(position: Position, name: str) -> Diagnostic:
    """The answer to an include file that is in none of the folders searched."""
    return Diagnostic(
        position,
        "missing-include",
        f'the include file "{name}" is not among the headers of this unit or of its direct dependencies',
        f'list it in `hdrs` (and its folder in `includes` unless it is included by a path), '
        f"or add the library that exports it to `deps`",
        "IEEE 1800-2023 22.4",
    )
