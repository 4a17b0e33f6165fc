"""The format of `cases/*.vhdl`: inputs with the role of each place marked in the text.

A file has cases:

    === name of the case
    key: value                         see `Case`
    --- unit                           text of a versioned core, `$V` is 1 or 2
    --- use                            text of its consumer, one for each version

In the texts `{D|n}` marks a declaration, `{R|n}` a reference, `{E|n}` an end label,
`{I|n}` an inert place and `{X|n}` one that must be refused (`{X:code|n}` with that code).
Each identifier that the plan renames must be marked, so no place goes unnoticed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from hdl_py.mangle.model import Core, Role
from tests.hdl_py.vhdl.rewriting import vhdl_core

_MARK = re.compile(r"\{([DREI]|X(?::[a-z-]+)?)\|((?:\\(?:[^\\]|\\\\)*\\)|[^{}|]+)\}")
ROLES = {"D": Role.DECLARATION, "R": Role.REFERENCE, "E": Role.END_LABEL, "I": Role.INERT}


@dataclass(frozen=True)
class Mark:
    """What a marked place must come out as: a role, or a refusal with a code or any code."""

    core: str
    offset: int
    name: str
    mark: str


@dataclass(frozen=True)
class Case:
    """One case.

    Attributes:
        name: unique.
        std: GHDL's option, `std: 93`.
        library: of the unit's core; `library: ip`.
        options: GHDL's further options; `options: -fpsl`.
        top: the entity or configuration of the consumer to run; `top: use_cfg$V`. By default `use$V`.
        judge: `ghdl` runs the design; `analyse` only analyses it, where GHDL can't run it;
            `none: reason` doesn't ask GHDL, where GHDL has no such construct or crashes.
        stop: simulated time, `stop: 10ns`.
        prints: the versions print different lines unless `same`.
        refused: a code that must come up without a marked place; `refused: taken-name`.
        text: `unit` and `use`, with marks.
    """

    name: str
    where: str
    std: str = "08"
    library: str = "work"
    options: str = ""
    top: str = "use$V"
    judge: str = "ghdl"
    prints: str = "differ"
    stop: str = "1us"
    refused: str = ""
    text: dict[str, str] = field(default_factory=dict)

    def cores(self) -> list[Core]:
        """Both versions of the unit, and the consumer of each."""
        found = []
        for version in ("1", "2"):
            unit = vhdl_core("unit", f"{version}.0", {"unit.vhd": self._plain("unit", version)}, self.library)
            use = {"use.vhd": self._plain("use", version)}
            found += [unit, vhdl_core(f"use{version}", "1", use, unit=f"{version}.0")]
        return found

    def top_of(self, version: str) -> str:
        """The top that prints for a version."""
        return self.top.replace("$V", version)

    def _plain(self, part: str, version: str) -> str:
        return _MARK.sub(lambda m: m.group(2), self.text[part].replace("$V", version))

    def marks(self) -> list[Mark]:
        """All marked places, in both versions."""
        found: list[Mark] = []
        for version in ("1", "2"):
            for part, core in (("unit", f"unit {version}.0"), ("use", f"use{version} 1")):
                text, gone = self.text[part].replace("$V", version), 0
                for m in _MARK.finditer(text):
                    found.append(Mark(core, m.start() - gone, m.group(2), m.group(1)))
                    gone += len(m.group()) - len(m.group(2))
        return found

    @property
    def is_refused(self) -> bool:
        """Whether a refusal is the right answer."""
        return bool(self.refused) or any(m.mark.startswith("X") for m in self.marks())


def load(path: Path) -> list[Case]:
    """The cases of a file."""
    cases: list[Case] = []
    for number, block in _blocks(path.read_text(encoding="latin-1")):
        lines = block.split("\n")
        fields: dict[str, str] = {}
        text: dict[str, list[str]] = {}
        part = ""
        for line in lines[1:]:
            if line.startswith("--- "):
                part = line[4:].strip()
                text[part] = []
            elif part:
                text[part].append(line)
            elif line.strip():
                key, _, value = line.partition(":")
                fields[key.strip()] = value.strip()
        texts = {k: "\n".join(v).strip() + "\n" for k, v in text.items()}
        cases.append(Case(lines[0].strip(), f"{path.name}:{number}", text=texts, **fields))
    return cases


def all_cases() -> list[Case]:
    """The cases of all files, in order."""
    return [case for path in sorted((Path(__file__).parent / "cases").glob("*.vhdl")) for case in load(path)]


def _blocks(text: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    for at, line in enumerate(text.split("\n"), 1):
        if line.startswith("=== "):
            found.append((at, line[4:]))
        elif found:
            found[-1] = (found[-1][0], found[-1][1] + "\n" + line)
    return found
