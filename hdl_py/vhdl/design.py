"""The cores of a design as VHDL sees them: read files, units by library, and who reaches whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from hdl_py.mangle.model import Core, CoreId, Definition, Kind, Language
from hdl_py.text.source import SourceText
from hdl_py.vhdl.comments import psl_text, with_psl
from hdl_py.vhdl.lexer import Tokens, scan
from hdl_py.vhdl.syntax.readings import readings
from hdl_py.vhdl.syntax.tree import DesignUnit, ParsedFile
from hdl_py.vhdl.words import fold

KINDS = {
    "entity": Kind.ENTITY,
    "package": Kind.PACKAGE,
    "package instance": Kind.PACKAGE,
    "configuration": Kind.CONFIGURATION,
    "context": Kind.CONTEXT,
    "vunit": Kind.PSL_UNIT,
    "vprop": Kind.PSL_UNIT,
    "vmode": Kind.PSL_UNIT,
    "vpkg": Kind.PSL_UNIT,
}
"""Primary units (13.1) by what the parser calls them."""

_HEAD = re.compile(
    rb"\b(entity|package|configuration|context|vunit|vprop|vmode|vpkg)[\s\xa0]+"
    rb"(?!body\b)(\\(?:[^\\\n]|\\\\)*\\|[A-Za-z\xc0-\xff][0-9A-Za-z_\xc0-\xff]*)[\s\xa0]*(?:is\b|of\b|\(|\{)",
    re.IGNORECASE,
)
_HEAD_KINDS = {b"entity": Kind.ENTITY, b"package": Kind.PACKAGE, b"configuration": Kind.CONFIGURATION}


@dataclass(frozen=True)
class ReadFile:
    """A file, scanned and parsed.

    Attributes:
        source: its name and bytes.
        tokens: all of them, inactive branches of conditional directives included.
        readings: one parsed file for each way to take the conditional directives.
        too_many: the directives allow more readings than are tried.
    """

    source: SourceText
    tokens: Tokens
    readings: tuple[ParsedFile, ...]
    too_many: bool = False

    @cached_property
    def is_read(self) -> bool:
        """Whether scanner and parser understood all of it, in every reading."""
        return not (self.tokens.errors or self.too_many or any(r.trouble for r in self.readings))

    @cached_property
    def with_psl(self) -> tuple[ParsedFile, ...]:
        """The readings with PSL in comments as code."""
        return readings(with_psl(self.tokens, list(psl_text(self.source.data, self.tokens))))[0]

    @cached_property
    def attributes(self) -> frozenset[bytes]:
        """The names that attribute declarations declare."""
        words = self.tokens.word
        return frozenset(
            words[at + 1]
            for at, word in enumerate(words)
            if word == b"attribute" and at + 2 < len(words) and words[at + 2] == b":"
        )


@dataclass(frozen=True)
class Seen:
    """A design unit in the core that has it; two cores may share a file."""

    core: Core = field(compare=False)
    unit: DesignUnit
    owner: CoreId = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "owner", self.core.id)


def library_word(name: str) -> bytes:
    """A logical library name as VHDL compares it."""
    return fold(name.encode("latin-1", "replace"))


class Reader:
    """Reads files once, however many cores and questions they come up in."""

    def __init__(self) -> None:
        self._files: dict[tuple[str, bytes], ReadFile] = {}

    def read(self, source: SourceText) -> ReadFile:
        """The file, scanned and parsed."""
        key = (source.path, source.data)
        known = self._files.get(key)
        if known is None:
            tokens = scan(source.data)
            found, too_many = readings(tokens)
            known = self._files[key] = ReadFile(source, tokens, found, too_many)
        return known

    def definitions(self, core: Core) -> tuple[Definition, ...]:
        """The primary units of a VHDL core, in order; of a file that can't be read, all heads in its bytes."""
        found: list[Definition] = []
        for source in core.files:
            file = self.read(source)
            if not file.is_read:
                found.extend(_heads(core, source))
            others: set[tuple[Kind, str]] = set()
            for reading in file.readings if file.is_read else ():
                here = [d for u in reading.units if (d := definition(core, file, u))]
                # A unit that has a head in several branches of a directive is one definition.
                found.extend(d for d in here if (d.kind, d.folded) not in others)
                others.update((d.kind, d.folded) for d in here)
        return tuple(found)


