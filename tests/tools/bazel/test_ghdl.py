"""GHDL beside Bazel: provided, added to caches that are there, and done without."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

import tools.bazel.provision
from tests.tools.bazel.fake_debian import GHDL_STEPS, SERVED, TRIPLET, Machine
from tools.bazel import ghdl, launch
from tools.bazel.relocate import Layout

RULES_SV = Path(tools.bazel.provision.__file__).absolute().parents[2]
BAZEL = "bazel-7.7.1-amd64-1"

served = pytest.mark.skipif(not SERVED, reason="Debian has no ghdl-mcode for this machine's architecture")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path, RULES_SV)


def bazelrc(machine: Machine) -> str:
    return (machine.cache / f"workspaces{machine.workspace}/@debian/bazelrc").read_text()


def run(machine: Machine, **variables: str) -> str:
    """A call that must succeed; what it says to people."""
    done = machine.run("build", **variables)
    assert done.returncode == 0, done.stderr
    assert "fake bazel" in done.stdout
    return done.stderr


@served
def test_tree_runs_on_the_libraries_of_bazel(machine: Machine) -> None:
    patches = machine.folder / "patches"
    run(machine, FAKE_PATCHES=str(patches))
    files = machine.ghdl()
    assert files.pop("usr/bin/ghdl-mcode")
    assert files == {
        "usr/lib/ghdl/mcode/vhdl/src": "../../src",
        "usr/lib/ghdl/mcode/vhdl/std/v08/std-obj08.cf": b"v 4\n".hex(),
        "usr/lib/ghdl/src/std.vhdl": "",
    }, "documentation is dropped, links stay inside"
    (call,) = [line for line in patches.read_text().splitlines() if "ghdl" in line]
    (root,) = machine.cache.glob("bazel-*")
    libraries = root / "usr/lib" / TRIPLET
    assert f"--library-path {libraries} {root}/usr/bin/patchelf" in call
    assert f"--set-interpreter {libraries}/ld-linux-fake.so.2 --force-rpath" in call
    assert f"--set-rpath $ORIGIN/../lib/{TRIPLET}:{libraries} " in call


@served
def test_build_is_told_where_it_is(machine: Machine) -> None:
    run(machine)
    (program,) = machine.cache.glob("ghdl-*/usr/bin/ghdl-mcode")
    assert f"common --repo_env=RULES_SV_GHDL={program}\n" in bazelrc(machine)


@served
def test_cache_without_it_gets_it_and_bazel_is_not_fetched_again(machine: Machine) -> None:
    run(machine)
    (root,) = machine.cache.glob("ghdl-*")
    shutil.rmtree(root)
    shutil.rmtree(machine.cache / "workspaces")
    before = len(machine.steps)
    said = run(machine)
    assert sorted(machine.steps[before:]) == sorted(["update", *GHDL_STEPS])
    assert "downloading 2 packages, 2 MB" in said
    assert machine.ghdl()
    assert not (machine.cache / "debian").exists()


@served
@pytest.mark.parametrize(
    ("trouble", "message"),
    [
        ("ghdl-gone", "no such package"),
        ("ghdl-plan", "can't provide ghdl-mcode"),
        ("ghdl-full", "no space left"),
        ("ghdl-unpack", "can't unpack ghdl-"),
        ("ghdl-broken", "does not run on the libraries of"),
    ],
)
def test_bazel_runs_where_ghdl_can_not_be_had(machine: Machine, trouble: str, message: str) -> None:
    said = run(machine, FAKE_APT=trouble)
    assert "warning: there is no GHDL for machines without one: " in said
    assert message in said
    assert "Traceback" not in said
    assert machine.ghdl() == {}
    assert "GHDL" not in bazelrc(machine)
    assert not [path.name for path in machine.cache.iterdir() if path.name.endswith(".new") or path.name == "debian"]


@served
def test_failure_is_not_repeated_at_each_call(machine: Machine) -> None:
    run(machine, FAKE_APT="ghdl-gone")
    steps = list(machine.steps)
    assert run(machine) == ""
    module = machine.workspace / "MODULE.bazel"
    module.write_text(module.read_text() + "# edited\n")
    assert "warning" not in run(machine)
    assert machine.steps == steps


@served
def test_failure_is_mended_once_its_file_is_gone(machine: Machine) -> None:
    said = run(machine, FAKE_APT="ghdl-gone")
    (excuse,) = machine.cache.glob("no-ghdl-*")
    assert f"once {excuse} is removed" in said
    excuse.unlink()
    run(machine)
    assert machine.ghdl()


@served
@pytest.mark.parametrize("content", ["1000000000\nold\n", "", "not a number"])
def test_failure_is_forgotten_after_its_day_or_when_it_is_unreadable(machine: Machine, content: str) -> None:
    run(machine, FAKE_APT="ghdl-gone")
    (excuse,) = machine.cache.glob("no-ghdl-*")
    until = int((machine.cache / f"workspaces{machine.workspace}/@debian/launch").read_text().splitlines()[0])
    assert abs(until - time.time() - 86_400) < 600
    excuse.write_text(content)
    run(machine)
    assert machine.ghdl()
    assert not excuse.exists()


@served
def test_interrupted_attempt_leaves_nothing_in_the_way(machine: Machine) -> None:
    run(machine)
    (root,) = machine.cache.glob("ghdl-*")
    (root / "usr/bin/ghdl-mcode").rename(root / "elsewhere")
    root.with_name(f"{root.name}.new").mkdir()
    root.with_name(f"{root.name}.new").joinpath("rest").write_text("")
    shutil.rmtree(machine.cache / "workspaces")
    run(machine)
    assert "usr/bin/ghdl-mcode" in machine.ghdl()
    assert "elsewhere" not in machine.ghdl()
    assert "rest" not in machine.ghdl()


def test_trees_of_other_installations_are_others(tmp_path: Path) -> None:
    trees = {ghdl.tree(Layout(tmp_path / name, TRIPLET)).root for name in (BAZEL, "bazel-7.7.1-amd64-2")}
    assert len(trees) == 2
    assert not any(tree.name.startswith("bazel-") for tree in trees)


def test_architecture_without_a_package_goes_without(tmp_path: Path) -> None:
    bazel = Layout(tmp_path / BAZEL, "aarch64-linux-gnu")
    assert ghdl.ensure(bazel, archive=None) is None  # type: ignore[arg-type]
    assert ghdl.retry_at(bazel) == launch.FOREVER
    assert list(tmp_path.iterdir()) == []
