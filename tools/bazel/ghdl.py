"""GHDL from Debian's packages, for machines without one; it runs on the C library that Bazel's packages brought.

Bazel does not depend on it: where it can't be had, there is a warning, and VHDL rules say what they miss.
"""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from tools.bazel import launch, process, progress, relocate
from tools.bazel.archive import Archive
from tools.bazel.errors import ProvisionError

RECIPE = 1
"""Raised when the tree that `ensure` makes changes; trees of older recipes are left alone."""

_PACKAGES = {"x86_64-linux-gnu": "ghdl-mcode"}  # Debian has it for no other architecture that has Bazel
_PROVIDED = ("libc6", "libgcc-s1", "zlib1g")  # by Bazel's packages
_LIBRARIES = "usr/lib/ghdl/mcode/vhdl"
_DAY_S = 86_400


def tree(bazel: relocate.Layout) -> relocate.Layout:
    """Where GHDL is, or will be: beside the installation of Bazel whose libraries it uses."""
    return relocate.Layout(bazel.root.with_name(f"ghdl-{RECIPE}-{bazel.root.name}"), bazel.triplet)


def excuse(bazel: relocate.Layout) -> Path:
    """The file that says until when (seconds since 1970) no further attempt is made, and why."""
    return bazel.root.with_name(f"no-{tree(bazel).root.name}")


def retry_at(bazel: relocate.Layout) -> int:
    """When to try again, in seconds since 1970; `launch.FOREVER` where nothing failed."""
    try:
        return int(excuse(bazel).read_text().split("\n", 1)[0])
    except FileNotFoundError:
        return launch.FOREVER
    except ValueError:
        return 0


def ensure(bazel: relocate.Layout, archive: Archive) -> Path | None:
    """Installs GHDL, unless it is there. To be called with the cache's lock held.

    Args:
        bazel: the complete installation of Bazel.
        archive: where packages come from.

    Returns:
        The program; None where it can't be had.
    """
    if bazel.triplet not in _PACKAGES:
        return None
    done, refused = tree(bazel), excuse(bazel)
    if done.ghdl.is_file():
        refused.unlink(missing_ok=True)
        return done.ghdl
    if refused.exists() and retry_at(bazel) > time.time():
        return None
    try:
        _install(bazel, done, archive)
    except ProvisionError as error:
        progress.note(f"warning: there is no GHDL for machines without one: {error.message}")
        progress.note(f"trying again tomorrow, or once {refused} is removed")
        refused.write_text(f"{int(time.time()) + _DAY_S}\n{error.message}\n")
        return None
    refused.unlink(missing_ok=True)
    return done.ghdl


def _install(bazel: relocate.Layout, done: relocate.Layout, archive: Archive) -> None:
    progress.note(f"providing GHDL too, once, in {done.root}")
    staging = relocate.Layout(done.root.with_name(f"{done.root.name}.new"), done.triplet)
    shutil.rmtree(done.root, ignore_errors=True)
    shutil.rmtree(staging.root, ignore_errors=True)  # what an interrupted call left
    try:
        staging.root.mkdir()
        archive.unpack([_PACKAGES[bazel.triplet]], _PROVIDED, staging.root)
        relocate.prune(staging.root)
        relocate.rebase_links(staging.root)
        libraries = f"$ORIGIN/../lib/{done.triplet}:{bazel.libraries}"
        relocate.patch(bazel, staging.ghdl, bazel.loader, libraries)
        _check(staging)
        staging.root.rename(done.root)
    finally:
        shutil.rmtree(staging.root, ignore_errors=True)


def _check(layout: relocate.Layout) -> None:
    """Runs it: the suite may have moved on since Bazel's libraries were fetched."""
    if not layout.ghdl.is_file() or not (layout.root / _LIBRARIES / "std").is_dir():
        raise ProvisionError(f"Debian's package has no {layout.ghdl} or no {_LIBRARIES}/std")
    ran = process.run([str(layout.ghdl), "--disp-config"])
    if ran.returncode != 0:
        raise ProvisionError(f"it does not run on the libraries of {layout.root.parent}\n{process.tail(ran.stderr)}")
