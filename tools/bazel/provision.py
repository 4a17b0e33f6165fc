"""Gets Bazel ready for one workspace: what `bazelw` calls where nothing valid is ready.

Below the cache folder it makes the installation and the modules, which all workspaces share, and for the
workspace the files that `launch` describes.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from tools.bazel import bazelrc, ghdl, handover, install, launch, module_graph, modules, progress
from tools.bazel.errors import ProvisionError

SELF = "rules_sv"
_DAY_S = 86_400


def main(argv: list[str]) -> int:
    """The program.

    Returns:
        0 once everything is ready; 1 after an error, which is on stderr.
    """
    parser = argparse.ArgumentParser(prog="bazelw", description=__doc__)
    parser.add_argument("--cache", type=Path, required=True, help="the cache folder, absolute")
    parser.add_argument("--home", type=Path, required=True, help="the folder of rules_sv")
    parser.add_argument("--state", type=Path, required=True, help="where to write what bazelw reads")
    parser.add_argument("--mode", choices=("auto", "debian", "system"), required=True, help="the value of BAZELW")
    parser.add_argument("--own", default="", help="the machine's own bazelisk or bazel; empty where it has none")
    parser.add_argument("--compiler", choices=("found", "missing"), required=True, help="whether it has a C compiler")
    parser.add_argument("--workspace", type=Path, help="the workspace; none outside of one")
    options = parser.parse_args(argv)
    try:
        prepare(options)
    except ProvisionError as error:
        print(error.render(), file=sys.stderr)
        return 1
    except OSError as error:
        where = error.filename or options.cache
        print(ProvisionError(f"{where}: {error.strerror}", _CACHE_FIX).render(), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def prepare(options: argparse.Namespace) -> None:
    """Makes everything that the workspace needs."""
    version = wanted_version(options.workspace, options.home)
    with install.lock(options.cache):
        until = launch.FOREVER
        own = Path(options.own) if options.own else None
        use_own = options.mode == "system"
        if own and options.mode == "auto":
            use_own = handover.reaches_registry(own, options.cache / "probe", version)
            until = int(time.time()) + (30 if use_own else 1) * _DAY_S
        if own and use_own:
            _system(options, own, until)
        else:
            _debian(options, until, version)


def wanted_version(workspace: Path | None, home: Path) -> str:
    """The Bazel version that the workspace asks for; that of rules_sv where it asks for none."""
    for folder in (workspace, home):
        file = folder / ".bazelversion" if folder else None
        if file and file.is_file() and file.read_text().strip():
            return file.read_text().split()[0]
    return install.VERSION


def sources(home: Path) -> list[Path]:
    """The files of rules_sv that what is prepared depends on."""
    folder = home / "tools/bazel"
    return [*sorted(folder.glob("*.py")), *modules.overlay_files(folder / "overlay")]


def _system(options: argparse.Namespace, own: Path, until: int) -> None:
    inputs = [*([options.workspace / "MODULE.bazel"] if options.workspace else []), *sources(options.home)]
    before = launch.snapshot(inputs)
    override = options.workspace and module_graph.wants_any_version(options.workspace, SELF)
    text = bazelrc.render_system(options.home if override else None)
    started = launch.Launch(until, options.own, options.compiler, own, (f"--bazelrc={options.state}/bazelrc",))
    launch.write(options.state, started, text, inputs, before)


def _debian(options: argparse.Namespace, until: int, version: str) -> None:
    if version != install.VERSION:
        progress.note(f"warning: .bazelversion asks for {version}; without a registry there is {install.VERSION}")
    mirror, keyring = os.environ.get("BAZELW_DEBIAN_MIRROR"), os.environ.get("BAZELW_DEBIAN_KEYRING")
    archive = install.archive(options.cache, mirror, keyring)
    layout = install.ensure(options.cache, archive)
    vhdl = ghdl.ensure(layout, archive)
    archive.drop()
    provided = modules.ensure(options.cache, layout, options.home / "tools/bazel/overlay")
    inputs = [*_graph(options, provided).files, *sources(options.home), ghdl.excuse(layout)]
    before = launch.snapshot(inputs)
    text = bazelrc.render(layout, _graph(options, provided), vhdl, compiler=options.compiler == "found")
    arguments = ("--nosystem_rc", f"--bazelrc={options.state}/bazelrc")
    until = min(until, ghdl.retry_at(layout))
    started = launch.Launch(until, options.own, options.compiler, layout.bazel, arguments)
    launch.write(options.state, started, text, inputs, before)
    modules.drop_unused(options.cache)


def _graph(options: argparse.Namespace, provided: Path) -> module_graph.Graph:
    if options.workspace is None:
        return module_graph.Graph({}, {}, (), frozenset())
    known = {**{name: provided / name for name in modules.names()}, SELF: options.home}
    return module_graph.closure(options.workspace, modules.IMPLICIT, known.get)


_CACHE_FIX = "set BAZELW_CACHE to a folder with 1.5 GB of room, writable, from which programs may run"

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
