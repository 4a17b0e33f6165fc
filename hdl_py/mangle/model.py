"""What both languages share: cores, definitions, occurrences, refusals, and the front end's duties.

A *definition* is a name that cores share through a design-wide name space. A
*plan* gives some definitions new names. An *occurrence* is one place in a
core's bytes where such a name is spelled, with its one proven role. What can't
be proven is a *refusal*; one refusal anywhere and nothing is rewritten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from hdl_py.text.position import Position, Span
from hdl_py.text.source import SourceText


class Language(StrEnum):
    """The language of a core."""

    SYSTEMVERILOG = "systemverilog"
    VHDL = "vhdl"


class Kind(StrEnum):
    """What a definition is: IEEE 1800-2023 3.13 and IEEE 1076-2019 13.1."""

    MODULE = "module"
    INTERFACE = "interface"
    PROGRAM = "program"
    PACKAGE = "package"
    PRIMITIVE = "primitive"
    CHECKER = "checker"
    CLASS = "class"
    TYPEDEF = "typedef"
    CONFIG = "config"
    ENTITY = "entity"
    CONFIGURATION = "configuration"
    CONTEXT = "context"
    PSL_UNIT = "psl unit"
    UNIT_ITEM = "$unit item"
    """A function, parameter or the like at `$unit` scope."""
    MACRO = "macro"


OPTIONAL_KINDS = frozenset({Kind.UNIT_ITEM, Kind.MACRO})
"""Kinds that compilation units keep apart by themselves.

They are renamed for tools that merge units into one stream. Where such a rename can't be
proven the name stays, and the report says so: a design of separate units doesn't need it.
"""

NEED_THE_WHOLE_DESIGN = frozenset(
    {"bind-target", "component-binding", "header-in-two-versions", "two-meanings", "unknown-package", "upward-name"}
)
"""Codes of refusals that a core which isn't read could make void."""


UNVERSIONED = "-"
"""Stands for the version of a unit that has none; its names stay. No version of a user's is spelled so."""


@dataclass(frozen=True, order=True)
class CoreId:
    """A core's name and exact version."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def folder(self) -> str:
        """The folder of the core's rewritten files below the output folder."""
        return f"{self.name}-{self.version}"


@dataclass(frozen=True)
class Core:
    """One version of one core: its files and what it depends on.

    Attributes:
        id: name and version.
        language: of all the sources.
        library: the logical library (IEEE 1076-2019 13.2; IEEE 1800-2023 33.2).
        sources: in compilation order; together one compilation unit in SystemVerilog.
        headers: files for `` `include `` that belong to this version.
        include_dirs: searched in order; paths as those of the sources.
        defines: macro name to text.
        depends: core name to exact version.
    """

    id: CoreId
    language: Language
    library: str = "work"
    sources: tuple[SourceText, ...] = ()
    headers: tuple[SourceText, ...] = ()
    include_dirs: tuple[str, ...] = ()
    defines: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    depends: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def files(self) -> tuple[SourceText, ...]:
        """Sources, then headers."""
        return self.sources + self.headers

    def with_files(self, data: Mapping[str, bytes]) -> Core:
        """The same core with the bytes of some files replaced, by path."""

        def swap(files: tuple[SourceText, ...]) -> tuple[SourceText, ...]:
            return tuple(SourceText(f.path, data[f.path]) if f.path in data else f for f in files)

        return replace(self, sources=swap(self.sources), headers=swap(self.headers))


def fold(name: str, language: Language) -> str:
    """The name as its language compares it.

    SystemVerilog is case-sensitive. VHDL is not, except for extended
    identifiers, which keep their backslashes (IEEE 1076-2019 15.4). VHDL folds
    Latin-1 letters too, so a `name` is decoded as Latin-1.
    """
    if language is Language.VHDL and not name.startswith("\\"):
        return name.lower()
    return name


def spelled_in_systemverilog(name: str) -> str:
    """A VHDL name as SystemVerilog spells it: an extended identifier without its backslashes."""
    if len(name) > 2 and name.startswith("\\") and name.endswith("\\"):
        return name[1:-1].replace("\\\\", "\\")
    return name


