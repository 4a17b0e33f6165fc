"""What becomes of the C++ that Verilator writes: headers, fast code, slow code, in few files."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

GROUP_BYTES = 400_000
"""About how much C++ one translation unit gets, start-up code counted as a quarter.

Verilator's headers cost each translation unit about as long as 400 kB of its
code, so that few are cheaper than many; several keep the cores busy, and let an
edit compile less.
"""

_START_UP = b"""\
// What follows runs once: it is compiled for speed of the compiler. Where functions are defined says so, no option or
// pragma: those would reach what is only declared here, or made of a template.
#undef VL_ATTR_COLD
#if defined(__clang__)
#define VL_ATTR_COLD __attribute__((cold, noinline, optnone))
#elif defined(__GNUC__)
#define VL_ATTR_COLD __attribute__((cold, optimize("O0")))
#else
#define VL_ATTR_COLD
#endif
"""


@dataclass(frozen=True)
class ModelSources:
    """C++ files by name.

    Attributes:
        headers: to be found by name.
        sources: translation units, to be optimised; start-up code in them says that it is not.
    """

    headers: Mapping[str, bytes]
    sources: Mapping[str, bytes]


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


def sort_sources(files: Mapping[str, bytes], group_bytes: int = GROUP_BYTES) -> ModelSources:
    """Sorts Verilator's output; its files are joined into translation units of about `group_bytes`.

    Start-up code comes last, where it costs a quarter of what it does as a unit of its own. There is always a
    translation unit: Bazel 7.7 links wrongly where a folder of sources loses its last one while its server runs.
    Files of other kinds (makefiles, dependency lists, statistics) hold paths and times and are left out.
    """
    headers = {name: data for name, data in files.items() if name.endswith(".h")}
    cpp = sorted((is_slow(name), name) for name in files if name.endswith(".cpp"))
    weights = [len(files[name]) // 4 if slow else len(files[name]) for slow, name in cpp]
    total = sum(weights)
    goal = max(1.0, total / max(1, round(total / group_bytes)))
    groups: dict[int, list[bytes]] = {}
    started: set[int] = set()
    passed = 0.0
    for (slow, name), weight in zip(cpp, weights, strict=True):
        number = int(min(passed + weight / 2, total - 1) / goal)
        group = groups.setdefault(number, [])
        if slow and number not in started:
            started.add(number)
            # The header comes before its macro is changed, whatever else the unit has.
            group += [b'#include "verilated.h"', _START_UP]
        group.append(files[name])
        passed += weight
    units = list(groups.values()) or [[b"// No code here.\n"]]
    return ModelSources(headers, {f"model_{number}.cpp": b"\n".join(group) for number, group in enumerate(units)})
