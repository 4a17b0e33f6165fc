"""Every check of the table has a legal example that passes and an illegal one that breaks it alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_py.errors import Diagnostic
from hdl_py.sv.cases import parse_case
from hdl_py.sv.checks import Check, by_slang_name, diagnose, table
from hdl_py.sv.waivers import _slang_names
from tests.hdl_py.sv.running import run_case

CHECKS = list(table().values())


def test_the_table_is_complete() -> None:
    assert len(CHECKS) >= 48
    names = [slang for check in CHECKS for slang in check.slang]
    assert len(names) == len(set(names)) == len(by_slang_name())
    assert not set(names) - _slang_names(), "names that slang doesn't know"
    for check in CHECKS:
        assert check.clause or check.proposal or check.why, check.name
        assert check.fix or check.name == "slang", check.name


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.name)
def test_the_legal_example_passes(check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run_case(check.good)
    assert not done.problems, [d.render() for d in done.problems]
    assert len(done.results) == len(parse_case(check.good))


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.name)
def test_the_illegal_example_breaks_this_rule_alone(
    check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run_case(check.bad)
    expected = next((t.settings["name"] for t in parse_case(check.bad) if "name" in t.settings), check.name)
    assert done.codes == [expected], [d.render() for d in done.problems]
    _check_place(done.problems[0], check)


def _check_place(problem: Diagnostic, check: Check) -> None:
    """The line that the diagnostic names is the one that the example marks."""
    marked = [
        (file.path, number)
        for target in parse_case(check.bad)
        for file in target.files
        for number, line in enumerate(file.data.split(b"\n"), 1)
        if b"// error" in line
    ]
    if marked:
        assert problem.position is not None
        assert [(problem.position.file, problem.position.line)] == marked, problem.render()
        assert problem.position.column > 0


def test_a_message_carries_the_clause_and_the_fix() -> None:
    problem = diagnose("undeclared-dependency", None, kind="module", name="a", owner="//x:a", label="//x:c")
    assert problem.fix == "buildozer 'add deps //x:a' //x:c"
    assert diagnose("ambiguous-import", None, text="t").clause.startswith("IEEE 1800-2023 26.3; separate")
