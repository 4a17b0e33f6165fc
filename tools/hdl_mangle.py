"""Puts versions of cores side by side: renames what they share, or refuses with every cause."""

from __future__ import annotations

import gc
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from hdl_py.errors import EXIT_REFUSED, EXIT_USAGE, Diagnostic, HdlError
from hdl_py.mangle.engine import Outcome, Request, mangle
from hdl_py.mangle.model import CoreId, FrontEnd, Language
from hdl_py.mangle.report import MANIFEST, failure, failure_text, manifest, output_path, report, report_text
from hdl_py.mangle.request import parse_request
from hdl_py.sv.occurrences import SvFrontEnd
from hdl_py.sv.occurrences_includes import output_include_dirs, with_unlisted_headers
from hdl_py.text.position import Position
from hdl_py.vhdl.front_end import VhdlFrontEnd
from tools.arguments import in_callers_folder, run_program


def front_ends() -> Mapping[Language, FrontEnd]:
    """Fresh front ends for one design."""
    return {Language.SYSTEMVERILOG: SvFrontEnd(), Language.VHDL: VhdlFrontEnd()}


def read_request(path: Path) -> Request:
    """The request with its files, and with included headers that it doesn't list.

    Raises:
        HdlError: the request or a file of it can't be read.
    """
    folder = path.resolve().parent

    def read(relative: str) -> bytes:
        found = folder / relative
        # A pipe would keep us waiting, and a device has no end.
        if found.exists() and not (found.is_file() or found.is_dir()):
            raise OSError("found a pipe or a device, expected a file")
        return found.read_bytes()

    try:
        text = path.read_bytes()
    except OSError as error:
        raise _usage(path, f"can't read the request: {error.strerror}") from error
    request = parse_request(text, str(path), folder.as_posix(), read)

    def find(relative: str) -> bytes | None:
        try:
            return read(relative)
        except OSError:
            return None

    return Request(with_unlisted_headers(request.cores, find), request.top)


def check_report(file: Path, out: Path, inputs: Sequence[Path]) -> None:
    """Refuse a report in the place of something else, before anything is written; `inputs` are resolved.

    Raises:
        HdlError: it is a folder, an input or the manifest.
    """
    if file.is_dir():
        raise _usage(file, "found a folder, expected a file for the report")
    if file.resolve() in inputs:
        raise _usage(file, "the report would replace an input of the request; give it another name")
    if file.resolve() == out.resolve() / MANIFEST:
        raise _usage(file, "the report would replace the manifest; give it another name")


def write_output(
    out: Path, inputs: Sequence[Path], report_file: Path | None, request: Request, outcome: Outcome
) -> None:
    """Write every file and the manifest, all or nothing.

    Everything is written beside the folder and moved there at the end. What an earlier
    run wrote is replaced; a folder that no earlier run made is left alone.

    Args:
        out: the folder to fill.
        inputs: the request and its files, resolved.
        report_file: where the report goes, which may be in the folder.
        request: what was asked.
        outcome: what came of it.

    Raises:
        HdlError: the folder holds something else or an input, or can't be written.
    """
    for core in outcome.cores:
        target = (out / core.id.folder).resolve()
        if any(target == i or target in i.parents for i in inputs):
            raise _usage(out, f"'{target}' holds inputs of the request; give another folder")
    if out.exists() and not out.is_dir():
        raise _usage(out, "found a file, expected a folder to write to")
    if _has_other_files(out, report_file):
        raise _usage(out, f"the folder has files but no {MANIFEST}; give an empty folder, or one of an earlier run")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as made:
            fresh = Path(made)
            for core in outcome.cores:
                for file in core.files:
                    target = fresh / output_path(core, file.path)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(file.data)
            by_id = {c.id: c for c in request.cores}
            folders = {c.id: output_include_dirs(c, by_id)[0] for c in request.cores}
            text = json.dumps(manifest(request, outcome, folders), indent=2) + "\n"
            (fresh / MANIFEST).write_text(text, encoding="utf-8")
            _replace(out, fresh)
    except OSError as error:
        raise _usage(out, f"can't write: {error.strerror or error}") from error


