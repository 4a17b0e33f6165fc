"""Checks one SystemVerilog compilation unit and writes its isolated text, interface file and description."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.text.position import Position
from hdl_py.text.source import SourceText
from tools.arguments import pairs
from tools.worker import start

if TYPE_CHECKING:
    from hdl_py.sv.model import Unit
    from hdl_py.sv.preprocessor import Preprocessor
    from hdl_py.sv.tokens import TokenStream
    from hdl_py.sv.unit import Request, Result


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
@click.option(
    "--transitive-svi", multiple=True, help="An indirect dependency's interface file; LABEL=PATH says whose it is."
)
@click.option("--dep-map", multiple=True, help="LABEL=PATH of a dependency's map; read for messages alone.")
@click.option("--export", "exports", multiple=True, help="A module that other units may use.")
@click.option("--version", default="", help="The unit's version; its definitions get mangled names.")
@click.option(
    "--below-json", multiple=True, help="LABEL=PATH of every unit's description below, where one has a version."
)
@click.option("--waive", "waived", multiple=True, help="A check that this target waives.")
@click.option("--report-unused", is_flag=True, help="Make an unused direct dependency an error.")
@click.option("--verilator", required=True, help="Path of verilator_bin.")
@click.option("--verilator-root", required=True, help="Path of its VERILATOR_ROOT.")
@click.option("--out-json", required=True)
@click.option("--out-sv", required=True)
@click.option("--out-svi", required=True)
@click.option("--out-map", required=True)
@click.option("--out-unused", help="File that lists the inputs that a successful run did not read.")
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
    transitive_svi: tuple[str, ...],
    dep_map: tuple[str, ...],
    exports: tuple[str, ...],
    version: str,
    below_json: tuple[str, ...],
    waived: tuple[str, ...],
    report_unused: bool,
    verilator: str,
    verilator_root: str,
    out_json: str,
    out_sv: str,
    out_svi: str,
    out_map: str,
    out_unused: str | None,
) -> None:
    """Checks one compilation unit; writes nothing if a rule is broken."""
    from hdl_py.sv.places import LazyPlaces
    from hdl_py.sv.preprocessor import Preprocessor
    from hdl_py.sv.tokens import tokenize
    from hdl_py.sv.unit import Request, check_sources, compile_unit

    header_owners = {path: owner for owner, path in pairs(dep_hdr, "--dep-hdr")}
    all_hdrs = tuple(dict.fromkeys((*hdrs, *header_owners)))
    sources = {path: read(path) for path in (*srcs, *all_hdrs)}
    check_sources(sources.values())
    interface_labels = dict(_labelled(value) for value in transitive_svi)
    request = Request(
        label=label,
        kind=kind,
        standard=standard,
        srcs=srcs,
        hdrs=all_hdrs,
        deps=_units(dep_json, "--dep-json"),
        interfaces={path: read(path).data for path in dict.fromkeys((*interface_labels, *dep_svi))},
        interface_labels=interface_labels,
        header_owners=header_owners,
        waived=waived,
        exports=exports,
        places=LazyPlaces(dict(pairs(dep_map, "--dep-map")), lambda path: read(path).data),
        report_unused=report_unused,
        defined=tuple(define.split("=", 1)[0] for define in defines),
    )
    preprocessor = Preprocessor(verilator, verilator_root)
    folders = [*include_dirs, *dict.fromkeys(str(Path(p).parent) for p in (*srcs, *all_hdrs))]
    groups = [[path] for path in srcs] if unit == "per_file" else [list(srcs)]
    streams = [tokenize(preprocessor.run(group, folders, defines, _warn), sources) for group in groups]
    try:
        if version or below_json:
            result = _compile_versioned(request, streams, sources, version, _units(below_json, "--below-json"))
        else:
            result = compile_unit(request, streams, sources)
    except HdlError as error:
        raise HdlError(_advised(error, preprocessor, request, streams), error.exit_code) from error
    outputs = {
        out_sv: result.isolated,
        out_svi: result.interface,
        out_map: result.line_map.to_text().encode("utf-8", "surrogateescape"),
        out_json: result.unit.to_json().encode("utf-8", "surrogateescape"),
    }
    if out_unused:
        outputs[out_unused] = "".join(f"{path}\n" for _, path in pairs(dep_map, "--dep-map")).encode()
    write(outputs)


def _warn(text: str) -> None:
    """Shows warnings; they stop nothing."""
    print(text.rstrip(), file=sys.stderr)


def _advised(error: HdlError, tool: Preprocessor, request: Request, streams: list[TokenStream]) -> list[Diagnostic]:
    """The causes of a refusal, each that can be waived with Verilator's opinion of its line."""
    from hdl_py.sv.preprocessor import lint
    from hdl_py.sv.waivers import advise, is_waivable

    if not any(is_waivable(problem) for problem in error.diagnostics):
        return list(error.diagnostics)
    texts = {f"interface{n}.sv": text for n, text in enumerate(request.interfaces.values())}
    own = {f"unit{n}.sv": stream for n, stream in enumerate(streams)}
    texts |= {name: b"\n".join(stream.tokens) + b"\n" for name, stream in own.items()}
    found = lint(tool, texts)
    if found is None:
        return advise(error.diagnostics)
    lines = set()
    for name, line in found.errors:
        if name in own:
            tokens = own[name].tokens
            by_line = [n for n, token in enumerate(tokens) for _ in range(token.count(b"\n") + 1)]
            position = own[name].position(by_line[min(line, len(by_line)) - 1] if by_line else 0)
            lines.add((position.file, position.line))

    def refused(position: Position) -> bool | None:
        if (position.file, position.line) in lines:
            return True
        return False if found.complete else None

    return advise(error.diagnostics, refused)


