"""Random designs of units, in all forms, against the monolithic model after every evaluation.

`SV_EQUIVALENCE_DESIGNS=10000 python -m pytest tests/equivalence/test_random_designs.py` runs as many designs.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hdl_py.sv.contract.causes import Contract
from tests.equivalence.bench import Design, Runtime, Unit, compared, step
from tests.equivalence.designs import PORTS, contracts, random_design

COUNT = int(os.environ.get("SV_EQUIVALENCE_DESIGNS", "5"))
STEPS = 3000


@settings(
    max_examples=COUNT,
    deadline=None,
    derandomize="SV_EQUIVALENCE_DESIGNS" not in os.environ,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 2**32 - 1))
def test_no_design_differs(runtime: Runtime, seed: int) -> None:
    design = random_design(Random(seed))
    folder = Path(tempfile.mkdtemp(prefix="design_"))
    try:
        assert compared(design, folder, runtime, STEPS, seed) == f"steps {STEPS}\n", design
    finally:
        shutil.rmtree(folder)


def test_the_generator_makes_every_contract() -> None:
    found = set().union(*(contracts(random_design(Random(seed))) for seed in range(50)))
    assert found == {Contract.STEP, Contract.COMB, Contract.GENERAL}


def test_a_wrong_contract_is_noticed(tmp_path: Path, runtime: Runtime) -> None:
    body = "logic [7:0] r; always_ff @(posedge clk) r <= r + y; assign p = r; assign q = r ^ x;"
    unit = Unit("leaf", f"module leaf({PORTS}); {body} endmodule\n", step())
    top = (
        "module top(input logic clk, clk2, rst_n, input logic [7:0] a, b, output logic [15:0] seen);"
        " leaf u(clk, clk2, rst_n, a, b, seen[7:0], seen[15:8]); endmodule\n"
    )
    assert "differs" in compared(Design(top, (unit,)), tmp_path, runtime, 100, 1)
    right = replace(unit, contract=step(cones={("x",): ["q"]}))
    (tmp_path / "right").mkdir()
    assert compared(Design(top, (right,)), tmp_path / "right", runtime, 100, 1) == "steps 100\n"
