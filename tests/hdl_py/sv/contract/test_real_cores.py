"""Real processors: their contracts, as many pairs as are known, and none missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_py.sv.contract.analysis import Analysis, analyse
from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.cones import exact_cones
from hdl_py.sv.contract.elaborate import elaborate
from hdl_py.sv.contract.model import Clock, Cone, Reset
from hdl_py.sv.contract.verdict import judge
from hdl_py.sv.contract.worth import size_of, worth
from tests.hdl_py.sv.contract.brute import FULL, Brute, Probe
from tests.hdl_py.sv.contract.cores import CORES, Core

_ANALYSES: dict[str, Analysis] = {}


def analysed(core: Core) -> Analysis:
    """The core's analysis, made once."""
    if core.name not in _ANALYSES:
        _ANALYSES[core.name] = analyse(elaborate(core.units(), "cpu"))
    return _ANALYSES[core.name]


def pairs(cones: tuple[Cone, ...]) -> set[tuple[str, str]]:
    """The ports that follow each other, as (input, output)."""
    return {(i, o) for cone in cones for i, _ in cone.inputs for o, _ in cone.outputs}


@pytest.mark.parametrize("core", CORES, ids=lambda c: c.name)
def test_contract(core: Core) -> None:
    verdict = judge(analysed(core))
    contract = verdict.contract
    assert verdict.causes == ()
    assert contract.contract is Contract.STEP
    assert contract.clocks == (Clock(core.clock, 0, "posedge"),)
    level = "high" if core.active else "low"
    assert contract.resets == ((Reset(core.reset, 0, level),) if core.asynchronous else ())
    assert contract.settle == core.settle
    assert worth(contract, size_of(analysed(core))).separate


@pytest.mark.parametrize("core", CORES, ids=lambda c: c.name)
def test_no_more_pairs_than_known(core: Core) -> None:
    found = pairs(exact_cones(analysed(core)))
    assert core.seen <= len(found) <= core.pairs
    # The contract's cones may be coarser in bits, never in ports.
    assert pairs(judge(analysed(core)).contract.cones) == found


@pytest.mark.parametrize("core", [c for c in CORES if FULL > 1 or c.quick], ids=lambda c: c.name)
def test_brute_force(core: Core, tmp_path: Path) -> None:
    wrapper = tmp_path / "wrapper.sv"
    wrapper.write_text(core.extra + core.wrapper())
    probe = Probe(
        core.name,
        "",
        "cpu",
        files=[*core.paths(), wrapper],
        options=[f"-I{folder}" for folder in core.include_dirs()],
        rare=[(core.reset, 1 - core.active)],
    )
    probe.judge(analysed(core))
    brute = Brute(tmp_path, [probe])
    found = brute.run("pairs", 200, 20)
    assert found.get("PAIR", []) == []
    seen = {(i, o) for _, i, o in found["SEEN"]}
    assert seen <= pairs(exact_cones(analysed(core)))
    assert len(seen) >= core.seen // 4
    driven = brute.run("drive", 3, 1000)
    assert driven.get("DIFFERS", []) == []
    assert int(driven["COMPARED"][0][0]) > 100_000
