"""Reads waveforms: every signal by its full name."""

from __future__ import annotations

import re


def changes(text: str) -> dict[str, list[tuple[int, str]]]:
    """A VCD's signals with their values by time; several changes at one time count as the last."""
    names: dict[str, list[str]] = {}
    scopes: list[str] = []
    out: dict[str, list[tuple[int, str]]] = {}
    now = 0
    head, _, body = text.partition("$enddefinitions $end")
    for found in re.finditer(r"\$scope \w+ (\S+) \$end|\$upscope \$end|\$var \w+ \d+ (\S+) (\S+)[^$]*\$end", head):
        if found[1] is not None:
            scopes.append(found[1])
        elif found[2] is not None:
            name = ".".join([*filter(None, scopes), found[3]])
            names.setdefault(found[2], []).append(name)
            out[name] = []
        else:
            scopes.pop()
    for line in body.split("\n"):
        if line.startswith("#"):
            now = int(line[1:])
        elif line and line[0] in "01xzbr":
            value, _, code = line.partition(" ") if line[0] in "br" else (line[0], "", line[1:])
            for name in names[code]:
                found_values = out[name]
                if found_values and found_values[-1][0] == now:
                    found_values.pop()
                if not found_values or found_values[-1][1] != value:
                    found_values.append((now, value))
    return out
