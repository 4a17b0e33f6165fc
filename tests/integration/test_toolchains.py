"""Machines without compilers: what users are told, and that the build goes on once they are there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.bazel import Workspace
from tests.integration.conftest import make_workspace

_C = re.compile(r"(.*-)?(gcc|g\+\+|cc|c\+\+|c[89]9|c[89]9-gcc|clang|clang\+\+)(-[0-9.]+)?")
_RUST = re.compile(r"(rust|cargo).*")


@pytest.fixture(scope="module")
def bare(root: Path) -> Iterator[Workspace]:
    """The workspace with Rust crates, in which no crate is ever built."""
    workspace = make_workspace(root, "bare", "rust")
    if not workspace.succeed("info", "install_base").out.strip().endswith("/usr/share/bazel"):
        pytest.skip("the machine's own Bazel, whose toolchains come from a registry")
    yield workspace
    workspace.bazel("shutdown")


def _install(folder: Path, wanted: Callable[[str], object]) -> None:
    """Puts the programs of PATH whose names are wanted into a folder."""
    folder.mkdir(exist_ok=True)
    for place in map(Path, os.environ["PATH"].split(":")):
        for program in sorted(place.iterdir()) if place.is_dir() else []:
            link = folder / program.name
            if wanted(program.name) and not link.is_symlink():
                link.symlink_to(program)


def _path_without(folder: Path, *names: re.Pattern[str]) -> Path:
    """A new folder with all programs of PATH but those of these names."""
    shutil.rmtree(folder, ignore_errors=True)
    _install(folder, lambda name: not any(pattern.fullmatch(name) for pattern in names))
    return folder


def _refused(workspace: Workspace, target: str, **environment: str) -> str:
    outcome = workspace.bazel("build", "--nobuild", target, environment=environment)
    assert outcome.code == 1, outcome.err
    assert f"Analysis of target '{target}' failed" in outcome.err, "while it is analyzed, before anything is built"
    assert outcome.err.count("Traceback") == 1, f"Bazel's own, of the message alone\n{outcome.err}"
    return outcome.err


@pytest.mark.parametrize("target", ["//:scale_crate.model", "//:scale_crate", "//:program"])
def test_without_a_compiler_of_cxx(bare: Workspace, root: Path, target: str) -> None:
    path = _path_without(root / "without_cxx", _C)
    said = _refused(bare, target, PATH=str(path))
    assert "no C++ compiler: there is no gcc on PATH. Install it (Debian: apt-get install g++)" in said


def test_with_a_cc_that_is_not_there(bare: Workspace) -> None:
    said = _refused(bare, "//:program", CC="/nowhere/cc")
    assert "no C++ compiler: CC=/nowhere/cc names no program. Correct it, or unset it for gcc" in said


def test_where_bazel_may_not_look_for_a_compiler(bare: Workspace) -> None:
    said = _refused(bare, "//:program", BAZEL_DO_NOT_DETECT_CPP_TOOLCHAIN="1")
    assert "BAZEL_DO_NOT_DETECT_CPP_TOOLCHAIN=1 keeps Bazel from looking for one. Unset it" in said
    assert "or register a C++ toolchain with register_toolchains in MODULE.bazel" in said


@pytest.mark.parametrize("target", ["//:scale_crate", "//:program"])
def test_without_rust(bare: Workspace, root: Path, target: str) -> None:
    path = _path_without(root / "without_rust", _RUST)
    said = _refused(bare, target, PATH=str(path))
    assert "no Rust compiler: there is no rustc on PATH. Install Rust 1.82 or newer, rustc and rustdoc" in said


def test_without_rust_the_model_and_the_crates_files_are_made(bare: Workspace, root: Path) -> None:
    path = _path_without(root / "without_rust", _RUST)
    outcome = bare.bazel(
        "build", "--nobuild", "//:scale_crate.model", "//:scale_crate.crate", environment={"PATH": str(path)}
    )
    assert outcome.code == 0, outcome.err


def test_a_rustc_that_does_not_run(bare: Workspace, root: Path) -> None:
    path = _path_without(root / "broken_rust", _RUST)
    (path / "rustc").write_text("#!/bin/sh\necho no default toolchain >&2\nexit 3\n")
    (path / "rustc").chmod(0o755)
    said = _refused(bare, "//:program", PATH=str(path))
    assert f"no Rust compiler: {path}/rustc --print sysroot ended with exit code 3: no default toolchain" in said


def test_a_rustc_that_is_too_old(bare: Workspace, root: Path) -> None:
    path = _path_without(root / "old_rust", _RUST)
    real = subprocess.run(["rustc", "--print", "sysroot"], capture_output=True, text=True, check=True).stdout.strip()
    sysroot = root / "old_sysroot"
    shutil.rmtree(sysroot, ignore_errors=True)
    (sysroot / "bin").mkdir(parents=True)
    (sysroot / "lib").symlink_to(Path(real, "lib"))
    rustc = sysroot / "bin/rustc"
    rustc.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo rustc 1.63.0 || echo {sysroot}\n')
    rustc.chmod(0o755)
    for name in ("bin/rustdoc", path / "rustc"):
        (sysroot / name).symlink_to(rustc)
    outcome = bare.bazel("build", "@rules_sv//rules/runtime/rust:rust_1_82", environment={"PATH": str(path)})
    assert outcome.code == 1, outcome.err
    assert "the Rust toolchain has rustc 1.63.0; 1.82 or newer is expected. Update Rust" in outcome.err
    assert "Traceback" not in outcome.err


def test_compilers_that_are_installed_are_found_at_once(bare: Workspace, root: Path) -> None:
    path = _path_without(root / "mended", _C, _RUST)
    _refused(bare, "//:program", PATH=str(path))
    _install(path, _C.fullmatch)
    assert "no Rust compiler" in _refused(bare, "//:program", PATH=str(path))
    _install(path, _RUST.fullmatch)
    outcome = bare.bazel("build", "--nobuild", "//:program", environment={"PATH": str(path)})
    assert outcome.code == 0, outcome.err
