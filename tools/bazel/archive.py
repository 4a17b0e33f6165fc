"""Debian's packages for one cache folder: the index is read once, and what is downloaded outlives a failure."""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.bazel import apt, progress


class Archive:
    """Packages of the suite, to be unpacked. To be used with the cache's lock held.

    Args:
        state: the folder for all that apt writes.
        architecture: Debian's name of the machine's architecture.
        mirror: a Debian mirror that the user names, in place of the machine's.
        keyring: a keyring that the user names, likewise.
    """

    def __init__(self, state: Path, architecture: str, mirror: str | None = None, keyring: str | None = None) -> None:
        self._state = state
        self._client = apt.Apt(state, architecture)
        self._wish = (mirror, keyring)
        self._source: apt.Mirror | None = None
        self._read = False

    def require(self) -> None:
        """Makes sure that there is somewhere to get packages from.

        Raises:
            ProvisionError: where the machine has no apt, no mirror or no keyring.
        """
        if self._source is None:
            self._source = apt.find_mirror(*self._wish)

    def unpack(
        self,
        wanted: Sequence[str],
        provided: Sequence[str],
        folder: Path,
        check: Callable[[Sequence[apt.Package]], None] = lambda packages: None,
    ) -> None:
        """Downloads packages with what they depend on, and unpacks them.

        Args:
            wanted: the packages' names.
            provided: packages to be taken as installed.
            folder: where to unpack them; it exists.
            check: sees what will be downloaded, and raises where that is not what it should be.

        Raises:
            ProvisionError: where they can't be had; whatever was downloaded is kept.
        """
        packages = self._download(wanted, provided, check)
        progress.note("unpacking them")
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda package: apt.extract(self._client.archives / package.file, folder), packages))

    def drop(self) -> None:
        """Removes the index and all that was downloaded."""
        shutil.rmtree(self._state, ignore_errors=True)
        self._read = False

    def _download(
        self, wanted: Sequence[str], provided: Sequence[str], check: Callable[[Sequence[apt.Package]], None]
    ) -> tuple[apt.Package, ...]:
        """Fetches the packages; once more with a new index where the suite moved on in between."""
        for last in (False, True):
            if not self._read or last:
                progress.note(f"reading the package index of Debian {apt.SUITE}")
                self._read_index()
            self._client.assume(provided)
            packages = self._client.plan(wanted)
            check(packages)
            missing = [package for package in packages if not (self._client.archives / package.file).exists()]
            size = sum(package.size for package in missing) // 1_000_000
            progress.note(f"downloading {len(missing)} packages, {size} MB")
            try:
                self._client.download(wanted)
            except apt.FetchError:
                if last:
                    raise
            else:
                break
        return packages

    def _read_index(self) -> None:
        """Fetches the index, an old one too: the wanted version counts, and each file is verified."""
        self.require()
        assert self._source is not None
        self._client.prepare(self._source)
        try:
            self._client.update()
        except apt.ExpiredIndex as error:
            progress.note(f"warning: {error.message}; using it: it is signed, and so is each package")
            self._client.prepare(dataclasses.replace(self._source, expired=True))
            self._client.update()
        self._read = True
