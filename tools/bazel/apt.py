"""Debian packages through the machine's own apt, without touching the machine's apt state.

apt does the work: it verifies signatures, resolves dependencies, resumes downloads and honours the machine's
proxies and credentials. This module gives it a private state folder, and reads what it prints.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from tools.bazel import process
from tools.bazel.errors import ProvisionError

SUITE = "sid"
INDEX_FORMAT = "$(REPO_URI)\t$(ORIGIN)\t$(SIGNED_BY)"

_KEYRINGS = (
    "/usr/share/keyrings/debian-archive-keyring.gpg",
    "/usr/share/keyrings/debian-archive-keyring.pgp",
)


@dataclass(frozen=True)
class Mirror:
    """Where the machine gets Debian from.

    Attributes:
        uri: the repository's address, as apt's configuration has it.
        keyring: absolute path of the keyring that vouches for it.
        expired: whether an index past its validity is taken, as a snapshot's is; it must be signed all the same.
    """

    uri: str
    keyring: str
    expired: bool = False


@dataclass(frozen=True)
class Package:
    """One file that apt wants to download.

    Attributes:
        file: the name that it gets in the archive folder.
        size: bytes.
    """

    file: str
    size: int

    @property
    def name(self) -> str:
        """The package's name."""
        return self.file.split("_", 1)[0]

    @property
    def version(self) -> str:
        """The package's version, epoch included."""
        return unquote(self.file.split("_", 2)[1])


def choose_mirror(index_targets: str) -> str | None:
    """The Debian mirror among the repositories that apt is configured with.

    Args:
        index_targets: what `apt-get indextargets --format INDEX_FORMAT` prints: a repository a line.

    Returns:
        The address of a main Debian archive, never of its security archive; None where there is none.
    """
    ranked: list[tuple[int, int, str]] = []
    for number, line in enumerate(index_targets.splitlines()):
        uri, origin, *_ = [*line.split("\t"), "", ""]
        path = uri.rstrip("/")
        if not uri or "security" in uri:
            continue
        if path.endswith("/debian"):
            ranked.append((0, number, uri))
        elif origin == "Debian" and "backports" not in uri:
            ranked.append((1, number, uri))
        elif re.match(r"mirror\+file:.*/debian\.list$", uri):  # Debian's cloud images
            ranked.append((2, number, uri))
    return min(ranked)[2] if ranked else None


def parse_uris(output: str) -> tuple[Package, ...]:
    """The packages in what `apt-get install --print-uris` prints.

    Args:
        output: lines such as `'http://…/a_1_all.deb' a_1_all.deb 123 SHA256:…` among prose.
    """
    lines = re.findall(r"^'[^']*' (\S+\.deb) (\d+)", output, re.MULTILINE)
    return tuple(Package(file, int(size)) for file, size in lines)


def missing_packages(output: str) -> tuple[str, ...]:
    """The packages that apt says it can't find or install."""
    patterns = (
        r"Unable to locate package (\S+)",
        r"Package '?([^\s']+)'? has no installation candidate",
        r"Couldn't find any package by (?:glob|regex) '([^']+)'",
        r"Depends: (\S+) .*but it is not (?:installable|going to be installed)",
    )
    found = (name for pattern in patterns for name in re.findall(pattern, output))
    return tuple(dict.fromkeys(found))


def status_file(provided: Iterable[str], architecture: str) -> str:
    """A dpkg status file that says these packages are installed, in a version that satisfies all.

    apt then leaves out what the machine has of its own (compilers, Python) and what a relocated Bazel does
    not need, with all that these would have pulled in.
    """
    entry = (
        "Package: {name}\nStatus: install ok installed\nVersion: 99:999\nArchitecture: {architecture}\n"
        "Multi-Arch: foreign\nMaintainer: none <none@localhost>\nDescription: the machine's own\n\n"
    )
    return "".join(entry.format(name=name, architecture=architecture) for name in provided)


def configuration(state: Path, root: bool) -> str:
    """An apt configuration that keeps everything below `state`; read after the machine's own."""
    settings = {
        "Dir::State": f"{state}/state",
        "Dir::State::Lists": f"{state}/lists",
        "Dir::State::status": f"{state}/status",
        "Dir::Cache": f"{state}/cache",
        "Dir::Cache::archives": f"{state}/archives",
        "Dir::Etc::sourcelist": f"{state}/sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::Etc::preferences": "/dev/null",
        "Dir::Etc::preferencesparts": "/dev/null",
        "Dir::Log": f"{state}/log",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
        "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
        "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled": "false",
        "APT::Install-Recommends": "false",
        "APT::Install-Suggests": "false",
    }
    if root:
        settings["APT::Sandbox::User"] = "root"  # _apt may not read a folder in root's home
    hooks = ("APT::Update::Pre-Invoke", "APT::Update::Post-Invoke", "APT::Update::Post-Invoke-Success")
    clears = [f"#clear {hook};" for hook in (*hooks, "DPkg::Pre-Install-Pkgs", "APT::Default-Release")]
    return "\n".join([*clears, *(f'{key} "{value}";' for key, value in settings.items())]) + "\n"


class ExpiredIndex(ProvisionError):
    """The mirror's index is signed by Debian, and older than Debian vouches for."""


class FetchError(ProvisionError):
    """Something could not be fetched; the mirror may have moved on, or the network failed."""


