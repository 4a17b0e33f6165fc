"""What a generator asks for: a set of modules to become crates, in Python or as JSON.

A simulator generator names each module that it instantiates and each that an
intrinsic refers to. `plan_crates` gives every distinct (module, parameters)
one crate, in a stable order, with names that never clash.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import PurePath
from typing import Any, TypeVar

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.sv.ports_reader import string_literal
from hdl_py.text.position import Position
from hdl_py.verilated.model import SCHEMA_VERSION, Clock, Features, Kind, Reset
from hdl_py.verilated.names import check_crate_names, crate_name, unique_bases

Made = TypeVar("Made", Clock, Reset, Features, "SourceUnit")


@dataclass(frozen=True)
class Expression:
    """A parameter's value in SystemVerilog's own words, such as `8'hff` or `bus_pkg::WIDE`."""

    text: str


ParameterValue = int | bool | float | str | PurePath | Expression
"""A parameter's value; a `str` or path becomes a SystemVerilog string."""


def parameter_text(value: ParameterValue) -> str:
    """A value as a SystemVerilog expression.

    >>> parameter_text(True), parameter_text(-3), parameter_text(1 << 40), parameter_text("a")
    ("1'b1", '-3', "41'd1099511627776", '"a"')
    """
    if isinstance(value, Expression):
        return value.text
    if isinstance(value, bool):
        return f"1'b{int(value)}"
    if isinstance(value, int):
        if -(1 << 31) <= value < 1 << 31:
            return str(value)
        width = value.bit_length() + (value < 0)
        return f"{width}'d{value}" if value > 0 else f"-{width}'sd{-value}"
    if isinstance(value, float):
        return repr(value)
    return string_literal(value.as_posix() if isinstance(value, PurePath) else value)


@dataclass(frozen=True)
class SourceUnit:
    """Files that Verilator and slang read as one compilation unit.

    Attributes:
        sources: in order, relative to the request's folder.
        include_dirs: folders that `` `include`` searches, likewise.
        defines: macros as `NAME` or `NAME=VALUE`.
    """

    sources: tuple[str, ...]
    include_dirs: tuple[str, ...] = ()
    defines: tuple[str, ...] = ()


@dataclass(frozen=True)
class ModuleRequest:
    """One use of a module.

    Attributes:
        name: what the generator calls it.
        top: the SystemVerilog module.
        units: its sources.
        kind: see `Kind`.
        crate_name: the crate's whole name, where the generator chooses it.
        parameters: values that are not the defaults.
        clocks: clock inputs.
        resets: reset inputs.
        features: what Verilator is asked for.
        expected_ports: what the generator believes the ports to be; see `check_expected`.
        verilator_options: further options.
    """

    name: str
    top: str
    units: tuple[SourceUnit, ...]
    kind: Kind = Kind.INSTANCE
    crate_name: str = ""
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict)
    clocks: tuple[Clock, ...] = ()
    resets: tuple[Reset, ...] = ()
    features: Features = field(default_factory=Features)
    expected_ports: Mapping[str, str] = field(default_factory=dict)
    verilator_options: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[Any, ...]:
        """What makes two requests want the same crate: all but the name and the kind."""
        return (
            self.top,
            self.units,
            self.crate_name,
            tuple(sorted((name, parameter_text(value)) for name, value in self.parameters.items())),
            self.clocks,
            self.resets,
            self.features,
            self.verilator_options,
        )


@dataclass(frozen=True)
class CratePlan:
    """One crate and who wants it.

    Attributes:
        crate: its name.
        request: the first that wants it.
        names: what the generator calls it, without repetition.
    """

    crate: str
    request: ModuleRequest
    names: tuple[str, ...]


