"""Which modules a workspace's MODULE.bazel reaches.

Bazel refuses an override of a module that is not in its graph, and asks a registry for each module that has
no override. So the graph has to be known before Bazel starts. MODULE.bazel files are a restricted Starlark
whose calls are all written out, so Python's own parser reads them.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tools.bazel.errors import ProvisionError

_OTHER_OVERRIDES = ("archive_override", "git_override")


@dataclass(frozen=True)
class ModuleFile:
    """What one MODULE.bazel says about other modules.

    Attributes:
        name: the module's name; empty where it has none.
        deps: the modules that it depends on, in order, without development dependencies.
        dev_deps: those that count only where this is the root module.
        local_overrides: module name to the path that `local_path_override` gives, relative to the workspace.
        other_overrides: modules overridden from elsewhere, with the name of the call.
        includes: labels of further segments, such as `//:more.MODULE.bazel`.
        unversioned: the modules, of either kind, that it asks for without a version.
    """

    name: str = ""
    deps: tuple[str, ...] = ()
    dev_deps: tuple[str, ...] = ()
    local_overrides: Mapping[str, str] = field(default_factory=dict)
    other_overrides: Mapping[str, str] = field(default_factory=dict)
    includes: tuple[str, ...] = ()
    unversioned: tuple[str, ...] = ()


@dataclass(frozen=True)
class Graph:
    """The modules that the root reaches.

    Attributes:
        modules: every module's folder by name, the root's left out; None for one that nobody has.
        wanted_by: for each module, the module that first asked for it.
        files: the MODULE.bazel files that this was read from: when one changes, so may the graph.
        overridden: the modules for which the root's MODULE.bazel has an override of its own.
    """

    modules: Mapping[str, Path | None]
    wanted_by: Mapping[str, str]
    files: tuple[Path, ...]
    overridden: frozenset[str]


def parse(text: str, file: str) -> ModuleFile:
    """Reads one MODULE.bazel file or segment.

    Args:
        text: its contents.
        file: its name, for errors.

    Raises:
        ProvisionError: where it is no well-formed Starlark.
    """
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        place = f"{file}:{error.lineno}:{error.offset}"
        raise ProvisionError(f"{place}: {error.msg}", "mend that line") from None
    name = ""
    deps: list[str] = []
    dev_deps: list[str] = []
    local: dict[str, str] = {}
    other: dict[str, str] = {}
    includes: list[str] = []
    unversioned: list[str] = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if not isinstance(call.func, ast.Name):
            continue
        verb, arguments = call.func.id, _strings(call)
        if verb == "module":
            name = arguments.get("name", "")
        elif verb == "bazel_dep" and "name" in arguments:
            (dev_deps if _is_dev(call) else deps).append(arguments["name"])
            if not arguments.get("version"):
                unversioned.append(arguments["name"])
        elif verb == "local_path_override" and {"module_name", "path"} <= arguments.keys():
            local[arguments["module_name"]] = arguments["path"]
        elif verb in _OTHER_OVERRIDES and "module_name" in arguments:
            other[arguments["module_name"]] = verb
        elif verb == "include":
            includes.append(arguments.get("label", arguments.get("name", "")))
    return ModuleFile(name, tuple(deps), tuple(dev_deps), local, other, tuple(includes), tuple(unversioned))


def closure(
    root: Path,
    implicit: Iterable[str],
    provided: Callable[[str], Path | None],
) -> Graph:
    """The modules that a workspace reaches.

    Args:
        root: the workspace's folder.
        implicit: modules that Bazel itself asks for.
        provided: the folder of a module that has no override; None where there is none.

    Raises:
        ProvisionError: for a file that can't be read.
    """
    files: list[Path] = []
    top = _read(root, files)
    local = {name: (root / path).resolve() for name, path in top.local_overrides.items()}
    modules: dict[str, Path | None] = {}
    wanted_by: dict[str, str] = {}
    queue = [(name, "Bazel itself") for name in implicit]
    queue = [(name, str(root / "MODULE.bazel")) for name in (*top.deps, *top.dev_deps)] + queue
    while queue:
        name, asker = queue.pop(0)
        if name in modules or (name == top.name and name):
            continue
        wanted_by[name] = asker
        if name in top.other_overrides:
            # Its folder is known to Bazel alone; what it depends on is left to Bazel too.
            modules[name] = None
            continue
        folder = local.get(name) or provided(name)
        modules[name] = folder
        if folder is None:
            continue
        below = _read(folder, files)
        queue += [(dep, f"module '{name}'") for dep in below.deps]
    return Graph(modules, wanted_by, tuple(files), frozenset({*local, *top.other_overrides}))


def wants_any_version(root: Path, name: str) -> bool:
    """Whether a workspace depends on a module without a version and without an override of its own."""
    top = _read(root, [])
    return name in top.unversioned and name not in {**top.local_overrides, **top.other_overrides}


def _read(folder: Path, files: list[Path]) -> ModuleFile:
    file = folder / "MODULE.bazel"
    files.append(file)
    if not file.is_file():
        return ModuleFile()
    whole = parse(file.read_text(), str(file))
    pending = list(whole.includes)
    while pending:
        label = pending.pop(0)
        segment = folder / label.removeprefix("//").replace(":", "/").lstrip("/")
        files.append(segment)
        if not segment.is_file():
            raise ProvisionError(f"{file}: includes {label}, and there is no {segment}")
        part = parse(segment.read_text(), str(segment))
        pending += part.includes
        whole = ModuleFile(
            whole.name,
            whole.deps + part.deps,
            whole.dev_deps + part.dev_deps,
            {**whole.local_overrides, **part.local_overrides},
            {**whole.other_overrides, **part.other_overrides},
            unversioned=whole.unversioned + part.unversioned,
        )
    return whole


def _strings(call: ast.Call) -> dict[str, str]:
    """The call's string arguments by name; all of these calls take the module's name first."""
    first = "module_name" if isinstance(call.func, ast.Name) and call.func.id.endswith("override") else "name"
    pairs = [(first, argument) for argument in call.args[:1]]
    pairs += [(word.arg, word.value) for word in call.keywords if word.arg]
    constants = ((name, value.value) for name, value in pairs if isinstance(value, ast.Constant))
    return {name: value for name, value in constants if isinstance(value, str)}


def _is_dev(call: ast.Call) -> bool:
    values = (word.value for word in call.keywords if word.arg == "dev_dependency")
    return any(isinstance(value, ast.Constant) and value.value is True for value in values)
