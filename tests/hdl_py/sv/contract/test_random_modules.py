"""Verilator agrees with the contracts of random modules.

Every run tries the same few dozen; `RULES_SV_BRUTE=20` tries twenty times as many, drawn anew.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings

from tests.hdl_py.sv.contract.brute import FULL, Brute, Probe
from tests.hdl_py.sv.contract.random_modules import modules

BATCH = 60
"""Modules in one program: compiling it is what takes time."""


def _drawn(count: int) -> list[str]:
    """Different modules, the same ones in every short run."""
    out: dict[str, None] = {}

    @settings(
        max_examples=count,
        deadline=None,
        derandomize=FULL == 1,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(modules())
    def draw(source: str) -> None:
        out[source] = None

    draw()
    return list(out)


def _try(folder: Path, probes: list[Probe]) -> None:
    brute = Brute(folder, probes)
    for what, wrong, steps in (("pairs", "PAIR", (6, 20)), ("drive", "DIFFERS", (6, 300))):
        found = brute.run(what, *steps)
        names = sorted({name for name, *_ in found.get(wrong, [])})
        shown = "\n".join(p.source + repr(p.claims()) for p in probes if p.name in names)
        assert not names, f"{found[wrong]}\n{shown}"
        assert int(found["EVALUATIONS" if what == "pairs" else "COMPARED"][0][0]) > 10_000


def test_random_modules(tmp_path: Path) -> None:
    sources = _drawn(BATCH * FULL)
    probes = [Probe(f"m{n}", source) for n, source in enumerate(sources)]
    kinds = Counter(p.judge().contract.contract.value for p in probes)
    # All four come out, or the generator has lost its point.
    assert set(kinds) == {"comb", "step", "general", "merged"}, kinds
    assert kinds["step"] >= 10, kinds
    for start in range(0, len(probes), BATCH):
        _try(tmp_path / f"batch{start}", probes[start : start + BATCH])


def test_the_generator_draws_what_matters() -> None:
    texts = " ".join(_drawn(5 * BATCH))
    for part in ("always_latch", "negedge rst_n", "function", "case (", "for (int", "child", "always_comb"):
        assert part in texts, part
