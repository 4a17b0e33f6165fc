"""What becomes of a module: the proven contract, or merged because it is asked for or doesn't pay."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from hdl_py.errors import HdlError
from hdl_py.sv.contract.analysis import Analysis
from hdl_py.sv.contract.causes import Cause, Contract
from hdl_py.sv.contract.model import UnitContract
from hdl_py.sv.contract.verdict import Verdict
from hdl_py.sv.contract.worth import Advice, Size, size_of, worth


class Compile(enum.Enum):
    """What the target asks for."""

    AUTO = "auto"
    """Apart where it is proven and pays."""
    SEPARATE = "separate"
    """Apart, or an error."""
    MERGE = "merge"
    """With its parents."""


@dataclass(frozen=True)
class Decision:
    """What becomes of a module.

    Attributes:
        verdict: its contract is what parents get; its causes include the decision's own.
        proven: the contract as proven, whatever was decided.
        size: of the module.
        advice: whether a boundary pays; None where none is possible.
    """

    verdict: Verdict
    proven: UnitContract
    size: Size
    advice: Advice | None


def decide(analysis: Analysis, verdict: Verdict, compile_: Compile) -> Decision:
    """Decides about a judged module.

    Raises:
        HdlError: it must be compiled apart and can't be; every cause is in it.
    """
    proven = verdict.contract
    size = size_of(analysis)
    if proven.contract is Contract.MERGED:
        if compile_ is Compile.SEPARATE:
            raise HdlError(c.diagnostic() for c in verdict.causes if c.rule.leads_to is Contract.MERGED)
        return Decision(verdict, proven, size, None)
    advice = worth(proven, size)
    place = analysis.elaborated.reader.position(analysis.elaborated.body.definition.location)
    if compile_ is Compile.MERGE:
        return Decision(_merged(verdict, Cause(place, "asked-to-merge", proven.module)), proven, size, advice)
    if compile_ is Compile.AUTO and not advice.separate:
        cause = Cause(place, "too-small", f"{proven.module}: {advice.reason}")
        return Decision(_merged(verdict, cause), proven, size, advice)
    return Decision(verdict, proven, size, advice)


def _merged(verdict: Verdict, cause: Cause) -> Verdict:
    old = verdict.contract
    contract = UnitContract(old.module, old.parameters, Contract.MERGED)
    return replace(verdict, contract=contract, causes=(*verdict.causes, cause))
