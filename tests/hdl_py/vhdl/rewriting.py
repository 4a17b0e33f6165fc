"""Cores in, rewritten cores or refusals out: the whole rename in memory, for the tests of VHDL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from hdl_py.mangle.engine import Outcome, Request, mangle
from hdl_py.mangle.model import Core, CoreId, Language
from hdl_py.text.source import SourceText
from hdl_py.vhdl.front_end import VhdlFrontEnd


def vhdl_core(name: str, version: str, files: Mapping[str, bytes | str], library: str = "work", **depends: str) -> Core:
    """A VHDL core; a keyword for each dependency gives its version."""
    sources = tuple(
        SourceText(path, text if isinstance(text, bytes) else text.encode("latin-1")) for path, text in files.items()
    )
    return Core(CoreId(name, version), Language.VHDL, library, sources, depends=depends)


def rewrite(cores: Iterable[Core], top: str = "") -> Outcome:
    """Rename what the versions of each core share."""
    return mangle(Request(tuple(cores), top), {Language.VHDL: VhdlFrontEnd()})


def core_of(outcome: Outcome, name: str, version: str) -> Core:
    """One of the rewritten cores."""
    return next(c for c in outcome.cores if c.id == CoreId(name, version))
