"""Case files: short designs whose marks say what becomes of each name.

    == title
    kind interface              what the unit's `N` is; `module` if left out
    refuse unproven             the code of every refusal; left out if the rename succeeds
    define A=1                  a define of the user's core
    depends none                the user's core depends on nothing
    -- t.sv                     a file of the user's core, up to the next line with `--` or `==`
    -- unit/n.sv                a file of the unit, the same in both versions; replaces the stock text

«N» is renamed, «?N» is where a refusal points, and every other `N` stays as it is.
Files that end in .svh are headers. Everything behind `#` in a title is a note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from hdl_py.mangle.engine import Outcome, Request, mangle
from hdl_py.mangle.model import Core, CoreId, Language
from hdl_py.sv.occurrences import SvFrontEnd
from hdl_py.text.source import SourceText

FOLDER = Path(__file__).parent / "cases"

UNITS = {
    "module": "module «N» #(parameter int W = 1) (input wire a);\nendmodule : «N»\n",
    "interface": "interface «N» (input wire clk);\n"
    " logic x; modport mp(input x); modport sp(output x);\nendinterface : «N»\n",
    "program": "program «N» (input wire a);\nendprogram : «N»\n",
    "package": "package «N»;\n typedef logic [3:0] t; localparam int C = 3;\n"
    " class c; static int s; endclass\n function automatic int f(int i); return i; endfunction\nendpackage : «N»\n",
    "primitive": "primitive «N» (output o, input a);\n table 0 : 1; 1 : 0; endtable\nendprimitive : «N»\n",
    "checker": "checker «N» (input logic a);\nendchecker : «N»\n",
    "class": "class «N»;\n typedef int t; static int s; function new(); endfunction\nendclass : «N»\n",
    "typedef": "typedef struct packed { logic [3:0] f; } «N»;\n",
    "config": "module «top»; endmodule\nconfig «N»;\n design «top»;\nendconfig : «N»\n",
}
"""What the unit's core holds for a kind, if a case doesn't say."""

_MARK = re.compile(r"«(\\?[^«»?]+)»")


@dataclass
class Case:
    """One case, as written."""

    title: str
    kind: str = "module"
    refuse: str = ""
    depends: bool = True
    defines: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    place: str = ""

    def marked(self) -> dict[tuple[str, str], str]:
        """(core name, path) to text with marks."""
        found = {}
        for path, text in self.files.items():
            core = "unit" if path.startswith("unit/") else "user"
            found[core, path] = text
        if not any(core == "unit" for core, _ in found):
            found["unit", "unit/n.sv"] = UNITS[self.kind]
        return found

    def cores(self) -> tuple[Core, ...]:
        """The unit in two versions, and the user's core on the first."""
        marked = self.marked()

        def texts(core: str, header: bool) -> tuple[SourceText, ...]:
            return tuple(
                SourceText(path, plain(text).encode("latin-1"))
                for (of, path), text in marked.items()
                if of == core and path.endswith(".svh") == header
            )

        units = tuple(
            Core(
                CoreId("unit", v),
                Language.SYSTEMVERILOG,
                "work",
                texts("unit", False),
                texts("unit", True),
                ("unit",),
            )
            for v in ("1.0.0", "2.0.0")
        )
        user = Core(
            CoreId("user", "1"),
            Language.SYSTEMVERILOG,
            "work",
            texts("user", False),
            texts("user", True),
            (),
            self.defines,
            {"unit": "1.0.0"} if self.depends else {},
        )
        return (*units, user) if user.files else units

    def run(self) -> Outcome:
        """The rename."""
        return mangle(Request(self.cores()), {Language.SYSTEMVERILOG: SvFrontEnd()})

    def expected(self, version: str) -> dict[tuple[str, str], bytes]:
        """What every file must be in the output, for one version of the unit."""
        suffix = "_v" + version.replace(".", "_")
        found = {}
        for (core, path), text in self.marked().items():
            marks = suffix if core == "unit" else "_v1_0_0"
            found[core, path] = _MARK.sub(lambda m, s=marks: m.group(1) + s, text).encode("latin-1")
        return found

    def refusals(self) -> set[tuple[str, str, str, int, int]]:
        """(code, core, file, line, column) of every mark of a refusal."""
        found = set()
        for (core, path), text in self.marked().items():
            for m in re.finditer(r"«\?", text):
                before = plain(text[: m.start()])
                line = before.count("\n") + 1
                column = len(before) - (before.rfind("\n") + 1) + 1
                escaped = text[m.end() : m.end() + 1] == "\\"
                found.add((self.refuse, core, path, line, column + escaped))
        return found


def plain(text: str) -> str:
    """A text without its marks."""
    return re.sub(r"«\??|»", "", text)


def read_cases(path: Path) -> list[Case]:
    """The cases of one file."""
    cases: list[Case] = []
    file = ""
    for n, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.startswith("== "):
            title = line[3:].split("#")[0].strip()
            cases.append(Case(title, place=f"{path.name}:{n}"))
            file = ""
        elif line.startswith("-- "):
            file = line[3:].strip()
            cases[-1].files[file] = ""
        elif file:
            cases[-1].files[file] += line + "\n"
        elif line.strip() and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            if word == "define":
                name, _, value = rest.partition("=")
                cases[-1].defines[name] = value
            elif word == "depends" and rest == "none":
                cases[-1].depends = False
            elif word in ("kind", "refuse"):
                setattr(cases[-1], word, rest.strip())
            else:
                raise ValueError(f"{path.name}:{n}: found {line!r}")
    for case in cases:
        case.files = {p: t.rstrip("\n") + "\n" for p, t in case.files.items()}
    return cases


def all_cases() -> list[Case]:
    """Every case of every file."""
    return [case for path in sorted(FOLDER.glob("*.cases")) for case in read_cases(path)]
