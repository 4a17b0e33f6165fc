"""Combinational loops: bits that depend on themselves without a register between."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from hdl_py.sv.contract.bits import span
from hdl_py.sv.contract.graph import Graph, sources
from hdl_py.sv.contract.items import Driver, Kind

Node = tuple[int, int, int]
"""A variable and its bits from the lowest to the highest."""

_BITS_TO_SPLIT = 1 << 14
"""A suspected loop of up to so many bits is looked at bit by bit."""


def loops(graph: Graph) -> list[dict[int, int]]:
    """Groups of bits that feed each other or themselves, as masks of variables.

    Bits that a process keeps for itself (latches) don't count here.
    """
    found = []
    for group in _Search(graph, {}).groups():
        bits = sum(high - low + 1 for _, low, high in group)
        if bits <= _BITS_TO_SPLIT:
            split: dict[int, set[int]] = {}
            for var, low, high in group:
                split.setdefault(var, set()).update(range(low, high + 1))
            found += _Search(graph, split).groups()
        else:
            found.append(group)
    out = []
    for group in found:
        masks: dict[int, int] = {}
        for var, low, high in group:
            masks[var] = masks.get(var, 0) | span(low, high)
        out.append(masks)
    return sorted(out, key=lambda masks: sorted(masks.items()))


class _Search:
    """Strongly connected components among the segments of variables (Tarjan's algorithm)."""

    def __init__(self, graph: Graph, split: dict[int, set[int]]) -> None:
        self.graph = graph
        self.drivers: dict[int, list[Driver]] = {}
        for var, found in graph.drivers.items():
            kept = [d for d in found if d.kind is Kind.COMBINATIONAL and d.number is None and self._followed(d)]
            if kept and (not split or var in split):
                self.drivers[var] = kept
        self.nodes: dict[int, list[Node]] = {}
        for var, found in self.drivers.items():
            if split:
                self.nodes[var] = [(var, b, b) for b in sorted(split[var])]
                continue
            cuts = sorted({d.low for d in found} | {d.high + 1 for d in found})
            self.nodes[var] = [(var, a, b - 1) for a, b in itertools.pairwise(cuts)]

    def _followed(self, driver: Driver) -> bool:
        """Whether the dependence is the code's own, not a guess that everything depends on everything."""
        return driver.item not in self.graph.unfollowed and self.graph.items[driver.item].run is not None

    def _following(self, node: Node) -> Iterator[Node]:
        var, low, high = node
        kept = {n for _, n in self.graph.kept.get(var, ())}
        for driver in self.drivers[var]:
            bits = span(max(low, driver.low), min(high, driver.high))
            if not bits or driver.low > high or driver.high < low:
                continue
            for source, mask in sources(driver, bits):
                if source == var and driver.item in kept:
                    continue
                for other in self.nodes.get(source, ()):
                    if mask & span(other[1], other[2]):
                        yield other

    def groups(self) -> list[list[Node]]:
        index: dict[Node, int] = {}
        low: dict[Node, int] = {}
        on: set[Node] = set()
        path: list[Node] = []
        out: list[list[Node]] = []
        for nodes in self.nodes.values():
            for start in nodes:
                if start not in index:
                    self._visit(start, index, low, on, path, out)
        return out

    def _visit(
        self,
        start: Node,
        index: dict[Node, int],
        low: dict[Node, int],
        on: set[Node],
        path: list[Node],
        out: list[list[Node]],
    ) -> None:
        selfish: set[Node] = set()
        stack = [(start, self._following(start))]
        index[start] = low[start] = len(index)
        on.add(start)
        path.append(start)
        while stack:
            node, rest = stack[-1]
            for following in rest:
                if following == node:
                    selfish.add(node)
                if following not in index:
                    index[following] = low[following] = len(index)
                    on.add(following)
                    path.append(following)
                    stack.append((following, self._following(following)))
                    break
                if following in on:
                    low[node] = min(low[node], index[following])
            else:
                stack.pop()
                if stack:
                    low[stack[-1][0]] = min(low[stack[-1][0]], low[node])
                if low[node] == index[node]:
                    group = []
                    while True:
                        member = path.pop()
                        on.discard(member)
                        group.append(member)
                        if member == node:
                            break
                    if len(group) > 1 or node in selfish:
                        out.append(sorted(group))
