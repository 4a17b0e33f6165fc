"""Decides which units are verilated apart, and gathers what each model is verilated from."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hdl_py.errors import EXIT_REFUSED, EXIT_USAGE, Diagnostic, HdlError
from hdl_py.text.position import Position
from tools.arguments import pairs
from tools.worker import start

if TYPE_CHECKING:
    from hdl_py.boundary.decision import Parameters, UnitRequest, UnitResult
    from hdl_py.boundary.view import View

ORDER = "order"
"""The file of a gathered folder that lists its sources, one name a line, each before its users."""

SETS = "sets.json"
"""The file that says how a boundary's models are made; only a boundary's folder has it."""


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


def _text(path: str) -> str:
    return read(path).decode("utf-8", "surrogateescape")


def _write(path: str | Path, data: bytes) -> None:
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(data)
    except OSError as error:
        problem = Diagnostic(Position(str(path)), "unwritable", f"can't write it: {error.strerror}")
        raise HdlError([problem], EXIT_USAGE) from error


APART = "apart.json"
"""The file that says which units below a folder's sources are verilated apart: the module of each by its label."""


def _apart(views: Iterable[View]) -> bytes:
    return (json.dumps({v.label: v.module for v in views if v.boundary}, indent=1) + "\n").encode()


def _write_folder(folder: str, sources: Mapping[str, bytes], extra: Mapping[str, bytes]) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, data in {**sources, **extra}.items():
        _write(Path(folder, name), data)
    if sources:
        _write(Path(folder, ORDER), "".join(f"{name}\n" for name in sources).encode("utf-8", "surrogateescape"))


def _views(values: Sequence[str]) -> tuple[tuple[View, ...], dict[str, bytes]]:
    """Views and their texts, from JSON=TEXT arguments in order."""
    from hdl_py.boundary.view import view_from_json

    views, texts = [], {}
    for info, text in pairs(values, "--view"):
        view = view_from_json(_text(info), info)
        views.append(view)
        texts[view.label] = read(text)
    return tuple(views), texts


def _map_position(maps: Sequence[str]) -> Callable[[Position], Position]:
    """From places in isolated texts to the user's; each map is read when it is needed."""
    from hdl_py.sv.linemap import LineMap, parse_line_map

    paths = {Path(path).name.removesuffix(".map") + ".sv": path for path in maps}
    known: dict[str, LineMap] = {}

    def mapped(position: Position) -> Position:
        path = paths.get(position.file)
        if path is None:
            return position
        if path not in known:
            known[path] = parse_line_map(_text(path), path)
        return known[path].position(position.line) or position

    return mapped


def parse_set(text: str) -> Parameters:
    """A parameter set from `A=1,B=2`; a comma within brackets, quotes or braces separates nothing.

    Raises:
        click.UsageError: a part is no NAME=VALUE.
    """
    parts, depth, quoted, part = [], 0, False, ""
    for k, character in enumerate(text):
        if character == '"' and (k == 0 or text[k - 1] != "\\"):
            quoted = not quoted
        depth += (character in "([{") - (character in ")]}") if not quoted else 0
        if character == "," and depth == 0 and not quoted:
            parts.append(part)
            part = ""
        else:
            part += character
    parts.append(part)
    return tuple((n.strip(), v.strip()) for n, v in pairs([p for p in parts if p.strip()], "--set"))


def _request(
    unit_json: str,
    sv: str,
    svi: str,
    views: Sequence[str],
    compile_: str,
    sets: Sequence[str],
    timing: bool,
    settings: Sequence[str],
) -> UnitRequest:
    from hdl_py.boundary.decision import UnitRequest
    from hdl_py.sv.model import unit_from_json

    below, texts = _views(views)
    return UnitRequest(
        unit=unit_from_json(_text(unit_json), unit_json),
        file=Path(sv).name,
        isolated=read(sv),
        interface=read(svi),
        views=below,
        texts=texts,
        wanted=compile_,
        sets=tuple(parse_set(text) for text in sets),
        timing=timing,
        settings=tuple(settings),
    )


