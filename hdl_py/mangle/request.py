"""A request as JSON: what is read, what is wrong with it, and the cores that come of it."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.mangle.engine import Request
from hdl_py.mangle.model import Core, CoreId, Language
from hdl_py.mangle.names import version_suffix
from hdl_py.text.position import Position
from hdl_py.text.source import SourceText

_CORE_KEYS = {
    "name": str,
    "version": str,
    "language": str,
    "library": str,
    "sources": list,
    "headers": list,
    "include_dirs": list,
    "defines": dict,
    "depends": dict,
}
_REQUIRED = ("name", "version", "language")
_NAME = re.compile(r"[^\x00-\x1f/\\\x7f]+")
_WORDS = {str: "a string", list: "a list of strings", dict: "an object of strings"}

Read = Callable[[str], bytes]
"""Reads a file by its path relative to the request's folder; raises OSError."""


class _Checker:
    """Collects what is wrong, each with its place in the request."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[Diagnostic] = []

    def wrong(self, where: str, message: str, fix: str = "", position: Position | None = None) -> None:
        self.found.append(Diagnostic(position or Position(self.name), "request", f"{where}: {message}", fix))

    def finish(self) -> None:
        if self.found:
            raise HdlError(self.found, EXIT_USAGE)


def parse_request(text: bytes, name: str, folder: str, read: Read) -> Request:
    """The request, with every file read.

    Args:
        text: the JSON.
        name: the request's own path, for messages.
        folder: absolute path of the folder that relative paths are relative to.
        read: reads a file by its path relative to that folder.

    Raises:
        HdlError: with EXIT_USAGE and everything that is wrong: JSON, keys, types, paths,
            files that can't be read, cores that are there twice, dependencies on no core.
    """
    check = _Checker(name)
    data = _json(text, name)
    if not isinstance(data, dict):
        check.wrong("the request", f'found {_kind(data)}, expected an object with "cores"')
        check.finish()
    for key in sorted(set(data) - {"cores", "top"}):
        check.wrong("the request", f'found the key "{key}", expected "cores" and "top"')
    top = data.get("top", "")
    if not isinstance(top, str):
        check.wrong("top", f"found {_kind(top)}, expected a string")
    listed = data.get("cores")
    if not isinstance(listed, list) or not listed:
        check.wrong("cores", f"found {_kind(listed)}, expected a list of at least one core")
        check.finish()
    cores = []
    for n, entry in enumerate(listed):
        core = _core(f"cores[{n}]", entry, folder, read, check)
        if core is not None:
            cores.append(core)
    check.finish()
    _check_together(tuple(cores), check)
    check.finish()
    return Request(tuple(cores), top)


def _json(text: bytes, name: str) -> Any:
    twice: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        twice.extend(key for key in dict.fromkeys(keys) if keys.count(key) > 1)
        return dict(pairs)

    try:
        data = json.loads(text.decode("utf-8-sig"), object_pairs_hook=once)
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    except UnicodeDecodeError as error:
        raise HdlError([Diagnostic(Position(name), "request", f"not UTF-8: {error}")], EXIT_USAGE) from error
    except UnicodeEncodeError as error:
        message = f"a string holds half of a surrogate pair, which is no character: {error.object!r:.80}"
        raise HdlError([Diagnostic(Position(name), "request", message)], EXIT_USAGE) from error
    except json.JSONDecodeError as error:
        at = Position(name, error.lineno, error.colno)
        raise HdlError([Diagnostic(at, "request", f"not JSON: {error.msg}")], EXIT_USAGE) from error
    except ValueError as error:
        # Python converts no number of more than 4300 digits.
        raise HdlError([Diagnostic(Position(name), "request", f"not JSON: {error}")], EXIT_USAGE) from error
    except RecursionError as error:
        raise HdlError([Diagnostic(Position(name), "request", "not JSON: nested too deep")], EXIT_USAGE) from error
    if twice:
        problems = [
            Diagnostic(Position(name), "request", f'the key "{key}" stands twice in one object') for key in twice
        ]
        raise HdlError(problems, EXIT_USAGE)
    return data


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list", dict: "an object"}
    return names.get(type(value), "something else")


def _core(where: str, entry: Any, folder: str, read: Read, check: _Checker) -> Core | None:
    """One core; None where it can't be made."""
    before = len(check.found)
    if not isinstance(entry, dict):
        check.wrong(where, f"found {_kind(entry)}, expected an object")
        return None
    for key in sorted(set(entry) - set(_CORE_KEYS)):
        check.wrong(where, f'found the key "{key}", expected some of {", ".join(_CORE_KEYS)}')
    for key in _REQUIRED:
        if key not in entry:
            check.wrong(where, f'the key "{key}" is missing')
    for key, kind in _CORE_KEYS.items():
        if key in entry and not _fits(entry[key], kind):
            check.wrong(f"{where}.{key}", f"found {_kind(entry[key])}, expected {_WORDS[kind]}")
    if len(check.found) > before:
        return None
    label = f"{where} ({entry['name']} {entry['version']})"
    if not _NAME.fullmatch(entry["name"]) or entry["name"] in (".", ".."):
        check.wrong(f"{where}.name", f"found {entry['name']!r}, expected a name that a folder can have")
    if not _NAME.fullmatch(entry["version"]):
        check.wrong(f"{where}.version", f"found {entry['version']!r}, expected text that a folder's name can hold")
    else:
        try:
            version_suffix(entry["version"])
        except ValueError as error:
            check.wrong(f"{where}.version", str(error))
    if entry["language"] not in list(Language):
        choices = " or ".join(f'"{v}"' for v in Language)
        check.wrong(f"{where}.language", f"found {entry['language']!r}, expected {choices}")
    sources = _files(f"{where}.sources", entry.get("sources", []), folder, read, check)
    headers = _files(f"{where}.headers", entry.get("headers", []), folder, read, check)
    for both in sorted({s.path for s in sources} & {h.path for h in headers}):
        check.wrong(label, f"'{both}' is a source and a header; list it once")
    dirs = [_inside(f"{where}.include_dirs", d, folder, check) for d in entry.get("include_dirs", [])]
    if len(check.found) > before:
        return None
    return Core(
        CoreId(entry["name"], entry["version"]),
        Language(entry["language"]),
        entry.get("library", "work"),
        sources,
        headers,
        tuple(d for d in dirs if d is not None),
        MappingProxyType(dict(entry.get("defines", {}))),
        MappingProxyType(dict(entry.get("depends", {}))),
    )


