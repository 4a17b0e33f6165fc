"""Checks that a target waives by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache

import pyslang

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.sv.checks import diagnose, table
from hdl_py.sv.syntax import check_name
from hdl_py.text.position import Position


@cache
def _slang_names() -> frozenset[str]:
    return frozenset(check_name(name) for name in dir(pyslang.Diags) if name[:1].isupper())


class Waivers:
    """The waivers of a target, and which of them were needed."""

    def __init__(self, names: Sequence[str], label: str = "") -> None:
        """
        Raises:
            HdlError: a name that is no check, or a check that can't be waived.
        """
        self._names = frozenset(names)
        self._needed: set[str] = set()
        problems: list[Diagnostic] = []
        for name in sorted(self._names):
            check = table().get(name)
            if check is None and name not in _slang_names():
                close = get_close_matches(name, [*table(), *_slang_names()], 1)
                hint = f"; did you mean {close[0]}?" if close else ""
                problems.append(diagnose("unknown-waiver", None, name=name, hint=hint))
            elif check is not None and not check.waivable:
                problems.append(diagnose("not-waivable", None, name=name))
        if problems:
            raise HdlError(problems, EXIT_USAGE)

    def apply(self, problems: Iterable[Diagnostic]) -> list[Diagnostic]:
        """The diagnostics that no waiver covers."""
        out = []
        for problem in problems:
            if problem.code in self._names:
                self._needed.add(problem.code)
            else:
                out.append(problem)
        return out

    def unused(self) -> list[str]:
        """Waivers that covered nothing, sorted."""
        return sorted(self._names - self._needed)


def is_waivable(problem: Diagnostic) -> bool:
    """Whether a target may waive what a diagnostic says."""
    check = table().get(problem.code)
    return check.waivable if check is not None else problem.code in _slang_names()


def advise(
    problems: Iterable[Diagnostic], refused: Callable[[Position], bool | None] | None = None
) -> list[Diagnostic]:
    """Diagnostics with a word on the waiver that there is for some of them.

    Args:
        problems: the diagnostics.
        refused: whether Verilator refuses the line of a place as well; None where nobody knows.
    """
    out = []
    for problem in problems:
        if is_waivable(problem):
            verdict = refused(problem.position) if refused is not None and problem.position else None
            advice = {
                True: "Verilator refuses this line as well",
                False: f'Verilator accepts this line; to build it as it is: waive = ["{problem.code}"]',
                None: f'if Verilator accepts it as it is meant: waive = ["{problem.code}"]',
            }[verdict]
            problem = replace(problem, fix=f"{problem.fix}\n{advice}".strip())
        out.append(problem)
    return out
