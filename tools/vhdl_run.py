"""Elaborates and runs a VHDL design with GHDL, from the runfiles of a test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from hdl_py.errors import Diagnostic, HdlError
from hdl_py.mangle.names import mangled_name
from hdl_py.vhdl.ghdl_library import EMPTY, ENCODING, LibraryFile, clashes, library_file_name, merged, primary_units
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
    problems = clashes(known, str(settings["label"]))
    named = tops(str(settings["top"]), str(settings["library"]), settings["versions"], known)  # type: ignore[arg-type]
    if len(set(named.values())) > 1:
        problems.append(_several_tops(str(settings["label"]), str(settings["top"]), named))
    if problems:
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
        top = next(iter(named.values()), str(settings["top"]))
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


def tops(top: str, library: str, versions: Iterable[Sequence[str]], known: Iterable[LibraryFile]) -> dict[str, str]:
    """The top's name in the library, which is another one where its unit has a version, by the target that defines it.

    Args:
        top: as the user spells it.
        library: where it is.
        versions: label and version of each direct dependency; the version is empty for none.
        known: the library files of all units.
    """
    texts = {file.label: file.text for file in known if file.library.lower() == library.lower()}
    found: dict[str, str] = {}
    for label, version in versions:
        name = mangled_name(top, version) if version else top
        if name.lower() in {unit.lower() for unit in primary_units(texts.get(label, EMPTY))}:
            found[label] = name
    return found


def _several_tops(label: str, top: str, named: Mapping[str, str]) -> Diagnostic:
    remove = "\nor ".join(f"buildozer 'remove deps {owner}' {label}" for owner in named)
    message = f"{label}: the top {top} is in {' and in '.join(named)}; expected one"
    return Diagnostic(None, "ambiguous-top", message, remove)


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
