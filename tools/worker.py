"""Programs that stay: Bazel's persistent workers, which start and load once what actions need again and again.

Starting Python and loading what a program imports takes longer than most of its
work. A worker reads requests, a line of JSON each, and answers each with what
the program printed and its exit code (Bazel's JSON worker protocol). Where
workers are not to be used, `--spawn_strategy=sandboxed` or a remote executor
runs the same program for one action.
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import IO

import click

from tools.arguments import expand_params, run_program

Main = Callable[[list[str]], int]

PERSISTENT = "--persistent_worker"
"""The argument by which Bazel asks a program to stay."""


def start(command: click.Command, name: str, argv: Sequence[str]) -> int:
    """Runs a program once, or for as many requests as come.

    Args:
        command: the program.
        name: its name.
        argv: the arguments; `@FILE` stands for a file's lines. Bazel has put them into a worker's requests, where a
            label of another repository begins with `@`, too.
    """
    if list(argv) != [PERSISTENT]:
        return run_program(command, name, expand_params(argv))
    # What libraries print by themselves must not come between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    serve(lambda given: run_program(command, name, given), sys.stdin, answers)
    return 0


def serve(main: Main, requests: IO[str], answers: IO[str]) -> None:
    """Answers requests until there are no more."""
    for line in requests:
        request = json.loads(line)
        code, printed = _run(main, [str(argument) for argument in request.get("arguments", [])])
        answer = {"exitCode": code, "output": printed, "requestId": request.get("requestId", 0)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()
        gc.collect()  # while nobody waits


def _run(main: Main, argv: list[str]) -> tuple[int, str]:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            code = main(argv)
        except SystemExit as ended:
            code = _code(ended)
        except Exception:
            # As Python does at the end of a program that fails by a fault of its own.
            traceback.print_exc()
            code = 1
    return code, printed.getvalue()


def _code(ended: SystemExit) -> int:
    if ended.code is None or isinstance(ended.code, int):
        return ended.code or 0
    print(ended.code, file=sys.stderr)
    return 1
