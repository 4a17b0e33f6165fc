"""A unit's text made independent of every other unit's.

The declarations of the compilation-unit scope move into a package that only
this unit's text mentions, and every reference to one of them names the package.
Verilator keeps one compilation-unit scope for all the files of a command line;
after the move it is empty, so units can't see or disturb each other there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from pyslang.parsing import Token
from pyslang.syntax import SyntaxKind as K

from hdl_py.errors import Diagnostic
from hdl_py.sv.checks import diagnose
from hdl_py.sv.definitions import Found, header_end
from hdl_py.sv.edits import Edits, Line
from hdl_py.sv.keywords import KEYWORDS
from hdl_py.sv.linemap import LineMap, runs_of
from hdl_py.sv.names import KnownNames
from hdl_py.sv.scope_walker import Walker
from hdl_py.sv.scopes import Reference, Resolver, Scope, Use, outermost
from hdl_py.sv.syntax import ParsedUnit
from hdl_py.sv.timing import Scale
from hdl_py.sv.unit_items import SIGNALS, UnitItem
from hdl_py.sv.unit_package import (
    comes_after_items,
    cycles,
    hoisted_packages,
    needed_items,
    package_lines,
)
from hdl_py.text.position import Position

NEUTRAL = b"`resetall"
"""The directive that every isolated text begins and ends with (IEEE 1800-2023 22.3)."""

_DROPPED = (b"`timescale", b"`begin_keywords", b"`end_keywords")
"""Directives whose effect is written into the text instead."""

_TYPES = {
    K.TypedefDeclaration,
    K.ForwardTypedefDeclaration,
    K.ClassDeclaration,
    K.CovergroupDeclaration,
    K.NetTypeDeclaration,
    K.ParameterDeclarationStatement,
}
_CALLABLE = {K.FunctionDeclaration, K.TaskDeclaration, K.DPIImport}


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
    types = {name for item in items if item.node.kind in _TYPES for name in item.names}
    if not owners:
        return []
    walker = Walker(unit, owners.keys())
    unit_scope = Scope(None)
    walker.run(unit_scope)
    resolver = Resolver(known.exports, known.class_members, known.all_class_members.__contains__)
    by_token = {number: item for item in items for number in range(item.start, item.end)}
    problems: list[Diagnostic] = []
    used: set[str] = set()
    plain: list[Reference] = []

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
        elif not reaches or (reference.before_colons and not _is_type(reference.name, owners, types, known)):
            continue
        elif use is Use.KEY and reference.name in signals | callables:
            continue  # neither a type nor a constant, so it is a member
        elif use is Use.KEY and not doubt and reference.name in known.struct_members:
            doubt = f"{reference.name} is also a member of a structure"
        elif use is Use.UNCLEAR:
            doubt = reference.why
        elif use is Use.IN_RANDOMIZE and reference.name in known.all_class_members:
            doubt = f"it stands in a `randomize`, and a class has a member {reference.name}"
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
        elif reference.before_colons:
            _before_colons(unit, items, reference, owners, walker, resolver, unit_scope, package, used, edits)
        elif use is Use.CONNECTION:
            token = unit.stream.tokens[reference.token]
            edits.replace[reference.token] = token + b"(" + qualified(reference.name, reference.token) + b")"
        else:
            text = qualified(reference.name, reference.token)
            if reference.bare and reference.name in callables:
                text += b"()"
            edits.replace[reference.token] = text
            plain.append(reference)
    _imported_anyway(unit, plain, walker, unit_scope, edits)
    problems += _called_as_system_tasks(unit, items)
    edits.kept = needed_items(unit, items, used, known)
    if edits.kept:
        edits.package = package
        problems += cycles(unit, edits)
    return problems


def _is_type(name: str, owners: Mapping[str, str], types: Collection[str], known: KnownNames) -> bool:
    """Whether a name of the unit may stand before `::`; else a package of that name is meant."""
    owner = owners[name]
    return known.is_type(owner, name) if owner else name in types


def _before_colons(
    unit: ParsedUnit,
    items: Sequence[UnitItem],
    reference: Reference,
    owners: Mapping[str, str],
    walker: Walker,
    resolver: Resolver,
    unit_scope: Scope,
    package: str,
    used: set[str],
    edits: Edits,
) -> None:
    """A class or type before `::`: imported where that changes no other name, as Verilator takes one `::` in a type."""
    name = reference.name
    owner = owners[name] or package
    if owner == package:
        used.add(name)
    around = outermost(reference.scope, unit_scope)
    node = walker.elements.get(around)
    header, body = _import_places(unit, node) if node is not None else (0, 0)
    open_class = owner == package and _lacks_defaults(items, name)
    if (
        node is None
        or resolver.declares(around, name)
        or (open_class and (reference.token < body or any(resolver.offers(around, n) for i in items for n in i.names)))
    ):
        edits.replace[reference.token] = owner.encode() + b"::" + unit.stream.tokens[reference.token]
        return
    names = edits.imports.setdefault(header if reference.token < body else body, {})
    names[name] = "" if open_class else owner
    if open_class:
        # Verilator takes an import of such a class by its name for a use without parameters.
        names["*"] = owner


def _lacks_defaults(items: Sequence[UnitItem], name: str) -> bool:
    """Whether a class of the unit has a parameter without a default."""
    for item in items:
        if item.node.kind == K.ClassDeclaration and name in item.names and item.node.parameters is not None:
            for declaration in item.node.parameters.declarations:
                for declarator in () if isinstance(declaration, Token) else declaration.declarators:
                    if not isinstance(declarator, Token):
                        given = "assignment" if hasattr(declarator, "assignment") else "initializer"
                        if getattr(declarator, given) is None:
                            return True
    return False


def _import_places(unit: ParsedUnit, node: Any) -> tuple[int, int]:
    """The tokens in front of which a definition's header and its body can have imports."""
    return unit.index(node.header.name.location.offset) + 1, header_end(unit, node)


def _imported_anyway(
    unit: ParsedUnit, plain: Sequence[Reference], walker: Walker, unit_scope: Scope, edits: Edits
) -> None:
    """Leaves names alone that their definition imports: Verilator takes `p::C` and an imported `C` for two classes."""
    for reference in plain:
        node = walker.elements.get(outermost(reference.scope, unit_scope))
        if node is not None and edits.imports:
            header, body = _import_places(unit, node)
            places = (header, body) if reference.token >= body else (header,)
            if any(reference.name in edits.imports.get(place, ()) for place in places):
                del edits.replace[reference.token]


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
        if item.node.kind in SIGNALS:
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


def _called_as_system_tasks(unit: ParsedUnit, items: Sequence[UnitItem]) -> list[Diagnostic]:
    """Calls such as `$f()` of an item `\\$f `, which Verilator finds outside packages alone."""
    names = {name.encode() for item in items for name in item.names if name.startswith("$")}
    why = "it is called by the name of a system task or function"
    return [
        diagnose(
            "unclear-reference",
            unit.stream.position(number),
            name=token.decode("utf-8", "replace"),
            why=why,
            place=str(_place(unit, items, token.decode("utf-8", "replace"))),
        )
        for number, token in enumerate(unit.stream.tokens if names else ())
        if token in names
    ]


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
    hoisted = hoisted_packages(unit, members, edits)
    hoisted_at = {unit.span(node)[0] for node in hoisted}
    out = [Line(NEUTRAL, 0)]
    placed = not edits.kept
    at = 0
    for node in members:
        start, end = unit.span(node)
        out += edits.tokens(unit, at, start)
        at = end
        if not placed and comes_after_items(unit, node, edits):
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
