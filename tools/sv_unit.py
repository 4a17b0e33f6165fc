"""Checks one SystemVerilog compilation unit and writes its isolated text, interface file and description."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.text.position import Position
from hdl_py.text.source import SourceText


def expand_params(argv: list[str]) -> list[str]:
    """The arguments with every `@FILE` replaced by the file's lines (Bazel's multiline format)."""
    out: list[str] = []
    for arg in argv:
        if arg.startswith("@"):
            out += Path(arg[1:]).read_text(encoding="utf-8").splitlines()
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
        raise HdlError([Diagnostic(Position(path), "unreadable", f"can't read it: {error.strerror}")], EXIT_USAGE) from error


def labelled(values: tuple[str, ...], flag: str) -> dict[str, str]:
    """`LABEL=PATH` arguments as a dictionary."""
    out = {}
    for value in values:
        label, separator, path = value.rpartition("=")
        if not separator:
            raise click.UsageError(f"{flag} takes LABEL=PATH, found {value!r}")
        out[label] = path
    return out


@click.command()
@click.option("--label", required=True, help="The target's label.")
@click.option("--kind", type=click.Choice(["library", "package"]), default="library", show_default=True)
@click.option("--standard", type=click.Choice(["1800-2023", "3.1a"]), default="1800-2023", show_default=True)
@click.option("--unit", type=click.Choice(["target", "per_file"]), default="target", show_default=True)
@click.option("--src", "srcs", multiple=True, required=True, help="A source file; the order counts.")
@click.option("--hdr", "hdrs", multiple=True, help="A header that may be included.")
@click.option("--include-dir", "include_dirs", multiple=True, help="A folder searched for headers.")
@click.option("--define", "defines", multiple=True, help="NAME or NAME=VALUE, passed on unharmed.")
@click.option("--dep-json", multiple=True, help="LABEL=PATH of a direct dependency's unit.json.")
@click.option("--dep-svi", multiple=True, help="A direct dependency's interface file.")
@click.option("--transitive-svi", multiple=True, help="An indirect dependency's interface file.")
@click.option("--waive", "waived", multiple=True, help="A check that this target waives.")
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
    include_dirs: tuple[str, ...],
    defines: tuple[str, ...],
    dep_json: tuple[str, ...],
    dep_svi: tuple[str, ...],
    transitive_svi: tuple[str, ...],
    waived: tuple[str, ...],
    verilator: str,
    verilator_root: str,
    out_json: str,
    out_sv: str,
    out_svi: str,
    out_map: str,
) -> None:
    """Checks one compilation unit; writes nothing if a rule is broken."""
    from hdl_py.sv.model import unit_from_json
    from hdl_py.sv.preprocessor import Preprocessor
    from hdl_py.sv.tokens import tokenize
    from hdl_py.sv.unit import Request, compile_unit

    sources = {path: read(path) for path in (*srcs, *hdrs)}
    deps = {
        name: unit_from_json(read(path).data.decode(), path)
        for name, path in labelled(dep_json, "--dep-json").items()
    }
    request = Request(label, kind, standard, srcs, hdrs, deps, waived)
    preprocessor = Preprocessor(verilator, verilator_root)
    folders = [*include_dirs, *dict.fromkeys(str(Path(p).parent) for p in (*srcs, *hdrs))]
    groups = [[path] for path in srcs] if unit == "per_file" else [list(srcs)]
    streams = [tokenize(preprocessor.run(group, folders, defines), sources) for group in groups]
    result = compile_unit(request, streams, sources)
    Path(out_sv).write_bytes(result.isolated)
    Path(out_svi).write_bytes(result.interface)
    Path(out_map).write_text(result.line_map.to_text(), encoding="utf-8")
    Path(out_json).write_text(result.unit.to_json(), encoding="utf-8")


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
