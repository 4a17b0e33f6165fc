"""Versions in token streams: what `sv_unit` does between preprocessing and checking."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from hdl_py.mangle.units import KnownUnit, check_direct, check_version, version_text
from hdl_py.sv.occurrences import SvFrontEnd
from hdl_py.sv.tokens import TokenStream
from hdl_py.text.position import Position, Span
from hdl_py.text.source import Edit, apply_edits


@dataclass(frozen=True)
class VersionedStreams:
    """Streams with the names that their dependencies lead to.

    Attributes:
        streams: in the order given.
        renames: the user's name to the mangled one, of the unit's own definitions.
    """

    streams: tuple[TokenStream, ...]
    renames: Mapping[str, str]


def version_streams(
    label: str, version: str, streams: Sequence[TokenStream], units: Sequence[KnownUnit], direct: Sequence[str]
) -> VersionedStreams:
    """Rewrites a unit's tokens.

    Args:
        label: the unit's target.
        version: its version; empty for none, and always where there are several streams.
        streams: its tokens, or those of each file where each is a unit of its own.
        units: every unit below, dependencies first.
        direct: labels of its direct dependencies and of what they re-export.

    Raises:
        HdlError: see `hdl_py.mangle.units.version_text`.
    """
    if version:
        check_version(label, version)
    check_direct(label, [unit for unit in units if unit.label in set(direct)])
    out = []
    renames: dict[str, str] = {}
    for stream in streams:
        text = b"".join(token + b"\n" for token in stream.tokens)
        result = version_text(label, version, text, units, direct, SvFrontEnd(), place=_Places(stream))
        out.append(rename_tokens(stream, result.edits))
        renames |= result.renames
    return VersionedStreams(tuple(out), renames)


def rename_tokens(stream: TokenStream, edits: Iterable[Edit]) -> TokenStream:
    """The stream with splices applied, each within one token; every token keeps its place.

    Args:
        stream: the tokens.
        edits: splices into the tokens' text, one token a line.
    """
    starts = _starts(stream)
    tokens = list(stream.tokens)
    by_token: dict[int, list[Edit]] = {}
    for edit in edits:
        number = bisect_right(starts, edit.span.start) - 1
        start = starts[number]
        by_token.setdefault(number, []).append(Edit(Span(edit.span.start - start, edit.span.end - start), edit.text))
    spelled = dict(stream.spelled)
    for number, splices in by_token.items():
        spelled.setdefault(number, tokens[number])
        tokens[number] = apply_edits(tokens[number], splices)
    return replace(stream, tokens=tokens, spelled=spelled)


def _starts(stream: TokenStream) -> list[int]:
    starts, at = [], 0
    for token in stream.tokens:
        starts.append(at)
        at += len(token) + 1
    return starts


class _Places(Mapping[int, Position]):
    """The user's place of each line of a stream's text; worked out when a message asks."""

    def __init__(self, stream: TokenStream) -> None:
        self._stream = stream

    def __getitem__(self, line: int) -> Position:
        at = 1
        for number, token in enumerate(self._stream.tokens):
            at += token.count(b"\n") + 1
            if at > line:
                return self._stream.position(number)
        raise KeyError(line)

    def __iter__(self) -> Iterator[int]:
        return iter(range(1, len(self) + 1))

    def __len__(self) -> int:
        return len(self._stream.tokens)
