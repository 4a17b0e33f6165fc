"""What a unit's parents verilate in its place, and what a text needs of the units below it.

A unit that is verilated apart is seen as its interface file with a stub in
place of the module; any other unit as its whole isolated text. Which of these
texts a model needs is found by words: a text that holds the name of a
definition needs the text that defines it. A word too many costs nothing but an
input; none is missed, because isolated text has no macros and no comments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.sv.contract.model import UnitContract, contract_from_data
from hdl_py.text.position import Position

FORMAT = 1
"""Version of the JSON form; a reader refuses any other."""

_WORD = re.compile(rb"\\[^\s]+|[A-Za-z_][A-Za-z0-9_$]*")
_RESHAPES = frozenset({"bind", "config"})
"""Keywords of constructs that act on modules elsewhere, without being named there."""


@dataclass(frozen=True)
class View:
    """A unit as its parents see it.

    Attributes:
        label: the unit's label.
        file: the name that its text has among a model's sources.
        boundary: whether it is verilated apart; its text is an interface file with a stub then.
        module: of a boundary the module that is verilated apart; else empty.
        defines: definitions that the text holds, sorted.
        mentions: words of the text that the units below define, sorted.
        reshapes: whether the text holds a `bind` or `config`: it belongs to every model above it.
        timescale: the `unit/precision` of a definition that has both; empty where none has.
        private: packages of the text that hold `$unit` items, sorted.
        inside: of a boundary the modules that are verilated with it, sorted.
        contracts: of a boundary one for each parameter set.
    """

    label: str
    file: str
    boundary: bool = False
    module: str = ""
    defines: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    reshapes: bool = False
    timescale: str = ""
    private: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    contracts: tuple[UnitContract, ...] = field(default=())

    def to_json(self) -> str:
        """The JSON form, the same bytes for the same view."""
        data = {**vars(self), "format": FORMAT, "contracts": [c.to_data() for c in self.contracts]}
        return json.dumps(data, indent=1, sort_keys=True) + "\n"


def view_from_json(text: str, path: str) -> View:
    """Reads what `View.to_json` wrote.

    Args:
        text: the JSON text.
        path: for the error.

    Raises:
        HdlError: not such JSON, or of another format.
    """
    try:
        data: dict[str, Any] = json.loads(text)
        if data.pop("format") != FORMAT:
            raise ValueError("another format")
        lists = {name: tuple(data[name]) for name in ("defines", "mentions", "private", "inside")}
        return View(**{**data, **lists, "contracts": tuple(contract_from_data(c) for c in data["contracts"])})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"this is no view of format {FORMAT} ({type(error).__name__}: {error})"
        fix = "build the library again with the sv_boundary that reads it"
        raise HdlError([Diagnostic(Position(path), "bad-view-json", message, fix)], EXIT_USAGE) from error


def words(text: bytes) -> frozenset[str]:
    """The identifiers and keywords of isolated text; an escaped identifier without its backslash."""
    return frozenset(w.removeprefix(b"\\").decode("utf-8", "surrogateescape") for w in _WORD.findall(text))


def reshapes(found: Iterable[str]) -> bool:
    """Whether words are those of a text that acts on modules which don't name it."""
    return not _RESHAPES.isdisjoint(found)


def needed(found: Iterable[str], views: Sequence[View]) -> tuple[View, ...]:
    """The views that a text needs, at any depth, in the order given.

    Args:
        found: the text's words.
        views: those of all units below, each before its users.
    """
    owners = {name: view for view in views for name in view.defines}
    chosen: set[str] = set()
    todo = [owners[word] for word in found if word in owners]
    todo += [view for view in views if view.reshapes]
    while todo:
        view = todo.pop()
        if view.label not in chosen:
            chosen.add(view.label)
            todo += [owners[name] for name in view.mentions if name in owners]
    return tuple(view for view in views if view.label in chosen)


def refuse_reshaped_boundaries(texts: Mapping[str, frozenset[str]], views: Sequence[View]) -> None:
    """Refuses a `bind` or `config` that means a module which a boundary has inside.

    Such a construct acts on every instance of a module in the whole design (IEEE 1800-2023 23.11,
    33.4); those inside a model of its own are out of its reach.

    Args:
        texts: words of each text that is verilated together, by the label of its unit.
        views: those that it needs.

    Raises:
        HdlError: every pair of construct and boundary.
    """
    problems = []
    for label, found in texts.items():
        if not reshapes(found):
            continue
        for view in views:
            hidden = sorted(found & {*view.inside, view.module} - {""}) if view.boundary else []
            if hidden:
                message = (
                    f"{label} has a bind or config and names {', '.join(hidden)}, which {view.label} has inside: "
                    "a unit that is verilated apart is out of its reach"
                )
                fix = f"buildozer 'set compile \"merge\"' {view.label}"
                problems.append(Diagnostic(None, "bind-into-boundary", message, fix, "IEEE 1800-2023 23.11"))
    if problems:
        raise HdlError(problems)


def with_stub(interface: bytes, start: int, end: int, stub: str) -> bytes:
    """An interface file with a stub in place of a module's declaration."""
    return interface[:start] + stub.encode("utf-8", "surrogateescape") + interface[end:]
