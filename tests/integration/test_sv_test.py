"""`sv_test` under `bazel test`: what passes and fails, seeds, waveforms, plusargs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.integration.bazel import Workspace
from tests.integration.waves import read_vcd

_TESTS_FAILED = 3


def log(project: Workspace, run: str = "") -> str:
    """What the last run of //:tb_test said."""
    return (project.testlogs() / "tb_test" / run / "test.log").read_text()


def test_finish_passes_and_the_log_has_the_seed(project: Workspace, built: Path) -> None:
    outcome = project.succeed("test", "//:tb_test", "--nozip_undeclared_test_outputs")
    assert re.search(r"^//:tb_test +PASSED", outcome.out, re.MULTILINE)
    text = log(project)
    assert "seed 100\n" in text
    assert "word 3: beef." in text
    wave = read_vcd(project.testlogs() / "tb_test" / "test.outputs" / "tb.vcd")
    assert "tb.u_leaf.word" in wave.names
    assert wave.last == 40_000


@pytest.mark.parametrize(
    ("argument", "message"),
    [
        ("+how=fatal", "fatal on request"),
        ("+how=error", "error on request"),
        ("+how=stop", "Verilog $stop"),
        ("+how=starve", "nothing is left to happen"),
        ("--max-cycles=3", "no $finish within 3 cycles"),
        ("--nonsense", "unknown argument '--nonsense'"),
    ],
)
def test_all_else_fails(project: Workspace, built: Path, argument: str, message: str) -> None:
    outcome = project.bazel("test", "//:tb_test", f"--test_arg={argument}")
    assert outcome.code == _TESTS_FAILED, outcome.err
    assert message in log(project)


def test_each_run_has_a_seed_of_its_own(project: Workspace, built: Path) -> None:
    project.succeed("test", "//:tb_test", "--runs_per_test=3")
    logs = [log(project, f"run_{number}_of_3") for number in (1, 2, 3)]
    assert [re.findall(r"^seed (\d+)$", text, re.MULTILINE) for text in logs] == [["100"], ["101"], ["102"]]
    numbers = [re.findall(r"^random: (\d+)\.$", text, re.MULTILINE) for text in logs]
    assert len({*map(tuple, numbers)}) == 3
    assert all(len(found) == 1 for found in numbers)


def test_test_arg_carries_plusargs(project: Workspace, built: Path) -> None:
    project.succeed("test", "//:tb_test", "--test_arg=+text=x y's $z")
    assert "text: x y's $z." in log(project)


def test_a_run_with_the_same_seed_is_taken_from_the_cache(project: Workspace, built: Path) -> None:
    project.succeed("test", "//:tb_test")
    assert "(cached) PASSED" in project.succeed("test", "//:tb_test").out
