"""Bazel from Debian's packages, complete or not at all."""

from __future__ import annotations

import dataclasses
import fcntl
import os
import platform
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tools.bazel import apt, progress, relocate
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


def ensure(cache: Path, mirror: str | None = None, keyring: str | None = None) -> relocate.Layout:
    """Installs Bazel below the cache folder, unless it is there. To be called with the lock held.

    Args:
        cache: the cache folder, absolute.
        mirror: a Debian mirror that the user names, in place of the machine's.
        keyring: a keyring that the user names, likewise.

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
    source = apt.find_mirror(mirror, keyring)
    _check_space(cache)
    begin = time.monotonic()
    progress.note(f"providing Bazel {VERSION} from Debian's packages, once, in {cache}")
    state = cache / "debian"
    client = apt.Apt(state, _machine(), PROVIDED)
    packages = _download(client, source)
    staging = done.root.with_name(f"{done.root.name}.new")
    shutil.rmtree(done.root, ignore_errors=True)
    shutil.rmtree(staging, ignore_errors=True)  # what an interrupted call left
    try:
        progress.note("unpacking them")
        staging.mkdir()
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda package: apt.extract(client.archives / package.file, staging), packages))
        progress.note("making them run from there")
        relocate.relocate(relocate.Layout(staging, done.triplet), done.root)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    staging.rename(done.root)
    shutil.rmtree(state, ignore_errors=True)
    progress.note(f"Bazel {VERSION} is ready after {time.monotonic() - begin:.0f} s")
    return done


def _download(client: apt.Apt, mirror: apt.Mirror) -> tuple[apt.Package, ...]:
    """Fetches the packages; once more with a new index where the suite moved on in between."""
    for last in (False, True):
        progress.note(f"reading the package index of Debian {apt.SUITE}")
        _read_index(client, mirror)
        packages = client.plan(PACKAGES)
        check_version(packages)
        missing = [package for package in packages if not (client.archives / package.file).exists()]
        size = sum(package.size for package in missing) // 1_000_000
        progress.note(f"downloading {len(missing)} packages, {size} MB")
        try:
            client.download(PACKAGES)
        except apt.FetchError:
            if last:
                raise
        else:
            break
    return packages


def _read_index(client: apt.Apt, mirror: apt.Mirror) -> None:
    """Fetches the index, an old one too: one version of Bazel is wanted, and each file is verified."""
    client.prepare(mirror)
    try:
        client.update()
    except apt.ExpiredIndex as error:
        progress.note(f"warning: {error.message}; using it: it is signed, and so is each package")
        client.prepare(dataclasses.replace(mirror, expired=True))
        client.update()


def check_version(packages: tuple[apt.Package, ...]) -> None:
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
