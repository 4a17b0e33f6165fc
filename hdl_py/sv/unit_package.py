"""The package that takes a unit's items: which of them, in which order, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyslang.parsing import Token
from pyslang.syntax import SyntaxKind as K

from hdl_py.errors import Diagnostic
from hdl_py.sv.checks import diagnose
from hdl_py.sv.definitions import references
from hdl_py.sv.edits import Edits, Line
from hdl_py.sv.names import KnownNames
from hdl_py.sv.syntax import ParsedUnit
from hdl_py.sv.timing import Scale
from hdl_py.sv.unit_items import SIGNALS, STAYING, UnitItem


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
        and any(known.exports(package, word) for package in wildcard_packages(item) for word in words)
    )
    return [items[n] for n in sorted(wanted)]


def wildcard_packages(item: UnitItem) -> list[str]:
    """The packages that an import declaration imports as a whole."""
    entries = [entry for entry in item.node.items if not isinstance(entry, Token)]
    return [entry.package.valueText for entry in entries if entry.item.rawText == "*"]


def _has_effect(item: UnitItem) -> bool:
    """Whether an item does something at run time though nothing refers to it."""
    if item.node.kind == K.DPIExport:
        return True
    if item.node.kind not in SIGNALS:
        return False
    calls = False

    def visit(part: Any) -> None:
        nonlocal calls
        calls = calls or (not isinstance(part, Token) and part.kind == K.InvocationExpression)

    item.node.visit(visit)
    return calls


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


def comes_after_items(unit: ParsedUnit, node: Any, edits: Edits) -> bool:
    """Whether the items' package must stand above a member: it is no package, or one that mentions an item."""
    if node.kind not in STAYING:
        return False
    if node.kind != K.PackageDeclaration:
        return True
    return edits.mentions_package(*unit.span(node))


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


def hoisted_packages(unit: ParsedUnit, members: Sequence[Any], edits: Edits) -> list[Any]:
    """Packages that the items need and that stand behind the first definition that may use the items."""
    if not edits.kept:
        return []
    packages = {n.header.name.valueText: n for n in members if n.kind == K.PackageDeclaration}
    mentioned = [p for item in edits.kept for p in references(unit, item.node).packages]
    wanted = _package_closure(unit, packages, mentioned)
    first = next((n for n in members if comes_after_items(unit, n, edits)), None)
    if first is None:
        return []
    border = unit.span(first)[0]
    return [n for name, n in packages.items() if name in wanted and unit.span(n)[0] > border]


def cycles(unit: ParsedUnit, edits: Edits) -> list[Diagnostic]:
    """Packages that need an item which needs the package."""
    packages = {d.header.name.valueText: d for d in unit.tree.root.members if d.kind == K.PackageDeclaration}
    out = []
    for item in edits.kept:
        for name, tokens in references(unit, item.node).packages.items():
            wanted = _package_closure(unit, packages, [name])
            if any(comes_after_items(unit, packages[p], edits) for p in wanted):
                out.append(diagnose("item-cycle", unit.stream.position(tokens[0]), name=name))
    return out