@dataclass(frozen=True, order=True)
class Definition:
    """A name that a core puts into a design-wide name space.

    Attributes:
        core: who defines it.
        kind: what it is.
        name: as the source spells it; without backslash and blank for an escaped
            SystemVerilog identifier, with both backslashes for a VHDL extended one.
        language: of the core.
        library: of the core.
        position: of its (first) declaration.
    """

    core: CoreId
    kind: Kind
    name: str
    language: Language
    library: str
    position: Position

    def __hash__(self) -> int:
        """A hash of what mostly differs: definitions are keys all over the proof."""
        return hash((self.name, self.core.version, self.position.line))

    @property
    def folded(self) -> str:
        """The name as its own language compares it."""
        return fold(self.name, self.language)


class Role(StrEnum):
    """What an occurrence does. Exactly one must be proven for each occurrence."""

    DECLARATION = "declaration"
    REFERENCE = "reference"
    END_LABEL = "end label"
    INERT = "inert"


@dataclass(frozen=True, order=True)
class Occurrence:
    """One place where a name under proof is spelled.

    Attributes:
        core: whose file it is in.
        file: the path as the core gives it.
        span: the bytes that a rename replaces: an identifier without the backslash and
            the blank of a SystemVerilog escaped one, with the backslashes of a VHDL
            extended one.
        name: the bytes of the span, as text.
        role: declaration, reference, end label or inert.
        position: the proof in a few words, such as `instance` or `member after a dot`.
        target: the definition meant; None exactly for an inert occurrence. It may have
            no new name: then the occurrence stays as it is.
    """

    core: CoreId
    file: str
    span: Span
    name: str
    role: Role
    position: str
    target: Definition | None = None

    def __hash__(self) -> int:
        """A hash of the place: few occurrences share one."""
        return hash((self.file, self.span.start, self.core.version))

    def __post_init__(self) -> None:
        if (self.role is Role.INERT) != (self.target is None):
            raise ValueError(f"{self.role} with target {self.target}")


def by_place(occurrence: Occurrence) -> tuple[object, ...]:
    """Sorts occurrences; two of one place, role and proof by their targets."""
    o, target = occurrence, occurrence.target
    place = (o.core.name, o.core.version, o.file, o.span.start, o.span.end, o.role, o.position)
    return (*place, target.core.name, target.core.version, target.name) if target else (*place, "", "", "")


@dataclass(frozen=True, order=True)
class Refusal:
    """One cause for which nothing is rewritten.

    Attributes:
        code: stable kebab-case name of the cause.
        core: the core's name; empty where the cause concerns the whole request.
        version: its version.
        file: path as the core gives it; empty where no file is concerned.
        line: from 1; 0 where no place is known.
        column: from 1, in bytes; 0 where no place is known.
        name: the name that can't be proven.
        message: what was found, what was expected, and the edit that mends it.
    """

    code: str
    core: str
    version: str
    file: str
    line: int
    column: int
    name: str
    message: str

    @staticmethod
    def at(code: str, core: CoreId, position: Position | None, name: str, message: str) -> Refusal:
        """A refusal at a place."""
        where = position or Position("")
        return Refusal(code, core.name, core.version, where.file, where.line, where.column, name, message)

    def render(self) -> str:
        """The line for people: `FILE:LINE:COLUMN: refused: MESSAGE [CODE, core VERSION, NAME]`."""
        place = f"{Position(self.file, self.line, self.column)}: " if self.file else ""
        core = f", {self.core} {self.version}" if self.core else ""
        name = f", {self.name}" if self.name else ""
        return f"{place}refused: {self.message} [{self.code}{core}{name}]"

    def to_json(self) -> dict[str, str | int]:
        """The report's entry: every attribute under its own name."""
        return {
            "code": self.code,
            "core": self.core,
            "version": self.version,
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "name": self.name,
            "message": self.message,
        }


@dataclass(frozen=True)
class Plan:
    """Which definitions get which new name.

    Attributes:
        renames: definition to new name. A definition without an entry keeps its name.
    """

    renames: Mapping[Definition, str]

    def new_name(self, definition: Definition) -> str:
        """The name in the output."""
        return self.renames.get(definition, definition.name)

    @property
    def names(self) -> frozenset[str]:
        """The old names, as their sources spell them: what every core must prove."""
        return frozenset(d.name for d in self.renames)


