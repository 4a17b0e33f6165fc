"""What a name means at a place: the visibility rules of IEEE 1076-2019 12.3 and 12.4.

The answer is a list of meanings. More than one stands for doubt that the text
leaves (readings of conditional directives, a name used in its own declaration,
an architecture that the request has twice): the caller must do right by all.
"""

from __future__ import annotations

from collections.abc import Iterator

from hdl_py.vhdl.configured import component_ports, configured_regions
from hdl_py.vhdl.design import KINDS, Seen, View, library_word
from hdl_py.vhdl.meanings import (
    STANDARD_LIBRARIES,
    Answer,
    Library,
    Local,
    Meaning,
    Spot,
    Unit,
    Unseen,
    Value,
    merged,
)
from hdl_py.vhdl.syntax.tree import DesignUnit, Place, Region, UseItem

_MAX_DEPTH = 40
"""Steps through aliases, instances and use clauses; a circle in the text ends here."""

_LOST = Answer((), open=True)
_BODIES = {"package body": "package", "protected body": "protected"}
_PSL_UNITS = frozenset(("vunit", "vprop", "vmode", "vpkg"))


class Resolver:
    """Looks names up for one core and, through `View.of`, for the cores it reaches."""

    def __init__(self, view: View, planned: frozenset[tuple[bytes, bytes]] = frozenset()) -> None:
        """Args: what the core sees; units, as (library, name), that exist whether in view or not."""
        self.view = view
        self._planned = planned
        self._libraries = frozenset(library for library, _ in planned)
        self._depth = 0

    def lookup(self, spot: Spot, word: bytes) -> Answer:
        """What the simple name means at a spot."""
        if self._depth >= _MAX_DEPTH:
            return _LOST
        self._depth += 1
        try:
            return self._lookup(spot, word)
        finally:
            self._depth -= 1

    def name(self, spot: Spot, words: list[bytes]) -> Answer:
        """What a name with dots means at a spot."""
        answer = self.lookup(spot, words[0])
        for word in words[1:]:
            answer = self.members(answer, word, spot)
        return answer

    def members(self, answer: Answer, word: bytes, spot: Spot) -> Answer:
        """What `prefix.word` means for what the prefix means."""
        found = merged(self._guarded_member(meaning, word, spot) for meaning in answer.meanings)
        return Answer(found.meanings, found.hidden | answer.hidden, found.open or answer.open)

    def denoted(self, meaning: Meaning) -> Answer:
        """What a meaning stands for once aliases are followed (6.6)."""
        if not isinstance(meaning, Local) or meaning.declaration.what != "alias":
            return Answer((meaning,))
        if self._depth >= _MAX_DEPTH:
            return _LOST
        self._depth += 1
        try:
            answer = self._aliased(meaning)
            return merged([Answer((), answer.hidden, answer.open), *map(self.denoted, answer.meanings)])
        finally:
            self._depth -= 1

    # Simple names

    def _lookup(self, spot: Spot, word: bytes) -> Answer:
        unit = spot.unit
        if unit is None:
            return Answer(())
        doubtful: list[Meaning] = []
        region: Region | None = spot.region or unit.region.innermost(spot.token)
        while region is not None:
            found, certain = self._in_region(spot, region, word)
            if found and certain:
                return Answer((*doubtful, *found))
            doubtful.extend(found)
            region = region.parent
        answer = self._beyond_regions(spot, unit, word)
        if not answer.meanings and word in self._libraries:
            # A library of the design that no clause in view makes visible.
            answer = Answer((), answer.hidden, open=True)
        return Answer((*doubtful, *answer.meanings), answer.hidden, answer.open)

    def _in_region(self, spot: Spot, region: Region, word: bytes) -> tuple[list[Meaning], bool]:
        """The declarations of a region that are visible at the spot, and whether they surely are."""
        found: list[Meaning] = []
        certain = True
        for one in region.declares.get(word, ()):
            if one.what == "label":
                # Implicitly declared in the declarative part, where tools differ on its place (11.1).
                found.append(Local(spot.core, one))
                certain &= spot.token >= region.begin
            elif spot.token > one.token:
                found.append(Local(spot.core, one))
                certain &= spot.token >= one.certain and region.what != "record"
        if region.what in _BODIES and region.parent is not None:
            found.extend(self._of_declaration(spot, region, word))
        elif region.what == "block configuration":
            for core, inside in configured_regions(self, spot, region):
                at = Spot(core, inside.unit.file, inside.last - 1, inside)
                found.extend(self.lookup(at, word).meanings)
        elif region.what in ("component configuration", "configuration specification"):
            # In the maps of a binding the component's own ports and generics are visible.
            found.extend(component_ports(self, spot, region, word))
        return found, certain

    def _of_declaration(self, spot: Spot, region: Region, word: bytes) -> Iterator[Meaning]:
        """What the declaration of a nested package or a protected type declares, for its body."""
        outer = region.parent
        if outer is None:
            return
        candidates = [(spot.core, d) for d in outer.declares.get(region.word, ())]
        if outer.parent is None and spot.unit is not None:
            for primary in self._primaries(spot, spot.unit):
                found = primary.seen.unit.region.declares.get(region.word, ())
                candidates += [(primary.seen.core, d) for d in found]
        for core, one in candidates:
            if one.inner is not None and one.inner.what == _BODIES[region.what]:
                yield from (Local(core, d) for d in one.inner.declares.get(word, ()))

    def _beyond_regions(self, spot: Spot, unit: DesignUnit, word: bytes) -> Answer:
        primaries = list(self._primaries(spot, unit))
        found: list[Meaning] = []
        for seen in self._extended(spot, unit, primaries):
            found.extend(Local(seen.core, d) for d in seen.unit.region.declares.get(word, ()))
        if found:
            return Answer(tuple(found))
        own: list[Meaning] = [m for m in primaries if m.seen.unit.word == word]
        if unit.word == word and spot.token > unit.token and not own:
            own.extend(self._own(spot, unit))
        library = self._library(spot, unit, primaries, word)
        if not own and library is not None:
            return Answer((library,))
        if self._is_partly_unseen(unit, primaries):
            return _LOST
        if own:
            return Answer(tuple(dict.fromkeys(own)))
        return self._used(spot, unit, primaries, word)

    def _is_partly_unseen(self, unit: DesignUnit, primaries: list[Unit]) -> bool:
        """Whether declarations that hide what follows are out of view."""
        if unit.what in _PSL_UNITS:
            inherits = Place.PSL_UNIT in unit.file.place[unit.token : unit.last]
            return not primaries or inherits
        return unit.what in ("architecture", "package body") and not primaries

    def _extended(self, spot: Spot, unit: DesignUnit, primaries: list[Unit]) -> Iterator[Seen]:
        """The units whose declarative regions a unit's own extends (12.1)."""
        for primary in primaries:
            yield primary.seen
            if unit.what in _PSL_UNITS and unit.of is not None:
                library = library_word(primary.seen.core.library)
                words = unit.file.tokens.word
                bound = words[unit.of.last + 1] if words[unit.of.last] == b"(" else b""
                for seen in self.view.of(spot.core).bodies(library, primary.seen.unit.word, "architecture"):
                    if bound in (b"", seen.unit.word):
                        yield seen

    def _own(self, spot: Spot, unit: DesignUnit) -> Iterator[Meaning]:
        """The unit itself, which its own text sees; an architecture is no one's unit."""
        if unit.what not in KINDS:
            yield Value()
        for seen, made in self.view.of(spot.core).units(library_word(spot.core.library), unit.word):
            if seen.unit is unit:
                yield Unit(seen, made)

    def _primaries(self, spot: Spot, unit: DesignUnit) -> Iterator[Unit]:
        """The entity of an architecture, the package of a body, the entity that a PSL unit binds to."""
        if unit.of is None or unit.what in ("configuration", "package instance"):
            return
        view = self.view.of(spot.core)
        known = view.units(library_word(spot.core.library), unit.file.words(unit.of)[-1])
        meant = view.pick(made for _, made in known)
        for seen, made in known:
            if made in meant:
                yield Unit(seen, made)

    def _library(self, spot: Spot, unit: DesignUnit, primaries: list[Unit], word: bytes) -> Library | None:
        if word == b"work":
            return Library(library_word(spot.core.library))
        if word == b"std":
            return Library(word)
        if word in unit.libraries and unit.libraries[word] < spot.token:
            return Library(word)
        if any(word in p.seen.unit.libraries for p in primaries):
            return Library(word)
        for context in self._contexts(spot, unit, primaries):
            if isinstance(context, Seen) and word in context.unit.libraries:
                return Library(word)
        return None

    # Use clauses and contexts

    def _contexts(self, spot: Spot, unit: DesignUnit, primaries: list[Unit]) -> Iterator[Seen | bytes]:
        """The context declarations that a unit refers to, and those that they refer to; else the library."""
        waiting = [(Seen(spot.core, unit), c) for c in unit.contexts if c.last <= spot.token]
        for primary in primaries:
            waiting += [(primary.seen, c) for c in primary.seen.unit.contexts]
        seen: set[int] = set()
        while waiting:
            owner, item = waiting.pop()
            words = owner.unit.file.words(item)
            library = words[0] if len(words) == 2 else b"work"
            if library == b"work":
                library = library_word(owner.core.library)
            view = self.view.of(owner.core)
            known = view.units(library, words[-1])
            meant = view.pick(made for _, made in known)
            if not known:
                yield library
            for found, made in known:
                if made in meant and id(found.unit) not in seen:
                    seen.add(id(found.unit))
                    yield found
                    waiting += [(found, c) for c in found.unit.contexts]

    def _uses(self, spot: Spot, unit: DesignUnit, primaries: list[Unit]) -> Iterator[tuple[Spot, UseItem]]:
        """The use clauses whose scope has the spot."""
        region: Region | None = spot.region or unit.region.innermost(spot.token)
        while region is not None:
            for item in region.uses:
                if item.last <= spot.token:
                    yield Spot(spot.core, spot.file, item.first), item
            region = region.parent
        others = list(self._extended(spot, unit, primaries))
        others += [c for c in self._contexts(spot, unit, primaries) if isinstance(c, Seen)]
        for seen in others:
            for item in seen.unit.region.uses:
                yield Spot(seen.core, seen.unit.file, item.first), item

    def _used(self, spot: Spot, unit: DesignUnit, primaries: list[Unit], word: bytes) -> Answer:
        unseen = {c for c in self._contexts(spot, unit, primaries) if isinstance(c, bytes)}
        found = [Answer((), open=not unseen <= STANDARD_LIBRARIES)]
        for at, item in self._uses(spot, unit, primaries):
            words = at.file.words(item)
            if words[-1] in (b"all", word) and len(words) > 1:
                prefix = self.name(at, words[:-1])
                inner = self.members(prefix, word, at)
                # `use library.all` shows the units that the library has; a value's part shows nothing.
                shown = tuple(m for m in inner.meanings if words[-1] != b"all" or self._shown(m))
                hidden = {m.library for m in prefix.meanings if isinstance(m, Unseen)}
                found.append(Answer(shown, inner.hidden | hidden, inner.open))
        return merged(found)

    def _shown(self, meaning: Meaning) -> bool:
        if isinstance(meaning, Unseen):
            return (meaning.library, meaning.word) in self._planned
        return not isinstance(meaning, Value)

    # Selection

    def _guarded_member(self, meaning: Meaning, word: bytes, spot: Spot) -> Answer:
        if self._depth >= _MAX_DEPTH:
            return _LOST
        self._depth += 1
        try:
            return self._member(meaning, word, spot)
        finally:
            self._depth -= 1

    def _member(self, meaning: Meaning, word: bytes, spot: Spot) -> Answer:
        if isinstance(meaning, Library):
            return self.unit_of_library(meaning.word, word, spot)
        if isinstance(meaning, Unit):
            return self._member_of_unit(meaning, word, spot)
        if isinstance(meaning, Local):
            return self._member_of_local(meaning, word)
        if isinstance(meaning, Unseen):
            return Answer((), frozenset((meaning.library,)))
        return Answer((meaning,))

    def unit_of_library(self, library: bytes, word: bytes, spot: Spot) -> Answer:
        """What `library.word` means to the core of a spot."""
        view = self.view.of(spot.core)
        known = view.units(library, word)
        meant = view.pick(made for _, made in known)
        if not known:
            return Answer((Unseen(library, word),))
        return Answer(tuple(Unit(seen, made) for seen, made in known if made in meant))

    def _member_of_unit(self, meaning: Unit, word: bytes, spot: Spot) -> Answer:
        unit = meaning.seen.unit
        if unit.what == "package instance" and unit.of is not None:
            at = Spot(meaning.seen.core, unit.file, unit.of.first)
            return self.members(self.name(at, unit.file.words(unit.of)), word, at)
        regions = [(meaning.seen.core, unit.region)]
        here = spot.unit
        if here is not None and here.of is not None and here.file.words(here.of)[-1] == unit.word:
            # In an architecture or a body the primary's name selects from both.
            regions.append((spot.core, here.region))
        return Answer(tuple(Local(core, d) for core, region in regions for d in region.declares.get(word, ())))

    def _member_of_local(self, meaning: Local, word: bytes) -> Answer:
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
        if any(not file.is_name(t) and file.tokens.word[t] != b"." for t in range(one.first, one.last)):
            return Answer((Value(),))  # an indexed name, a signature, an external name
        return self.name(Spot(meaning.core, file, one.first), file.words(UseItem(one.first, one.last)))
