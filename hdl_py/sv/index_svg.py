"""The unit index as a picture: a box a unit, an arrow from each unit to those that it uses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from hdl_py.sv.index import Index

_CHARACTER = 7.2
_LINE = 16.0
_MARGIN = 12.0
_GAP = 24.0
_ARROWS = 72.0
"""The space between two columns, where the arrows are."""
_SHOWN = 8
"""Most definitions that a box lists."""


@dataclass(frozen=True)
class _Box:
    label: str
    lines: tuple[str, ...]

    @property
    def width(self) -> float:
        return max(len(line) for line in (self.label, *self.lines)) * _CHARACTER + 2 * _MARGIN

    @property
    def height(self) -> float:
        return _LINE * (1 + len(self.lines)) + _MARGIN * 1.5


def _boxes(index: Index) -> list[_Box]:
    out = []
    for unit in index:
        lines = [f"{d.kind} {d.name}" for d in unit.definitions if not d.generated and d.exported]
        if len(lines) > _SHOWN:
            lines = [*lines[: _SHOWN - 1], f"and {len(lines) - _SHOWN + 1} more"]
        out.append(_Box(unit.label, tuple(lines)))
    return out


def _layers(labels: Sequence[str], uses: dict[str, tuple[str, ...]]) -> list[list[str]]:
    """Labels by their longest way down; users stand before what they use."""
    depth: dict[str, int] = {}
    for label in labels:  # Dependencies come first, so theirs is known.
        depth[label] = 1 + max((depth.get(other, 0) for other in uses[label]), default=0)
    out: list[list[str]] = [[] for _ in range(max(depth.values(), default=0))]
    for label in labels:
        out[-depth[label]].append(label)
    # One sweep forth and one back: each box near the middle of those it is joined to.
    joined = {label: [o for o in labels if label in uses[o]] for label in labels}
    for neighbours, sweep in ((joined, out[1:]), ({k: list(v) for k, v in uses.items()}, out[-2::-1])):
        place = {label: n for layer in out for n, label in enumerate(layer)}
        for layer in sweep:
            layer.sort(key=lambda x: _mean([place[o] for o in neighbours[x]], place[x]))
            place.update({label: n for n, label in enumerate(layer)})
    return out


def _mean(values: list[int], otherwise: int) -> float:
    return sum(values) / len(values) if values else float(otherwise)


def _reduced(labels: Sequence[str], uses: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The uses without those that follow from others: if a uses b and b uses c, no arrow from a to c."""
    below: dict[str, set[str]] = {}
    for label in labels:  # Dependencies come first, so theirs is known.
        below[label] = set(uses[label]).union(*(below.get(other, set()) for other in uses[label]))
    return {
        label: tuple(
            other
            for other in others
            if not any(other in below.get(between, ()) for between in others if between != other)
        )
        for label, others in uses.items()
    }


def _height(boxes: dict[str, _Box], layer: Sequence[str]) -> float:
    return sum(boxes[label].height + _GAP for label in layer) - _GAP


def svg(index: Index) -> str:
    """The picture as an SVG document, the same bytes for the same index.

    An arrow that follows from two others is left out.
    """
    boxes = {box.label: box for box in _boxes(index)}
    uses = {unit.label: index.uses(unit) for unit in index}
    layers = _layers(list(boxes), uses)
    arrows = _reduced(list(boxes), uses)
    # Columns, not rows: boxes are wide and low, and designs have more units side by side than on top of each other.
    tall = max((_height(boxes, layer) for layer in layers), default=0.0)
    spots: dict[str, tuple[float, float]] = {}
    left = _GAP
    for layer in layers:
        top = _GAP + (tall - _height(boxes, layer)) / 2
        for label in layer:
            spots[label] = (left, top)
            top += boxes[label].height + _GAP
        left += max(boxes[label].width for label in layer) + _ARROWS
    full, height = max(left - _ARROWS + _GAP, 2 * _GAP), tall + 2 * _GAP
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {full:.0f} {height:.0f}" '
        f'width="{full:.0f}" height="{height:.0f}" font-family="monospace" font-size="12">',
        '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
        'orient="auto"><path d="M0 0 8 4 0 8z" fill="#57606a"/></marker></defs>',
        f'<rect width="{full:.0f}" height="{height:.0f}" fill="#ffffff"/>',
    ]
    for label, others in arrows.items():
        for other in others:
            x1, y1 = spots[label][0] + boxes[label].width, spots[label][1] + boxes[label].height / 2
            x2, y2 = spots[other][0], spots[other][1] + boxes[other].height / 2
            middle = (x1 + x2) / 2
            out.append(
                f'<path d="M{x1:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}" '
                'fill="none" stroke="#57606a" marker-end="url(#head)"/>'
            )
    for label, box in boxes.items():
        x, y = spots[label]
        out.append(
            f'<g><title>{escape(label)}</title><rect x="{x:.1f}" y="{y:.1f}" width="{box.width:.1f}" '
            f'height="{box.height:.1f}" rx="4" fill="#f6f8fa" stroke="#57606a"/>'
        )
        out.append(f'<text x="{x + _MARGIN:.1f}" y="{y + _LINE:.1f}" font-weight="bold">{escape(label)}</text>')
        for number, text in enumerate(box.lines, 2):
            out.append(f'<text x="{x + _MARGIN:.1f}" y="{y + _LINE * number:.1f}">{escape(text)}</text>')
        out.append("</g>")
    return "\n".join([*out, "</svg>"]) + "\n"
