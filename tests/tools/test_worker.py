"""Persistent workers: one process, many requests."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tools.worker import PERSISTENT, serve


def _served(requests: list[dict[str, object]]) -> list[dict[str, object]]:
    def main(argv: list[str]) -> int:
        match argv:
            case ["print", text]:
                print(text, file=sys.stderr)
                return 3
            case ["exit", text]:
                raise SystemExit(int(text) if text.isdigit() else text)
            case ["fault"]:
                raise KeyError("a fault of the program")
        return 0

    answers = io.StringIO()
    serve(main, io.StringIO("".join(json.dumps(request) + "\n" for request in requests)), answers)
    return [json.loads(line) for line in answers.getvalue().splitlines()]


def test_each_request_is_answered_with_its_own_output_and_exit_code() -> None:
    answers = _served(
        [
            {"arguments": ["print", "ü ü"], "requestId": 7},
            {"arguments": []},
            {"arguments": ["exit", "2"]},
            {"arguments": ["exit", "no such file"]},
            {},
        ]
    )
    assert answers == [
        {"exitCode": 3, "output": "ü ü\n", "requestId": 7},
        {"exitCode": 0, "output": "", "requestId": 0},
        {"exitCode": 2, "output": "", "requestId": 0},
        {"exitCode": 1, "output": "no such file\n", "requestId": 0},
        {"exitCode": 0, "output": "", "requestId": 0},
    ]


def test_a_fault_fails_its_request_alone() -> None:
    first, second = _served([{"arguments": ["fault"]}, {"arguments": ["print", "next"]}])
    assert first["exitCode"] == 1
    assert "KeyError: 'a fault of the program'" in str(first["output"])
    assert second["output"] == "next\n"


def test_an_argument_is_a_file_only_where_a_program_runs_once(tmp_path: Path) -> None:
    (tmp_path / "params").write_text("--label\n@@other//:unit\n")
    text = (
        "import click, sys; from tools.worker import start\n"
        "@click.command()\n@click.option('--label')\n"
        "def command(label): print(label, file=sys.stderr)\n"
        "sys.exit(start(command, 'x', sys.argv[1:]))\n"
    )
    assert _python(["-c", text, f"@{tmp_path}/params"]).stderr == "@@other//:unit\n"
    served = _python(["-c", text, PERSISTENT], {"arguments": ["--label", "@@other//:unit"]})
    assert json.loads(served.stdout)["output"] == "@@other//:unit\n"


def _python(arguments: list[str], *requests: dict[str, object]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        input="".join(json.dumps(request) + "\n" for request in requests),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PYTHONPATH": ":".join(sys.path)},
    )


@pytest.mark.parametrize("program", ["sv_design", "sv_messages", "sv_separate", "sv_unit", "sv_verilate"])
def test_what_is_wrong_with_a_request_is_said_and_the_next_is_taken(program: str) -> None:
    requests = [{"arguments": ["--no-such-option"], "requestId": k} for k in (1, 2)]
    done = _python(["-m", f"tools.{program}", PERSISTENT], *requests)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert [(answer["requestId"], answer["exitCode"]) for answer in answers] == [(1, 2), (2, 2)]
    assert all("No such option" in answer["output"] for answer in answers)


def test_libraries_that_print_do_not_come_between_answers() -> None:
    text = (
        "import click, ctypes; from tools.worker import start\n"
        "@click.command()\n"
        "def command(): libc = ctypes.CDLL(None); libc.puts(b'from C'); libc.fflush(None)\n"
        f"start(command, 'x', ['{PERSISTENT}'])\n"
    )
    done = _python(["-c", text], {"arguments": []})
    assert [json.loads(line)["exitCode"] for line in done.stdout.splitlines()] == [0], done.stdout
    assert "from C" in done.stderr
