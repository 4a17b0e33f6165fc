"""The command line for Verilator, from what a target says."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hdl_py.errors import Diagnostic, HdlError

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
        coverage: whether the model gathers coverage.
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
    coverage: bool = False


def parse_version(text: str) -> tuple[int, int]:
    """Verilator's version from "5.048", which comes after "5.6".

    Raises:
        ValueError: it is no such text.
    """
    major, _, minor = text.partition(".")
    return int(major), int(minor[:3])


_ESCAPE = re.compile(rb"\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(.))", re.DOTALL)
_ESCAPED = {b"n": b"\n", b"t": b"\t", b"v": b"\v", b"f": b"\f", b"a": b"\a"}


def parameter_option(name: str, value: str) -> str:
    """Verilator's option for a parameter of the top, whose value is written as in SystemVerilog.

    Verilator takes what stands between quotes as it is, up to the next quote: it knows no escapes
    there. A string that has some becomes the number that it stands for (IEEE 1800-2023 5.9).

    Raises:
        HdlError: the value begins as a string and is none.
    """
    if not value.startswith('"'):
        return f"-G{name}={value}"
    body = re.fullmatch(r'"((?:[^"\\]|\\.)*)"', value)
    if body is None:
        raise HdlError(
            [
                Diagnostic(
                    None,
                    "bad-string",
                    f"parameters gives {name} the value {value}, which is no string of SystemVerilog",
                    r'write it between quotes, and a quote inside as \": parameters = {"Name": "\"say \\\"hi\\\"\""}',
                    "IEEE 1800-2023 5.9",
                )
            ]
        )
    if "\\" not in body[1]:
        return f"-G{name}={value}"
    text = _ESCAPE.sub(_unescaped, body[1].encode())
    return f"-G{name}={8 * len(text)}'h{text.hex()}"


def _unescaped(escape: re.Match[bytes]) -> bytes:
    hexadecimal, octal, character = escape.groups()
    if hexadecimal:
        return bytes([int(hexadecimal, 16)])
    if octal:
        return bytes([int(octal, 8) & 0xFF])
    return _ESCAPED.get(character, character)


_SPLIT = ("--output-split", "5000", "--output-split-cfuncs", "4000")
"""Files that can be joined into translation units of like size, so that an edit compiles few of many.

Functions are cut only where they are very large: what pieces of one share are members of the model. Pieces of 400
statements cost a quarter of a simulation's speed, such pieces about 2 %.
"""


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
        *(["--coverage"] if request.coverage else []),
        "--threads",
        str(request.threads),
        *(parameter_option(name, value) for name, value in request.parameters.items()),
        *(["--timescale", request.timescale] if request.timescale else []),
        *_SPLIT,
        *request.options,
        "-Wno-DECLFILENAME",  # an isolated source's name is ours, so even -Wall has no say
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
