"""Meanings of names in macros that nothing uses: the macro is tried wherever it could stand.

A macro's text has a meaning only where it is used. Where the request uses it nowhere,
it is expanded in every kind of place; those in which it parses must agree on a name.
"""

from __future__ import annotations

from collections.abc import Iterator

from hdl_py.sv.occurrences_branches import choose, needs_at
from hdl_py.sv.occurrences_hits import Hit, Hits
from hdl_py.sv.occurrences_parse import Choice, Parsed, SourceFile, UnitFiles
from hdl_py.sv.occurrences_text import Macro

_CONTEXTS = (
    "module hdl_probe;\n{}\nendmodule\n",
    "module hdl_probe;\n{};\nendmodule\n",
    "module hdl_probe;\n{} hdl_probe_u();\nendmodule\n",
    "module hdl_probe;\n{} hdl_probe_v;\nendmodule\n",
    "module hdl_probe;\n{}::hdl_probe_t hdl_probe_v;\nendmodule\n",
    "module hdl_probe; initial begin\n{}\nend endmodule\n",
    "module hdl_probe; initial begin\n{};\nend endmodule\n",
    "module hdl_probe; initial hdl_probe_v = (\n{}\n); endmodule\n",
    "module hdl_probe; initial hdl_probe_v = (\n{}::hdl_probe_c\n); endmodule\n",
    "module hdl_probe; initial hdl_probe_v = (\n{}.hdl_probe_c\n); endmodule\n",
    "module hdl_probe; parameter type hdl_probe_t =\n{}\n; endmodule\n",
    "module hdl_probe; hdl_probe_m hdl_probe_u(\n{}\n); endmodule\n",
    "module hdl_probe; hdl_probe_m #(\n{}\n) hdl_probe_u(); endmodule\n",
    "module hdl_probe; assert property (\n{}\n); endmodule\n",
    "module hdl_probe(\n{}\n); endmodule\n",
    "module hdl_probe(\n{} hdl_probe_p); endmodule\n",
    "module hdl_probe #(\n{}\n) (); endmodule\n",
    "module hdl_probe\n{}\n(); endmodule\n",
    "typedef struct {{\n{}\n}} hdl_probe_t;\n",
    "typedef struct {{\n{};\n}} hdl_probe_t;\n",
    "class hdl_probe;\n{}\nendclass\n",
    "class hdl_probe;\n{};\nendclass\n",
    "interface hdl_probe;\n{}\nendinterface\n",
    "package hdl_probe;\n{}\nendpackage\n",
    "package hdl_probe;\n{};\nendpackage\n",
    "{}\n",
    "{};\n",
)
"""Places for a macro: `{}` is its use."""


def is_bare(file: SourceFile, macro: Macro) -> bool:
    """Whether a macro's text is one word, which could become a part of anything."""
    text = file.clean[macro.body.start : macro.body.end].replace(b"\\\n", b" ").split(b"//")[0]
    return len(text.split()) <= 1 and text.strip().replace(b"_", b"a").replace(b"\\", b"").isalnum()


class Prober:
    """Tries macros of one unit."""

    def __init__(self, unit: UnitFiles, names: frozenset[str]) -> None:
        self._unit = unit
        self._names = names
        self._readings: dict[tuple[str, int], list[tuple[Hits, Hit]]] = {}

    def readings(self, path: str, index: int) -> list[tuple[Hits, Hit]]:
        """What the names in a macro are in each place where the macro parses."""
        key = (path, index)
        if key not in self._readings:
            self._readings[key] = list(self._try(path, index))
        return self._readings[key]

    def _try(self, path: str, index: int) -> Iterator[tuple[Hits, Hit]]:
        file = self._unit.files[path]
        macro = file.scan.macros[index]
        if is_bare(file, macro):
            return
        choice = choose(needs_at(file, path, macro.span.start), self._unit)
        prelude = self._prelude(macro.name)
        shell = _only(file, macro, choice)
        for use in _uses(file, macro):
            for context in _CONTEXTS:
                parsed = Parsed(self._unit, choice, (path,), context.format(use), {path: shell}, prelude=prelude)
                if parsed.errors:
                    continue
                hits = Hits(parsed, self._names)
                for hit in hits.all:
                    if hit.path == path and macro.span.start <= hit.start < macro.span.end:
                        yield hits, hit

    def _prelude(self, name: str) -> str:
        """Every other macro of the unit, so that a text may use them."""
        lines: dict[str, str] = {}
        for file in self._unit.files.values():
            for macro in file.scan.macros:
                if macro.name != name:
                    lines[macro.name] = file.clean[macro.span.start : macro.span.end].decode("ascii")
        return "\n".join(lines.values()) + "\n"


def _uses(file: SourceFile, macro: Macro) -> list[str]:
    """Uses of a macro: with an argument for each formal, and with default values where there are."""
    name = f"`{macro.name}" if macro.name.replace("_", "a").isalnum() else f"`\\{macro.name} "
    if macro.formals is None:
        return [name]
    given = [f"hdl_probe_{n}" for n in range(len(macro.formals))]
    defaults = [
        "" if file.clean[span.end : macro.body.start].lstrip(b" \t\\\r\n").startswith(b"=") else argument
        for span, argument in zip(macro.formal_spans, given, strict=True)
    ]
    return list(dict.fromkeys(f"{name}({', '.join(arguments)})" for arguments in (given, defaults)))


def _only(file: SourceFile, macro: Macro, choice: Choice) -> str:
    """The file with nothing but one macro, at its place."""
    text = file.chosen(choice)
    blank = "".join(c if c in "\r\n" else " " for c in text)
    return blank[: macro.span.start] + text[macro.span.start : macro.span.end] + blank[macro.span.end :]