def _fits(value: Any, kind: type) -> bool:
    if isinstance(value, dict) and kind is dict:
        return all(isinstance(i, str) for i in value.values())
    if isinstance(value, list) and kind is list:
        return all(isinstance(i, str) for i in value)
    return isinstance(value, str) and kind is str


def _inside(where: str, path: str, folder: str, check: _Checker) -> str | None:
    """The path relative to the request's folder; None if it isn't below it."""
    if "\x00" in path or not path:
        check.wrong(where, f"found {path!r}, expected a path")
        return None
    joined = posixpath.normpath(posixpath.join(folder, path))
    relative = posixpath.relpath(joined, folder)
    if relative == ".." or relative.startswith("../"):
        check.wrong(
            where,
            f"'{path}' isn't below the request's folder, so the output could not have the same relative path",
            "put the request into a folder above all files",
        )
        return None
    return relative


def _files(where: str, paths: list[str], folder: str, read: Read, check: _Checker) -> tuple[SourceText, ...]:
    found: dict[str, SourceText] = {}
    for n, path in enumerate(paths):
        at = f"{where}[{n}]"
        relative = _inside(at, path, folder, check)
        if relative is None:
            continue
        if relative in found:
            check.wrong(at, f"'{path}' is listed twice")
            continue
        try:
            found[relative] = SourceText(relative, read(relative))
        except OSError as error:
            check.wrong(at, f"can't read '{path}': {error.strerror or error}", "", Position(relative))
    return tuple(found.values())


def _check_together(cores: tuple[Core, ...], check: _Checker) -> None:
    """Cores that are there twice, folders that meet, and dependencies on no core."""
    ids: dict[CoreId, int] = {}
    folders: dict[str, CoreId] = {}
    for n, core in enumerate(cores):
        if core.id in ids:
            check.wrong(
                f"cores[{n}]", f"{core.id} is there already as cores[{ids[core.id]}]", "give it another version"
            )
        elif core.id.folder in folders:
            check.wrong(
                f"cores[{n}]",
                f"{core.id} and {folders[core.id.folder]} would share the folder '{core.id.folder}'",
                "rename one of them",
            )
        ids.setdefault(core.id, n)
        folders.setdefault(core.id.folder, core.id)
    for n, core in enumerate(cores):
        for name, version in sorted(core.depends.items()):
            if CoreId(name, version) not in ids:
                others = sorted(i.version for i in ids if i.name == name)
                there = f"the request has {name} {', '.join(others)}" if others else f"the request has no core '{name}'"
                check.wrong(
                    f"cores[{n}].depends",
                    f"{core.id} depends on {name} {version}, but {there}",
                    f'add the core {name} {version}, or correct the version in "depends"',
                )


def depends_of(core: Core) -> Mapping[str, str]:
    """Core name to exact version, in order of names."""
    return dict(sorted(core.depends.items()))
