"""Where a model keeps its state, so that a wrapper can go back to an earlier one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from hdl_py.boundary.model import BoundarySet

_PLAIN = frozenset({"VlWide", "VlUnpacked", "VlTriggerVec"})
"""Verilator's types whose bytes are all of them."""


def state_objects(one: BoundarySet, files: Mapping[str, str]) -> tuple[str, ...]:
    """The members of a model's symbol table that hold its state; none where bytes alone are not the state.

    Strings, queues and objects own memory elsewhere, and so do variables in an instance of another class.

    Args:
        one: the boundary.
        files: the model's generated C++ by name, headers included.
    """
    headers = {name.rpartition("/")[2]: text for name, text in files.items() if name.endswith(".h")}
    table = headers.get(f"{one.prefix}__Syms.h")
    if not one.recall or table is None:
        return ()
    classes = {name.removesuffix(".h") for name in re.findall(rf'#include "({one.prefix}_\w+\.h)"', table)}
    found = re.findall(rf"^\s*({one.prefix}_\w+)\s+(\w+);$", table, re.M)
    texts = [headers.get(f"{name}.h", "std::unknown") for name in classes]
    if not all(_plain(text) for text in texts) or f"{one.prefix}___024root" not in (kind for kind, _ in found):
        return ()
    if {kind for kind, _ in found} - classes:
        return ()
    return tuple(name for _, name in found)


def _plain(text: str) -> bool:
    """Whether the bytes of a class's objects are its whole state."""
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)
    return not _owning(re.findall(r"\bVl[A-Z]\w*", code)) and "std::" not in code


def _owning(types: Iterable[str]) -> bool:
    return any(name not in _PLAIN for name in types)
