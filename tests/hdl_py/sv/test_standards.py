"""The table of what may stand where, against the checks, and against Verilator for what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_py.sv.standards import BY_KIND, CONSTRUCTS, Construct
from tests.hdl_py.sv.running import run_case
from tests.hdl_py.sv.simulating import Simulators, write_isolated

ROOM = """\
package zp; int zi; endpackage
module m(input a); parameter P = 1; endmodule
module k; endmodule
"""


def case(construct: Construct, place: str, standard: str) -> str:
    """A unit with the construct outside definitions, or in a package."""
    text = construct.example.format(n="it")
    room = ROOM.replace("module m", "module it", 1) if text.startswith("extern") else ROOM
    text = text.replace("module m(", "module it(") if text.startswith("extern") else text
    head, rest = room.split("\n", 1)
    if construct.name == "time unit":
        head, text = text, head
    wires = "wire w0, w1, w2;"
    if place == "package":
        body = f"package host; {wires if construct.name != 'time unit' else ''}\n{text}\nendpackage"
        if construct.name == "time unit":
            body = f"package host;\n{head}\nendpackage"
            head = ""
    else:
        body = f"{wires if construct.name != 'time unit' else ''}\n{text}"
    return f"@ //x:u u.sv standard={standard}\n{head}\n{body}\n{rest}"


CASES = [
    (construct, place, standard, getattr(construct, f"{place}_{suffix}"))
    for construct in CONSTRUCTS
    for place in ("unit", "package")
    for standard, suffix in (("1800-2023", "2023"), ("3.1a", "31a"))
]


def test_the_table_is_complete() -> None:
    assert len(CONSTRUCTS) >= 45
    assert len(BY_KIND) == sum(len(c.kinds) for c in CONSTRUCTS), "a kind of syntax stands in two rows"
    assert {c.name for c in CONSTRUCTS if c.unit_2023 != c.unit_31a or c.package_2023 != c.package_31a} == {
        "time unit",
        "specparam",
        "package export",
        "let",
        "covergroup",
        "net type",
        "checker",
        "elaboration task",
    }


@pytest.mark.parametrize(
    ("construct", "place", "standard", "allowed"),
    CASES,
    ids=lambda v: v.name if isinstance(v, Construct) else str(v),
)
def test_construct(construct: Construct, place: str, standard: str, allowed: bool, folder: Path) -> None:
    done = run_case(case(construct, place, standard))
    check = f"not-allowed-in-{place}"
    if allowed:
        assert not done.problems, [d.render() for d in done.problems]
    else:
        assert check in done.codes, [d.render() for d in done.problems]
        problem = done.problems[done.codes.index(check)]
        assert construct.name in problem.message
        assert standard in problem.message
        assert problem.position is not None
        assert problem.position.line == 3


@pytest.mark.parametrize(
    ("construct", "place", "standard"),
    [(c, p, s) for c, p, s, allowed in CASES if allowed and not c.note.startswith("Verilator doesn't")],
    ids=lambda v: v.name if isinstance(v, Construct) else str(v),
)
def test_what_is_allowed_verilates(
    construct: Construct, place: str, standard: str, folder: Path, simulators: Simulators
) -> None:
    if construct.name == "checker" and place == "package":
        pytest.skip("Verilator has no checkers in packages, as the table notes")
    done = run_case(case(construct, place, standard))
    assert not done.problems, [d.render() for d in done.problems]
    top = "it" if "module it(" in case(construct, place, standard) else "m"
    verilated = simulators.verilate(write_isolated(done), top, "-Wno-lint", "-Wno-COVERIGN", "-Wno-MULTITOP")
    assert verilated.code == 0, verilated.messages
