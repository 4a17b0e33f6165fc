"""The program vhdl_run: which unit the top of a test is."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_py.vhdl.ghdl_library import NO_TIME, LibraryFile
from tools.vhdl_run import run, tops


def library(label: str, entity: str, name: str = "work") -> LibraryFile:
    """The library file of a target with one entity."""
    path = label.removeprefix("//").replace(":", "/") + ".vhd"
    return LibraryFile(
        label, name, f'v 4\nfile . "{path}" "d1dc" "{NO_TIME}":\n  entity {entity} at 1( 0) + 0 on 11;\n'
    )


V1, V2, PLAIN = library("//v1:fifo", "fifo_v1_0"), library("//v2:fifo", "fifo_v2_0"), library("//plain:fifo", "fifo")


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ([("//v1:fifo", "1.0")], {"//v1:fifo": "fifo_v1_0"}),
        ([("//v2:fifo", "2.0")], {"//v2:fifo": "fifo_v2_0"}),
        ([("//plain:fifo", "")], {"//plain:fifo": "fifo"}),
        ([("//v1:fifo", "1.0"), ("//plain:fifo", "")], {"//v1:fifo": "fifo_v1_0", "//plain:fifo": "fifo"}),
        ([("//other:o", "1.0")], {}),
    ],
)
def test_the_top_is_that_of_a_direct_dependency(versions: list[tuple[str, str]], expected: dict[str, str]) -> None:
    """Whatever else the design has below: all are among the library files."""
    assert tops("FIFO", "Work", versions, [PLAIN, V1, V2]) == {
        label: name.replace("fifo", "FIFO") for label, name in expected.items()
    }
    assert tops("fifo", "lib", versions, [PLAIN, V1, V2]) == {}


def test_two_versions_of_the_top_are_refused_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for n, file in enumerate((V1, V2)):
        Path(f"{n}.cf").write_text(file.text)
    settings: dict[str, object] = {
        "label": "//:test",
        "libraries": [["//v1:fifo", "work", "0.cf"], ["//v2:fifo", "work", "1.cf"]],
        "library": "work",
        "top": "fifo",
        "versions": [["//v1:fifo", "1.0"], ["//v2:fifo", "2.0"]],
    }
    assert run(settings, []) == 1
    assert capsys.readouterr().err == (
        "error: //:test: the top fifo is in //v1:fifo and in //v2:fifo; expected one [ambiguous-top]\n"
        "    buildozer 'remove deps //v1:fifo' //:test\n"
        "    or buildozer 'remove deps //v2:fifo' //:test\n"
    )
