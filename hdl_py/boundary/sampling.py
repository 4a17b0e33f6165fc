"""Lets a model sample once in an evaluation of its parent, and not in each of its own.

A monolithic model takes sampled values at the beginning of an evaluation, for all
events in it (IEEE 1800-2023 16.5.1). A boundary's model is evaluated for each event
by itself. Verilator has a function for the samples; it is called unless the
wrapper holds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from hdl_py.boundary.model import BoundarySet


def holds(one: BoundarySet, texts: Iterable[str]) -> bool:
    """Whether a model can be told to keep its samples, or has none.

    Args:
        one: the boundary.
        texts: the model's generated C++, headers included.
    """
    calls, sampled = 0, False
    for text in texts:
        calls += len(_call(one).findall(text))
        sampled = sampled or "__Vsampled_" in text
    return calls == 1 or not sampled


def with_hold(one: BoundarySet, text: str) -> str:
    """A file of a model, sampling only where the wrapper's `hold` says so."""
    if not one.contract.samples:
        return text
    return _call(one).sub(r"\1if (!vlSelf->hold) \2", text)


def _call(one: BoundarySet) -> re.Pattern[str]:
    """The one call of the function that samples, which is in the function of an evaluation."""
    return re.compile(rf"^(\s+)({one.prefix}___024root___sample\(vlSelf\);)$", re.M)
