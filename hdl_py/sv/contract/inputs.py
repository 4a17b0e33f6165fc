"""Which input bits each bit follows without an event in between, exactly and once for all.

A set of input bits is one integer: bit `i` stands for the unit's input bit
number `i`, counted through the inputs in order of declaration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hdl_py.sv.contract.bits import Deps
from hdl_py.sv.contract.graph import Graph, cone, sources
from hdl_py.sv.contract.items import Driver, Kind

Node = tuple[int, int]
"""A variable and one of its bits."""


class InputSets:
    """Sets of input bits that bits of a graph follow."""

    def __init__(self, graph: Graph, inputs: Sequence[int]) -> None:
        self._graph = graph
        self.inputs = inputs
        self.first: dict[int, int] = {}
        total = 0
        for var in inputs:
            self.first[var] = total
            total += graph.variables.width(var)
        self._memo: dict[Node, int] = {}
        self._whole: dict[int, int] = {}
        self._combinational: dict[int, list[Driver]] = {}
        for var, found in graph.drivers.items():
            kept = [d for d in found if d.kind is Kind.COMBINATIONAL and d.number is None]
            if kept:
                self._combinational[var] = kept

    def index(self, var: int, bit: int) -> int:
        """The set of one input bit."""
        return 1 << (self.first[var] + bit)

    def bits(self, found: int) -> dict[int, int]:
        """A set as masks of inputs."""
        out = {}
        for var in self.inputs:
            mask = found >> self.first[var] & self._graph.variables.full(var)
            if mask:
                out[var] = mask
        return out

    def of(self, deps: Deps) -> int:
        """What some bits follow."""
        out = 0
        for var, mask in deps.items():
            out |= self._of_mask(var, mask)
        return out

    def _of_mask(self, var: int, mask: int) -> int:
        own = (mask & self._graph.variables.full(var)) << self.first[var] if var in self.first else 0
        if var not in self._combinational:
            return own
        if mask == self._graph.variables.full(var):
            found = self._whole.get(var)
            if found is None:
                found = self._whole[var] = self._each(var, mask)
            return found
        return self._each(var, mask)

    def _each(self, var: int, mask: int) -> int:
        out = 0
        while mask:
            low = mask & -mask
            out |= self._bit((var, low.bit_length() - 1))
            mask ^= low
        return out

    def _bit(self, start: Node) -> int:
        """One bit, by a walk in depth with the results of what it needs kept."""
        memo = self._memo
        if start in memo:
            return memo[start]
        open_: set[Node] = {start}
        stack: list[tuple[Node, list[Node]]] = [(start, self._needs(start))]
        while stack:
            node, needs = stack[-1]
            while needs and needs[-1] in memo:
                needs.pop()
            if needs:
                following = needs[-1]
                if following in open_:
                    return self._looped(start)
                open_.add(following)
                stack.append((following, self._needs(following)))
                continue
            memo[node] = self._combined(node)
            open_.discard(node)
            stack.pop()
        return memo[start]

    def _looped(self, start: Node) -> int:
        """A bit in or behind a combinational loop: by a plain search."""
        found = cone(self._graph, {start[0]: 1 << start[1]})
        out = 0
        for var, mask in found.reached.items():
            if var in self.first:
                out |= mask << self.first[var]
        self._memo[start] = out
        return out

    def _needs(self, node: Node) -> list[Node]:
        var, bit = node
        out: list[Node] = []
        for driver in self._combinational.get(var, ()):
            if driver.low <= bit <= driver.high:
                out += [n for n in self._spread(sources(driver, 1 << bit)) if n not in self._memo]
        return out

    def _spread(self, found: Iterable[tuple[int, int]]) -> Iterable[Node]:
        for var, mask in found:
            if var not in self._combinational:
                continue
            while mask:
                low = mask & -mask
                yield var, low.bit_length() - 1
                mask ^= low

    def _combined(self, node: Node) -> int:
        var, bit = node
        out = self.index(var, bit) if var in self.first else 0
        for driver in self._combinational.get(var, ()):
            if driver.low <= bit <= driver.high:
                for source, mask in sources(driver, 1 << bit):
                    if source not in self._combinational:
                        if source in self.first:
                            out |= (mask & self._graph.variables.full(source)) << self.first[source]
                        continue
                    whole = self._whole.get(source) if mask == self._graph.variables.full(source) else None
                    if whole is not None:
                        out |= whole
                        continue
                    total = 0
                    for need in self._spread([(source, mask)]):
                        total |= self._memo[need]
                    if mask == self._graph.variables.full(source):
                        self._whole[source] = total
                    out |= total
        return out


def port_masks(bits: Mapping[int, int], names: Mapping[int, str]) -> list[tuple[str, int]]:
    """Masks of variables as masks of ports, in the order of `names`."""
    return [(name, bits[var]) for var, name in names.items() if bits.get(var)]
