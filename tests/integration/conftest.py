"""The workspaces that the tests build in. One server a workspace runs, and is shut down at the end."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.bazel import Outcome, Workspace

# Links of the runfiles lead into the source tree, where bazelw knows the rule set's folder.
_HERE = Path(__file__).resolve().parent


def make_workspace(root: Path, name: str, source: str, *, disk_cache: bool = True) -> Workspace:
    """A copy of the child workspace `source`, with an output base of its own.

    Args:
        root: the folder for everything that the tests write.
        name: the copy's.
        source: the folder beside this file.
        disk_cache: whether to share what was built with the other workspaces.
    """
    folder = _HERE / source
    assert (folder / "BUILD.bazel").is_file(), (
        f"{folder} has no BUILD.bazel: is it named in --deleted_packages of .bazelrc?"
    )
    return Workspace(
        bazelw=_HERE.parents[1] / "bazelw",
        source=folder,
        folder=root / name,
        output_base=root / "bazel" / name,
        disk_cache=root / "disk_cache" if disk_cache else None,
    )


@pytest.fixture(scope="session")
def root() -> Iterator[Path]:
    """The folder for everything that the tests write; $RULES_SV_INTEGRATION_DIR keeps it from run to run."""
    kept = os.environ.get("RULES_SV_INTEGRATION_DIR")
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept).resolve()
        return
    # Not in /tmp, which sandboxes hide.
    folder = Path(tempfile.mkdtemp(prefix="rules_sv_", dir=os.environ.get("TEST_TMPDIR", "/var/tmp"))).resolve()
    yield folder
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)  # Bazel's outputs are read-only
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def project(root: Path) -> Iterator[Workspace]:
    """The workspace that shows most features, before anything is built in it."""
    workspace = make_workspace(root, "project", "project")
    if workspace.output_base.exists():
        workspace.bazel("clean")
    yield workspace
    workspace.bazel("shutdown")


@pytest.fixture(scope="session")
def first_build(project: Workspace) -> Outcome:
    """The first build of everything in `project`, with nothing but sandboxes."""
    return project.succeed("build", "--spawn_strategy=sandboxed", "//...")


@pytest.fixture(scope="session")
def built(project: Workspace, first_build: Outcome) -> Path:
    """Where the simulators of `project` are."""
    return project.bin()
