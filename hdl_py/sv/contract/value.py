"""What an expression's bits depend on.

A value is a row of segments. A segment's bits are a known number, or depend on
variables: bit by bit through *lanes* (bit `i` on bit `i - shift` of the
variable) and as a whole through *deps*. The two together keep what matters for
cones exact: copies, slices, concatenations, bitwise operators and multiplexers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hdl_py.sv.contract.bits import NOTHING, Deps, shifted, span, union

Lanes = frozenset[tuple[int, int]]
"""Pairs of (variable number, shift)."""

NO_LANES: Lanes = frozenset()


class Segment(NamedTuple):
    """Bits `low` to `high` of a value.

    Attributes:
        low: the lowest bit.
        high: the highest bit.
        number: what the bits are, or None where that isn't known. A known
            number still has deps: the conditions under which it was assigned.
        lanes: dependence bit by bit.
        deps: dependence of every bit on every one of these bits.
        same: whether the bits are exactly those of the only lane.
    """

    low: int
    high: int
    number: int | None
    lanes: Lanes
    deps: Deps
    same: bool = False


class Value(NamedTuple):
    """`width` bits as segments, lowest first, without gaps."""

    width: int
    segments: tuple[Segment, ...]

    @property
    def number(self) -> int | None:
        """The value as an unsigned number where every bit is known."""
        total = 0
        for seg in self.segments:
            if seg.number is None:
                return None
            total |= seg.number << seg.low
        return total

    @property
    def truth(self) -> bool | None:
        """Whether it is not zero, where that is known (IEEE 1800-2023 12.4)."""
        known = True
        for seg in self.segments:
            if seg.number is None:
                known = False
            elif seg.number:
                return True
        return False if known else None

    def flat(self) -> Deps:
        """Every bit of every variable that any unknown bit depends on."""
        found: dict[int, int] = {}
        for seg in self.segments:
            if seg.number is None:
                for var, mask in seg.deps.items():
                    found[var] = found.get(var, 0) | mask
                for var, shift in seg.lanes:
                    found[var] = found.get(var, 0) | shifted(span(seg.low, seg.high), -shift)
        return found


def known(width: int, number: int) -> Value:
    """A number of `width` bits."""
    return Value(width, (Segment(0, width - 1, number & span(0, width - 1), NO_LANES, NOTHING),))


def depending(width: int, deps: Deps) -> Value:
    """A value each of whose bits may depend on all of `deps`."""
    return Value(width, (Segment(0, width - 1, None, NO_LANES, deps),))


def variable(var: int, width: int) -> Value:
    """The value of a variable."""
    return Value(width, (Segment(0, width - 1, None, frozenset(((var, 0),)), NOTHING, True),))


def inverted(value: Value) -> Value:
    """Every bit inverted."""
    return Value(
        value.width,
        tuple(
            s._replace(same=False) if s.number is None else s._replace(number=~s.number & span(0, s.high - s.low))
            for s in value.segments
        ),
    )


def _like(a: Segment, b: Segment) -> bool:
    if (a.number is None) != (b.number is None) or a.lanes != b.lanes or a.same != b.same:
        return False
    return a.deps is b.deps or a.deps == b.deps


def joined(width: int, segments: Iterable[Segment]) -> Value:
    """A value of these segments, alike neighbours merged."""
    out: list[Segment] = []
    for seg in segments:
        if out and _like(out[-1], seg):
            last = out[-1]
            number = None
            if last.number is not None and seg.number is not None:
                number = last.number | seg.number << (seg.low - last.low)
            out[-1] = last._replace(high=seg.high, number=number)
        else:
            out.append(seg)
    return Value(width, tuple(out))


def part(seg: Segment, low: int, high: int) -> Segment:
    """The bits of a segment that lie between two of its bits."""
    if low == seg.low and high == seg.high:
        return seg
    number = seg.number
    if number is not None:
        number = number >> (low - seg.low) & span(0, high - low)
    return Segment(low, high, number, seg.lanes, seg.deps, seg.same)


def moved(seg: Segment, by: int) -> Segment:
    """The same bits `by` places higher."""
    if not by:
        return seg
    lanes = frozenset((v, s + by) for v, s in seg.lanes) if seg.lanes else NO_LANES
    return Segment(seg.low + by, seg.high + by, seg.number, lanes, seg.deps, seg.same)


def cut(value: Value, low: int, width: int) -> Value:
    """Bits `low` to `low + width - 1` as a value of their own; bits beyond the top are zero."""
    if low == 0 and width == value.width:
        return value
    high = low + width - 1
    out = [
        moved(part(s, max(s.low, low), min(s.high, high)), -low)
        for s in value.segments
        if s.low <= high and s.high >= low
    ]
    covered = out[-1].high + 1 if out else 0
    if covered < width:
        out.append(Segment(covered, width - 1, 0, NO_LANES, NOTHING))
    return Value(width, tuple(out))


def concatenated(parts: Sequence[Value]) -> Value:
    """The parts as one value, the first lowest."""
    out: list[Segment] = []
    at = 0
    for value in parts:
        out += [moved(s, at) for s in value.segments]
        at += value.width
    return joined(at, out)


def resized(value: Value, width: int, signed: bool) -> Value:
    """Truncated or extended, by the sign if `signed` (IEEE 1800-2023 10.7)."""
    if width <= value.width:
        return cut(value, 0, width)
    top = part(value.segments[-1], value.width - 1, value.width - 1)
    if not signed:
        fill = Segment(value.width, width - 1, 0, NO_LANES, NOTHING)
    elif top.number is not None:
        ones = span(0, width - value.width - 1) if top.number else 0
        fill = Segment(value.width, width - 1, ones, NO_LANES, NOTHING)
    else:
        fill = Segment(value.width, width - 1, None, NO_LANES, Value(1, (top,)).flat())
    return joined(width, (*value.segments, fill))


def spliced(value: Value, low: int, new: Value) -> Value:
    """`value` with `new` in place of its bits from `low` on."""
    if low == 0 and new.width == value.width:
        return new
    high = low + new.width - 1
    below = [part(s, s.low, min(s.high, low - 1)) for s in value.segments if s.low < low]
    above = [part(s, max(s.low, high + 1), s.high) for s in value.segments if s.high > high]
    return joined(value.width, (*below, *(moved(s, low) for s in new.segments), *above))


def aligned(values: Sequence[Value]) -> Iterable[list[Segment]]:
    """Segments of values of one width, cut at each other's borders."""
    rows = [v.segments for v in values]
    if all(len(r) == 1 for r in rows):
        yield [r[0] for r in rows]
        return
    index = [0] * len(rows)
    low, width = 0, values[0].width
    while low < width:
        high = min(r[i].high for r, i in zip(rows, index, strict=True))
        yield [part(r[i], low, high) for r, i in zip(rows, index, strict=True)]
        index = [i + (r[i].high == high) for r, i in zip(rows, index, strict=True)]
        low = high + 1


