"""Elaborates and runs a VHDL design with GHDL, from the runfiles of a test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from hdl_py.errors import HdlError
from hdl_py.mangle.names import mangled_name
from hdl_py.vhdl.ghdl_library import ENCODING, LibraryFile, clashes, library_file_name, merged, primary_units
from tools.vhdl_analyze import place_files


def run(settings: dict[str, object], arguments: list[str]) -> int:
    """Runs one simulation from the current folder, the runfiles of the main repository.

    Args:
        settings: what the rule wrote; see rules/private/vhdl_test.bzl.
        arguments: further options of GHDL's run.

    Returns:
        GHDL's exit code.
    """
    known = [
        LibraryFile(label, name, Path(path).read_text(encoding=ENCODING))
        for label, name, path in settings["libraries"]  # type: ignore[attr-defined]
    ]
    if problems := clashes(known, str(settings["label"])):
        print(HdlError(problems).render(), file=sys.stderr)
        return 1
    below: dict[str, list[str]] = defaultdict(list)
    for file in known:
        below[file.library.lower()].append(file.text)
    standard = str(settings["standard"])
    with tempfile.TemporaryDirectory(prefix="vhdl_run_") as folder:
        files = [
            (place, source)
            for key in ("srcs", "data")
            for place, source in settings[key]  # type: ignore[attr-defined]
        ]
        place_files(Path(folder), tuple(files))
        for name, texts in below.items():
            Path(folder, library_file_name(name, standard)).write_text(merged(texts), encoding=ENCODING)
        top = _top(str(settings["top"]), settings["versions"], below[str(settings["library"]).lower()])  # type: ignore[arg-type]
        command = [
            os.path.abspath(str(settings["ghdl"])), "-r", f"--std={standard}",
            f"--PREFIX={os.path.abspath(str(settings['prefix']))}", f"--work={settings['library']}",
            "--workdir=.", "-P.", top, "--assert-level=error",
            *(f"-g{name}={value}" for name, value in settings["generics"].items()),  # type: ignore[attr-defined]
            *([f"--stop-time={settings['stop_time']}"] if settings["stop_time"] else []),
            *settings["options"], *arguments,  # type: ignore[misc]
        ]  # fmt: skip
        code = subprocess.run(command, cwd=folder, check=False).returncode
    if code != 0:
        print(f"error: {settings['label']}: GHDL ended with exit code {code}", file=sys.stderr)
    return 1 if code else 0


def _top(top: str, versions: list[str], library: list[str]) -> str:
    """The top's name in its library, which is another one where its unit has a version."""
    defined = {name.lower() for text in library for name in primary_units(text)}
    names = [top, *(mangled_name(top, version) for version in versions if version)]
    return next((name for name in names if name.lower() in defined), top)


def main(argv: list[str]) -> int:
    """Runs the program; returns its exit code."""
    path = os.environ.get("VHDL_RUN_SETTINGS")
    if not path:
        print(
            "error: VHDL_RUN_SETTINGS names no file. This program is run by vhdl_test: bazel test //…", file=sys.stderr
        )
        return 2
    return run(json.loads(Path(path).read_text(encoding="utf-8")), argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
