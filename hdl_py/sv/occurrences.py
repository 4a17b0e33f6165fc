"""SystemVerilog's part in a rename: what a core defines, and what each occurrence is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache

from hdl_py.mangle.model import (
    Classification,
    Core,
    CoreId,
    Declarations,
    Definition,
    Language,
    Occurrence,
    Plan,
    Refusal,
    Role,
    Scope,
    by_place,
)
from hdl_py.mangle.scope import reach
from hdl_py.sv.occurrences_arguments import Arguments
from hdl_py.sv.occurrences_branches import parse
from hdl_py.sv.occurrences_compare import compare_designs, universes
from hdl_py.sv.occurrences_elaborate import Elaborator
from hdl_py.sv.occurrences_explore import Exploration, Explorer
from hdl_py.sv.occurrences_facts import CoreFacts, DesignFacts
from hdl_py.sv.occurrences_hits import Hit, Hits
from hdl_py.sv.occurrences_includes import output_include_dirs
from hdl_py.sv.occurrences_macros import classify_macros
from hdl_py.sv.occurrences_names import NameFinder, Place, RawName
from hdl_py.sv.occurrences_parse import Choice, SourceFile, UnitFiles, raw_names
from hdl_py.sv.occurrences_probe import Prober
from hdl_py.sv.occurrences_roles import Roles
from hdl_py.sv.occurrences_tokens import changed_tokens
from hdl_py.sv.occurrences_unit import declared_in, syntax_refusals
from hdl_py.sv.occurrences_verdict import Verdict, refuse
from hdl_py.text.position import Position, Span
from hdl_py.text.source import SourceText

_INERT_PLACES = {
    Place.MACRO_NAME: "macro name",
    Place.FORMAL: "formal argument of a macro",
    Place.INCLUDE: "name of an included file",
    Place.DIGITS: "digits of a number",
    Place.MADE_STRING: "text of a string that a macro makes",
}


class _CoreState:
    """What the front end knows of one core, computed once."""

    def __init__(self, core: Core, unit: UnitFiles) -> None:
        self.core = core
        self.unit = unit
        self.baseline = parse(unit, Choice())[0]
        self.declarations: Declarations | None = None
        self.explorations: dict[frozenset[str], Exploration] = {}
        self.facts: dict[frozenset[str], CoreFacts] = {}

    def explore(self, names: frozenset[str], *, thorough: bool) -> Exploration:
        """The parses that read these names."""
        if names not in self.explorations:
            explorer = Explorer(self.unit, names, self.baseline, thorough=thorough)
            self.explorations[names] = explorer.run()
        return self.explorations[names]

    def facts_of(self, names: frozenset[str], *, thorough: bool) -> CoreFacts:
        """Local declarations of these names."""
        if names not in self.facts:
            self.facts[names] = CoreFacts(self.explore(names, thorough=thorough))
        return self.facts[names]


class SvFrontEnd:
    """`hdl_py.mangle.model.FrontEnd` for SystemVerilog, on slang.

    It caches by the identity of a `Core`; use one front end for one design.
    """

    language = Language.SYSTEMVERILOG

    def __init__(self) -> None:
        self._files: dict[SourceText, SourceFile] = {}
        self._states: dict[tuple[int, ...], _CoreState] = {}
        self._finders: dict[frozenset[str], NameFinder] = {}
        self._foreign: dict[tuple[frozenset[str], tuple[int, ...]], frozenset[str]] = {}
        self._readings: dict[tuple[int, ...], dict[tuple[CoreId, str, int], set[str]]] = {}

    def _state(self, core: Core, reachable: tuple[Core, ...]) -> _CoreState:
        key = (id(core), *map(id, reachable))
        if key not in self._states:
            sv = tuple(r for r in reachable if r.language is Language.SYSTEMVERILOG)
            self._states[key] = _CoreState(core, UnitFiles.of(core, sv, self._files))
        return self._states[key]

    def forget(self) -> None:
        """Drop every cached parse; the raw views of the files are small, and needed again."""
        self._states.clear()
        self._readings.clear()
        self._foreign.clear()

    def declare(self, core: Core, reachable: tuple[Core, ...]) -> Declarations:
        """The core's definitions, in its sources, headers and inactive branches."""
        state = self._state(core, reachable)
        if state.declarations is None:
            state.declarations = declared_in(state.unit, state.baseline)
        return state.declarations

    def find(self, core: Core, names: frozenset[str]) -> tuple[tuple[str, Position], ...]:
        """Where identifiers equal to one of the names are spelled."""
        finder = self._finders.setdefault(names, NameFinder(names))
        found: list[tuple[str, Position]] = []
        for text in core.files:
            file = self._files.setdefault(text, SourceFile(text))
            for raw in raw_names(file, finder)[0]:
                if raw.place not in (Place.DIGITS, Place.MADE_STRING):
                    found.append((raw.name, text.position(raw.start)))
        return tuple(found)

    def classify(self, scope: Scope) -> Classification:
        """The proof for one core: see `model.FrontEnd.classify`."""
        names = self._spellings(scope)
        state = self._state(scope.core, scope.reachable)
        # The output has the input's statements and macros: what cuts and pastes them is proven already.
        thorough = any(new != d.name for d, new in scope.plan.renames.items())
        exploration = state.explore(names, thorough=thorough)
        by_id = {c.id: c for c in scope.cores}

        @cache
        def below(core_id: CoreId) -> tuple[Core, ...]:
            return reach(by_id[core_id], by_id)

        def facts_of(core: Core) -> CoreFacts:
            return self._state(core, below(core.id)).facts_of(names, thorough=thorough)

        def definitions_of(core: Core) -> Iterable[Definition]:
            return self.declare(core, below(core.id)).definitions

        facts = DesignFacts(scope, state.unit.owners.__getitem__, facts_of, definitions_of)
        return _Classifier(exploration, scope, facts, lambda: self._upward_readings(scope.cores)).run()

    def _upward_readings(self, cores: tuple[Core, ...]) -> dict[tuple[CoreId, str, int], set[str]]:
        """How every hierarchical name of the design begins, where elaboration reaches it."""
        key = tuple(map(id, cores))
        if key not in self._readings:
            elaborator, found = Elaborator(cores, {}, self._files), dict[tuple[CoreId, str, int], set[str]]()
            for ids in universes(cores):
                if not elaborator.endless(ids):
                    elaborator.readings(ids, found)
            self._readings[key] = found
        return self._readings[key]

    def _spellings(self, scope: Scope) -> frozenset[str]:
        """The names to look for, with every spelling that a VHDL name has in the design's files."""
        foreign = frozenset(d.name.strip("\\").lower() for d in scope.plan.renames if d.language is Language.VHDL)
        if not foreign:
            return scope.names
        key = (foreign, tuple(map(id, scope.cores)))
        if key not in self._foreign:
            pattern = re.compile(
                rb"(?<![\w$])(?:" + b"|".join(re.escape(n.encode("latin-1")) for n in sorted(foreign)) + rb")(?![\w$])",
                re.IGNORECASE,
            )
            self._foreign[key] = frozenset(
                m.group().decode("latin-1")
                for core in scope.cores
                if core.language is Language.SYSTEMVERILOG
                for file in core.files
                for m in pattern.finditer(file.data)
            )
        return frozenset(n.strip("\\") for n in scope.names) | self._foreign[key]

    def compare(
        self, before: tuple[Core, ...], after: tuple[Core, ...], plan: Plan, tops: Mapping[str, str]
    ) -> tuple[Refusal, ...]:
        """Elaborate before and after, and compare; see `occurrences_compare`."""
        self.forget()
        by_id = {c.id: c for c in before}
        astray = tuple(
            refusal
            for core in before
            if core.language is Language.SYSTEMVERILOG
            for refusal in output_include_dirs(core, by_id, self._files)[1]
        )
        if refusals := astray or changed_tokens(before, after, plan, self._files):
            return refusals
        return compare_designs(before, after, plan, files=self._files)


