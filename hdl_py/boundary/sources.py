"""The sources of a boundary: stub and harness in SystemVerilog, wrapper in C++."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from hdl_py.boundary import hot, inline, link
from hdl_py.boundary.direct import Direct
from hdl_py.boundary.lanes import Kind, Lane, sv_name, sv_type
from hdl_py.boundary.model import Boundary, BoundarySet
from hdl_py.boundary.parallel import THREADS
from hdl_py.errors import Diagnostic, HdlError
from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.ports import Direction, Parameter, dimensions

_LINT = (
    "BLKANDNBLK",
    "BLKSEQ",
    "DECLFILENAME",
    "ENUMVALUE",
    "INITIALDLY",
    "LATCH",
    "MULTIDRIVEN",
    "SYNCASYNCNET",
    "UNOPTFLAT",
    "UNUSED",
    "VARHIDDEN",
    "WIDTH",
)
"""Verilator's warnings that generated code gives rise to by design; known to every release since 5.006."""


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.globals["lint"] = _LINT
    made.globals["inline"] = inline
    made.globals["hot"] = hot
    made.globals["places"] = link
    made.globals["Link"] = link.Link
    made.globals["threads"] = THREADS
    made.filters.update(
        sv=sv_name,
        dpi_in=lambda lanes, prefix="": _each(lanes, lambda x: f"input {x.dpi} {prefix}{x.name}"),
        dpi_out=lambda lanes: _each(lanes, lambda x: f"output {x.dpi} {x.name}"),
        c_in=lambda lanes, prefix="": _each(_prefixed(lanes, prefix), lambda x: x.c_input),
        c_out=lambda lanes: _each(lanes, lambda x: x.c_output),
        values=lambda lanes: _each(lanes, lambda x: x.read()),
        names=lambda lanes, prefix="": _each(lanes, lambda x: prefix + x.name),
        differ=_differ,
        put=_put,
        members=_members,
        unlike=_unlike,
        get=_get,
        unlike_each=_unlike_each,
    )
    return made


def _each(lanes: Iterable[Lane], write: object) -> str:
    assert callable(write)
    return "".join(f", {write(lane)}" for lane in lanes)


def _prefixed(lanes: Iterable[Lane], prefix: str) -> list[Lane]:
    return [replace(lane, name=prefix + lane.name) for lane in lanes]


def _unequal(lane: Lane, old: str, new: str) -> str:
    """A C++ condition: whether two values of a lane differ; of a wide one, what points to them."""
    if lane.words:
        return f"std::memcmp({old}, {new}, {lane.words * 4}) != 0"
    if lane.kind is Kind.REAL:
        # Bits, not values: a NaN differs from itself, and 0.0 is not -0.0.
        return f"std::memcmp(&{old}, &{new}, sizeof(double)) != 0"
    if lane.kind is Kind.STRING:
        return f"std::string{{{old}}} != {new}"
    return f"({old} != {new})"


def _differ(lanes: Iterable[Lane], prefix: str = "") -> str:
    """A C++ condition: whether any argument differs from what the model has."""
    tests = [_unequal(x, f"m.{x.name}{'.data()' if x.words else ''}", prefix + x.name) for x in lanes]
    # `|` where it can be: a branch for each input costs more than the comparison.
    cheap = [t for t in tests if t.startswith("(")]
    other = [t for t in tests if not t.startswith("(")]
    return " || ".join([*(["(" + " | ".join(cheap) + ")"] if cheap else []), *other]) or "false"


def _put(lanes: Iterable[Lane], prefix: str = "") -> str:
    """C++ statements that give the model its inputs."""
    return " ".join(
        f"std::memcpy(m.{x.name}.data(), {prefix}{x.name}, {x.words * 4});"
        if x.words
        else f"m.{x.name} = {prefix}{x.name};"
        for x in lanes
    )


def _members(lanes: Iterable[Lane], prefix: str) -> str:
    """C++ declarations of variables that hold arguments."""
    return " ".join(
        f"svBitVecVal {prefix}{x.name}[{x.words}] = {{}};"
        if x.words
        else f"{'std::string' if x.kind is Kind.STRING else x.ctype} {prefix}{x.name}{{}};"
        for x in lanes
    )


def _unlike(lanes: Iterable[Lane], prefix: str) -> str:
    """A SystemVerilog condition: whether ports differ from variables of their lanes' names behind a prefix."""
    return " || ".join(f"({x.read()} != {prefix}{x.name})" for x in lanes)


def _unlike_each(lanes: Iterable[Lane], one: str, other: str) -> str:
    """A C++ condition: whether any argument differs from another with a prefix of its own."""
    return " || ".join(_unequal(lane, one + lane.name, other + lane.name) for lane in lanes)


def _get(lanes: Iterable[Lane], prefix: str = "") -> str:
    """C++ statements that take the model's outputs, or its ports of these names behind a prefix but for strings."""
    out = []
    for x in lanes:
        if x.words:
            out.append(f"std::memcpy({x.name}, m.{prefix}{x.name}.data(), {x.words * 4});")
        elif x.kind is Kind.STRING:
            out.append(f"*{x.name} = m.{x.name}.c_str();")
        else:
            out.append(f"*{x.name} = m.{prefix}{x.name};")
    return " ".join(out)


def _equal(kinds: dict[str, Parameter], name: str, value: str) -> str:
    known = kinds.get(name)
    if known is not None and known.kind == "type":
        return f"type({sv_name(name)}) == type({value})"
    # `===` needs integral operands; a real or a string has no X to mistake (IEEE 1800-2023 11.4.5).
    operator = "===" if known is not None and known.kind == "integral" else "=="
    return f"({sv_name(name)} {operator} ({value}))"


