"""Included files that a request doesn't list: they become headers of the core that includes them."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import replace

from hdl_py.mangle.model import Core, Language
from hdl_py.mangle.scope import reach
from hdl_py.sv.occurrences_branches import find_include
from hdl_py.sv.occurrences_parse import SourceFile, UnitFiles
from hdl_py.text.source import SourceText

Find = Callable[[str], bytes | None]
"""The bytes of a file by its path relative to the request; None if there is none."""


def with_unlisted_headers(cores: tuple[Core, ...], find: Find) -> tuple[Core, ...]:
    """The cores, each SystemVerilog one with the files that it includes and nobody lists.

    A file that a core which isn't depended on lists is left out: its text belongs to that
    core, and reading it would hide the missing dependency.
    """
    by_id = {c.id: c for c in cores}
    listed = {f.path for c in cores for f in c.files}
    out = []
    cache: dict[SourceText, SourceFile] = {}
    for core in cores:
        if core.language is Language.SYSTEMVERILOG:
            below = tuple(r for r in reach(core, by_id) if r.language is Language.SYSTEMVERILOG)
            core = _completed(core, below, listed, find, cache)
        out.append(core)
    return tuple(out)


def _completed(
    core: Core, below: tuple[Core, ...], listed: set[str], find: Find, cache: dict[SourceText, SourceFile]
) -> Core:
    while True:
        unit = UnitFiles.of(core, below, cache)
        added: dict[str, SourceText] = {}
        for path, file in unit.files.items():
            if unit.owners[path] is not core:
                continue
            for include in file.scan.includes:
                if include.name is None or find_include(unit, path, include) is not None:
                    continue
                for folder in (posixpath.dirname(path), *unit.include_dirs):
                    target = posixpath.normpath(posixpath.join(folder, include.name))
                    if target.startswith(("../", "/")) or target in listed or target in added:
                        continue
                    data = find(target)
                    if data is not None:
                        added[target] = SourceText(target, data)
                        break
        if not added:
            return core
        core = replace(core, headers=core.headers + tuple(added.values()))
