"""Runs Verilator on isolated units and sorts the C++ that it writes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tools.arguments import pairs
from tools.worker import start

if TYPE_CHECKING:
    from hdl_py.simulator.sources import ModelSources
    from hdl_py.sv.messages import MessageLog


_REFUSED = b'#error "Verilator refused the sources of this model"\n'


@click.command()
@click.option("--verilator", required=True, help="Path of verilator_bin.")
@click.option("--verilator-root", required=True, help="Path of its VERILATOR_ROOT.")
@click.option("--verilator-version", required=True, help="Its version, such as 5.048.")
@click.option("--label", required=True, help="The target's label, for messages.")
@click.option("--design", help="The checked design, as sv_design wrote it; of a boundary left out.")
@click.option("--prefix", help="The C++ class to make; of a boundary left out.")
@click.option("--source", "sources", multiple=True, help="An isolated source; packages before their users.")
@click.option("--folder", help="A folder that sv_separate wrote: it lists its sources, before all others.")
@click.option(
    "--set", "number", type=click.IntRange(min=0), help="Which parameter set of the boundary in --folder to verilate."
)
@click.option("--timescale", default="", help="UNIT/PRECISION of a boundary's definitions that have none.")
@click.option("--unit-option", "unit_options", multiple=True, help="PATH=-Wno-RULE, for one isolated source's text.")
@click.option("--parameter", "parameters", multiple=True, help="NAME=VALUE for the top.")
@click.option("--trace", type=click.Choice(["none", "vcd", "fst"]), default="none")
@click.option("--timing", type=click.Choice(["auto", "on", "off"]), default="auto")
@click.option("--asserts/--no-asserts", default=True)
@click.option("--coverage/--no-coverage", default=False)
@click.option("--threads", type=click.IntRange(min=1), default=1)
@click.option("--option", "options", multiple=True, help="A further option for Verilator.")
@click.option("--out-headers", required=True, help="Folder for headers.")
@click.option("--out-sources", required=True, help="Folder for translation units.")
@click.option("--out-log", required=True, help="File for what Verilator said, for sv_messages.")
def command(
    verilator: str,
    verilator_root: str,
    verilator_version: str,
    label: str,
    design: str | None,
    prefix: str | None,
    sources: tuple[str, ...],
    folder: str | None,
    number: int | None,
    timescale: str,
    unit_options: tuple[str, ...],
    parameters: tuple[str, ...],
    trace: str,
    timing: str,
    asserts: bool,
    coverage: bool,
    threads: int,
    options: tuple[str, ...],
    out_headers: str,
    out_sources: str,
    out_log: str,
) -> None:
    """Verilates; where Verilator refuses the sources, only says so in the log, for sv_messages to fail.

    Where anything else is wrong, it writes nothing and exits with 1: that may be gone the next time.
    """
    from hdl_py.boundary.parallel import with_threads
    from hdl_py.simulator.command import VerilateRequest, parse_version, verilator_command, waiver_text
    from hdl_py.simulator.hints import hints
    from hdl_py.simulator.sources import ModelSources, sort_sources, with_unit_scope, with_user_names
    from hdl_py.sv.messages import MessageLog, blames_the_sources
    from tools.boundary_folder import read_boundary, with_wrapper

    if number is not None and folder is None:
        raise click.UsageError("--set takes the boundary in --folder")
    if number is None and (design is None or prefix is None):
        raise click.UsageError("give --design and --prefix, or the boundary in --folder with --set")
    listed = _listed(folder) if folder else ()
    boundary, unit_label = None, ""
    checked: dict[str, Any]
    if number is not None:
        assert folder is not None
        if not listed:  # the unit is merged: its parents compile it
            _write_model(out_headers, out_sources, sort_sources({}))
            _write_log(out_log, MessageLog(failed=False, text="", sources=()))
            return
        gathered = read_boundary(folder, number)
        boundary, unit_label = gathered.one, gathered.label
        checked = {
            "definition": boundary.symbol,
            "private_packages": gathered.private_packages,
            "timescale": timescale or gathered.timescale,
        }
        prefix = boundary.prefix
        sources = (f"{folder}/{boundary.symbol}.sv",)
    else:
        assert design is not None
        checked = json.loads(Path(design).read_text(encoding="utf-8"))
    assert prefix is not None
    sources = (*listed, *sources)
    top = checked.get("top", checked["definition"])
    user_names = {} if checked["definition"] == top else {checked["definition"]: top}

    by_source: dict[str, list[str]] = defaultdict(list)
    for text in unit_options:
        path, _, option = text.rpartition("=")  # the path may hold `=` too
        by_source[_path_of(path, listed)].append(option)
    with tempfile.TemporaryDirectory(prefix="sv_verilate_") as scratch:
        waivers = ""
        if by_source:
            waivers = f"{scratch}/unit_warnings.vlt"
            Path(waivers).write_text(waiver_text(by_source), encoding="utf-8")
        out_dir = f"{scratch}/model"
        apart = _apart(folder)
        request = VerilateRequest(
            program=verilator,
            top=checked["definition"],
            prefix=prefix,
            out_dir=out_dir,
            sources=sources,
            version=parse_version(verilator_version),
            parameters=dict(pairs(parameters, "--parameter")),
            trace=trace,
            timing=timing,
            asserts=asserts,
            coverage=coverage,
            # Verilator's own threads would divide the rest, and each would call units.
            threads=1 if apart else threads,
            options=options,
            waivers=waivers,
            timescale=checked["timescale"],
        )
        try:
            result = subprocess.run(
                verilator_command(request),
                env={**os.environ, "VERILATOR_ROOT": verilator_root},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                check=False,
            )
        except OSError as error:
            raise click.ClickException(
                f"{label}: can't run {verilator}: {error.strerror}. Is it the verilator_bin of a verilator_toolchain?"
            ) from error
        output = result.stdout.decode(errors="replace").replace(f"{scratch}/", "")
        named = tuple(source for source in sources if f"{source}:" in output)
        refused = result.returncode > 0 and blames_the_sources(output, named)
        made = result.returncode == 0 and Path(out_dir, f"{prefix}.h").is_file()
        if boundary is not None:
            output = output.replace(f"{boundary.symbol}.{boundary.instance}", boundary.module.name)
        if result.returncode != 0:
            # A negative code is a signal's number; neither is ever mistaken for success.
            output += f"error: {label}: Verilator ended with exit code {result.returncode}\n"
            output += "".join(f"    {hint}\n" for hint in hints(output, apart))
        elif not made:
            # Some options make Verilator print or check something and leave it at that.
            output += f"error: {label}: Verilator made no model: {prefix}.h is missing. Look at vopts\n"
        if not made and not refused:
            sys.stderr.write(output)
            raise SystemExit(1)
        _write_log(out_log, MessageLog(failed=refused, text=output, sources=named))
        if refused:
            # No archive can be made of it, not even an empty one.
            _write_model(out_headers, out_sources, ModelSources({}, {"refused.cpp": _REFUSED}))
            return
        private = checked["private_packages"]
        files = {
            path.name: with_unit_scope(with_user_names(path.read_bytes(), user_names), private)
            for path in Path(out_dir).iterdir()
        }
        if apart and boundary is None:
            files = {name: with_threads(data, threads) for name, data in files.items()}
        if boundary is not None:
            files = with_wrapper(files, boundary, unit_label, parse_version(verilator_version))
        _write_model(out_headers, out_sources, sort_sources(files))


def _listed(folder: str) -> tuple[str, ...]:
    """The sources of a gathered folder, in order; none where the unit is merged."""
    order = Path(folder, "order")
    if not order.is_file():
        return ()
    names = order.read_bytes().decode("utf-8", "surrogateescape").splitlines()
    return tuple(f"{folder}/{name}" for name in names)


def _apart(folder: str | None) -> dict[str, str]:
    """The units below that are verilated apart: the module of each by its label."""
    path = Path(folder or ".", "apart.json")
    return dict(json.loads(path.read_text(encoding="utf-8"))) if folder and path.is_file() else {}


def _path_of(path: str, listed: tuple[str, ...]) -> str:
    """Where an isolated source is: in a gathered folder it has the same name."""
    return next((one for one in listed if Path(one).name == Path(path).name), path)


def _write_model(out_headers: str, out_sources: str, made: ModelSources) -> None:
    for out, contents in ((out_headers, made.headers), (out_sources, made.sources)):
        Path(out).mkdir(parents=True, exist_ok=True)
        for name, data in contents.items():
            Path(out, name).write_bytes(data)


def _write_log(path: str, log: MessageLog) -> None:
    # Messages have lines of isolated texts: the maps to the user's follow every comment, and are no inputs here.
    Path(path).write_text(log.to_json(), encoding="utf-8")


def main(argv: list[str]) -> int:
    """Runs the program; returns its exit code."""
    return start(command, "sv_verilate", argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
