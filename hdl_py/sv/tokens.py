"""Preprocessed SystemVerilog as a canonical token stream: one token a line.

The preprocessor's output still shows the author's comments, blank lines and
indentation. Written one token a line it shows none of them, so a comment or
formatting edit leaves it unchanged, and a line number names one token.
Two characters that stand side by side in the source stay side by side only
where they form one token, so the token stream means what the source means.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from hdl_py.text.position import Position
from hdl_py.text.source import SourceText

_LINE_DIRECTIVE = re.compile(rb'`line (\d+) "((?:[^"\\]|\\.)*)" ([012])\s*$')

# Longest first, so that the first alternative that matches is the longest token.
_TOKEN = re.compile(
    rb"""
    [A-Za-z_][\w$]*                                             # identifier, keyword
  | \d[\d_]*(?:[ \t]*'[sS]?[bodhBODH][ \t]*[0-9a-fA-FxXzZ?_]+    # 8'hFF, 8 'h FF
      | (?:\.\d[\d_]*)?(?:[eE][+-]?\d[\d_]*)?(?:(?:[fpnum]?s|step)\b)?)   # 12, 1.5e3, 10ns
  | '[sS]?[bodhBODH][ \t]*[0-9a-fA-FxXzZ?_]+                     # 'hFF
  | '[sS]?[bodhBODH]\b | '[01xXzZ]\b                             # 'b before a line end, '0
  | \"\"\"(?:(?:[^"\\]|\\.|"(?!""))*\"\"\")? | "(?:[^"\\]|\\.)*"   # strings; three quotes alone open one
  | /\*.*?\*/                                                   # a pragma of the tool
  | `pragma\b[^\n]* | `uselib\b[^\n]*
  | `timescale[ \t]+\d+[ \t]*[fpnum]?s[ \t]*/[ \t]*\d+[ \t]*[fpnum]?s
  | `(?:default_nettype|unconnected_drive|default_decay_time|default_trireg_strength)[ \t]+\w+
  | `begin_keywords[ \t]+"[^"\n]*"
  | `\w+
  | \\[^\s]+                                                    # escaped identifier
  | \$[\w$]*                                                    # system name, $
  | <<<=|>>>=|\[->
  | <->|->>|===|!==|==\?|!=\?|<<<|>>>|<<=|>>=|\|->|\|=>|\#-\#|\#=\#|&&&|\(\*\)|\[\+\]|\+/-|\+%-
  | \(\*|\.\*|\*\)|\[\*|\[=
  | \*\*|::|:=|:/|\+:|-:|\+\+|--|\+=|-=|\*=|/=|%=|&=|\|=|\^=|->|=>|\*>|&&|\|\||==|!=|<=|>=|<<|>>
  | ~&|~\||~\^|\^~|\#\#|@@|'\{
  | \S
    """,
    re.VERBOSE | re.DOTALL,
)

LEGACY_DIRECTIVES = (
    *("accelerate", "autoexpand_vectornets", "endprotect", "expand_vectornets", "inline", "noaccelerate"),
    *("noexpand_vectornets", "noremove_gatenames", "noremove_netnames", "portcoerce", "protect", "remove_gatenames"),
    "remove_netnames",
)
"""Directives of older tools, which Verilator reads and does nothing about."""

_SPACES = re.compile(rb"[ \t]+")
_RAW_BLOCK = re.compile(rb"`systemc_\w+")
_COMMENT = re.compile(rb"//.*|/\*.*?\*/")


@dataclass(frozen=True)
class Entry:
    """The preprocessor went into an included file.

    Attributes:
        path: the file entered, as the preprocessor named it.
        includer: the file with the directive.
        line: the directive's line, from 1.
    """

    path: str
    includer: str
    line: int


@dataclass
class TokenStream:
    """The tokens of one compilation unit, each with the user's file and line.

    Attributes:
        tokens: the tokens in order; a token may hold line ends (a block of
            foreign text, a triple-quoted string).
        lines: for each token its line in the user's file, from 1.
        runs: (first token, file) for every stretch of tokens from one file.
        entries: every include that was followed, in order.
        sources: the user's files by path, for columns; may lack some.
        spelled: by index, tokens as the user's files have them, where `tokens` has another name.
    """

    tokens: list[bytes]
    lines: list[int]
    runs: list[tuple[int, str]]
    entries: list[Entry] = field(default_factory=list)
    sources: Mapping[str, SourceText] = field(default_factory=dict)
    spelled: Mapping[int, bytes] = field(default_factory=dict)

    @cached_property
    def _run_starts(self) -> list[int]:
        return [start for start, _file in self.runs]

    @cached_property
    def directives(self) -> list[tuple[int, bytes]]:
        """(index, token) of everything that begins with a backquote, in order."""
        return [(n, t) for n, t in enumerate(self.tokens) if t[:1] == b"`"]

    def file(self, index: int) -> str:
        """The user's file that the token came from."""
        return self.runs[bisect_right(self._run_starts, index) - 1][1]

    def position(self, index: int) -> Position:
        """The user's file, line and column of a token; past the end: of the last token.

        A token out of a macro's body has the place of the macro's use.
        """
        if not self.tokens:
            return Position(self.runs[0][1] if self.runs else "", 1)
        index = min(index, len(self.tokens) - 1)
        first = index
        line, file = self.lines[index], self.file(index)
        while first and self.lines[first - 1] == line and self.file(first - 1) == file:
            first -= 1
        return Position(file, line, self.columns(first, index + 1)[-1])

    def columns(self, start: int, end: int) -> list[int]:
        """The columns, from 1, of tokens that stand on one line of one file; 0 where the file is unknown.

        Found by searching the line for each token in turn. Where the line uses
        macros, its own tokens are aligned with those that came out of it, and a
        token out of a macro has the column of the macro's use.
        """
        text = self.line_text(self.file(start), self.lines[start])
        if text is None:
            return [0] * (end - start)
        written = self.tokens[start:end]
        if self.spelled:
            written = [self.spelled.get(start + n, token) for n, token in enumerate(written)]
        if b"`" in text:
            return _aligned(text, written)
        out = []
        at, column = 0, len(text) - len(text.lstrip()) + 1
        for token in written:
            found = text.find(token, at)
            if found >= 0:
                column, at = found + 1, found + len(token)
            out.append(column)
        return out

    def places(self, indices: Iterable[int]) -> Iterator[tuple[str, int, int]]:
        """The user's (file, line, column) of tokens by index; fastest in order."""
        lines = self.lines
        all_columns = array("l", bytes(array("l").itemsize * len(self.tokens)))
        bounds = [*self._run_starts[1:], len(self.tokens)]
        for (first, _file), last in zip(self.runs, bounds, strict=True):
            start = first
            while start < last:
                line, end = lines[start], start + 1
                while end < last and lines[end] == line:
                    end += 1
                all_columns[start:end] = array("l", self.columns(start, end))
                start = end
        file, low, high = "", 0, 0
        for index in indices:
            if not low <= index < high:
                run = bisect_right(self._run_starts, index) - 1
                low, file = self.runs[run]
                high = bounds[run]
            yield file, lines[index], all_columns[index]

    @cached_property
    def _texts(self) -> dict[str, list[bytes]]:
        return {}

    def line_text(self, file: str, line: int) -> bytes | None:
        """A line of a user's file with its comments blanked out; None where the file is unknown."""
        if file not in self._texts:
            source = self.sources.get(file)
            self._texts[file] = source.data.splitlines() if source else []
        lines = self._texts[file]
        if not 0 < line <= len(lines):
            return None
        text = lines[line - 1]
        if b"/" in text:
            text = _COMMENT.sub(lambda m: b" " * len(m.group()), text)
        return text


def tokenize(preprocessed: bytes, sources: Mapping[str, SourceText]) -> TokenStream:
    """The token stream of `verilator -E` output, which keeps its `line directives.

    Args:
        preprocessed: the output, bytes as they came.
        sources: the user's files, for columns in later diagnostics.
    """
    stream = TokenStream([], [], [], [], sources)
    tokens, lines, runs = stream.tokens, stream.lines, stream.runs
    findall = _TOKEN.findall
    file, number = "", 1
    visits = _Visits()
    texts = iter(preprocessed.split(b"\n"))
    table: list[bytes] | None = None
    # Most tokens come again and again: one object for each spelling saves a third of the memory.
    known: dict[bytes, bytes] = {}
    for text in texts:
        if text.startswith(b"`line ") and (match := _LINE_DIRECTIVE.match(text)):
            name = match[2].decode("utf-8", "surrogateescape")
            if match[3] == b"1":
                visits.enter(Entry(name, file, number), len(tokens))
            elif match[3] == b"2":
                visits.leave(len(tokens))
            if name != file or not runs:
                runs.append((len(tokens), name))
            file, number = name, int(match[1])
            continue
        found = findall(text)
        while found and (opened := _opened(found, text)):
            # A string or pragma goes on in the next lines: what stands before it, then all of it, then the rest.
            start, closing = opened
            before = findall(text[:start])
            parts, first, text = [text[start:]], number, b""
            for more in texts:
                number += 1
                if match := closing.match(more):
                    parts.append(match.group())
                    text = more[match.end() :]
                    break
                parts.append(more)
            before.append(b"\n".join(parts))
            tokens += map(known.setdefault, before, before)
            lines += [first] * len(before)
            found = findall(text)
        if found:
            used = 0
            if _RAW_BLOCK.match(found[0]):
                block = [text.lstrip()]
                for more in texts:
                    used += 1
                    block.append(more)
                    if more.strip() == b"`verilog":
                        break
                else:
                    block.append(b"`verilog")  # the file's end closed it
                found = [b"\n".join(block)]
            elif table is not None or b"table" in found:
                found, table = _table_rows(found, table)
            tokens += map(known.setdefault, found, found)
            lines += [number] * len(found)
            number += used
        number += 1
    if table:
        tokens += table
        lines += [number] * len(table)
    stream.entries = visits.close(len(tokens))
    _fence_pragmas(stream, visits.stretches)
    for index, token in enumerate(tokens):
        if b" " in token or b"\t" in token or b"\n" in token:
            tokens[index] = _canonical(token)
    return stream


_MOST_COMPARED = 20_000
"""The size, own tokens times those that come out, up to which a line with macros is aligned as well as can be."""


def _align_in_one_pass(own: Sequence[bytes], starts: Sequence[int], tokens: Sequence[bytes], out: list[int]) -> None:
    """Gives each own token the next token of its spelling: nearly as good, and never slow."""
    places: dict[bytes, list[int]] = {}
    for number, token in enumerate(tokens):
        places.setdefault(token, []).append(number)
    at = 0
    for token, start in zip(own, starts, strict=True):
        found = places.get(token, [])
        index = bisect_left(found, at)
        if index < len(found):
            out[found[index]] = start
            at = found[index] + 1


def _aligned(text: bytes, tokens: Sequence[bytes]) -> list[int]:
    """Columns of tokens that a line with macros expands to."""
    from difflib import SequenceMatcher

    own: list[bytes] = []
    starts: list[int] = []
    depth = 0
    for match in _TOKEN.finditer(text):
        token = match.group()
        if depth or (own and own[-1][:1] == b"`" and token == b"("):
            # The arguments belong to the use of the macro.
            depth += (token == b"(") - (token == b")")
            continue
        own.append(token)
        starts.append(match.start() + 1)
    out = [0] * len(tokens)
    if len(own) * len(tokens) <= _MOST_COMPARED:
        for block in SequenceMatcher(None, own, tokens, autojunk=False).get_matching_blocks():
            for step in range(block.size):
                out[block.b + step] = starts[block.a + step]
    else:
        _align_in_one_pass(own, starts, tokens, out)
    macros = [s for s, t in zip(starts, own, strict=True) if t[:1] == b"`"]
    last = starts[0] if starts else 1
    for number, column in enumerate(out):
        if column:
            last = column
        else:
            # The first macro behind what stands before it.
            behind = bisect_left(macros, last)
            out[number] = last = macros[behind] if behind < len(macros) else last
    return out


class _Visits:
    """The files that the preprocessor went through.

    Its output marks the way into a file of the command line as it marks the way
    into an included one, but there is no way back out of the former.
    """

    def __init__(self) -> None:
        self._open: list[tuple[int, Entry, int]] = []
        self._included: list[tuple[int, Entry]] = []
        self._count = 0
        self.stretches: list[tuple[int, int]] = []

    def enter(self, entry: Entry, token: int) -> None:
        self._open.append((self._count, entry, token))
        self._count += 1

    def leave(self, token: int) -> None:
        if self._open:
            number, entry, start = self._open.pop()
            self._included.append((number, entry))
            self.stretches.append((start, token))

    def close(self, token: int) -> list[Entry]:
        """Ends the input; returns the includes in order."""
        starts = [start for _number, _entry, start in self._open]
        self.stretches += zip(starts, [*starts[1:], token], strict=True)
        return [entry for _number, entry in sorted(self._included, key=lambda pair: pair[0])]


_SWITCH = re.compile(rb"/\*\s*verilator\s+(?:lint|coverage|tracing)_o(?:ff|n)")


def _fence_pragmas(stream: TokenStream, stretches: list[tuple[int, int]]) -> None:
    """Ends the effect of lint, coverage and tracing pragmas with their file, as Verilator does."""
    fences: list[tuple[int, int, bytes]] = []
    for start, end in stretches:
        if any(_SWITCH.match(token) for token in stream.tokens[start:end] if token[:2] == b"/*"):
            # Sorted so that an inner file's fences stay inside the outer one's.
            fences += [(start, 1, b"/*verilator lint_save*/"), (end, 0, b"/*verilator lint_restore*/")]
    for at, _order, text in sorted(fences, reverse=True):
        stream.tokens.insert(at, text)
        line = stream.lines[min(at, len(stream.lines) - 1)] if stream.lines else 1
        stream.lines.insert(at, line)
        stream.runs = [(s + 1 if s > at or (s == at and not _order) else s, f) for s, f in stream.runs]


_CLOSINGS = {
    b'"': re.compile(rb'(?:[^"\\]|\\.)*"', re.DOTALL),
    b'"""': re.compile(rb'(?:[^"\\]|\\.|"(?!""))*"""', re.DOTALL),
    b"/*": re.compile(rb".*?\*/", re.DOTALL),
}


def _opened(found: Sequence[bytes], text: bytes) -> tuple[int, re.Pattern[bytes]] | None:
    """Where a string or pragma begins that the line doesn't end, and what ends it in a later line."""
    if b'"' not in found and b'"""' not in found and (b"/", b"*") not in pairwise(found):
        return None
    for match in _TOKEN.finditer(text):
        token, at = match.group(), match.start()
        if token in (b'"', b'"""'):
            return at, _CLOSINGS[token]
        if token == b"/" and text[at + 1 : at + 2] == b"*":
            return at, _CLOSINGS[b"/*"]
    return None


def _canonical(token: bytes) -> bytes:
    if token[:1] == b'"':
        # A line end behind a backslash is no part of the string (IEEE 1800-2023 5.9).
        return token if token.startswith(b'"""') else token.replace(b"\\\r\n", b"").replace(b"\\\n", b"")
    if _RAW_BLOCK.match(token):
        return token
    return _SPACES.sub(b" ", token.replace(b"\n", b" ")).strip()


def _table_rows(found: list[bytes], row: list[bytes] | None) -> tuple[list[bytes], list[bytes] | None]:
    """Joins the symbols of a primitive's state table into one token a row (IEEE 1800-2023 29.3)."""
    out: list[bytes] = []
    for token in found:
        if row is None:
            out.append(token)
            if token == b"table":
                row = []
        elif token == b"endtable":
            out += row
            out.append(token)
            row = None
        else:
            row.append(token)
            if token == b";":
                out.append(b" ".join(row))
                row = []
    return out, row
