"""Says how a module can be driven across a boundary, and why not more cheaply."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from hdl_py.errors import EXIT_USAGE, Diagnostic, HdlError
from hdl_py.text.position import Position
from hdl_py.text.source import SourceText
from tools.arguments import expand_params, pairs, run_program


def read(path: str) -> bytes:
    """A file's bytes.

    Raises:
        HdlError: it can't be read.
    """
    try:
        return Path(path).read_bytes()
    except OSError as error:
        problem = Diagnostic(Position(path), "unreadable", f"can't read it: {error.strerror}")
        raise HdlError([problem], EXIT_USAGE) from error


def write(path: str, text: str) -> None:
    """Writes a file.

    Raises:
        HdlError: it can't be written.
    """
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        problem = Diagnostic(Position(path), "unwritable", f"can't write it: {error.strerror}")
        raise HdlError([problem], EXIT_USAGE) from error


def place_mapper(maps: list[tuple[str, str]]) -> Callable[[Position], Position]:
    """Turns places in isolated texts into the user's places; each map is read when it is needed."""
    from hdl_py.sv.linemap import LineMap, parse_line_map

    paths = dict(maps)
    known: dict[str, LineMap] = {}

    def mapped(position: Position) -> Position:
        if position.file not in paths:
            return position
        if position.file not in known:
            path = paths[position.file]
            known[position.file] = parse_line_map(read(path).decode("utf-8", "surrogateescape"), path)
        return known[position.file].position(position.line) or position

    return mapped


@click.command()
@click.option("--module", required=True, help="The module.")
@click.option("--parameter", "parameters", multiple=True, help="NAME=VALUE; the others keep their defaults.")
@click.option("--src", "srcs", multiple=True, help="A source file; all of them are one compilation unit, in order.")
@click.option("--include-dir", "include_dirs", multiple=True, help="A folder searched for headers of --src.")
@click.option("--define", "defines", multiple=True, help="NAME or NAME=VALUE for --src.")
@click.option("--unit", "units", multiple=True, help="An isolated text or interface file; each is a unit of its own.")
@click.option("--map", "maps", multiple=True, help="UNIT=MAP: the map of an isolated text, for places.")
@click.option("--child", "children", multiple=True, help="The contract of a boundary that the module instantiates.")
@click.option("--accept", "accepted", multiple=True, help="Cause that does no harm here: impure-dpi, random-sequence.")
@click.option("--asserts/--no-asserts", default=True, show_default=True, help="Whether assertions are checked.")
@click.option("--timing/--no-timing", default=True, show_default=True, help="Whether the simulation honours delays.")
@click.option(
    "--compile",
    "compile_",
    type=click.Choice(["auto", "separate", "merge"]),
    default="auto",
    show_default=True,
    help="What the target asks for.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--out-contract", default="", help="Write what parents read (JSON).")
@click.option("--out-report", default="", help="Write the causes with their places, in the chosen format.")
def command(
    module: str,
    parameters: tuple[str, ...],
    srcs: tuple[str, ...],
    include_dirs: tuple[str, ...],
    defines: tuple[str, ...],
    units: tuple[str, ...],
    maps: tuple[str, ...],
    children: tuple[str, ...],
    accepted: tuple[str, ...],
    asserts: bool,
    timing: bool,
    compile_: str,
    form: str,
    out_contract: str,
    out_report: str,
) -> None:
    """Says how MODULE can be driven across a boundary.

    Prints a report, unless --out-report takes it. With --compile separate a module that can't be compiled apart is
    an error, and nothing is written.
    """
    from hdl_py.sv.contract.analysis import analyse
    from hdl_py.sv.contract.causes import RULES
    from hdl_py.sv.contract.decide import Compile, decide
    from hdl_py.sv.contract.elaborate import elaborate
    from hdl_py.sv.contract.model import UnitContract, contract_from_json
    from hdl_py.sv.contract.parent import instance_uses
    from hdl_py.sv.contract.render import report_json, report_text, uses_data, uses_lines
    from hdl_py.sv.contract.verdict import judge
    from hdl_py.sv.ports_elaborate import UnitSources

    if not srcs and not units:
        raise click.UsageError("give the sources with --src or --unit")
    for code in accepted:
        if code not in RULES or not RULES[code].acceptable:
            known = ", ".join(sorted(c for c, rule in RULES.items() if rule.acceptable))
            raise click.UsageError(f"--accept takes one of {known}; found {code!r}")
    sources = []
    if srcs:
        sources.append(UnitSources(tuple(SourceText(p, read(p)) for p in srcs), include_dirs, defines))
    sources += [UnitSources((SourceText(p, read(p)),)) for p in units]
    contracts: dict[str, list[UnitContract]] = {}
    for path in children:
        child = contract_from_json(read(path).decode("utf-8", "replace"), path)
        contracts.setdefault(child.module, []).append(child)
    elaborated = elaborate(sources, module, dict(pairs(parameters, "--parameter")), place_mapper(pairs(maps, "--map")))
    analysis = analyse(elaborated, contracts, asserts)
    decision = decide(analysis, judge(analysis, accepted, timing), Compile(compile_))
    widths = {p.name: analysis.graph.variables.width(p.var) for p in analysis.unit.ports}
    uses = instance_uses(analysis)
    size = vars(decision.size)
    if form == "json":
        report = report_json(
            decision.verdict,
            {"proven": decision.proven.to_data(), "size": size, "instances": uses_data(uses)},
        )
    else:
        shown = ", ".join(f"{value} {name.replace('_', ' ')}" for name, value in size.items())
        report = report_text(decision.verdict, widths, {"size": shown}) + "".join(uses_lines(uses))
    if out_contract:
        write(out_contract, decision.verdict.contract.to_json())
    if out_report:
        write(out_report, report)
    else:
        click.echo(report, nl=False)


def main(argv: list[str]) -> int:
    """Runs the program; returns its exit code."""
    return run_program(command, "sv_contract", expand_params(argv))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
