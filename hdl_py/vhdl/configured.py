"""What configurations are for: architectures, blocks, components (IEEE 1076-2019 3.4, 7.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hdl_py.mangle.model import Core
from hdl_py.vhdl.design import library_word
from hdl_py.vhdl.meanings import Answer, Local, Meaning, Spot, Unit, merged
from hdl_py.vhdl.syntax.tree import ParsedFile, Region, UseItem

if TYPE_CHECKING:
    from hdl_py.vhdl.resolve import Resolver


def configured_regions(resolver: Resolver, spot: Spot, region: Region) -> list[tuple[Core, Region]]:
    """The architectures, blocks or generate statements that a block configuration is for."""
    outer = region.parent
    if outer is None:
        return []
    if outer.what == "block configuration":
        return list(_labelled(resolver, spot, outer, region.word))
    if outer.what == "configuration":
        unit = outer.unit
        if unit.of is None:
            return []
        words = unit.file.words(unit.of)
        if len(words) == 1:
            words.insert(0, b"work")
        entities = resolver.name(Spot(spot.core, spot.file, unit.of.first, outer), words)
    else:
        entities = _bound_entity(resolver, spot, outer)
    return list(_architectures(resolver, entities, region.word))


def component_ports(resolver: Resolver, spot: Spot, region: Region, word: bytes) -> Iterator[Meaning]:
    """The port or generic `word` of the component that a configuration is for."""
    name = specified_component(spot.file, region)
    if name is None or name.first <= spot.token < name.last:
        return
    at = Spot(spot.core, spot.file, name.first, region.parent)
    for meaning in resolver.name(at, spot.file.words(name)).meanings:
        if isinstance(meaning, Local) and meaning.declaration.inner:
            for one in meaning.declaration.inner.declares.get(word, ()):
                yield Local(meaning.core, one)


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


def _architectures(resolver: Resolver, entities: Answer, word: bytes) -> Iterator[tuple[Core, Region]]:
    for meaning in entities.meanings:
        if isinstance(meaning, Unit):
            library = library_word(meaning.seen.core.library)
            for seen in resolver.view.bodies(library, meaning.seen.unit.word, "architecture"):
                if seen.unit.word == word:
                    yield seen.core, seen.unit.region


def _labelled(resolver: Resolver, spot: Spot, outer: Region, word: bytes) -> Iterator[tuple[Core, Region]]:
    for core, region in configured_regions(resolver, spot, outer):
        for one in region.declares.get(word, ()):
            if one.inner is not None:
                yield core, one.inner
                yield from ((core, r) for r in one.inner.children if r.what == "generate alternative")


def _bound_entity(resolver: Resolver, spot: Spot, region: Region) -> Answer:
    """The entity of a component configuration, by its binding or by default (7.3.3)."""
    words = spot.file.tokens.word
    if region.binding:
        if words[region.binding] != b"entity":
            return Answer(())
        last = region.binding + 1
        while spot.file.is_name(last) or words[last] == b".":
            last += 1
        at = Spot(spot.core, spot.file, region.binding, region.parent)
        return resolver.name(at, spot.file.words(UseItem(region.binding + 1, last)))
    name = specified_component(spot.file, region)
    if name is None:
        return Answer(())
    at = Spot(spot.core, spot.file, name.first, region.parent)
    found: list[Answer] = []
    for meaning in resolver.name(at, spot.file.words(name)).meanings:
        if isinstance(meaning, Local):
            there = Spot(meaning.core, spot.file, name.first)
            found.append(resolver.unit_of_library(library_word(meaning.core.library), meaning.declaration.word, there))
    return merged(found)
