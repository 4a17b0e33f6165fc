"""What people see of `bazel run //examples/soc:sim`: text, cycle count, speed and exit code."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

_EXPECTED = Path(__file__).with_name("expected.txt")
_REFRESH = "./bazelw build //examples/soc:sim && bazel-bin/examples/soc/sim | grep -v '^- ' > examples/soc/expected.txt"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the simulator; both streams are text."""
    return subprocess.run([os.environ["SIM"], *arguments], capture_output=True, text=True, timeout=120, check=False)


def program_text(stdout: str) -> str:
    """What the program itself printed; the simulator's own lines begin with `- `."""
    return "".join(line for line in stdout.splitlines(keepends=True) if not line.startswith("- "))


def simulated_cycles(stderr: str) -> int:
    found = re.search(r"^simulated (\d+) cycles in [\d.]+ s \([\d.]+ kcycles/s\)$", stderr, re.MULTILINE)
    assert found, stderr
    return int(found[1])


def test_prints_the_expected_text_and_the_cycle_count() -> None:
    result = run()
    assert result.returncode == 0, result.stderr
    assert program_text(result.stdout) == _EXPECTED.read_text(), f"if that is right, run: {_REFRESH}"
    cycles_of_the_core = int(re.findall(r"(\d+) cycles$", _EXPECTED.read_text(), re.MULTILINE)[-1])
    assert simulated_cycles(result.stderr) > cycles_of_the_core


def test_more_iterations_take_proportionally_longer() -> None:
    one, ten = run(), run("+iterations=10")
    assert ten.returncode == 0, ten.stderr
    assert ten.stdout.startswith("Hello from Ibex, hart 0: RV32IMC, 10 iterations\n")
    assert "all checks passed\n" in ten.stdout
    assert simulated_cycles(ten.stderr) > 6 * simulated_cycles(one.stderr)


def test_a_program_that_ends_with_a_code_fails_the_run_and_names_it() -> None:
    result = run("+exit_code=7")
    assert result.returncode != 0
    assert "ending with a code on request\n" in result.stdout
    assert "the program ended with code 7" in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("access", "cause", "address"),
    [("0", 5, "0x20000000"), ("1", 7, "0x20000000"), ("2", 1, "0x20000000")],
    ids=["read", "write", "fetch"],
)
def test_another_program_whose_access_no_device_answers_traps(access: str, cause: int, address: str) -> None:
    result = run(f"+firmware={os.environ['FAULT']}", f"+exit_code={access}")
    assert result.returncode != 0
    text = program_text(result.stdout)
    assert re.match(rf"trap: mcause 0x{cause:08x}, mepc 0x[0-9a-f]{{8}}, mtval {address}\n", text), text
    assert f"the program ended with code {0x80 + cause}" in result.stdout + result.stderr


def test_a_missing_program_is_an_error(tmp_path: Path) -> None:
    result = run(f"+firmware={tmp_path}/none.hex")
    assert result.returncode != 0
    assert "can't open the program" in result.stdout + result.stderr
    assert "none.hex" in result.stdout + result.stderr