def _condition(one: BoundarySet) -> str:
    kinds = {p.name: p for p in one.module.parameters}
    given = dict(one.parameters)
    tests = [_equal(kinds, name, value) for name, value in given.items()]
    # What a set does not name has the value that elaboration gave it: an instance may not change that either.
    tests += [_equal(kinds, p.name, p.value) for p in one.module.parameters if p.name not in given and p.value]
    return " && ".join(tests)


def generated_header(boundary: Boundary) -> str:
    """The module's header made from elaborated ports.

    Raises:
        HdlError: the module has parameters, so that its ports may depend on them.
    """
    one = boundary.sets[0]
    if one.module.parameters or len(boundary.sets) > 1:
        message = f"{boundary.name} has parameters: its stub needs the header from its unit's interface file"
        raise HdlError([Diagnostic(one.module.position, "no-header", message, "give the .svi file with --svi")])
    ports = []
    for port in one.module.ports:
        base, dims = sv_type(port.type, boundary.packages)
        # An input is a net of its type, as users write it: `wire` would ask for four states.
        net = "" if port.direction is Direction.INPUT else "var "
        ports.append(f"    {port.direction.value} {net}{base} {sv_name(port.name)}{dims}")
    return f"module {sv_name(boundary.name)} (\n" + ",\n".join(ports) + "\n);\n"


def stub(boundary: Boundary) -> str:
    """The SystemVerilog that stands for the module in every parent.

    Raises:
        HdlError: a module with parameters came without its header.
    """
    header = boundary.header or generated_header(boundary)
    parameters = boundary.sets[0].module.parameters
    shown = []
    for name in (p.name for p in parameters if p.kind != "type"):
        shown.append((name, next(p.kind for p in parameters if p.name == name)))
    text = (
        _environment()
        .get_template("stub.sv.j2")
        .render(
            boundary=boundary,
            header=header.rstrip() + "\n",
            dispatch=bool(parameters),
            missing=f"{boundary.sets[0].symbol.rpartition('_b')[0]}_is_not_verilated_with_these_parameters",
            sets=[
                {"one": one, "condition": _condition(one), "kind": _kind(one), "block": f"set{n}"}
                for n, one in enumerate(boundary.sets)
            ],
            shown=",".join(
                f"{name}={'%s' if kind == 'string' else '%g' if kind == 'real' else '%0d'}" for name, kind in shown
            ),
            values="".join(f", {sv_name(name)}" for name, _ in shown),
            listed="; ".join(_listed(one) for one in boundary.sets),
        )
    )
    own = set(re.findall(r"§(\w+)", text))
    users = set(re.findall(r"\w+", header))
    prefix = next(p for p in ("_" * n for n in count()) if users.isdisjoint(p + name for name in own))
    return text.replace("§", prefix)


def _listed(one: BoundarySet) -> str:
    text = ",".join(f"{name}={value}" for name, value in one.parameters) or "the defaults"
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")


def _kind(one: BoundarySet) -> str:
    if one.contract.contract is not Contract.STEP:
        return "general"
    return "ordered" if one.ordered else "step"


def harness(one: BoundarySet) -> str:
    """The SystemVerilog top that is verilated: the module with its ports flattened into lanes."""
    ordered = _kind(one) == "ordered"
    taken = set(one.data) if ordered else set(one.inputs) if one.synchronous else set()
    crossed = {one.clock, *one.events} if one.crossing else set()

    def held(lane: Lane) -> str:
        return f"q_{lane.name}" if lane in taken or lane in crossed else lane.name

    pieces, connections = [], []
    for number, port in enumerate(one.module.ports):
        lanes = [x for x in one.lanes if x.source == port.name]
        ranges, _ = dimensions(port.type)
        if not ranges:
            connections.append((sv_name(port.name), held(lanes[0])))
            continue
        packages = frozenset(t for t in _packages(port.type) if t)
        base, dims = sv_type(port.type, packages)
        local = f"a{number}"
        pieces.append((f"{base} {local}{dims}", lanes, local))
        connections.append((sv_name(port.name), local))
    return (
        _environment()
        .get_template("harness.sv.j2")
        .render(one=one, ordered=ordered, arrays=pieces, connections=connections, held=held)
    )


def _packages(data: object) -> Iterable[str]:
    from hdl_py.sv.ports import named_types

    return (t.name.scope for t in named_types(data))  # type: ignore[arg-type]


def wrapper(
    one: BoundarySet,
    direct: Direct | None = None,
    timed: str = "",
    objects: tuple[str, ...] = (),
    holds: bool = True,
) -> str:
    """The C++ that implements the stub's DPI functions with the harness's model.

    Args:
        one: the boundary with one parameter set.
        direct: for `Form.DIRECT`, what `direct.find` found in the model's C++; None evaluates by the public API.
        timed: the unit's label where the model uses time, so that its precision has to be the design's; else empty.
        objects: where the model keeps its state, as `snapshot.state_objects` finds it.
        holds: whether the model can be told to keep what it has sampled, as `sampling.holds` finds it.
    """
    prints = "prints" in one.recall
    return (
        _environment()
        .get_template("wrapper.cpp.j2")
        .render(
            one=one,
            kind=_kind(one),
            direct=direct,
            timed=timed,
            objects=() if prints else objects,
            holds=holds,
            can_recall=bool(one.recall and objects and not prints),
            why="its reset prints" if prints else "its state is more than bytes, such as strings or queues",
            all=(1 << len(one.classes)) - 1,
            data_cases=["rest", *(f"call{call.number}" for call in one.calls)] if _kind(one) == "ordered" else [],
        )
    )
