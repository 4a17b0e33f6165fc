"""What a stub and its model's archive share: an array of 64-bit words, the *link*, and the model's ports.

The stub's handle points to it. It holds bits by class of inputs, functions, and early data that the model has not got.
The stub knows places in it and the types of ports, and nothing else of the archive.

In `Form.ORDERED` it also holds the addresses of the model's ports. In `Form.DIRECT` the ports are in it: link and ports
are one structure of the model's root, so that neither side looks an address up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from hdl_py.boundary.lanes import Kind, Lane
from hdl_py.boundary.model import BoundarySet, Form
from hdl_py.errors import Diagnostic, HdlError

OWNER, STEP, SAMPLED, VARIES, CHANGED, STALE, VERSION, EARLY, TICK, SLOW, ROOT, CLOCK, FIRST = range(13)
"""Places in a link: the instance, the functions of an edge and of early data that only an edge has found, data that may
be held with other values than those that are constants in one place of the parent, classes that have other values than
the model has seen, classes whose logic has not run since the edge, a number that changes with outputs, whether early
data has come, the last edge's `tick`, with `RARE` where the next edge is none like the others, the function for such
edges, the model's root, triggers of an edge in a model without clocks of its own, and the first of the rest."""

RARE = 2
"""A bit of the word `TICK`."""

NAME = "rules_sv_link"
"""The link's name in a model's root."""


def model_type(lane: Lane) -> str:
    """How a model stores a lane; of a wide one its words."""
    if lane.kind is Kind.REAL:
        return "double"
    for limit, name in ((8, "CData"), (16, "SData"), (32, "IData"), (64, "QData")):
        if lane.width <= limit:
            return name
    return "EData"


_SIZES = {"CData": 1, "SData": 2, "IData": 4, "EData": 4, "QData": 8, "double": 8}


def _size(lane: Lane) -> int:
    return _SIZES[model_type(lane)] * max(1, lane.words)


