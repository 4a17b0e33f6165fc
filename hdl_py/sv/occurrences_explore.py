"""Parses of one unit that together give every name under proof a meaning.

The first parse is the unit as its defines make it. For each name in a branch that it
leaves out, further parses choose branches until the name is read, or until nothing is
left to try. A parse with an error proves nothing and is thrown away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hdl_py.sv.occurrences_branches import Activity, Key, choose, find_include, follow, needs_at, parse
from hdl_py.sv.occurrences_hits import Hit, Hits
from hdl_py.sv.occurrences_names import NameFinder, Place, RawName
from hdl_py.sv.occurrences_parse import Choice, Parsed, SourceFile, UnitFiles, raw_names
from hdl_py.sv.occurrences_text import ZoneKind
from hdl_py.text.position import Position

MAX_PARSES = 96
"""Parses of one unit before the search gives up; what is then unread is refused."""

_ARGUMENTS = 400
_WORD = re.compile(rb"[A-Za-z0-9_$]+")

Spot = tuple[str, int]
"""A normalised path and a byte offset."""

SyntaxErrorInfo = tuple[str, Position | None, str]


@dataclass
class Exploration:
    """The parses of one unit and what they left unread.

    Attributes:
        unit: what was parsed.
        names: the names under proof.
        errors: why the unit as it is doesn't parse; then there are no parses.
        nameless: no name under proof is in the unit's own files, and no macro could make one;
            then errors don't matter.
        parses: each with the names it reads; the unit as it is comes first.
        raw: names in each of the unit's files, from the bytes.
        disagreements: spots where the raw view and slang's lexer differ.
        failures: for a spot, the first error of a parse that was meant to read it.
        read_files: files that some parse read.
    """

    unit: UnitFiles
    names: frozenset[str] = frozenset()
    errors: tuple[SyntaxErrorInfo, ...] = ()
    nameless: bool = False
    parses: list[Hits] = field(default_factory=list)
    raw: dict[str, list[RawName]] = field(default_factory=dict)
    disagreements: list[Spot] = field(default_factory=list)
    failures: dict[Spot, SyntaxErrorInfo] = field(default_factory=dict)
    read_files: set[str] = field(default_factory=set)

    @property
    def spots(self) -> dict[Spot, list[tuple[Hits, Hit]]]:
        """Every reading of every spot."""
        found: dict[Spot, list[tuple[Hits, Hit]]] = {}
        for hits in self.parses:
            for hit in hits.all:
                if hit.path is not None:
                    found.setdefault((hit.path, hit.start), []).append((hits, hit))
        return found


@dataclass(frozen=True)
class Target:
    """Something that must be read in some parse.

    Attributes:
        needs: the branches that must be active for it.
        name: the spot whose name must be read; None if active branches are enough.
        held: spots that the parse must read as well, with these branches active.
        extra: a header that nothing includes, to be read after the sources.
    """

    needs: tuple[tuple[Key, int], ...]
    name: Spot | None = None
    held: tuple[Spot, ...] = ()
    extra: str = ""


class Explorer:
    """Runs the search for one unit."""

    def __init__(
        self,
        unit: UnitFiles,
        names: frozenset[str],
        baseline: Parsed | None = None,
        *,
        thorough: bool = True,
    ) -> None:
        self._unit = unit
        self._names = names
        self._finder = NameFinder(names)
        self._out = Exploration(unit, names)
        self._baseline = baseline
        self._thorough = thorough
        self._tried: dict[tuple[tuple[tuple[Key, int], ...], str], SyntaxErrorInfo | None] = {}
        self._named: set[Key] | None = None
        self._covered: set[Spot] = set()
        self._activities: list[Activity] = []

    def run(self) -> Exploration:
        """The search; deterministic."""
        out = self._out
        parsed = self._baseline or parse(self._unit, Choice())[0]
        for path, file in self._unit.files.items():
            names, wrong = raw_names(file, self._finder)
            out.raw[path] = names
            out.disagreements += [(path, at) for at in sorted(wrong)]
        if parsed.errors:
            out.errors = parsed.errors
            words = set[str]().union(*self._pieces().values())
            out.nameless = not any(out.raw[path] for path, _ in self._own()) and not self._could_make(words)
            return out
        self._accept(parsed, follow(self._unit, Choice()))
        self._cover(self._unread_names())
        self._cover(self._loose_headers())
        self._cover(self._macro_uses())
        if self._thorough:
            self._cover(self._paste_uses())
            self._cover(self._cut_statements())
        return out

    def _accept(self, parsed: Parsed, activity: Activity) -> None:
        hits = Hits(parsed, self._names)
        self._out.parses.append(hits)
        self._activities.append(activity)
        self._out.read_files |= activity.files
        self._covered |= {(h.path, h.start) for h in hits.all if h.path is not None}

    # What is left to read

    def _own(self) -> Iterable[tuple[str, SourceFile]]:
        for path, file in self._unit.files.items():
            if self._unit.owners[path] is self._unit.core:
                yield path, file

    def _unread(self) -> Iterable[tuple[str, SourceFile, RawName]]:
        for path, file in self._own():
            for raw in self._out.raw[path]:
                if raw.place in (Place.TEXT, Place.MACRO_BODY) and (path, raw.start) not in self._covered:
                    yield path, file, raw

    def _unread_names(self) -> list[Target]:
        return [
            Target(self._needs(path, raw.start), (path, raw.start))
            for path, _, raw in self._unread()
            if self._reachable(path)
        ]

    def _reachable(self, path: str) -> bool:
        return path in self._out.read_files or self._including(path) is not None

    def _needs(self, path: str, offset: int) -> tuple[tuple[Key, int], ...]:
        """Branches to choose so that an offset is read: those around it and around its include."""
        needs: dict[Key, int] = {}
        at: tuple[str, int] | None = (path, offset)
        for _ in range(16):
            if at is None:
                break
            around = needs_at(self._unit.files[at[0]], *at)
            needs = {**around, **needs}
            at = None if at[0] in self._out.read_files else self._including(at[0])
        return tuple(sorted(needs.items()))

    def _including(self, path: str) -> Spot | None:
        """The first include of a file, wherever it stands."""
        for other, file in self._unit.files.items():
            for include in file.scan.includes:
                if find_include(self._unit, other, include) == path:
                    return other, include.start
        return None

    def _loose_headers(self) -> list[Target]:
        """Headers that nothing in the unit includes, read after the sources."""
        targets: list[Target] = []
        for path, _, raw in self._unread():
            if not self._reachable(path):
                needs = needs_at(self._unit.files[path], path, raw.start)
                targets.append(Target(tuple(sorted(needs.items())), (path, raw.start), extra=path))
        return targets

    def _macro_uses(self) -> list[Target]:
        """Uses, in branches left out, of macros whose texts have unread names."""
        macros: dict[str, list[Target]] = {}
        for path, file, raw in self._unread():
            if raw.place is Place.MACRO_BODY:
                name = file.scan.macros[raw.macro].name
                macros.setdefault(name, []).append(Target(self._needs(path, raw.start), (path, raw.start)))
        return [
            Target(tuple(sorted({*target.needs, *self._needs(*use)})), target.name)
            for name, targets in macros.items()
            for use in self._uses(name)
            for target in targets
        ]

    def _uses(self, macro: str) -> list[Spot]:
        word = b"`" + macro.encode("latin-1")
        return [
            (path, zone.start)
            for path, file in self._unit.files.items()
            if word in file.clean
            for zone in file.scan.zones
            if zone.kind is ZoneKind.TICK and file.clean[zone.start : zone.end] == word
        ]

    def _paste_uses(self) -> list[Target]:
        """Uses, in branches left out, of macros that could make a name out of pieces."""
        pieces = self._pieces()
        targets = []
        for name in sorted(pieces):
            for path, offset in self._uses(name):
                needs = self._needs(path, offset)
                if not needs or path not in self._out.read_files or self._active(needs):
                    continue
                around = self._unit.files[path].clean[offset : offset + _ARGUMENTS]
                words = pieces[name] | {w.decode() for w in _WORD.findall(around)}
                if self._could_make(words):
                    targets.append(Target(needs))
        return targets

    def _pieces(self) -> dict[str, set[str]]:
        """Macros whose text pastes, directly or through others, with the words of the text."""
        found: dict[str, set[str]] = {}
        texts = [(m.name, f.clean[m.body.start : m.body.end]) for f in self._unit.files.values() for m in f.scan.macros]
        for name, text in texts:
            if b"``" in text:
                found.setdefault(name, set()).update(w.decode() for w in _WORD.findall(text))
        grown = bool(found)
        while grown:
            grown = False
            for name, text in texts:
                used = [p for p in found if b"`" + p.encode("latin-1") in text and p != name]
                words = {w.decode() for w in _WORD.findall(text)}.union(*(found[p] for p in used))
                if used and not words <= found.get(name, set()):
                    found.setdefault(name, set()).update(words)
                    grown = True
        return found

    def _could_make(self, words: set[str]) -> bool:
        """Whether a name begins with one of the words and ends with another."""
        for name in self._names:
            starts = any(w != name and name.startswith(w) for w in words)
            if starts and any(w != name and name.endswith(w) for w in words):
                return True
        return False

    def _active(self, needs: Iterable[tuple[Key, int]]) -> bool:
        """Whether some parse had all these branches active."""
        wanted = list(needs)
        return any(all(i in a.branches.get(key, ()) for key, i in wanted) for a in self._activities)

    def _cut_statements(self) -> list[Target]:
        """Every branch of a conditional that stands between a name and what decides its role.

        A macro used there counts as well: each of its texts is a branch.
        """
        targets: list[Target] = []
        sites: dict[bytes, list[Spot]] = {}
        for path, file in self._unit.files.items():
            for macro in file.scan.macros:
                sites.setdefault(b"`" + macro.name.encode("latin-1"), []).append((path, macro.span.start))
        if not sites and not any(file.scan.groups for file in self._unit.files.values()):
            return targets
        for (path, start), readings in self._out.spots.items():
            if self._unit.owners.get(path) is not self._unit.core:
                continue
            file = self._unit.files[path]
            if not sites and not file.scan.groups:
                continue
            name_length = len(readings[0][1].name)
            window = statement_window(file, start, start + name_length)
            for zone in file.scan.zones_in(*window):
                for site in sites.get(file.clean[zone.start : zone.end], ()):
                    needs = self._needs(*site)
                    if needs and not self._active(needs):
                        targets.append(Target(needs, None, ((path, start),)))
            for n, group in enumerate(file.scan.groups):
                if (
                    group.span.start < window[1]
                    and group.span.end > window[0]
                    and not (group.span.start <= start < group.span.end)
                ):
                    for i in range(-1, len(group.branches)):
                        if i < 0 and group.branches[-1].condition is None:
                            continue
                        branches = {**dict(self._needs(path, start)), (path, n): i}
                        if not self._active(branches.items()):
                            targets.append(Target(tuple(sorted(branches.items())), None, ((path, start),)))
        return targets

    # Trying

    def _cover(self, targets: Sequence[Target]) -> None:
        """Parse with as many targets at once as go together; apart where that doesn't parse."""
        waiting = list({(t.needs, t.name, t.extra): t for t in targets if not self._done(t)}.values())
        while waiting and len(self._out.parses) < MAX_PARSES:
            batch, rest = _compatible(waiting)
            self._try(batch)
            waiting = [t for t in rest if not self._done(t)]

    def _done(self, target: Target) -> bool:
        if target.name is not None:
            return target.name in self._covered
        return self._active(target.needs)

    def _try(self, batch: list[Target]) -> None:
        needs: dict[Key, int] = {}
        extra = ""
        for target in batch:
            needs.update(target.needs)
            extra = extra or target.extra
        key = (tuple(sorted(needs.items())), extra)
        if key not in self._tried:
            if len(self._tried) >= MAX_PARSES:
                return
            self._tried[key] = self._parse(needs, extra)
        error = self._tried[key]
        left = [t for t in batch if not self._done(t)]
        if not left or (error is None and len(batch) == 1):
            return
        if error is None:
            for target in left:
                self._try([target])
        elif len({(t.needs, t.extra) for t in left}) == 1:
            for target in left:
                for spot in (target.name, *target.held):
                    if spot is not None:
                        self._out.failures.setdefault(spot, error)
        else:
            left.sort(key=lambda t: (t.needs, t.extra))
            middle = len(left) // 2
            while middle < len(left) - 1 and left[middle].needs == left[middle - 1].needs:
                middle += 1
            if left[middle].needs == left[middle - 1].needs:
                middle = next(i for i, t in enumerate(left) if t.needs == left[-1].needs)
            self._try(left[:middle])
            self._try([t for t in left[middle:] if not self._done(t)])

    def _parse(self, needs: Mapping[Key, int], extra: str) -> SyntaxErrorInfo | None:
        """Parse with some branches chosen; the error if that fails.

        First every conditional on the same macros follows. Where that doesn't parse (an
        include that is missing, say), only conditionals that hold names under proof do.
        """
        files = (extra,) if extra else ()
        named = {k for k in self._conditionals_with_names() if k not in needs}
        first: SyntaxErrorInfo | None = None
        for choice in (choose(needs, self._unit), choose(needs, self._unit, named)):
            parsed, activity = parse(self._unit, choice, files)
            if not parsed.errors:
                self._accept(parsed, activity)
                return None
            first = first or parsed.errors[0]
        return first

    def _conditionals_with_names(self) -> set[Key]:
        if self._named is None:
            self._named = {
                (path, n)
                for path, file in self._unit.files.items()
                for n, group in enumerate(file.scan.groups)
                if any(group.span.start <= r.start < group.span.end for r in self._out.raw[path])
            }
        return self._named


