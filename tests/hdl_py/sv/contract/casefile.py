"""Reads `cases.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

HEADER = (
    "module dut (input logic clk, rst_n, a, b, c, input logic [3:0] x, y, output logic o, p, output logic [3:0] z);"
)


@dataclass(frozen=True)
class Case:
    """One construct with its known contract.

    Attributes:
        name: unique.
        source: the whole text.
        expect: the contract's lines, then the causes.
        why_not: why it isn't tried against Verilator; empty if it is.
    """

    name: str
    source: str
    expect: tuple[str, ...]
    why_not: str


def read_cases() -> list[Case]:
    """All cases in order."""
    data = tomllib.loads(Path(__file__).with_name("cases.toml").read_text(encoding="utf-8"))
    out = []
    for entry in data["case"]:
        body = entry.get("body")
        gap = "\n" if body is not None and "\n" in body else " "
        source = entry["source"] if body is None else f"{HEADER}{gap}{body}\nendmodule\n"
        out.append(Case(entry["name"], source, tuple(entry["expect"]), entry.get("brute", "")))
    return out
