"""Which Rust compilers are taken, and what is said of the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.rust_version import main, parse_version


def ask(folder: Path, script: str, least: str = "1.82") -> int:
    """Asks a make-believe compiler."""
    rustc = folder / "rustc"
    rustc.write_text(f"#!/bin/sh\n{script}\n")
    rustc.chmod(0o755)
    return main(["--rustc", str(rustc), "--least", least, "--out", str(folder / "out")])


@pytest.mark.parametrize(
    "version", ["rustc 1.82.0 (f6e511eec 2024-10-15)", "rustc 1.96.0 (Debian)", "rustc 2.0.0-nightly", "rustc 1.100.0"]
)
def test_new_enough(tmp_path: Path, version: str) -> None:
    assert ask(tmp_path, f"echo '{version}'") == 0
    assert (tmp_path / "out").read_text() == "1.82\n", "the same whatever the compiler"


@pytest.mark.parametrize("version", ["rustc 1.63.0", "rustc 1.9.0 (old)", "rustc 1.81.9"])
def test_too_old(tmp_path: Path, capsys: pytest.CaptureFixture[str], version: str) -> None:
    assert ask(tmp_path, f"echo '{version}'") == 1
    assert f"the Rust toolchain has {version}; 1.82 or newer is expected. Update Rust" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_no_version(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(tmp_path, "echo no toolchain >&2; exit 3") == 1
    assert "rustc --version ended with exit code 3: no toolchain" in capsys.readouterr().err
    assert ask(tmp_path, "echo what") == 1
    assert "rustc --version ended with exit code 0: what" in capsys.readouterr().err


def test_no_compiler(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--rustc", str(tmp_path / "gone"), "--least", "1.82", "--out", str(tmp_path / "out")]) == 1
    assert "gone can't be run: No such file or directory" in capsys.readouterr().err


def test_the_versions_numbers() -> None:
    assert parse_version("rustc 1.82.0-beta.3 (abc 2024-10-15)") == (1, 82, 0)
    assert parse_version("nothing") == ()