def _compatible(targets: Sequence[Target]) -> tuple[list[Target], list[Target]]:
    """The first target and all later ones that want no other branch, and the rest."""
    chosen: dict[Key, int] = dict(targets[0].needs)
    batch, rest = [targets[0]], []
    for target in targets[1:]:
        fits = target.extra == targets[0].extra and all(chosen.get(k, i) == i for k, i in target.needs)
        if fits:
            chosen.update(target.needs)
            batch.append(target)
        else:
            rest.append(target)
    return batch, rest


def statement_window(file: SourceFile, start: int, end: int) -> tuple[int, int]:
    """From the statement's beginning before a name to the fourth token after it.

    Read off the bytes: the text between this name and the last `;`, `begin`, `end` or
    directive-free line break that ends something. Too wide a window costs a parse.
    """
    data, scan = file.clean, file.scan
    first = data.rfind(b";", 0, start)
    while first > 0 and scan.zone_at(first) is not None:
        first = data.rfind(b";", 0, first)
    first = max(first, 0)
    at, tokens = end, 0
    while at < len(data) and tokens < 4:
        zone = scan.zone_at(at)
        if zone is not None:
            at = zone.end
            tokens += zone.kind in (ZoneKind.ESCAPED, ZoneKind.STRING)
            continue
        if data[at : at + 1].isspace():
            at += 1
            continue
        run = at
        while run < len(data) and (data[run : run + 1].isalnum() or data[run : run + 1] in (b"_", b"$")):
            run += 1
        at = max(run, at + 1)
        tokens += 1
    return first, at
