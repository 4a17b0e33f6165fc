"""Analyses texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hdl_py.sv.contract.analysis import Analysis, analyse
from hdl_py.sv.contract.elaborate import elaborate
from hdl_py.sv.contract.model import UnitContract
from hdl_py.sv.contract.verdict import Verdict, judge
from hdl_py.sv.ports_elaborate import UnitSources
from hdl_py.text.source import SourceText


def analysed(
    source: str,
    top: str = "dut",
    children: Mapping[str, Sequence[UnitContract]] | None = None,
    parameters: Mapping[str, str] | None = None,
) -> Analysis:
    """The analysis of one text as one unit."""
    unit = UnitSources((SourceText("case.sv", source.encode()),))
    return analyse(elaborate([unit], top, parameters), children)


def judged(source: str, top: str = "dut", children: Mapping[str, Sequence[UnitContract]] | None = None) -> Verdict:
    """The verdict on one text."""
    return judge(analysed(source, top, children))
