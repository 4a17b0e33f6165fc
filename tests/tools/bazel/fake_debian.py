"""A machine with a make-believe apt-get and dpkg-deb, so that bazelw can be tried in a second and killed at will.

The make-believe packages hold little more than the files that bazelw looks for. The programs log each step to
`steps`, and obey two variables:
    FAKE_KILL=STEP      kill the provisioner (the parent) with SIGKILL at that step, and work on for a while
    FAKE_APT=TROUBLE    fail like the real programs: see `TROUBLE`; with `ghdl-` before it, for GHDL alone
    FAKE_PATCHES=FILE   where to write how patchelf was called
"""

from __future__ import annotations

import fcntl
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

TRIPLET = f"{platform.machine()}-linux-gnu"
VERSION = "7.7.1+ds-8"
ORPHAN_S = 0.8

TROUBLE = {
    "network": "Err:1 http://m sid InRelease\n  Could not connect to m:80\nE: Failed to fetch http://m/InRelease",
    "full": "E: Write error - write (28: No space left on device)",
    "unsigned": "W: GPG error: http://m sid InRelease: The following signatures couldn't be verified: NO_PUBKEY 12",
    "expired": "E: Release file for http://m/InRelease is expired (invalid since 15d 1h 25min 35s). Updates will not",
    "gone": "E: Unable to locate package librust-tinyjson-dev",
}


def _rules(folder: str, *names: str) -> dict[str, str]:
    return {f"usr/share/bazel/{folder}/{name}/MODULE.bazel": f"module(name = '{name}')\n" for name in names}


PACKAGES: dict[str, dict[str, str]] = {
    "bazel-bootstrap": {
        "usr/bin/bazel": '#!/bin/sh\nprintf "fake bazel"\nprintf " [%s]" "$@"\necho\n',
        "usr/share/bazel/build-label.txt": "7.7.1",
        "usr/share/bazel/bazel_classpath_debian_depends.txt": "/usr/share/java/a.jar\n",
        "usr/share/bazel/process-wrapper": f"-> ../../libexec/{TRIPLET}/bazel/process-wrapper",
        f"usr/libexec/{TRIPLET}/bazel/process-wrapper": "ELF",
    },
    "libc6": {f"usr/lib/{TRIPLET}/ld-linux-fake.so.2": '#!/bin/sh\necho "$@" >>"${FAKE_PATCHES:-/dev/null}"\n'},
    "patchelf": {"usr/bin/patchelf": ""},
    "openjdk": {
        "usr/lib/jvm/default-java": "-> java-99",
        "usr/lib/jvm/java-99/conf/net.properties": "-> /etc/java-99/net.properties",
        "usr/lib/jvm/java-99/lib/security/blocked.certs": "",
        "etc/java-99/net.properties": "x",
    },
    "jars": {"usr/share/java/a.jar": "", "usr/share/java/perfmark-api.jar": ""},
    "rules": _rules("rules", "cc", "java", "license", "proto", "python", "rust", "shell"),
    "tools": _rules("tools", "features", "platforms", "skylib"),
    "libraries": {
        "usr/include/lz4.h": "",
        "usr/include/lz4hc.h": "",
        "usr/include/zconf.h": "",
        "usr/include/zlib.h": "",
        f"usr/lib/{TRIPLET}/liblz4.a": "",
        f"usr/lib/{TRIPLET}/libz.a": "",
        "usr/share/cargo/registry/tinyjson-2/src/lib.rs": "",
        "usr/share/python-wheels/pip-26-py3-none-any.whl": "",
    },
}

GHDL: dict[str, dict[str, str]] = {
    "ghdl-mcode": {"usr/bin/ghdl-mcode": "ELF", "usr/share/doc/ghdl/copyright": ""},
    "ghdl-common": {
        "usr/lib/ghdl/mcode/vhdl/std/v08/std-obj08.cf": "v 4\n",
        "usr/lib/ghdl/mcode/vhdl/src": "-> /usr/lib/ghdl/src",
        "usr/lib/ghdl/src/std.vhdl": "",
    },
}
"""What apt brings for GHDL, where Debian has that for this machine."""


