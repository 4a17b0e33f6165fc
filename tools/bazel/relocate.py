"""Makes Debian's Bazel run from a folder of its own.

Debian's packages expect to lie in / and to find their libraries there. The machine's libraries are older, so
each program gets the loader and the libraries that came with it; nothing else on the machine sees them.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.bazel import elf, process, truststore
from tools.bazel.errors import ProvisionError

_CA_BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")
_JAVA_CACERTS = Path("/etc/ssl/certs/java/cacerts")
_PRUNED = ("doc", "man", "locale", "lintian", "doc-base", "gdb", "bash-completion", "zsh", "maven-repo")


@dataclass(frozen=True)
class Layout:
    """Where things lie in an unpacked tree.

    Attributes:
        root: the tree.
        triplet: Debian's name of the architecture's library folder, such as `x86_64-linux-gnu`.
    """

    root: Path
    triplet: str

    @property
    def bazel(self) -> Path:
        """The Bazel client."""
        return self.root / "usr/bin/bazel"

    @property
    def ghdl(self) -> Path:
        """GHDL, where the tree is one of it."""
        return self.root / "usr/bin/ghdl-mcode"

    @property
    def install_base(self) -> Path:
        """Bazel's installation folder."""
        return self.root / "usr/share/bazel"

    @property
    def libraries(self) -> Path:
        """The folder of shared libraries."""
        return self.root / "usr/lib" / self.triplet

    @property
    def java(self) -> Path:
        """The JDK, by the name that does not change with its release."""
        return self.root / "usr/lib/jvm/default-java"

    @property
    def loader(self) -> Path:
        """The dynamic loader of the tree's C library."""
        found = sorted(self.libraries.glob("ld-linux*.so.*"))
        if not found:
            raise ProvisionError(f"no dynamic loader in {self.libraries}")
        return found[0]

    def programs(self) -> Iterator[Path]:
        """The programs that Bazel runs, as candidates: not every one is an ELF file."""
        yield self.bazel
        yield from sorted((self.root / "usr/libexec" / self.triplet / "bazel").glob("*"))
        for jdk in sorted((self.root / "usr/lib/jvm").glob("*")):
            if not jdk.is_symlink():
                yield from sorted((jdk / "bin").glob("*"))
                yield from (jdk / "lib/jspawnhelper", jdk / "lib/jexec")


def relocate(layout: Layout, final: Path) -> None:
    """Makes an unpacked tree work once it is renamed to `final`.

    Args:
        layout: the tree, still in its staging place.
        final: the absolute path that the tree will have.
    """
    prune(layout.root)
    rebase_links(layout.root)
    _patch_programs(layout, final)
    for link in _links_below(layout.install_base):
        _materialise(link)
    list_file = layout.install_base / "bazel_classpath_debian_depends.txt"
    jars = sorted(path.name for path in (layout.root / "usr/share/java").glob("*.jar"))
    list_file.write_text(classpath(list_file.read_text(), jars, str(final)))
    _trust(layout.java / "lib/security/cacerts")


def prune(root: Path) -> None:
    """Drops documentation and the set-user-id bits that `dpkg-deb` keeps."""
    for name in _PRUNED:
        shutil.rmtree(root / "usr/share" / name, ignore_errors=True)
    for folder, _, files in os.walk(root):
        for name in files:
            path = Path(folder, name)
            if not path.is_symlink() and path.stat().st_mode & 0o6000:
                path.chmod(path.stat().st_mode & 0o777)


def rebase_links(root: Path) -> None:
    """Points each absolute symbolic link, such as the JDK's into /etc, to the tree's own file."""
    for link in list(_links_below(root)):
        target = os.readlink(link)
        inside = root / target.lstrip("/")
        if target.startswith("/") and os.path.lexists(inside):
            link.unlink()
            link.symlink_to(os.path.relpath(inside, link.parent))


def classpath(listed: str, jars: Iterable[str], prefix: str) -> str:
    """Bazel's list of jars, for a tree at `prefix`.

    Args:
        listed: the list as Debian ships it: absolute paths, one a line.
        jars: the names of the files in usr/share/java.
        prefix: the absolute path of the tree.

    Returns:
        The listed jars in their order, then every other jar without a version in its name: some manifests
        name those by absolute paths, which lead nowhere.
    """
    first = [line for line in listed.splitlines() if line]
    rest = [f"/usr/share/java/{jar}" for jar in jars if not re.search(r"-\d[^/]*\.jar$", jar)]
    return "\n".join(prefix + path for path in dict.fromkeys([*first, *rest]))


def rpath(existing: str, libraries: Path) -> str:
    """A program's library path: its own entries relative to it, then the tree's libraries."""
    own = [entry for entry in existing.strip().split(":") if entry.startswith("$ORIGIN")]
    return ":".join([*own, str(libraries), f"{libraries}/bazel"])


def patch(tools: Layout, program: Path, loader: Path, libraries: str) -> None:
    """Gives a program another loader and library path; leaves alone what is no such program.

    Args:
        tools: the tree whose patchelf does it.
        program: the file.
        loader: the absolute path of the loader.
        libraries: folders, separated by colons.
    """
    if elf.read_interpreter(program) is None:
        return
    # --force-rpath: a RUNPATH does not reach the libraries of libraries that are opened at run time.
    options = ["--set-interpreter", str(loader), "--force-rpath", "--set-rpath", libraries]
    _output([*_patchelf(tools), *options, str(program)])


def _patchelf(tools: Layout) -> list[str]:
    # It runs with the tree's own loader, for it is as new as the rest.
    return [str(tools.loader), "--library-path", str(tools.libraries), str(tools.root / "usr/bin/patchelf")]


def _patch_programs(layout: Layout, final: Path) -> None:
    moved = Layout(final, layout.triplet)
    for program in layout.programs():
        if elf.read_interpreter(program) is None:
            continue
        existing = _output([*_patchelf(layout), "--print-rpath", str(program)])
        patch(layout, program, moved.libraries / layout.loader.name, rpath(existing, moved.libraries))


def _output(command: list[str]) -> str:
    done = process.run(command)
    if done.returncode != 0:
        fix = "free 1.5 GB, or set BAZELW_CACHE to a folder with room" if "space" in done.stderr else ""
        raise ProvisionError(f"can't prepare {command[-1]}: patchelf failed\n{done.stderr.strip()}", fix)
    return done.stdout


def _links_below(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        for name in (*folders, *files):
            path = Path(folder, name)
            if path.is_symlink():
                yield path


def _materialise(link: Path) -> None:
    if not link.is_file():
        return
    target = link.resolve()
    link.unlink()
    shutil.copy2(target, link)


def _trust(store: Path) -> None:
    """Gives Java the certificates that the machine trusts, so that Bazel's own downloads do too."""
    if store.is_symlink() or store.exists():
        store.unlink()
    if _JAVA_CACERTS.is_file():
        store.symlink_to(_JAVA_CACERTS)
        return
    bundles = (os.environ.get("SSL_CERT_FILE", ""), *_CA_BUNDLES)
    bundle = next((Path(name) for name in bundles if name and Path(name).is_file()), None)
    store.write_bytes(truststore.jks(truststore.certificates(bundle.read_bytes()) if bundle else []))
