"""One compilation unit from preprocessed text to isolated text, interface file and description."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pyslang.ast import Compilation

from hdl_py.errors import Diagnostic, HdlError
from hdl_py.sv.definitions import Found, definitions, parameters, ports, references
from hdl_py.sv.interface_file import interface_text
from hdl_py.sv.isolate import isolate, line_map, to_text
from hdl_py.sv.linemap import LineMap
from hdl_py.sv.model import Definition, Unit
from hdl_py.sv.syntax import ParsedUnit, parse, syntax_errors
from hdl_py.sv.tokens import TokenStream
from hdl_py.text.position import Position
from hdl_py.text.source import SourceText

KNOWN_DIRECTIVES = frozenset(
    "begin_keywords celldefine default_decay_time default_nettype default_trireg_strength "
    "delay_mode_distributed delay_mode_path delay_mode_unit delay_mode_zero disable_portfaults "
    "enable_portfaults end_keywords endcelldefine nosuppress_faults nounconnected_drive pragma resetall "
    "suppress_faults systemc_class_name systemc_clock systemc_ctor systemc_dtor systemc_header "
    "systemc_header_post systemc_imp_header systemc_implementation systemc_interface timescale "
    "unconnected_drive uselib verilog".split()
)
"""Directives that may remain after preprocessing; any other name behind a backquote is an undefined macro."""

_DEFINE = re.compile(rb"^[ \t]*`define[ \t]+([A-Za-z_]\w*)", re.MULTILINE)


@dataclass(frozen=True)
class Request:
    """What a target says of its unit.

    Attributes:
        label: the target's label.
        kind: `library` or `package`.
        standard: a member of `hdl_py.sv.model.STANDARDS`.
        srcs: the unit's files in order.
        hdrs: headers that it may include.
        deps: direct dependencies by label.
        waived: checks that the target waives.
    """

    label: str
    kind: str
    standard: str
    srcs: tuple[str, ...]
    hdrs: tuple[str, ...]
    deps: Mapping[str, Unit]
    waived: tuple[str, ...] = ()


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


def compile_unit(request: Request, streams: Sequence[TokenStream], sources: Mapping[str, SourceText]) -> Result:
    """Checks and isolates a unit.

    Args:
        request: the target.
        streams: the tokens of the unit, or of each file where each is a unit of its own.
        sources: the files read, by path.

    Raises:
        HdlError: every rule that the unit breaks.
    """
    problems: list[Diagnostic] = []
    for stream in streams:
        problems += undeclared_includes(stream, request)
        problems += undefined_macros(stream, request)
    if problems:
        raise HdlError(sorted(set(problems)))
    units = [parse(stream) for stream in streams]
    for unit in units:
        problems += syntax_errors(unit)
    if problems:
        raise HdlError(sorted(set(problems)))

    found = [definitions(unit) for unit in units]
    problems += duplicates(units, found)
    if problems:
        raise HdlError(sorted(set(problems)))

    isolated, interface = b"", b""
    described: list[Definition] = []
    maps: list[LineMap] = []
    names: dict[tuple[str, str], Position] = {}
    lines_before = 0
    instantiated = {
        name
        for unit, own in zip(units, found, strict=True)
        for definition in own
        for name in references(unit, definition.node).instances
    }
    for unit, own in zip(units, found, strict=True):
        scales = timescales(unit)
        lines = isolate(unit, own, scales)
        own_names = {(d.kind, d.name): unit.stream.position(d.name_token) for d in own}
        names |= own_names
        text = to_text(lines)
        shift = lines_before
        part = line_map(unit, lines, {})
        maps.append(LineMap(tuple(replace(r, start=r.start + shift) for r in part.runs), {}))
        lines_before += text.count(b"\n")
        isolated += text
        interface += interface_text(unit, own, scales)
        for definition in own:
            described.append(_describe(unit, definition, scales, instantiated))
    merged = LineMap(tuple(r for m in maps for r in m.runs), names)
    result = Unit(
        label=request.label,
        kind=request.kind,
        standard=request.standard,
        definitions=tuple(described),
        deps=tuple(sorted(request.deps)),
        macros=macros(request.srcs, sources),
        waived=tuple(sorted(request.waived)),
        digest=hashlib.sha256(interface).hexdigest(),
    )
    return Result(result, isolated, interface, merged)


def _describe(unit: ParsedUnit, found: Found, scales: Mapping[str, str], _instantiated: set[str]) -> Definition:
    mentioned = references(unit, found.node)
    return Definition(
        name=found.name,
        kind=found.kind,
        file=unit.stream.file(found.name_token),
        timescale=scales.get(found.name, ""),
        parameters=parameters(unit, found.node),
        ports=ports(unit, found.node),
        packages=tuple(sorted(mentioned.packages)),
        instances=tuple(sorted(mentioned.instances)),
    )


def timescales(unit: ParsedUnit) -> dict[str, str]:
    """`unit/precision` of each definition of the unit that has one (IEEE 1800-2023 3.14.2)."""
    compilation = Compilation()
    compilation.addSyntaxTree(unit.tree)
    out = {}
    for symbol in [*compilation.getDefinitions(), *compilation.getPackages()]:
        scale = symbol.timeScale
        if scale is not None and symbol.name != "std":
            out[symbol.name] = str(scale).replace(" ", "")
    return out


def undeclared_includes(stream: TokenStream, request: Request) -> list[Diagnostic]:
    """Includes that reached a file which the target doesn't list."""
    declared = {*request.srcs, *request.hdrs}
    return [
        Diagnostic(
            Position(entry.includer, entry.line, 1),
            "undeclared-include",
            f"{entry.path} is included but is no header of this unit or of its direct dependencies",
            f"list {entry.path} in `hdrs`, or add the library that exports it to `deps`",
            "IEEE 1800-2023 22.4",
        )
        for entry in stream.entries
        if entry.path not in declared
    ]