def mixed(segments: Sequence[Segment]) -> Segment:
    """Aligned segments as one that depends on all of them, bit by bit."""
    first = segments[0]
    found = [s for s in segments if s.number is None]
    lanes = frozenset().union(*(s.lanes for s in found)) if len(found) != 1 else found[0].lanes
    return Segment(first.low, first.high, None, lanes, union(*(s.deps for s in found)))


def conditioned(value: Value, deps: Deps) -> Value:
    """The value as assigned under conditions that read `deps`."""
    if not deps:
        return value
    return Value(value.width, tuple(s._replace(deps=union(s.deps, deps)) for s in value.segments))


def either(a: Value, b: Value) -> Value:
    """One of two values, where the segments' own deps say what decides between them."""
    if a is b:
        return a
    out = []
    for x, y in aligned((a, b)):
        if x == y:
            out.append(x)
            continue
        number = x.number if x.number == y.number else None
        out.append(Segment(x.low, x.high, number, x.lanes | y.lanes, union(x.deps, y.deps)))
    return joined(a.width, out)


def chosen(condition: Deps, a: Value, b: Value) -> Value:
    """`c ? a : b` for an unknown `c` that reads `condition` (IEEE 1800-2023 11.4.11)."""
    out = []
    for x, y in aligned((a, b)):
        if x.number is not None and x.number == y.number:
            out.append(x)
        else:
            seg = mixed((x, y))
            out.append(seg._replace(deps=union(seg.deps, condition)))
    return joined(a.width, out)
