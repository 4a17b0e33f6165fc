"""Bazel from Debian's packages, complete or not at all."""

from __future__ import annotations

import fcntl
import os
import platform
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tools.bazel import apt, progress, relocate
from tools.bazel.archive import Archive
from tools.bazel.errors import ProvisionError

VERSION = "7.7.1"

RECIPE = 1
"""Raised when the tree that `ensure` makes changes; trees of older recipes are left alone."""

PACKAGES = (
    "bazel-bootstrap",
    "bazel-rules-rust",
    "bazel-rules-shell",
    "default-jre-headless",
    "libblake3-0",  # bazel-bootstrap needs it and does not say so
    "liblz4-dev",
    "librust-tinyjson-dev",
    "patchelf",
    "python3-pip-whl",
    "zlib1g-dev",
)

PROVIDED = (
    "adduser",
    "build-essential",
    "ca-certificates",
    "ca-certificates-java",
    "debconf",
    "default-jdk-headless",  # the runtime is enough for Bazel, and a third of the size
    "libc6-dev",
    "libcrypt-dev",
    "linux-libc-dev",
    "openssl",
    "passwd",
    "perl",
    "perl-base",
    "python3",
    "python3-minimal",
    "unzip",
)

TRIPLETS = {"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}
_MACHINES = {"x86_64": "amd64", "aarch64": "arm64"}
_NEEDED = 1_500_000_000


def architecture(system: str, machine: str) -> str:
    """Debian's name of an architecture.

    Args:
        system: as `platform.system` has it.
        machine: as `platform.machine` has it.

    Raises:
        ProvisionError: for a system or an architecture that Debian's Bazel does not serve.
    """
    if system != "Linux" or machine not in _MACHINES:
        raise ProvisionError(
            f"bazelw can provide Bazel on Linux on x86_64 and aarch64; this is {system} on {machine}",
            f"put bazelisk or Bazel {VERSION} on PATH",
        )
    return _MACHINES[machine]


def _machine() -> str:
    return architecture(platform.system(), platform.machine())


def layout(cache: Path) -> relocate.Layout:
    """Where the installation is, or will be."""
    arch = _machine()
    return relocate.Layout(cache / f"bazel-{VERSION}-{arch}-{RECIPE}", TRIPLETS[arch])


@contextmanager
def lock(cache: Path) -> Iterator[None]:
    """Holds the cache folder for one writer and its children; the system lets go of it when they end."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("a") as stream:
        os.set_inheritable(stream.fileno(), True)
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.note("another bazelw is at work; waiting for it")
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def archive(cache: Path, mirror: str | None = None, keyring: str | None = None) -> Archive:
    """Debian's packages for this machine; nothing is read yet.

    Args:
        cache: the cache folder, absolute.
        mirror: a Debian mirror that the user names, in place of the machine's.
        keyring: a keyring that the user names, likewise.
    """
    return Archive(cache / "debian", _machine(), mirror, keyring)


def ensure(cache: Path, packages: Archive) -> relocate.Layout:
    """Installs Bazel below the cache folder, unless it is there. To be called with the lock held.

    Args:
        cache: the cache folder, absolute.
        packages: where packages come from.

    Returns:
        The installation, complete.

    Raises:
        ProvisionError: where it can't be had; whatever was downloaded is kept for the next call.
    """
    done = layout(cache)
    if done.bazel.is_file():
        return done
    if ":" in str(cache):  # It separates the entries of a program's library path.
        raise ProvisionError(f"a cache folder with a colon in its name can't be used: {cache}", _CACHE_FIX)
    packages.require()
    _check_space(cache)
    begin = time.monotonic()
    progress.note(f"providing Bazel {VERSION} from Debian's packages, once, in {cache}")
    staging = done.root.with_name(f"{done.root.name}.new")
    shutil.rmtree(done.root, ignore_errors=True)
    shutil.rmtree(staging, ignore_errors=True)  # what an interrupted call left
    try:
        staging.mkdir()
        packages.unpack(PACKAGES, PROVIDED, staging, check_version)
        progress.note("making them run from there")
        relocate.relocate(relocate.Layout(staging, done.triplet), done.root)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    staging.rename(done.root)
    progress.note(f"Bazel {VERSION} is ready after {time.monotonic() - begin:.0f} s")
    return done


def check_version(packages: Sequence[apt.Package]) -> None:
    """Makes sure that the suite still has the version that all of this is for.

    Raises:
        ProvisionError: where it has another one.
    """
    found = next((p.version for p in packages if p.name == "bazel-bootstrap"), None)
    if found is None or not found.startswith(f"{VERSION}+"):
        raise ProvisionError(
            f"Debian {apt.SUITE} has {f'Bazel {found}' if found else 'no Bazel'}; expected {VERSION}",
            "update rules_sv; or put bazelisk on PATH; or set BAZELW_DEBIAN_MIRROR to a snapshot of the\n"
            f"Debian archive from a day when it had {VERSION}",
        )


def _check_space(cache: Path) -> None:
    free = shutil.disk_usage(cache).free
    if free < _NEEDED:
        raise ProvisionError(
            f"{cache} has {free // 1_000_000} MB of free space; providing Bazel takes {_NEEDED // 1_000_000} MB",
            _CACHE_FIX,
        )


_CACHE_FIX = "make room there, or set BAZELW_CACHE to another folder"