def plan_crates(requests: Iterable[ModuleRequest]) -> tuple[CratePlan, ...]:
    """A crate for every distinct (module, parameters): instances first, then classes, each in order.

    A class that some instance already covers with the same parameters gets no crate of its own.

    Raises:
        HdlError: a chosen crate name is bad or stands twice.
    """
    ordered = sorted(requests, key=lambda request: request.kind is Kind.CLASS)
    groups: dict[tuple[Any, ...], list[ModuleRequest]] = {}
    for request in ordered:
        groups.setdefault(request.identity, []).append(request)
    first = [group[0] for group in groups.values()]
    bases = unique_bases([r.crate_name.removeprefix("verilated_") or r.name for r in first])
    names = [r.crate_name or crate_name(base) for r, base in zip(first, bases, strict=True)]
    check_crate_names(names)
    return tuple(
        CratePlan(name, group[0], tuple(dict.fromkeys(r.name for r in group)))
        for name, group in zip(names, groups.values(), strict=True)
    )


def read_requests(text: str, path: str) -> tuple[ModuleRequest, ...]:
    """Module requests from JSON.

    ```json
    {"schema_version": 1, "modules": [{
        "name": "mul0", "top": "mul", "kind": "instance",
        "units": [{"sources": ["mul.sv"], "include_dirs": [], "defines": []}],
        "parameters": {"WIDTH": 16, "NAME": "x", "MODE": {"sv": "pkg::FAST"}},
        "clocks": [{"name": "clk"}], "resets": [{"name": "rst_n", "active_high": false}],
        "features": {"trace": "vcd"}, "expected_ports": {"a": "input 16"}
    }]}
    ```

    `"sources": […]` in place of `"units"` is one unit. Clocks and resets may be written as in BUILD
    files too: `"clocks": ["clk negedge"]`, `"resets": {"rst_n": "low async"}`.

    Raises:
        HdlError: not such JSON; the message names the module and the key.
    """
    try:
        data = json.loads(text)
        plain = json.dumps(data, ensure_ascii=False)
    except (ValueError, RecursionError) as error:
        raise _bad(path, f"it is no JSON: {error}") from error
    if re.search("[\ud800-\udfff]", plain) or "\\u0000" in plain:
        raise _bad(path, "a text holds a zero or half of a surrogate pair, which no path and no name can")
    if not isinstance(data, dict) or data.get("schema_version") != SCHEMA_VERSION:
        raise _bad(path, f'an object with "schema_version": {SCHEMA_VERSION} is expected')
    modules = data.get("modules")
    if not isinstance(modules, list):
        raise _bad(path, 'a list "modules" is expected')
    return tuple(_request(entry, path, index) for index, entry in enumerate(modules))


def _bad(path: str, why: str) -> HdlError:
    return HdlError([Diagnostic(Position(path), "bad-request", why)], EXIT_USAGE)


def _request(entry: Any, path: str, index: int) -> ModuleRequest:
    if not isinstance(entry, dict):
        raise _bad(path, f"modules[{index}] is no object")
    where = f"modules[{index}] ({entry.get('name', 'without a name')})"
    data = dict(entry)
    if "sources" in data:
        data["units"] = [{"sources": data.pop("sources")}]
    known = {f.name for f in fields(ModuleRequest)}
    for key in data:
        if key not in known:
            raise _bad(path, f"{where} has the key {key}; known are {', '.join(sorted([*known, 'sources']))}")
    for key in ("name", "top", "units"):
        if not data.get(key):
            raise _bad(path, f"{where} has no {key}")
    for key, kind, wanted in _KEYS:
        if key in data and not isinstance(data[key], kind):
            raise _bad(path, f"{where}: {key} is {data[key]!r:.80}; {wanted} is expected")
    try:
        return ModuleRequest(
            name=data["name"],
            top=data["top"],
            units=tuple(_unit(unit) for unit in data["units"]),
            kind=Kind(data.get("kind", "instance")),
            crate_name=data.get("crate_name", ""),
            parameters={name: _value(value) for name, value in data.get("parameters", {}).items()},
            clocks=tuple(parse_clock(c) if isinstance(c, str) else _made(Clock, c) for c in data.get("clocks", [])),
            resets=_resets(data.get("resets", [])),
            features=_made(Features, data.get("features", {})),
            expected_ports=dict(data.get("expected_ports", {})),
            verilator_options=tuple(data.get("verilator_options", [])),
        )
    except (TypeError, ValueError, AttributeError) as error:
        raise _bad(path, f"{where}: {error}") from error


