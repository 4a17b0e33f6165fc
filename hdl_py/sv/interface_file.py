"""The interface file: what other units may know of a unit.

Packages, SystemVerilog interfaces, checkers, primitives and configurations
stand in full, but for what packages export to C; modules and programs as stubs with
their parameters and ports.
Of a module's body a stub has what its header needs and nothing else, so an edit
of a body leaves the file as it is, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from pyslang import syntax
from pyslang.parsing import Token
from pyslang.syntax import SyntaxKind as K

from hdl_py.sv.definitions import Found, header_end
from hdl_py.sv.edits import Edits
from hdl_py.sv.isolate import NEUTRAL
from hdl_py.sv.names import KnownNames
from hdl_py.sv.syntax import ParsedUnit
from hdl_py.sv.timing import Scale
from hdl_py.sv.unit_items import UnitItem, declared_names
from hdl_py.sv.unit_package import needed_items, package_lines

_NET_TYPES = (b"`default_nettype wire", b"`default_nettype none")


def interface_text(
    unit: ParsedUnit,
    exported: Sequence[Found],
    items: Sequence[UnitItem],
    package: str,
    edits: Edits,
    unit_scale: Scale,
    known: KnownNames,
) -> tuple[bytes, bool]:
    """The bytes of `unit.svi` and whether they hold the package of the unit's items.

    Args:
        unit: the parsed unit.
        exported: the definitions that other units may use, in text order.
        items: the unit's items.
        package: the name of the package that takes them.
        edits: what isolation does to the unit.
        unit_scale: the compilation unit's own scale.
        known: names of other units.
    """
    packages: list[bytes] = []
    others: list[bytes] = []
    for definition in exported:
        if definition.kind == "package":
            packages += _full(unit, definition, _without_exports(unit, definition, edits))
        elif definition.kind in ("module", "program"):
            others += _stub(unit, definition, edits)
        else:
            others += _full(unit, definition, edits)
    mark = package.encode() + b"::"
    roots = [_names_behind(mark, line) for line in (*packages, *others) if mark in line]
    if any(mark + b"*" == line for line in (*packages, *others)):
        roots.append(name for names in edits.imports.values() for name, owner in names.items() if not owner)
    private: list[bytes] = []
    if roots:
        wanted = needed_items(unit, items, [n for names in roots for n in names], known, effects=False)
        own = Edits(package, edits.replace, edits.drop)
        private = [line.text for line in package_lines(unit, own, wanted, unit_scale)]
    early = any(mark in line for line in packages)
    parts = [*private, *packages, *others] if early else [*packages, *private, *others]
    body = b"".join(line + b"\n" for line in parts if not line.startswith((b"/*", b"`pragma")))
    return (NEUTRAL + b"\n" + body + NEUTRAL + b"\n" if body else b""), bool(roots)


def _names_behind(mark: bytes, line: bytes) -> Iterator[str]:
    for part in line.split(mark)[1:]:
        name = part.removeprefix(b"\\").split(b"(")[0].split(b")")[0].strip()
        yield name.decode("utf-8", "replace")


def _net_type(unit: ParsedUnit, start: int) -> bytes:
    """The `default_nettype in force at a token, if it is another than what ports of a stub get anyway."""
    found = b""
    for number, token in unit.stream.directives:
        if number >= start:
            break
        if token == NEUTRAL:
            found = b""
        elif token.startswith(b"`default_nettype"):
            found = b"" if token in _NET_TYPES else token
    return found


def _framed(unit: ParsedUnit, start: int, lines: list[bytes]) -> list[bytes]:
    net_type = _net_type(unit, start)
    if not net_type:
        return lines
    return [net_type, *lines, _NET_TYPES[0]]


def _full(unit: ParsedUnit, definition: Found, edits: Edits) -> list[bytes]:
    start, end = unit.span(definition.node)
    lines = [line.text for line in edits.tokens(unit, start, end) if line.text[:1] != b"`"]
    return _framed(unit, start, lines)


def _without_exports(unit: ParsedUnit, package: Found, edits: Edits) -> Edits:
    """The edits, and a package's `export "DPI-C"` left out: a C function is defined once, by the unit's own model."""
    exports = [unit.span(member) for member in package.node.members if member.kind == K.DPIExport]
    return replace(edits, drop=edits.drop.union(*(range(*span) for span in exports)))


