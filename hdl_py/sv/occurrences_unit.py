"""What one core defines for the design and for its compilation unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pyslang.parsing import Token
from pyslang.syntax import SyntaxKind as K

from hdl_py.mangle.model import CoreId, Declarations, Definition, Kind, Refusal
from hdl_py.sv.occurrences_branches import choose, follow, needs_at, parse
from hdl_py.sv.occurrences_macros import macro_definitions
from hdl_py.sv.occurrences_parse import Choice, Parsed, SourceFile, UnitFiles, normal_path
from hdl_py.text.position import Position

Node = Any

_MAX_PARSES = 24
_KEYWORDS = (
    b"module", b"macromodule", b"interface", b"program", b"package",
    b"primitive", b"checker", b"class", b"typedef", b"config",
)  # fmt: skip


def declared_in(unit: UnitFiles, baseline: Parsed) -> Declarations:
    """The definitions of a unit's own files, those in inactive branches too.

    Refusals say why the unit doesn't parse, or which includes it lacks.
    """
    core = unit.core
    unreadable = tuple(
        Refusal.at(
            "encoding",
            core.id,
            Position(file.path),
            "",
            "the file has zero bytes, as UTF-16 has; expected ASCII, Latin-1 or UTF-8; convert the file",
        )
        for file in core.files
        if b"\0" in file.data
    )
    if unreadable:
        return Declarations((), unreadable)
    if baseline.errors:
        return Declarations((), syntax_refusals(core.id, baseline.errors), deferrable=True)
    found: dict[tuple[Kind, str], Definition] = {}
    _collect(unit, baseline, found)
    for choice, extra in _hidden(unit):
        parsed, _ = parse(unit, choice, extra)
        if not parsed.errors:
            _collect(unit, parsed, found)
    for kind, name in list(found):
        # A forward declaration of a class is no second definition.
        if kind is Kind.TYPEDEF and (Kind.CLASS, name) in found:
            del found[kind, name]
    return Declarations((*sorted(found.values()), *macro_definitions(unit)))


def syntax_refusals(core: CoreId, errors: Iterable[tuple[str, Position | None, str]]) -> tuple[Refusal, ...]:
    """Why a core can't be read; an include that is missing with the way to mend it."""
    found = []
    for name, position, message in errors:
        if name == "CouldNotOpenIncludeFile":
            fix = 'list the file in "headers" and its folder in "include_dirs", or depend on the core that lists it'
            found.append(Refusal.at("missing-include", core, position, "", f"{message}; {fix}"))
        else:
            text = f"slang can't parse the core: {message} ({name})"
            found.append(Refusal.at("syntax", core, position, "", text))
    return tuple(found)


def _hidden(unit: UnitFiles) -> Iterator[tuple[Choice, tuple[str, ...]]]:
    """Choices that make branches active in which a definition may stand, and headers to read alone."""
    tried: set[tuple[object, ...]] = set()
    read = follow(unit, Choice()).files
    for header in unit.core.headers:
        if (path := normal_path(header.path)) not in read:
            yield Choice(), (path,)
    for path, file in unit.files.items():
        if unit.owners[path] is not unit.core:
            continue
        for offset in _keyword_offsets(file):
            needs = needs_at(file, path, offset)
            key = tuple(sorted(needs.items()))
            if needs and key not in tried and len(tried) < _MAX_PARSES:
                tried.add(key)
                yield choose(needs, unit), ()


def _keyword_offsets(file: SourceFile) -> Iterator[int]:
    """Where a keyword that may begin a definition stands inside a conditional."""
    for group in file.scan.groups:
        if group.macro >= 0:
            continue
        span = group.span
        for word in _KEYWORDS:
            at = file.clean.find(word, span.start, span.end)
            while at >= 0:
                before, after = file.clean[at - 1 : at], file.clean[at + len(word) : at + len(word) + 1]
                zone = file.scan.zone_at(at)
                if zone is None and not _is_word(before) and not _is_word(after):
                    yield at
                at = file.clean.find(word, at + 1, span.end)


def _is_word(char: bytes) -> bool:
    return char.isalnum() or char in (b"_", b"$")


def _collect(unit: UnitFiles, parsed: Parsed, found: dict[tuple[Kind, str], Definition]) -> None:
    """Definitions at the top of one parse, by the core whose file they are in."""
    for kind, token in _declared(parsed.tree.root):
        if token is None or token.isMissing or not token.valueText:
            continue
        path, offset = parsed.place(token.location)
        if path is None or unit.owners[path] is not unit.core:
            continue
        file = unit.files[path]
        position = file.text.position(min(offset, len(file.text.data)))
        name = token.valueText
        found.setdefault(
            (kind, name),
            Definition(unit.core.id, kind, name, unit.core.language, unit.core.library, position),
        )


_ELEMENTS = {
    K.ModuleDeclaration: Kind.MODULE,
    K.InterfaceDeclaration: Kind.INTERFACE,
    K.ProgramDeclaration: Kind.PROGRAM,
    K.PackageDeclaration: Kind.PACKAGE,
}
_NAMED = {
    K.UdpDeclaration: Kind.PRIMITIVE,
    K.ConfigDeclaration: Kind.CONFIG,
    K.CheckerDeclaration: Kind.CHECKER,
    K.ClassDeclaration: Kind.CLASS,
    K.TypedefDeclaration: Kind.TYPEDEF,
    K.ForwardTypedefDeclaration: Kind.TYPEDEF,
}


def _declared(root: Node) -> Iterator[tuple[Kind, Any]]:
    """Definitions and items at the top of a parse; what is a DPI import is C's to name."""
    for member in root.members:
        kind = member.kind
        if kind == K.AnonymousProgram:
            yield from _declared(member)
        elif kind in _ELEMENTS:
            yield _ELEMENTS[kind], member.header.name
        elif kind in _NAMED:
            yield _NAMED[kind], member.name
            if kind == K.TypedefDeclaration:
                yield from _enumerators(member.type)
        elif kind in (K.FunctionDeclaration, K.TaskDeclaration):
            if member.prototype.name.kind == K.IdentifierName:
                yield Kind.UNIT_ITEM, member.prototype.name.identifier
        elif kind in _ITEMS:
            yield Kind.UNIT_ITEM, getattr(member, _ITEMS[kind])
        elif kind in (K.DataDeclaration, K.NetDeclaration, K.ParameterDeclarationStatement):
            holder = member.parameter if kind == K.ParameterDeclarationStatement else member
            if holder.kind == K.TypeParameterDeclaration:
                for assignment in holder.declarators:
                    if type(assignment) is not Token:
                        yield Kind.UNIT_ITEM, assignment.name
                continue
            yield from _enumerators(holder.type)
            for declarator in holder.declarators:
                if type(declarator) is not Token:
                    yield Kind.UNIT_ITEM, declarator.name


_ITEMS = {
    K.LetDeclaration: "identifier",
    K.PropertyDeclaration: "name",
    K.SequenceDeclaration: "name",
    K.CovergroupDeclaration: "name",
    K.NetTypeDeclaration: "name",
}


def _enumerators(data_type: Node) -> Iterator[tuple[Kind, Any]]:
    if data_type.kind == K.EnumType:
        for member in data_type.members:
            # `N[3]` declares N0, N1 and N2, which stand nowhere in the text.
            if type(member) is not Token and not len(member.dimensions):
                yield Kind.UNIT_ITEM, member.name
