"""Where something is in a source file."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Position:
    """A place in a file, as people and editors count.

    Attributes:
        file: the path as the user or the build gave it.
        line: from 1; 0 where only the file is known.
        column: from 1, in bytes; 0 where only the line is known.
    """

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [self.file]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)


@dataclass(frozen=True, order=True)
class Span:
    """A half-open range of byte offsets, `start <= end`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start


class LineIndex:
    """Byte offsets to lines and columns.

    A line ends at LF, at CR LF, or at a CR that stands alone, as IEEE 1800
    tools and editors count them.
    """

    def __init__(self, data: bytes) -> None:
        starts = [0]
        at = 0
        # bytes.splitlines knows exactly the three line ends above.
        for line in data.splitlines(keepends=True):
            at += len(line)
            starts.append(at)
        if starts[-1] == at and data and not data.endswith((b"\n", b"\r")):
            starts.pop()
        self._starts = starts

    def locate(self, offset: int) -> tuple[int, int]:
        """The (line, column) of a byte offset, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1
