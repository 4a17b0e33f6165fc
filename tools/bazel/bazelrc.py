"""The bazelrc files that bazelw writes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tools.bazel.errors import ProvisionError
from tools.bazel.module_graph import Graph
from tools.bazel.relocate import Layout

_HEADER = "# Written by bazelw, and written anew when a MODULE.bazel of the workspace's modules changes."


def render(layout: Layout, graph: Graph, ghdl: Path | None = None, *, compiler: bool = True) -> str:
    """The settings for the Bazel that bazelw provides.

    Args:
        layout: the installation.
        graph: the workspace's modules, each with its folder.
        ghdl: the GHDL that bazelw provides, for machines without one.
        compiler: whether the machine has the C compiler that Bazel looks for.

    Raises:
        ProvisionError: where a module can't be had; every such module is named.
    """
    own = graph.overridden
    unknown = sorted(name for name, folder in graph.modules.items() if folder is None and name not in own)
    if unknown:
        raise ProvisionError("\n".join(_explain(name, graph) for name in unknown), _UNKNOWN_FIX)
    overrides = (
        ("common", f"--override_module={name}={folder}")
        for name, folder in sorted(graph.modules.items())
        if name not in own
    )
    options = (
        ("startup", f"--install_base={layout.install_base}"),
        ("startup", "--trust_install_base"),
        ("startup", f"--server_javabase={layout.java}"),
        ("startup", "--host_jvm_args=--enable-native-access=ALL-UNNAMED"),
        ("startup", f"--host_jvm_args=-Djava.library.path={layout.libraries}/jni:{layout.libraries}"),
        ("common", "--enable_bzlmod"),
        ("common", "--noenable_workspace"),  # Bazel 7's own WORKSPACE suffix fetches what can't be reached
        ("common", "--lockfile_mode=off"),  # a lock of these modules would hold for this machine only
        *overrides,
        ("test", "--nozip_undeclared_test_outputs"),  # it takes the machine's zip, and fails the test without one
        *([("common", f"--repo_env=RULES_SV_GHDL={ghdl}")] if ghdl else []),  # see rules/extensions.bzl
        # Bazel fails with a traceback where it looks for a compiler in vain; see overlay/apple_support.
        *([] if compiler else [("common", "--repo_env=BAZEL_DO_NOT_DETECT_CPP_TOOLCHAIN=1")]),
    )
    return _lines(options)


def render_system(home: Path | None) -> str:
    """The settings for a Bazel that the machine has.

    Args:
        home: the folder of rules_sv where the workspace asks for no version of it; else None.
    """
    return _lines([("common", f"--override_module=rules_sv={home}")] if home else [])


def quote(option: str) -> str:
    """An option as one word of a bazelrc."""
    if not any(character.isspace() or character in "'\"\\#" for character in option):
        return option
    escaped = option.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _lines(options: Iterable[tuple[str, str]]) -> str:
    return "\n".join([_HEADER, *(f"{command} {quote(option)}" for command, option in options)]) + "\n"


def _explain(name: str, graph: Graph) -> str:
    return f"{graph.wanted_by[name]} depends on the module '{name}', which can't be had without a registry"


_UNKNOWN_FIX = (
    "add a local_path_override for it to the workspace's MODULE.bazel; or, where a registry can be reached,\n"
    "put bazelisk on PATH and set BAZELW=system"
)
