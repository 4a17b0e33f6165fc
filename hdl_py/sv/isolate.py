"""A unit's text made independent of every other unit's.

The declarations of the compilation-unit scope move into a package that only
this unit's text mentions, and every reference to one of them names the package.
Verilator keeps one compilation-unit scope for all the files of a command line;
after the move it is empty, so units can't see or disturb each other there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pyslang.parsing import Token
from pyslang.syntax import SyntaxKind as K

from hdl_py.errors import Diagnostic
from hdl_py.sv.checks import diagnose
from hdl_py.sv.definitions import Found, header_end, references
from hdl_py.sv.keywords import KEYWORDS
from hdl_py.sv.linemap import LineMap, runs_of
from hdl_py.sv.names import KnownNames
from hdl_py.sv.scopes import Reference, Resolver, Scope, Use, Walker
from hdl_py.sv.syntax import ParsedUnit
from hdl_py.sv.timing import Scale
from hdl_py.sv.unit_items import STAYING, UnitItem
from hdl_py.text.position import Position

NEUTRAL = b"`resetall"
"""The directive that every isolated text begins and ends with (IEEE 1800-2023 22.3)."""

_DROPPED = (b"`timescale", b"`begin_keywords", b"`end_keywords")
"""Directives whose effect is written into the text instead."""

_CALLABLE = {K.FunctionDeclaration, K.TaskDeclaration, K.DPIImport}
_SIGNALS = {K.DataDeclaration, K.NetDeclaration, K.UserDefinedNetDeclaration}


class Line(NamedTuple):
    """One line of isolated text and the token that it is, or stands for."""

    text: bytes
    token: int


@dataclass
class Edits:
    """What isolation does to a unit's tokens.

    Attributes:
        package: name of the package that takes the unit's items; empty where there are none.
        replace: new text of a token.
        drop: tokens left out.
        before: lines put in front of a token.
        kept: the items that something needs, in text order.
    """

    package: str = ""
    replace: dict[int, bytes] = field(default_factory=dict)
    drop: set[int] = field(default_factory=set)
    before: dict[int, list[bytes]] = field(default_factory=dict)
    kept: list[UnitItem] = field(default_factory=list)

    def tokens(self, unit: ParsedUnit, start: int, end: int) -> list[Line]:
        """The lines of a stretch of tokens."""
        out: list[Line] = []
        tokens = unit.stream.tokens
        touched = sorted(n for n in {*self.replace, *self.before, *self.drop} if start <= n < end)
        at = start
        for number in touched:
            out += map(Line, tokens[at:number], range(at, number))
            out += [Line(text, number) for text in self.before.get(number, ())]
            if number not in self.drop:
                out.append(Line(self.replace.get(number, tokens[number]), number))
            at = number + 1
        out += map(Line, tokens[at:end], range(at, end))
        return out


def plan(
    unit: ParsedUnit,
    found: Sequence[Found],
    items: Sequence[UnitItem],
    package: str,
    timescales: Mapping[str, Scale],
    known: KnownNames,
    standard: str,
) -> tuple[Edits, list[Diagnostic]]:
    """What to do to a unit's tokens.

    Args:
        unit: the parsed unit.
        found: its definitions.
        items: its items.
        package: the name for the items' package.
        timescales: the scale of each definition that has one.
        known: names of other units.
        standard: one of `hdl_py.sv.model.STANDARDS`.

    Returns:
        The edits, and the references that can't be settled.
    """
    edits = Edits()
    _directives(unit, edits)
    _specparams(unit, edits)
    _time_units(unit, found, timescales, edits)
    problems = _references(unit, items, package, known, standard, edits)
    return edits, problems


def _directives(unit: ParsedUnit, edits: Edits) -> None:
    edits.drop.update(n for n, t in unit.stream.directives if t.startswith(_DROPPED))
    if any(t.startswith(b"`begin_keywords") for _n, t in unit.stream.directives):
        # Names that an older standard doesn't reserve stay names in their escaped form (IEEE 1800-2023 22.14).
        def visit(item: Any) -> None:
            if isinstance(item, Token) and item.kind.name == "Identifier" and item.rawText in KEYWORDS:
                edits.replace[unit.index(item.location.offset)] = b"\\" + item.rawText.encode()

        unit.tree.root.visit(visit)


def _specparams(unit: ParsedUnit, edits: Edits) -> None:
    """A specparam outside modules, which 3.1a allows, is a localparam for Verilator."""
    packages = [n for n in unit.tree.root.members if n.kind == K.PackageDeclaration]
    for node in (unit.tree.root, *packages):
        for member in node.members:
            if member.kind == K.SpecparamDeclaration:
                edits.replace[unit.index(member.keyword.location.offset)] = b"localparam"


def _time_units(unit: ParsedUnit, found: Sequence[Found], timescales: Mapping[str, Scale], edits: Edits) -> None:
    for node in [unit.tree.root, *(d.node for d in found)]:
        for member in getattr(node, "members", ()):
            if member.kind == K.TimeUnitsDeclaration:
                edits.drop.update(range(*unit.span(member)))
    for definition in found:
        scale = timescales.get(definition.name)
        if scale and hasattr(definition.node, "header"):
            edits.before[header_end(unit, definition.node)] = scale.tokens()


def _references(
    unit: ParsedUnit,
    items: Sequence[UnitItem],
    package: str,
    known: KnownNames,
    standard: str,
    edits: Edits,
) -> list[Diagnostic]:
    owners, callables, signals = _owners(unit, items, known)
    if not owners:
        return []
    walker = Walker(unit, owners.keys())
    unit_scope = Scope(None)
    walker.run(unit_scope)
    resolver = Resolver(known.exports, known.class_members)
    by_token = {number: item for item in items for number in range(item.start, item.end)}
    problems: list[Diagnostic] = []
    used: set[str] = set()

    def qualified(name: str, token: int) -> bytes:
        owner = owners[name]
        if not owner:
            used.add(name)
        return (owner or package).encode() + b"::" + unit.stream.tokens[token]

    for reference in sorted(walker.references, key=lambda r: r.token):
        inside = reference.token in by_token
        if reference.use is Use.WILDCARD:
            _wildcard(unit, reference, signals, known, resolver, unit_scope, package, used, edits)
            continue
        reaches, doubt = resolver.outcome(reference, reference.name, unit_scope)
        use = reference.use
        if use is Use.ROOT_SCOPED:
            if owners[reference.name] or reference.name in known.tops:
                continue
            if standard != "3.1a":
                problems.append(diagnose("root-reference", unit.stream.position(reference.token), name=reference.name))
                continue
            edits.drop.update((reference.token - 2, reference.token - 1))
            edits.replace[reference.token] = qualified(reference.name, reference.token)
        elif use is Use.UNIT_SCOPED:
            edits.drop.update((reference.token - 2, reference.token - 1))
            edits.replace[reference.token] = qualified(reference.name, reference.token)
        elif not reaches:
            continue
        elif use is Use.KEY and not doubt and reference.name in known.struct_members:
            doubt = f"{reference.name} is also a member of a structure"
        elif use is Use.UNCLEAR:
            doubt = reference.why
        if use in (Use.ROOT_SCOPED, Use.UNIT_SCOPED):
            continue
        if doubt:
            problems.append(
                diagnose(
                    "unclear-reference",
                    unit.stream.position(reference.token),
                    name=reference.name,
                    why=doubt,
                    place=str(_place(unit, items, reference.name)),
                )
            )
        elif inside:
            continue
        elif use is Use.CONNECTION:
            token = unit.stream.tokens[reference.token]
            edits.replace[reference.token] = token + b"(" + qualified(reference.name, reference.token) + b")"
        else:
            text = qualified(reference.name, reference.token)
            if reference.bare and reference.name in callables:
                text += b"()"
            edits.replace[reference.token] = text
    edits.kept = needed_items(unit, items, used, known)
    if edits.kept:
        edits.package = package
        problems += _cycles(unit, edits)
    return problems


def _cycles(unit: ParsedUnit, edits: Edits) -> list[Diagnostic]:
    """Packages that need an item which needs the package."""
    packages = {d.header.name.valueText: d for d in unit.tree.root.members if d.kind == K.PackageDeclaration}
    out = []
    for item in edits.kept:
        for name, tokens in references(unit, item.node).packages.items():
            wanted = _package_closure(unit, packages, [name])
            if any(_comes_after_items(unit, packages[p], edits) for p in wanted):
                out.append(diagnose("item-cycle", unit.stream.position(tokens[0]), name=name))
    return out


def _owners(
    unit: ParsedUnit, items: Sequence[UnitItem], known: KnownNames
) -> tuple[dict[str, str], set[str], set[str]]:
    """Names of the compilation-unit scope, each with the package it is imported from or an empty string."""
    owners: dict[str, str] = {}
    callables: set[str] = set()
    signals: set[str] = set()
    wildcards: list[str] = []
    for item in items:
        if item.node.kind == K.PackageImportDeclaration:
            for entry in item.node.items:
                if not isinstance(entry, Token):
                    if entry.item.rawText == "*":
                        wildcards.append(entry.package.valueText)
                    else:
                        owners[entry.item.valueText] = entry.package.valueText
            continue
        for name in item.names:
            owners[name] = ""
        if item.node.kind in _CALLABLE:
            callables.update(item.names)
        if item.node.kind in _SIGNALS:
            signals.update(item.names)
    if wildcards:
        for token in set(unit.stream.tokens):
            first = token[:1]
            if first.isalpha() or first in (b"_", b"\\"):
                name = token.decode("utf-8", "replace").removeprefix("\\")
                if name not in owners:
                    source = next((p for p in wildcards if known.exports(p, name)), "")
                    if source:
                        owners[name] = source
    for name, owner in owners.items():
        if owner and known.callable(owner, name):
            callables.add(name)
        if owner and known.signal(owner, name):
            signals.add(name)
    return owners, callables, signals


def _place(unit: ParsedUnit, items: Sequence[UnitItem], name: str) -> Position | str:
    for item in items:
        if name in item.names:
            return unit.stream.position(item.names[name])
    return "an import"


def _wildcard(
    unit: ParsedUnit,
    reference: Reference,
    signals: set[str],
    known: KnownNames,
    resolver: Resolver,
    unit_scope: Scope,
    package: str,
    used: set[str],
    edits: Edits,
) -> None:
    """Writes out the connections of `.*` that reach the compilation unit (IEEE 1800-2023 23.3.2.4)."""
    ports = set(known.ports(reference.node.type.valueText)) & signals
    for instance in reference.node.instances:
        if not isinstance(instance, Token):
            for connection in instance.connections:
                if not isinstance(connection, Token) and connection.kind == K.NamedPortConnection:
                    ports.discard(connection.name.valueText)
    extra = b""
    for port in sorted(ports):
        if resolver.outcome(reference, port, unit_scope) == (True, ""):
            used.add(port)
            extra += f".{port}({package}::{port}), ".encode()
    if extra:
        edits.replace[reference.token] = extra + unit.stream.tokens[reference.token]


def needed_items(
    unit: ParsedUnit,
    items: Sequence[UnitItem],
    roots: Iterable[str],
    known: KnownNames,
    effects: bool = True,
) -> list[UnitItem]:
    """The items that the named ones need, themselves included.

    Over-inclusive: any mention of a name inside an item counts as a need.

    Args:
        unit: the parsed unit.
        items: its items.
        roots: the names that are needed.
        known: names of other units.
        effects: whether items with an effect of their own are needed without any mention.
    """
    declaring: dict[str, list[int]] = {}
    for number, item in enumerate(items):
        for name in item.names:
            declaring.setdefault(name, []).append(number)
    mentions = [
        {t.decode("utf-8", "replace").removeprefix("\\") for t in unit.stream.tokens[item.start : item.end]}
        for item in items
    ]
    todo = [n for name in roots for n in declaring.get(name, ())]
    if effects:
        todo += [n for n, item in enumerate(items) if _has_effect(item)]
    wanted: set[int] = set()
    while todo:
        number = todo.pop()
        if number in wanted:
            continue
        wanted.add(number)
        todo += [n for name in mentions[number] for n in declaring.get(name, ())]
        # Bodies of methods and constraints of a wanted class stand outside it.
        own = items[number].names
        todo += [
            n
            for n, item in enumerate(items)
            if item.node.kind in (K.FunctionDeclaration, K.TaskDeclaration, K.ConstraintDeclaration)
            and not item.names
            and mentions[n] & own.keys()
        ]
    words = set().union(*(mentions[n] for n in wanted))
    wanted.update(
        n
        for n, item in enumerate(items)
        if item.node.kind == K.PackageImportDeclaration
        and any(known.exports(package, word) for package in _wildcards(item) for word in words)
    )
    return [items[n] for n in sorted(wanted)]


def _wildcards(item: UnitItem) -> list[str]:
    """The packages that an import declaration imports as a whole."""
    entries = [entry for entry in item.node.items if not isinstance(entry, Token)]
    return [entry.package.valueText for entry in entries if entry.item.rawText == "*"]


def _has_effect(item: UnitItem) -> bool:
    """Whether an item does something at run time though nothing refers to it."""
    if item.node.kind == K.DPIExport:
        return True
    if item.node.kind not in _SIGNALS:
        return False
    calls = False

    def visit(part: Any) -> None:
        nonlocal calls
        calls = calls or (not isinstance(part, Token) and part.kind == K.InvocationExpression)

    item.node.visit(visit)
    return calls


def isolated_lines(unit: ParsedUnit, items: Sequence[UnitItem], edits: Edits, unit_scale: Scale) -> list[Line]:
    """The lines of the isolated text.

    Args:
        unit: the parsed unit.
        items: its items.
        edits: the plan.
        unit_scale: the compilation unit's own scale.
    """
    members = list(unit.tree.root.members)
    last = max(len(unit.stream.tokens) - 1, 0)
    moved = {item.start for item in items}
    hoisted = _hoisted(unit, members, edits)
    hoisted_at = {unit.span(node)[0] for node in hoisted}
    out = [Line(NEUTRAL, 0)]
    placed = not edits.kept
    at = 0
    for node in members:
        start, end = unit.span(node)
        out += edits.tokens(unit, at, start)
        at = end
        if not placed and _comes_after_items(unit, node, edits):
            out += _package(unit, edits, hoisted, unit_scale)
            placed = True
        if start in moved or start in hoisted_at or node.kind in (K.TimeUnitsDeclaration, K.EmptyMember):
            continue
        out += edits.tokens(unit, start, end)
    out += edits.tokens(unit, at, len(unit.stream.tokens))
    if not placed:
        out += _package(unit, edits, hoisted, unit_scale)
    out.append(Line(NEUTRAL, last))
    return out


def _comes_after_items(unit: ParsedUnit, node: Any, edits: Edits) -> bool:
    """Whether the items' package must stand above a member: it is no package, or one that mentions an item."""
    if node.kind not in STAYING:
        return False
    if node.kind != K.PackageDeclaration:
        return True
    start, end = unit.span(node)
    mark = edits.package.encode() + b"::"
    return any(start <= number < end and mark in text for number, text in edits.replace.items())


