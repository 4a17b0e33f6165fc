"""One compilation unit from preprocessed text to isolated text, interface file and description."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.sv import stream_checks, unit_checks
from hdl_py.sv.checks import by_slang_name, diagnose, from_slang
from hdl_py.sv.definitions import DEFINITION_KINDS, definitions, ports, references
from hdl_py.sv.dependencies import Known, missing_dependencies, unused_dependencies
from hdl_py.sv.describe import describe, describe_generated, exported, package_name
from hdl_py.sv.interface_file import interface_text
from hdl_py.sv.isolate import isolated_lines, line_map, plan, to_text
from hdl_py.sv.linemap import LineMap, Run
from hdl_py.sv.model import Definition, Unit
from hdl_py.sv.names import KnownNames
from hdl_py.sv.semantics import Program, elaborate, imported, load, semantic_errors
from hdl_py.sv.survey import References, type_names
from hdl_py.sv.syntax import ParsedUnit, syntax_errors
from hdl_py.sv.text_checks import text_problems
from hdl_py.sv.timing import scales, unit_scale
from hdl_py.sv.tokens import TokenStream
from hdl_py.sv.unit_items import unit_items
from hdl_py.sv.waivers import Waivers
from hdl_py.text.position import Position
from hdl_py.text.source import SourceText


@dataclass(frozen=True)
class Request:
    """What a target says of its unit.

    Attributes:
        label: the target's label.
        kind: `library` or `package`.
        standard: a member of `hdl_py.sv.model.STANDARDS`.
        srcs: the unit's files in order.
        hdrs: headers that it may include, its own and those that direct dependencies export.
        deps: direct dependencies, and what they re-export, by label.
        interfaces: interface files of these and of indirect dependencies by path, dependencies before their users.
        interface_labels: the label of an interface file's target by path, where it is known.
        header_owners: the label of the dependency that a header came from.
        waived: checks that the target waives.
        exports: modules that other units may use; empty for those that the unit doesn't instantiate.
        places: for labels of dependencies, the places of their names, for better messages.
        report_unused: whether an unused direct dependency is an error.
        defined: names of the macros that the target defines.
    """

    label: str
    kind: str
    standard: str
    srcs: tuple[str, ...]
    hdrs: tuple[str, ...] = ()
    deps: Mapping[str, Unit] = field(default_factory=dict)
    interfaces: Mapping[str, bytes] = field(default_factory=dict)
    interface_labels: Mapping[str, str] = field(default_factory=dict)
    header_owners: Mapping[str, str] = field(default_factory=dict)
    waived: tuple[str, ...] = ()
    exports: tuple[str, ...] = ()
    places: Mapping[str, Mapping[str, Position]] = field(default_factory=dict)
    report_unused: bool = False
    defined: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What a unit becomes.

    Attributes:
        unit: its description.
        isolated: the isolated text.
        interface: the interface file.
        line_map: from lines of `isolated` to the user's places.
    """

    unit: Unit
    isolated: bytes
    interface: bytes
    line_map: LineMap


def check_sources(sources: Collection[SourceText]) -> None:
    """Refuses files that no tool would read as they are meant; to be called before preprocessing.

    Raises:
        HdlError: such bytes.
    """
    _stop(text_problems(sources), Waivers(()))


def compile_unit(request: Request, streams: Sequence[TokenStream], sources: Mapping[str, SourceText]) -> Result:
    """Checks and isolates a unit.

    Args:
        request: the target.
        streams: the tokens of the unit, or of each file where each is a unit of its own.
        sources: the files read, by path.

    Raises:
        HdlError: every rule that the unit breaks.
    """
    waivers = Waivers(request.waived, request.label)
    declared = (*request.srcs, *request.hdrs)
    problems: list[Diagnostic] = []
    for stream in streams:
        problems += stream_checks.undeclared_includes(stream, declared)
        problems += stream_checks.undefined_macros(stream, request.deps, request.places)
        problems += stream_checks.timing_macro(stream, sources, request.defined, request.label)
        problems += stream_checks.unbalanced_keywords(stream)
    _stop(problems, waivers)

    program = load(streams, request.interfaces)
    for unit in program.units:
        problems += unit_checks.misplaced(unit, request.standard)
        misplaced = {d.position for d in problems}
        problems += [
            d
            for d in syntax_errors(unit)
            if d.position not in misplaced and not (request.standard == "3.1a" and d.code in _PLACES)
        ]
    _stop(problems, waivers)

    parts = [_Part(unit) for unit in program.units]
    indirect = [
        (request.interface_labels.get(path, ""), tree)
        for path, tree in zip(request.interfaces, program.trees[len(program.units) :], strict=True)
    ]
    known = Known(request.label, request.deps, indirect)
    elaborate(program)
    used = _check_names(request, program, parts, known, problems)
    if not any(d.code in _LEAVING_HOLES and d.code not in request.waived for d in problems):
        # Names out of a package that isn't there would be reported one by one.
        _check_elaborated(request, program, problems)
    if request.report_unused:
        used |= {
            request.header_owners[entry.path]
            for stream in streams
            for entry in stream.entries
            if entry.path in request.header_owners
        }
        problems += unused_dependencies(request.label, request.deps, used)
    _stop(problems, waivers)
    result = _write(request, program, parts, known, sources, waivers)
    unused = waivers.unused()
    if unused:
        raise HdlError([diagnose("unused-waiver", None, label=request.label, name=name) for name in unused], EXIT_USAGE)
    return result


