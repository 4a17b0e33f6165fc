"""The expanded token streams of a unit before and after a rename, compared token by token.

A name that a macro pastes into another token, or turns into a string, changes that
token when the name is rewritten. Elaboration doesn't see every such change; the token
stream does: it may differ in the renamed names alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pyslang.parsing import Token

from hdl_py.mangle.model import Core, CoreId, Kind, Language, Plan, Refusal
from hdl_py.mangle.scope import reach
from hdl_py.sv.occurrences_branches import choose, needs_at, parse
from hdl_py.sv.occurrences_parse import Choice, Parsed, SourceFile, UnitFiles
from hdl_py.sv.occurrences_scan import NameFinder, ZoneKind
from hdl_py.text.source import SourceText

_MAX_CHOICES = 16


def changed_tokens(before: tuple[Core, ...], after: tuple[Core, ...], plan: Plan) -> tuple[Refusal, ...]:
    """Tokens other than names that the rename changed, with the place that changes them."""
    old_by_new: dict[str, set[str]] = {}
    finder = NameFinder(d.name.strip("\\") for d in plan.renames if d.kind is not Kind.MACRO)
    for d, new in plan.renames.items():
        old_by_new.setdefault(new, set()).add(d.name)
    by_id, after_ids = {c.id: c for c in before}, {c.id: c for c in after}
    refusals: list[Refusal] = []
    for core in before:
        if core.language is not Language.SYSTEMVERILOG:
            continue
        one = _unit(core, by_id)
        places = _risky(one, finder)
        if not places:
            continue
        two = _unit(after_ids[core.id], after_ids)
        for choice in _choices(one, places):
            refusals += _compare(one, two, choice, old_by_new)
    return tuple(sorted(set(refusals)))


def _unit(core: Core, by_id: Mapping[CoreId, Core]) -> UnitFiles:
    below = tuple(r for r in reach(core, by_id) if r.language is Language.SYSTEMVERILOG)
    cache: dict[SourceText, SourceFile] = {}
    return UnitFiles.of(core, below, cache)


def _risky(unit: UnitFiles, finder: NameFinder) -> list[tuple[str, int]]:
    """Uses of macros that paste or quote, with a name under proof in an argument or a text."""
    names = {p: [r.start for r in finder.find(f.scan)] for p, f in unit.files.items() if finder.maybe_in(f.clean)}
    texts = [(p, f, m) for p, f in unit.files.items() for m in f.scan.macros]
    making = {m.name for _, _, m in texts if m.pastes}
    holding = {m.name for p, _, m in texts if any(m.span.start <= n < m.span.end for n in names.get(p, ()))}
    grown = True
    while grown:
        grown = False
        for _, file, macro in texts:
            body = file.clean[macro.body.start : macro.body.end]
            used = {w.decode() for w in _USE.findall(body)}
            for group in (making, holding):
                if macro.name not in group and used & group:
                    group.add(macro.name)
                    grown = True
    found = []
    for path, file in unit.files.items():
        for zone in file.scan.zones:
            if zone.kind is ZoneKind.TICK:
                name = file.clean[zone.start + 1 : zone.end].decode("ascii").removeprefix("\\")
                if name in making:
                    end = _arguments_end(file, zone.end)
                    inside = any(zone.end <= n < end for n in names.get(path, ()))
                    made = file.clean[zone.end : end]
                    if inside or name in holding or any(w.decode() in holding for w in _USE.findall(made)):
                        found.append((path, zone.start))
    return found


_USE = re.compile(rb"`([A-Za-z_][\w$]*)")


def _arguments_end(file: SourceFile, at: int) -> int:
    """Where the arguments of a macro's use end."""
    data = file.clean
    while at < len(data) and data[at : at + 1].isspace():
        at += 1
    if data[at : at + 1] != b"(":
        return at
    depth = 0
    while at < len(data):
        zone = file.scan.zone_at(at)
        if zone is not None and zone.kind is not ZoneKind.TICK:
            at = zone.end
            continue
        depth += (data[at] == 0x28) - (data[at] == 0x29)
        at += 1
        if depth == 0:
            break
    return at


def _choices(unit: UnitFiles, places: list[tuple[str, int]]) -> list[Choice]:
    """The unit as it is, and with every branch active in which one of the places is."""
    found: dict[Any, Choice] = {(): Choice()}
    for path, offset in places:
        needs = needs_at(unit.files[path], path, offset)
        key = tuple(sorted(needs.items()))
        if key not in found and len(found) < _MAX_CHOICES:
            found[key] = choose(needs, unit)
    return list(found.values())


def _compare(one: UnitFiles, two: UnitFiles, choice: Choice, old_by_new: Mapping[str, set[str]]) -> list[Refusal]:
    first, second = parse(one, choice)[0], parse(two, choice)[0]
    if first.errors:
        return []
    left, right = _tokens(first), _tokens(second)
    refusals = []
    for a, b in zip(left, right, strict=False):
        if a.rawText == b.rawText:
            continue
        new, old = b.valueText, a.valueText
        if old in old_by_new.get(new, ()) and a.rawText.lstrip("\\") == old:
            continue
        path, offset = first.place(a.location)
        position = first.position(a.location)
        owner = one.core.id
        if path is not None and first.manager.isMacroArgLoc(a.location):
            position, owner = one.files[path].text.position(offset), one.owners[path].id
        refusals.append(
            Refusal.at(
                "pasted",
                owner,
                position,
                old.strip('"'),
                f"a macro makes {a.rawText} here, and the rename would make it {b.rawText}; "
                "give the macro the name apart from what it is pasted to or quoted in",
            )
        )
    if len(left) != len(right) and not refusals:
        refusals.append(Refusal.at("verify", one.core.id, None, "", "the rewritten core has another number of tokens"))
    return refusals


def _tokens(parsed: Parsed) -> list[Any]:
    found: list[Any] = []

    def look(node: Any) -> None:
        if type(node) is Token:
            found.append(node)

    parsed.tree.root.visit(look)
    return found
