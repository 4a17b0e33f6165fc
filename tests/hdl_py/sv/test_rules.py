"""Every rule of separate compilation, by its number, with legal and illegal examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_py.sv.cases import parse_case
from hdl_py.sv.checks import table
from hdl_py.sv.index import make_index
from hdl_py.sv.rules import Illegal, Legal, Rule, rules
from tests.hdl_py.sv.elaborated import Elaborated
from tests.hdl_py.sv.running import run_case

RULES = rules()
LEGAL = [(rule, n, case) for rule in RULES for n, case in enumerate(rule.legal)]
ILLEGAL = [(rule, n, case) for rule in RULES for n, case in enumerate(rule.illegal)]


def test_the_table_is_complete() -> None:
    ids = [rule.id for rule in RULES]
    assert len(ids) == len(set(ids)) >= 54
    for section, count in (("18.2/", 11), ("18.3/", 8), ("18.3.1/", 8), ("18.4/", 5)):
        assert [i for i in ids if i.startswith(section)] == [f"{section}{n}" for n in range(1, count + 1)]
    for section in ("18.2", "18.3/", "18.3.1", "18.4", "8.13.2", "18.6", "18.9"):
        assert any(i.startswith(section) for i in ids), section
    assert sum(i.startswith("8.13.2") for i in ids) == 12
    assert [i for i in ids if i.startswith("18.6")] == [f"18.6/{n}" for n in range(1, 6)]
    assert [i for i in ids if i.startswith("18.9")] == [f"18.9/{n}" for n in range(1, 7)]
    for rule in RULES:
        assert rule.legal, rule.id
        assert rule.illegal, rule.id


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
    units = {unit.label: unit for unit in make_index(result.unit for result in done.results.values())}
    for label, items in example.items.items():
        assert sorted(units[label].unit_items) == items
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
