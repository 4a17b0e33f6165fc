"""Which branches of a unit's conditionals are active, and how to make others so.

A small preprocessor that follows only `` `define ``, `` `undef ``, `` `include `` and
conditionals. It decides nothing: it tells the search in `occurrences_explore` what to
try, and slang's parser says what came of it.
"""

from __future__ import annotations

import itertools
import posixpath
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from hdl_py.sv.occurrences_hidden import HiddenIncludes
from hdl_py.sv.occurrences_parse import MAX_INCLUDE_DEPTH, Choice, Parsed, SourceFile, UnitFiles
from hdl_py.sv.occurrences_text import Branch, Group, Include
from hdl_py.text.position import Position

Key = tuple[str, int]
"""A conditional: normalised path and index in the file's scan."""

_MAX_READS = 20_000
_MAX_SOLVED_NAMES = 8


@dataclass
class Activity:
    """What one run over the unit reached.

    Attributes:
        branches: conditional to the branches that were active at least once; -1 for none of them.
        files: paths that were read.
        defined: macros defined at the end.
        endless: a file that includes itself, directly or not, with nothing that ends it;
            or one of more includes than can be waited for. Empty in a sound unit.
    """

    branches: dict[Key, set[int]] = field(default_factory=lambda: defaultdict(set))
    files: set[str] = field(default_factory=set)
    defined: set[str] = field(default_factory=set)
    endless: str = ""


def evaluate(condition: tuple[str, ...] | None, known: Mapping[str, bool]) -> bool | None:
    """A condition over macro names; None where a name it depends on isn't known."""
    if condition is None:
        return True
    if len(condition) == 1:
        return known.get(condition[0])
    return _Expression(condition, known).value()


class _Expression:
    """`! && || -> <->` over macro names, with unknown operands (IEEE 1800-2023 22.6)."""

    def __init__(self, tokens: tuple[str, ...], known: Mapping[str, bool]) -> None:
        self._tokens = tokens
        self._known = known
        self._at = 0

    def value(self) -> bool | None:
        return self._binary(0)

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _binary(self, level: int) -> bool | None:
        operators = (("->", "<->"), ("||",), ("&&",))
        if level == len(operators):
            return self._unary()
        left = self._binary(level + 1)
        while (operator := self._peek()) in operators[level]:
            self._at += 1
            left = _apply(operator, left, self._binary(level + 1))
        return left

    def _unary(self) -> bool | None:
        token = self._peek()
        self._at += 1
        if token == "!":
            inner = self._unary()
            return None if inner is None else not inner
        if token == "(":
            inner = self._binary(0)
            self._at += self._peek() == ")"
            return inner
        return self._known.get(token)


def _apply(operator: str, left: bool | None, right: bool | None) -> bool | None:
    if operator == "&&":
        return False if left is False or right is False else None if None in (left, right) else True
    if operator == "||":
        return True if left is True or right is True else None if None in (left, right) else False
    if operator == "->":
        return _apply("||", None if left is None else not left, right)
    return None if None in (left, right) else left == right


def branch_value(branch: Branch, known: Mapping[str, bool]) -> bool | None:
    """Whether a branch's own condition holds, those before it left aside."""
    value = evaluate(branch.condition, known)
    return None if value is None else value != branch.negated


class _Known(Mapping[str, bool]):
    """Every macro name is defined or not."""

    def __init__(self, defined: set[str]) -> None:
        self._defined = defined

    def __getitem__(self, name: str) -> bool:
        return name in self._defined

    def get(self, name: str, default: bool | None = None) -> bool:  # type: ignore[override]
        return name in self._defined

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self._defined)

    def __len__(self) -> int:
        return len(self._defined)


def follow(unit: UnitFiles, choice: Choice, extra: Iterable[str] = ()) -> Activity:
    """Run over the unit's sources, and over `extra` files after them."""
    out = Activity()
    out.defined |= {*unit.core.defines, *choice.predefines}
    runner = _Runner(unit, choice, out)
    for path in (*unit.sources, *extra):
        runner.run(path, 0)
    if not out.endless and any(unit.files[path].scan.hides_includes for path in unit.files):
        expanding = _ExpandingRunner(unit, choice, Activity(defined={*unit.core.defines, *choice.predefines}))
        for path in (*unit.sources, *extra):
            expanding.run(path, 0)
        out.endless = expanding.endless
    return out


