"""bazelw killed in the middle, started twice, and on machines in trouble.

Everything runs against the make-believe Debian of fake_debian.py. BAZELW_TEST_KILLS=N sets how many moments
between two steps are tried; the default keeps this short.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

import tools.bazel.provision
from tests.tools.bazel.fake_debian import GHDL_STEPS, ORPHAN_S, PACKAGES, SERVED, STEPS, Machine

RULES_SV = Path(tools.bazel.provision.__file__).absolute().parents[2]
KILLS = int(os.environ.get("BAZELW_TEST_KILLS", "4"))


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path, RULES_SV)


@pytest.fixture(scope="module")
def whole_s(tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long an undisturbed call takes, in seconds."""
    machine = Machine(tmp_path_factory.mktemp("clock"), RULES_SV)
    begin = time.monotonic()
    assert machine.run("build").returncode == 0
    return time.monotonic() - begin


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    machine = Machine(tmp_path_factory.mktemp("undisturbed"), RULES_SV)
    done = machine.run("build", "//:x")
    assert done.returncode == 0, done.stderr
    return machine


def check_complete(machine: Machine, undisturbed: Machine) -> None:
    """The installation is what an undisturbed call makes, and nothing half-made is left."""
    expected = undisturbed.installation()
    assert "usr/bin/bazel" in expected
    prefix, other = str(machine.cache).encode().hex(), str(undisturbed.cache).encode().hex()
    assert {name: text.replace(prefix, other) for name, text in machine.installation().items()} == expected
    assert machine.ghdl() == undisturbed.ghdl()
    left = {path.name for path in machine.cache.iterdir()}
    assert not [name for name in left if name.endswith(".new") or name == "debian" or name.startswith("no-")]
    assert len([name for name in left if name.startswith("modules-")]) == 1


def test_an_undisturbed_call_says_what_it_does_and_runs_bazel(undisturbed: Machine, machine: Machine) -> None:
    done = machine.run("build", "//:x")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("fake bazel [--nosystem_rc] [--bazelrc=")
    assert done.stdout.endswith("@debian/bazelrc] [build] [//:x]\n")
    phases = ["providing", "reading the package index", "downloading 8 packages, 8 MB", "unpacking", "making", "ready"]
    places = [done.stderr.find(phase) for phase in phases]
    assert -1 not in places
    assert places == sorted(places)
    assert sorted(machine.steps) == sorted(STEPS)
    check_complete(machine, undisturbed)


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_the_next_call_goes_on(machine: Machine, undisturbed: Machine, step: str) -> None:
    killed = machine.run("build", FAKE_KILL=step)
    assert killed.returncode != 0
    assert "fake bazel" not in killed.stdout
    assert bool(list(machine.cache.glob("bazel-*[0-9]"))) == (step in GHDL_STEPS)
    assert machine.ghdl() == {}
    done = machine.run("build")  # at once: what the killed call started is still at work
    assert done.returncode == 0, done.stderr
    assert "another bazelw is at work" in done.stderr
    fetched = [line for line in machine.steps if line.startswith("fetch")]
    assert len(fetched) == len(set(fetched)) == len(PACKAGES) + len(SERVED), (
        "what was downloaded must not be downloaded again"
    )
    check_complete(machine, undisturbed)


@pytest.mark.parametrize("moment", range(KILLS))
@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda kill: kill.name)
def test_killed_at_any_moment_with_all_its_children(
    machine: Machine, undisturbed: Machine, whole_s: float, moment: int, kill: signal.Signals
) -> None:
    child = machine.start("build")
    time.sleep(whole_s * moment / KILLS)
    os.killpg(child.pid, kill)
    child.communicate(timeout=30)
    done = machine.run("build")
    assert done.returncode == 0, done.stderr
    assert "fake bazel" in done.stdout
    check_complete(machine, undisturbed)


def test_two_at_once_download_once(machine: Machine, undisturbed: Machine) -> None:
    children = [machine.start("build", f"//:{number}") for number in range(3)]
    results = [(child.communicate(timeout=60), child.returncode) for child in children]
    for number, ((out, err), code) in enumerate(results):
        assert code == 0, err
        assert out.endswith(f"[//:{number}]\n")
    assert sorted(machine.steps) == sorted(STEPS)
    assert sum("another bazelw is at work" in err for (_, err), _ in results) == 2
    check_complete(machine, undisturbed)


@pytest.mark.parametrize(
    ("trouble", "message", "fix"),
    [
        ("network", "can't fetch the package index of Debian sid", "network"),
        ("unsigned", "its signature can't be verified", "debian-archive-keyring"),
        ("gone", "no such package: librust-tinyjson-dev", "BAZELW_DEBIAN_MIRROR"),
        ("newer", "has Bazel 8.5.0+ds-1; expected 7.7.1", "BAZELW_DEBIAN_MIRROR"),
        ("full", "no space left below", "BAZELW_CACHE"),
        ("unpack", "can't unpack", "BAZELW_CACHE"),
    ],
)
def test_trouble_is_named_with_what_mends_it(machine: Machine, trouble: str, message: str, fix: str) -> None:
    failed = machine.run("build", FAKE_APT=trouble)
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert message in failed.stderr
    assert fix in failed.stderr
    assert "Traceback" not in failed.stderr
    assert not list(machine.cache.glob("bazel-*"))
    assert machine.run("build").returncode == 0


def test_suite_that_moves_on_in_between_is_read_again(machine: Machine) -> None:
    done = machine.run("build", FAKE_APT="moved")
    assert done.returncode == 0, done.stderr
    assert machine.steps.count("update") == 2


def test_mirror_that_is_out_of_date_is_used_with_a_warning(machine: Machine) -> None:
    done = machine.run("build", FAKE_APT="expired")
    assert done.returncode == 0, done.stderr
    assert "warning: " in done.stderr
    assert "invalid since 15d" in done.stderr


def test_machine_without_apt_is_told_what_to_do(machine: Machine) -> None:
    (machine.bin / "dpkg-deb").unlink()
    (machine.bin / "apt-get").unlink()
    for name in ("bash", "env", "python3", "sed", "readlink"):
        (machine.bin / name).symlink_to(f"/usr/bin/{name}" if Path(f"/usr/bin/{name}").exists() else f"/bin/{name}")
    failed = machine.run("build", PATH=str(machine.bin))
    assert failed.returncode == 1
    assert "no apt-get to get it with" in failed.stderr
    assert "bazelisk" in failed.stderr


def test_machine_without_a_keyring_is_told_which(machine: Machine) -> None:
    (machine.folder / "keyring").unlink()
    failed = machine.run("build")
    assert failed.returncode == 1
    assert f"no Debian keyring: expected {machine.folder}/keyring" in failed.stderr


def test_cache_that_can_not_be_written_is_named(machine: Machine) -> None:
    machine.cache.write_text("a file where a folder should be")
    failed = machine.run("build")
    assert failed.returncode == 1
    assert str(machine.cache) in failed.stderr
    assert "BAZELW_CACHE" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_orphans_are_waited_for(machine: Machine) -> None:
    machine.run("build", FAKE_KILL="unpack bazel-bootstrap")
    begin = time.monotonic()
    done = machine.run("build")
    assert done.returncode == 0, done.stderr
    assert time.monotonic() - begin > ORPHAN_S / 4
