"""The expanded token streams of a unit before and after a rename, compared token by token.

A name that a macro pastes into another token, or turns into a string, changes that
token when the name is rewritten. Elaboration doesn't see every such change; the token
stream does: it may differ in the renamed names alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyslang.parsing import Token

from hdl_py.mangle.model import Core, CoreId, Language, Plan, Refusal
from hdl_py.mangle.scope import reach
from hdl_py.sv.occurrences_branches import choose, needs_at
from hdl_py.sv.occurrences_parse import Choice, Parsed, SourceFile, UnitFiles
from hdl_py.sv.occurrences_scan import ZoneKind
from hdl_py.text.source import SourceText

_MAX_CHOICES = 16


def changed_tokens(before: tuple[Core, ...], after: tuple[Core, ...], plan: Plan) -> tuple[Refusal, ...]:
    """Tokens other than names that the rename changed, with the place that changes them."""
    old_by_new: dict[str, set[str]] = {}
    for d, new in plan.renames.items():
        old_by_new.setdefault(new, set()).add(d.name)
    by_id, after_ids = {c.id: c for c in before}, {c.id: c for c in after}
    refusals: list[Refusal] = []
    for core in before:
        if core.language is not Language.SYSTEMVERILOG:
            continue
        one = _unit(core, by_id)
        if not any(f.scan.pastes for f in one.files.values()):
            continue
        two = _unit(after_ids[core.id], after_ids)
        if all(two.files[p].text.data == f.text.data for p, f in one.files.items()):
            continue
        for choice in _choices(one):
            refusals += _compare(one, two, choice, old_by_new)
    return tuple(sorted(set(refusals)))


def _unit(core: Core, by_id: Mapping[CoreId, Core]) -> UnitFiles:
    below = tuple(r for r in reach(core, by_id) if r.language is Language.SYSTEMVERILOG)
    cache: dict[SourceText, SourceFile] = {}
    return UnitFiles.of(core, below, cache)


def _choices(unit: UnitFiles) -> list[Choice]:
    """The unit as it is, and with every branch active in which a macro is used that pastes."""
    found = {(): Choice()}
    for path, file in unit.files.items():
        for zone in file.scan.zones:
            if zone.kind is ZoneKind.TICK and len(found) < _MAX_CHOICES:
                needs = needs_at(file, path, zone.start)
                key: Any = tuple(sorted(needs.items()))
                if key and key not in found:
                    found[key] = choose(needs, unit)
    return list(found.values())


def _compare(one: UnitFiles, two: UnitFiles, choice: Choice, old_by_new: Mapping[str, set[str]]) -> list[Refusal]:
    first, second = Parsed(one, choice, one.sources), Parsed(two, choice, one.sources)
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