class _Classifier:
    """Merges the readings of every spot of one core into one role or a refusal."""

    def __init__(
        self,
        exploration: Exploration,
        scope: Scope,
        facts: DesignFacts,
        upward: Callable[[], dict[tuple[CoreId, str, int], set[str]]],
    ) -> None:
        self._exploration = exploration
        self._upward = upward
        self._unit = exploration.unit
        self._scope = scope
        self._facts = facts
        self._occurrences: list[Occurrence] = []
        self._refusals: list[Refusal] = []
        self._pending: list[Refusal] = []
        self._roles: dict[Hits, Roles] = {}
        self._prober = Prober(exploration.unit, exploration.names)
        self._arguments = Arguments(exploration.unit, [h.parsed for h in exploration.parses])
        self._unused: list[Occurrence] = []

    def run(self) -> Classification:
        """The classification."""
        core = self._scope.core.id
        macros, refused = classify_macros(self._unit, self._scope)
        self._occurrences += macros
        self._refusals += refused
        named = {(o.file, o.span.start) for o in macros}
        if self._exploration.errors and not self._exploration.nameless:
            self._refusals += syntax_refusals(core, self._exploration.errors)
        for path, at in self._exploration.disagreements:
            self._refuse("unscanned", path, at, "", "two scanners disagree on whether a name under proof stands here")
        spots = self._exploration.spots
        for (path, start), readings in sorted(spots.items(), key=lambda item: item[0]):
            self._merge(path, start, readings)
        self._strays()
        for path, names in () if self._exploration.errors else self._exploration.raw.items():
            if self._unit.owners[path] is self._scope.core:
                for raw in names:
                    if (path, raw.start) not in spots and (self._unit.files[path].path, raw.start) not in named:
                        self._unread(path, raw)
        return Classification(
            tuple(sorted(set(self._occurrences), key=by_place)),
            tuple(sorted(set(self._refusals))),
            tuple(sorted(set(self._pending))),
            tuple(sorted(set(self._unused), key=by_place)),
        )

    def _verdict(self, hits: Hits, hit: Hit) -> Verdict:
        if hits not in self._roles:
            self._roles[hits] = Roles(hits, self._scope, self._facts)
        return self._roles[hits].decide(hit)

    def _merge(self, path: str, start: int, readings: list[tuple[Hits, Hit]]) -> None:
        """One spot, read once or more."""
        name = readings[0][1].name
        verdicts: list[Verdict] = []
        for hits, hit in readings:
            if not hit.exact:
                where = hits.parsed.position(hit.location)
                self._refuse(
                    "pasted", path, start, name, f"'{name}' is pasted together by a macro used at {where}; write it out"
                )
                return
            verdict = self._verdict(hits, hit)
            if verdict.upward:
                verdict = self._settle(path, start, name, verdict)
            elif verdict.elaborated and not self._elaborated(readings):
                verdict = refuse(
                    "bind-target",
                    f"the bind target '{name}' is a definition, an instance or a block is called so too, and "
                    "elaboration doesn't reach this bind; rename the instance",
                )
            verdicts.append(verdict)
        if len(verdicts) > 1:
            verdicts = _distinct(verdicts)
        refused = [v for v in verdicts if v.role is None]
        if refused:
            for verdict in refused:
                self._refuse(verdict.code, path, start, name, verdict.why)
            return
        # Declaration, reference and end label of one definition are one edit.
        if len(verdicts) > 1 and len({(v.role is Role.INERT, v.target) for v in verdicts}) > 1:
            several = " and ".join(f"{v.role}: {v.why}" for v in verdicts)
            self._refuse(
                "two-roles", path, start, name, f"'{name}' has several roles ({several}); give each its own text"
            )
            return
        verdict = verdicts[0]
        assert verdict.role is not None
        file = self._unit.files[path]
        span = Span(start, start + len(name.encode("latin-1")))
        self._occurrences.append(
            Occurrence(self._unit.owners[path].id, file.path, span, name, verdict.role, verdict.why, verdict.target)
        )

    def _elaborated(self, readings: list[tuple[Hits, Hit]]) -> bool:
        """Whether the comparison of elaborated designs sees a place."""
        as_given = self._exploration.parses[0]
        ids = self._scope.core.id
        return any(h is as_given for h, _ in readings) and any(ids in u for u in universes(self._scope.cores))

    def _settle(self, path: str, start: int, name: str, verdict: Verdict) -> Verdict:
        """An upward name that an instance or block shares with the definition."""
        owner = self._unit.owners[path].id
        escaped = self._unit.files[path].clean[start - 1 : start] == b"\\"
        found = self._upward().get((owner, self._unit.files[path].path, start - escaped), set())
        if "definition" in found and found <= {"definition", "both"}:
            return replace(verdict, upward=False)
        if found and found <= {"instance", "both"}:
            return Verdict(Role.INERT, "upward name of an instance or block")
        return refuse(
            "upward-name",
            f"'{name}' begins a hierarchical name that may mean a definition or an instance of that name, and "
            + ("it means both in different places" if found else "elaboration doesn't reach it")
            + "; rename the instance",
        )

    def _strays(self) -> None:
        """Names that come from no file: the text of a define given from outside."""
        for hits in self._exploration.parses:
            for hit in hits.all:
                if hit.path is None and self._verdict(hits, hit).role is not Role.INERT:
                    position = hits.parsed.position(hit.location)
                    self._refusals.append(
                        Refusal.at(
                            "define-value",
                            self._scope.core.id,
                            position,
                            hit.name,
                            f"'{hit.name}' comes from the value of one of the core's defines, which no edit of a "
                            "file can change; define the macro in a header",
                        )
                    )

    def _unread(self, path: str, raw: RawName) -> None:
        """A raw occurrence that no parse gives a meaning."""
        file = self._unit.files[path]
        if raw.place in _INERT_PLACES:
            span = Span(raw.start, raw.end)
            why = _INERT_PLACES[raw.place]
            self._occurrences.append(Occurrence(self._scope.core.id, file.path, span, raw.name, Role.INERT, why))
            return
        if any((path, raw.start) in hits.keywords for hits in self._exploration.parses):
            span = Span(raw.start, raw.end)
            self._occurrences.append(Occurrence(self._scope.core.id, file.path, span, raw.name, Role.INERT, "keyword"))
            return
        if raw.place is Place.PRAGMA:
            self._refuse(
                "pragma", path, raw.start, raw.name, f"what '{raw.name}' means in a `pragma is up to each tool"
            )
            return
        if raw.place is Place.MACRO_BODY and self._probe(path, raw):
            return
        if raw.place in (Place.TEXT, Place.MACRO_BODY) and self._arguments.consumed(path, raw):
            span = Span(raw.start, raw.end)
            why = "argument that a macro drops, quotes or pastes"
            self._occurrences.append(Occurrence(self._scope.core.id, file.path, span, raw.name, Role.INERT, why))
            return
        self._refuse("unproven", path, raw.start, raw.name, self._why_unread(path, raw), pending=True)

    def _probe(self, path: str, raw: RawName) -> bool:
        """Prove a name in a macro that nothing uses; False if that can't be done."""
        verdicts = set()
        for hits, hit in self._prober.readings(path, raw.macro):
            if hit.start == raw.start:
                verdict = self._verdict(hits, hit) if hit.exact else refuse("pasted", "pasted")
                if verdict.role is Role.DECLARATION:
                    continue  # What nothing uses declares nothing.
                verdicts.add((verdict.role, verdict.target, verdict.weak, verdict.why))
        strong = {v for v in verdicts if v[0] is not None and not v[2]}
        chosen = strong or {v for v in verdicts if v[0] is not None}
        if len({(role, target) for role, target, _, _ in chosen}) != 1:
            return False
        role, target, _, why = min(chosen, key=lambda v: v[3])
        assert role is not None
        self._unused.append(
            Occurrence(
                self._scope.core.id,
                self._unit.files[path].path,
                Span(raw.start, raw.end),
                raw.name,
                role,
                f"{why}, in a macro that nothing uses",
                target,
            )
        )
        return True

    def _why_unread(self, path: str, raw: RawName) -> str:
        failure = self._exploration.failures.get((path, raw.start))
        if failure:
            _, position, message = failure
            where = f" at {position}" if position else ""
            return f"the branch with '{raw.name}' doesn't parse when it is active: {message}{where}"
        if self._arguments.uses_around(path, raw):
            return (
                f"the macro around '{raw.name}' makes no name of it as the request reads it, and its text, or one "
                "that it uses, isn't the same under all conditions"
            )
        if raw.place is Place.MACRO_BODY:
            macro = self._unit.files[path].scan.macros[raw.macro].name
            return f"the macro '{macro}' is used nowhere in the request, so what '{raw.name}' means in it is open"
        if path not in self._exploration.read_files:
            return f"nothing in the request includes this file, and '{raw.name}' can't be read without"
        return f"no choice of macros makes the branch with '{raw.name}' active"

    def _refuse(self, code: str, path: str, start: int, name: str, message: str, *, pending: bool = False) -> None:
        file = self._unit.files[path]
        owner = self._unit.owners[path].id
        refusal = Refusal.at(code, owner, file.text.position(start), name, message)
        headers = {h.path for h in self._scope.core.headers}
        (self._pending if pending and file.path in headers else self._refusals).append(refusal)


def _distinct(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """The first of each role, target and code."""
    found: dict[tuple[Role | None, Definition | None, str], Verdict] = {}
    for v in verdicts:
        found.setdefault((v.role, v.target, v.code), v)
    return list(found.values())