def _steps(plan: str, packages: dict[str, dict[str, str]]) -> tuple[str, ...]:
    return (plan, *(f"fetch {name}" for name in packages), *(f"unpack {name}" for name in packages))


SERVED = dict(GHDL) if platform.machine() == "x86_64" else {}
GHDL_STEPS = _steps("plan ghdl", SERVED) if SERVED else ()
STEPS = ("update", *_steps("plan", PACKAGES), *GHDL_STEPS)
"""All steps of one undisturbed run, those of unpacking in any order."""


class Machine:
    """A folder with the make-believe programs, a copy of bazelw with what it needs, and a workspace.

    Args:
        folder: an empty folder.
        rules_sv: the folder that has bazelw and tools/bazel.
    """

    def __init__(self, folder: Path, rules_sv: Path) -> None:
        self.folder = folder
        self.cache = folder / "cache"
        self.home = folder / "rules_sv"
        self.workspace = folder / "workspace"
        self.bin = folder / "bin"
        self.bin.mkdir(parents=True)
        (self.home / "tools").mkdir(parents=True)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(rules_sv / "tools/bazel", self.home / "tools/bazel", ignore=ignored)
        shutil.copy(rules_sv / "bazelw", self.home / "bazelw")
        (self.home / "MODULE.bazel").write_text('module(name = "rules_sv")\nbazel_dep(name = "rules_cc")\n')
        self.workspace.mkdir()
        (self.workspace / "MODULE.bazel").write_text('bazel_dep(name = "rules_sv")\n')
        (folder / "keyring").write_text("")
        for program in ("apt-get", "dpkg-deb"):
            self.program(program, f'exec "{sys.executable}" -S "{__file__}" {program} "$@"')

    def program(self, name: str, script: str) -> Path:
        """Puts a shell script on the machine's PATH."""
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    def environment(self, **variables: str) -> dict[str, str]:
        """What bazelw sees."""
        return {
            "PATH": f"{self.bin}:/usr/bin:/bin",
            "HOME": str(self.folder),
            "BAZELW_CACHE": str(self.cache),
            "BAZELW_DEBIAN_KEYRING": str(self.folder / "keyring"),
            "BAZELW": "debian",
            "FAKE_STEPS": str(self.folder / "steps"),
            **variables,
        }

    def start(self, *args: str, bazelw: Path | None = None, **variables: str) -> subprocess.Popen[str]:
        """Starts bazelw in the workspace, in a session of its own."""
        return subprocess.Popen(
            [str(bazelw or self.home / "bazelw"), *args],
            cwd=self.workspace,
            env=self.environment(**variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *args: str, bazelw: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
        """Runs bazelw in the workspace to its end."""
        child = self.start(*args, bazelw=bazelw, **variables)
        out, err = child.communicate(timeout=60)
        return subprocess.CompletedProcess(args, child.returncode, out, err)

    @property
    def steps(self) -> list[str]:
        """The steps so far, of all runs."""
        file = self.folder / "steps"
        return file.read_text().splitlines() if file.exists() else []

    def installation(self) -> dict[str, str]:
        """The installation's files: their contents, or where they link to."""
        (root,) = self.cache.glob("bazel-7.7.1-*-[0-9]")
        return _files(root)

    def ghdl(self) -> dict[str, str]:
        """GHDL's files, likewise; none where there is no GHDL."""
        roots = list(self.cache.glob("ghdl-*-bazel-7.7.1-*-[0-9]"))
        assert len(roots) <= 1
        return _files(roots[0]) if roots else {}


def _files(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): os.readlink(path) if path.is_symlink() else path.read_bytes().hex()
        for path in sorted(root.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def _step(name: str) -> None:
    with Path(os.environ["FAKE_STEPS"]).open("a") as log:
        log.write(f"{name}\n")
    if os.environ.get("FAKE_KILL") == name:
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(ORPHAN_S)


def _apt_get(args: list[str]) -> int:
    if args[0] == "indextargets":
        print("http://m/debian/\tDebian\t")
        return 0
    config = Path(args[args.index("-c") + 1]).read_text()
    state = Path(re.search(r'Dir::State "(.*)/state"', config)[1])  # type: ignore[index]
    sources = (state / "sources.list").read_text()
    packages = GHDL if "ghdl-mcode" in args else PACKAGES
    trouble = os.environ.get("FAKE_APT", "")
    if packages is GHDL:
        trouble = trouble.removeprefix("ghdl-")
    if not re.fullmatch(r"(Package: (.+\n){7}\n)*", (state / "status").read_text()):
        print("E: The package lists or status file could not be parsed or opened.", file=sys.stderr)
        return 100
    with (state / "lists/lock").open("a") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("E: Could not get lock: another process holds it", file=sys.stderr)
            return 100
        if "update" in args:
            _step("update")
            ignored = trouble == "expired" and "check-valid-until=no" in sources
            if trouble in ("network", "unsigned", "expired") and not ignored:
                print(TROUBLE[trouble], file=sys.stderr)
                return 100
        elif "--print-uris" in args:
            _step("plan ghdl" if packages is GHDL else "plan")
            if trouble in ("gone", "plan"):
                print(TROUBLE.get(trouble, "E: fake"), file=sys.stderr)
                return 100
            version = "8.5.0+ds-1" if trouble == "newer" else VERSION
            chosen = [arg.split("=")[1] for arg in args if arg.startswith("Dir::Cache::archives=")]
            archives = Path(chosen[0]) if chosen else state / "archives"
            for name in packages:
                package = f"{name}_{quote(version)}_all.deb"
                if not (archives / package).exists():  # like apt, which lists what is yet to be fetched
                    print(f"'http://m/{name}' {package} 1000000 SHA256:0")
        else:
            return _download(state / "archives", packages, trouble)
    return 0


def _download(archives: Path, packages: dict[str, dict[str, str]], trouble: str) -> int:
    for name, files in packages.items():
        package = archives / f"{name}_{quote(VERSION)}_all.deb"
        if package.exists():
            continue
        moved = trouble == "moved" and "moved" not in Path(os.environ["FAKE_STEPS"]).read_text()
        if moved:
            _step("moved")
            print(f"E: Failed to fetch http://m/{name}  404  Not Found", file=sys.stderr)
            return 100
        if trouble == "full":
            print(TROUBLE[trouble], file=sys.stderr)
            return 100
        partial = archives / "partial" / package.name
        partial.write_text(json.dumps(files)[:10])
        _step(f"fetch {name}")
        partial.write_text(json.dumps(files))
        partial.rename(package)
    return 0


def _dpkg_deb(args: list[str]) -> int:
    package, target = Path(args[1]), Path(args[2])
    _step(f"unpack {package.name.split('_')[0]}")
    trouble = os.environ.get("FAKE_APT", "")
    if trouble == "unpack" or (trouble == "ghdl-unpack" and package.name.startswith("ghdl")):
        print("dpkg-deb: error: failed to write (No space left on device)", file=sys.stderr)
        return 2
    for name, text in json.loads(package.read_text()).items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text.startswith("-> "):
            path.symlink_to(text[3:])
        elif text == "ELF":
            broken = trouble == "ghdl-broken" and path.name == "ghdl-mcode"
            shutil.copy("/bin/false" if broken else "/bin/true", path)
        else:
            path.write_text(text)
            path.chmod(0o755 if text.startswith("#!") else 0o644)
    return 0


if __name__ == "__main__":
    sys.exit({"apt-get": _apt_get, "dpkg-deb": _dpkg_deb}[sys.argv[1]](sys.argv[2:]))
