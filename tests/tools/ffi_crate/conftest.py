"""Crates that the tests share: made once, kept in pytest's cache, and made again only where an input changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from tests.rust import widths  # noqa: E402
from tools.ffi_native import Toolchain, find_toolchain  # noqa: E402

Program = Callable[..., subprocess.CompletedProcess[str]]


def ffi_crate(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the program under test in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "tools.ffi_crate", *map(str, arguments)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
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
        """Runs Cargo in the Rust tests' folder, or another."""
        result = subprocess.run(
            ["cargo", *arguments],
            cwd=cwd or self.tests,
            capture_output=True,
            text=True,
            env={**os.environ, "CARGO_TARGET_DIR": str(self.target), "RUST_BACKTRACE": "0", **environment},
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
def cache(request: pytest.FixtureRequest) -> Path:
    """A folder that lasts."""
    assert request.config.cache is not None
    return Path(request.config.cache.mkdir("ffi_crate"))


@pytest.fixture(scope="session")
def workspace(cache: Path) -> Workspace:
    """The crates of tests/rust/rtl/requests.json, built, and the Rust tests."""
    made = Workspace(cache / "workspace", cache / "target")
    source = ROOT / "tests" / "rust"
    for path in sorted(source.rglob("*")):
        if path.suffix in (".rs", ".sv", ".toml", ".json"):
            update(made.tests / path.relative_to(source), path.read_text(encoding="utf-8"))
    update(made.tests / "rtl" / "widths.sv", widths.module())
    update(made.tests / "tests" / "widths.rs", widths.rust_test())
    request = made.tests / "rtl" / "requests.json"
    result = ffi_crate("build", request, "--out", made.crates, "--cache", cache / "runtime")
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
    assert shutil.which("cargo"), "these tests need Cargo"
    return cache / "runtime"
