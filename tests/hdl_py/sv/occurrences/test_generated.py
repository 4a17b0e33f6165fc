"""Generated designs: whatever is rewritten means what it meant, as slang reads it.

MANGLE_EXAMPLES=2000 runs more of them.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings

from hdl_py.mangle.engine import Request, mangle
from hdl_py.mangle.model import Core, Language
from hdl_py.sv.occurrences import SvFrontEnd
from tests.hdl_py.sv.occurrences import oracle
from tests.hdl_py.sv.occurrences.designs import designs

EXAMPLES = int(os.environ.get("MANGLE_EXAMPLES", "150"))
_seen = {"renamed": 0, "refused": 0}


@settings(max_examples=EXAMPLES, deadline=None, derandomize=EXAMPLES == 150, suppress_health_check=list(HealthCheck))
@given(designs())
def test_a_generated_design_keeps_its_meaning(cores: tuple[Core, ...]) -> None:
    outcome = mangle(Request(cores), {Language.SYSTEMVERILOG: SvFrontEnd()})
    if outcome.refusals:
        _seen["refused"] += 1
        assert outcome.cores == ()
        return
    _seen["renamed"] += 1
    new_names = {d.name: new for d, new in outcome.plan.renames.items() if d.core.version == "1.0.0"}
    oracle.check_same_design(cores, outcome.cores, new_names)


def test_enough_designs_were_renamed() -> None:
    assert _seen["renamed"] >= EXAMPLES // 5, _seen
