"""Figures of soc_scale as a table and a plot."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.benchmarks.soc_scale import Figures

_COLOURS = ("#4c566a", "#d08770", "#2e7d32", "#5e81ac", "#b48ead", "#81a832")


def _quantities() -> list[tuple[str, str, Callable[[Figures], float]]]:
    """Title, unit and value of what is shown; of times and sizes less is better."""

    def of(cost: str, part: str) -> Callable[[Figures], float]:
        return lambda f: float(getattr(getattr(f, cost), part))

    return [
        ("full build, wall", "s", of("full", "wall")),
        ("full build, CPU", "s", of("full", "cpu")),
        ("full build, largest process", "MB", of("full", "peak")),
        ("edit, wall", "s", of("edit", "wall")),
        ("edit, CPU", "s", of("edit", "cpu")),
        ("edit, largest process", "MB", of("edit", "peak")),
        ("simulation, wall", "kcycles/s", lambda f: f.wall_speed),
        ("simulation", "kcycles/s", lambda f: f.speed),
    ]


def table(title: str, figures: Mapping[str, Figures]) -> str:
    """Each figure, and in brackets how many times better it is than the first way's."""
    first = next(iter(figures.values()))
    lines = [f"\n{title}", "| | " + " | ".join(figures) + " |", "| --- |" + " --- |" * len(figures)]
    for name, unit, value in _quantities():
        cells = []
        for one in figures.values():
            base, here = value(first), value(one)
            better = here / base if name.startswith("simulation") else base / here
            cells.append(f"{here:.2f} ({better:.2f}x)")
        lines.append(f"| {name}, {unit} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def plot(every: Mapping[int, Mapping[str, Figures]], lines: int) -> str:
    """A bar chart for each quantity, as SVG: a group of bars for each number of units."""
    quantities = _quantities()
    ways = list(next(iter(every.values())))
    width, height, columns = 300, 190, 2
    rows = -(-len(quantities) // columns)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{columns * width}" height="{rows * height + 50}" '
        'font-family="sans-serif" font-size="10">',
        '<rect width="100%" height="100%" fill="white"/>',
        f'<text x="10" y="16" font-size="13">Units of about {lines} lines</text>',
    ]
    for k, way in enumerate(ways):
        x, y = 10 + k % 4 * 145, 24 + k // 4 * 12
        parts.append(f'<rect x="{x}" y="{y}" width="9" height="9" fill="{_COLOURS[k % len(_COLOURS)]}"/>')
        parts.append(f'<text x="{x + 13}" y="{y + 8}">{escape(way)}</text>')
    for k, (name, unit, value) in enumerate(quantities):
        x, y = (k % columns) * width + 10, (k // columns) * height + 50
        highest = max(value(f) for figures in every.values() for f in figures.values()) or 1.0
        parts.append(f'<text x="{x}" y="{y + 12}" font-size="11">{escape(name)} ({escape(unit)})</text>')
        group = (width - 20) / len(every)
        bar = group * 0.8 / len(ways)
        for g, (units, figures) in enumerate(every.items()):
            for w, way in enumerate(ways):
                amount = value(figures[way])
                tall = amount / highest * (height - 70)
                left, top = x + g * group + w * bar, y + height - 40 - tall
                colour = _COLOURS[w % len(_COLOURS)]
                parts.append(
                    f'<rect x="{left:.1f}" y="{top:.1f}" width="{bar * 0.9:.1f}" height="{tall:.1f}" '
                    f'fill="{colour}"><title>{escape(way)}: {amount:.2f} {escape(unit)}</title></rect>'
                )
                parts.append(f'<text x="{left:.1f}" y="{top - 2:.1f}" font-size="8">{amount:.3g}</text>')
            parts.append(f'<text x="{x + g * group:.1f}" y="{y + height - 26}">{units} units</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"