def _compile_versioned(
    request: Request,
    streams: list[TokenStream],
    sources: dict[str, SourceText],
    version: str,
    below: dict[str, Unit],
) -> Result:
    """The same for a unit that has a version, or has units with versions below."""
    from hdl_py.mangle.streams import version_streams
    from hdl_py.mangle.units import KnownUnit, message_with_user_names
    from hdl_py.sv.unit import compile_unit

    interfaces = {request.interface_labels[path]: data for path, data in request.interfaces.items()}
    units = []
    for label, unit in below.items():
        users = {mangled: name for name, mangled in unit.renames.items()}
        seen = tuple(users.get(d.name, d.name) for d in unit.definitions if d.exported and not d.generated)
        if label in interfaces:
            units.append(KnownUnit(label, unit.version, unit.renames, unit.deps, interfaces[label], seen))
    named = version_streams(request.label, version, streams, units, sorted(request.deps))
    # The BUILD file says the users' names.
    exports = tuple(named.renames.get(name, name) for name in request.exports)
    try:
        result = compile_unit(replace(request, exports=exports), named.streams, sources)
    except HdlError as error:
        problems = [
            replace(
                problem,
                message=message_with_user_names(problem.message, units, named.renames),
                fix=message_with_user_names(problem.fix, units, named.renames),
            )
            for problem in error.diagnostics
        ]
        raise HdlError(problems, error.exit_code) from error
    return replace(result, unit=replace(result.unit, version=version, renames=named.renames))


def _labelled(value: str) -> tuple[str, str]:
    """An interface file's path and its label, which may be left out."""
    label, separator, path = value.partition("=")
    return (path, label) if separator and label.startswith(("//", "@")) else (value, "")


def _units(values: tuple[str, ...], flag: str) -> dict[str, Unit]:
    from hdl_py.sv.model import unit_from_json

    return {
        label: unit_from_json(read(path).data.decode("utf-8", "surrogateescape"), path)
        for label, path in pairs(values, flag)
    }


if __name__ == "__main__":
    sys.exit(start(command, "sv_unit", sys.argv[1:]))