def _boundary_files(request: UnitRequest, result: UnitResult) -> dict[str, bytes]:
    """What a boundary's folder holds besides its sources."""
    if not result.view.boundary:
        return {}
    from hdl_py.boundary.decision import closure_timescale, private_packages
    from hdl_py.boundary.proof import interface_texts

    interfaces = interface_texts(request)
    files = {name: text for name, text in interfaces if name not in result.closure}
    files |= {f"{one.symbol}.sv": text.encode() for one, text in zip(result.sets, result.harnesses, strict=True)}
    said: dict[str, Any] = {
        "label": request.unit.label,
        "module": result.view.module,
        "form": request.form,
        "settings": list(request.settings),
        "timescale": closure_timescale(request, [v for v in request.views if v.file in result.closure]),
        "private_packages": sorted(private_packages(request)),
        "interfaces": [name for name, _ in interfaces],
        "sets": [
            {
                "contract": one.contract.to_data(),
                "parameters": [list(p) for p in one.parameters],
                "top": one.symbol,
                "prefix": one.prefix,
            }
            for one in result.sets
        ],
    }
    files[APART] = _apart(view for view in request.views if view.file in result.closure)
    files[SETS] = (json.dumps(said, indent=1, sort_keys=True) + "\n").encode()
    return files


@click.group()
def command() -> None:
    """Decides which units are verilated apart, and gathers what each model is verilated from."""


@command.command("decide")
@click.option("--unit-json", required=True, help="The unit's description.")
@click.option("--sv", required=True, help="Its isolated text.")
@click.option("--svi", required=True, help="Its interface file.")
@click.option("--view", "views", multiple=True, help="JSON=TEXT of a unit below; in order, each before its users.")
@click.option(
    "--compile", "compile_", type=click.Choice(["auto", "separate", "merge"]), default="auto", show_default=True
)
@click.option("--set", "sets", multiple=True, help="A parameter set as A=1,B=2; an empty one names the defaults.")
@click.option("--timing/--no-timing", default=True, show_default=True, help="Whether the simulation honours delays.")
@click.option("--setting", "settings", multiple=True, help="KEY=VALUE that all models of a simulation share.")
@click.option("--out-view", required=True, help="What parents verilate in the unit's place.")
@click.option("--out-info", required=True, help="What parents know of it (JSON).")
@click.option("--out-closure", required=True, help="A folder with what its own models are made from; else empty.")
@click.option("--out-report", required=True, help="The decision with its causes (JSON).")
@click.option("--out-log", required=True, help="File for what is wrong with the unit, for sv_messages.")
def decide(
    unit_json: str,
    sv: str,
    svi: str,
    views: tuple[str, ...],
    compile_: str,
    sets: tuple[str, ...],
    timing: bool,
    settings: tuple[str, ...],
    out_view: str,
    out_info: str,
    out_closure: str,
    out_report: str,
    out_log: str,
) -> None:
    """Decides about one unit; where it is refused, only says so in the log, for sv_messages to fail."""
    from hdl_py.boundary.decision import decide_unit
    from hdl_py.sv.messages import MessageLog

    request = _request(unit_json, sv, svi, views, compile_, sets, timing, settings)
    log = MessageLog(failed=False, text="", sources=())
    try:
        result = decide_unit(request)
    except HdlError as error:
        if error.exit_code != EXIT_REFUSED:
            raise
        # Places are in isolated texts: the maps to the user's follow every comment, and are no inputs here.
        named = sorted({d.position.file for d in error.diagnostics if d.position})
        log = MessageLog(failed=True, text=f"{error.render()}\n", sources=tuple(named))
        for path in (out_view, out_info, out_report):
            _write(path, b"")
        _write_folder(out_closure, {}, {})
    else:
        _write(out_view, result.text)
        _write(out_info, result.view.to_json().encode("utf-8", "surrogateescape"))
        _write_folder(out_closure, result.closure, _boundary_files(request, result))
        report = json.dumps(result.report, indent=1, sort_keys=True)
        _write(out_report, f"{report}\n".encode("utf-8", "surrogateescape"))
    _write(out_log, log.to_json().encode())


