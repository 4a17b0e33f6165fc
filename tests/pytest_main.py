"""Runs pytest as a Bazel test: the files and options come as arguments, the rest from Bazel's environment.

https://bazel.build/reference/test-encyclopedia describes the variables.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest


class Guard:
    """Takes this shard's share of the tests, and counts those that really ran.

    Args:
        index: this shard's number, from 0.
        total: how many shards there are.
    """

    def __init__(self, index: int = 0, total: int = 1) -> None:
        self.index = index
        self.total = total
        self.collected = 0
        self.ran = 0

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keeps every `total`-th test."""
        self.collected = len(items)
        items[:] = items[self.index :: self.total]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Counts a test whose body ran to its end, whatever came of it; a skip inside it is no run."""
        if report.when == "call" and not (report.skipped and not hasattr(report, "wasxfail")):
            self.ran += 1


def arguments(argv: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """pytest's command line for what Bazel asks for."""
    options = ["-p", "no:cacheprovider", "--import-mode=importlib", "-c", os.devnull, f"--rootdir={os.getcwd()}", "-ra"]
    if "XML_OUTPUT_FILE" in environ:
        options.append(f"--junitxml={environ['XML_OUTPUT_FILE']}")
    if environ.get("TESTBRIDGE_TEST_ONLY"):
        options += ["-k", environ["TESTBRIDGE_TEST_ONLY"]]
    if environ.get("TESTBRIDGE_TEST_RUNNER_FAIL_FAST") == "1":
        options.append("--exitfirst")
    return [*options, *argv]


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """The test.

    Returns:
        pytest's exit code; 5, pytest's code for it, where no test ran.
    """
    marker = environ.get("TEST_PREMATURE_EXIT_FILE")
    if marker:  # As long as this file is there, an exit is taken for a failure, even with code 0.
        Path(marker).touch()
    if environ.get("TEST_SHARD_STATUS_FILE"):
        Path(environ["TEST_SHARD_STATUS_FILE"]).touch()
    guard = Guard(int(environ.get("TEST_SHARD_INDEX") or 0), int(environ.get("TEST_TOTAL_SHARDS") or 1))
    code = int(pytest.main(arguments(argv, environ), plugins=[guard]))
    empty_shard = guard.collected > 0 and guard.index >= guard.collected
    if code in (0, 5) and guard.ran == 0:
        if empty_shard:
            code = 0
        else:
            wanted = environ.get("TESTBRIDGE_TEST_ONLY")
            print(f"error: no test ran{f': none matches --test_filter={wanted}' if wanted else ''}", file=sys.stderr)
            code = 5
    if marker:
        Path(marker).unlink(missing_ok=True)
    return code


if __name__ == "__main__":
    os.environ.setdefault("HYPOTHESIS_STORAGE_DIRECTORY", os.environ.get("TEST_TMPDIR", "/nonexistent"))
    sys.exit(main(sys.argv[1:], os.environ))