def _stub(unit: ParsedUnit, definition: Found, edits: Edits) -> list[bytes]:
    node = definition.node
    start, _end = unit.span(node)
    header = header_end(unit, node)
    bare = Edits(
        edits.package, edits.replace, edits.drop, imports={n: i for n, i in edits.imports.items() if n < header}
    )
    lines = [line.text for line in bare.tokens(unit, start, header)]
    lines += edits.before.get(header, ())
    body = _needed_body(unit, node, bare)
    imported = edits.imports.get(header, {})
    needed = {name: owner for name, owner in imported.items() if name.encode() in body}
    if "" in needed.values():
        needed["*"] = imported["*"]
    lines += Edits(imports={header: needed}).import_lines(header)
    lines += body
    lines.append(unit.stream.tokens[unit.index(node.endmodule.location.offset)])
    return _framed(unit, start, [line for line in lines if line[:1] != b"`"])


def _needed_body(unit: ParsedUnit, node: Any, edits: Edits) -> list[bytes]:
    """Declarations of a body that the header needs, in text order, each with the names that are needed of it."""
    declaring: dict[str, list[int]] = {}
    members = list(node.members)
    todo: list[int] = []
    wanted: dict[int, set[str]] = {}
    ansi = node.header.ports is None or node.header.ports.kind != K.NonAnsiPortList
    for number, member in enumerate(members):
        if ansi and type(member) not in _CONSTANT and not _declares_literals(member):
            continue
        for name in declared_names(unit, member):
            declaring.setdefault(name, []).append(number)
        if member.kind == K.PortDeclaration:
            for declarator in member.declarators:
                if not isinstance(declarator, Token):
                    declaring.setdefault(declarator.name.valueText, []).append(number)
            todo.append(number)
        elif (
            member.kind == K.ParameterDeclarationStatement
            and node.header.parameters is None
            and member.parameter.keyword.valueText == "parameter"
        ):
            todo.append(number)
    whole = set(todo)

    def follow(names: Iterable[str]) -> None:
        for name in names:
            for number in declaring.get(name, ()):
                if number not in whole and name not in wanted.setdefault(number, set()):
                    wanted[number].add(name)
                    follow(_needs(unit, members[number], name))

    start, _ = unit.span(node)
    follow(_words(unit, start, header_end(unit, node)))
    for number in todo:
        follow(_words(unit, *unit.span(members[number])))
    if not whole and not wanted:
        return []
    out: list[bytes] = []
    for number, member in enumerate(members):
        if number in whole or member.kind == K.PackageImportDeclaration:
            out += [line.text for line in edits.tokens(unit, *unit.span(member))]
        elif number in wanted:
            out += _only(unit, member, wanted[number], edits)
    return out


# What constants in a header can need. Ports declared in the header itself need no signal of the body.
_CONSTANT = {
    syntax.ParameterDeclarationStatementSyntax,
    syntax.TypedefDeclarationSyntax,
    syntax.ForwardTypedefDeclarationSyntax,
    syntax.FunctionDeclarationSyntax,
    syntax.LetDeclarationSyntax,
    syntax.ClassDeclarationSyntax,
    syntax.DPIImportSyntax,
    syntax.NetTypeDeclarationSyntax,
}


def _declares_literals(member: Any) -> bool:
    """Whether a declaration of variables declares enumeration literals as well."""
    return type(member) is syntax.DataDeclarationSyntax and member.type.kind == K.EnumType


def _needs(unit: ParsedUnit, member: Any, name: str) -> set[str]:
    """The words that a declaration needs for one of its names: of a signal, its type and its own dimensions."""
    start, end = unit.span(member)
    if member.kind in _PARTIAL:
        declarators = [d for d in member.declarators if not isinstance(d, Token)]
        own = next((d for d in declarators if d.name.valueText == name), None)
        if own is not None:
            words = _words(unit, start, unit.span(declarators[0])[0])
            return words.union(*(_words(unit, *unit.span(d)) for d in own.dimensions))
    return _words(unit, start, end)


def _words(unit: ParsedUnit, start: int, end: int) -> set[str]:
    return {t.decode("utf-8", "replace").removeprefix("\\") for t in unit.stream.tokens[start:end]}


_PARTIAL = {K.DataDeclaration, K.NetDeclaration}


def _only(unit: ParsedUnit, member: Any, names: set[str], edits: Edits) -> list[bytes]:
    """A declaration with the wanted names alone; of a signal without its initial value."""
    start, end = unit.span(member)
    if member.kind not in _PARTIAL or not names & {
        d.name.valueText for d in member.declarators if not isinstance(d, Token)
    }:
        return [line.text for line in edits.tokens(unit, start, end)]
    declarators = [d for d in member.declarators if not isinstance(d, Token)]
    out = [line.text for line in edits.tokens(unit, start, unit.span(declarators[0])[0])]
    first = True
    for declarator in declarators:
        if declarator.name.valueText not in names:
            continue
        if not first:
            out.append(b",")
        first = False
        begin, stop = unit.span(declarator)
        if declarator.initializer is not None:
            stop = unit.span(declarator.initializer)[0]
        out += [line.text for line in edits.tokens(unit, begin, stop)]
    out.append(b";")
    return out
