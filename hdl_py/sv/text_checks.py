"""Checks on a source file's bytes, before anything reads them as text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable

from hdl_py.errors import Diagnostic
from hdl_py.sv.checks import diagnose
from hdl_py.text.source import SourceText

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
_LONE_CR = re.compile(rb"\r(?!\n)")


def text_problems(sources: Iterable[SourceText]) -> list[Diagnostic]:
    """Bytes that Verilator would read in a way that nobody meant."""
    out: list[Diagnostic] = []
    for source in sources:
        data = source.data
        if data.startswith(_WIDE):
            out.append(diagnose("utf-16", source.position(0), path=source.path))
            continue
        if (at := data.find(b"\0")) >= 0:
            out.append(diagnose("nul-byte", source.position(at)))
        # A carriage return alone ends a line for editors and slang, but not for Verilator's comments.
        if b"\r" in data and (match := _LONE_CR.search(data)):
            out.append(diagnose("carriage-return", source.position(match.start()), path=source.path))
    return out
