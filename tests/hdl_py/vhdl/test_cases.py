"""The table of cases: every marked place has its role, and GHDL says that each consumer got its version."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_py.mangle.engine import Outcome
from tests.hdl_py.vhdl.casefile import ROLES, Case, all_cases
from tests.hdl_py.vhdl.ghdl import Failed, Ghdl
from tests.hdl_py.vhdl.rewriting import rewrite

CASES = all_cases()


def test_the_table_is_complete() -> None:
    names = [c.name for c in CASES]
    assert len(names) >= 120
    assert len(set(names)) == len(names), "two cases have one name"
    assert sum(c.judge == "ghdl" and not c.is_refused for c in CASES) >= 80


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.where}: {c.name}")
def test_case(case: Case, tmp_path: Path) -> None:
    done = rewrite(case.cores())
    _check_marks(case, done)
    if case.is_refused:
        assert not done.cores
        assert not done.edits
        assert case.refused == "" or case.refused in {r.code for r in done.refusals}
        return
    assert not done.refusals, "\n".join(r.render() for r in done.refusals)
    assert any(o.target in done.plan.renames for o in done.occurrences), "nothing was renamed"
    if not case.judge.startswith("none"):
        _judge(case, done, tmp_path)


def _check_marks(case: Case, done: Outcome) -> None:
    """Each mark came true, and nothing happened at a place without a mark.

    An outcome that refuses lists its causes only, so the roles beside them can't be seen.
    """
    data = {str(c.id): c.files[0] for c in case.cores()}
    refused: dict[tuple[str, int, int], set[str]] = {}
    for r in done.refusals:
        refused.setdefault((f"{r.core} {r.version}", r.line, r.column), set()).add(r.code)
    got = {(str(o.core), o.span.start): o for o in done.occurrences}
    for mark in case.marks():
        position = data[mark.core].position(mark.offset)
        where = f"{mark.core}: {position} '{mark.name}'"
        codes = refused.pop((mark.core, position.line, position.column), set())
        if mark.mark not in ROLES:
            assert codes, f"{where} isn't refused"
            assert mark.mark == "X" or mark.mark[2:] in codes, f"{where}: {codes}"
        elif not case.is_refused:
            found = got.pop((mark.core, mark.offset), None)
            assert found is not None, f"{where} has no role: {codes}"
            assert (found.role, found.name) == (ROLES[mark.mark], mark.name), f"{where}: {found}"
        else:
            assert not codes, f"{where} is refused: {codes}"
    assert not got, f"places without a mark: {[(p, o.name, o.role) for p, o in got.items()]}"
    assert bool(case.refused) or not refused, f"refused without a mark: {done.refusals}"


def _judge(case: Case, done: Outcome, folder: Path) -> None:
    expected = _alone(case, folder)
    together = Ghdl(folder / "both", case.std, case.options.split())
    for core in done.cores:
        together.analyse(core)
    if case.judge == "analyse":
        return
    for version, lines in expected.items():
        assert lines, "the case prints nothing"
        assert together.run(case.top_of(version), stop=case.stop) == lines
    assert case.prints == "same" or expected["1"] != expected["2"], "both versions print the same"


def _alone(case: Case, folder: Path) -> dict[str, tuple[str, ...]]:
    """What each version prints as it is written, the other one absent."""
    expected: dict[str, tuple[str, ...]] = {}
    for version in ("1", "2"):
        alone = Ghdl(folder / version, case.std, case.options.split())
        try:
            for core in case.cores():
                if core.id.name in ("unit", f"use{version}") and core.id.version in ("1", f"{version}.0"):
                    alone.analyse(core)
            expected[version] = () if case.judge == "analyse" else alone.run(case.top_of(version), stop=case.stop)
        except Failed as failed:
            pytest.fail(f"GHDL doesn't take the case as it is written: {failed}")
    return expected
