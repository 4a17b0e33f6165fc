"""Real cores, two versions side by side, compared instance by instance by slang.

Ibex and CV32E40P run by default; MANGLE_REAL=all runs CVA6 as well. A package that
isn't installed is an error where it was asked for, and never a pass.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from hdl_py.mangle.engine import Outcome, Request, mangle
from hdl_py.mangle.model import Core, CoreId, Language
from hdl_py.sv.occurrences import SvFrontEnd
from tests.hdl_py.sv.occurrences import oracle, realcores

CORES = [
    ("pythondata_cpu_ibex", realcores.ibex, 150, 200),
    ("pythondata_cpu_cv32e40p", realcores.cv32e40p, 25, 20),
    ("pythondata_cpu_cva6", realcores.cva6, 140, 150),
]
"""Package, its cores, shared names at least, and instances at least."""


@cache
def run(package: str) -> tuple[tuple[Core, ...], Outcome]:
    """A package's cores and their rename, which must not be refused."""
    base = realcores.root(package)
    assert base is not None, f"install {package}"
    cores = next(c[1] for c in CORES if c[0] == package)(base)
    outcome = mangle(Request(cores), {Language.SYSTEMVERILOG: SvFrontEnd()})
    assert outcome.refusals == (), "\n".join(r.render() for r in outcome.refusals[:20])
    return cores, outcome


@pytest.mark.parametrize(("package", "names", "instances"), [(c[0], *c[2:]) for c in CORES], ids=[c[0] for c in CORES])
def test_two_versions_of_a_real_core(package, names, instances) -> None:  # type: ignore[no-untyped-def]
    if package == "pythondata_cpu_cva6" and os.environ.get("MANGLE_REAL") != "all":
        pytest.skip("MANGLE_REAL=all runs this one")
    cores, outcome = run(package)
    assert len({d.name for d in outcome.plan.renames}) >= names
    together, _ = oracle.elaborate(outcome.cores)
    for version in realcores.VERSIONS:
        one, messages = oracle.elaborate(tuple(c for c in cores if c.id.version == version))
        two, after = oracle.elaborate(tuple(c for c in outcome.cores if c.id.version == version))
        assert len(one) >= instances
        assert len(two) == len(one)
        assert after == messages
        new = {d.name: text for d, text in outcome.plan.renames.items() if d.core.version == version}
        for path, what in one.items():
            core, definition, others = what.split(" ", 2)
            top, dot, rest = path.partition(".")
            at = new.get(top, top) + dot + rest
            assert two[at] == f"{core} {new.get(definition, definition)} {others}"
            assert together[at] == two[at]


@pytest.mark.parametrize(
    ("package", "top", "missing"),
    [
        # What the packages leave out: cells that Ibex's build makes, and a package of its life cycle controller.
        ("pythondata_cpu_ibex", "ibex_top", {"prim_buf", "prim_clock_gating"}),
        ("pythondata_cpu_cv32e40p", "cv32e40p_top", set()),
    ],
)
def test_verilator_reads_both_versions_as_it_reads_one(
    package: str, top: str, missing: set[str], tmp_path: Path
) -> None:
    cores, outcome = run(package)

    def complete(given: tuple[Core, ...]) -> tuple[Core, ...]:
        return tuple(replace(c, sources=tuple(f for f in c.sources if b"lc_ctrl_pkg" not in f.data)) for c in given)

    first = tuple(c for c in complete(cores) if c.id.version == "1.0.0")
    one = oracle.verilator_errors(tmp_path / "one", first, (top,))
    both = oracle.verilator_errors(tmp_path / "both", complete(outcome.cores), (f"{top}_v1_0_0", f"{top}_v2_0_0"))
    assert {m for line in one for m in re.findall(r"module: '(\w+)'", line)} == missing, one
    assert [line for line in both if "Exiting" not in line] == sorted(line for line in 2 * one if "Exiting" not in line)


def test_a_missed_reference_would_be_seen() -> None:
    """The judge can fail: undo one edit of Ibex, and its elaboration differs."""
    after = run("pythondata_cpu_ibex")[1].cores
    victim = next(c for c in after if c.id == CoreId("ibex", "1.0.0"))
    top = next(f for f in victim.sources if f.path.endswith("/ibex_top.sv"))
    undone = top.data.replace(b"ibex_core_v1_0_0 #(", b"ibex_core #(", 1)
    assert undone != top.data
    broken = tuple(c.with_files({top.path: undone}) if c is victim else c for c in after)
    whole, _ = oracle.elaborate(tuple(c for c in after if c.id.version == "1.0.0"))
    part, _ = oracle.elaborate(tuple(c for c in broken if c.id.version == "1.0.0"))
    assert len(part) < len(whole)
