"""What a name means at a place: the visibility rules of IEEE 1076-2019 12.3 and 12.4.

The answer is a list of meanings. More than one stands for doubt that the text
leaves (readings of conditional directives, a name used in its own declaration,
an architecture that the request has twice): the caller must do right by all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from hdl_py.mangle.model import Core, CoreId, Definition
from hdl_py.vhdl.design import KINDS, Seen, View, library_word
from hdl_py.vhdl.syntax.tree import Declaration, DesignUnit, ParsedFile, Region, UseItem

_MAX_DEPTH = 40
"""Steps through aliases, instances and use clauses; a circle in the text ends here."""

STANDARD_LIBRARIES = frozenset((b"std", b"ieee"))
"""Their packages declare no component and name no unit of a core (IEEE 1076-2019 16)."""


@dataclass(frozen=True)
class Library:
    """A design library by its real name; `work` is gone."""

    word: bytes


@dataclass(frozen=True)
class Unit:
    """A primary unit in view."""

    seen: Seen
    definition: Definition


@dataclass(frozen=True)
class Unseen:
    """A unit of that name in that library, which is not in view."""

    library: bytes
    word: bytes


@dataclass(frozen=True)
class Local:
    """A declaration in a region of a file of a core."""

    core: Core = field(compare=False)
    declaration: Declaration
    owner: CoreId = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "owner", self.core.id)


@dataclass(frozen=True)
class Value:
    """A part of a value or the like: nothing that a unit or a component could be."""


Meaning = Library | Unit | Unseen | Local | Value


@dataclass(frozen=True)
class Spot:
    """A token of a file of a core, from where names are looked up."""

    core: Core
    file: ParsedFile
    token: int
    region: Region | None = None
    """Look from here, if not from the innermost region of the token."""


@dataclass(frozen=True)
class Answer:
    """What a name may mean.

    Attributes:
        meanings: every candidate; empty where the text in view declares no such name.
        hidden: libraries outside of the view whose units could declare it through a use
            clause or a context; it counts only where `meanings` is empty.
    """

    meanings: tuple[Meaning, ...]
    hidden: frozenset[bytes] = frozenset()


class Resolver:
    """Looks names up for one core and, through `View.of`, for the cores it reaches."""

    def __init__(self, view: View, planned: frozenset[tuple[bytes, bytes]] = frozenset()) -> None:
        """Args: what the core sees; units, as (library, name), that exist whether in view or not."""
        self._view = view
        self._planned = planned
        self._depth = 0

    def lookup(self, place: Spot, word: bytes) -> Answer:
        """What the simple name means at a place."""
        if self._depth >= _MAX_DEPTH:
            return Answer((), frozenset((b"?",)))
        self._depth += 1
        try:
            return self._lookup(place, word)
        finally:
            self._depth -= 1

    def name(self, place: Spot, words: list[bytes]) -> Answer:
        """What a name with dots means at a place."""
        answer = self.lookup(place, words[0])
        for word in words[1:]:
            answer = self.members(answer, word, place)
        return answer

    def members(self, answer: Answer, word: bytes, place: Spot) -> Answer:
        """What `prefix.word` means for what the prefix means."""
        found: list[Meaning] = []
        hidden = answer.hidden
        for meaning in answer.meanings:
            inner = self._member(meaning, word, place)
            found.extend(inner.meanings)
            hidden |= inner.hidden
        return Answer(tuple(dict.fromkeys(found)), hidden)

    def denoted(self, meaning: Meaning) -> Answer:
        """What a meaning stands for once aliases are followed (6.6)."""
        if not isinstance(meaning, Local) or meaning.declaration.what != "alias":
            return Answer((meaning,))
        answer = self._aliased(meaning)
        if self._depth >= _MAX_DEPTH:
            return answer
        self._depth += 1
        try:
            found = [m for one in answer.meanings for m in self.denoted(one).meanings]
        finally:
            self._depth -= 1
        return Answer(tuple(dict.fromkeys(found)), answer.hidden)

    # Simple names

    def _lookup(self, place: Spot, word: bytes) -> Answer:
        unit = place.region.unit if place.region else place.file.unit_at(place.token)
        if unit is None:
            return Answer(())
        doubtful: list[Meaning] = []
        region: Region | None = place.region or unit.region.innermost(place.token)
        while region is not None:
            found, certain = self._in_region(place, region, word)
            if found and certain:
                return Answer((*doubtful, *found))
            doubtful.extend(found)
            region = region.parent
        answer = self._beyond_regions(place, unit, word)
        return Answer((*doubtful, *answer.meanings), answer.hidden)

    def _in_region(self, place: Spot, region: Region, word: bytes) -> tuple[list[Meaning], bool]:
        """The declarations of a region that are visible at the place, and whether they surely are."""
        found: list[Meaning] = []
        certain = True
        for one in region.declares.get(word, ()):
            if one.what == "label":
                # Implicitly declared in the declarative part, where tools differ on its place (11.1).
                found.append(Local(place.core, one))
                certain &= place.token >= region.begin
            elif place.token > one.token:
                found.append(Local(place.core, one))
                certain &= place.token >= one.certain and region.what != "record"
        if region.what == "block configuration":
            for core, inside in self._configured(place, region):
                at = Spot(core, inside.unit.file, inside.last - 1, inside)
                found.extend(self.lookup(at, word).meanings)
        elif region.what in ("component configuration", "configuration specification"):
            # In the maps of a binding the component's own ports and generics are visible.
            found.extend(self._component_ports(place, region, word))
        return found, certain

    def _component_ports(self, place: Spot, region: Region, word: bytes) -> Iterator[Meaning]:
        name = specified_component(place.file, region)
        if name is None or name.first <= place.token < name.last:
            return
        at = Spot(place.core, place.file, name.first, region.parent)
        for meaning in self.name(at, place.file.words(name)).meanings:
            if isinstance(meaning, Local) and meaning.declaration.inner:
                for one in meaning.declaration.inner.declares.get(word, ()):
                    yield Local(meaning.core, one)

    def _beyond_regions(self, place: Spot, unit: DesignUnit, word: bytes) -> Answer:
        primaries = list(self._primaries(place, unit))
        found: list[Meaning] = []
        for meaning in primaries:
            found.extend(Local(meaning.seen.core, d) for d in meaning.seen.unit.region.declares.get(word, ()))
        if found:
            return Answer(tuple(found))
        found = [m for m in primaries if m.seen.unit.word == word]
        if unit.word == word and place.token > unit.token and not found:
            found.extend(self._own(place, unit))
        if found:
            return Answer(tuple(dict.fromkeys(found)))
        library = self._library(place, unit, primaries, word)
        if library is not None:
            return Answer((library,))
        return self._used(place, unit, primaries, word)

    def _own(self, place: Spot, unit: DesignUnit) -> Iterator[Meaning]:
        """The unit itself, which its own text sees; an architecture is no one's unit."""
        if unit.what not in KINDS:
            yield Value()
        for seen, made in self._view.of(place.core).units(library_word(place.core.library), unit.word):
            if seen.unit is unit:
                yield Unit(seen, made)

    def _primaries(self, place: Spot, unit: DesignUnit) -> Iterator[Unit]:
        """The entity of an architecture, the package of a body, the entity that a PSL unit binds to."""
        if unit.of is None or unit.what in ("configuration", "package instance"):
            return
        view = self._view.of(place.core)
        known = view.units(library_word(place.core.library), unit.file.words(unit.of)[-1])
        meant = view.pick(made for _, made in known)
        for seen, made in known:
            if made in meant:
                yield Unit(seen, made)

    def _library(self, place: Spot, unit: DesignUnit, primaries: list[Unit], word: bytes) -> Library | None:
        if word == b"work":
            return Library(library_word(place.core.library))
        if word == b"std":
            return Library(word)
        if word in unit.libraries and unit.libraries[word] < place.token:
            return Library(word)
        if any(word in p.seen.unit.libraries for p in primaries):
            return Library(word)
        for context in self._contexts(place, unit, primaries):
            if isinstance(context, Seen) and word in context.unit.libraries:
                return Library(word)
        return None

    # Use clauses and contexts

    def _contexts(self, place: Spot, unit: DesignUnit, primaries: list[Unit]) -> Iterator[Seen | bytes]:
        """The context declarations that a unit refers to, and those that they refer to; else the library."""
        waiting = [(Seen(place.core, unit), c) for c in unit.contexts if c.last <= place.token]
        for primary in primaries:
            waiting += [(primary.seen, c) for c in primary.seen.unit.contexts]
        seen: set[int] = set()
        while waiting:
            owner, item = waiting.pop()
            words = owner.unit.file.words(item)
            library = words[0] if len(words) == 2 else b"work"
            if library == b"work":
                library = library_word(owner.core.library)
            view = self._view.of(owner.core)
            known = view.units(library, words[-1])
            meant = view.pick(made for _, made in known)
            if not known:
                yield library
            for found, made in known:
                if made in meant and id(found.unit) not in seen:
                    seen.add(id(found.unit))
                    yield found
                    waiting += [(found, c) for c in found.unit.contexts]

    def _uses(self, place: Spot, unit: DesignUnit, primaries: list[Unit]) -> Iterator[tuple[Spot, UseItem]]:
        """The use clauses whose scope has the place."""
        region: Region | None = place.region or unit.region.innermost(place.token)
        while region is not None:
            for item in region.uses:
                if item.last <= place.token:
                    yield Spot(place.core, place.file, item.first), item
            region = region.parent
        others = [p.seen for p in primaries]
        others += [c for c in self._contexts(place, unit, primaries) if isinstance(c, Seen)]
        for seen in others:
            for item in seen.unit.region.uses:
                yield Spot(seen.core, seen.unit.file, item.first), item

    def _used(self, place: Spot, unit: DesignUnit, primaries: list[Unit], word: bytes) -> Answer:
        found: list[Meaning] = []
        hidden = {c for c in self._contexts(place, unit, primaries) if isinstance(c, bytes)}
        for at, item in self._uses(place, unit, primaries):
            words = at.file.words(item)
            if words[-1] not in (b"all", word) or len(words) < 2:
                continue
            prefix = self.name(at, words[:-1])
            inner = self.members(prefix, word, at)
            if words[-1] == b"all":
                # `use library.all` shows the units that the library has; a value's part shows nothing.
                found.extend(m for m in inner.meanings if self._shown(m))
            else:
                found.extend(inner.meanings)
            hidden |= inner.hidden
            hidden |= {m.library for m in prefix.meanings if isinstance(m, Unseen)}
            if not prefix.meanings:
                hidden |= prefix.hidden or {b"?"}
        return Answer(tuple(dict.fromkeys(found)), frozenset(hidden))

    def _shown(self, meaning: Meaning) -> bool:
        if isinstance(meaning, Unseen):
            return (meaning.library, meaning.word) in self._planned
        return not isinstance(meaning, Value)

    # Selection

    def _member(self, meaning: Meaning, word: bytes, place: Spot) -> Answer:
        if self._depth >= _MAX_DEPTH:
            return Answer((), frozenset((b"?",)))
        self._depth += 1
        try:
            if isinstance(meaning, Library):
                return self._unit_of_library(meaning.word, word, place)
            if isinstance(meaning, Unit):
                return self._member_of_unit(meaning, word, place)
            if isinstance(meaning, Local):
                return self._member_of_local(meaning, word, place)
            if isinstance(meaning, Unseen):
                return Answer((), frozenset((meaning.library,)))
            return Answer((meaning,))
        finally:
            self._depth -= 1

    def _unit_of_library(self, library: bytes, word: bytes, place: Spot) -> Answer:
        view = self._view.of(place.core)
        known = view.units(library, word)
        meant = view.pick(made for _, made in known)
        if not known:
            return Answer((Unseen(library, word),))
        return Answer(tuple(Unit(seen, made) for seen, made in known if made in meant))

    def _member_of_unit(self, meaning: Unit, word: bytes, place: Spot) -> Answer:
        unit = meaning.seen.unit
        if unit.what == "package instance" and unit.of is not None:
            at = Spot(meaning.seen.core, unit.file, unit.of.first)
            return self.members(self.name(at, unit.file.words(unit.of)), word, at)
        regions = [(meaning.seen.core, unit.region)]
        here = place.region.unit if place.region else place.file.unit_at(place.token)
        if here is not None and here.of is not None and place.file.words(here.of)[-1] == unit.word:
            # In an architecture or a body the primary's name selects from both.
            regions.append((place.core, here.region))
        found = [Local(core, d) for core, region in regions for d in region.declares.get(word, ())]
        return Answer(tuple(found))

    def _member_of_local(self, meaning: Local, word: bytes, place: Spot) -> Answer:
        one = meaning.declaration
        if one.first < one.last:
            at = Spot(meaning.core, one.region.unit.file, one.first)
            return self.members(self._aliased(meaning), word, at)
        if one.inner is None or one.inner.what in ("record", "protected", "protected body"):
            return Answer((Value(),))
        found: list[Meaning] = [Local(meaning.core, d) for d in one.inner.declares.get(word, ())]
        if one.what == "package":
            for body in one.region.declares.get(one.word, ()):
                if body.inner is not None and body.inner is not one.inner:
                    found += [Local(meaning.core, d) for d in body.inner.declares.get(word, ())]
        if not found and one.what in ("subprogram", "generic subprogram"):
            return Answer((Value(),))
        return Answer(tuple(found))

    def _aliased(self, meaning: Local) -> Answer:
        """What the name means that an alias or an instance stands for."""
        one = meaning.declaration
        file = one.region.unit.file
        if any(
            not file.is_name(t) and file.tokens.word[t] != b"." for t in range(one.first, one.last)
        ):  # an indexed name, a signature, an external name
            return Answer((Value(),))
        return self.name(Spot(meaning.core, file, one.first), file.words(UseItem(one.first, one.last)))

    # Configurations

    def _configured(self, place: Spot, region: Region) -> list[tuple[Core, Region]]:
        """The architectures, blocks or generate statements that a block configuration is for."""
        outer = region.parent
        if outer is None:
            return []
        if outer.what == "block configuration":
            return list(self._configured_label(place, outer, region.word))
        if outer.what == "configuration":
            unit = outer.unit
            if unit.of is None:
                return []
            at = Spot(place.core, place.file, unit.of.first, outer)
            words = place.file.words(unit.of)
            if len(words) == 1:
                words.insert(0, b"work")
            entities = self.name(at, words)
        else:
            entities = self._bound_entity(place, outer)
        return list(self._architectures(entities, region.word))

    def _architectures(self, entities: Answer, word: bytes) -> Iterator[tuple[Core, Region]]:
        for meaning in entities.meanings:
            if isinstance(meaning, Unit):
                library = library_word(meaning.seen.core.library)
                for seen in self._view.bodies(library, meaning.seen.unit.word, "architecture"):
                    if seen.unit.word == word:
                        yield seen.core, seen.unit.region

    def _configured_label(self, place: Spot, outer: Region, word: bytes) -> Iterator[tuple[Core, Region]]:
        for core, region in self._configured(place, outer):
            for one in region.declares.get(word, ()):
                if one.inner is not None:
                    yield core, one.inner
                    yield from ((core, r) for r in one.inner.children if r.what == "generate alternative")

    def _bound_entity(self, place: Spot, region: Region) -> Answer:
        """The entity of a component configuration, by its binding or by default (7.3.3)."""
        words = place.file.tokens.word
        if region.binding:
            if words[region.binding] != b"entity":
                return Answer(())
            last = region.binding + 1
            while place.file.is_name(last) or words[last] == b".":
                last += 1
            at = Spot(place.core, place.file, region.binding, region.parent)
            return self.name(at, place.file.words(UseItem(region.binding + 1, last)))
        name = specified_component(place.file, region)
        if name is None:
            return Answer(())
        at = Spot(place.core, place.file, name.first, region.parent)
        found: list[Meaning] = []
        for meaning in self.name(at, place.file.words(name)).meanings:
            if isinstance(meaning, Local):
                library = library_word(meaning.core.library)
                there = Spot(meaning.core, place.file, name.first)
                found.extend(self._unit_of_library(library, meaning.declaration.word, there).meanings)
        return Answer(tuple(found))


def specified_component(file: ParsedFile, region: Region) -> UseItem | None:
    """The tokens of the component's name in a configuration specification or a component configuration."""
    words = file.tokens.word
    at = region.first
    while at < region.last and words[at] != b":":
        at += 1
    first = at = at + 1
    while at < region.last and (file.is_name(at) or words[at] == b"."):
        at += 1
    return UseItem(first, at) if at > first else None
