"""The modules that stand in for a registry's: Debian's rule sets, with what they lack laid over them.

The folder `overlay/` mirrors the modules. Its BUILD and MODULE.bazel files carry the suffix `.overlay`, so
that Bazel does not take them for packages of this repository.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from tools.bazel.errors import ProvisionError
from tools.bazel.relocate import Layout

SUFFIX = ".overlay"

DEBIAN = {
    "bazel_features": "tools/features",
    "bazel_skylib": "tools/skylib",
    "platforms": "tools/platforms",
    "rules_cc": "rules/cc",
    "rules_java": "rules/java",
    "rules_license": "rules/license",
    "rules_proto": "rules/proto",
    "rules_python": "rules/python",
    "rules_rust": "rules/rust",
    "rules_shell": "rules/shell",
}
"""Modules that Debian packages, with their folders below Bazel's installation."""

OWN = ("apple_support", "buildozer", "lz4", "zlib")
"""Modules that the overlay makes."""

EMPTY = ("aspect_rules_js", "protobuf")
"""Modules that others name and nobody here builds anything of."""

IMPLICIT = (
    "apple_support",
    "buildozer",
    "platforms",
    "protobuf",
    "rules_cc",
    "rules_java",
    "rules_license",
    "rules_proto",
    "rules_python",
    "zlib",
)
"""Modules that bazel_tools, and so every workspace, depends on."""

_EXTRA = {
    "lz4/include": ("usr/include/lz4.h", "usr/include/lz4hc.h"),
    "lz4/lib": ("usr/lib/{triplet}/liblz4.a",),
    "rules_python/python/local": ("usr/share/python-wheels/pip-*.whl",),
    "rules_rust/tinyjson": ("usr/share/cargo/registry/tinyjson-*/src/*.rs",),
    "zlib/include": ("usr/include/zlib.h", "usr/include/zconf.h"),
    "zlib/lib": ("usr/lib/{triplet}/libz.a",),
}
_LEFT_OUT = ("crate_universe", "docs", "examples", "test", "tests")
_NEW_NAMES = {"rules_python/python/local/pip-*.whl": "pip.whl"}


def names() -> tuple[str, ...]:
    """The names of all modules that can be provided."""
    return tuple(sorted([*DEBIAN, *OWN, *EMPTY]))


def digest(overlay: Path, installation: str) -> str:
    """A name for what this program makes of these files and this installation."""
    total = hashlib.sha256(installation.encode() + Path(__file__).read_bytes())
    for file in overlay_files(overlay):
        total.update(f"{file.relative_to(overlay)}\0{len(file.read_bytes())}\0".encode())
        total.update(file.read_bytes())
    return total.hexdigest()[:12]


def overlay_files(overlay: Path) -> Iterator[Path]:
    """The files of the overlay, in a stable order."""
    return iter(sorted(path for path in overlay.rglob("*") if path.is_file() and path.suffix != ".pyc"))


def ensure(cache: Path, layout: Layout, overlay: Path) -> Path:
    """Makes the folder of modules, unless it is there. To be called with the cache's lock held.

    Args:
        cache: the cache folder.
        layout: the installation that has Debian's rule sets.
        overlay: the files to lay over them.

    Returns:
        A folder with a subfolder for each of `names()`.
    """
    done = cache / f"modules-{digest(overlay, layout.root.name)}"
    if done.is_dir():
        return done
    staging = cache / f"{done.name}.new"
    shutil.rmtree(staging, ignore_errors=True)
    build(staging, layout, overlay)
    staging.rename(done)
    return done


def drop_unused(cache: Path) -> None:
    """Removes the folders of modules that no workspace's settings name any more. With the lock held."""
    used: set[str] = set()
    for settings in (cache / "workspaces").rglob("@*/bazelrc"):
        used.update(re.findall(r"/(modules-[0-9a-f]{12})/", settings.read_text()))
    for folder in cache.glob("modules-*"):
        if folder.name not in used:
            shutil.rmtree(folder, ignore_errors=True)


def build(target: Path, layout: Layout, overlay: Path) -> None:
    """Writes every module's folder below `target`.

    Raises:
        ProvisionError: where Debian's packages lack something that the overlay stands on.
    """
    for name, folder in DEBIAN.items():
        source = layout.install_base / folder
        if not (source / "MODULE.bazel").is_file():
            raise ProvisionError(f"Debian's package of {name} has no {source / 'MODULE.bazel'}", _CHANGED_FIX)
        shutil.copytree(source, target / name, symlinks=True, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    for name in EMPTY:
        (target / name).mkdir()
        (target / name / "MODULE.bazel").write_text(f'module(name = "{name}")\n')
        (target / name / "BUILD.bazel").write_text("")
    for file in overlay_files(overlay):
        place = target / file.relative_to(overlay)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, place.with_name(place.name.removesuffix(SUFFIX)))
    for folder, patterns in _EXTRA.items():
        _copy_extra(target / folder, layout, patterns)
    for pattern, name in _NEW_NAMES.items():
        for found in target.glob(pattern):
            found.rename(found.with_name(name))
    (target / "rules_rust/tinyjson/BUILD.bazel").write_text("")


def _copy_extra(folder: Path, layout: Layout, patterns: tuple[str, ...]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for pattern in patterns:
        found = sorted(layout.root.glob(pattern.format(triplet=layout.triplet)))
        if not found:
            raise ProvisionError(f"Debian's packages have no {pattern}", _CHANGED_FIX)
        for file in found:
            shutil.copyfile(file, folder / file.name)


_CHANGED_FIX = "update rules_sv; or put bazelisk or Bazel 7.7.1 on PATH"
