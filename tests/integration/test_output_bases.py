"""The smallest project: only rules_sv in MODULE.bazel. Two copies of it give the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.bazel import Workspace, simulate
from tests.integration.conftest import make_workspace


@pytest.fixture(scope="module")
def first(root: Path) -> Iterator[Workspace]:
    workspace = make_workspace(root, "smallest", "smallest")
    yield workspace
    workspace.bazel("shutdown")


def test_it_builds_runs_and_is_tested(first: Workspace) -> None:
    outcome = first.succeed("run", "//:sim", "--", "--cycles=50")
    assert outcome.out == "count = 45\n"  # five of them in reset
    assert "simulated 50 cycles in " in outcome.err
    tested = first.succeed("test", "//...")
    assert "//:counter_test" in tested.out
    assert "1 test passes" in tested.out


def test_outputs_of_two_output_bases_are_the_same_bytes(first: Workspace, root: Path) -> None:
    runtime = "@rules_sv//rules/runtime:verilated"
    first.succeed("build", "--remote_download_outputs=all", runtime, "//...")
    second = make_workspace(root, "another/place with a space/copy", "smallest")
    try:
        # The runtime library is Verilator's own and takes long: only what is ours is made anew.
        second.succeed("build", "--remote_download_outputs=all", runtime)
        second.disk_cache = None
        outcome = second.succeed("build", "//...")
        assert outcome.runners.get("disk cache hit", 0) == 0
        assert outcome.mnemonics()["SvVerilate"] == 1
        one, two = outputs(first.bin()), outputs(second.bin())
        for name in ("sim", "sim.main.cpp", "counter.unit.sv", "counter.svi", "counter.unit.json", "counter.unit.map"):
            assert name in one
        assert any(name.endswith(".o") for name in one)
        assert any(name.startswith("sim.model.hdrs/") for name in one)
        assert one.keys() == two.keys()
        assert [name for name in one if one[name] != two[name]] == []
    finally:
        second.bazel("shutdown")


def outputs(folder: Path) -> dict[str, str]:
    """What rules_sv made in a folder of outputs: digests of contents by path.

    Runfiles are links to what is compared anyway, and their manifests list absolute paths: that is
    Bazel's way.
    """
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and ".runfiles" not in name:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def test_the_waveform_of_a_finished_run_is_not_needed(first: Workspace) -> None:
    """A simulator without waveforms says how to get one."""
    run = simulate(first.bin() / "sim", "--cycles=5", "--trace=x.vcd")
    assert run.code == 2
    assert 'this simulator writes no waveforms. Set trace = "fst" or "vcd" on //:sim' in run.err
