"""Included files: those that a request doesn't list, and where the output's includes are found."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import replace

from hdl_py.mangle.model import Core, CoreId, Language, Refusal
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


def output_include_dirs(
    core: Core, cores: Mapping[CoreId, Core], files: dict[SourceText, SourceFile] | None = None
) -> tuple[tuple[str, ...], tuple[Refusal, ...]]:
    """Folders to search for a core's includes in the output, in order, and includes that would go astray.

    In the output each core has a folder of its own. An include is first looked for beside
    the file that has it; what isn't there is found through these folders, relative to the
    output: those that the core and the cores it depends on name, and those of headers that
    were found beside a file of another core. `files` are raw views that are known already.
    """
    if core.language is not Language.SYSTEMVERILOG:
        return (), ()
    below = tuple(r for r in reach(core, cores) if r.language is Language.SYSTEMVERILOG)
    unit = UnitFiles.of(core, below, {} if files is None else files)
    places = {posixpath.join(o.id.folder, p): p for p, o in unit.owners.items()}
    folders: dict[str, None] = {}
    for folder in unit.include_dirs:
        for holder in (core, *below):
            made = posixpath.normpath(posixpath.join(holder.id.folder, folder))
            if any(p.startswith(f"{made}/") for p in places):
                folders[made] = None
    refusals = []
    for path, file in unit.files.items():
        beside = posixpath.join(unit.owners[path].id.folder, posixpath.dirname(path))
        for include in file.scan.includes:
            target = find_include(unit, path, include)
            if target is None or include.name is None:
                continue
            wanted = posixpath.join(unit.owners[target].id.folder, target)
            found = _first(places, (beside, *folders), include.name)
            if found is None:
                for folder in (posixpath.dirname(path), *unit.include_dirs):
                    made = posixpath.normpath(posixpath.join(unit.owners[target].id.folder, folder))
                    if posixpath.normpath(posixpath.join(made, include.name)) == wanted:
                        folders[made] = None
                        found = wanted
                        break
            if found != wanted:
                refusals.append(
                    Refusal.at(
                        "include-path",
                        core.id,
                        file.text.position(include.start),
                        include.name,
                        f"in the output this would include '{found}' and not '{wanted}'; give the header another "
                        "name, or list it in the headers of the core that includes it",
                    )
                )
    return tuple(folders), tuple(refusals)


def _first(places: Mapping[str, str], folders: tuple[str, ...], name: str) -> str | None:
    for folder in folders:
        path = posixpath.normpath(posixpath.join(folder, name))
        if path in places:
            return path
    return None
