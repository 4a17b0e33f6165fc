"""Gates (IEEE 1800-2023 clauses 28 and 29)."""

from __future__ import annotations

from typing import Any

from hdl_py.sv.contract.bits import NOTHING, union
from hdl_py.sv.contract.expressions import FLOATING, evaluate
from hdl_py.sv.contract.layout import width_of
from hdl_py.sv.contract.machine import Machine
from hdl_py.sv.contract.numbers import ABSORBING
from hdl_py.sv.contract.stores import store
from hdl_py.sv.contract.value import Value, cut, depending, known
from hdl_py.sv.contract.variables import grounded

_LOGIC = {
    "and": ("BinaryAnd", False),
    "nand": ("BinaryAnd", True),
    "or": ("BinaryOr", False),
    "nor": ("BinaryOr", True),
    "xor": ("BinaryXor", False),
    "xnor": ("BinaryXor", True),
}
_COPIES = {"buf": False, "not": True}


def run_gate(m: Machine, name: str, connections: list[Any]) -> None:
    """Drives the outputs of a gate."""
    if name in _COPIES:
        outputs, inputs = connections[:-1], connections[-1:]
    else:
        outputs, inputs = connections[:1], connections[1:]
    values = [_bit(evaluate(m, c)) for c in inputs]
    result = _result(name, values)
    for output in outputs:
        target = output.left if hasattr(output, "isLValueArg") else output
        if target.kind.name == "Invalid":
            continue
        width = width_of(target.type)
        store(m, target, result if width == 1 else depending(width, result.flat()))


def _bit(value: Value) -> Value:
    return cut(value, 0, 1)


def _result(name: str, values: list[Value]) -> Value:
    deps = union(*(v.flat() for v in values))
    numbers = [v.number for v in values]
    if name in _COPIES:
        number = numbers[0]
        if number is not None:
            return known(1, number ^ _COPIES[name])
        return depending(1, grounded(deps)) if _COPIES[name] else values[0]
    if name in _LOGIC:
        operator, invert = _LOGIC[name]
        absorbing = ABSORBING.get(operator)
        if absorbing is not None and absorbing & 1 in numbers:
            return known(1, (absorbing & 1) ^ invert)
        found = [n for n in numbers if n is not None]
        if len(found) == len(numbers):
            if absorbing is None:
                return known(1, (sum(found) & 1) ^ invert)
            return known(1, (1 - (absorbing & 1)) ^ invert)
        return depending(1, grounded(deps))
    if name in ("pullup", "pulldown"):
        return depending(1, NOTHING)
    if name.startswith(("buf", "not", "nmos", "pmos", "cmos", "rnmos", "rpmos", "rcmos")):
        return depending(1, union(deps, FLOATING))
    return depending(1, deps)
