"""Whether a unit is verilated apart: what speaks against it before any proof, and what a merged unit is.

Most units of a design are small or have parameters that no target lists. They
are decided about without elaborating anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hdl_py.boundary.view import View, needed, refuse_reshaped_boundaries, reshapes, words
from hdl_py.errors import Diagnostic, HdlError
from hdl_py.sv.contract.causes import RULES, Contract, Rule
from hdl_py.sv.model import Definition, Unit
from hdl_py.text.position import Position

if TYPE_CHECKING:
    from hdl_py.boundary.model import BoundarySet

Parameters = tuple[tuple[str, str], ...]
"""A parameter set: names and values as SystemVerilog writes them, in the order given."""


@dataclass(frozen=True)
class UnitRequest:
    """A unit that may be verilated apart.

    Attributes:
        unit: its description.
        file: the name of its text among a model's sources.
        isolated: its isolated text.
        interface: its interface file.
        views: of all units below, each before its users.
        texts: the text of each view, by label.
        wanted: what the target asks for: `auto`, `separate` or `merge`.
        sets: its parameter sets; empty where the target lists none.
        timing: whether the simulation honours delays.
        form: how stub and wrapper meet, see `hdl_py.boundary.model.Form`.
        settings: what all models of a simulation share, such as `trace=vcd`.
    """

    unit: Unit
    file: str
    isolated: bytes
    interface: bytes
    views: tuple[View, ...] = ()
    texts: Mapping[str, bytes] = field(default_factory=dict)
    wanted: str = "auto"
    sets: tuple[Parameters, ...] = ()
    timing: bool = True
    form: str = "direct"
    settings: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitResult:
    """What becomes of a unit.

    Attributes:
        view: what parents know of it.
        text: what parents verilate in its place.
        closure: of a boundary the sources that it is verilated from, in order, by file name; else empty.
        harnesses: of a boundary the top of each parameter set.
        sets: of a boundary, as `boundary_sets` takes them up again.
        report: for people and tools, with places in isolated texts; parents never read it.
    """

    view: View
    text: bytes
    report: Mapping[str, Any]
    closure: Mapping[str, bytes] = field(default_factory=dict)
    harnesses: tuple[str, ...] = ()
    sets: tuple[BoundarySet, ...] = ()


def decide_unit(request: UnitRequest) -> UnitResult:
    """Decides about a unit; proves how it can be driven where nothing else decides.

    Raises:
        HdlError: it has to be verilated apart and can't be, or a construct reaches into a boundary. Places are
            those in isolated texts.
    """
    unit = request.unit
    found = words(request.isolated)
    below = needed(found, request.views)
    refuse_reshaped_boundaries(
        {unit.label: found, **{v.label: words(request.texts[v.label]) for v in below if not v.boundary}}, below
    )
    module, cause = _candidate(request, found, below)
    if cause is not None:
        if request.wanted == "separate":
            raise HdlError([cause])
        return merged(request, found, below, module, [cause])
    if not module or request.wanted == "merge":
        asked = [_refused(None, RULES["asked-to-merge"], "asked-to-merge", module)]
        return merged(request, found, below, module, asked if module and unit.kind != "package" else [])

    from hdl_py.boundary.proof import prove  # slang takes its time to be loaded

    return prove(request, found, below, module)


_RULES = {
    "several-modules": Rule(
        Contract.MERGED,
        "{}: a unit that is verilated apart exports one module",
        "give each module a target of its own, or name the one that others use in exports_modules",
    ),
    "reshapes": Rule(
        Contract.MERGED,
        "{}: it may mean modules that are elsewhere in the design",
        "put binds and configs into a unit of their own, above the testbench",
        "23.11",
    ),
    "parameters-not-listed": Rule(
        Contract.MERGED,
        "{}: a model is made for each parameter set, and none is listed",
        'list those that instances use, such as parameter_sets = ["WIDTH=32"], or [""] for the defaults',
        "23.10",
    ),
}
"""What speaks against a boundary before any proof."""


def _refused(place: Position | None, rule: Rule, code: str, what: str) -> Diagnostic:
    clause = f"IEEE 1800-2023 {rule.clause}" if rule.clause else ""
    return Diagnostic(place, code, rule.text.format(what), rule.mend, clause)


def _candidate(request: UnitRequest, found: frozenset[str], below: Sequence[View]) -> tuple[str, Diagnostic | None]:
    """The module that can be verilated apart, or empty; and what speaks against it before any proof."""
    unit = request.unit
    modules = [d for d in unit.definitions if d.exported and d.kind == "module" and not d.generated]
    if not modules or unit.kind == "package" or request.wanted == "merge":
        return (modules[0].name if modules else ""), None
    names = ", ".join(d.name for d in modules)
    place = Position(modules[0].file)

    def refused(code: str, what: str) -> tuple[str, Diagnostic]:
        return names, _refused(place, _RULES[code], code, what)

    if len(modules) > 1:
        return refused("several-modules", f"{unit.label} exports {names}")
    reshaping = [unit.label] if reshapes(found) else [v.label for v in below if v.reshapes]
    if reshaping:
        return refused("reshapes", f"{reshaping[0]} has a bind or config")
    if request.wanted == "auto" and not request.sets and modules[0].parameters:
        given = ", ".join(p.name for p in modules[0].parameters)
        return refused("parameters-not-listed", f"{names} has the parameters {given}")
    return names, None


def merged(
    request: UnitRequest,
    found: frozenset[str],
    below: Sequence[View],
    module: str,
    causes: Sequence[Diagnostic],
    sets: Sequence[Mapping[str, Any]] = (),
) -> UnitResult:
    """A unit that its parents compile.

    Args:
        request: the unit.
        found: the words of its text.
        below: the views that it needs.
        module: what it exports, for the report.
        causes: why it is merged.
        sets: what was proven, for the report.
    """
    unit = request.unit
    view = View(
        label=unit.label,
        file=request.file,
        defines=tuple(sorted(d.name for d in unit.definitions)),
        mentions=mentions(found, request.views),
        reshapes=reshapes(found),
        timescale=timescale(unit.definitions),
        private=tuple(sorted(d.name for d in unit.definitions if d.generated and d.kind == "package")),
    )
    return UnitResult(view, request.isolated, report(unit.label, module, Contract.MERGED, causes, sets))


def timescale(definitions: Iterable[Definition]) -> str:
    """The time unit and precision of the first definition that has both; empty where none has."""
    return next((d.timescale for d in definitions if all(d.timescale.partition("/")[::2])), "")


def closure_timescale(request: UnitRequest, below: Iterable[View]) -> str:
    """What definitions without a time unit get where a unit is verilated apart; empty where none has one.

    None of them uses time where others have a time unit, so any will do (see docs/units.md): without one Verilator
    would warn of the mixture.
    """
    return next((t for t in (timescale(request.unit.definitions), *(v.timescale for v in below)) if t), "")


def private_packages(request: UnitRequest) -> set[str]:
    """The packages that hold `$unit` items of a unit and of those below it (see docs/units.md)."""
    own = {d.name for d in request.unit.definitions if d.generated and d.kind == "package"}
    return own | {name for view in request.views for name in view.private}


def mentions(found: frozenset[str], views: Sequence[View]) -> tuple[str, ...]:
    """Which of the words the units below define."""
    return tuple(sorted({name for view in views for name in view.defines} & found))


def report(
    label: str, module: str, contract: Contract, causes: Sequence[Diagnostic], sets: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """A decision for people and tools.

    Args:
        label: the unit's label.
        module: the module that is or could be verilated apart.
        contract: what was decided.
        causes: what keeps it from a cheaper contract.
        sets: what was proven for each parameter set.
    """
    return {
        "label": label,
        "module": module,
        "contract": contract.value,
        "causes": [_cause_data(cause) for cause in causes],
        "sets": list(sets),
    }


def _cause_data(cause: Diagnostic) -> dict[str, Any]:
    place = cause.position
    return {
        "code": cause.code,
        "file": place.file if place else "",
        "line": place.line if place else 0,
        "column": place.column if place else 0,
        "text": cause.message,
        "mend": cause.fix,
        "clause": cause.clause,
    }
