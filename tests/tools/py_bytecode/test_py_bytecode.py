"""Bytecode that Python takes, the same bytes wherever it was made."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools.py_bytecode import main


def compiled(folder: Path, text: str) -> Path:
    """A module `one` in a package folder, with bytecode beside it; returns the folder."""
    package = folder / "package"
    package.mkdir(parents=True)
    (package / "one.py").write_text(text)
    params = folder / "params"
    params.write_text(f"--out\n{package / '__pycache__'}\n--source\n{package / 'one.py'}\n")
    assert main([f"@{params}"]) == 0
    return package


def printed(package: Path) -> str:
    """What `one` prints when it is imported, and whether from bytecode."""
    run = subprocess.run(
        [sys.executable, "-B", "-v", "-c", "import one"],
        cwd=package,
        env={"PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=True,
    )
    found = [line for line in run.stderr.splitlines() if "one.cpython" in line]
    return f"{run.stdout.strip()} {'taken' if any('matches' in line for line in found) else 'refused'}"


def test_python_takes_it_for_its_own_source_alone(tmp_path: Path) -> None:
    package = compiled(tmp_path, "print('first')\n")
    assert printed(package) == "first taken"
    (package / "one.py").write_text("print('other')\n")
    assert printed(package) == "other refused"


def test_it_has_the_same_bytes_in_another_folder(tmp_path: Path) -> None:
    text = "def f(a, b=('x', 1)):\n    return {'x': a, 'y': b}\n"
    made = [next((compiled(tmp_path / name, text) / "__pycache__").iterdir()) for name in ("a", "b/c")]
    assert made[0].name == made[1].name
    assert made[0].read_bytes() == made[1].read_bytes()


@pytest.mark.parametrize("words", [["--source", "x.py"], ["--out"], ["--other", "x"]])
def test_words_that_are_no_options_are_an_error(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 1
    assert capsys.readouterr().err.startswith("error: ")


def test_a_source_that_is_no_python_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.py").write_text("def\n")
    assert main(["--out", str(tmp_path / "out"), "--source", str(tmp_path / "bad.py")]) == 1
    assert "bad.py" in capsys.readouterr().err