@dataclass(frozen=True)
class Declarations:
    """What a core defines, and what kept the front end from seeing it all.

    Attributes:
        definitions: all that were found.
        refusals: why there may be more.
        deferrable: whether the refusals matter only if a name under proof is in the core;
            `classify` gives them again then.
    """

    definitions: tuple[Definition, ...]
    refusals: tuple[Refusal, ...] = ()
    deferrable: bool = False


@dataclass(frozen=True)
class Classification:
    """The proof for one core: every occurrence of every name under proof, or refusals.

    Attributes:
        occurrences: proven places, in the core's own files and in headers of cores that it
            includes. Where several cores prove the same place they must agree.
        refusals: what can't be proven.
        pending: refusals for places in the core's headers that the core itself gives no
            meaning to; each is void if a core that includes the header proves the place.
        unused: proven places in macros that the core doesn't use; each is void if a core
            that uses the macro proves the place.
    """

    occurrences: tuple[Occurrence, ...]
    refusals: tuple[Refusal, ...] = ()
    pending: tuple[Refusal, ...] = ()
    unused: tuple[Occurrence, ...] = ()


@dataclass(frozen=True)
class Resolution:
    """Whom a name means in one core: one definition, or a code and a message why not."""

    definition: Definition | None
    code: str = ""
    message: str = ""


class Scope(Protocol):
    """What one core can see of the design; made by `hdl_py.mangle.plan`."""

    @property
    def core(self) -> Core:
        """The core that looks."""

    @property
    def reachable(self) -> tuple[Core, ...]:
        """The cores that it depends on, nearest first, each once; not the core itself."""

    @property
    def cores(self) -> tuple[Core, ...]:
        """All cores of the design, those that use this one among them."""

    @property
    def plan(self) -> Plan:
        """All renames of the design."""

    @property
    def names(self) -> frozenset[str]:
        """Names that need a proof in this core, folded as the core's own language compares.

        They are the renamed definitions' names, whether this core reaches them or not;
        macros, which have a name space of their own, left out.
        """

    def candidates(self, name: str, kinds: Iterable[Kind] = ()) -> tuple[Definition, ...]:
        """Definitions in the core and what it reaches whose name is `name`.

        Compared as the looking core's language and the definition's language compare:
        case counts only where both are case-sensitive. `kinds` narrows; empty takes all
        but macros.
        """

    def resolve(self, name: str, kinds: Iterable[Kind] = ()) -> Resolution:
        """The one definition that a proven reference means.

        Own definitions first, then the version in `depends`, then the only version that
        the dependencies lead to. Otherwise `ambiguous-version`, `ambiguous-name` or
        `undeclared-dependency` with the message for a `Refusal`.
        """


class FrontEnd(Protocol):
    """What a language must do. All of it is pure; results may be cached by core."""

    @property
    def language(self) -> Language:
        """Whose files it reads."""

    def forget(self) -> None:
        """Drop what is cached: the input is proven, and the output comes next."""

    def declare(self, core: Core, reachable: tuple[Core, ...]) -> Declarations:
        """The definitions of a core, in files, headers and inactive branches alike.

        `reachable` gives the headers of the cores it depends on, nearest first.
        """

    def find(self, core: Core, names: frozenset[str]) -> tuple[tuple[str, Position], ...]:
        """Where an identifier equal to one of `names` is spelled in any file of the core.

        Compared as the language compares; comments and strings left out; the name given back
        is the one asked for. New names must not be found anywhere before the rewrite.
        """

    def classify(self, scope: Scope) -> Classification:
        """One role for each raw occurrence of each name in `scope.names`, or a refusal for it.

        Complete: an occurrence that the raw scan of the bytes finds and that gets no
        role is a refusal. Every cause is listed, in order of file and place.
        """

    def compare(
        self, before: tuple[Core, ...], after: tuple[Core, ...], plan: Plan, tops: Mapping[str, str]
    ) -> tuple[Refusal, ...]:
        """Compare the meaning of the whole design before and after, as far as the language's tools can.

        The caller has already run `declare` and `classify` on `after`. An empty tuple
        also where there is nothing to elaborate with; say so in the docs.
        """
