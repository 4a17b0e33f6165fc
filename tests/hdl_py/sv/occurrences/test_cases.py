"""The table of cases: what each occurrence of a name is, or why it is refused."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from hdl_py.mangle.engine import Request, mangle
from hdl_py.mangle.model import Core, CoreId, Language
from hdl_py.sv.occurrences import SvFrontEnd
from tests.hdl_py.sv.occurrences import casefile, oracle

CASES = casefile.all_cases()


def test_the_table_is_there() -> None:
    assert len(CASES) >= 200
    assert sum(bool(c.refuse) for c in CASES) >= 30
    repeated = [t for t, n in Counter(c.title for c in CASES).items() if n > 1]
    assert repeated == []
    for case in CASES:
        marks = "".join(text for _, text in case.marked().items())
        assert ("«?" in marks) == bool(case.refuse), case.place


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.title)
def test_case(case) -> None:  # type: ignore[no-untyped-def]
    outcome = case.run()
    if case.refuse:
        found = {(r.code, r.core, r.file, r.line, r.column) for r in outcome.refusals}
        assert found == case.refusals(), "\n".join(r.render() for r in outcome.refusals)
        assert outcome.cores == ()
        return
    assert outcome.refusals == (), "\n".join(r.render() for r in outcome.refusals)
    for core in outcome.cores:
        expected = case.expected(core.id.version)
        for file in core.files:
            assert file.data == expected[core.id.name, file.path], f"{case.place}: {core.id} {file.path}"
    oracle.check_same_design(
        case.cores(),
        outcome.cores,
        {d.name: new for d, new in outcome.plan.renames.items() if d.core.version == "1.0.0"},
    )


STREAM = [c for c in CASES if not c.refuse and c.files]
APART = {
    "functions, tasks, parameters and variables of the unit",
    "item and an implicit port connection",
    "let, sequence, property and covergroup of the unit",
    "enumerators that make several names stay",
    "DPI import of the unit stays",
}
"""Designs with names that stay, or with syntax that Verilator lacks: they need a unit for each core."""


@pytest.mark.parametrize("case", STREAM, ids=lambda c: c.title)
def test_verilator_takes_all_cores_in_one_stream(case, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """What Verilator takes before, it takes after, both versions together."""
    wanted = {CoreId("user", "1"), *([CoreId("unit", "1.0.0")] if case.depends else [])}
    top = "t" if "t.sv" in case.files else ""
    if oracle.verilator_lint(tmp_path / "before", tuple(c for c in case.cores() if c.id in wanted), top):
        pytest.skip("Verilator doesn't take the original")
    message = oracle.verilator_lint(tmp_path / "after", case.run().cores, top)
    assert message == "" or case.title in APART, message


UNSEEN = {
    "bind where an instance of the module has the name too": "bind-target",
    "include through a macro": "unproven",
    "interface instance upward": "upward-name",
    "upward name of a block": "upward-name",
    "upward name of an instance of another module": "upward-name",
    "upward name that an instance has too": "upward-name",
}
"""Designs whose proof takes elaboration or slang's own preprocessor, which an inactive branch never sees."""


# A macro stays where it is defined under a condition, so designs with macros of the unit's own differ.
@pytest.mark.parametrize(
    "case",
    [c for c in CASES if not c.refuse and not any("`define «" in text for text in c.marked().values())],
    ids=lambda c: c.title,
)
def test_the_roles_are_the_same_in_a_branch_that_nothing_elaborates(case) -> None:  # type: ignore[no-untyped-def]
    """What elaboration can't see is decided by syntax and scopes alone, and just as well."""
    before, after = b"`ifdef NOBODY_DEFINES_IT\n", b"\n`endif\n"

    def wrapped(cores: tuple[Core, ...]) -> tuple[Core, ...]:
        return tuple(c.with_files({f.path: before + f.data + after for f in c.sources}) for c in cores)

    outcome = mangle(Request(wrapped(case.cores())), {Language.SYSTEMVERILOG: SvFrontEnd()})
    if case.title in UNSEEN:
        assert {r.code for r in outcome.refusals} == {UNSEEN[case.title]}
        return
    assert outcome.refusals == (), "\n".join(r.render() for r in outcome.refusals)
    assert [c.sources for c in outcome.cores] == [c.sources for c in wrapped(case.run().cores)]
