"""Mutated inputs: the table's designs with bytes lost, doubled, swapped and strange."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from hdl_py.mangle.model import Core
from hdl_py.text.source import SourceText
from tests.hdl_py.sv.occurrences.casefile import Case, all_cases

_PIECES = (
    b"`", b"``", b'`"', b"\\", b"\\\n", b'"', b'"""', b"//", b"/*", b"*/", b"`ifdef A\n", b"`else\n", b"`endif\n",
    b"`define N ", b"`define M(N) N``", b"`M(N)", b"`include \"t.sv\"\n", b"N", b" N ", b"N::", b".N", b"N.", b"#(",
    b"(",
    b")", b";", b":", b"begin ", b"end ", b"endmodule ", b"module ", b"interface ", b"package ", b"import N::*;", b"\0",
    b"\xff", b"\xef\xbb\xbf", b"\r", b"\n", b"\f", b"'", b"8'h", b"$", b"N_v1_0_0", b"virtual ", b"class ", b"bind ",
    b"`pragma N\n", b"`undef N\n", b"`begin_keywords \"1364-2001\"\n", b"(* N *)", b"typedef ", b"enum {N}", b"item",
)  # fmt: skip

_ITEMS = (
    b" wire N; ", b" int N = 1; ", b" localparam N = 2; ", b" typedef int N; ", b" N u9(); ", b" N N(); ", b" N x9; ",
    b" localparam L9 = N::C; ", b" import N::*; ", b" wire w9 = N.x; ", b" class N; static int C; endclass ",
    b" function automatic int N(int i); return i; endfunction ", b" if (1) begin : N wire q; end ",
    b"\n`ifdef A\n wire N;\n`endif\n", b"\n`ifndef A\n N u8();\n`endif\n", b"\n`define Q9 N\n", b" \\N  u7(); ",
    b" (* N *) wire w8; ", b" initial $display(\"N\", N); ", b" struct { int N; } s9; ", b" virtual N v9; ", b" ; ",
)  # fmt: skip
_BLANKS = (b" ", b"\n", b"\r\n", b"\t", b" /* N */ ", b" // N\n", b"/**/", b"\f")
_IDENTIFIER = re.compile(rb"[A-Za-z_]\w*")
_GAP = re.compile(rb"[ ;()]")


def mutant(seed: int) -> tuple[Core, ...]:
    """One mutated design; the same for the same seed."""
    rng = random.Random(seed)
    case = _CASES[rng.randrange(len(_CASES))]
    cores = list(case.cores())
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        n = rng.randrange(len(cores))
        core = cores[n]
        if not core.files:
            continue
        file = core.files[rng.randrange(len(core.files))]
        data = _mutate(rng, file.data)
        cores[n] = core.with_files({file.path: data})
        if core.id.name == "unit" and rng.random() < 0.5:
            # Both versions alike, so that the name stays shared.
            cores = [c.with_files({file.path: data}) if c.id.name == "unit" else c for c in cores]
    if rng.random() < 0.1:
        user = cores[-1]
        cores[-1] = replace(user, defines={**user.defines, rng.choice(("A", "N", "M")): rng.choice(("", "N", "1 )"))})
    return tuple(cores)


def _mutate(rng: random.Random, data: bytes) -> bytes:
    structured = rng.random() < 0.75
    if structured:
        return _mutate_tokens(rng, data)
    kind = rng.randrange(7)
    at = rng.randrange(len(data) + 1)
    end = min(len(data), at + rng.choice((1, 1, 2, 5, 20, 80)))
    other = rng.randrange(len(data) + 1)
    if kind == 0:
        return data[:at] + data[end:]
    if kind == 1:
        return data[:at] + rng.choice(_PIECES) + data[at:]
    if kind == 2:
        return data[:at] + rng.choice(_PIECES) + data[end:]
    if kind == 3:
        return data[:other] + data[at:end] + data[other:]
    if kind == 4:
        return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
    if kind == 5:
        return data[:at]
    donor = _TEXTS[rng.randrange(len(_TEXTS))]
    cut = rng.randrange(len(donor) + 1)
    return data[:at] + donor[cut : cut + rng.choice((5, 20, 60))] + data[at:]


def _mutate_tokens(rng: random.Random, data: bytes) -> bytes:
    """Changes that many a parser survives: other names, more items, blanks, lines twice."""
    kind = rng.randrange(6)
    words = list(_IDENTIFIER.finditer(data))
    if kind < 2 and words:
        word = rng.choice(words)
        name = rng.choice((b"N", b"N", rng.choice(words).group(), b"M", b"t", b"\\N "))
        return data[: word.start()] + name + data[word.end() :]
    if kind == 2:
        ends = [m.end() for m in re.finditer(rb";", data)] or [0]
        at = rng.choice(ends)
        return data[:at] + rng.choice(_ITEMS) + data[at:]
    if kind == 3:
        gaps = [m.start() for m in _GAP.finditer(data)] or [0]
        at = rng.choice(gaps)
        return data[:at] + rng.choice(_BLANKS) + data[at:]
    lines = data.splitlines(keepends=True) or [b""]
    n = rng.randrange(len(lines))
    if kind == 4:
        return b"".join([*lines[:n], lines[n], *lines[n:]])
    return b"".join(lines[:n] + lines[n + 1 :])


_CASES: list[Case] = all_cases()
_TEXTS: list[bytes] = [f.data for case in _CASES for core in case.cores() for f in core.files]


def source_bytes(cores: tuple[Core, ...]) -> list[SourceText]:
    """Every file."""
    return [f for c in cores for f in c.files]
