"""Drawn designs whose names collide with everything: each version's prints stay as they are.

`HDL_EXAMPLES=1000` draws more of them.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings

from tests.hdl_py.vhdl.collisions import UNIT, consumers
from tests.hdl_py.vhdl.ghdl import Failed, Ghdl
from tests.hdl_py.vhdl.rewriting import rewrite, vhdl_core

EXAMPLES = int(os.environ.get("HDL_EXAMPLES", "20"))
seen = {"drawn": 0, "legal": 0, "printed": 0}


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=EXAMPLES <= 20)
@given(consumers())
def test_drawn_consumers_print_what_their_version_prints(text: str) -> None:
    cores = [vhdl_core("unit", f"{v}.0", {"unit.vhd": UNIT.replace("$V", v)}) for v in "12"]
    cores += [vhdl_core(f"use{v}", "1", {"use.vhd": text.replace("$V", v)}, unit=f"{v}.0") for v in "12"]
    seen["drawn"] += 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        expected = {}
        for v in "12":
            alone = Ghdl(folder / v)
            try:
                for core in (cores[int(v) - 1], cores[int(v) + 1]):
                    alone.analyse(core)
                expected[v] = sorted(alone.run(f"use{v}"))
            except Failed:
                assume(False)
        seen["legal"] += 1
        done = rewrite(cores)
        assert not done.refusals, "\n".join(r.render() for r in done.refusals)
        both = Ghdl(folder / "both")
        for core in done.cores:
            both.analyse(core)
        for v in "12":
            assert sorted(both.run(f"use{v}")) == expected[v]
            seen["printed"] += bool(expected[v])


def test_most_drawn_designs_were_legal_and_printed() -> None:
    assert seen["drawn"] >= min(EXAMPLES, 10)
    assert seen["legal"] * 2 >= seen["drawn"]
    assert seen["printed"] >= seen["legal"]
