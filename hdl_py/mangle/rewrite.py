"""Splices of proven occurrences, and the records of what was changed."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hdl_py.mangle.model import Core, CoreId, Language, Occurrence, Plan, Role, by_place, spelled_in_systemverilog
from hdl_py.text.position import Position
from hdl_py.text.source import Edit, apply_edits


@dataclass(frozen=True, order=True)
class RenameEdit:
    """One edit, with its place in the original file.

    Attributes:
        core: whose file it is.
        position: file, line and column of the identifier before the rewrite.
        occurrence: what was renamed.
        text: the new spelling.
    """

    core: CoreId
    position: Position
    occurrence: Occurrence
    text: str


def new_spelling(core: Core, occurrence: Occurrence, plan: Plan) -> str:
    """What an occurrence becomes.

    A VHDL name in SystemVerilog keeps its letters' case before the suffix: tools fold the
    name that VHDL declares, and match what the user of it wrote.
    """
    assert occurrence.target is not None
    target, new = occurrence.target, plan.new_name(occurrence.target)
    foreign = core.language is Language.SYSTEMVERILOG and target.language is Language.VHDL
    if foreign:
        old, new = spelled_in_systemverilog(target.name), spelled_in_systemverilog(new)
        if new.startswith(old):
            return occurrence.name + new[len(old) :]
    return new


def edits_of(core: Core, occurrences: Iterable[Occurrence], plan: Plan) -> tuple[RenameEdit, ...]:
    """The edits that the plan asks for in one core's files, in order."""
    files = {f.path: f for f in core.files}
    found: list[RenameEdit] = []
    for o in occurrences:
        if o.core == core.id and o.role is not Role.INERT and o.target is not None:
            new = new_spelling(core, o, plan)
            if o.target in plan.renames and new != o.name:
                found.append(RenameEdit(core.id, files[o.file].position(o.span.start), o, new))
    return tuple(sorted(found, key=lambda e: (by_place(e.occurrence), e.text)))


def rewrite(core: Core, edits: Iterable[RenameEdit]) -> Core:
    """The core with every edit spliced in; every other byte is kept."""
    by_file: dict[str, list[Edit]] = defaultdict(list)
    for e in edits:
        by_file[e.occurrence.file].append(Edit(e.occurrence.span, e.text.encode("latin-1")))
    data = {f.path: apply_edits(f.data, by_file[f.path]) for f in core.files if f.path in by_file}
    return core.with_files(data)


class Shifts:
    """Where offsets of one file lie after its edits."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        self._starts: list[int] = []
        self._shifts: list[int] = [0]
        for edit in sorted(set(edits)):
            self._starts.append(edit.span.start)
            self._shifts.append(self._shifts[-1] + len(edit.text) - len(edit.span))

    def moved(self, offset: int) -> int:
        """The new place of an offset where an edit begins, or that no edit covers."""
        return offset + self._shifts[bisect_left(self._starts, offset)]


def edits_by_file(edits: Iterable[RenameEdit]) -> Mapping[tuple[CoreId, str], list[Edit]]:
    """The byte edits of every file."""
    found: dict[tuple[CoreId, str], list[Edit]] = defaultdict(list)
    for e in edits:
        found[e.core, e.occurrence.file].append(Edit(e.occurrence.span, e.text.encode("latin-1")))
    return found