def _has_other_files(out: Path, report_file: Path | None) -> bool:
    """Whether a folder has files that no earlier run wrote."""
    if not out.is_dir() or (out / MANIFEST).is_file():
        return False
    ours = report_file.resolve() if report_file else None
    return any(not p.is_dir() and p.resolve() != ours for p in out.rglob("*"))


def _replace(out: Path, fresh: Path) -> None:
    """Put the new files into the folder, in place of what the last manifest lists."""
    out.mkdir(exist_ok=True)
    for old in _made_before(out):
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        else:
            old.unlink(missing_ok=True)
    for entry in sorted(fresh.iterdir()):
        os.replace(entry, out / entry.name)


def _made_before(out: Path) -> list[Path]:
    """What an earlier run wrote: the folders of its cores and the manifest itself."""
    listing = out / MANIFEST
    if not listing.is_file():
        return []
    try:
        cores = json.loads(listing.read_text(encoding="utf-8"))["cores"]
        names = {CoreId(c["name"], c["version"]).folder for c in cores}
    except (ValueError, KeyError, TypeError) as error:
        raise _usage(listing, f"not a manifest of an earlier run ({error}); give an empty folder") from error
    return [listing, *(out / n for n in sorted(names) if "/" not in n and n not in (".", ".."))]


def _usage(path: Path, message: str) -> HdlError:
    return HdlError([Diagnostic(Position(str(path)), "usage", message)], EXIT_USAGE)


@click.command()
@click.argument("request", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the rewritten cores.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(path_type=Path),
    help="File for the report: text if it ends in .txt, JSON otherwise.",
)
def main(request: Path, out: Path, report_file: Path | None) -> None:
    """Put the cores of REQUEST, a JSON file, side by side in one design.

    Every name that two versions of a core share gets its version appended, in both
    versions and in every core that uses it. Either every occurrence of such a name is
    proven, or nothing is written.

    Exit codes: 0 done; 2 wrong usage or unreadable input; 3 refused, and every cause is
    listed on stderr and in the report.
    """
    try:
        asked = read_request(request)
    except HdlError as error:
        # The inputs aren't known here, so only a report is replaced.
        if report_file is not None and _may_hold_report(report_file):
            _write_report(report_file, failure(str(request), error.diagnostics), failure_text(error.diagnostics))
        raise
    folder = request.resolve().parent
    inputs = (request.resolve(), *((folder / f.path).resolve() for c in asked.cores for f in c.files))
    if report_file is not None:
        check_report(report_file, out, inputs)
    outcome = mangle(asked, front_ends())
    try:
        if not outcome.refusals:
            write_output(out.resolve(), inputs, report_file, asked, outcome)
    except HdlError as error:
        if report_file is not None:
            _write_report(report_file, failure(str(request), error.diagnostics), failure_text(error.diagnostics))
        raise
    if report_file is not None:
        _write_report(report_file, report(asked, outcome), report_text(asked, outcome))
    if outcome.refusals:
        for refusal in outcome.refusals:
            print(refusal.render(), file=sys.stderr)
        raise SystemExit(EXIT_REFUSED)
    print(report_text(asked, outcome), end="")


def _may_hold_report(file: Path) -> bool:
    """Whether nothing but an earlier report would be lost."""
    try:
        if not file.is_file() or file.suffix == ".txt" or not file.stat().st_size:
            return True
        found = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(found, dict) and "status" in found


def _write_report(file: Path, data: Mapping[str, Any], text: str) -> None:
    """As text or as JSON, by the file's name."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text if file.suffix == ".txt" else json.dumps(data, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise _usage(file, f"can't write the report: {error.strerror}") from error


def program(argv: Sequence[str] | None = None) -> int:
    """The program; its exit code."""
    try:
        return run_program(main, "hdl_mangle", sys.argv[1:] if argv is None else argv)
    except SystemExit as done:
        return int(done.code or 0)


if __name__ == "__main__":
    # Hardly anything here is garbage before the end, and looking for it is a tenth of the time.
    gc.set_threshold(100_000)
    in_callers_folder()
    sys.exit(program())
