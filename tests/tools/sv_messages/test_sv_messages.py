"""What is shown of Verilator's messages, and what is left where there is nothing wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from hdl_py.sv.messages import MessageLog
from tools.sv_messages import NOTHING_WRONG, main

_MAP = "sv-map 1\nF 0 rtl/user file.sv\nL 1 0 7 3\nL 5 0 42 9,11\n"
_SOURCE = "bin/x.sources/a.unit.sv"


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.unit.map").write_text(_MAP)
    Path("b.unit.map").write_text(_MAP)


def run(log: MessageLog) -> int:
    Path("log").write_text(log.to_json())
    words = ["--log", "log", "--map", "a.unit.map", "--map", "b.unit.map", "--out", "out", "--out-unused", "unused"]
    Path("params").write_text("".join(f"{word}\n" for word in words))
    try:
        return main(["@params"])
    except SystemExit as ended:
        return int(ended.code or 0)


def test_where_nothing_was_said_no_map_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(MessageLog(failed=False, text="", sources=())) == 0
    assert Path("out").read_text() == NOTHING_WRONG
    assert Path("unused").read_text() == "a.unit.map\nb.unit.map\n"
    assert capsys.readouterr() == ("", "")


def test_a_failure_names_the_users_line_and_leaves_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(MessageLog(failed=True, text=f"%Error: {_SOURCE}:6:1: no such thing\n", sources=(_SOURCE,))) == 1
    assert capsys.readouterr().err == "%Error: rtl/user file.sv:42:11: no such thing\n"
    assert not Path("out").exists()
    assert not Path("unused").exists()


def test_a_failure_without_a_text_fails() -> None:
    assert run(MessageLog(failed=True, text="", sources=())) == 1
    assert not Path("out").exists()


def test_a_warning_makes_its_units_map_needed_and_changes_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    """It names lines of the user's file, which a comment may move: the action has to run again then."""
    assert run(MessageLog(failed=False, text=f"%Warning-X: {_SOURCE}:1:1: strange\n", sources=(_SOURCE,))) == 0
    assert capsys.readouterr().err == "%Warning-X: rtl/user file.sv:7:3: strange\n"
    assert Path("unused").read_text() == "b.unit.map\n"
    assert Path("out").read_text() == NOTHING_WRONG


@pytest.mark.parametrize("content", [None, "nonsense\n"])
def test_a_map_that_cant_be_read_hides_no_message(content: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.unit.map").unlink()
    if content is not None:
        Path("a.unit.map").write_text(content)
    assert run(MessageLog(failed=True, text=f"%Error: {_SOURCE}:6:1: no such thing\n", sources=(_SOURCE,))) == 1
    assert capsys.readouterr().err == f"%Error: {_SOURCE}:6:1: no such thing\n"


@pytest.mark.parametrize("content", ["", "[]", '{"failed": false}', "null"])
def test_what_is_no_log_is_refused(content: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("log").write_text(content)
    assert main(["--log", "log", "--out", "out"]) == 2
    assert "log: error: these are no messages of sv_verilate" in capsys.readouterr().err
    assert not Path("out").exists()


def test_the_stamp_is_a_header_of_c() -> None:
    assert NOTHING_WRONG.startswith("//")
    assert NOTHING_WRONG.endswith("\n")
