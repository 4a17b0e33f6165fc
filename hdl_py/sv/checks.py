"""The table of checks: one data file from which messages, tests and documentation are made."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hdl_py.errors import Diagnostic
from hdl_py.text.position import Position

TABLE = Path(__file__).with_name("checks.toml")
"""The data file."""


@dataclass(frozen=True)
class Check:
    """One rule that a unit or a design is held to.

    Attributes:
        name: stable kebab-case name; what `waive` takes.
        clause: where IEEE 1800-2023 has the rule; empty for rules of this project.
        proposal: where the proposal on separate compilation has it; may be empty.
        message: what was found, with `{fields}`.
        fix: what mends it, with `{fields}`.
        why: the reason for the rule, for the documentation.
        waivable: whether a target may waive it.
        slang: slang's names of the diagnostics that this check stands for.
        good: a legal example in the form that `hdl_py.sv.cases` reads.
        bad: an example that breaks this rule and no other.
    """

    name: str
    clause: str
    proposal: str
    message: str
    fix: str
    why: str
    waivable: bool
    slang: tuple[str, ...]
    good: str
    bad: str

    def source(self) -> str:
        """The clauses as a diagnostic shows them."""
        standard = f"IEEE 1800-2023 {self.clause}" if self.clause else ""
        proposal = f"separate compilation {self.proposal}" if self.proposal else ""
        return "; ".join(s for s in (standard, proposal) if s)


@cache
def table() -> dict[str, Check]:
    """Every check by name, in the order of the data file."""
    data = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    return {
        name: Check(
            name=name,
            clause=entry.get("clause", ""),
            proposal=entry.get("proposal", ""),
            message=entry["message"],
            fix=entry.get("fix", ""),
            why=entry["why"],
            waivable=entry.get("waivable", False),
            slang=tuple(entry.get("slang", ())),
            good=entry["good"],
            bad=entry["bad"],
        )
        for name, entry in data.items()
    }


@cache
def by_slang_name() -> dict[str, Check]:
    """The check that each of slang's diagnostics belongs to."""
    return {name: check for check in table().values() for name in check.slang}


def diagnose(check: str, position: Position | None, /, **fields: str) -> Diagnostic:
    """The diagnostic of a check at a place.

    Args:
        check: name of a check of the table.
        position: the place; None where no file is concerned.
        fields: what the check's message and fix mention in braces.
    """
    entry = table()[check]
    return Diagnostic(
        position,
        check,
        entry.message.format_map(fields),
        entry.fix.format_map(fields),
        entry.source(),
    )


def from_slang(check: Check, position: Position, text: str) -> Diagnostic:
    """The diagnostic of a check for something that slang found, in slang's words."""
    if "{text}" in check.message:
        return diagnose(check.name, position, text=text)
    fix = "" if "{" in check.fix else check.fix
    return Diagnostic(position, check.name, text, fix, check.source())
