"""Crates that the tests share: made once, kept in pytest's cache, and made again only where an input changed.

Under Bazel, $FFI_CRATES is the folder of a verilated_manifest, and stands for them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).absolute().parents[3]
sys.path.insert(0, str(ROOT))

from tests.rust import widths  # noqa: E402
from tools.ffi_native import Toolchain, find_toolchain  # noqa: E402

Program = Callable[..., subprocess.CompletedProcess[str]]

QUICK = bool(os.environ.get("FFI_QUICK"))
"""Under Bazel: fewer crates, and a compiler that is fast rather than its code."""

slow = pytest.mark.skipif(QUICK, reason="by hand: python -m pytest tests/tools/ffi_crate")

FLAGS = ("--cxxflag=-O0",) if QUICK else ()
"""For every build."""

_SLOW = ("counter", "delays", "kinds", "threads", "widths") if QUICK else ()
_QUICK_CRATES = ("events", "counter100")


def require_cargo() -> None:
    """Says what is missing, rather than that some program can't be run."""
    if shutil.which("cargo") is None:
        pytest.fail(
            "this machine has no cargo, which these tests run crates with outside of Bazel. Install it beside rustc, "
            "or leave the tests out: --test_tag_filters=-requires-cargo",
            pytrace=False,
        )


def ffi_crate(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the program under test in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "tools.ffi_crate", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]), **environment},
        check=False,
    )


@dataclass(frozen=True)
class Workspace:
    """The shared crates beside the Rust tests of them.

    Attributes:
        folder: holds `crates` and `tests`.
        target: Cargo's target folder.
    """

    folder: Path
    target: Path

    @property
    def crates(self) -> Path:
        return self.folder / "crates"

    @property
    def tests(self) -> Path:
        return self.folder / "tests"

    def cargo(
        self, *arguments: str, cwd: Path | None = None, check: bool = True, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Runs Cargo in the Rust tests' folder, or another. It may not use a network."""
        require_cargo()
        result = subprocess.run(
            ["cargo", arguments[0], "--offline", *arguments[1:]],
            cwd=cwd or self.tests,
            capture_output=True,
            text=True,
            env={
                **os.environ,
                "CARGO_HOME": str(self.folder / "cargo_home"),  # no settings, no registry
                "CARGO_TARGET_DIR": str(self.target),
                "RUST_BACKTRACE": "0",
                **environment,
            },
            check=False,
        )
        assert result.returncode == 0 or not check, result.stdout + result.stderr
        return result


def update(path: Path, text: str) -> None:
    """Writes a file if that changes it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="session")
def toolchain() -> Toolchain:
    """The native toolchain."""
    return find_toolchain(os.environ)


@pytest.fixture(scope="session")
def cache(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that lasts, where pytest keeps one."""
    kept = getattr(request.config, "cache", None)
    return Path(kept.mkdir("ffi_crate")) if kept else tmp_path_factory.mktemp("ffi_crate")


def copy_rust_tests(folder: Path) -> None:
    """Lays out the Rust tests of the crates; quickly, those that Bazel runs with other crates are left out."""
    source = ROOT / "tests" / "rust"
    slow = ("clocks", "drive", "kinds", "threads", "widths") if QUICK else ()
    for path in sorted(source.rglob("*")):
        if path.suffix in (".rs", ".sv", ".toml", ".json") and path.stem not in slow:
            text = path.read_text(encoding="utf-8")
            if path.name == "Cargo.toml":
                lines = [line for line in text.splitlines() if not any(f"verilated_{name}" in line for name in _SLOW)]
                text = "\n".join(lines) + "\n"
            update(folder / path.relative_to(source), text)
    update(folder / "rtl" / "widths.sv", widths.module())
    if "widths" not in slow:
        update(folder / "tests" / "widths.rs", widths.rust_test())


@pytest.fixture(scope="session")
def requested(cache: Path) -> Path:
    """The request for the shared crates."""
    folder = cache / "workspace" / "tests"
    copy_rust_tests(folder)
    request = folder / "rtl" / "requests.json"
    if QUICK:
        data = json.loads(request.read_text(encoding="utf-8"))
        data["modules"] = [module for module in data["modules"] if module["name"] in _QUICK_CRATES]
        update(request, json.dumps(data))
    return request


@pytest.fixture(scope="session")
def workspace(cache: Path, requested: Path) -> Workspace:
    """The shared crates, and the Rust tests."""
    made = Workspace(cache / "workspace", cache / "target")
    exported = os.environ.get("FFI_CRATES")
    if exported:
        shutil.copytree(exported, made.crates, copy_function=shutil.copyfile)
    else:
        result = ffi_crate("build", requested, "--out", made.crates, "--cache", cache / "runtime", *FLAGS)
        assert result.returncode == 0, result.stderr
    return made


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with one small source and a request for it."""
    (tmp_path / "add.sv").write_text(
        '`include "width.svh"\nmodule add(input logic [`WIDTH-1:0] a, output logic [`WIDTH:0] y);\n'
        "  assign y = a + 1;\nendmodule\n",
        encoding="utf-8",
    )
    (tmp_path / "inc").mkdir()
    (tmp_path / "inc" / "width.svh").write_text("`define WIDTH 8\n", encoding="utf-8")
    (tmp_path / "request.json").write_text(
        '{"schema_version": 1, "modules": [{"name": "add", "top": "add",'
        ' "units": [{"sources": ["add.sv"], "include_dirs": ["inc"]}]}]}',
        encoding="utf-8",
    )
    return tmp_path


@pytest.fixture(scope="session")
def runtime_cache(cache: Path, workspace: Workspace) -> Path:
    """Where the compiled runtime is, for builds of other crates."""
    assert list((cache / "runtime").glob("*.a"))
    return cache / "runtime"