@dataclass(frozen=True)
class Link:
    """The link of an ordered boundary.

    Attributes:
        one: the boundary.
    """

    one: BoundarySet

    @property
    def inside(self) -> bool:
        """Whether the model's ports are in it."""
        return self.one.form is Form.DIRECT

    @cached_property
    def functions(self) -> Mapping[str, int]:
        """Words that hold functions of calls, as `call0`.

        With several threads also whether the edge may still be at work, and the function that waits for it.
        """
        names = [*(("busy", "finish") if self.one.parallel else ()), *(f"call{c.number}" for c in self.one.calls)]
        return {name: FIRST + k for k, name in enumerate(names)}

    @cached_property
    def addressed(self) -> tuple[Lane, ...]:
        """Lanes that the stub reads or writes in the model's ports: all but early data, which waits in the link."""
        early = set(self.one.early)
        return tuple(lane for lane in (*self.one.data, *self.one.outputs) if lane not in early)

    @cached_property
    def addresses(self) -> Mapping[str, int]:
        """Words that hold ports' addresses, by their lanes' names."""
        first = FIRST + len(self.functions)
        return {} if self.inside else {lane.name: first + k for k, lane in enumerate(self.addressed)}

    @cached_property
    def words(self) -> int:
        """Words of the array."""
        return FIRST + len(self.functions) + len(self.addresses)

    @cached_property
    def members(self) -> Mapping[str, tuple[Lane, int]]:
        """What follows the array, with its offset in bytes: early data as `n_<lane>`, and ports that are inside.

        Early data lies as its ports do. Data comes before outputs: a model that goes back to an earlier state keeps it.
        Each of these groups begins at a multiple of eight.
        """
        early = self.one.early
        waits = set(early)
        other = [lane for lane in self.one.data if lane not in waits]
        groups = [[(f"n_{lane.name}", lane) for lane in early]]
        if self.inside:
            groups += [[(lane.name, lane) for lane in lanes] for lanes in (early, other, self.one.outputs)]
        found, at = {}, 8 * self.words
        for group in groups:
            at = -(-at // 8) * 8
            for name, lane in sorted(group, key=lambda member: _SIZES[model_type(member[1])]):
                size = _SIZES[model_type(lane)]
                at = -(-at // size) * size
                found[name] = lane, at
                at += _size(lane)
        return found

    @cached_property
    def data_end(self) -> int:
        """Bytes up to the end of data: all that is not in the model in `Form.ORDERED`."""
        data = set(self.one.data)
        return max((at + _size(lane) for lane, at in self.members.values() if lane in data), default=8 * self.words)

    def _member(self, name: str) -> str:
        lane, at = self.members[name]
        kind = model_type(lane)
        return f"reinterpret_cast<{kind}*>(b) + {at // _SIZES[kind]}"

    def place(self, lane: Lane) -> str:
        """C++ that points to where the stub reads or writes a lane, or its first word. `b` is the link."""
        name = f"n_{lane.name}"
        if name in self.members:
            return self._member(name)
        if self.inside:
            return self._member(lane.name)
        return f"reinterpret_cast<{model_type(lane)}*>(b[{self.addresses[lane.name]}])"

    def load(self) -> str:
        """C++ of an archive that gives the model `m` all early data."""
        early = self.one.early
        if self.inside:
            # Early data lies as its ports do.
            first, last = (edge(self.members[f"n_{x.name}"][1] for x in early) for edge in (min, max))
            end = next(at + _size(lane) for lane, at in self.members.values() if at == last)
            port = min(self.members[lane.name][1] for lane in early)
            at = "reinterpret_cast<char*>(b) + "
            return f"std::memcpy({at}{port}, {at}{first}, {end - first});"
        return " ".join(self._load(lane) for lane in early)

    def _load(self, lane: Lane) -> str:
        place = self._member(f"n_{lane.name}")
        if lane.words:
            return (
                f"{{ const EData* const p = {place}; for (int k = 0; k < {lane.words}; ++k) m.{lane.name}[k] = p[k]; }}"
            )
        return f"m.{lane.name} = *({place});"

    def keep(self, lane: Lane) -> str:
        """C++ of an archive that puts an argument of its lane's name where early data waits."""
        place = self._member(f"n_{lane.name}")
        if lane.words:
            return f"{{ EData* const p = {place}; for (int k = 0; k < {lane.words}; ++k) p[k] = {lane.name}[k]; }}"
        return f"*({place}) = {lane.name};"


_DECLARATION = re.compile(r"^[ ]*((?:VL_(?:IN|OUT)\w*\((\w+),[^;\n]*\)|double(?:/\*[^\n]*?\*/)? (\w+));)\n", re.M)


def with_link(one: BoundarySet, text: str) -> str:
    """The header of a model's root with the link and the ports that are in it, one behind the other.

    Args:
        one: an ordered boundary in `Form.DIRECT`.
        text: the header.

    Raises:
        HdlError: Verilator has not declared the ports where this is made for.
    """
    link = Link(one)
    ports: dict[str, str] = {}

    def taken(found: re.Match[str]) -> str:
        name = found[2] or found[3]
        if name not in link.members:
            return found[0]
        ports[name] = found[1]
        return ""

    text = _DECLARATION.sub(taken, text)
    declared = []
    for name, (lane, at) in link.members.items():
        port = f"{model_type(lane)} {name}{f'[{lane.words}]' if lane.words else ''};"
        if not name.startswith("n_"):
            if name not in ports:
                raise _unknown(one, f"no port {name} is declared")
            port = ports[name]
        declared.append(f"{'alignas(8) ' if at % 8 == 0 else ''}{port}")
    text = re.sub(r"^ *struct \{\n *\};\n", "", text, flags=re.M)
    mark = "\n    // INTERNAL VARIABLES\n"
    if text.count(mark) != 1:
        raise _unknown(one, "its internal variables are elsewhere")
    lines = [f"QData {NAME}[{link.words}];", *declared]
    made = "".join(f"        {line}\n" for line in lines)
    return text.replace(mark, f"\n    // Link, and ports in it\n    struct {{\n{made}    }};\n{mark}")


def _unknown(one: BoundarySet, what: str) -> HdlError:
    message = f"{one.module.name}: {what} in {one.prefix}___024root.h, which this Verilator writes in another way"
    return HdlError(
        [
            Diagnostic(
                one.module.position,
                "unknown-model",
                message,
                "build with --@rules_sv//rules:compile=merge, or with the Verilator that rules_sv pins",
            )
        ]
    )


def offsets(one: BoundarySet, root: str) -> Iterable[str]:
    """C++ conditions that have to hold where stub and model agree on places.

    Args:
        one: an ordered boundary in `Form.DIRECT`.
        root: the C++ class of the model's root.
    """
    for name, (lane, at) in Link(one).members.items():
        yield f"offsetof({root}, {name}) == offsetof({root}, {NAME}) + {at} && sizeof({root}::{name}) == {_size(lane)}"
