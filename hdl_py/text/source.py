"""A source file as bytes, and splices into it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from hdl_py.text.position import LineIndex, Position, Span


@dataclass(frozen=True)
class SourceText:
    """A file's name and its bytes, never decoded.

    Attributes:
        path: the name that diagnostics show.
        data: the file's bytes, line endings and encoding as they are.
    """

    path: str
    data: bytes

    @cached_property
    def _lines(self) -> LineIndex:
        return LineIndex(self.data)

    def position(self, offset: int) -> Position:
        """The place of a byte offset."""
        line, column = self._lines.locate(offset)
        return Position(self.path, line, column)

    def slice(self, span: Span) -> bytes:
        """The bytes of a span."""
        return self.data[span.start : span.end]


@dataclass(frozen=True, order=True)
class Edit:
    """Replace the bytes of `span` by `text`."""

    span: Span
    text: bytes


def apply_edits(data: bytes, edits: Iterable[Edit]) -> bytes:
    """`data` with every edit applied and every other byte kept.

    Raises:
        ValueError: two edits overlap, or one lies outside the data.
    """
    out: list[bytes] = []
    at = 0
    for edit in sorted(set(edits), key=lambda e: (e.span.start, e.span.end, e.text)):
        if edit.span.start < at or edit.span.end > len(data):
            raise ValueError(f"edit {edit.span} overlaps another or lies outside the {len(data)} bytes")
        out.append(data[at : edit.span.start])
        out.append(edit.text)
        at = edit.span.end
    out.append(data[at:])
    return b"".join(out)
