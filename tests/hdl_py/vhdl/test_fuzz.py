"""Mutated inputs: never a traceback, never a hang, never a changed byte outside of the edits.

`HDL_FUZZ=100000` tries as many mutations, from `HDL_FUZZ_SEED=7` on; the default is a small, fixed sample.
"""

from __future__ import annotations

import os
import random
import time
from dataclasses import replace

from hdl_py.mangle.engine import Outcome
from hdl_py.mangle.model import Core, Language
from hdl_py.text.source import SourceText
from hdl_py.vhdl.declared import undeclared_dependencies
from hdl_py.vhdl.lexer import scan
from hdl_py.vhdl.target import VhdlUnit
from hdl_py.vhdl.words import RESERVED, SOFT
from tests.hdl_py.vhdl.casefile import all_cases
from tests.hdl_py.vhdl.rewriting import rewrite, vhdl_core

ROUNDS = int(os.environ.get("HDL_FUZZ", "250"))
LIMIT = 5.0
"""Seconds for one rename of a few lines: far more than it takes, far less than a hang."""

CASES = all_cases()
WORDS = sorted(
    RESERVED | SOFT | {b"n", b"work", b"q", b"'", b"(", b")", b";", b".", b"=>", b"<<", b">>", b"{", b"}", b"["}
)


def mutated(data: bytes, rng: random.Random) -> bytes:
    """The text with one to four changes to its tokens or bytes."""
    for _ in range(rng.randint(1, 4)):
        tokens = scan(data)
        count = len(tokens)
        if count < 2:
            break
        i, j = rng.randrange(count), rng.randrange(count)
        first, second = slice(tokens.start[i], tokens.end[i]), slice(tokens.start[j], tokens.end[j])
        kind = rng.randrange(8)
        if kind == 0:
            data = data[: first.start] + data[first.stop :]
        elif kind == 1:
            data = data[: first.stop] + b" " + data[first] + data[first.stop :]
        elif kind == 2:
            data = data[: first.start] + data[second] + data[first.stop :]
        elif kind == 3:
            data = data[: first.start] + rng.choice(WORDS) + b" " + data[first.start :]
        elif kind == 4:
            data = data[: first.start]
        elif kind == 5:
            at = rng.randrange(len(data))
            data = data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
        elif kind == 6:
            at = rng.randrange(len(data))
            data = data[:at] + bytes(rng.randrange(256) for _ in range(3)) + data[at:]
        else:
            low, high = min(first.start, second.start), max(first.stop, second.stop)
            data = data[:high] + b"\n" + data[low:high] + data[high:]
    return data


def check(before: list[Core], done: Outcome) -> None:
    """Refused, or each output file is its input with the edits and nothing else."""
    assert bool(done.refusals) != bool(done.cores)
    for old, new in zip(before, done.cores, strict=bool(done.cores)):
        for source, result in zip(old.files, new.files, strict=True):
            edits = [e for e in done.edits if e.core == old.id and e.occurrence.file == source.path]
            at, expected = 0, b""
            for e in sorted(edits, key=lambda e: e.occurrence.span):
                span = e.occurrence.span
                assert source.slice(span).decode("latin-1") == e.occurrence.name
                expected += source.data[at : span.start] + e.text.encode("latin-1")
                at = span.end
            assert result.data == expected + source.data[at:]


def test_mutations() -> None:
    rng = random.Random(int(os.environ.get("HDL_FUZZ_SEED", "5")))
    rewritten = 0
    for _ in range(ROUNDS):
        cores = rng.choice(CASES).cores()
        victim = rng.randrange(len(cores))
        changed = mutated(cores[victim].files[0].data, rng)
        old = cores[victim]
        cores[victim] = vhdl_core(old.id.name, old.id.version, {old.files[0].path: changed}, old.library, **old.depends)
        start = time.process_time()
        done = rewrite(cores)
        assert time.process_time() - start < LIMIT
        check(cores, done)
        rewritten += bool(done.cores)
    assert rewritten * 20 > ROUNDS, "hardly a mutation was accepted, so nothing was shown"


def test_strict_dependencies_of_mutations() -> None:
    """The check says yes or names a unit that is there; it needs no text that can be read."""
    rng = random.Random(int(os.environ.get("HDL_FUZZ_SEED", "6")))
    told = 0
    for _ in range(ROUNDS):
        cores = rng.choice(CASES).cores()
        below = [
            VhdlUnit(f"//:{n}", "", core.library, (), core.files)
            for n, core in enumerate(cores)
            if core.language is Language.VHDL
        ]
        own = below.pop(rng.randrange(len(below)))
        through = VhdlUnit("//:through", "", "work", tuple(unit.label for unit in below), ())
        changed = tuple(SourceText(source.path, mutated(source.data, rng)) for source in own.sources)
        start = time.process_time()
        found = undeclared_dependencies(replace(own, deps=(through.label,), sources=changed), [*below, through])
        assert time.process_time() - start < LIMIT
        for one in found:
            assert one.position is not None
            assert any(f"'add deps {unit.label}' {own.label}" in one.fix for unit in below)
        told += bool(found)
    assert told * 20 > ROUNDS, "hardly a mutation names a unit of another, so nothing was shown"


def test_deep_nesting_is_refused_and_not_a_traceback() -> None:
    deep = "if a then " * 3000 + "end if;" * 3000
    text = f"entity use is end;\narchitecture a of use is begin process begin {deep} x := work.n.c; end process; end;\n"
    units = [vhdl_core("unit", v, {"n.vhd": "package n is end;\n"}) for v in "12"]
    done = rewrite([*units, vhdl_core("user", "1", {"user.vhd": text}, unit="1")])
    assert {r.code for r in done.refusals} == {"syntax"}
    parentheses = (
        "entity e is end;\narchitecture a of e is constant c : integer := " + "(" * 5000 + "work.n.c" + ")" * 5000
    )
    done = rewrite([*units, vhdl_core("user", "1", {"user.vhd": parentheses + "; begin end;\n"}, unit="1")])
    assert not done.refusals


def test_circles_end() -> None:
    text = """context work.k2;
context k1 is context work.k2; end;
context k2 is context work.k1; end;
package p1 is new work.p2 generic map (x => 1);
package p2 is new work.p1 generic map (x => 1);
package p3 is alias a is b; alias b is a.n; constant c : integer := b.n.x; constant d : integer := work.p1.n.x; end;
"""
    units = [vhdl_core("unit", v, {"n.vhd": "package n is end;\n"}) for v in "12"]
    done = rewrite([*units, vhdl_core("user", "1", {"user.vhd": text}, unit="1")])
    assert {r.core for r in done.refusals} <= {"user"}
