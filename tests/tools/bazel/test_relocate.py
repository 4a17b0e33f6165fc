"""A tree of programs, moved."""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

import pytest

from tools.bazel import elf, relocate


def test_class_path_keeps_its_order_and_gains_every_jar_without_a_version() -> None:
    listed = "/usr/share/java/b.jar\n/usr/share/java/a.jar\n/usr/lib/jvm/x/tools.jar"
    jars = ["a.jar", "a-1.0.jar", "b.jar", "perfmark-api.jar", "netty-codec-http2.jar", "jetty9-util-9.4.58.jar"]
    assert relocate.classpath(listed, jars, "/p").splitlines() == [
        "/p/usr/share/java/b.jar",
        "/p/usr/share/java/a.jar",
        "/p/usr/lib/jvm/x/tools.jar",
        "/p/usr/share/java/perfmark-api.jar",
        "/p/usr/share/java/netty-codec-http2.jar",
    ]


@pytest.mark.parametrize(
    ("existing", "expected"),
    [
        ("", "/p/lib:/p/lib/bazel"),
        ("$ORIGIN/../lib\n", "$ORIGIN/../lib:/p/lib:/p/lib/bazel"),
        ("/usr/lib/private:$ORIGIN", "$ORIGIN:/p/lib:/p/lib/bazel"),
    ],
)
def test_library_path_keeps_what_is_relative_to_the_program(existing: str, expected: str) -> None:
    assert relocate.rpath(existing, Path("/p/lib")) == expected


def test_absolute_links_lead_to_the_tree_and_others_stay(tmp_path: Path) -> None:
    (tmp_path / "etc/java").mkdir(parents=True)
    (tmp_path / "etc/java/net.properties").write_text("x")
    (tmp_path / "usr/conf").mkdir(parents=True)
    links = {
        "usr/conf/net": "/etc/java/net.properties",
        "usr/conf/folder": "/etc/java",
        "usr/conf/relative": "../conf",
        "usr/conf/outside": "/proc/self/none",
    }
    for link, target in links.items():
        (tmp_path / link).symlink_to(target)
    relocate.rebase_links(tmp_path)
    moved = tmp_path.rename(tmp_path.with_name("moved"))
    assert (moved / "usr/conf/net").read_text() == "x"
    assert (moved / "usr/conf/folder/net.properties").read_text() == "x"
    assert os.readlink(moved / "usr/conf/relative") == "../conf"
    assert os.readlink(moved / "usr/conf/outside") == "/proc/self/none"


def test_prune_drops_documentation_and_set_user_id_bits(tmp_path: Path) -> None:
    (tmp_path / "usr/share/doc/x").mkdir(parents=True)
    (tmp_path / "usr/share/java").mkdir()
    (tmp_path / "usr/bin").mkdir()
    program = tmp_path / "usr/bin/su"
    program.write_text("")
    program.chmod(0o4755)
    relocate.prune(tmp_path)
    assert not (tmp_path / "usr/share/doc").exists()
    assert (tmp_path / "usr/share/java").is_dir()
    assert program.stat().st_mode & 0o7777 == 0o755


def program_with_interpreter(name: bytes) -> bytes:
    """A 64-bit ELF header with one program header of type PT_INTERP."""
    header = b"\x7fELF\x02\x01\x01".ljust(16, b"\0") + struct.pack("<HHIQQQIHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 1)
    return header.ljust(64, b"\0") + struct.pack("<IIQQQQQQ", 3, 4, 120, 0, 0, len(name), len(name), 1) + name


def test_interpreter_of_an_elf_program() -> None:
    data = program_with_interpreter(b"/lib64/ld-linux-x86-64.so.2\0")
    assert elf.interpreter(data) == "/lib64/ld-linux-x86-64.so.2"


@pytest.mark.parametrize("cut", [0, 4, 63, 64, 100, 121])
def test_cut_or_foreign_files_have_no_interpreter(cut: int) -> None:
    assert elf.interpreter(program_with_interpreter(b"/lib64/ld.so\0")[:cut]) is None
    assert elf.interpreter(b"#!/bin/sh\n") is None


def test_interpreter_of_this_very_python() -> None:
    program = Path(sys.executable).resolve()
    found = elf.read_interpreter(program)
    assert found is not None
    assert Path(found).name.startswith("ld-linux")
    assert elf.read_interpreter(Path("/proc/self/none")) is None