_KEYS: tuple[tuple[str, type | tuple[type, ...], str], ...] = (
    ("name", str, "a string"),
    ("top", str, "a string"),
    ("kind", str, "a string"),
    ("crate_name", str, "a string"),
    ("units", list, "a list of objects"),
    ("parameters", dict, "an object"),
    ("clocks", list, "a list"),
    ("resets", (list, dict), "a list or an object"),
    ("features", dict, "an object"),
    ("expected_ports", dict, "an object"),
    ("verilator_options", list, "a list of strings"),
)


_WORDS = {"str": "a string", "int": "a whole number", "bool": "true or false"}


def _made(what: type[Made], entry: Any) -> Made:
    """A dataclass from an object with its fields.

    Raises:
        ValueError: it is no such object.
    """
    known = {f.name: f for f in fields(what)}
    name = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in what.__name__)[1:]
    if not isinstance(entry, dict):
        raise ValueError(f"found {entry!r:.80} for {name}; an object with some of {', '.join(known)} is expected")
    for key, value in entry.items():
        if key not in known:
            raise ValueError(f"{name} has the key {key}; known are {', '.join(known)}")
        wanted = str(known[key].type)
        if wanted in _WORDS and type(value).__name__ != wanted:
            raise ValueError(f"{key} of {name} is {value!r:.80}; {_WORDS[wanted]} is expected")
    for key, found in known.items():
        if key not in entry and found.default is MISSING and found.default_factory is MISSING:
            raise ValueError(f"{name} has no {key}")
    return what(**entry)


def _unit(entry: Any) -> SourceUnit:
    for key, texts in entry.items() if isinstance(entry, dict) else ():
        if not isinstance(texts, list) or not all(isinstance(t, str) for t in texts):
            raise ValueError(f"{key} is {texts!r:.80}; a list of strings is expected")
    made = _made(SourceUnit, entry)
    return replace(made, **{f.name: tuple(getattr(made, f.name)) for f in fields(SourceUnit)})


def _resets(entries: Any) -> tuple[Reset, ...]:
    if isinstance(entries, dict):
        for name, words in entries.items():
            if not isinstance(words, str):
                raise ValueError(f'reset {name} is {words!r:.80}; a string such as "low async" is expected')
        return tuple(parse_reset(name, words.split()) for name, words in entries.items())
    return tuple(_made(Reset, entry) for entry in entries)


def _value(value: Any) -> ParameterValue:
    if isinstance(value, dict) and set(value) == {"sv"}:
        return Expression(str(value["sv"]))
    if isinstance(value, (bool, int, float, str)):
        return value
    raise ValueError(f'a parameter is a number, a boolean, a string or {{"sv": "EXPRESSION"}}, not {value!r}')


def parse_clock(text: str) -> Clock:
    """A clock from `NAME`, with `negedge`, `period=N` and `phase=N` after it, separated by blanks.

    Raises:
        ValueError: anything else.
    """
    name, *words = text.split() or [""]
    values: dict[str, int] = {}
    rising = True
    for word in words:
        key, _, value = word.partition("=")
        if word in ("posedge", "negedge"):
            rising = word == "posedge"
        elif key in ("period", "phase") and value.isdigit():
            values[key] = int(value)
        else:
            raise ValueError(f"clock {name}: found {word!r}; posedge, negedge, period=N or phase=N is expected")
    return Clock(name, rising, **values)


def parse_reset(name: str, words: Sequence[str]) -> Reset:
    """A reset from its name and `low` or `high`, `async` or `sync`.

    Raises:
        ValueError: anything else.
    """
    active_high, asynchronous = True, False
    for word in words:
        if word in ("low", "high"):
            active_high = word == "high"
        elif word in ("async", "sync"):
            asynchronous = word == "async"
        else:
            raise ValueError(f"reset {name}: found {word!r}; low, high, async or sync is expected")
    return Reset(name, active_high, asynchronous)
