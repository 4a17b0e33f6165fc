"""What the raw view of a SystemVerilog file holds: zones, macros, conditionals and included files."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import NamedTuple

from hdl_py.text.position import Span


class ZoneKind(Enum):
    """What a zone is."""

    LINE_COMMENT = "line"
    BLOCK_COMMENT = "block"
    STRING = "string"
    ESCAPED = "escape"
    TICK = "tick"


class Zone(NamedTuple):
    """A comment, a string, an escaped identifier or a token that begins with a grave accent."""

    kind: ZoneKind
    start: int
    end: int


@dataclass(frozen=True)
class Macro:
    """One `` `define ``.

    Attributes:
        name: of the macro, unescaped.
        span: from the grave accent to the end of the text.
        name_span: of the name.
        formals: names of the formal arguments; None for an object-like macro.
        formal_spans: where they are named.
        body: bytes of the text, default values of formals excluded.
        pastes: whether the text has a `` `` `` or a `` `" ``.
    """

    name: str
    span: Span
    name_span: Span
    formals: tuple[str, ...] | None
    formal_spans: tuple[Span, ...]
    body: Span
    pastes: bool


@dataclass(frozen=True)
class Branch:
    """One branch of a conditional: its directive and the text below it.

    Attributes:
        directive: from the grave accent to the end of the condition.
        body: up to the next branch's directive.
        condition: tokens of the condition; `!`, `&&`, … are tokens; None for `` `else ``.
        negated: true for `` `ifndef ``.
    """

    directive: Span
    body: Span
    condition: tuple[str, ...] | None
    negated: bool


@dataclass(frozen=True)
class Group:
    """A conditional from its `` `ifdef `` to its `` `endif ``.

    Attributes:
        branches: in order.
        endif: the closing directive.
        macro: index of the macro in whose text it stands, or -1.
    """

    branches: tuple[Branch, ...]
    endif: Span
    macro: int

    @property
    def span(self) -> Span:
        """The whole conditional."""
        return Span(self.branches[0].directive.start, self.endif.end)


@dataclass(frozen=True)
class Include:
    """One `` `include ``.

    Attributes:
        span: what follows it on the line.
        name: the file's name, if it is spelled.
        angled: whether angle brackets are around it.
        start: its first byte.
        macro: index of the macro in whose text it stands, or -1.
        via: the macro that stands in the name's place; empty if none does.
    """

    span: Span
    name: str | None
    angled: bool
    start: int
    macro: int = -1
    via: str = ""


@dataclass
class FileScan:
    """All that the raw view of one file holds."""

    data: bytes
    zones: list[Zone]
    macros: list[Macro] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    includes: list[Include] = field(default_factory=list)
    macro_includes: list[Include] = field(default_factory=list)
    pragmas: list[Span] = field(default_factory=list)
    macro_names: list[Span] = field(default_factory=list)
    undefs: list[tuple[int, str]] = field(default_factory=list)
    events: list[tuple[int, str, int]] = field(default_factory=list)
    balanced: bool = True
    _zone_starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._zone_starts = [z.start for z in self.zones]

    def zone_at(self, offset: int) -> Zone | None:
        """The zone that covers an offset."""
        n = bisect_right(self._zone_starts, offset) - 1
        if n >= 0 and offset < self.zones[n].end:
            return self.zones[n]
        return None

    def zones_in(self, start: int, end: int) -> list[Zone]:
        """The zones that begin between two offsets."""
        return self.zones[self.zone_from(start) : self.zone_from(end)]

    def zone_from(self, offset: int) -> int:
        """The index of the first zone that begins at an offset or after it."""
        return bisect_left(self._zone_starts, offset)

    @cached_property
    def directives(self) -> bool:
        """Whether the file has a directive with names of its own."""
        return bool(self.macro_names or self.includes or self.pragmas or self.macros)

    @property
    def hides_includes(self) -> bool:
        """Whether macros have to be expanded to see what is included."""
        return bool(self.macro_includes) or any(i.name is None for i in self.includes)

    @property
    def pastes(self) -> bool:
        """Whether some macro's text makes new tokens or strings out of its arguments."""
        return any(m.pastes for m in self.macros)
