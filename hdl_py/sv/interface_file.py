"""The interface file: what other units may know of a unit.

Packages and SystemVerilog interfaces stand in full; modules, programs and
primitives as stubs with their parameters and ports.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyslang.syntax import SyntaxKind

from hdl_py.sv.definitions import Found, header_end
from hdl_py.sv.isolate import NEUTRAL, timescale_text
from hdl_py.sv.syntax import ParsedUnit

_NEEDED_BY_PORTS = {
    SyntaxKind.PortDeclaration,
    SyntaxKind.ParameterDeclarationStatement,
    SyntaxKind.TypedefDeclaration,
    SyntaxKind.PackageImportDeclaration,
    SyntaxKind.FunctionDeclaration,
}


def interface_text(unit: ParsedUnit, found: Iterable[Found], timescales: dict[str, str]) -> bytes:
    """The bytes of `unit.svi`.

    Args:
        unit: the parsed unit.
        found: the definitions that other units may use, in text order.
        timescales: `unit/precision` of each definition that has one.
    """
    tokens = unit.stream.tokens
    out: list[bytes] = [NEUTRAL]
    for definition in found:
        node: Any = definition.node
        start, end = unit.span(node)
        if definition.kind in ("checker", "config"):
            continue
        if definition.kind == "primitive":
            out += [t for t in tokens[start:end] if not t.startswith(b"`")]
            continue
        body = header_end(unit, node)
        out += [t for t in tokens[start:body] if not t.startswith(b"`")]
        scale = timescales.get(definition.name)
        if scale:
            out += timescale_text(*scale.split("/"))
        if definition.kind in ("package", "interface"):
            own_times: set[int] = set()
            for member in node.members:
                if member.kind == SyntaxKind.TimeUnitsDeclaration:
                    own_times.update(range(*unit.span(member)))
            out += [
                tokens[i]
                for i in range(body, end)
                if i not in own_times and not tokens[i].startswith((b"`", b"/*"))
            ]
            continue
        ansi = node.header.ports is None or node.header.ports.kind == SyntaxKind.AnsiPortList
        for member in node.members:
            if member.kind in _NEEDED_BY_PORTS and not ansi:
                out += tokens[slice(*unit.span(member))]
        out.append(tokens[unit.index(node.endmodule.location.offset)])
    out.append(NEUTRAL)
    return b"\n".join(out) + b"\n"