def _package_closure(unit: ParsedUnit, packages: Mapping[str, Any], names: Iterable[str]) -> set[str]:
    """The unit's packages among some names, and those that they refer to, at any depth."""
    wanted: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name in packages and name not in wanted:
            wanted.add(name)
            todo += references(unit, packages[name]).packages
    return wanted


def _hoisted(unit: ParsedUnit, members: Sequence[Any], edits: Edits) -> list[Any]:
    """Packages that the items need and that stand behind the first definition that may use the items."""
    if not edits.kept:
        return []
    packages = {n.header.name.valueText: n for n in members if n.kind == K.PackageDeclaration}
    mentioned = [p for item in edits.kept for p in references(unit, item.node).packages]
    wanted = _package_closure(unit, packages, mentioned)
    first = next((n for n in members if _comes_after_items(unit, n, edits)), None)
    if first is None:
        return []
    border = unit.span(first)[0]
    return [n for name, n in packages.items() if name in wanted and unit.span(n)[0] > border]


def package_lines(unit: ParsedUnit, edits: Edits, items: Sequence[UnitItem], unit_scale: Scale) -> list[Line]:
    """The package that takes a unit's items."""
    first, last = items[0].start, items[-1].end - 1
    out = [Line(t, first) for t in (b"package", edits.package.encode(), b";")]
    if unit_scale:
        out += [Line(t, first) for t in unit_scale.tokens()]
    for item in items:
        out += edits.tokens(unit, item.start, item.end)
    out.append(Line(b"endpackage", last))
    return out


def _package(unit: ParsedUnit, edits: Edits, hoisted: Sequence[Any], unit_scale: Scale) -> list[Line]:
    out: list[Line] = []
    for node in hoisted:
        out += edits.tokens(unit, *unit.span(node))
    return out + package_lines(unit, edits, edits.kept, unit_scale)


def to_text(lines: Iterable[Line]) -> bytes:
    """The text of isolated lines."""
    return b"".join([line.text + b"\n" for line in lines])


def line_map(unit: ParsedUnit, lines: Iterable[Line], first: int) -> LineMap:
    """The map of isolated lines to the user's places.

    Args:
        unit: the parsed unit.
        lines: its isolated lines.
        first: the number of the first of them in its file, from 1.
    """
    if not unit.stream.tokens:
        return LineMap((), {})
    numbers = (line.token for line in lines for _ in range(line.text.count(b"\n") + 1))
    return LineMap(runs_of(unit.stream.places(numbers), first), {})
