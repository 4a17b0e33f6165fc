"""How programs take arguments and end."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdl_py.errors import Diagnostic, HdlError
from hdl_py.text.position import Position
from tools.arguments import expand_params, in_callers_folder, pairs, run_program

ONE_LINE = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=20)


@given(st.lists(ONE_LINE, max_size=8))
def test_a_params_file_holds_one_argument_a_line_whatever_is_in_it(
    tmp_path_factory: pytest.TempPathFactory, words: list[str]
) -> None:
    params = tmp_path_factory.mktemp("params") / "p"
    params.write_bytes("".join(f"{word}\n" for word in words).encode())
    assert expand_params(["before", f"@{params}", "after"]) == ["before", *words, "after"]


@pytest.mark.parametrize("word", ["a b", 'say "hi"', "$5 'x'", "\f", "\x85", "\u2028", "@not_a_file", "-x", "\\", "é"])
def test_texts_that_shells_and_editors_break_arrive_whole(tmp_path: Path, word: str) -> None:
    params = tmp_path / "p"
    params.write_bytes(f"--word\n{word}\n".encode())
    assert expand_params([f"@{params}"]) == ["--word", word]


def test_empty_arguments_are_kept(tmp_path: Path) -> None:
    params = tmp_path / "p"
    params.write_text("--define\n\n--last\n")
    assert expand_params([f"@{params}"]) == ["--define", "", "--last"]
    params.write_text("")
    assert expand_params([f"@{params}", "x"]) == ["x"]


def test_the_last_line_may_lack_its_end(tmp_path: Path) -> None:
    params = tmp_path / "p"
    params.write_text("a\nb")
    assert expand_params([f"@{params}"]) == ["a", "b"]


def test_a_missing_params_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        expand_params([f"@{tmp_path}/none"])
    assert ended.value.code == 2
    assert f"can't read the arguments in {tmp_path}/none: No such file" in capsys.readouterr().err


def test_a_params_file_in_another_encoding_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    params = tmp_path / "p"
    params.write_bytes(b"caf\xe9\n")
    with pytest.raises(SystemExit) as ended:
        expand_params([f"@{params}"])
    assert ended.value.code == 2
    assert f"the arguments in {params} are not UTF-8" in capsys.readouterr().err


def test_pairs_split_at_the_first_equals_sign() -> None:
    assert pairs(["A=1", "B=x=y", "C="], "--parameter") == [("A", "1"), ("B", "x=y"), ("C", "")]


def test_a_pair_without_equals_sign_is_wrong_usage() -> None:
    with pytest.raises(click.UsageError, match="--parameter takes NAME=VALUE, found 'A'"):
        pairs(["A"], "--parameter")


@click.command()
@click.option("--how", required=True)
def ends(how: str) -> None:
    """Ends in the way that it is asked for."""
    if how == "refused":
        raise HdlError([Diagnostic(Position("a.sv", 3, 5), "some-check", "found x, expected y", "write y")])
    if how == "usage":
        raise click.UsageError("that is wrong")
    if how == "abort":
        raise click.Abort
    if how == "exit":
        raise SystemExit(7)
    print(f"ended: {how}")


def test_success_is_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_program(ends, "ends", ["--how", "well"]) == 0
    assert capsys.readouterr().out == "ended: well\n"


def test_refused_input_is_3_and_printed_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_program(ends, "ends", ["--how", "refused"]) == 3
    assert capsys.readouterr().err == "a.sv:3:5: error: found x, expected y [some-check]\n    write y\n"


@pytest.mark.parametrize(
    ("arguments", "message"), [(["--how", "usage"], "that is wrong"), ([], "--how"), (["-x"], "-x")]
)
def test_wrong_usage_is_2(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_program(ends, "ends", arguments) == 2
    assert message in capsys.readouterr().err


def test_an_interruption_is_130() -> None:
    assert run_program(ends, "ends", ["--how", "abort"]) == 130


def test_an_exit_code_of_the_command_is_kept() -> None:
    with pytest.raises(SystemExit) as ended:
        run_program(ends, "ends", ["--how", "exit"])
    assert ended.value.code == 7


def test_bazel_run_means_paths_of_its_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "runfiles").mkdir()
    monkeypatch.chdir(tmp_path / "runfiles")
    monkeypatch.delenv("BUILD_WORKING_DIRECTORY", raising=False)
    in_callers_folder()
    assert Path.cwd() == tmp_path / "runfiles"
    monkeypatch.setenv("BUILD_WORKING_DIRECTORY", str(tmp_path))
    in_callers_folder()
    assert Path.cwd() == tmp_path