@command.command("gather")
@click.option("--label", required=True, help="The model's label.")
@click.option("--design", required=True, help="The checked design, as sv_design wrote it.")
@click.option("--unit", "units", multiple=True, required=True, help="JSON=SV of a direct dependency, as it is.")
@click.option("--view", "views", multiple=True, help="JSON=TEXT of a unit; in order, each before its users.")
@click.option("--out", required=True, help="A folder for the model's sources.")
def gather(label: str, design: str, units: tuple[str, ...], views: tuple[str, ...], out: str) -> None:
    """Copies what a model's top needs of all units into one folder."""
    from hdl_py.boundary.view import View, needed, refuse_reshaped_boundaries, reshapes, words
    from hdl_py.sv.model import unit_from_json

    top = str(json.loads(_text(design))["definition"])
    known, texts = _views(views)
    whole: list[View] = []
    for info, sv in pairs(units, "--unit"):
        unit = unit_from_json(_text(info), info)
        text = read(sv)
        names = tuple(d.name for d in unit.definitions)
        if top in names or reshapes(words(text)):
            mentions = words(text) - set(names)
            whole.append(View(unit.label, Path(sv).name, defines=names, mentions=tuple(mentions), reshapes=True))
            texts[unit.label] = text
    if not any(top in view.defines for view in whole):
        owner = next((view for view in known if top in (*view.defines, view.module)), None)
        if owner is None or owner.boundary or top in owner.inside:
            where = f"//…, the unit of {top}," if owner is None else owner.label
            message = f"the top {top} is not in a direct dependency of {label}"
            fix = f"buildozer 'add deps {where}' {label}"
            raise HdlError([Diagnostic(None, "indirect-top", message, fix)])
    full = {view.label: view for view in whole}
    listed = {view.label for view in known}
    every = (*(full.get(view.label, view) for view in known), *(v for v in whole if v.label not in listed))
    chosen = needed([top], every)
    refuse_reshaped_boundaries({v.label: words(texts[v.label]) for v in chosen if not v.boundary}, chosen)
    _write_folder(out, {view.file: texts[view.label] for view in chosen}, {APART: _apart(chosen)})


@command.command("report")
@click.option("--label", required=True, help="The model's label.")
@click.option("--report", "reports", multiple=True, help="A unit's decision.")
@click.option("--map", "maps", multiple=True, help="A line map, for places.")
@click.option("--merged-because", default="", help="Why every unit of this model is merged.")
@click.option("--out-text", required=True, help="For people.")
@click.option("--out-json", required=True, help="For tools.")
def report(
    label: str, reports: tuple[str, ...], maps: tuple[str, ...], merged_because: str, out_text: str, out_json: str
) -> None:
    """Says of each unit of a model whether it is verilated apart, and why."""
    from hdl_py.boundary.report import report_text

    mapped = _map_position(maps)
    decisions = [json.loads(_text(path)) for path in reports]
    for cause in (cause for decision in decisions for cause in decision["causes"] if cause["line"]):
        place = mapped(Position(cause["file"], cause["line"], cause["column"]))
        cause.update(file=place.file, line=place.line, column=place.column)
    data = {"label": label, "merged_because": merged_because, "units": decisions}
    _write(out_json, (json.dumps(data, indent=1, sort_keys=True) + "\n").encode("utf-8", "surrogateescape"))
    _write(out_text, report_text(label, merged_because, decisions).encode("utf-8", "surrogateescape"))


def main(argv: list[str]) -> int:
    """Runs the program; returns its exit code."""
    return start(command, "sv_separate", argv)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