def parse(unit: UnitFiles, choice: Choice, extra: tuple[str, ...] = ()) -> tuple[Parsed, Activity]:
    """Parse a unit and `extra` files after it, unless its includes have no end."""
    activity = follow(unit, choice, extra)
    if activity.endless:
        position = Position(unit.files[activity.endless].path)
        message = f"'{activity.endless}' is included in itself without end"
        return Parsed.failed(unit, choice, ("EndlessInclude", position, message)), activity
    return Parsed(unit, choice, (*unit.sources, *extra)), activity


class _Runner:
    def __init__(self, unit: UnitFiles, choice: Choice, out: Activity) -> None:
        self._unit = unit
        self._choice = choice
        self._out = out
        self._known = _Known(out.defined)
        self._reads = 0

    @property
    def endless(self) -> str:
        """See `Activity.endless`."""
        return self._out.endless

    def _events(self, file: SourceFile) -> list[tuple[int, str, int]]:
        return events_of(file)

    def _targets(self, path: str, include: Include) -> Iterator[str]:
        target = find_include(self._unit, path, include)
        if target is not None:
            yield target

    def run(self, path: str, depth: int) -> None:
        """Everything in a file that no conditional leaves out."""
        file = self._unit.files.get(path)
        self._reads += 1
        if depth >= MAX_INCLUDE_DEPTH or self._reads > _MAX_READS:
            self._out.endless = self._out.endless or path
        if file is None or self._out.endless:
            return
        self._out.files.add(path)
        self._span(path, file, 0, len(file.clean), depth)

    def _span(self, path: str, file: SourceFile, start: int, end: int, depth: int) -> None:
        """Everything between two offsets that no conditional there leaves out."""
        at = start
        events = self._events(file)
        n = _first_at(events, start)
        while n < len(events) and events[n][0] < end:
            offset, kind, index = events[n]
            n += 1
            if offset < at:
                continue
            if kind == "group":
                group = file.scan.groups[index]
                chosen = self._choose((path, index), group)
                if chosen >= 0:
                    body = group.branches[chosen].body
                    self._span(path, file, body.start, body.end, depth)
                at = group.endif.end
            elif kind == "define":
                self._out.defined.add(file.scan.macros[index].name)
            elif kind == "undef":
                self._out.defined.discard(file.scan.undefs[index][1])
            else:
                for include in self._includes(file, kind, index):
                    for target in self._targets(path, include):
                        self.run(target, depth + 1)

    def _includes(self, file: SourceFile, kind: str, index: int) -> Iterable[Include]:
        return (file.scan.includes[index],)

    def _choose(self, key: Key, group: Group) -> int:
        chosen = self._choice.forced.get(key)
        if chosen is None:
            chosen = -1
            for n, branch in enumerate(group.branches):
                if branch_value(branch, self._known):
                    chosen = n
                    break
        self._out.branches[key].add(chosen)
        return chosen


class _ExpandingRunner(_Runner):
    """Follows includes through macros too, whichever definition of them holds: what it reaches may be too much."""

    def __init__(self, unit: UnitFiles, choice: Choice, out: Activity) -> None:
        super().__init__(unit, choice, out)
        self._hidden = HiddenIncludes(unit)
        self._with_uses: dict[str, tuple[list[tuple[int, str, int]], list[str]]] = {}

    def _uses(self, file: SourceFile) -> tuple[list[tuple[int, str, int]], list[str]]:
        known = self._with_uses.get(file.path)
        if known is None:
            uses = [(at, name) for at, name in self._hidden.uses(file) if any(self._hidden.of_use(name))]
            events = [(at, "use", n) for n, (at, _) in enumerate(uses)]
            known = sorted((*events_of(file), *events)), [name for _, name in uses]
            self._with_uses[file.path] = known
        return known

    def _events(self, file: SourceFile) -> list[tuple[int, str, int]]:
        return self._uses(file)[0]

    def _includes(self, file: SourceFile, kind: str, index: int) -> Iterable[Include]:
        if kind == "use":
            return self._hidden.of_use(self._uses(file)[1][index])
        return super()._includes(file, kind, index)

    def _targets(self, path: str, include: Include) -> Iterator[str]:
        for name in self._hidden.file_names(include):
            yield from super()._targets(path, replace(include, name=name))


