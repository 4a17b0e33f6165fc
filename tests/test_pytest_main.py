"""pytest under Bazel: what counts as a passed test."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

MAIN = Path(__file__).with_name("pytest_main.py")

PASSES = "def test_one():\n    assert True\ndef test_two():\n    assert True\ndef test_three():\n    assert True\n"


def run(folder: Path, text: str, *args: str, **variables: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(text)
    search = os.pathsep.join(path for path in sys.path if path)
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": search, "TEST_TMPDIR": str(folder), **variables}
    command = [sys.executable, str(MAIN), "test_it.py", *args]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def test_passing_tests_pass_and_are_reported(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    done = run(tmp_path, PASSES, XML_OUTPUT_FILE=str(report))
    assert done.returncode == 0, done.stdout
    cases = ElementTree.parse(report).getroot().findall(".//testcase")
    assert [case.get("name") for case in cases] == ["test_one", "test_two", "test_three"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("def test_x():\n    assert False\n", 1),
        ("def test_x(:\n", 2),
        ("import a_module_that_is_not_there\ndef test_x(): pass\n", 2),
        ("def helper(): pass\n", 5),
        ("import pytest\npytestmark = pytest.mark.skip(reason='no')\ndef test_x(): pass\n", 5),
        ("import pytest\ndef test_x():\n    pytest.skip('no')\n", 5),
        ("import pytest\n@pytest.fixture\ndef broken(): 1 / 0\ndef test_x(broken): pass\n", 1),
    ],
    ids=["fails", "syntax", "import", "empty", "skipped", "skips", "fixture"],
)
def test_nothing_else_passes(tmp_path: Path, text: str, code: int) -> None:
    assert run(tmp_path, text).returncode == code


def test_exit_in_a_test_is_noticed(tmp_path: Path) -> None:
    marker = tmp_path / "premature"
    done = run(tmp_path, "import os\ndef test_x(): os._exit(0)\n", TEST_PREMATURE_EXIT_FILE=str(marker))
    assert done.returncode == 0
    assert marker.exists(), "Bazel takes a test that leaves this file for failed"
    assert run(tmp_path, PASSES, TEST_PREMATURE_EXIT_FILE=str(marker)).returncode == 0
    assert not marker.exists()


def test_expected_failure_counts_as_run(tmp_path: Path) -> None:
    assert run(tmp_path, "import pytest\n@pytest.mark.xfail\ndef test_x(): assert False\n").returncode == 0


def test_filter_chooses_tests(tmp_path: Path) -> None:
    done = run(tmp_path, PASSES, TESTBRIDGE_TEST_ONLY="one or two")
    assert done.returncode == 0
    assert "2 passed, 1 deselected" in done.stdout


def test_filter_that_chooses_none_fails_and_is_named(tmp_path: Path) -> None:
    done = run(tmp_path, PASSES, TESTBRIDGE_TEST_ONLY="seven")
    assert done.returncode == 5
    assert "--test_filter=seven" in done.stderr


def test_shards_share_the_tests(tmp_path: Path) -> None:
    status = tmp_path / "status"
    ran = []
    for index in range(4):
        shard = {"TEST_SHARD_INDEX": str(index), "TEST_TOTAL_SHARDS": "4", "TEST_SHARD_STATUS_FILE": str(status)}
        done = run(tmp_path, PASSES, "-v", **shard)
        assert done.returncode == 0, done.stdout
        assert status.exists()
        ran += [line.split("::")[1].split()[0] for line in done.stdout.splitlines() if "PASSED" in line]
    assert sorted(ran) == ["test_one", "test_three", "test_two"]


def test_arguments_reach_pytest(tmp_path: Path) -> None:
    assert "test_it.py::test_two PASSED" in run(tmp_path, PASSES, "-v").stdout


def test_first_failure_ends_a_run_that_is_to_fail_fast(tmp_path: Path) -> None:
    text = "def test_a(): assert False\ndef test_b(): assert False\n"
    assert "2 failed" in run(tmp_path, text).stdout
    assert "1 failed" in run(tmp_path, text, TESTBRIDGE_TEST_RUNNER_FAIL_FAST="1").stdout
