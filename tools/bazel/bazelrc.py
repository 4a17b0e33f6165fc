"""The bazelrc that makes a workspace build with the provided Bazel and modules."""

from __future__ import annotations

from pathlib import Path

from tools.bazel.errors import ProvisionError
from tools.bazel.module_graph import Graph
from tools.bazel.relocate import Layout


def render(layout: Layout, graph: Graph, workspace: Path | None) -> str:
    """The file's text.

    Args:
        layout: the Bazel installation.
        graph: the workspace's modules.
        workspace: the workspace's folder; None outside of one.

    Raises:
        ProvisionError: where a module can't be had; every such module is named.
    """
    lines = [
        "# Written by bazelw for the Bazel that it provides; it is written anew when a MODULE.bazel changes.",
        f"# Workspace: {workspace or 'none'}",
        f"startup --install_base={layout.install_base}",
        "startup --trust_install_base",
        f"startup --server_javabase={layout.java}",
        "startup --host_jvm_args=--enable-native-access=ALL-UNNAMED",
        f"startup --host_jvm_args=-Djava.library.path={layout.libraries}/jni:{layout.libraries}",
        "common --enable_bzlmod",
        "common --noenable_workspace",
        "common --lockfile_mode=off",
    ]
    unknown = sorted(set(name for name, folder in graph.modules.items() if folder is None) - graph.overridden)
    if unknown:
        raise ProvisionError("\n".join(_explain(name, graph) for name in unknown), _UNKNOWN_FIX)
    for name, folder in sorted(graph.modules.items()):
        if name not in graph.overridden:
            lines.append(f"common --override_module={name}={folder}")
    for line in lines:
        if any(character in line for character in " \t'\"\\") and not line.startswith(("#", "common --", "startup --")):
            raise AssertionError(line)
    return "\n".join(lines) + "\n"


def _explain(name: str, graph: Graph) -> str:
    return f"the module '{name}', which {graph.wanted_by[name]} depends on, can't be had without a registry"


_UNKNOWN_FIX = (
    "add a local_path_override for it to your MODULE.bazel; or put bazelisk on PATH where a registry can be\n"
    "reached, and set BAZELW=system"
)
