"""Every construct has the contract that is known for it."""

from __future__ import annotations

import pytest

from hdl_py.sv.contract.analysis import analyse
from hdl_py.sv.contract.elaborate import elaborate
from hdl_py.sv.contract.render import contract_lines
from hdl_py.sv.contract.verdict import judge
from hdl_py.sv.ports_elaborate import UnitSources
from hdl_py.text.source import SourceText
from tests.hdl_py.sv.contract.casefile import Case, read_cases

CASES = read_cases()


def found(case: Case) -> list[str]:
    """What the analysis says of a case, in the form of `expect`."""
    analysis = analyse(elaborate([UnitSources((SourceText("case.sv", case.source.encode()),))], "dut"))
    verdict = judge(analysis)
    widths = {p.name: analysis.graph.variables.width(p.var) for p in analysis.unit.ports}
    lines = contract_lines(verdict.contract, widths)
    return lines + [f"cause {c.code} {c.position.line if c.position else 0}" for c in verdict.causes]


def test_there_are_cases() -> None:
    assert len(CASES) >= 150
    assert len({c.name for c in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_case(case: Case) -> None:
    assert found(case) == list(case.expect)
