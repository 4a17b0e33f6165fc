"""What is known of a compilation unit, and its JSON form.

The JSON is as stable as the unit's interface: it holds no line, column,
comment or hash of a body, so that readers need not run again for an edit in a
body. Places are in the unit's map.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.text.position import Position

FORMAT = 1
"""Version of the JSON form; a reader refuses any other."""

STANDARDS = ("1800-2023", "3.1a")
"""The texts whose rules a unit may ask for."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a module, interface or program, in declared order.

    Attributes:
        name: its name.
        kind: `value` or `type`.
        type: the declared type, empty where there is none.
        default: the default's text, empty where there is none.
    """

    name: str
    kind: str
    type: str
    default: str


@dataclass(frozen=True)
class Port:
    """A port in declared order.

    Attributes:
        name: the name that a connection uses; empty where only the order names it.
        direction: `input`, `output`, `inout`, `ref`; `interface` for an interface port; empty
            where the declaration doesn't say (a port expression of several signals).
        type: the declared type and net kind as tokens, or the interface and modport.
        dimensions: the unpacked dimensions as tokens.
    """

    name: str
    direction: str
    type: str
    dimensions: str


@dataclass(frozen=True)
class Definition:
    """A name in the definitions name space (IEEE 1800-2023 3.13).

    Attributes:
        name: the name, without the backslash of an escaped identifier.
        kind: `module`, `interface`, `program`, `package`, `primitive`, `checker` or `config`.
        file: the user's file.
        exported: whether other units may use it.
        timescale: `unit/precision` such as `1ns/1ps`, either side empty where the design's default holds.
        generated: made by the isolation, not written by the user.
        uses_time: it has no time unit of its own, and delays or calls whose meaning depends on one.
        parameters: those that an instance may override.
        ports: the ports.
        packages: packages that it refers to, sorted.
        instances: definitions that it instantiates or binds, sorted.
    """

    name: str
    kind: str
    file: str
    exported: bool = True
    timescale: str = ""
    generated: bool = False
    uses_time: bool = False
    parameters: tuple[Parameter, ...] = ()
    ports: tuple[Port, ...] = ()
    packages: tuple[str, ...] = ()
    instances: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unit:
    """One compilation unit, or one for each file where the target says so.

    Attributes:
        label: the Bazel label.
        kind: `library` or `package`.
        standard: one of `STANDARDS`.
        definitions: in text order.
        deps: labels of the direct dependencies, sorted.
        unit_items: names declared outside every definition, sorted, with the file of each.
        unit_timescale: the unit's own `timeunit`, as `unit/precision`; empty where it has none.
        macros: macros defined by the unit's sources, with the file of each.
        waived: checks that the target waived, sorted.
        digest: SHA-256 of the interface file, in hex.
        version: the unit's version; empty for none.
        renames: of its own definitions, the user's name to the mangled one; the other fields say the mangled ones.
    """

    label: str
    kind: str
    standard: str
    definitions: tuple[Definition, ...]
    deps: tuple[str, ...] = ()
    unit_items: Mapping[str, str] = field(default_factory=dict)
    unit_timescale: str = ""
    macros: Mapping[str, str] = field(default_factory=dict)
    waived: tuple[str, ...] = ()
    digest: str = ""
    version: str = ""
    renames: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """The JSON form, the same bytes for the same unit."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1, sort_keys=True) + "\n"


def unit_from_json(text: str, path: str) -> Unit:
    """Reads what `Unit.to_json` wrote.

    Args:
        text: the JSON text.
        path: for error messages.

    Raises:
        HdlError: not such JSON, or of another format.
    """
    try:
        data: dict[str, Any] = json.loads(text)
        if data.pop("format") != FORMAT:
            raise ValueError("another format")
        definitions = tuple(
            Definition(
                **{
                    **d,
                    "parameters": tuple(Parameter(**p) for p in d["parameters"]),
                    "ports": tuple(Port(**p) for p in d["ports"]),
                    "packages": tuple(d["packages"]),
                    "instances": tuple(d["instances"]),
                }
            )
            for d in data.pop("definitions")
        )
        return Unit(definitions=definitions, deps=tuple(data.pop("deps")), waived=tuple(data.pop("waived")), **data)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise HdlError(
            [
                Diagnostic(
                    Position(path),
                    "bad-unit-json",
                    f"this is no unit description of format {FORMAT} ({type(error).__name__}: {error})",
                    "build the library again with the sv_unit that reads it",
                )
            ],
            EXIT_USAGE,
        ) from error
