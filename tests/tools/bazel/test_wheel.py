"""Wheels, fetched and unpacked by the overlay's program."""

from __future__ import annotations

import stat
import zipfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path, PurePosixPath

import pytest

import tools.bazel.modules

_FILE = Path(tools.bazel.modules.__file__).parent / "overlay/rules_python/python/local/wheel.py"
_SPEC = spec_from_file_location("wheel", _FILE)
assert _SPEC is not None
assert _SPEC.loader is not None
wheel = module_from_spec(_SPEC)
_SPEC.loader.exec_module(wheel)


@pytest.mark.parametrize(
    ("member", "place"),
    [
        ("click/core.py", "site-packages/click/core.py"),
        ("click-8.dist-info/METADATA", "site-packages/click-8.dist-info/METADATA"),
        ("v-1.data/purelib/v/x.py", "site-packages/v/x.py"),
        ("v-1.data/platlib/v/x.so", "site-packages/v/x.so"),
        ("v-1.data/scripts/v", "bin/v"),
        ("v-1.data/data/share/v/a", "data/share/v/a"),
        ("v-1.data/headers/v.h", "include/v.h"),
    ],
)
def test_members_go_where_their_scheme_says(member: str, place: str) -> None:
    assert wheel.destination(member) == PurePosixPath(place)


@pytest.mark.parametrize("member", ["../x", "/etc/x", "a/../../x", "v.data/scripts/../../../x"])
def test_members_can_not_leave_the_folder(member: str) -> None:
    with pytest.raises(ValueError, match="unsafe name"):
        wheel.destination(member)


def test_requirements_are_those_whose_marker_holds_without_the_package_itself() -> None:
    metadata = (
        "Metadata-Version: 2.1\nName: My.Pkg\nRequires-Dist: Zope.Interface>=1\nRequires-Dist: colorama; win\n"
        "Requires-Dist: my-pkg[extra]\nRequires-Dist: a-b\n\nRequires-Dist: in-the-description\n"
    )

    def holds(line: str) -> tuple[str, bool]:
        return line.split(";")[0].split(">")[0].split("[")[0], "win" not in line

    assert wheel.requires(metadata, holds) == ["a_b", "zope_interface"]


def test_namespace_packages_are_those_without_an_init() -> None:
    files = [
        "site-packages/google/cloud/storage/__init__.py",
        "site-packages/google/cloud/storage/x/y.py",
        "site-packages/top.py",
        "site-packages/ext/_native.so",
        "site-packages/a-1.dist-info/x.py",
        "data/share/z.py",
    ]
    found = wheel.namespace_folders([PurePosixPath(file) for file in files])
    assert [str(folder) for folder in found] == [
        "site-packages/ext",
        "site-packages/google",
        "site-packages/google/cloud",
        "site-packages/google/cloud/storage/x",
    ]


def test_a_folder_of_a_wheel_does_not_become_a_package_of_bazels(tmp_path: Path) -> None:
    file = tmp_path / "v-1-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for name in ("v/rtl/BUILD", "v/rtl/a.sv", "v/dv/BUILD.bazel", "v/WORKSPACE", "v/BUILD_notes.txt"):
            archive.writestr(name, "")
    wheel.unpack(file, tmp_path / "out")
    left = sorted(path.name for path in (tmp_path / "out").rglob("*") if path.is_file() and path.suffix != ".py")
    assert left == ["BUILD_notes.txt", "a.sv"]


def test_unpacking_keeps_what_is_executable(tmp_path: Path) -> None:
    file = tmp_path / "v-1-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for name, mode in (("v/bin/tool", 0o755), ("v/data.txt", 0o644), ("v-1.data/scripts/run", 0o644)):
            info = zipfile.ZipInfo(name)
            info.external_attr = (stat.S_IFREG | mode) << 16
            archive.writestr(info, name)
    wheel.unpack(file, tmp_path / "out")
    modes = {
        str(path.relative_to(tmp_path / "out")): path.stat().st_mode & 0o777
        for path in (tmp_path / "out").rglob("*")
        if path.is_file()
    }
    assert modes == {"site-packages/v/bin/tool": 0o755, "site-packages/v/data.txt": 0o644, "bin/run": 0o755}
