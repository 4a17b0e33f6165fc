"""The rules of separate compilation with their examples, for tests and documentation."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

RULES = Path(__file__).with_name("rules.toml")
"""The data file."""


@dataclass(frozen=True)
class Legal:
    """A legal example.

    Attributes:
        case: its targets, in the form of `hdl_py.sv.cases`.
        values: constants of the design by hierarchical name.
        scales: time units of definitions, `unit/precision` by definition or by definition and nested one.
        items: what the unit index says that a unit keeps to itself, by label.
    """

    case: str
    values: Mapping[str, str] = field(default_factory=dict)
    scales: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Illegal:
    """An example that breaks the rule.

    Attributes:
        case: its targets.
        error: `FILE:LINE:COLUMN check`, or the check alone.
    """

    case: str
    error: str


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes:
        id: the proposal's section and a number within it.
        ieee: where IEEE 1800-2023 has the rule.
        text: the rule.
        legal: legal examples.
        illegal: examples that break it.
    """

    id: str
    ieee: str
    text: str
    legal: tuple[Legal, ...]
    illegal: tuple[Illegal, ...]


def rules() -> list[Rule]:
    """Every rule, in the order of the proposal."""
    data = tomllib.loads(RULES.read_text(encoding="utf-8"))
    return [
        Rule(
            id=entry["id"],
            ieee=entry["ieee"],
            text=entry["text"],
            legal=tuple(Legal(**x) for x in entry.get("legal", ())),
            illegal=tuple(Illegal(**x) for x in entry.get("illegal", ())),
        )
        for entry in data["rule"]
    ]
