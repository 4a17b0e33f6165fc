"""Groups output bits by the inputs that they follow: exactly if that gives few groups, else more coarsely."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyslang.ast import SymbolKind

from hdl_py.sv.contract.analysis import Analysis
from hdl_py.sv.contract.bits import ranges, span
from hdl_py.sv.contract.inputs import port_masks
from hdl_py.sv.contract.layout import element_width, field_offset, range_ends, true_width
from hdl_py.sv.contract.model import Bits, Cone

MAX_CONES = 8
"""A contract has so many cones at most, unless whole ports make more."""

Follows = dict[int, dict[int, int]]
"""For each output variable its bits' masks, by the set of input bits that they follow."""

Leaves = Mapping[int, list[int]]
"""The masks of each port's parts."""


def exact_cones(analysis: Analysis) -> tuple[Cone, ...]:
    """Every output bit with exactly the inputs that it follows."""
    return _cones(analysis, _follows(analysis))


def cones(analysis: Analysis) -> tuple[Cone, ...]:
    """The cones of a contract: bit by bit, by fields, or by ports, the first of these that gives few."""
    exact = _follows(analysis)
    found = _cones(analysis, exact)
    for parts in (_fields, _whole):
        if len(found) <= MAX_CONES:
            break
        leaves = {p.var: parts(analysis, p.var) for p in analysis.unit.ports}
        found = _cones(analysis, _widened(analysis, exact, leaves))
    return found


def _follows(analysis: Analysis) -> Follows:
    out: Follows = {}
    for var in analysis.outputs:
        groups: dict[int, int] = {}
        for bit in range(analysis.graph.variables.width(var)):
            found = analysis.sets.of({var: 1 << bit})
            if found:
                groups[found] = groups.get(found, 0) | 1 << bit
        out[var] = groups
    return out


def _widened(analysis: Analysis, exact: Follows, leaves: Leaves) -> Follows:
    """The same for whole parts of ports."""
    sets = analysis.sets
    out: Follows = {}
    for var, groups in exact.items():
        wide: dict[int, int] = {}
        for leaf in leaves[var]:
            found = mask = 0
            for inputs, bits in groups.items():
                if bits & leaf:
                    found |= inputs
                    mask |= bits & leaf
            if not found:
                continue
            whole = 0
            for source, bits in sets.bits(found).items():
                for part in leaves[source]:
                    whole |= part << sets.first[source] if part & bits else 0
            wide[whole] = wide.get(whole, 0) | mask
        out[var] = wide
    return out


def _cones(analysis: Analysis, follows: Follows) -> tuple[Cone, ...]:
    groups: dict[int, dict[int, int]] = {}
    for var, found in follows.items():
        for inputs, mask in found.items():
            groups.setdefault(inputs, {})[var] = mask
    return tuple(
        Cone(
            named(analysis.sets.bits(inputs), analysis.inputs),
            named(outputs, analysis.outputs),
        )
        for inputs, outputs in groups.items()
    )


def named(masks: Mapping[int, int], names: Mapping[int, str]) -> Bits:
    """Masks of variables as bits of ports, in the order of `names`."""
    return tuple((name, ranges(mask)) for name, mask in port_masks(masks, names))


def _whole(analysis: Analysis, var: int) -> list[int]:
    return [analysis.graph.variables.full(var)]


def _fields(analysis: Analysis, var: int) -> list[int]:
    """A port's fields: members of structures and elements of arrays of structures."""
    variable = analysis.graph.variables[var]
    if variable.collapsed or variable.symbol is None:
        return _whole(analysis, var)
    return _leaves(variable.symbol.type, 0)


def _leaves(type_: Any, low: int) -> list[int]:
    width = true_width(type_)
    type_ = type_.canonicalType
    if type_.isStruct and not type_.isTaggedUnion:
        fields = [(field_offset(type_, f), f.type) for f in type_ if f.kind == SymbolKind.Field]
        return [m for offset, inner in fields if offset is not None for m in _leaves(inner, low + offset)]
    if type_.hasFixedRange and type_.arrayElementType is not None and type_.arrayElementType.canonicalType.isStruct:
        left, right = range_ends(type_)
        size = element_width(type_)
        inner = type_.arrayElementType
        return [m for n in range(abs(left - right) + 1) for m in _leaves(inner, low + n * size)]
    return [span(low, low + width - 1)]
