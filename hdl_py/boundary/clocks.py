"""A model's triggers as an edge needs them, in C++ as Verilator writes it.

A step looks at triggers around each edge, to see clocks that gates and registers
make. Events of data have not come then, so that half of the comparisons and
stores of Verilator's own function can be left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from hdl_py.boundary.model import BoundarySet

_COMPARE = re.compile(
    r"\(\(IData\)\(vlSelfRef\.(upd_\w+)\)\s*!= \(IData\)\(vlSelfRef\.__Vtrigprevexpr___TOP__\1__0\)\)"
)
_KEEP = re.compile(r"^    vlSelfRef\.__Vtrigprevexpr___TOP__(upd_\w+)__0\s*= vlSelfRef\.\1;\n", re.M)
_FIRST = re.compile(r"region trigger index (\d+) is active: Internal 'ico' trigger - first iteration")


def _function(root: str, text: str) -> re.Match[str] | None:
    return re.search(rf"^void {root}___eval_triggers_vec__act\({root}\* vlSelf\) (\{{\n.*?^\}})", text, re.M | re.S)


def _without_data(body: str) -> str | None:
    """A function's body that looks at no event of data; None where it has another shape."""
    events = {match[1] for match in _COMPARE.finditer(body)}
    made = _KEEP.sub("", _COMPARE.sub("0U", body))
    kept = {match[1] for match in _KEEP.finditer(body)}
    return made if events == kept and "upd_" not in made else None


def has_clocks(one: BoundarySet, texts: Iterable[str]) -> bool:
    """Whether `with_clocks` can make its function of a model's files."""
    root = f"{one.prefix}___024root"
    bodies = [found[1] for found in (_function(root, text) for text in texts) if found]
    return len(bodies) == 1 and _without_data(bodies[0]) is not None


def with_clocks(one: BoundarySet, text: str) -> str:
    """A file of the model, with a function `<root>___clocks` behind the one of triggers where it is there.

    The function gives the triggers, which it clears. No event of data may have come since the last evaluation.
    """
    root = f"{one.prefix}___024root"
    found = _function(root, text)
    body = _without_data(found[1]) if found else None
    if found is None or body is None:
        return text
    made = f"""

static VL_ATTR_ALWINLINE void {root}___clocks_vec({root}* vlSelf) {body}

QData {root}___clocks({root}* vlSelf) {{
    {root}___clocks_vec(vlSelf);
    const QData triggered = vlSelf->__VactTriggered[0U];
    vlSelf->__VactTriggered[0U] = 0;
    return triggered;
}}
"""
    return text[: found.end()] + made + text[found.end() :]


def first_iteration(text: str) -> int | None:
    """The place, in the vector of `eval_ico`, of the trigger that runs all of it; None where it isn't known."""
    found = {int(index) for index in _FIRST.findall(text)}
    return found.pop() if len(found) == 1 else None
