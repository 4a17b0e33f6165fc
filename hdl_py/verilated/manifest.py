"""`module.json` of a crate, and `external_modules.json` over a set of crates.

Both hold relative paths only. `external_modules.json` has every key that the
simulators of the Assassyn generator read, and more; a reader checks
`schema_version` first.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.sv.ports import Direction
from hdl_py.text.position import Position
from hdl_py.verilated.model import (
    SCHEMA_VERSION,
    Clock,
    ExternalFFIModule,
    Features,
    FFIPort,
    Kind,
    Reset,
)
from hdl_py.verilated.names import check_crate_names, library_file


def port_entry(port: FFIPort) -> dict[str, Any]:
    """One port as JSON."""
    return {
        "name": port.name,
        "method": port.method,
        "direction": port.direction.value,
        "bits": port.bits,
        "signed": port.signed,
        "rust_type": port.rust_type,
        "c_type": port.c_type,
        "type_name": port.type_name,
        "dimensions": [list(d) for d in port.dimensions],
        "file": port.file,
        "line": port.line,
    }


def module_entry(module: ExternalFFIModule, platform: str = "linux") -> dict[str, Any]:
    """One crate as JSON.

    Args:
        module: the crate.
        platform: as `sys.platform`; names the shared library.
    """
    library = library_file(module.symbol_prefix, platform)
    return {
        "crate": module.crate,
        "kind": module.kind.value,
        "original_module_name": module.original_module_name,
        "top_module": module.top_module,
        "struct_name": module.struct_name,
        "crate_dir": module.crate_dir,
        "sv": [posixpath.join(module.crate_dir, source) for source in module.sources],
        "symbol_prefix": module.symbol_prefix,
        "dynamic_lib": module.dynamic_lib,
        "lib_filename": library,
        "lib_path": posixpath.join(module.crate_dir, library),
        "parameters": dict(module.parameters),
        "has_clock": module.has_clock,
        "has_reset": module.has_reset,
        "clocks": [asdict(clock) for clock in module.clocks],
        "resets": [asdict(reset) for reset in module.resets],
        "features": asdict(module.features),
        "inputs": [port_entry(port) for port in module.of(Direction.INPUT)],
        "outputs": [port_entry(port) for port in module.of(Direction.OUTPUT)],
        "inouts": [port_entry(port) for port in module.of(Direction.INOUT)],
        "port_order": [port.name for port in module.ports],
    }


def manifest_text(modules: Iterable[ExternalFFIModule], platform: str = "linux") -> str:
    """`external_modules.json`: the crates in the order given.

    Raises:
        HdlError: two of them share a name.
    """
    modules = list(modules)
    check_crate_names([module.crate for module in modules])
    entries = [module_entry(module, platform) for module in modules]
    return json.dumps({"schema_version": SCHEMA_VERSION, "modules": entries}, indent=2) + "\n"


def module_text(module: ExternalFFIModule, platform: str = "linux") -> str:
    """`module.json`: one crate, its folder being the file's own."""
    entry = module_entry(replace(module, crate_dir="."), platform)
    return json.dumps({"schema_version": SCHEMA_VERSION, **entry}, indent=2) + "\n"


def read_module(text: str, path: str, crate_dir: str = "") -> ExternalFFIModule:
    """Reads what `module_text` wrote.

    Args:
        text: the JSON text.
        path: for error messages.
        crate_dir: the crate's folder relative to where the manifest will be; the crate's name if empty.

    Raises:
        HdlError: not such a file.
    """
    try:
        data = json.loads(text)
        if data["schema_version"] != SCHEMA_VERSION:
            raise ValueError(f"schema_version {data['schema_version']!r} is not {SCHEMA_VERSION}")
        return _module(data, crate_dir)
    except (ValueError, KeyError, TypeError) as error:
        message = f"this is no module.json of a Verilated crate ({error!r})"
        raise HdlError([Diagnostic(Position(path), "bad-module-json", message)], EXIT_USAGE) from error


def _module(data: Mapping[str, Any], crate_dir: str) -> ExternalFFIModule:
    entries = [*data["inputs"], *data["outputs"], *data["inouts"]]
    by_name = {entry["name"]: _port(entry) for entry in entries}
    return ExternalFFIModule(
        crate=data["crate"],
        original_module_name=data["original_module_name"],
        kind=Kind(data["kind"]),
        top_module=data["top_module"],
        struct_name=data["struct_name"],
        crate_dir=crate_dir or data["crate"],
        sources=tuple(posixpath.normpath(source) for source in data["sv"]),
        parameters=data["parameters"],
        clocks=tuple(Clock(**clock) for clock in data["clocks"]),
        resets=tuple(Reset(**reset) for reset in data["resets"]),
        features=Features(**data["features"]),
        ports=tuple(by_name[name] for name in data["port_order"]),
    )


def _port(entry: Mapping[str, Any]) -> FFIPort:
    dimensions = tuple((left, right) for left, right in entry["dimensions"])
    return FFIPort(**{**entry, "direction": Direction(entry["direction"]), "dimensions": dimensions})
