"""The proof that a unit can be verilated apart, and what its boundary is made of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from hdl_py.boundary.decision import Parameters, UnitRequest, UnitResult, mentions, merged, report, timescale
from hdl_py.boundary.header import module_span
from hdl_py.boundary.model import Boundary, BoundarySet, Form
from hdl_py.boundary.sources import harness, stub
from hdl_py.boundary.view import View, needed, with_stub, words
from hdl_py.errors import Diagnostic, HdlError
from hdl_py.sv.contract.analysis import analyse
from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.decide import Compile, Decision, decide
from hdl_py.sv.contract.elaborate import elaborate
from hdl_py.sv.contract.model import UnitContract
from hdl_py.sv.contract.verdict import judge
from hdl_py.sv.ports_elaborate import UnitSources, elaborate_module
from hdl_py.text.source import SourceText


def prove(request: UnitRequest, found: frozenset[str], below: Sequence[View], module: str) -> UnitResult:
    """Proves how a module can be driven; a boundary where it can and pays, else merged.

    Args:
        request: the unit.
        found: the words of its text.
        below: the views that it needs.
        module: the module that it exports.

    Raises:
        HdlError: it has to be verilated apart and can't be; every cause is in it.
    """
    given = request.sets or ((),)
    decisions = [_decision(request, below, module, dict(one)) for one in given]
    shown = [_set_data(one, decision) for one, decision in zip(given, decisions, strict=True)]
    causes = list(dict.fromkeys(c.diagnostic() for d in decisions for c in d.verdict.causes))
    separate = request.wanted == "separate"
    if any(d.proven.contract is Contract.MERGED for d in decisions) or not (
        separate or any(d.advice is not None and d.advice.separate for d in decisions)
    ):
        return merged(request, found, below, module, causes, shown)
    try:
        sets = boundary_sets(
            module,
            interface_texts(request),
            tuple(d.proven for d in decisions),
            given,
            Form(request.form),
            request.settings,
        )
    except HdlError as error:
        if separate:
            raise
        return merged(request, found, below, module, error.diagnostics, shown)
    return _apart(request, below, module, sets, [c for c in causes if c.code != "too-small"], shown)


def boundary_sets(
    module: str,
    interfaces: Sequence[tuple[str, bytes]],
    contracts: Sequence[UnitContract],
    parameters: Sequence[Parameters],
    form: Form,
    settings: tuple[str, ...],
) -> tuple[BoundarySet, ...]:
    """A boundary's parameter sets.

    Args:
        module: the module that is verilated apart.
        interfaces: name and text of what its header needs, its own interface file last.
        contracts: one for each set.
        parameters: likewise.
        form: how stub and wrapper meet.
        settings: what all models of a simulation share.

    Raises:
        HdlError: a port can't cross, or the contract can't be driven.
    """
    units = [UnitSources((SourceText(path, text),)) for path, text in interfaces]
    return tuple(
        BoundarySet(elaborate_module(units, module, dict(given)), contract, given, form, settings)
        for contract, given in zip(contracts, parameters, strict=True)
    )


def interface_texts(request: UnitRequest) -> tuple[tuple[str, bytes], ...]:
    """What the header of the unit's module needs, and its own interface file last."""
    below = needed(words(request.interface), request.views)
    return (*((v.file, request.texts[v.label]) for v in below), (_interface_name(request), request.interface))


def _interface_name(request: UnitRequest) -> str:
    return request.file.removesuffix(".unit.sv") + ".svi"


def _decision(request: UnitRequest, below: Sequence[View], module: str, parameters: Mapping[str, str]) -> Decision:
    units = [UnitSources((SourceText(v.file, request.texts[v.label]),)) for v in below]
    units.append(UnitSources((SourceText(request.file, request.isolated),)))
    contracts: dict[str, list[UnitContract]] = {}
    for view in below:
        for contract in view.contracts:
            contracts.setdefault(contract.module, []).append(contract)
    analysis = analyse(elaborate(units, module, parameters), contracts, "asserts=off" not in request.settings)
    return decide(analysis, judge(analysis, (), request.timing), Compile(request.wanted))


_CODE = re.compile(rb'"\[\]\([^"]*"')
"""What a stub passes to `$c` (`hdl_py.boundary.inline`)."""


def _set_data(given: Parameters, decision: Decision) -> dict[str, Any]:
    return {
        "parameters": [list(p) for p in given],
        "proven": decision.proven.to_data(),
        "size": vars(decision.size),
        "worth": decision.advice.reason if decision.advice else "",
    }


def _apart(
    request: UnitRequest,
    below: Sequence[View],
    module: str,
    sets: tuple[BoundarySet, ...],
    causes: Sequence[Diagnostic],
    shown: Sequence[Mapping[str, Any]],
) -> UnitResult:
    unit = request.unit
    start, last, end = module_span(_interface_name(request), request.interface, module)
    header = request.interface[start:last].decode("utf-8", "surrogateescape")
    text = with_stub(request.interface, start, end, stub(Boundary(unit.label, sets, header)))
    # C++ of the stub is no mention: its variables may be called as a package is.
    seen = words(_CODE.sub(b"", text))
    inside = {d.name for d in unit.definitions if d.kind != "package"}
    inside |= {name for v in below for name in (*v.defines, *v.inside)}
    view = View(
        label=unit.label,
        file=request.file.removesuffix(".unit.sv") + ".view.sv",
        boundary=True,
        module=module,
        defines=tuple(sorted(d.name for d in unit.definitions if d.name in seen)),
        mentions=mentions(seen, request.views),
        timescale=timescale(unit.definitions),
        inside=tuple(sorted(inside - {module})),
        contracts=tuple(one.contract for one in sets),
    )
    return UnitResult(
        view,
        text,
        report(unit.label, module, sets[0].contract.contract, causes, shown),
        {v.file: request.texts[v.label] for v in below} | {request.file: request.isolated},
        tuple(harness(one) for one in sets),
        sets,
    )
