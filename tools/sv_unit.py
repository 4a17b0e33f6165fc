"""Checks one SystemVerilog compilation unit and writes its isolated text, interface file and description."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.text.position import Position
from hdl_py.text.source import SourceText

if TYPE_CHECKING:
    from hdl_py.sv.model import Unit


def expand_params(argv: list[str]) -> list[str]:
    """The arguments with every `@FILE` replaced by the file's lines (Bazel's multiline format).

    Raises:
        HdlError: a file that can't be read.
    """
    out: list[str] = []
    for arg in argv:
        if arg.startswith("@"):
            text = read(arg[1:]).data.decode("utf-8", "surrogateescape")
            out += text.removesuffix("\n").split("\n") if text else []
        else:
            out.append(arg)
    return out


def read(path: str) -> SourceText:
    """A file's bytes.

    Raises:
        HdlError: it can't be read.
    """
    try:
        return SourceText(path, Path(path).read_bytes())
    except OSError as error:
        problem = Diagnostic(Position(path), "unreadable", f"can't read it: {error.strerror}")
        raise HdlError([problem], EXIT_USAGE) from error


def write(outputs: dict[str, bytes]) -> None:
    """Writes the outputs.

    Raises:
        HdlError: one can't be written.
    """
    for path, data in outputs.items():
        try:
            Path(path).write_bytes(data)
        except OSError as error:
            problem = Diagnostic(Position(path), "unwritable", f"can't write it: {error.strerror}")
            raise HdlError([problem], EXIT_USAGE) from error


def labelled(values: tuple[str, ...], flag: str) -> list[tuple[str, str]]:
    """`LABEL=PATH` arguments as pairs.

    Raises:
        click.UsageError: an argument of another form.
    """
    out = []
    for value in values:
        label, separator, path = value.partition("=")
        if not separator or not label or not path:
            raise click.UsageError(f"{flag} takes LABEL=PATH, found {value!r}")
        out.append((label, path))
    return out


@click.command()
@click.option("--label", required=True, help="The target's label.")
@click.option("--kind", type=click.Choice(["library", "package"]), default="library", show_default=True)
@click.option("--standard", type=click.Choice(["1800-2023", "3.1a"]), default="1800-2023", show_default=True)
@click.option("--unit", type=click.Choice(["target", "per_file"]), default="target", show_default=True)
@click.option("--src", "srcs", multiple=True, required=True, help="A source file; the order counts.")
@click.option("--hdr", "hdrs", multiple=True, help="A header that may be included.")
@click.option("--dep-hdr", multiple=True, help="LABEL=PATH of a header that a dependency exports.")
@click.option("--include-dir", "include_dirs", multiple=True, help="A folder searched for headers.")
@click.option("--define", "defines", multiple=True, help="NAME or NAME=VALUE, passed on unharmed.")
@click.option("--dep-json", multiple=True, help="LABEL=PATH of a direct dependency's description.")
@click.option("--dep-svi", multiple=True, help="A direct dependency's interface file.")
@click.option("--transitive-json", multiple=True, help="LABEL=PATH of an indirect dependency's description.")
@click.option("--transitive-svi", multiple=True, help="An indirect dependency's interface file.")
@click.option("--dep-map", multiple=True, help="LABEL=PATH of a dependency's map; read for messages alone.")
@click.option("--export", "exports", multiple=True, help="A module that other units may use.")
@click.option("--waive", "waived", multiple=True, help="A check that this target waives.")
@click.option("--report-unused", is_flag=True, help="Make an unused direct dependency an error.")
@click.option("--verilator", required=True, help="Path of verilator_bin.")
@click.option("--verilator-root", required=True, help="Path of its VERILATOR_ROOT.")
@click.option("--out-json", required=True)
@click.option("--out-sv", required=True)
@click.option("--out-svi", required=True)
@click.option("--out-map", required=True)
def command(
    label: str,
    kind: str,
    standard: str,
    unit: str,
    srcs: tuple[str, ...],
    hdrs: tuple[str, ...],
    dep_hdr: tuple[str, ...],
    include_dirs: tuple[str, ...],
    defines: tuple[str, ...],
    dep_json: tuple[str, ...],
    dep_svi: tuple[str, ...],
    transitive_json: tuple[str, ...],
    transitive_svi: tuple[str, ...],
    dep_map: tuple[str, ...],
    exports: tuple[str, ...],
    waived: tuple[str, ...],
    report_unused: bool,
    verilator: str,
    verilator_root: str,
    out_json: str,
    out_sv: str,
    out_svi: str,
    out_map: str,
) -> None:
    """Checks one compilation unit; writes nothing if a rule is broken."""
    from hdl_py.sv.places import LazyPlaces
    from hdl_py.sv.preprocessor import Preprocessor
    from hdl_py.sv.tokens import tokenize
    from hdl_py.sv.unit import Request, check_sources, compile_unit

    header_owners = {path: owner for owner, path in labelled(dep_hdr, "--dep-hdr")}
    all_hdrs = tuple(dict.fromkeys((*hdrs, *header_owners)))
    sources = {path: read(path) for path in (*srcs, *all_hdrs)}
    check_sources(sources.values())
    request = Request(
        label=label,
        kind=kind,
        standard=standard,
        srcs=srcs,
        hdrs=all_hdrs,
        deps=_units(dep_json, "--dep-json"),
        indirect=_units(transitive_json, "--transitive-json"),
        interfaces={path: read(path).data for path in dict.fromkeys((*transitive_svi, *dep_svi))},
        header_owners=header_owners,
        waived=waived,
        exports=exports,
        places=LazyPlaces(dict(labelled(dep_map, "--dep-map")), lambda path: read(path).data),
        report_unused=report_unused,
    )
    preprocessor = Preprocessor(verilator, verilator_root)
    folders = [*include_dirs, *dict.fromkeys(str(Path(p).parent) for p in (*srcs, *all_hdrs))]
    groups = [[path] for path in srcs] if unit == "per_file" else [list(srcs)]
    streams = [tokenize(preprocessor.run(group, folders, defines), sources) for group in groups]
    result = compile_unit(request, streams, sources)
    write(
        {
            out_sv: result.isolated,
            out_svi: result.interface,
            out_map: result.line_map.to_text().encode("utf-8", "surrogateescape"),
            out_json: result.unit.to_json().encode("utf-8", "surrogateescape"),
        }
    )


def _units(values: tuple[str, ...], flag: str) -> dict[str, Unit]:
    from hdl_py.sv.model import unit_from_json

    return {
        label: unit_from_json(read(path).data.decode("utf-8", "surrogateescape"), path)
        for label, path in labelled(values, flag)
    }


def main(argv: list[str]) -> int:
    """Runs the program; returns its exit code."""
    try:
        command.main(expand_params(argv), prog_name="sv_unit", standalone_mode=False)
    except HdlError as error:
        print(error.render(), file=sys.stderr)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
