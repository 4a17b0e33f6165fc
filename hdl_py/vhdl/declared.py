"""Strict dependencies in VHDL: a unit names design units of its own and of its direct dependencies only.

GHDL reads the libraries of all dependencies, however far below, so it takes every name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from hdl_py.errors import Diagnostic
from hdl_py.mangle.model import UNVERSIONED, Core, CoreId, Definition, Language, Plan, Role
from hdl_py.mangle.scope import Design
from hdl_py.text.source import SourceText
from hdl_py.vhdl.classify import Judge
from hdl_py.vhdl.design import Reader, ReadFile, library_word
from hdl_py.vhdl.lexer import Kind, scan
from hdl_py.vhdl.meanings import Local
from hdl_py.vhdl.proof import Proof, Targets
from hdl_py.vhdl.syntax.tree import Place
from hdl_py.vhdl.target import VhdlUnit

_OF_COMPONENTS = frozenset((Place.INSTANCE, Place.INSTANCE_OR_CALL, Place.COMPONENT_SPECIFICATION, Place.USE))
"""Places that may name a component which another unit declares."""

_BEFORE_UNIT = frozenset((b"entity", b"configuration", b"use", b"context", b"new"))
"""After these stands the name of a unit with its library."""


def mentions(sources: Iterable[SourceText], names: Collection[str]) -> bool:
    """Whether an identifier in some files is one of these names; comments and strings have none.

    Args:
        sources: the files.
        names: as VHDL compares them.
    """
    words = {name.encode("latin-1", "replace") for name in names}
    return any(
        word in words and _is_name(kind)
        for tokens in map(scan, (source.data for source in sources))
        for word, kind in zip(tokens.word, tokens.kind, strict=True)
    )


def undeclared_dependencies(
    unit: VhdlUnit, below: Sequence[VhdlUnit], ids: Mapping[str, CoreId] | None = None
) -> list[Diagnostic]:
    """Names of design units that only a dependency of a dependency defines, each once.

    A component that another unit declares may lead further: what it binds to is that unit's
    affair, if it can reach it.

    Args:
        unit: the unit to check. GHDL has accepted it, or its names are proven, so what can't be
            told here is taken to be right.
        below: every unit below it, dependencies first.
        ids: a core for each label, where versions of one core have one name; else each is its own.
    """
    ids = ids or {known.label: CoreId(known.label, UNVERSIONED) for known in (*below, unit)}
    indirect = {ids[known.label]: known.label for known in below if known.label not in unit.deps}
    check = _Check(unit, [_core(known, ids) for known in (*below, unit)], ids, indirect, Reader())
    found: dict[Definition, Diagnostic] = {}
    for source in unit.sources:
        for start, target in sorted(check.named(source), key=lambda use: use[0]):
            label = indirect[target.core]
            name = source.data[start : start + len(target.name)].decode("latin-1")
            message = f"the {target.kind} {name} is in {label}, which is no direct dependency of {unit.label}"
            fix = f"buildozer 'add deps {label}' {unit.label}"
            found.setdefault(target, Diagnostic(source.position(start), "undeclared-dependency", message, fix))
    return list(found.values())


def _is_name(kind: int) -> bool:
    return kind in (Kind.IDENTIFIER, Kind.EXTENDED)


def _core(unit: VhdlUnit, ids: Mapping[str, CoreId]) -> Core:
    depends = {ids[dep].name: ids[dep].version for dep in unit.deps if dep in ids}
    return Core(ids[unit.label], Language.VHDL, library=unit.library, sources=unit.sources, depends=depends)


class _Check:
    """Asks the proof of names whom each one means."""

    def __init__(
        self,
        unit: VhdlUnit,
        cores: Sequence[Core],
        ids: Mapping[str, CoreId],
        indirect: Mapping[CoreId, str],
        reader: Reader,
    ) -> None:
        definitions = [d for core in cores for d in reader.definitions(core)]
        # A proof is made of names that change, so these do; nothing is written.
        plan = Plan({d: f"{d.name}_" for d in definitions if d.core in indirect})
        own = next(core for core in cores if core.id == ids[unit.label])
        self._indirect = indirect
        self._reader = reader
        self._targets = Targets(Design(cores, definitions, plan).scope(own), reader)

    def named(self, source: SourceText) -> Iterator[tuple[int, Definition]]:
        """Where a file means a unit of an indirect dependency, by offset."""
        file = self._reader.read(source)
        if not file.is_read:
            yield from self._spelled_out(file)
            return
        for reading in file.readings:
            judge = _UseJudge(self._targets, reading, self._targets.attributes)
            for at, word in enumerate(reading.tokens.word):
                if word in self._targets.words and reading.is_name(at):
                    target = judge.meant(at)
                    if target is not None and target.core in self._indirect:
                        yield reading.tokens.start[at], target

    def _spelled_out(self, file: ReadFile) -> Iterator[tuple[int, Definition]]:
        """The same for a file that only GHDL can read: `library.unit` where nothing but a unit can stand."""
        words, kinds = file.tokens.word, file.tokens.kind
        for at in range(3, len(words)):
            if words[at - 1] != b"." or words[at - 3] not in _BEFORE_UNIT or not _is_name(kinds[at]):
                continue
            library = words[at - 2]
            if library == b"work":
                library = library_word(self._targets.core.library)
            for one in self._targets.scope.candidates(words[at].decode("latin-1")):
                if one.core in self._indirect and library_word(one.library) == library:
                    yield file.tokens.start[at], one


class _UseJudge(Judge):
    """Tells whom a name means, and leaves out what is another unit's affair."""

    def meant(self, at: int) -> Definition | None:
        """The design unit that the identifier at a token names; None where it names none, or may not."""
        place = Place(self._file.place[at])
        if place is Place.COMPONENT:
            return self._bound(at, self._targets.core)
        if place in _OF_COMPONENTS and self._words[at + 1] != b".":
            declarers = [m.core for m in self._meanings(at).meanings if isinstance(m, Local) and _is_component(m)]
            if declarers:
                # A use clause only shows the component.
                return None if place is Place.USE else self._bound(at, declarers[0])
        verdict = self.verdict(at)
        if isinstance(verdict, Proof):
            return verdict.target if verdict.role is Role.REFERENCE else None
        if verdict.code == "undeclared-dependency":
            # All are in reach, so the name is one of a file that only GHDL can read.
            found = self._targets.scope.candidates(self._words[at].decode("latin-1"))
            return found[0] if len(found) == 1 else None
        return None

    def _bound(self, at: int, declarer: Core) -> Definition | None:
        """What default binding (7.3.3) gives the component at a token, if that is this unit's affair."""
        targets, word = self._targets, self._words[at]
        library = library_word(declarer.library)
        if declarer.id != targets.core.id and targets.bindable(declarer, library, word):
            return None
        if self._is_bound_by_name(word):
            return None
        libraries = dict.fromkeys((library, *self._whole_libraries()))
        found = [d for one in libraries for d in targets.bindable(targets.core, one, word)]
        return found[0] if len(found) == 1 else None

    def _is_bound_by_name(self, word: bytes) -> bool:
        """Whether a configuration specification binds all instances of a component."""
        wanted = [b"for", b"all", b":", word, b"use"]
        words = self._words
        return any(words[n : n + len(wanted)] == wanted for n, one in enumerate(words) if one == b"for")

    def _whole_libraries(self) -> Iterator[bytes]:
        """Libraries all of whose units a use clause makes visible."""
        words = self._words
        for at in range(3, len(words)):
            if words[at] == b"all" and words[at - 1] == b"." and words[at - 3] in (b"use", b","):
                yield library_word(self._targets.core.library) if words[at - 2] == b"work" else words[at - 2]


def _is_component(meaning: Local) -> bool:
    return meaning.declaration.what == "component"
