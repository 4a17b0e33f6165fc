"""Verilator agrees with every case: no output follows an input unseen, and driving by contract changes nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.model import UnitContract
from tests.hdl_py.sv.contract.brute import Brute, Probe
from tests.hdl_py.sv.contract.casefile import read_cases


@pytest.fixture(scope="module")
def brute(tmp_path_factory: pytest.TempPathFactory) -> Brute:
    """One program with all cases."""
    folder: Path = tmp_path_factory.mktemp("cases")
    return Brute(folder, [Probe(c.name, c.source) for c in read_cases() if not c.why_not])


def test_no_pair_is_missed(brute: Brute) -> None:
    found = brute.run("pairs", 10, 20)
    assert found.get("PAIR", []) == []
    assert int(found["EVALUATIONS"][0][0]) > 100_000
    seen = {name for name, *_ in found["SEEN"]}
    expected = {p.name for p in brute.probes if p.exact()}
    # Nearly every case with a cone shows one; the rest have states that random inputs seldom reach.
    assert len(expected - seen) <= 5, sorted(expected - seen)


def test_driving_by_contract_changes_nothing(brute: Brute) -> None:
    found = brute.run("drive", 10, 200)
    assert found.get("DIFFERS", []) == []
    assert int(found["COMPARED"][0][0]) > 500_000


WEAKER: dict[str, dict[str, object]] = {
    # What would go wrong if the analysis said less than it does. Settling for sampled values and for latches that
    # registers open isn't here: Verilator reads a bare model's inputs before its clock acts, a harness may not.
    "mealy_output": {"cones": ()},
    "gate_with_latch": {"settle": False},
    "asynchronous_reset_low": {"resets": ()},
    "gate_used_as_it_shuts": {"contract": Contract.STEP, "settle": True},
    "two_clocks": {"contract": Contract.STEP},
    "both_edges": {"contract": Contract.STEP},
    "latch_behind_a_register": {"contract": Contract.STEP},
    "latch": {"contract": Contract.COMB},
    "asynchronous_load": {"contract": Contract.STEP},
    "gate_without_latch": {"contract": Contract.STEP},
    "divided_clock_that_samples_an_input": {"contract": Contract.GENERAL},
    "gate_opened_by_a_register": {"contract": Contract.GENERAL},
    "reset_synchroniser_with_a_load": {"contract": Contract.GENERAL},
    "ripple_counter_with_enable": {"contract": Contract.GENERAL},
    "divided_clock_with_an_asynchronous_reset": {"contract": Contract.GENERAL},
    "latch_that_an_input_shuts_while_its_register_changes": {"contract": Contract.GENERAL},
    "latch_that_an_input_and_a_register_open": {"contract": Contract.GENERAL},
    "clock_of_an_input_and_a_register": {"contract": Contract.GENERAL},
    "latch_shut_by_an_asynchronous_reset": {"contract": Contract.STEP, "settle": True},
}


def test_the_harness_sees_contracts_that_promise_too_much(brute: Brute) -> None:
    claims: list[UnitContract] = []
    for probe in brute.probes:
        claim = probe.claims()
        change = WEAKER.get(probe.name)
        if change is None:
            claim = replace(claim, contract=Contract.MERGED)
        else:
            rising = tuple(replace(c, edge="posedge") if c.edge == "edge" else c for c in claim.clocks)
            claim = replace(claim, clocks=rising[:1] if change.get("contract") is Contract.STEP else rising)
            claim = replace(claim, **change)  # type: ignore[arg-type]
        claims.append(claim)
    found = brute.run("drive", 20, 400, claims)
    assert {name for name, *_ in found["DIFFERS"]} == set(WEAKER)


def test_the_harness_sees_missing_pairs(brute: Brute) -> None:
    claims = [replace(p.claims(), cones=()) for p in brute.probes]
    found = brute.run("pairs", 5, 20, claims)
    assert {"mealy_output", "gates", "latch"} <= {name for name, *_ in found["PAIR"]}
