"""Bazel from Debian's packages, complete or not at all."""

from __future__ import annotations

import dataclasses
import fcntl
import os
import platform
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tools.bazel import apt, progress, relocate
from tools.bazel.errors import ProvisionError

VERSION = "7.7.1"

RECIPE = 1
"""Raised when the tree that `install` makes changes, so that trees of older recipes are left alone."""

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


def architecture() -> str:
    """Debian's name of this machine's architecture.

    Raises:
        ProvisionError: for an architecture or system that Debian's Bazel does not serve.
    """
    system, machine = platform.system(), platform.machine()
    if system != "Linux" or machine not in _MACHINES:
        found = f"{system} on {machine}"
        raise ProvisionError(
            f"Bazel can be provisioned on Linux on x86_64 or aarch64 only; this is {found}",
            "put bazelisk or Bazel 7.7.1 on PATH",
        )
    return _MACHINES[machine]


def layout(cache: Path) -> relocate.Layout:
    """Where the installation is, or will be."""
    arch = architecture()
    return relocate.Layout(cache / f"bazel-{VERSION}-{arch}-{RECIPE}", TRIPLETS[arch])


@contextmanager
def lock(cache: Path) -> Iterator[None]:
    """Holds the cache folder for one writer; the system lets go of it when the holder dies."""
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress.note("another bazelw is at work; waiting for it")
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def ensure(cache: Path, mirror: str | None = None) -> relocate.Layout:
    """Installs Bazel below the cache folder, unless it is there. To be called with the lock held.

    Args:
        cache: the cache folder, absolute.
        mirror: a Debian mirror that the user names, in place of the machine's.

    Returns:
        The installation, complete.
    """
    done = layout(cache)
    if done.root.is_dir():
        return done
    source = apt.find_mirror(mirror)
    _check_space(cache)
    progress.note(f"no Bazel that can reach a registry: providing Bazel {VERSION} from Debian's packages,")
    progress.note(f"  once, in {done.root}")
    state = cache / "debian"
    client = apt.Apt(state, architecture(), PROVIDED)
    packages = _download(client, source)
    staging = cache / f"{done.root.name}.new"
    with progress.phase("unpacking"):
        shutil.rmtree(staging, ignore_errors=True)  # what an interrupted call left
        staging.mkdir()
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda p: apt.extract(client.archives / p.file, staging), packages))
    with progress.phase("relocating"):
        relocate.relocate(relocate.Layout(staging, done.triplet), done.root)
    staging.rename(done.root)
    shutil.rmtree(state, ignore_errors=True)
    return done


def _read_index(client: apt.Apt, mirror: apt.Mirror) -> None:
    """Fetches the index, an old one too: one version of Bazel is wanted, and each file is verified."""
    client.prepare(mirror)
    try:
        client.update()
    except apt.ExpiredIndex as error:
        progress.note(f"warning: {error.message}: this mirror is out of date; using it, signatures verified")
        client.prepare(dataclasses.replace(mirror, expired=True))
        client.update()


def _download(client: apt.Apt, mirror: apt.Mirror) -> tuple[apt.Package, ...]:
    """Fetches the packages; once more with a new index where the suite moved on in between."""
    for last in (False, True):
        with progress.phase(f"reading the package index of Debian {apt.SUITE}"):
            _read_index(client, mirror)
            packages = client.plan(PACKAGES)
            _check_version(packages)
        size = sum(package.size for package in packages) // 1_000_000
        try:
            with progress.phase(f"downloading {len(packages)} packages, {size} MB"):
                client.download(PACKAGES)
        except ProvisionError:
            if last:
                raise
        else:
            return packages
    raise AssertionError("unreachable")


def _check_version(packages: tuple[apt.Package, ...]) -> None:
    found = next((p.version for p in packages if p.name == "bazel-bootstrap"), None)
    if found is None or not found.startswith(f"{VERSION}+"):
        raise ProvisionError(
            f"Debian {apt.SUITE} has bazel-bootstrap {found}; expected {VERSION}",
            "update rules_sv; or put bazelisk on PATH; or set BAZELW_DEBIAN_MIRROR to a snapshot of the\n"
            f"Debian archive from a day when it had {VERSION}",
        )


def _check_space(cache: Path) -> None:
    free = shutil.disk_usage(cache).free
    if free < _NEEDED:
        raise ProvisionError(
            f"{cache} has {free // 1_000_000} MB free; Bazel needs {_NEEDED // 1_000_000} MB",
            "make room there, or set BAZELW_CACHE to a folder with room",
        )
