"""The generated C++ main of a simulator: the model's ports and the target's settings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from hdl_py.errors import Diagnostic, HdlError

_UNITS = {"s": 10**15, "ms": 10**12, "us": 10**9, "ns": 10**6, "ps": 10**3, "fs": 1}
_TIME = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>s|ms|us|ns|ps|fs)")


@dataclass(frozen=True)
class Clock:
    """A clock input: its name and its period in femtoseconds, even and positive."""

    name: str
    period_fs: int


@dataclass(frozen=True)
class Reset:
    """A reset input, and whether it is asserted when high."""

    name: str
    active_high: bool


@dataclass(frozen=True)
class MainRequest:
    """What a simulator's main is made of.

    Attributes:
        label: the target.
        top: the top module, by the user's name.
        prefix: the model's C++ class.
        workspace: the runfiles folder of the main repository.
        trace: "none", "vcd" or "fst".
        coverage: whether the model gathers coverage.
        timing: whether the model has delays or event controls of its own.
        clocks: inputs to drive; empty where the top makes its own time.
        resets: inputs asserted for `reset_cycles`.
        reset_cycles: rising edges of the first clock.
        max_cycles: where the simulation fails; 0 for never.
        seed: from 1 to 2**31 - 1.
        plusargs: words that begin with `+`.
        maps: runfiles paths of the units' line maps.
    """

    label: str
    top: str
    prefix: str
    workspace: str
    trace: str
    timing: bool
    clocks: tuple[Clock, ...]
    resets: tuple[Reset, ...]
    reset_cycles: int
    max_cycles: int
    seed: int
    plusargs: tuple[str, ...]
    maps: tuple[str, ...]
    coverage: bool = False


def parse_clock(label: str, text: str) -> Clock:
    """A clock from `NAME=PERIOD`, such as `clk=2.5ns`.

    Raises:
        HdlError: the period is no positive time, or half of it is finer than a femtosecond.
    """
    name, _, period = text.partition("=")
    match = _TIME.fullmatch(period.strip())
    femtoseconds = Fraction(match["number"]) * _UNITS[match["unit"]] if match else Fraction(0)
    if femtoseconds <= 0 or femtoseconds % 2 != 0:
        raise HdlError(
            [
                Diagnostic(
                    None,
                    "bad-clock-period",
                    f"{label}: clocks gives {name} the period {period!r}; a positive time is expected, whose half is a "
                    "whole number of femtoseconds",
                    f'write it as clocks = {{"{name}": "10ns"}}; the units are {", ".join(_UNITS)}',
                )
            ]
        )
    return Clock(name, int(femtoseconds))


def parse_reset(label: str, text: str) -> Reset:
    """A reset from `NAME=low` or `NAME=high`, its active level.

    Raises:
        HdlError: another level.
    """
    name, _, level = text.partition("=")
    if level not in ("low", "high"):
        raise HdlError(
            [
                Diagnostic(
                    None,
                    "bad-reset-level",
                    f'{label}: resets gives {name} the level {level!r}; "low" or "high" is expected, '
                    "the level that resets",
                    f'write resets = {{"{name}": "low"}}',
                )
            ]
        )
    return Reset(name, level == "high")


def cpp_member(port: str) -> str:
    """The C++ member that Verilator makes of a port's name.

    Two underscores together and characters that C++ does not take are written
    as `__0` and two hexadecimal digits (Verilator's `AstNode::encodeName`).
    """
    out: list[str] = []
    at = 0
    while at < len(port):
        char = port[at]
        if port.startswith("__", at):
            out.append("___05F")
            at += 2
            continue
        plain = char.isascii() and (char.isalpha() or char == "_" or (char.isdigit() and at > 0))
        out.append(char if plain else f"__0{ord(char):02X}")
        at += 1
    return "".join(out)


def cpp_string(text: str) -> str:
    """A C++ string literal of `text`, whatever is in it."""
    out = []
    for byte in text.encode():
        char = chr(byte)
        if char in '"\\?':
            out.append("\\" + char)
        elif 32 <= byte < 127:
            out.append(char)
        else:
            out.append(f"\\{byte:03o}")
    return '"' + "".join(out) + '"'


@cache
def _template() -> str:
    return Path(__file__).with_name("main.cpp.j2").read_text(encoding="utf-8")


def main_cpp(request: MainRequest) -> str:
    """The C++ text."""
    environment = Environment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters["cpp"] = cpp_string
    environment.filters["member"] = cpp_member
    return environment.from_string(_template()).render(request=request)


def checked_plusargs(label: str, words: Sequence[str]) -> tuple[str, ...]:
    """The words, each seen to begin with `+`.

    Raises:
        HdlError: one does not.
    """
    wrong = [word for word in words if not word.startswith("+")]
    if wrong:
        raise HdlError(
            [
                Diagnostic(
                    None,
                    "bad-plusarg",
                    f"{label}: plusargs holds {word!r}; it has to begin with '+'",
                    f"write '+{word}'",
                )
                for word in wrong
            ]
        )
    return tuple(words)