def undefined_macros(stream: TokenStream, request: Request) -> list[Diagnostic]:
    """Macros used where none of that name is defined (IEEE 1800-2023 22.5.1)."""
    out = []
    for number, token in enumerate(stream.tokens):
        if token[:1] != b"`":
            continue
        name = token[1:].split(None, 1)[0].decode("utf-8", "replace") if len(token) > 1 else ""
        if name in KNOWN_DIRECTIVES:
            continue
        owners = [(dep.label, dep.macros[name]) for dep in request.deps.values() if name in dep.macros]
        message = f"the macro `{name} is not defined in this compilation unit"
        fix = f"define it: `defines`, or a header listed in `hdrs` that defines {name}"
        if owners:
            label, file = owners[0]
            message += f"; it is defined in {file} of {label}, whose macros end with that unit"
            fix = (
                f"put the macro into a header and list it in `hdrs` of {label}, then include it here; "
                f"or put both units' files into one target"
            )
        out.append(Diagnostic(stream.position(number), "undefined-macro", message, fix, "IEEE 1800-2023 3.12.1, 22.5"))
    return out


def duplicates(units: Sequence[ParsedUnit], found: Sequence[Sequence[Found]]) -> list[Diagnostic]:
    """Names used for two definitions of one target (IEEE 1800-2023 3.13)."""
    out = []
    seen: dict[str, tuple[str, Position]] = {}
    for unit, own in zip(units, found, strict=True):
        for definition in own:
            position = unit.stream.position(definition.name_token)
            if definition.name in seen:
                kind, first = seen[definition.name]
                out.append(
                    Diagnostic(
                        position,
                        "duplicate-definition",
                        f"the {definition.kind} {definition.name} has the name of the {kind} at {first}; "
                        f"definitions of all kinds share one name space",
                        "rename one of them, or remove it",
                        "IEEE 1800-2023 3.13; 18.9 1",
                    )
                )
            else:
                seen[definition.name] = (definition.kind, position)
    return out


def macros(srcs: Sequence[str], sources: Mapping[str, SourceText]) -> dict[str, str]:
    """Macros that the sources define, each with the first file that does."""
    out: dict[str, str] = {}
    for path in srcs:
        for name in _DEFINE.findall(sources[path].data):
            out.setdefault(name.decode(), path)
    return dict(sorted(out.items()))
