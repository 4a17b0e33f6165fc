"""What a name can mean at a place, and the answer to asking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from hdl_py.mangle.model import Core, CoreId, Definition
from hdl_py.vhdl.design import Seen
from hdl_py.vhdl.syntax.tree import Declaration, DesignUnit, ParsedFile, Region

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

    @property
    def unit(self) -> DesignUnit | None:
        """The design unit around it."""
        return self.region.unit if self.region else self.file.unit_at(self.token)


@dataclass(frozen=True)
class Answer:
    """What a name may mean.

    Attributes:
        meanings: every candidate; empty where the text in view declares no such name.
        hidden: libraries outside of the view whose packages could declare it. What they
            declare is no unit that a plan renames.
        open: something out of view could show even that: a context, the entity of an
            architecture, what a PSL unit inherits, or a missing library clause.
    """

    meanings: tuple[Meaning, ...]
    hidden: frozenset[bytes] = frozenset()
    open: bool = False


def merged(answers: Iterable[Answer]) -> Answer:
    """One answer with the meanings and the doubts of several."""
    listed = list(answers)
    return Answer(
        tuple(dict.fromkeys(m for a in listed for m in a.meanings)),
        frozenset(h for a in listed for h in a.hidden),
        any(a.open for a in listed),
    )
