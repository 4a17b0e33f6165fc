"""What becomes of the C++ that Verilator writes: headers, fast code, slow code, in few files."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

GROUP_BYTES = 300_000
"""About how much C++ one translation unit gets.

Verilator's headers cost each translation unit about as long as 100 kB of its
code, so that few are cheaper than many; several keep the cores busy.
"""

JOINED_BYTES = 150_000
"""Up to how much C++ in all a model is one translation unit.

The headers are then most of the work: start-up code costs nothing beside the
rest, and half of the compiler's time as a unit of its own. Verilator marks it
as cold, so that the compiler makes it small rather than fast.
"""


@dataclass(frozen=True)
class ModelSources:
    """C++ files by name.

    Attributes:
        headers: to be found by name.
        fast: run in every evaluation: to be optimised. Of a small model it is all.
        slow: run once: construction, initial blocks, symbol tables.
    """

    headers: Mapping[str, bytes]
    fast: Mapping[str, bytes]
    slow: Mapping[str, bytes]


def is_slow(name: str) -> bool:
    """Whether Verilator's file `name` runs only at start-up (its manual, "Output Files")."""
    return "__Slow" in name or "__Syms" in name or name.endswith("__Dpi.cpp") or "__ConstPool" in name


def with_user_names(cpp: bytes, names: Mapping[str, str]) -> bytes:
    """C++ whose string literals have the users' names in place of mangled ones.

    Scopes, waveforms and messages come from these; identifiers stay, so nothing else changes.

    Args:
        cpp: the text.
        names: mangled name to the user's.
    """
    if not names:
        return cpp
    table = {mangled.encode(): name.encode() for mangled, name in names.items()}
    return _STRING.sub(lambda literal: _WORD.sub(lambda word: table.get(word[0], word[0]), literal[0]), cpp)


def with_unit_scope(cpp: bytes, packages: Collection[str]) -> bytes:
    """C++ in which `%m` below `$unit` prints what it prints where `$unit` is no package: `$unit`.

    Waveforms and VPI keep the packages' names, which tell the units apart.

    Args:
        cpp: the text.
        packages: the packages that took the items of units.
    """
    if not any(name.encode() in cpp for name in packages):
        return cpp
    table = {name.encode() for name in packages}
    return _SCOPE.sub(lambda m: m[1] + (b"$unit" if m[2] in table else m[2]), cpp)


# The two arguments that Verilator passes for a `%m`.
_SCOPE = re.compile(rb"""('M',\s*vlSymsp->name\(\),\s*")([A-Za-z_]\w*)(?=[."])""")
_STRING = re.compile(rb'"(?:[^"\\\n]|\\.)*"')
_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_$]*")


def sort_sources(
    files: Mapping[str, bytes], group_bytes: int = GROUP_BYTES, joined_bytes: int = JOINED_BYTES
) -> ModelSources:
    """Sorts Verilator's output; translation units are joined into groups of about `group_bytes`.

    A model of `joined_bytes` at most is one translation unit, with the start-up code last. Neither part is ever
    without a file: Bazel 7.7 links wrongly where a folder of sources loses its last one while its server runs.
    Files of other kinds (makefiles, dependency lists, statistics) hold paths and times and are left out.
    """
    headers = {name: data for name, data in files.items() if name.endswith(".h")}
    cpp = {name: files[name] for name in sorted(files) if name.endswith(".cpp")}
    fast = {name: data for name, data in cpp.items() if not is_slow(name)}
    slow = {name: data for name, data in cpp.items() if is_slow(name)}
    if sum(len(data) for data in cpp.values()) <= joined_bytes:
        fast, slow = {**fast, **slow}, {}
    return ModelSources(headers, _joined("fast", fast, group_bytes), _joined("slow", slow, group_bytes))


def _joined(stem: str, files: Mapping[str, bytes], group_bytes: int) -> dict[str, bytes]:
    groups: list[list[bytes]] = []
    size = 0
    for data in files.values():
        # What is small against a group never costs headers of its own, however large its neighbour is.
        if not groups or (size + len(data) > group_bytes and min(size, len(data)) > group_bytes // 6):
            groups.append([])
            size = 0
        groups[-1].append(data)
        size += len(data)
    if not groups:
        groups.append([b"// No code here.\n"])
    return {f"{stem}_{number}.cpp": b"\n".join(group) for number, group in enumerate(groups)}
