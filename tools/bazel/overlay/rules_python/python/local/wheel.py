"""Fetches a wheel with pip, and unpacks one: what the repository rules in pip.bzl run.

* `wheel.py fetch PIP.whl REQUIREMENTS [PIP-ARGUMENT...]` writes the wheel and wheel.json to the current folder.
* `wheel.py unpack WHEEL` writes site-packages, bin, data and include there.
"""

from __future__ import annotations

import email.parser
import importlib
import json
import os
import re
import runpy
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

_SCHEMES = {"purelib": "site-packages", "platlib": "site-packages", "scripts": "bin", "data": "data"}
# A folder with one of these would be a package of its own, and no longer a part of the wheel's.
_PACKAGE_FILES = ("BUILD", "BUILD.bazel", "REPO.bazel", "MODULE.bazel", "WORKSPACE", "WORKSPACE.bazel")
_NAMESPACE = "__path__ = __import__('pkgutil').extend_path(__path__, __name__)\n"


def destination(name: str) -> PurePosixPath:
    """Where a wheel's member goes, as `site-packages/click/core.py`.

    Raises:
        ValueError: for a name that leads out of the folder.
    """
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"unsafe name in the wheel: {name}")
    if path.parts[0].endswith(".data") and len(path.parts) > 2:
        scheme, rest = path.parts[1], path.parts[2:]
        return PurePosixPath(_SCHEMES.get(scheme, "include"), *rest)
    return PurePosixPath("site-packages", path)


def normalize(name: str) -> str:
    """A package's name as labels have it."""
    return re.sub(r"[-_.]+", "_", name).lower()


def requires(metadata: str, holds: Callable[[str], tuple[str, bool]]) -> list[str]:
    """The packages that a wheel needs on this machine, as labels have them.

    Args:
        metadata: the wheel's METADATA.
        holds: gives a requirement's name, and whether its environment marker holds.
    """
    message = email.parser.Parser().parsestr(metadata, headersonly=True)
    lines = message.get_all("Requires-Dist") or []
    needed = {normalize(name) for name, wanted in map(holds, lines) if wanted}
    return sorted(needed - {normalize(message["Name"])})


def namespace_folders(files: Iterable[PurePosixPath]) -> list[PurePosixPath]:
    """The folders of site-packages that are packages without an `__init__.py`.

    Bazel would put an empty one there, which hides the other parts of a namespace package.
    """
    modules = [file for file in files if file.suffix in (".py", ".so") and file.parts[0] == "site-packages"]
    regular = {file.parent for file in modules if file.name == "__init__.py"}
    folders = {folder for file in modules for folder in file.parents if len(folder.parts) > 1}
    return sorted(folder for folder in folders - regular if ".dist-info" not in folder.parts[1])


def unpack(wheel: Path, folder: Path) -> None:
    """Unpacks a wheel but for files that mean something to Bazel; what was executable there is executable here."""
    files = []
    with zipfile.ZipFile(wheel) as archive:
        for member in archive.infolist():
            if member.is_dir() or PurePosixPath(member.filename).name in _PACKAGE_FILES:
                continue
            path = destination(member.filename)
            files.append(path)
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(member))
            executable = (member.external_attr >> 16) & stat.S_IXUSR or path.parts[0] == "bin"
            target.chmod(0o755 if executable else 0o644)
    for package in namespace_folders(files):
        (folder / package / "__init__.py").write_text(_NAMESPACE)


def fetch(pip: str, requirements: str, arguments: list[str]) -> int:
    """Gets one wheel, building it where only sources are published, and describes it in wheel.json."""
    verbs = ["wheel", "--no-deps", "--require-hashes", "--wheel-dir", ".", "--requirement", requirements]
    command = [sys.executable, "-I", "-B", __file__, "pip", pip, *verbs, *arguments]
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    wheels = sorted(Path().glob("*.whl"))
    if done.returncode != 0 or len(wheels) != 1:
        what = Path(requirements).read_text().split(" ")[0].strip()
        print(f"pip can't get {what} for {sys.executable}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return 1
    sys.path.insert(0, pip)
    packaging = importlib.import_module("pip._vendor.packaging.requirements")

    def holds(line: str) -> tuple[str, bool]:
        requirement = packaging.Requirement(line)
        return requirement.name, requirement.marker is None or requirement.marker.evaluate({"extra": ""})

    with zipfile.ZipFile(wheels[0]) as archive:
        name = next(n for n in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", n))
        needed = requires(archive.read(name).decode(), holds)
    Path("wheel.json").write_text(json.dumps({"file": wheels[0].name, "requires": needed}))
    return 0


def main(argv: list[str]) -> int:
    """Runs one verb."""
    match argv:
        case ["fetch", pip, requirements, *arguments]:
            return fetch(pip, requirements, arguments)
        case ["unpack", wheel]:
            unpack(Path(wheel), Path())
            return 0
        case ["pip", pip, *arguments]:
            sys.path.insert(0, pip)
            sys.argv = ["pip", *arguments]
            runpy.run_module("pip", run_name="__main__")
            return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
