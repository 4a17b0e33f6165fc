"""Every rule of separate compilation, by its number, with legal and illegal examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_py.sv.cases import parse_case
from hdl_py.sv.checks import table
from hdl_py.sv.rules import Illegal, Legal, Rule, rules
from tests.hdl_py.sv.elaborated import Elaborated
from tests.hdl_py.sv.running import run_case

RULES = rules()
LEGAL = [(rule, n, case) for rule in RULES for n, case in enumerate(rule.legal)]
ILLEGAL = [(rule, n, case) for rule in RULES for n, case in enumerate(rule.illegal)]

# The cells of Table 8.x each have one outcome: legal, illegal, or both where they say OK / ERROR.
ONE_SIDED = {
    "8.13.2 p::c, local c",
    "8.13.2 p::c, import q::c",
    "8.13.2 p::c, import q::*",
    "8.13.2 import p::*, local c",
    "8.13.2 import p::*, no c",
    "8.13.2 import p::*, import q::c",
    "8.13.2 import p::c, local c",
    "8.13.2 import p::c, no c",
    "8.13.2 import p::c, import q::c",
}


def test_the_table_is_complete() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids)) >= 52
    for section in ("18.2", "18.3/", "18.3.1", "18.4", "8.13.2", "18.6", "18.9"):
        assert any(i.startswith(section) for i in ids), section
    assert sum(i.startswith("8.13.2") for i in ids) == 12
    assert [i for i in ids if i.startswith("18.6")] == [f"18.6/{n}" for n in range(1, 6)]
    assert [i for i in ids if i.startswith("18.9")] == [f"18.9/{n}" for n in range(1, 7)]
    for rule in RULES:
        assert bool(rule.legal) + bool(rule.illegal) == (1 if rule.id in ONE_SIDED else 2), rule.id


@pytest.mark.parametrize(("rule", "number", "example"), LEGAL, ids=[f"{r.id}-{n}" for r, n, _ in LEGAL])
def test_legal(rule: Rule, number: int, example: Legal, folder: Path) -> None:
    done = run_case(example.case)
    assert not done.problems, [d.render() for d in done.problems]
    design = next(iter(done.designs.values()))
    whole = Elaborated(done, design.top)
    if any(t.settings.get("standard") == "3.1a" for t in parse_case(example.case)):
        assert not whole.errors(("HierarchicalFromPackage",))
    else:
        assert not whole.errors(), whole.errors()
    for path, value in example.values.items():
        assert whole.value(path) == value, path
    for name, scale in example.scales.items():
        # What the text leaves open, Verilator gets from the design.
        assert (whole.scale(name) or design.timescale * (scale != "")) == scale, name


@pytest.mark.parametrize(("rule", "number", "example"), ILLEGAL, ids=[f"{r.id}-{n}" for r, n, _ in ILLEGAL])
def test_illegal(rule: Rule, number: int, example: Illegal, folder: Path) -> None:
    done = run_case(example.case)
    assert len(done.problems) == 1, [d.render() for d in done.problems]
    problem = done.problems[0]
    place, _, check = example.error.rpartition(" ")
    assert problem.code == check, problem.render()
    assert str(problem.position or "") == place, problem.render()
    if check in table():
        assert problem.fix, problem.render()
        assert problem.clause, problem.render()