class Apt:
    """apt with a private state folder.

    Args:
        state: the folder; kept between calls so that an interrupted download goes on where it was.
        architecture: Debian's name of the machine's architecture.
    """

    def __init__(self, state: Path, architecture: str) -> None:
        self.state = state
        self.architecture = architecture
        self._config = state / "apt.conf"

    @property
    def archives(self) -> Path:
        """Where downloaded packages lie."""
        return self.state / "archives"

    def prepare(self, mirror: Mirror) -> None:
        """Writes the state folder's configuration; what has been downloaded stays."""
        if any(character in str(self.state) for character in '"\n;'):
            raise ProvisionError(f"apt can't use a folder with such a name: {self.state}", _CACHE_FIX)
        for folder in ("lists/partial", "archives/partial", "none/partial", "cache", "log", "state"):
            (self.state / folder).mkdir(parents=True, exist_ok=True)
        validity = " check-valid-until=no" if mirror.expired else ""
        options = f"[arch={self.architecture} signed-by={mirror.keyring}{validity}]"
        (self.state / "sources.list").write_text(f"deb {options} {mirror.uri} {SUITE} main\n")
        self.assume(())
        self._config.write_text(configuration(self.state, os.geteuid() == 0))

    def assume(self, provided: Sequence[str]) -> None:
        """Settles which packages are taken as installed."""
        (self.state / "status").write_text(status_file(provided, self.architecture))

    def update(self) -> None:
        """Fetches the suite's package index.

        Raises:
            ExpiredIndex: where the mirror has not been updated for longer than Debian vouches for its index.
            ProvisionError: where there is no index to be had.
        """
        # Without this, apt reports an index that it could not fetch as a mere warning.
        self._run("update", "--error-on=any", what=f"can't fetch the package index of Debian {SUITE}")

    def plan(self, packages: Sequence[str]) -> tuple[Package, ...]:
        """What an installation of these packages consists of, whether it is downloaded or not."""
        what = f"Debian {SUITE} can't provide {' '.join(packages)}"
        # apt leaves out of its list what lies in its archive folder, so here it looks at an empty one.
        none = f"Dir::Cache::archives={self.state}/none"
        return parse_uris(self._run("install", "-o", none, "--yes", "--print-uris", *packages, what=what))

    def download(self, packages: Sequence[str]) -> None:
        """Downloads what `plan` names; files that are complete are not fetched again.

        Raises:
            FetchError: where a file could not be fetched.
            ProvisionError: where trying again would not help.
        """
        what = f"can't download packages of Debian {SUITE}"
        self._run("install", "--yes", "--download-only", *packages, what=what)

    def _run(self, verb: str, *args: str, what: str) -> str:
        command = ["apt-get", "-q", "-c", str(self._config), verb, *args]
        done = process.run(command, {"DEBIAN_FRONTEND": "noninteractive"})
        if done.returncode == 0:
            return done.stdout
        output = done.stdout + done.stderr
        gone = missing_packages(output)
        if gone:
            raise ProvisionError(f"{what}: no such package: {' '.join(gone)}", _GONE_FIX)
        if "No space left on device" in output or "don't have enough free space" in output:
            raise ProvisionError(f"{what}: no space left below {self.state}", _CACHE_FIX)
        expired = re.search(r"Release file for \S+ is expired \((invalid since [^)]*)\)", output)
        if expired:
            message = f"the mirror's index of Debian {SUITE} is out of date ({expired[1]})"
            raise ExpiredIndex(message, "use another mirror, or update this one")
        if "NO_PUBKEY" in output or "not signed" in output:
            raise ProvisionError(f"{what}: its signature can't be verified\n{process.tail(output)}", _KEY_FIX)
        raise FetchError(f"{what}\n{process.tail(output)}", "look at the machine's network and apt configuration")


def find_mirror(chosen: str | None = None, chosen_keyring: str | None = None) -> Mirror:
    """The mirror that the machine's apt is configured with.

    Args:
        chosen: an address that the user gives instead.
        chosen_keyring: a keyring that the user gives in place of the machine's.

    Raises:
        ProvisionError: where there is no apt, no mirror or no keyring.
    """
    for tool in ("apt-get", "dpkg-deb"):
        if shutil.which(tool) is None:
            raise ProvisionError(f"there is no Bazel on this machine, and no {tool} to get it with", _NO_APT_FIX)
    keyrings = (chosen_keyring,) if chosen_keyring else _KEYRINGS
    keyring = next((path for path in keyrings if Path(path).is_file()), None)
    if chosen:
        uri: str | None = chosen
    else:
        command = ["apt-get", "indextargets", "--format", INDEX_FORMAT, "Created-By: Packages"]
        uri = choose_mirror(process.run(command).stdout)
    if uri is None:
        raise ProvisionError("the machine's apt configuration has no Debian mirror", _NO_APT_FIX)
    if keyring is None:
        raise ProvisionError(f"there is no Debian keyring: expected {keyrings[0]}", _KEY_FIX)
    return Mirror(uri, keyring, expired=chosen is not None)


def extract(package: Path, folder: Path) -> None:
    """Unpacks a package's files; runs none of its scripts."""
    done = process.run(["dpkg-deb", "-x", str(package), str(folder)])
    if done.returncode != 0:
        fix = _CACHE_FIX if "No space left" in done.stderr else f"remove {package.parent} and try again"
        raise ProvisionError(f"can't unpack {package.name}\n{process.tail(done.stderr)}", fix)


_CACHE_FIX = "free 1.5 GB there, or set BAZELW_CACHE to a folder with room"
_GONE_FIX = (
    "update rules_sv; or put bazelisk or Bazel 7.7.1 on PATH; or set BAZELW_DEBIAN_MIRROR to a snapshot of\n"
    "the Debian archive from a day when the package was there"
)
_KEY_FIX = "install or update the package debian-archive-keyring; or set BAZELW_DEBIAN_KEYRING to its file"
_NO_APT_FIX = "put bazelisk or Bazel 7.7.1 on PATH; or set BAZELW_DEBIAN_MIRROR to a Debian mirror"
