"""A target of VHDL, as Bazel's rules hand it over."""

from __future__ import annotations

from dataclasses import dataclass

from hdl_py.text.source import SourceText


@dataclass(frozen=True)
class VhdlUnit:
    """A target's files as the user wrote them.

    Attributes:
        label: the target.
        version: its version; empty for none.
        library: the VHDL library.
        deps: labels of its direct dependencies.
        sources: the files, in the order of their dependencies.
    """

    label: str
    version: str
    library: str
    deps: tuple[str, ...]
    sources: tuple[SourceText, ...]
