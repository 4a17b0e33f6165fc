"""Checks on the preprocessor's output: includes, macros, directives."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from hdl_py.errors import Diagnostic
from hdl_py.sv.checks import diagnose
from hdl_py.sv.model import Unit
from hdl_py.sv.tokens import LEGACY_DIRECTIVES, TokenStream
from hdl_py.text.position import Position
from hdl_py.text.source import SourceText

KNOWN_DIRECTIVES = frozenset(
    re.findall(
        r"\w+",
        """
    begin_keywords celldefine default_decay_time default_nettype default_trireg_strength
    delay_mode_distributed delay_mode_path delay_mode_unit delay_mode_zero disable_portfaults
    enable_portfaults end_keywords endcelldefine nosuppress_faults nounconnected_drive pragma resetall
    suppress_faults systemc_class_name systemc_clock systemc_ctor systemc_dtor systemc_header
    systemc_header_post systemc_imp_header systemc_implementation systemc_interface timescale
    unconnected_drive uselib verilog
        """
        + " ".join(LEGACY_DIRECTIVES),
    )
)
"""Directives that may remain after preprocessing; any other name behind a backquote is an undefined macro."""

_TIMING = re.compile(rb"`(?:(?:ifdef|ifndef|elsif)[ \t]+)?(VERILATOR_TIMING)\b")
_INCLUDE = re.compile(rb'`include\s+["<]([^">]+)[">]')
_DEFINE = re.compile(rb"^[ \t]*`define[ \t]+([A-Za-z_]\w*)", re.MULTILINE)


def undeclared_includes(stream: TokenStream, declared: Iterable[str]) -> list[Diagnostic]:
    """Includes that reached a file which the target doesn't list, or another one than stands beside the includer."""
    known = set(declared)
    out = []
    for entry in stream.entries:
        position = Position(entry.includer, entry.line, 1)
        if entry.path not in known:
            out.append(diagnose("undeclared-include", position, path=entry.path))
            continue
        text = stream.line_text(entry.includer, entry.line) or b""
        match = _INCLUDE.search(text)
        if match:
            name = match[1].decode("utf-8", "surrogateescape")
            beside = posixpath.normpath(posixpath.join(posixpath.dirname(entry.includer), name))
            if beside in known and beside != posixpath.normpath(entry.path):
                out.append(diagnose("ambiguous-include", position, path=entry.path, other=beside, name=name))
    return out


def undefined_macros(
    stream: TokenStream, deps: Mapping[str, Unit], places: Mapping[str, Mapping[str, Position]]
) -> list[Diagnostic]:
    """Macros used where none of that name is defined (IEEE 1800-2023 22.5.1).

    Args:
        stream: the unit.
        deps: the dependencies by label, to tell where the macro is defined.
        places: for a label the places of its macros, where they are known.
    """
    out = []
    for number, token in stream.directives:
        words = token[1:].split(None, 1)
        name = words[0].decode("utf-8", "replace") if words else ""
        if name in KNOWN_DIRECTIVES:
            continue
        position = stream.position(number)
        owner = next((dep for dep in deps.values() if name in dep.macros), None)
        if owner is None:
            out.append(diagnose("undefined-macro", position, name=name))
        else:
            where = places.get(owner.label, {}).get(name) or owner.macros[name]
            out.append(diagnose("macro-of-another-unit", position, name=name, place=str(where), owner=owner.label))
    return out


def timing_macro(
    stream: TokenStream, sources: Mapping[str, SourceText], defined: Collection[str], label: str
) -> list[Diagnostic]:
    """Questions for the one predefined macro that depends on options of the simulator.

    Args:
        stream: the unit.
        sources: the files by path.
        defined: names of macros that the target defines.
        label: the target.
    """
    files = sorted({file for _first, file in stream.runs} & sources.keys())
    if "VERILATOR_TIMING" in defined or "VERILATOR_TIMING" in macros(files, sources):
        return []
    found = [(sources[file], match.start()) for file in files for match in _TIMING.finditer(sources[file].data)]
    return [diagnose("timing-macro", source.position(offset), label=label) for source, offset in found]


def unbalanced_keywords(stream: TokenStream) -> list[Diagnostic]:
    """`begin_keywords without `end_keywords in one unit, or the other way round (IEEE 1800-2023 22.14)."""
    out, begun = [], []
    for number, token in stream.directives:
        if token.startswith(b"`begin_keywords"):
            begun.append(number)
        elif token == b"`end_keywords":
            if begun:
                begun.pop()
            else:
                out.append(diagnose("unbalanced-keywords", stream.position(number), found="`end_keywords"))
    out += [diagnose("unbalanced-keywords", stream.position(n), found="`begin_keywords") for n in begun]
    return out


def macros(srcs: Sequence[str], sources: Mapping[str, SourceText]) -> dict[str, str]:
    """Macros that the sources define, each with the first file that does."""
    out: dict[str, str] = {}
    for path in srcs:
        for name in _DEFINE.findall(sources[path].data):
            out.setdefault(name.decode(), path)
    return dict(sorted(out.items()))


def macro_places(srcs: Sequence[str], sources: Mapping[str, SourceText]) -> dict[str, Position]:
    """The place of each macro's first definition in the sources."""
    out: dict[str, Position] = {}
    for path in srcs:
        for match in _DEFINE.finditer(sources[path].data):
            out.setdefault(match[1].decode(), sources[path].position(match.start(1)))
    return out
