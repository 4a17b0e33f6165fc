"""What the parser gives: design units, declarative regions, declarations, and a place for each token.

Expressions get no tree. What matters is whether a name may denote a design unit
or a component where it stands, and that needs its place and its neighbours only.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from hdl_py.vhdl.lexer import Kind, Tokens


class Place(IntEnum):
    """Where an identifier stands. Names with dots have one place for all their parts."""

    NONE = 0
    """No identifier's place: the parser gave it no role."""
    DECLARATION = 1
    """The name that a declaration in a region declares."""
    UNIT = 2
    """The name in the declaration of a primary unit (13.1), PSL units included."""
    END = 3
    """The name after `end`; `ParsedFile.closes` says whose."""
    LABEL = 4
    """A label, an architecture or a block where nothing else can stand."""
    OPERAND = 5
    """In an expression, a subtype, a target or a call."""
    GENERIC_ACTUAL = 6
    """In a generic map, where a bare name may be a package (6.5.7.2)."""
    USE = 7
    """In a use clause (12.4)."""
    CONTEXT = 8
    """In a context reference (13.4)."""
    LIBRARY = 9
    """In a library clause (13.2)."""
    OF_ENTITY = 10
    """The entity of an architecture or a configuration."""
    BODY_OF = 11
    """The package of a package body that is a design unit."""
    ENTITY_ASPECT = 12
    """After `entity`: in an instantiation or a binding (7.3.2.2)."""
    CONFIGURATION_ASPECT = 13
    """After `configuration`, likewise."""
    COMPONENT = 14
    """The name in a component declaration (6.8)."""
    INSTANCE = 15
    """The component of an instantiation that can be nothing else (11.7)."""
    INSTANCE_OR_CALL = 16
    """`label : name;`: a component or a procedure."""
    COMPONENT_SPECIFICATION = 17
    """The component of a configuration specification or a component configuration (7.3)."""
    NEW_PACKAGE = 18
    """The uninstantiated package after `new` (4.9, 6.5.5)."""
    ATTRIBUTED = 19
    """An entity designator of an attribute specification (7.2)."""
    ATTRIBUTE = 20
    """The attribute's name in its declaration or specification."""
    GROUP = 21
    """A constituent of a group (6.10)."""
    ALIAS = 22
    """The object of an alias (6.6)."""
    EXTERNAL = 23
    """The path of an external name (8.7)."""
    PSL_TARGET = 24
    """The entity or instance that a PSL unit binds to."""
    PSL_UNIT = 25
    """A PSL unit after `inherit` or `use vunit`."""


@dataclass(eq=False)
class UseItem:
    """One selected name of a use clause: tokens `first` up to `last`, visible from the token `last`."""

    first: int
    last: int


@dataclass(eq=False)
class Declaration:
    """A name that a region declares.

    Attributes:
        word: the name, folded.
        what: what it is, in the words of the standard, such as `signal` or `component`.
        token: index of the identifier; the name hides others from there on.
        region: where it is declared.
        inner: its own region, if names can be selected from it.
        first: for an alias or an instance, the first token of the name that it stands for.
        last: the token after that name; equal to `first` where there is no such name.
        certain: from this token on the name surely means this declaration. Before, in
            the declaration itself or in the same interface list, tools differ.
    """

    word: bytes
    what: str
    token: int
    region: Region
    inner: Region | None = None
    first: int = 0
    last: int = 0
    certain: int = 0


@dataclass(eq=False)
class Region:
    """A declarative region (12.1), or a part of one that another part extends.

    Attributes:
        what: the construct, such as `architecture`, `package body` or `loop`.
        word: the construct's name, folded; empty where it has none.
        first: its first token.
        last: the token after its last one.
        parent: the region around it.
        unit: the design unit that it belongs to.
        declares: declarations by name, in order.
        uses: use clauses, in order.
        children: the regions in it, in order.
        begin: the token of its `begin`; its labels are visible from there.
        binding: for a component configuration, the first token of the entity aspect or 0.
    """

    what: str
    word: bytes
    first: int
    parent: Region | None
    unit: DesignUnit
    last: int = 0
    declares: dict[bytes, list[Declaration]] = field(default_factory=dict)
    uses: list[UseItem] = field(default_factory=list)
    children: list[Region] = field(default_factory=list)
    begin: int = 0
    binding: int = 0

    def innermost(self, token: int) -> Region:
        """The innermost region in this one that has the token."""
        region = self
        while region.children:
            at = bisect_right(region.children, token, key=lambda r: r.first) - 1
            if at < 0 or token >= region.children[at].last:
                break
            region = region.children[at]
        return region

    def walk(self) -> Iterator[Region]:
        """This region and all in it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(eq=False)
class DesignUnit:
    """A design unit (13.1) with its context clause.

    Attributes:
        what: `entity`, `architecture`, `package`, `package body`, `package instance`,
            `configuration`, `context`, or `vunit`, `vprop`, `vmode` and `vpkg`.
        word: its name, folded.
        token: the token of its name.
        first: the first token of its context clause.
        last: the token after its last one.
        file: the file that it is in.
        region: its region; a context's region holds its own library and use clauses.
        libraries: logical names of its library clauses with their tokens.
        contexts: context references, as token ranges.
        of: token range of the name of the entity or package that it belongs to.
    """

    what: str
    word: bytes
    token: int
    first: int
    file: ParsedFile
    last: int = 0
    region: Region = field(init=False)
    libraries: dict[bytes, int] = field(default_factory=dict)
    contexts: list[UseItem] = field(default_factory=list)
    of: UseItem | None = None

    def __post_init__(self) -> None:
        self.region = Region(self.what, self.word, self.first, None, self)


@dataclass(frozen=True)
class SyntaxTrouble:
    """Why a file isn't read as VHDL: the token, what was found, what was expected."""

    token: int
    found: str
    expected: str


@dataclass(eq=False)
class ParsedFile:
    """One reading of a file: with conditional directives there are several.

    Attributes:
        tokens: what it is made of.
        place: a `Place` for each token; it counts for identifiers only.
        units: its design units, in order.
        closes: token of a name after `end` to the token of the name that it repeats.
        psl: token ranges of PSL declarations, directives and units.
        trouble: why it can't be read; then nothing else counts.
    """

    tokens: Tokens
    place: bytearray
    units: list[DesignUnit] = field(default_factory=list)
    closes: dict[int, int] = field(default_factory=dict)
    psl: list[tuple[int, int]] = field(default_factory=list)
    trouble: SyntaxTrouble | None = None

    def unit_at(self, token: int) -> DesignUnit | None:
        """The design unit that has the token."""
        at = bisect_right(self.units, token, key=lambda u: u.first) - 1
        return self.units[at] if at >= 0 and token < self.units[at].last else None

    def is_name(self, token: int) -> bool:
        """Whether the token is an identifier."""
        return self.tokens.kind[token] in (Kind.IDENTIFIER, Kind.EXTENDED)

    def words(self, item: UseItem) -> list[bytes]:
        """The words of a name with dots, the dots left out."""
        return [w for w in self.tokens.word[item.first : item.last] if w != b"."]
