"""The contract's JSON: stable, complete, and refused where it is something else."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdl_py.errors import HdlError
from hdl_py.sv.contract.bits import mask_of, ranges
from hdl_py.sv.contract.causes import RULES, Contract
from hdl_py.sv.contract.model import Clock, Cone, Reset, UnitContract, contract_from_json
from tests.hdl_py.sv.contract.casefile import read_cases

NAMES = st.sampled_from(["clk", "a", "bus_i", "x$y", "\N{LATIN SMALL LETTER E WITH ACUTE}"])
MASKS = st.integers(1, 2**70 - 1)
BITS = st.lists(st.tuples(NAMES, MASKS.map(ranges)), max_size=3).map(tuple)
CONTRACTS = st.builds(
    UnitContract,
    module=NAMES,
    parameters=st.lists(st.tuples(NAMES, st.text(max_size=8)), max_size=2).map(tuple),
    contract=st.sampled_from(list(Contract)),
    clocks=st.lists(
        st.builds(Clock, NAMES, st.integers(0, 9), st.sampled_from(["posedge", "negedge", "edge"])), max_size=2
    ).map(tuple),
    resets=st.lists(
        st.builds(Reset, NAMES, st.integers(0, 9), st.sampled_from(["high", "low", "both"])), max_size=2
    ).map(tuple),
    settle=st.booleans(),
    other_edge=st.booleans(),
    gates=BITS,
    sampled=BITS,
    samples=st.booleans(),
    recall=st.sampled_from([(), ("gates",), ("gates", "prints")]),
    starts=st.booleans(),
    cones=st.lists(st.builds(Cone, BITS, BITS), max_size=2).map(tuple),
    effects=BITS,
)


@given(CONTRACTS)
def test_there_and_back(contract: UnitContract) -> None:
    assert contract_from_json(contract.to_json(), "c.json") == contract


@given(st.integers(0, 2**200 - 1))
def test_ranges_there_and_back(mask: int) -> None:
    found = ranges(mask)
    assert mask_of(found) == mask
    assert all(high >= low for high, low in found)
    # Runs are as long as they can be, highest first.
    assert all(a[1] > b[0] + 1 for a, b in pairwise(found))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 1}', '{"format": 4, "module": "m"}', "null", '{"format":']
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(HdlError) as caught:
        contract_from_json(text, "x.json")
    (problem,) = caught.value.diagnostics
    assert problem.render().startswith("x.json: error: this is no contract of format 4")
    assert "build the library again" in problem.fix


def test_every_rule_has_a_sentence_and_a_mend() -> None:
    assert len(RULES) > 40
    for code, rule in RULES.items():
        assert code == code.lower()
        assert rule.mend
        assert rule.text.format("X")


_PROGRAM = """
import sys
from tests.hdl_py.sv.contract.analysing import judged
from hdl_py.sv.contract.render import report_json
for source in sys.stdin.read().split("\\0"):
    print(report_json(judged(source), {}), end="")
"""


def test_every_run_gives_the_same_bytes() -> None:
    text = "\0".join(c.source for c in read_cases())
    root = Path(__file__).resolve().parents[4]
    outputs = set()
    for seed in ("0", "1", "77"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join([str(root), *sys.path])}
        done = subprocess.run(
            [sys.executable, "-c", _PROGRAM], input=text, capture_output=True, text=True, env=environment, check=False
        )
        assert done.returncode == 0, done.stderr
        outputs.add(done.stdout)
    assert len(outputs) == 1
    assert outputs.pop().count('"format"') >= 2 * 150