def events_of(file: SourceFile) -> list[tuple[int, str, int]]:
    """Directives outside macro texts, in order: (offset, kind, index)."""
    scan = file.scan
    if not scan.events:
        scan.events.extend(
            sorted(
                [(g.span.start, "group", n) for n, g in enumerate(scan.groups) if g.macro < 0]
                + [(m.span.start, "define", n) for n, m in enumerate(scan.macros)]
                + [(u[0], "undef", n) for n, u in enumerate(scan.undefs)]
                + [(i.start, "include", n) for n, i in enumerate(scan.includes)]
            )
        )
    return scan.events


def _first_at(events: list[tuple[int, str, int]], offset: int) -> int:
    low, high = 0, len(events)
    while low < high:
        middle = (low + high) // 2
        if events[middle][0] < offset:
            low = middle + 1
        else:
            high = middle
    return low


def find_include(unit: UnitFiles, path: str, include: Include) -> str | None:
    """The file that an include of `path` reads; None if no file of the unit is it."""
    if include.name is None:
        return None
    for folder in (posixpath.dirname(path), *unit.include_dirs):
        target = posixpath.normpath(posixpath.join(folder, include.name))
        if target in unit.files:
            return target
    return None


def is_guard(file: SourceFile, group: Group) -> bool:
    """Whether a conditional is an include guard: `` `ifndef G `` with `` `define G `` next in it."""
    first = group.branches[0]
    if not first.negated or first.condition is None or len(first.condition) != 1:
        return False
    for macro in file.scan.macros:
        if macro.span.start >= first.body.start:
            between = file.clean[first.body.start : macro.span.start]
            return macro.name == first.condition[0] and not between.strip() and len(group.branches) == 1
    return False


def needs_at(file: SourceFile, path: str, offset: int) -> dict[Key, int]:
    """The branches around an offset, include guards left out."""
    needs: dict[Key, int] = {}
    for n, group in enumerate(file.scan.groups):
        if group.span.start <= offset < group.span.end and not is_guard(file, group):
            for i, branch in enumerate(group.branches):
                if branch.body.start <= offset < branch.body.end:
                    needs[path, n] = i
    return needs


def assume(needs: Mapping[Key, int], unit: UnitFiles) -> dict[str, bool]:
    """Macro names that hold if the needed branches are active; those that contradict left out."""
    known: dict[str, bool] = {}
    for (path, n), chosen in needs.items():
        branches = unit.files[path].scan.groups[n].branches
        wanted = [(b, i == chosen) for i, b in enumerate(branches[: chosen + 1]) if b.condition is not None]
        solved = _solve(wanted, known)
        known.update(solved or {})
    return known


def _solve(wanted: list[tuple[Branch, bool]], known: Mapping[str, bool]) -> dict[str, bool] | None:
    """Values of more names that give every branch the wanted value; None if there are none."""
    names = sorted({t for b, _ in wanted for t in b.condition or () if t[0].isalpha() or t[0] == "_"} - set(known))
    if len(names) > _MAX_SOLVED_NAMES:
        return None
    for values in itertools.product((False, True), repeat=len(names)):
        trial = {**known, **dict(zip(names, values, strict=True))}
        if all(branch_value(b, trial) is value for b, value in wanted):
            return {n: trial[n] for n in names}
    return None


def choose(needs: Mapping[Key, int], unit: UnitFiles, follow_only: set[Key] | None = None) -> Choice:
    """A choice that makes the needed branches active, and other conditionals fit: all, or those given."""
    known = assume(needs, unit)
    forced = dict(needs)
    for path, file in unit.files.items():
        for n, group in enumerate(file.scan.groups):
            wanted = follow_only is None or (path, n) in follow_only
            if wanted and (path, n) not in forced and known and not is_guard(file, group):
                decided = _decided(group, known)
                if decided is not None:
                    forced[path, n] = decided
    predefines = () if follow_only is not None else tuple(sorted(n for n, value in known.items() if value))
    return Choice(forced, predefines)


def _decided(group: Group, known: Mapping[str, bool]) -> int | None:
    """The branch that the known names select; None if none of them is tested."""
    touched = False
    for n, branch in enumerate(group.branches):
        value = branch_value(branch, known)
        if branch.condition is not None and any(t in known for t in branch.condition):
            touched = True
        if value is None:
            if touched:
                continue
            return None
        if value:
            return n if touched else None
    return -1 if touched else None
