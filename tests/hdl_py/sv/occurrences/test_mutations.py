"""Fuzzing: no traceback, no hang, and no byte outside the edits changes.

MANGLE_MUTANTS=100000 runs that many; by default some hundred run.
"""

from __future__ import annotations

import os
import time

from hdl_py.mangle.engine import Request, mangle
from hdl_py.mangle.model import Language
from hdl_py.mangle.scope import reach
from hdl_py.sv.occurrences import SvFrontEnd
from hdl_py.text.position import Span
from hdl_py.text.source import Edit, apply_edits
from tests.hdl_py.sv.occurrences import oracle
from tests.hdl_py.sv.occurrences.mutations import mutant

COUNT = int(os.environ.get("MANGLE_MUTANTS", "400"))
FIRST = int(os.environ.get("MANGLE_FIRST_MUTANT", "0"))
SECONDS = 20.0
"""Far more than any of these designs needs, even on a busy machine."""


def check(seed: int) -> str:
    """Run one mutant; `renamed`, `refused` or `nothing` shared."""
    cores = mutant(seed)
    started = time.process_time()
    outcome = mangle(Request(cores), {Language.SYSTEMVERILOG: SvFrontEnd()})
    assert time.process_time() - started < SECONDS, f"mutant {seed} takes too long"
    if outcome.refusals:
        assert outcome.cores == (), f"mutant {seed}"
        assert all(r.code and r.message for r in outcome.refusals), f"mutant {seed}"
        return "refused"
    by_file: dict[tuple[str, str, str], list[Edit]] = {}
    for e in outcome.edits:
        o = e.occurrence
        by_file.setdefault((e.core.name, e.core.version, o.file), []).append(
            Edit(Span(o.span.start, o.span.end), e.text.encode("latin-1"))
        )
    for before, after in zip(cores, outcome.cores, strict=True):
        for one, two in zip(before.files, after.files, strict=True):
            edits = by_file.get((before.id.name, before.id.version, one.path), [])
            assert apply_edits(one.data, edits) == two.data, f"mutant {seed}: {one.path}"
            for edit in edits:
                assert edit.text.startswith(one.slice(edit.span)), f"mutant {seed}: {one.path} at {edit.span}"
    names = {d.name: new for d, new in outcome.plan.renames.items() if d.core.version == "1.0.0"}
    # The judge has no guard against a file that includes itself, and reads Latin-1 otherwise.
    beyond = (b"\xff", b'`include "t.sv"')
    by_id = {c.id: c for c in cores}
    # Nor can it tell what a core means that doesn't parse; such a one spells no name, and stays as it is.
    readable = not any(SvFrontEnd().declare(c, reach(c, by_id)).refusals for c in cores)
    if names and readable and not any(b in f.data for b in beyond for c in cores for f in c.files):
        oracle.check_same_design(cores, outcome.cores, names)
    return "renamed" if outcome.edits else "nothing"


def test_mutants() -> None:
    seen = {"renamed": 0, "refused": 0, "nothing": 0}
    for seed in range(FIRST, FIRST + COUNT):
        seen[check(seed)] += 1
    assert seen["renamed"] > COUNT // 20, seen
    assert seen["refused"] > COUNT // 20, seen
