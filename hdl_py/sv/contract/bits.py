"""Sets of bits as integers, and as the ranges that people read.

Bit 0 of a packed value is its least significant bit. An unpacked array or
structure is laid out flat with its first element lowest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Deps = Mapping[int, int]
"""Variable number to the mask of its bits."""

Range = tuple[int, int]
"""The highest and the lowest bit of a run, both included."""

NOTHING: Deps = {}


def span(low: int, high: int) -> int:
    """The mask of bits `low` to `high`."""
    return ((1 << (high - low + 1)) - 1) << low if high >= low else 0


def shifted(mask: int, by: int) -> int:
    """The mask moved up by `by` bits, down if it is negative."""
    return mask << by if by >= 0 else mask >> -by


def ranges(mask: int) -> tuple[Range, ...]:
    """The runs of a mask, highest first, each as (high, low)."""
    out: list[Range] = []
    low = 0
    while mask:
        skip = (mask & -mask).bit_length() - 1
        mask >>= skip
        low += skip
        run = ((mask + 1) & ~mask).bit_length() - 1
        out.append((low + run - 1, low))
        mask >>= run
        low += run
    return tuple(reversed(out))


def mask_of(found: Iterable[Range]) -> int:
    """The mask of the runs that `ranges` gave."""
    mask = 0
    for high, low in found:
        mask |= span(low, high)
    return mask


def union(*parts: Deps) -> Deps:
    """All bits of all parts; one of the parts itself where it holds the others."""
    found = [p for p in parts if p]
    if not found:
        return NOTHING
    first = found[0]
    if all(p is first for p in found[1:]):
        return first
    out = dict(first)
    grown = False
    for part in found[1:]:
        for var, mask in part.items():
            old = out.get(var, 0)
            if mask & ~old:
                out[var] = old | mask
                grown = True
    return out if grown else first


def range_text(found: Range, width: int) -> str:
    """`[7:0]`, `[3]`, or nothing for a whole of one bit."""
    high, low = found
    if width == 1:
        return ""
    return f"[{high}]" if high == low else f"[{high}:{low}]"
