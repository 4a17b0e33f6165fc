"""Macros and include guards as names of a core.

Tools that read a whole design as one stream, as Verilator does, keep a macro from one
core to the next. Two versions that define the same macro would then see each other's
text, and the second version's header would be skipped by a shared include guard. So a
macro is renamed like a definition, where that is safe: every `` `define `` of it is
unconditional, so that nobody sets it from outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from hdl_py.mangle.model import Definition, Kind, Occurrence, Refusal, Role, Scope
from hdl_py.sv.occurrences_branches import is_guard
from hdl_py.sv.occurrences_parse import SourceFile, UnitFiles
from hdl_py.sv.occurrences_text import Macro, ZoneKind
from hdl_py.text.position import Span


@dataclass(frozen=True)
class MacroSpot:
    """A macro's name in a file.

    Attributes:
        path: normalised.
        span: the name, without grave accent or backslash.
        name: of the macro.
        defines: whether it is the name of a `` `define ``.
        pasted: whether a `` `` `` touches it.
    """

    path: str
    span: Span
    name: str
    defines: bool
    pasted: bool


def macro_definitions(unit: UnitFiles) -> Iterator[Definition]:
    """Macros of a core's own files that can be renamed: those that are defined without condition."""
    core = unit.core
    settled: dict[str, list[tuple[str, Macro]]] = {}
    barred = set(core.defines)
    for path, file in unit.files.items():
        for macro in file.scan.macros:
            if unit.owners[path] is not core or not _unconditional(file, macro):
                barred.add(macro.name)
            else:
                settled.setdefault(macro.name, []).append((path, macro))
    for name, places in settled.items():
        if name not in barred and name.isidentifier():
            path, macro = places[0]
            position = unit.files[path].text.position(macro.name_span.start)
            yield Definition(core.id, Kind.MACRO, name, core.language, core.library, position)


def _unconditional(file: SourceFile, macro: Macro) -> bool:
    """Whether only an include guard stands around a `` `define ``."""
    for group in file.scan.groups:
        if group.span.start <= macro.span.start < group.span.end:
            if not is_guard(file, group):
                return False
            body = group.branches[0].body
            own = group.branches[0].condition == (macro.name,)
            rest = file.clean[macro.span.end : body.end]
            if own and not rest.strip():
                return False  # Not a guard but a default that a define from outside overrides.
    return True


def macro_spots(path: str, file: SourceFile) -> Iterator[MacroSpot]:
    """Every place in a file that names a macro."""
    data = file.clean
    defines = {m.name_span.start for m in file.scan.macros}
    for span in file.scan.macro_names:
        start = span.start + (data[span.start : span.start + 1] == b"\\")
        yield MacroSpot(path, Span(start, span.end), data[start : span.end].decode(), span.start in defines, False)
    for zone in file.scan.zones:
        if zone.kind is ZoneKind.TICK:
            start = zone.start + 1 + (data[zone.start + 1 : zone.start + 2] == b"\\")
            word = data[start : zone.end]
            if word[:1].isalpha() or word[:1] == b"_":
                pasted = data.startswith(b"``", zone.end) or data.endswith(b"``", 0, zone.start)
                yield MacroSpot(path, Span(start, zone.end), word.decode(), False, pasted)


def classify_macros(unit: UnitFiles, scope: Scope) -> tuple[list[Occurrence], list[Refusal]]:
    """Every place in the core's own files that names a renamed macro."""
    core = unit.core
    planned = {d.name for d in scope.plan.renames if d.kind is Kind.MACRO}
    occurrences: list[Occurrence] = []
    refusals: list[Refusal] = []
    if not planned:
        return occurrences, refusals
    own = {m.name for p, f in unit.files.items() if unit.owners[p] is core for m in f.scan.macros}
    for path, file in unit.files.items():
        if unit.owners[path] is not core:
            continue
        for spot in macro_spots(path, file):
            if spot.pasted and any(n.startswith(spot.name) for n in planned):
                refusals += _refuse(unit, spot, tuple(n for n in sorted(planned) if n.startswith(spot.name)))
            if spot.name not in planned:
                continue
            found = scope.candidates(spot.name, (Kind.MACRO,))
            mine = [d for d in found if d.core == core.id]
            target = mine[0] if mine else None
            if target is None and found:
                target = scope.resolve(spot.name, (Kind.MACRO,)).definition
                if target is None or spot.name in own or spot.name in core.defines:
                    refusals += _refuse(unit, spot, (spot.name,))
                    continue
            if target is not None:
                role = Role.DECLARATION if spot.defines else Role.REFERENCE
                occurrences.append(Occurrence(core.id, file.path, spot.span, spot.name, role, "macro", target))
    return occurrences, refusals


def _refuse(unit: UnitFiles, spot: MacroSpot, names: tuple[str, ...]) -> list[Refusal]:
    position = unit.files[spot.path].text.position(spot.span.start)
    message = "the macro '{}' can't be told apart here from one of another core"
    return [Refusal.at("macro", unit.core.id, position, n, message.format(n)) for n in names]