# slang knows the lists of IEEE 1800 alone; the own check knows those of 3.1a as well.
_PLACES = ("not-allowed-in-unit", "not-allowed-in-package")
_LEAVING_HOLES = ("unknown-definition", "undeclared-dependency", "item-of-another-unit")


class _Part:
    """One compilation unit of the target: the target's, or a file's."""

    def __init__(self, unit: ParsedUnit) -> None:
        self.unit = unit
        self.found = definitions(unit)
        self.items = unit_items(unit)
        self.mentions: dict[str, References] = {d.name: references(unit, d.node) for d in self.found}
        self.others = [references(unit, node) for node in unit.tree.root.members if node.kind not in DEFINITION_KINDS]

    @property
    def all_mentions(self) -> list[References]:
        """What every member of the unit refers to."""
        return [*self.mentions.values(), *self.others]


def _stop(problems: list[Diagnostic], waivers: Waivers) -> None:
    left = waivers.apply(problems)
    if left:
        raise HdlError(sorted(set(left), key=_order))
    problems.clear()


def _order(diagnostic: Diagnostic) -> tuple[Any, ...]:
    position = diagnostic.position or Position("")
    return (position, diagnostic.code, diagnostic.message)


def _check_names(
    request: Request, program: Program, parts: Sequence[_Part], known: Known, problems: list[Diagnostic]
) -> set[str]:
    """Names of the definitions name space: used twice, met by nobody, too early. Returns the labels used."""
    units = [part.unit for part in parts]
    found = [part.found for part in parts]
    problems += unit_checks.duplicates(units, found, known, request.places)
    if request.kind == "package":
        problems += unit_checks.not_packages(units, found)
    own = {d.name: d for part in parts for d in part.found}
    for name in request.exports:
        if name not in own:
            names = ", ".join(sorted(own)) or "none"
            problems.append(diagnose("unknown-export", None, label=request.label, name=name, names=names))
    types = set().union(*(part.unit.survey.type_names for part in parts))
    types = types.union(*(type_names(tree.root) for tree in program.trees[len(parts) :]))
    used: set[str] = set()
    for part in parts:
        missing, labels = missing_dependencies(
            part.unit,
            part.all_mentions,
            own,
            part.unit.survey.nested,
            types,
            known,
            lambda name: _foreign_item(name, request),
        )
        problems += missing
        used |= labels
        local = {d.name: d for d in part.found}
        problems += unit_checks.packages_used_early(part.unit, local, part.all_mentions)
        if request.standard != "3.1a":
            modules = {*own, *known.names("module", "interface", "program")}
            problems += unit_checks.packages_reaching_out(part.unit, modules)
        problems += unit_checks.unit_times(part.unit)
        problems += _unit_references(part, program, request)
    return used


def _check_elaborated(request: Request, program: Program, problems: list[Diagnostic]) -> None:
    """What slang finds once names are bound."""
    table_of = by_slang_name()
    places = {(d.position.file, d.position.line) for d in problems if d.position}
    for unit, location, name, text in semantic_errors(program):
        check = table_of.get(name)
        if check is not None and request.standard == "3.1a" and check.name in _ALLOWED_31A:
            continue
        position = unit.position(location)
        if (position.file, position.line) in places:
            continue
        quoted = _QUOTED.search(text)
        undeclared = name in ("undeclared-identifier", "typo-identifier")
        foreign = _foreign_item(quoted[1], request) if undeclared and quoted else None
        if foreign:
            problems.append(diagnose("item-of-another-unit", position, **foreign))
        elif check is not None:
            problems.append(from_slang(check, position, text))
        else:
            problems.append(diagnose("slang", position, text=text))
            problems[-1] = replace(problems[-1], code=name)


