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

from hdl_py.mangle.model import Core, CoreId, Kind, Language, Plan, Refusal, spelled_in_systemverilog
from hdl_py.mangle.scope import reach
from hdl_py.sv.occurrences_arguments import arguments_end
from hdl_py.sv.occurrences_branches import Key, choose, needs_at, parse
from hdl_py.sv.occurrences_names import NameFinder
from hdl_py.sv.occurrences_parse import Choice, Parsed, SourceFile, UnitFiles
from hdl_py.sv.occurrences_text import ZoneKind
from hdl_py.text.source import SourceText

_MAX_CHOICES = 64


def changed_tokens(
    before: tuple[Core, ...], after: tuple[Core, ...], plan: Plan, files: dict[SourceText, SourceFile]
) -> tuple[Refusal, ...]:
    """Tokens other than names that the rename changed, with the place that changes them.

    `files` are raw views that are known already; others are added.
    """
    old_by_new: dict[str, set[str]] = {}
    finder = NameFinder(d.name.strip("\\") for d in plan.renames if d.kind is not Kind.MACRO)
    for d, new in plan.renames.items():
        old_by_new.setdefault(new, set()).add(d.name)
        if d.language is Language.VHDL:
            spelled = spelled_in_systemverilog(new)
            old_by_new.setdefault(spelled.lower(), set()).add(spelled_in_systemverilog(d.name).lower())
    by_id, after_ids = {c.id: c for c in before}, {c.id: c for c in after}
    refusals: list[Refusal] = []
    for core in before:
        if core.language is not Language.SYSTEMVERILOG:
            continue
        one = _unit(core, by_id, files)
        places = _risky(one, finder)
        if not places:
            continue
        two = _unit(after_ids[core.id], after_ids, files)
        choices = _choices(one, places)
        if len(choices) > _MAX_CHOICES:
            refusals.append(_too_many(one, places[0]))
            continue
        for choice in choices:
            refusals += _compare(one, two, choice, old_by_new)
    return tuple(sorted(set(refusals)))


def _unit(core: Core, by_id: Mapping[CoreId, Core], files: dict[SourceText, SourceFile]) -> UnitFiles:
    below = tuple(r for r in reach(core, by_id) if r.language is Language.SYSTEMVERILOG)
    return UnitFiles.of(core, below, files)


def _risky(unit: UnitFiles, finder: NameFinder) -> list[tuple[str, int]]:
    """Uses of macros that paste or quote, with a name under proof in an argument or a text."""
    if not any(f.scan.pastes for f in unit.files.values()):
        return []
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
                    end = arguments_end(file, zone.end)
                    inside = any(zone.end <= n < end for n in names.get(path, ()))
                    made = file.clean[zone.end : end]
                    if inside or name in holding or any(w.decode() in holding for w in _USE.findall(made)):
                        found.append((path, zone.start))
    return found


_USE = re.compile(rb"`([A-Za-z_][\w$]*)")


def _choices(unit: UnitFiles, places: list[tuple[str, int]]) -> list[Choice]:
    """The unit as it is, and with every branch active that may decide what one of the places becomes.

    Those are the branches that the place is in, those that hold a text of a macro that it
    uses, directly or through others, and those within such a text.
    """
    texts: dict[str, list[tuple[str, int]]] = {}
    for path, file in unit.files.items():
        for n, macro in enumerate(file.scan.macros):
            texts.setdefault(macro.name, []).append((path, n))
    found: dict[Any, Choice] = {(): Choice()}

    def add(needs: dict[Key, int]) -> None:
        key = tuple(sorted(needs.items()))
        if key not in found and len(found) <= _MAX_CHOICES:
            found[key] = choose(needs, unit)

    for path, offset in places:
        file = unit.files[path]
        here = needs_at(file, path, offset)
        add(here)
        zone = file.scan.zone_at(offset)
        end = arguments_end(file, zone.end) if zone else offset
        for where, n in _used(unit, texts, file.clean[offset:end]):
            home = unit.files[where]
            there = {**needs_at(home, where, home.scan.macros[n].span.start), **here}
            add(there)
            for g, group in enumerate(home.scan.groups):
                if group.macro == n:
                    for branch in range(-1, len(group.branches)):
                        if branch >= 0 or group.branches[-1].condition is not None:
                            add({**needs_at(home, where, group.span.start), **there, (where, g): branch})
    return list(found.values())


def _used(unit: UnitFiles, texts: Mapping[str, list[tuple[str, int]]], piece: bytes) -> list[tuple[str, int]]:
    """The texts of the macros that a piece of text uses, directly or through others."""
    todo, found = [piece], dict[tuple[str, int], None]()
    while todo:
        for word in _USE.findall(todo.pop()):
            for where, n in texts.get(word.decode("ascii"), ()):
                if (where, n) not in found:
                    found[where, n] = None
                    span = unit.files[where].scan.macros[n].span
                    todo.append(unit.files[where].clean[span.start + 1 : span.end])
    return list(found)


def _too_many(unit: UnitFiles, place: tuple[str, int]) -> Refusal:
    path, offset = place
    return Refusal.at(
        "pasted",
        unit.owners[path].id,
        unit.files[path].text.position(offset),
        "",
        f"macros that paste or quote depend on more than {_MAX_CHOICES} branches here; write the names out",
    )


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
        if a.rawText.lstrip("\\") == old and (old in old_by_new.get(new, ()) or _in_any_case(old, new, old_by_new)):
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


def _in_any_case(old: str, new: str, old_by_new: Mapping[str, set[str]]) -> bool:
    """Whether a name of VHDL's was renamed with its letters kept as they were."""
    return new.startswith(old) and old.lower() in old_by_new.get(new.lower(), ())


def _tokens(parsed: Parsed) -> list[Any]:
    found: list[Any] = []

    def look(node: Any) -> None:
        if type(node) is Token:
            found.append(node)

    parsed.tree.root.visit(look)
    return found
