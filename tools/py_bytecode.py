"""Compiles Python sources to bytecode that is taken only for the very source that it was made from."""

from __future__ import annotations

import importlib.util
import py_compile
import sys
from collections.abc import Sequence
from pathlib import Path


def compile_folders(words: Sequence[str]) -> None:
    """Compiles each `--source FILE` into the folder of the last `--out FOLDER` before it.

    Raises:
        py_compile.PyCompileError: a source is no Python.
        ValueError: the words are not such options.
    """
    out = None
    for option, value in zip(words[::2], words[1::2], strict=True):
        if option == "--out":
            out = Path(value)
            out.mkdir(parents=True, exist_ok=True)
        elif option == "--source" and out is not None:
            name = Path(importlib.util.cache_from_source(value)).name
            py_compile.compile(
                value,
                cfile=str(out / name),
                dfile=Path(value).name,  # import puts the path in its place
                doraise=True,
                invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH,
            )
        else:
            raise ValueError(f"found {option} {value}, expected --out FOLDER, then --source FILE")


def main(argv: Sequence[str]) -> int:
    """Runs the program; returns its exit code."""
    words: list[str] = []
    for word in argv:
        words += Path(word[1:]).read_text(encoding="utf-8").splitlines() if word.startswith("@") else [word]
    try:
        compile_folders(words)
    except (OSError, ValueError, py_compile.PyCompileError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
