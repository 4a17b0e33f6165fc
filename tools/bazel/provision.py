"""Provides Bazel for one workspace: what `bazelw` calls when its fast path finds nothing ready.

Writes, below the cache folder: the installation, the modules, and for the workspace a bazelrc with the list
of files that it was made from.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from tools.bazel import bazelrc, install, module_graph, overlay
from tools.bazel.errors import ProvisionError

SELF = "rules_sv"


def main(argv: list[str]) -> int:
    """The program.

    Returns:
        0 once everything is ready; 1 after an error, which is on stderr.
    """
    parser = argparse.ArgumentParser(prog="bazelw", description=__doc__)
    parser.add_argument("--cache", type=Path, required=True, help="the cache folder, absolute")
    parser.add_argument("--home", type=Path, required=True, help="the folder of rules_sv")
    parser.add_argument("--state", type=Path, required=True, help="where the workspace's files go")
    parser.add_argument("--workspace", type=Path, help="the workspace; none outside of one")
    options = parser.parse_args(argv)
    try:
        provide(options.cache, options.home, options.workspace, options.state)
    except ProvisionError as error:
        print(error.render(), file=sys.stderr)
        return 1
    except OSError as error:
        print(ProvisionError(f"{error.filename or options.cache}: {error.strerror}", _CACHE_FIX).render(), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def provide(cache: Path, home: Path, workspace: Path | None, state: Path) -> None:
    """Makes everything that a workspace needs, and the files that say so, the list of inputs last."""
    with install.lock(cache):
        layout = install.ensure(cache, os.environ.get("BAZELW_DEBIAN_MIRROR"))
        modules = overlay.ensure(cache, layout, home / "tools/bazel/overlay")
        state.mkdir(parents=True, exist_ok=True)
        graph = _graph(home, workspace, modules)
        inputs = [*graph.files, *sources(home)]
        before = contents(inputs)
        _replace(state / "bazelrc", bazelrc.render(layout, _graph(home, workspace, modules), workspace))
        _replace(state / "bazel", f"{layout.root}\n")
        _replace(state / "inputs", "".join(f"{path}\n" for path in inputs))
        _replace(state / "contents", before)


def sources(home: Path) -> list[Path]:
    """The files of rules_sv that what is provided depends on."""
    folder = home / "tools/bazel"
    return [*sorted(folder.glob("*.py")), *overlay.overlay_files(folder / "overlay")]


def contents(inputs: list[Path]) -> str:
    """The inputs' contents as `bazelw` compares them: one after the other, nothing for one that is gone."""
    return "".join(path.read_text() if path.is_file() else "" for path in inputs)


def _graph(home: Path, workspace: Path | None, modules: Path) -> module_graph.Graph:
    known = {name: modules / name for name in overlay.modules()}
    if workspace is None:
        return module_graph.Graph({}, {}, (), frozenset())
    return module_graph.closure(workspace, overlay.IMPLICIT, {**known, SELF: home}.get)


def _replace(path: Path, text: str) -> None:
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_text(text)
    new.replace(path)


_CACHE_FIX = "set BAZELW_CACHE to a folder that can be written, with 1.5 GB free"

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
