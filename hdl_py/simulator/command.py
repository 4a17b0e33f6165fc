"""The command line for Verilator, from what a target says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WAIVER_FILE = "unit_warnings.vlt"

# What `-Wno-lint` and `-Wno-style` stand for in Verilator 5 (its manual, "Errors and
# Warnings"): a configuration file names rules one by one.
LINT_RULES = (
    "ALWCOMBORDER", "ASCRANGE", "CASEINCOMPLETE", "CASEOVERLAP", "CASEWITHX", "CASEX", "CMPCONST",
    "ENDLABEL", "IMPLICIT", "LATCH", "MISINDENT", "NEWERSTD", "PINMISSING", "REALCVT", "STATICVAR",
    "UNSIGNED", "WIDTHEXPAND", "WIDTHTRUNC", "WIDTHXZEXPAND",
)  # fmt: skip
STYLE_RULES = (
    "ASSIGNDLY", "BLKSEQ", "DECLFILENAME", "DEFPARAM", "GENUNNAMED", "IMPORTSTAR", "INCABSPATH",
    "PINCONNECTEMPTY", "PINNOCONNECT", "SYNCASYNCNET", "UNDRIVEN", "UNUSEDGENVAR", "UNUSEDLOOP",
    "UNUSEDPARAM", "UNUSEDSIGNAL", "VARHIDDEN",
)  # fmt: skip


@dataclass(frozen=True)
class VerilateRequest:
    """One verilation.

    Attributes:
        program: path of `verilator_bin`.
        top: the top module.
        prefix: the C++ class to make.
        out_dir: where Verilator writes.
        sources: isolated sources, packages before their users.
        version: Verilator's, as (5, 48) for 5.048.
        parameters: values for the top's parameters, in Verilator's syntax (strings with quotes).
        trace: "none", "vcd" or "fst".
        timing: "on", "off", or "auto": Verilator then asks for a decision where the text has delays.
        asserts: whether assertions are checked.
        threads: threads of the model, from 1.
        options: further options, after all others.
        waivers: path of the file of `waiver_text`; empty for none.
        timescale: `unit/precision` of definitions that have none; may be empty.
    """

    program: str
    top: str
    prefix: str
    out_dir: str
    sources: tuple[str, ...]
    version: tuple[int, int]
    parameters: Mapping[str, str]
    trace: str = "none"
    timing: str = "auto"
    asserts: bool = True
    threads: int = 1
    options: tuple[str, ...] = ()
    waivers: str = ""
    timescale: str = ""


def parse_version(text: str) -> tuple[int, int]:
    """Verilator's version from "5.048", which comes after "5.6".

    Raises:
        ValueError: it is no such text.
    """
    major, _, minor = text.partition(".")
    return int(major), int(minor[:3])


def verilator_command(request: VerilateRequest) -> list[str]:
    """The argument vector; nothing in it is ever read by a shell."""
    timing = {"on": ["--timing"], "off": ["--no-timing"], "auto": []}[request.timing]
    # --trace meant VCD before --trace-vcd came (5.036 has it); statistics were printed on demand before 5.026.
    vcd = "--trace-vcd" if request.version >= (5, 36) else "--trace"
    trace = {"none": [], "vcd": [vcd], "fst": ["--trace-fst"]}[request.trace]
    return [
        request.program,
        "--cc",
        *(["--quiet-stats"] if request.version >= (5, 26) else []),
        "--prefix",
        request.prefix,
        "--top-module",
        request.top,
        "--Mdir",
        request.out_dir,
        *timing,
        *trace,
        "--assert" if request.asserts else "--no-assert",
        "--threads",
        str(request.threads),
        *(f"-G{name}={value}" for name, value in request.parameters.items()),
        *(["--timescale", request.timescale] if request.timescale else []),
        "-Wno-DECLFILENAME",  # an isolated source's name is ours
        *request.options,
        *([request.waivers] if request.waivers else []),
        *request.sources,
    ]


def waiver_text(options: Mapping[str, Sequence[str]]) -> str:
    """A Verilator configuration file that applies each source's `-Wno-…` options to its text alone.

    Args:
        options: `-Wno-RULE`, `-Wno-lint` or `-Wno-style` by the path of an isolated source.
    """
    lines = ["`verilator_config"]
    for source, words in options.items():
        path = re.sub(r'["\\\\*?\[\]]', "?", source)  # a string with wildcards: `?` matches any one character
        for word in words:
            rule = word.removeprefix("-Wno-")
            rules = {"lint": LINT_RULES, "style": STYLE_RULES}.get(rule, (rule,))
            lines += [f'lint_off -rule {name} -file "{path}"' for name in rules]
    return "\n".join(lines) + "\n"