def _unit_references(part: _Part, program: Program, request: Request) -> list[Diagnostic]:
    """`$unit::name` where the unit has no such name; slang's lint mode lets it pass."""
    out = []
    tokens = part.unit.stream.tokens
    own = {name for item in part.items for name in item.names}
    imports = [p for references in part.others for p in references.packages]
    for number, token in enumerate(tokens[:-2]):
        if token != b"$unit" or tokens[number + 1] != b"::":
            continue
        name = tokens[number + 2].decode("utf-8", "replace").removeprefix("\\")
        if name in own or any(imported(program, package, name) for package in imports):
            continue
        position = part.unit.stream.position(number)
        foreign = _foreign_item(name, request)
        if foreign:
            out.append(diagnose("item-of-another-unit", position, **foreign))
        else:
            out.append(diagnose("unknown-unit-item", position, name=name))
    return out


_ALLOWED_31A = {"package-refers-unit", "package-refers-hierarchy", "package-net-value"}
_QUOTED = re.compile(r"'([^']+)'")


def _foreign_item(name: str, request: Request) -> dict[str, str] | None:
    """The dependency that declares an undeclared identifier in its own compilation unit."""
    for unit in request.deps.values():
        if name in unit.unit_items:
            place = request.places.get(unit.label, {}).get(name) or unit.unit_items[name]
            return {"name": name, "place": str(place), "owner": unit.label}
    return None


def _write(
    request: Request,
    program: Program,
    parts: Sequence[_Part],
    known: Known,
    sources: Mapping[str, SourceText],
    waivers: Waivers,
) -> Result:
    """The outputs of a unit that broke no rule so far."""
    names = _known_names(program, parts, known)
    instantiated = {n for part in parts for m in part.all_mentions for n in m.instances}
    packages, interfaces = (
        {d.name for part in parts for d in part.found if d.kind == kind} | set(known.names(kind))
        for kind in ("package", "interface")
    )
    isolated, interface = bytearray(), bytearray()
    runs: list[Run] = []
    described: list[Definition] = []
    problems: list[Diagnostic] = []
    for number, part in enumerate(parts):
        unit = part.unit
        shared = [d for d in part.found if exported(d, request.exports, instantiated)]
        package = package_name(request.label, number, shared or part.found)
        part_scales = scales(unit, part.found)
        edits, unclear = plan(unit, part.found, part.items, package, part_scales, names, request.standard)
        problems += unclear
        if unclear:
            continue
        lines = isolated_lines(unit, part.items, edits, unit_scale(unit))
        runs += line_map(unit, lines, isolated.count(b"\n") + 1).runs
        isolated += to_text(lines)
        text, with_items = interface_text(unit, shared, part.items, package, edits, unit_scale(unit), names)
        interface += text
        if edits.kept:
            described.append(
                describe_generated(unit, package, edits.kept, part.others, with_items, unit_scale(unit), packages)
            )
        described += [
            describe(
                unit,
                d,
                part.mentions[d.name],
                d in shared,
                part_scales,
                packages,
                interfaces,
                package if edits.mentions_package(*unit.span(d.node)) else "",
            )
            for d in part.found
        ]
    _stop(problems, waivers)
    unit_items_of = {
        name: part.unit.stream.file(token)
        for part in parts
        for item in part.items
        for name, token in item.names.items()
    }
    result = Unit(
        label=request.label,
        kind=request.kind,
        standard=request.standard,
        definitions=tuple(described),
        deps=tuple(sorted(request.deps)),
        unit_items=dict(sorted(unit_items_of.items())),
        unit_timescale=next((str(unit_scale(p.unit)) for p in parts if unit_scale(p.unit)), ""),
        macros=stream_checks.macros(request.srcs, sources),
        waived=tuple(sorted(request.waived)),
        digest=hashlib.sha256(interface).hexdigest(),
    )
    places = _places(request, parts, sources)
    return Result(result, bytes(isolated), bytes(interface), LineMap(tuple(runs), places))


def _known_names(program: Program, parts: Sequence[_Part], known: Known) -> KnownNames:
    """What the names of other definitions mean to this target."""
    port_names = {
        name: [p.name for p in owner.definition.ports]
        for name, owner in known.owners.items()
        if owner.definition is not None
    }
    for part in parts:
        port_names |= {d.name: [p.name for p in ports(part.unit, d.node)] for d in part.found}
    modules = {d.name for part in parts for d in part.found if d.kind in ("module", "program")}
    tops = modules | set(known.names("module", "program"))
    return KnownNames(program.compilation, program.trees, port_names, tops)


def _places(
    request: Request, parts: Sequence[_Part], sources: Mapping[str, SourceText]
) -> dict[tuple[str, str], Position]:
    """The user's places of everything that another unit might ask for."""
    out: dict[tuple[str, str], Position] = {}
    for part in parts:
        position = part.unit.stream.position
        out |= {(d.kind, d.name): position(d.name_token) for d in part.found}
        out |= {("item", n): position(t) for item in part.items for n, t in item.names.items()}
    for name, place in stream_checks.macro_places(request.srcs, sources).items():
        out["macro", name] = place
    return out
