"""Puts versions of cores side by side: renames what they share, or refuses with every cause."""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from hdl_py.errors import EXIT_REFUSED, EXIT_USAGE, Diagnostic, HdlError
from hdl_py.mangle.engine import Outcome, Request, mangle
from hdl_py.mangle.model import CoreId, FrontEnd, Language
from hdl_py.mangle.report import MANIFEST, manifest, output_path, report, report_text
from hdl_py.mangle.request import parse_request
from hdl_py.sv.occurrences import SvFrontEnd
from hdl_py.sv.occurrences_includes import output_include_dirs, with_unlisted_headers
from hdl_py.text.position import Position
from hdl_py.vhdl.front_end import VhdlFrontEnd
from tools.arguments import run_program


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
        return (folder / relative).read_bytes()

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


def write_output(out: Path, folder: Path, request: Request, outcome: Outcome) -> None:
    """Write every file and the manifest, all or nothing.

    Everything is written beside the folder and moved there at the end. What an earlier
    run wrote is replaced; a folder that no earlier run made is left alone.

    Args:
        out: the folder to fill.
        folder: the request's own folder.
        request: what was asked.
        outcome: what came of it.

    Raises:
        HdlError: the folder holds something else or an input, or can't be written.
    """
    inputs = [(folder / f.path).resolve() for c in request.cores for f in c.files]
    for core in outcome.cores:
        target = (out / core.id.folder).resolve()
        if any(target == i or target in i.parents for i in inputs):
            raise _usage(out, f"'{target}' holds inputs of the request; give another folder")
    if out.exists() and not out.is_dir():
        raise _usage(out, "found a file, expected a folder to write to")
    if out.is_dir() and any(out.iterdir()) and not (out / MANIFEST).is_file():
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
    asked = read_request(request)
    outcome = mangle(asked, front_ends())
    if report_file is not None:
        text = (
            report_text(asked, outcome)
            if report_file.suffix == ".txt"
            else json.dumps(report(asked, outcome), indent=2) + "\n"
        )
        try:
            report_file.parent.mkdir(parents=True, exist_ok=True)
            report_file.write_text(text, encoding="utf-8")
        except OSError as error:
            raise _usage(report_file, f"can't write the report: {error.strerror}") from error
    if outcome.refusals:
        for refusal in outcome.refusals:
            print(refusal.render(), file=sys.stderr)
        raise SystemExit(EXIT_REFUSED)
    write_output(out, request.resolve().parent, asked, outcome)
    print(report_text(asked, outcome), end="")


def program(argv: Sequence[str] | None = None) -> int:
    """The program; its exit code."""
    try:
        return run_program(main, "hdl_mangle", sys.argv[1:] if argv is None else argv)
    except SystemExit as done:
        return int(done.code or 0)


if __name__ == "__main__":
    sys.exit(program())
