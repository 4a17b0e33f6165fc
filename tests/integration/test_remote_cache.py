"""A remote cache: who builds the same elsewhere executes nothing, and a clean machine only what an edit concerns."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration import remote_cache
from tests.integration.bazel import Outcome, Workspace, simulate
from tests.integration.conftest import make_workspace
from tests.integration.test_output_bases import outputs

_RUNTIME = "@rules_sv//rules/runtime:verilated"

_HIT = "remote cache hit"

# Each kind of action that a simulator is made by; archives are made, instead of giving all objects to the linker.
_KINDS = {
    *("SvUnit", "SvDesign", "SvBoundary", "SvGather", "SvVerilate", "SvMessages", "SvMain"),
    *("CppCompile", "CppArchive", "CppLink"),
}

_OPTIONS = ("--nostart_end_lib", "--remote_download_outputs=all")


@dataclass(frozen=True)
class Machine:
    """A workspace whose builds may use a remote cache.

    Attributes:
        workspace: the workspace.
        files: the folder of the cache.
    """

    workspace: Workspace
    files: Path

    def build(self, *options: str, requests: int | None = None) -> Outcome:
        """Builds everything with the remote cache alone; it dies after so many `requests`."""
        with remote_cache.serve(self.files, requests=requests) as url:
            return self.workspace.succeed(
                "build", f"--remote_cache={url}", "--disk_cache=", *_OPTIONS, *options, "//..."
            )

    def printed(self) -> dict[str, list[str]]:
        """What the simulators print."""
        folder = self.workspace.bin()
        runs = {name: simulate(folder / name) for name in ("sim", "tb_sim")}
        for name, run in runs.items():
            assert run.code == 0, f"{name}: {run}"
            assert any(line.startswith("seen ") for line in run.lines()), f"{name}: {run}"
        return {name: sorted(line for line in run.lines() if line[:2] != "- ") for name, run in runs.items()}

    def forget(self) -> None:
        """Leaves nothing of what was built but the runtime library."""
        self.workspace.succeed("clean")
        self.workspace.succeed("build", *_OPTIONS, _RUNTIME)


def executed(outcome: Outcome) -> dict[str, set[str]]:
    """The targets for which something was executed on the machine itself, by mnemonic."""
    found: dict[str, set[str]] = {}
    for spawn in outcome.spawns:
        if spawn.runner != _HIT:
            found.setdefault(spawn.mnemonic, set()).add(spawn.label)
    return found


@pytest.fixture(scope="module")
def first(root: Path) -> Iterator[Machine]:
    """The machine that fills the cache."""
    files = root / "remote_cache"
    shutil.rmtree(files, ignore_errors=True)
    machine = Machine(make_workspace(root, "remote", "separate"), files)
    for _ in range(2):  # the second time out of the disk cache, as on the other machine, whatever ran before
        machine.forget()
    outcome = machine.build()
    assert executed(outcome).keys() >= _KINDS
    assert remote_cache.kept(files) >= len(outcome.spawns)
    yield machine
    machine.workspace.bazel("shutdown")


@pytest.fixture(scope="module")
def second(root: Path, first: Machine) -> Iterator[Machine]:
    """A machine of somebody else, who has the same files elsewhere."""
    workspace = make_workspace(root, "elsewhere/a place with a space/copy", "separate")
    workspace.user = remote_cache.another_user(root / "elsewhere/home")
    yield Machine(workspace, first.files)
    workspace.bazel("shutdown")


def test_two_folders_and_users_make_the_same_bytes(first: Machine, second: Machine) -> None:
    second.forget()
    outcome = second.workspace.succeed("build", "--disk_cache=", *_OPTIONS, "//...")
    assert executed(outcome).keys() >= _KINDS
    assert not outcome.runners.keys() & {"disk cache hit", _HIT}
    one, two = outputs(first.workspace.bin()), outputs(second.workspace.bin())
    assert any(name.startswith("leaf.boundary/none/closure/") for name in one)
    assert any(name.endswith("set1.a") for name in one), sorted(one)
    for name in ("sim", "leaf.boundary/none/leaf.view.sv", "leaf.boundary/none/report.json", "sim.model.sources/order"):
        assert name in one, sorted(one)
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []


def test_another_folder_user_and_home_execute_nothing(first: Machine, second: Machine) -> None:
    second.forget()
    outcome = second.build()
    assert executed(outcome) == {}
    assert {spawn.mnemonic for spawn in outcome.spawns} >= _KINDS
    assert second.printed() == first.printed()


def test_a_comment_costs_a_clean_machine_its_units_check(first: Machine, second: Machine) -> None:
    before = second.printed()
    second.forget()
    second.workspace.edit("rtl/leaf.sv", "// What every", "// One more line.\n// What every")
    try:
        done = executed(second.build())
        assert done.pop("SvUnit") == {"//:leaf", "//:pair", "//:soc"}
        assert done.keys() <= {"SvDesign", "SvMessages"}
        assert second.printed() == before
    finally:
        second.workspace.edit("rtl/leaf.sv", "// One more line.\n", "")


def test_a_cache_that_dies_in_the_middle_of_a_build_leaves_a_right_one(first: Machine, second: Machine) -> None:
    # How many requests are half of a build depends on how many files its first actions have.
    for requests in (200, 400):
        second.forget()
        outcome = second.build(requests=requests)
        if outcome.runners.get(_HIT, 0) > 0:
            break
    assert outcome.runners.get(_HIT, 0) > 0
    assert executed(outcome) != {}
    assert second.printed() == first.printed()
