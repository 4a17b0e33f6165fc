"""The sources of a crate, from its specification: text in, text out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import jinja2

from hdl_py.errors import Diagnostic, HdlError
from hdl_py.sv.linemap import LineMap
from hdl_py.sv.ports import Direction, scalar
from hdl_py.sv.ports_check import check_crossing
from hdl_py.verilated.model import CrateSpec, ExternalFFIModule
from hdl_py.verilated.names import (
    camel_case,
    check_crate_names,
    library_file,
    library_stem,
    rust_identifier,
    word_set,
)
from hdl_py.verilated.pins import Pins, argument_file, plan_pins, verilate_arguments
from hdl_py.verilated.rust_defs import collect_types, define_types
from hdl_py.verilated.rust_ports import ffi_ports, port_stems, port_views, rust_string, slot_views
from hdl_py.verilated.rust_types import RustTypes, masked

ABI_VERSION = 1
"""Of the C ABI in `verilated_ffi.h`; part of every interface digest."""

_MOST_PERIOD = 1 << 62
_MOST_THREADS = 1024

_RESERVED_STRUCTS = word_set(
    """Api ArraySlot Builder CLOCKS ClockInfo ClockSlot Dimension Direction Edge Err INFO Instance Kind Model
    ModelInfo None Ok Option PORTS Path PortInfo RESETS RangeError ResetInfo ResetSlot Result RunEnd Self SimError
    Slot Slots Snapshot Some Status String TextSlot Trace Vec"""
)


@dataclass(frozen=True)
class CrateSources:
    """The generated texts of one crate.

    Attributes:
        files: by path relative to the crate's folder: `Cargo.toml`, `build.rs`, `src/lib.rs`,
            `src/wrapper.cpp`, `.verilator-lib-path`, and `rtl/<crate>_pins.sv` where the top needs
            a module around it.
        adapter: the path of that module's source among them; empty where there is none.
        verilate: Verilator's arguments for the top, one a line, for `-f`.
        module: what the manifest says of the crate.
    """

    files: Mapping[str, str]
    adapter: str
    verilate: str
    module: ExternalFFIModule


def struct_name(spec: CrateSpec) -> str:
    """The Rust struct of a crate; a name that its own source uses gets `Dut` behind."""
    name = spec.struct_name or camel_case(spec.module.name)
    return f"{name}Dut" if name in _RESERVED_STRUCTS else name


def check_spec(spec: CrateSpec) -> None:
    """Refuse what can't become a crate.

    Raises:
        HdlError: a port that can't cross; a clock or reset that is no one-bit input; a bad crate name.
    """
    check_crate_names([spec.crate])
    check_crossing(spec.module)
    found = []
    named = [(c.name, "clock") for c in spec.clocks] + [(r.name, "reset") for r in spec.resets]
    for index, (name, what) in enumerate(named):
        port = spec.module.port(name)
        if name in [n for n, _ in named[:index]]:
            message = f"{name} is named twice among the clocks and resets of {spec.module.name}"
        elif port is None:
            inputs = ", ".join(p.name for p in spec.module.ports if p.direction is Direction.INPUT)
            message = f"{what} {name} is no port of {spec.module.name}; its inputs are {inputs or 'none'}"
        elif port.direction is not Direction.INPUT:
            message = f"{what} {name} is an {port.direction.value} of {spec.module.name}; an input is expected"
        elif not scalar(port.type):
            message = f"{what} {name} of {spec.module.name} is {port.text}; one bit is expected"
        else:
            continue
        place = port.position if port else spec.module.position
        found.append(Diagnostic(place, f"bad-{what}", message))
    found += _check_features(spec)
    if found:
        raise HdlError(found)


def _check_features(spec: CrateSpec) -> list[Diagnostic]:
    features, found = spec.features, []
    if features.trace not in ("none", "vcd", "fst"):
        message = f"trace is {features.trace!r}; none, vcd or fst is expected"
        found.append(Diagnostic(None, "bad-trace", message))
    if not 1 <= features.threads <= _MOST_THREADS:
        message = f"threads is {features.threads}; 1 to {_MOST_THREADS} is expected"
        found.append(Diagnostic(None, "bad-threads", message))
    for other in ("timing", "coverage"):
        if features.savable and getattr(features, other):
            message = f"Verilator can't combine savable with {other}"
            found.append(Diagnostic(None, "bad-features", message, f"turn one of them off for {spec.crate}"))
    for clock in spec.clocks:
        if not 2 <= clock.period <= _MOST_PERIOD or clock.period % 2:
            message = f"clock {clock.name} has the period {clock.period}; an even number of time units is expected"
            found.append(Diagnostic(None, "bad-clock", message))
        if not 0 <= clock.phase <= _MOST_PERIOD:
            message = f"clock {clock.name} has the phase {clock.phase}; 0 to {_MOST_PERIOD} is expected"
            found.append(Diagnostic(None, "bad-clock", message))
    return found


def describe_module(spec: CrateSpec) -> ExternalFFIModule:
    """What the manifest says of a crate."""
    types = RustTypes(collect_types(spec.module.ports))
    return ExternalFFIModule(
        crate=spec.crate,
        original_module_name=spec.original_module_name or spec.module.name,
        kind=spec.kind,
        top_module=spec.module.name,
        struct_name=struct_name(spec),
        crate_dir=spec.crate,
        sources=spec.sources,
        parameters=dict(spec.parameters),
        clocks=spec.clocks,
        resets=spec.resets,
        features=spec.features,
        ports=ffi_ports(spec.module, port_stems(spec), types),
    )


def interface_digest(spec: CrateSpec, pins: Pins) -> str:
    """A 64-bit digest of everything that the two sides of the ABI must agree on, in hexadecimal."""
    lines = [f"abi {ABI_VERSION}", f"crate {spec.crate}", f"features {spec.features.bits}"]
    # The types in full: fields that change places leave the storage as it is.
    lines += [f"{pin.member} {pin.storage} {pin.role.value} {pin.port.type!r}" for pin in pins.pins]
    lines += [f"clock {clock.name} {clock.rising}" for clock in spec.clocks]
    return "0x" + hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def render_crate(
    spec: CrateSpec, *, platform: str = "linux", runtime_path: str = "../verilated_runtime", dynamic: bool = True
) -> CrateSources:
    """All generated texts of a crate.

    Args:
        spec: what to make.
        platform: as `sys.platform`; names the shared library.
        runtime_path: from the crate's folder to the runtime crate's.
        dynamic: whether the crate has the feature `dynamic`.

    Raises:
        HdlError: the specification can't become a crate.
    """
    check_spec(spec)
    pins = plan_pins(spec.module, spec.parameters, spec.crate, spec.model_class, spec.definition)
    view = _view(spec, pins)
    library = library_file(spec.crate, platform)
    files = {
        "Cargo.toml": _render("Cargo.toml", view, library_file=library, runtime_path=runtime_path, dynamic=dynamic),
        "build.rs": _render("build.rs", view),
        ".verilator-lib-path": library + "\n",
        "src/lib.rs": _tidy(_render("lib.rs", view)),
        "src/wrapper.cpp": _render("wrapper.cpp", view),
    }
    adapter = f"rtl/{pins.top}.sv" if pins.adapter else ""
    if adapter:
        files[adapter] = pins.adapter
    arguments = verilate_arguments(spec.module, spec.parameters, pins, spec.model_class)
    return CrateSources(files, adapter, argument_file(arguments), describe_module(spec))


def render_lines(crate: str, maps: Iterable[tuple[str, LineMap]]) -> str:
    """`lines.cpp`: where lines of the sources that Verilator reads came from.

    Args:
        crate: the crate.
        maps: each source's path as Verilator is given it, and its map.
    """
    shown = [{"source": _c_text(source), "lines": [_c_text(x) for x in _records(m)]} for source, m in maps]
    return _render("lines.cpp", {"crate": crate, "maps": shown})


def _records(line_map: LineMap) -> list[str]:
    files: dict[str, int] = {}
    for run in line_map.runs:
        files.setdefault(run.file, len(files))
    out = [f"F {number} {path}" for path, number in files.items()]
    previous = None
    for run in line_map.runs:
        here = (run.file, run.line)
        if here != previous:
            out.append(f"L {run.start} {files[run.file]} {run.line}")
        previous = here
    return out


def _c_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("?", "\\?")


def _storage_size(storage: str) -> int:
    """Bytes of an array's or wide value's storage; 0 where C++ knows without being asked."""
    if match := re.fullmatch(r"VlUnpacked<(.*), (\d+)>", storage):
        return _element_size(match[1]) * int(match[2])
    return _element_size(storage) if storage.startswith("VlWide") else 0


def _element_size(storage: str) -> int:
    if match := re.fullmatch(r"VlWide<(\d+)>", storage):
        return 4 * int(match[1])
    if storage.startswith("VlUnpacked"):
        return _storage_size(storage)
    return {"CData": 1, "SData": 2, "IData": 4, "QData": 8, "double": 8}.get(storage, 0)


def _view(spec: CrateSpec, pins: Pins) -> dict[str, Any]:
    """The variables of every template."""
    names = collect_types(spec.module.ports)
    inside = RustTypes(names)
    outside = RustTypes({data: f"types::{name}" for data, name in names.items()})
    definitions = define_types(inside, names)
    types = [{**asdict(t), "all_fit": t.all_fit, "masked": masked(t.width, "self.0")} for t in definitions]
    module = spec.module
    slot_of = {port.name: pins.slot(port) for port in module.ports}
    member_of = {port.name: pins.pins[slot_of[port.name]].member for port in module.ports}
    clocks = [
        {
            **asdict(clock),
            "stem": rust_identifier(clock.name),
            "active": int(clock.rising),
            "edge_word": "rising" if clock.rising else "falling",
            "mask": hex(1 << index),
            "slot": slot_of[clock.name],
            "member": member_of[clock.name],
        }
        for index, clock in enumerate(spec.clocks)
    ]
    resets = [
        {
            **asdict(reset),
            "stem": rust_identifier(reset.name),
            "active": int(reset.active_high),
            "slot": slot_of[reset.name],
        }
        for reset in spec.resets
    ]
    return {
        "crate": spec.crate,
        "version": spec.version,
        "library": library_stem(spec.crate),
        "symbol": f"{spec.crate}_ffi_api",
        "model": spec.model_class,
        "top": module.name,
        "struct": struct_name(spec),
        "file": module.position.file,
        "line": module.position.line,
        "parameters": list(spec.parameters.items()),
        "parameters_text": ", ".join(f"`{n} = {v}`" for n, v in spec.parameters.items()),
        "types": types,
        "ports": port_views(spec, outside, pins),
        "slots": [{"index": s.index, "type": s.type, "new": s.new.format(f"a[{s.index}]")} for s in slot_views(pins)],
        "pins": [
            {
                "member": pin.member,
                "storage": pin.storage,
                "comment": _c_text(pin.port.name),
                "size": _storage_size(pin.storage),
            }
            for pin in pins.pins
        ],
        "clocks": clocks,
        "resets": resets,
        "all_clocks": hex((1 << len(clocks)) - 1),
        "reset_names": " and ".join(f"`{reset.name}`" for reset in spec.resets),
        "trace": spec.features.trace,
        "coverage": spec.features.coverage,
        "savable": spec.features.savable,
        "timing": spec.features.timing,
        "threads": spec.features.threads,
        "features": spec.features.bits,
        "interface": interface_digest(spec, pins),
    }


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("hdl_py.verilated", "templates"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
    )
    environment.filters["rust"] = rust_string
    return environment


def _render(name: str, view: Mapping[str, Any], **more: object) -> str:
    return _environment().get_template(f"{name}.jinja").render(**view, **more)


def _tidy(text: str) -> str:
    """No trailing blanks, no two empty lines in a row, none at a block's ends."""
    text = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\n{3,}", "\n\n", text)
    text = re.sub(r"\{\n\n", "{\n", text)
    return re.sub(r"\n\n(\s*\})", r"\n\1", text)
