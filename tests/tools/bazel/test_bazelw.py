"""The launcher: which Bazel it starts, from where, and when it thinks anew."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

import tools.bazel.provision
from tests.tools.bazel.fake_debian import Machine

RULES_SV = Path(tools.bazel.provision.__file__).absolute().parents[2]
OWN = """\
echo "$@" >>"{log}"
case "$*" in
  --version) echo "Bazelisk version: v1"; echo "bazel {version}" ;;
  *"mod graph"*) {graph} ;;
  *) printf own; printf ' [%s]' "$@"; echo ;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path, RULES_SV)


def put_own(machine: Machine, name: str = "bazelisk", version: str = "7.7.1", graph: str = "echo platforms@1") -> Path:
    """Gives the machine a Bazel of its own; what it is asked goes to the file `asked`."""
    return machine.program(name, OWN.format(log=machine.folder / "asked", version=version, graph=graph))


def asked(machine: Machine) -> list[str]:
    file = machine.folder / "asked"
    return file.read_text().splitlines() if file.exists() else []


def bazelrc(machine: Machine, mode: str = "debian") -> str:
    return (machine.cache / f"workspaces{machine.workspace}/@{mode}/bazelrc").read_text()


def ok(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_arguments_arrive_unchanged(machine: Machine) -> None:
    out = ok(machine.run("run", "//:x", "--", "a b", "", "$HOME", "*", "'\""))
    assert out.endswith("[run] [//:x] [--] [a b] [] [$HOME] [*] ['\"]\n")


def test_second_call_starts_no_python_and_writes_nothing(machine: Machine) -> None:
    ok(machine.run("build"))
    before = {path: path.stat().st_mtime_ns for path in machine.cache.rglob("*")}
    machine.program("python3", "echo python was started >&2; exit 1")
    out = machine.run("build")
    assert "fake bazel" in ok(out)
    assert out.stderr == ""
    assert {path: path.stat().st_mtime_ns for path in machine.cache.rglob("*")} == before


def test_version_is_that_of_the_installation(machine: Machine) -> None:
    assert ok(machine.run("--version")) == "bazel 7.7.1\n"


def test_modules_of_the_workspace_are_overridden(machine: Machine) -> None:
    ok(machine.run("build"))
    text = bazelrc(machine)
    assert f"common --override_module=rules_sv={machine.home}\n" in text
    assert "--override_module=rules_cc=" in text
    assert "--override_module=rules_rust=" not in text


def test_edit_of_a_module_file_counts_at_once_even_with_an_old_date(machine: Machine) -> None:
    ok(machine.run("build"))
    file = machine.workspace / "MODULE.bazel"
    old = file.stat()
    file.write_text('bazel_dep(name = "rules_sv")\nbazel_dep(name = "rules_rust")\n')
    os.utime(file, ns=(old.st_atime_ns, old.st_mtime_ns))
    ok(machine.run("build"))
    assert "--override_module=rules_rust=" in bazelrc(machine)


def test_edit_of_rules_sv_counts_too(machine: Machine) -> None:
    ok(machine.run("build"))
    before = bazelrc(machine)
    overlay = machine.home / "tools/bazel/overlay/lz4/BUILD.bazel.overlay"
    overlay.write_text(overlay.read_text() + "# edited\n")
    ok(machine.run("build"))
    assert bazelrc(machine) != before
    (modules,) = machine.cache.glob("modules-*")
    assert f"{modules}/" in bazelrc(machine), "what nothing uses any more is removed, what is used is not"


def test_modules_that_another_workspace_uses_stay(machine: Machine) -> None:
    other = machine.folder / "other"
    shutil.copytree(machine.workspace, other)
    subprocess.run([machine.home / "bazelw", "x"], cwd=other, env=machine.environment(), check=True)
    (machine.home / "tools/bazel/overlay/lz4/NEW").write_text("")
    ok(machine.run("build"))
    assert len(list(machine.cache.glob("modules-*"))) == 2


def test_module_without_a_package_is_named_and_nothing_runs(machine: Machine) -> None:
    (machine.workspace / "MODULE.bazel").write_text('bazel_dep(name = "rules_go", version = "0.50.1")\n')
    failed = machine.run("build")
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert f"{machine.workspace}/MODULE.bazel depends on the module 'rules_go'" in failed.stderr


def test_broken_module_file_is_reported_with_its_place(machine: Machine) -> None:
    (machine.workspace / "MODULE.bazel").write_text("bazel_dep(name = \n")
    failed = machine.run("build")
    assert failed.returncode == 1
    assert f"{machine.workspace}/MODULE.bazel:1:" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_subfolders_belong_to_the_workspace(machine: Machine) -> None:
    below = machine.workspace / "a/b"
    below.mkdir(parents=True)
    ok(machine.run("build"))
    done = subprocess.run([machine.home / "bazelw", "x"], cwd=below, env=machine.environment(), capture_output=True)
    assert str(machine.workspace).encode() + b"/@debian/bazelrc]" in done.stdout


def test_outside_of_a_workspace_there_are_no_overrides(machine: Machine) -> None:
    (machine.workspace / "MODULE.bazel").unlink()
    assert "fake bazel" in ok(machine.run("help"))
    assert "override" not in (machine.cache / "workspaces/@debian/bazelrc").read_text()


def test_workspaces_do_not_share_settings(machine: Machine) -> None:
    ok(machine.run("build"))
    inner = machine.workspace / "inner"
    inner.mkdir()
    (inner / "MODULE.bazel").write_text('bazel_dep(name = "rules_shell")\n')
    subprocess.run([machine.home / "bazelw", "x"], cwd=inner, env=machine.environment(), check=True)
    assert "rules_shell" not in bazelrc(machine)
    assert "rules_shell" in (machine.cache / f"workspaces{inner}/@debian/bazelrc").read_text()


def test_folders_with_spaces_and_quotes(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "it's a #1 folder", RULES_SV)
    assert "fake bazel" in ok(machine.run("build"))
    assert f'common "--override_module=rules_sv={machine.home}"' in bazelrc(machine)


# Copies


def copy_bazelw(machine: Machine) -> Path:
    return Path(shutil.copy(machine.home / "bazelw", machine.workspace / "bazelw"))


@pytest.mark.parametrize(
    "text",
    [
        'bazel_dep(name = "rules_sv")\nlocal_path_override(module_name = "rules_sv", path = "../rules_sv")\n',
        "local_path_override(\n    path = '../rules_sv',\n    module_name = 'rules_sv',\n)\n",
        'local_path_override(module_name = "x", path = "../x")\n'
        '# local_path_override(module_name = "rules_sv", path = "../old")\n'
        'local_path_override(module_name = "rules_sv", path = "../rules_sv")',
    ],
)
def test_copy_finds_rules_sv_by_the_override(machine: Machine, text: str) -> None:
    (machine.folder / "x").mkdir()
    (machine.workspace / "MODULE.bazel").write_text(text)
    assert "fake bazel" in ok(machine.run("build", bazelw=copy_bazelw(machine)))


def test_copy_finds_rules_sv_by_the_variable(machine: Machine) -> None:
    assert "fake bazel" in ok(machine.run("build", bazelw=copy_bazelw(machine), RULES_SV_DIR=str(machine.home)))


def test_copy_that_does_not_find_it_says_how_to_mend_that(machine: Machine) -> None:
    failed = machine.run("build", bazelw=copy_bazelw(machine))
    assert failed.returncode == 1
    assert "can't find rules_sv" in failed.stderr
    assert f"to {machine.workspace}/MODULE.bazel" in failed.stderr
    assert "RULES_SV_DIR" in failed.stderr


@pytest.mark.parametrize("folder", ["gone", "workspace"])
def test_wrong_folder_is_named(machine: Machine, folder: str) -> None:
    failed = machine.run("build", bazelw=copy_bazelw(machine), RULES_SV_DIR=str(machine.folder / folder))
    assert failed.returncode == 1
    assert str(machine.folder / folder) in failed.stderr


def test_copy_without_rules_sv_leaves_all_to_the_machines_bazel(machine: Machine) -> None:
    put_own(machine)
    assert ok(machine.run("build", "//:x", bazelw=copy_bazelw(machine), BAZELW="auto")) == "own [build] [//:x]\n"


def test_link_is_as_good_as_the_file(machine: Machine) -> None:
    link = machine.workspace / "bazelw"
    link.symlink_to("../rules_sv/bazelw")
    assert "fake bazel" in ok(machine.run("build", bazelw=link))


def test_a_machine_without_a_compiler_is_told_so_until_it_has_one(machine: Machine) -> None:
    path = _path_without_bazel(machine)
    line = "common --repo_env=BAZEL_DO_NOT_DETECT_CPP_TOOLCHAIN=1\n"
    ok(machine.run("build", PATH=path))
    assert line in bazelrc(machine)
    ok(machine.run("build", PATH=path, CC="clang-99"))
    assert line in bazelrc(machine)
    machine.program("clang-99", "")
    ok(machine.run("build", PATH=path, CC="clang-99"))
    assert line not in bazelrc(machine)
    ok(machine.run("build", PATH=path))
    assert line in bazelrc(machine)
    machine.program("gcc", "")
    ok(machine.run("build", PATH=path))
    assert line not in bazelrc(machine)


# Handing over


def test_own_bazel_that_reaches_a_registry_is_used_and_asked_once(machine: Machine) -> None:
    put_own(machine)
    for _ in range(2):
        out = ok(machine.run("build", "//:x", BAZELW="auto"))
        assert out.startswith("own [--bazelrc=")
        assert out.endswith("[build] [//:x]\n")
    assert sum("mod graph" in line for line in asked(machine)) == 1
    assert not list(machine.cache.glob("bazel-*"))
    assert machine.steps == []


@pytest.mark.parametrize(
    "own",
    [
        {"graph": "exit 1"},
        {"graph": "true"},
        {"version": "4.2.3"},
        {"version": "7.7.10"},
    ],
    ids=str,
)
def test_own_bazel_that_is_of_no_use_is_asked_once_and_replaced(machine: Machine, own: dict[str, str]) -> None:
    put_own(machine, **own)
    for _ in range(2):
        assert "fake bazel" in ok(machine.run("build", BAZELW="auto"))
    assert asked(machine).count("--version") == 1


def test_decision_is_thought_over_when_another_bazel_appears(machine: Machine) -> None:
    put_own(machine, "bazel", graph="exit 1")
    assert "fake bazel" in ok(machine.run("build", BAZELW="auto"))
    put_own(machine, "bazelisk")
    assert ok(machine.run("build", BAZELW="auto")).startswith("own ")


def test_decision_expires(machine: Machine) -> None:
    put_own(machine)
    ok(machine.run("build", BAZELW="auto"))
    launch = machine.cache / f"workspaces{machine.workspace}/@auto/launch"
    lines = launch.read_text().splitlines()
    assert int(lines[0]) > 1_700_000_000
    launch.write_text("\n".join(["1000000000", *lines[1:]]) + "\n")
    ok(machine.run("build", BAZELW="auto"))
    assert sum("mod graph" in line for line in asked(machine)) == 2


def test_system_is_taken_unasked(machine: Machine) -> None:
    put_own(machine, graph="exit 1")
    assert ok(machine.run("build", BAZELW="system")).startswith("own ")
    assert not [line for line in asked(machine) if "mod graph" in line]


def test_system_without_a_bazel_is_an_error(machine: Machine) -> None:
    failed = machine.run("build", BAZELW="system", PATH=_path_without_bazel(machine))
    assert failed.returncode == 1
    assert "neither bazelisk nor bazel is on PATH" in failed.stderr


def test_debian_leaves_the_machines_bazel_alone(machine: Machine) -> None:
    put_own(machine)
    assert "fake bazel" in ok(machine.run("build", BAZELW="debian"))
    assert asked(machine) == []


def test_unknown_wish_is_an_error(machine: Machine) -> None:
    failed = machine.run("build", BAZELW="debain")
    assert failed.returncode == 1
    assert "BAZELW is 'debain'; expected auto, system or debian" in failed.stderr


def test_bazelw_that_goes_by_the_name_of_bazel_does_not_start_itself(machine: Machine) -> None:
    (machine.bin / "bazel").symlink_to(machine.home / "bazelw")
    assert "fake bazel" in ok(machine.run("build", BAZELW="auto", PATH=_path_without_bazel(machine)))


@pytest.mark.parametrize(
    ("text", "overridden"),
    [('bazel_dep(name = "rules_sv")', True), ('bazel_dep(name = "rules_sv", version = "0.1.0")', False)],
)
def test_own_bazel_gets_this_rules_sv_where_no_version_is_asked_for(
    machine: Machine, text: str, overridden: bool
) -> None:
    put_own(machine)
    (machine.workspace / "MODULE.bazel").write_text(text)
    ok(machine.run("build", BAZELW="system"))
    assert (f"--override_module=rules_sv={machine.home}" in bazelrc(machine, "system")) is overridden
    assert "rules_cc" not in bazelrc(machine, "system")


def test_other_bazelversion_is_warned_of(machine: Machine) -> None:
    (machine.workspace / ".bazelversion").write_text("8.1.0\n")
    assert ".bazelversion asks for 8.1.0" in machine.run("build").stderr


def _path_without_bazel(machine: Machine) -> str:
    """A PATH with the make-believe programs and what bazelw needs, whatever this machine has beside them."""
    for name in ("bash", "env", "python3", "readlink"):
        link = machine.bin / name
        if not link.exists():
            link.symlink_to(shutil.which(name, path="/usr/bin:/bin") or f"/usr/bin/{name}")
    return str(machine.bin)
