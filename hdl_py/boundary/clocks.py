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


def without_data(one: BoundarySet, texts: Iterable[str]) -> str:
    """The body of the function that `with_clocks` makes."""
    found = [match[1] for text in texts if (match := _function(f"{one.prefix}___024root", text))]
    return (_without_data(found[0]) or "") if len(found) == 1 else ""


def has_clocks(one: BoundarySet, texts: Iterable[str]) -> bool:
    """Whether `with_clocks` can make its function of a model's files."""
    return bool(without_data(one, texts))


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


def loops(body: str, text: str) -> tuple[tuple[str, str], ...]:
    """Variables through which logic follows itself, each with that of its value before; none where they aren't known.

    Args:
        body: what `without_data` makes.
        text: the model's C++.
    """
    events = set(re.findall(r"region trigger index \d+ is active: @\(\[hybrid\] ([^\\]*)\)\\n", text))
    found = []
    for event in sorted(events):
        name = event.replace(".", "__DOT__")
        value = rf"\(IData\)\(vlSelfRef\.{re.escape(name)}\)"
        before = rf"(__Vtrigprevexpr___TOP__{re.escape(name)}__\d+)"
        match = re.search(rf"{value}\s*!= \(IData\)\(vlSelfRef\.{before}\)", body)
        if match is None:
            return ()
        found.append((name, match[1]))
    return tuple(found)


_GUARD = re.compile(
    r"^    if \(\((0x[0-9a-f]+|\d+)ULL\s+& vlSelfRef\.__VactTriggered\s*\[0U\]\)\) \{\n.*?^    \}\n", re.M | re.S
)
_EMPTY = re.compile(r"\s*(?://.*|VL_DEBUG_IF\(.*|[\w:]+__Syms\*.*;|auto& .*;|[{}]|)")


def act_triggers(root: str, text: str) -> int:
    """Triggers that set off any logic in the active region, as bits; all of them where that isn't known.

    Args:
        root: the C++ class of the model's root.
        text: the model's C++.
    """
    found = re.search(rf"^void {root}___eval_act\({root}\* vlSelf\) (\{{\n.*?^\}})", text, re.M | re.S)
    if found is None or not all(_EMPTY.fullmatch(line) for line in _GUARD.sub("", found[1]).splitlines()):
        return 2**64 - 1
    triggers = 0
    for guard in _GUARD.finditer(found[1]):
        triggers |= int(guard[1], 0)
    return triggers


def first_iteration(text: str) -> int | None:
    """The place, in the vector of `eval_ico`, of the trigger that runs all of it; None where it isn't known."""
    found = {int(index) for index in _FIRST.findall(text)}
    return found.pop() if len(found) == 1 else None
