"""Every construct, monolithic and separate: what is printed has to be the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from hdl_py.boundary.model import Form
from tests.equivalence.bench import (
    Runtime,
    compile_program,
    main_text,
    printed,
    proven,
    run,
    separate,
    step,
    unity,
    verilator,
    write_sources,
)
from tests.equivalence.compilers import ToolFailed
from tests.equivalence.constructs import CASES
from tests.equivalence.proven_constructs import CASES as PROVEN


@pytest.mark.parametrize("name", sorted(CASES))
def test_same_output(name: str, tmp_path: Path, runtime: Runtime) -> None:
    _same(printed(CASES[name], tmp_path, runtime))


@pytest.mark.parametrize("name", sorted(PROVEN))
def test_proven(name: str, tmp_path: Path, runtime: Runtime) -> None:
    case = PROVEN[name]
    assert {c.contract.value for c in proven(case.design)["leaf"]} == {case.expect}
    if case.expect != "merged":
        _same(printed(case.design, tmp_path, runtime, case.forms))


def _same(found: dict[str, str]) -> None:
    mono = found.pop("mono")
    assert found
    assert mono.count("\n") > 2, "the test bench printed nothing"
    for form, text in found.items():
        assert text == mono, form


def test_an_unlisted_parameter_set_is_never_simulated(tmp_path: Path, runtime: Runtime) -> None:
    listed = CASES["parameter_sets"]
    design = replace(listed, top=listed.top.replace(".W(100)", ".W(64)"))
    assert design.top != listed.top
    # The warnings of this bench are not fatal: linking has to fail then.
    with pytest.raises(ToolFailed, match="undefined reference to `leaf_is_not_verilated_with_these_parameters'"):
        printed(design, tmp_path, runtime)
    command = [verilator()[0], "--cc", "--timing", "-Wno-lint", "--top-module", "tb", "stub_leaf.sv", "tb.sv"]
    with pytest.raises(ToolFailed, match=r"leaf is not verilated with W=64,N=wide.*buildozer 'add parameter_sets W=64"):
        run(command, tmp_path)


def test_a_stale_archive_fails_at_link_and_names_the_unit(tmp_path: Path, runtime: Runtime) -> None:
    old = CASES["ff"]
    write_sources(old, tmp_path, "tb")
    model = separate(old, tmp_path, Form.PUBLIC, "tb", "Vtb", ["--timing"]).folders[0]
    leaf = replace(old.units[0], contract=step(cones={("d",): ["q"]}))
    new = separate(replace(old, units=(leaf,)), tmp_path, Form.PUBLIC, "tb", "Vnew", ["--timing"])
    models = [model, new.folders[-1]]
    with pytest.raises(ToolFailed, match=r"undefined reference to `leaf_b[0-9a-f]{16}_edge'"):
        compile_program(tmp_path, "stale", unity(models, main_text({"new": "Vnew"})), (), runtime, "-O0")