def definition(core: Core, file: ReadFile, unit: DesignUnit) -> Definition | None:
    """The definition that a primary unit makes; None for a secondary one."""
    kind = KINDS.get(unit.what)
    if kind is None:
        return None
    tokens = unit.file.tokens
    start, end = tokens.start[unit.token], tokens.end[unit.token]
    name = file.source.data[start:end].decode("latin-1")
    return Definition(core.id, kind, name, Language.VHDL, core.library, file.source.position(start))


def _heads(core: Core, source: SourceText) -> Iterable[Definition]:
    for found in _HEAD.finditer(source.data):
        kind = _HEAD_KINDS.get(found.group(1).lower(), Kind.CONTEXT)
        if found.group(1).lower().startswith(b"v"):
            kind = Kind.PSL_UNIT
        name = found.group(2).decode("latin-1")
        yield Definition(core.id, kind, name, Language.VHDL, core.library, source.position(found.start(2)))


class View:
    """What one core can see: its own units and those of every core that it reaches.

    Attributes:
        core: who looks.
        cores: it and all cores that it reaches, nearest first.
        unread: files of VHDL cores in view that could not be read.
    """

    def __init__(self, core: Core, reachable: tuple[Core, ...], reader: Reader) -> None:
        self.core = core
        self.reader = reader
        self.cores = (core, *reachable)
        self.reached = frozenset(c.id for c in self.cores)
        self.libraries = frozenset(library_word(c.library) for c in self.cores)
        self.unread: list[tuple[Core, ReadFile]] = []
        self._primary: dict[tuple[bytes, bytes], list[tuple[Seen, Definition]]] = {}
        self._secondary: dict[tuple[bytes, bytes, str], list[Seen]] = {}
        for one in self.cores:
            if one.language is Language.VHDL:
                self._enter(one)

    def _enter(self, core: Core) -> None:
        library = library_word(core.library)
        first: dict[tuple[Kind, str], Definition] = {}
        for one in self.reader.definitions(core):
            first.setdefault((one.kind, one.folded), one)
        for source in core.files:
            file = self.reader.read(source)
            if not file.is_read:
                self.unread.append((core, file))
                continue
            for reading in file.readings:
                for unit in reading.units:
                    seen = Seen(core, unit)
                    made = definition(core, file, unit)
                    if made is not None:
                        made = first[made.kind, made.folded]
                        self._primary.setdefault((library, unit.word), []).append((seen, made))
                    elif unit.of is not None:
                        key = (library, reading.words(unit.of)[-1], unit.what)
                        self._secondary.setdefault(key, []).append(seen)

    def units(self, library: bytes, word: bytes) -> list[tuple[Seen, Definition]]:
        """The primary units of that name in that library."""
        return self._primary.get((library, word), [])

    def all_units(self, library: bytes) -> Iterable[bytes]:
        """The names of the primary units in a library."""
        return [w for (lib, w) in self._primary if lib == library]

    def bodies(self, library: bytes, word: bytes, what: str) -> list[Seen]:
        """The architectures or the package bodies of a primary unit."""
        return self._secondary.get((library, word, what), [])

    @cached_property
    def graph(self) -> Mapping[CoreId, Core]:
        """The cores in view by id."""
        return {c.id: c for c in self.cores}

    def of(self, core: Core) -> View:
        """The view of a core that this one reaches."""
        if core.id == self.core.id:
            return self
        made = self._views.get(core.id)
        if made is None:
            made = View(core, self._reach(core), self.reader)
            # The lists are the same for all: views of views share them.
            made._views = self._views
            self._views[core.id] = made
        return made

    @cached_property
    def _views(self) -> dict[CoreId, View]:
        return {}

    def _reach(self, core: Core) -> tuple[Core, ...]:
        found: dict[CoreId, Core] = {}
        wave = [core]
        while wave:
            following: list[Core] = []
            for one in wave:
                for name, version in one.depends.items():
                    target = self.graph.get(CoreId(name, version))
                    if target is not None and target.id not in found and target.id != core.id:
                        found[target.id] = target
                        following.append(target)
            wave = following
        return tuple(found.values())

    def pick(self, definitions: Iterable[Definition]) -> list[Definition]:
        """Those of some definitions of one name in one library that this core means.

        Its own first, then those of the versions in `depends`, then all in reach.
        More than one is for the caller to refuse.
        """
        known = [d for d in dict.fromkeys(definitions) if d.core in self.reached]
        own = [d for d in known if d.core == self.core.id]
        direct = [d for d in known if self.core.depends.get(d.core.name) == d.core.version]
        return own or direct or known
