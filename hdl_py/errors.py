"""Diagnostics and the exceptions that carry them.

A diagnostic says where, what was found, what was expected and how to mend it.
Programs print them and turn them into an exit code; nothing else in `hdl_py`
prints.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hdl_py.text.position import Position

EXIT_USAGE = 2
"""Exit code for wrong usage or input that can't be read."""

EXIT_REFUSED = 3
"""Exit code for input that was understood and refused."""


@dataclass(frozen=True, order=True)
class Diagnostic:
    """One thing wrong with the input.

    Attributes:
        position: where it is; None where it concerns no file.
        code: stable kebab-case name of the check, such as `duplicate-definition`.
        message: what was found, and what was expected.
        fix: the edit or command that mends it; empty where the message says it.
        clause: the rule's source, such as `IEEE 1800-2023 26.3`; may be empty.
    """

    position: Position | None
    code: str
    message: str
    fix: str = ""
    clause: str = ""

    def render(self) -> str:
        """The text for people: `FILE:LINE:COLUMN: error: MESSAGE [CODE, CLAUSE]`, the fix below it."""
        place = f"{self.position}: " if self.position else ""
        source = f"{self.code}, {self.clause}" if self.clause else self.code
        fix = "".join(f"\n    {line}" for line in self.fix.splitlines())
        return f"{place}error: {self.message} [{source}]{fix}"


class HdlError(Exception):
    """Input that can't be accepted, with every cause found.

    Attributes:
        diagnostics: the causes in order of position; never empty.
        exit_code: what a program that meets this error exits with.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic], exit_code: int = EXIT_REFUSED) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        if not self.diagnostics:
            raise ValueError("an HdlError needs at least one diagnostic")
        self.exit_code = exit_code
        super().__init__(self.render())

    def render(self) -> str:
        """All diagnostics, one after the other."""
        return "\n".join(d.render() for d in self.diagnostics)
