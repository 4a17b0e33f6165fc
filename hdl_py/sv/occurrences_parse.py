"""A core as one compilation unit, parsed by slang from memory, under any choice of branches.

Files are never read from disk. Every text keeps the length of its file, so slang's
offsets are offsets into the bytes: bytes above ASCII become one DEL each (harmless in
comments and strings, an error elsewhere), and branches not chosen become blanks.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pyslang
from pyslang.parsing import Lexer, LexerOptions, ParserOptions, PreprocessorOptions, Token, TokenKind
from pyslang.syntax import SyntaxTree

from hdl_py.mangle.model import Core
from hdl_py.sv.occurrences_names import NameFinder, RawName
from hdl_py.sv.occurrences_scan import scan
from hdl_py.sv.occurrences_text import FileScan
from hdl_py.text.position import Position
from hdl_py.text.source import SourceText

ROOT = "/.hdl/"
"""Where files live for slang; nothing is there on disk."""

MAX_INCLUDE_DEPTH = 64
"""Includes within includes."""

_HIDDEN_INCLUDE_DEPTH = 10
"""The same where macros make them: a file that includes itself twice is read a thousand times, not for ever."""

LANGUAGE = pyslang.LanguageVersion.v1800_2023
_HIGH = bytes([*range(0x80), *[0x7F] * 0x80])
_BLANKS = bytes(c if c in b"\r\n" else 0x20 for c in range(256))
_CONTINUED = re.compile(rb"\\(?=\r?\n)")
_ANGLED = re.compile(rb"(`include[ \t]*)<([^>\"\r\n]*)>")


def normal_path(path: str) -> str:
    """A relative path without `.` and inner `..`."""
    return posixpath.normpath(path)


def sanitize(data: bytes) -> bytes:
    """The file as slang reads it: ASCII, of the same length, `<…>` includes quoted."""
    if data.startswith(b"\xef\xbb\xbf"):
        data = b"   " + data[3:]
    return _ANGLED.sub(rb'\1"\2"', data.translate(_HIGH))


@dataclass(frozen=True)
class Choice:
    """Which branches are active, whatever the macros say.

    Attributes:
        forced: (path, index of the conditional) to branch index, or to -1 for no branch.
        predefines: macros that are defined as `1` beside the core's own.
    """

    forced: Mapping[tuple[str, int], int] = field(default_factory=dict)
    predefines: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceFile:
    """A file with its raw view."""

    text: SourceText

    @property
    def path(self) -> str:
        """The path as the core gives it."""
        return self.text.path

    @cached_property
    def clean(self) -> bytes:
        """The bytes that slang sees."""
        return sanitize(self.text.data)

    @cached_property
    def scan(self) -> FileScan:
        """The raw view."""
        return scan(self.clean)

    def chosen(self, choice: Choice) -> str:
        """The text with the conditionals that are decided blanked, and the branches not chosen."""
        mine = [(n, b) for (path, n), b in choice.forced.items() if path == self.path]
        if not mine:
            return self.clean.decode("ascii")
        out = bytearray(self.clean)

        def blank(start: int, end: int, in_macro: bool) -> None:
            out[start:end] = self.clean[start:end].translate(_BLANKS)
            # The backslashes that continue a macro's text must stay.
            for match in _CONTINUED.finditer(self.clean, start) if in_macro else ():
                if match.start() >= end:
                    break
                out[match.start()] = 0x5C

        for n, chosen in mine:
            group = self.scan.groups[n]
            for i, branch in enumerate(group.branches):
                blank(branch.directive.start, branch.directive.end, group.macro >= 0)
                if i != chosen:
                    blank(branch.body.start, branch.body.end, group.macro >= 0)
            blank(group.endif.start, group.endif.end, group.macro >= 0)
        return out.decode("ascii")


def options(defines: Iterable[str], include_dirs: Iterable[str], include_depth: int = MAX_INCLUDE_DEPTH) -> pyslang.Bag:
    """slang's settings: IEEE 1800-2023, and nothing that isn't asked for."""
    bag = pyslang.Bag()
    lexer, preprocessor, parser = LexerOptions(), PreprocessorOptions(), ParserOptions()
    lexer.languageVersion = preprocessor.languageVersion = parser.languageVersion = LANGUAGE
    preprocessor.predefines = list(defines)
    preprocessor.additionalIncludePaths = list(include_dirs)
    preprocessor.maxIncludeDepth = include_depth
    bag.lexerOptions, bag.preprocessorOptions, bag.parserOptions = lexer, preprocessor, parser
    return bag


@dataclass(frozen=True)
class UnitFiles:
    """What one core's compilation unit may read.

    Attributes:
        core: whose unit it is.
        files: by normalised path: own sources and headers, and headers of reachable cores.
        owners: normalised path to the core that a file belongs to.
        include_dirs: searched in this order.
    """

    core: Core
    files: Mapping[str, SourceFile]
    owners: Mapping[str, Core]
    include_dirs: tuple[str, ...]

    @staticmethod
    def of(core: Core, reachable: tuple[Core, ...], cache: dict[SourceText, SourceFile]) -> UnitFiles:
        """The unit of a core. Its own files hide those of the cores it reaches."""
        files: dict[str, SourceFile] = {}
        owners: dict[str, Core] = {}
        dirs: list[str] = []
        for owner in (core, *reachable):
            for text in owner.files if owner is core else owner.headers:
                path = normal_path(text.path)
                if path not in files:
                    files[path] = cache.setdefault(text, SourceFile(text))
                    owners[path] = owner
            dirs += [d for d in map(normal_path, owner.include_dirs) if d not in dirs]
        return UnitFiles(core, files, owners, tuple(dirs))

    @property
    def sources(self) -> tuple[str, ...]:
        """Normalised paths of the sources, in order, each once."""
        return tuple(dict.fromkeys(normal_path(s.path) for s in self.core.sources))

    @cached_property
    def include_depth(self) -> int:
        """How deep includes may be nested."""
        hidden = any(file.scan.hides_includes for file in self.files.values())
        return _HIDDEN_INCLUDE_DEPTH if hidden else MAX_INCLUDE_DEPTH


class Parsed:
    """One parse of a unit.

    Attributes:
        tree: slang's tree; its root is a compilation unit.
        unit: what was parsed.
        choice: under which branches.
    """

    def __init__(
        self,
        unit: UnitFiles,
        choice: Choice,
        sources: tuple[str, ...],
        extra: str = "",
        texts: Mapping[str, str] | None = None,
        prelude: str = "",
    ) -> None:
        """Parse.

        Args:
            unit: what may be read.
            choice: under which branches.
            sources: normalised paths of the files that make the unit, in order.
            extra: text read after them.
            texts: if given, the only files there are, with these texts.
            prelude: text read before the sources.
        """
        self.unit = unit
        self.choice = choice
        self.manager = pyslang.SourceManager()
        given = {p: f.chosen(choice) for p, f in unit.files.items()} if texts is None else texts
        buffers = {p: self.manager.assignText(ROOT + p, text) for p, text in given.items()}
        wanted = [self.manager.assignText(ROOT + "/prelude", prelude)] if prelude else []
        wanted += [buffers[p] for p in sources]
        if extra or not wanted:
            wanted.append(self.manager.assignText(ROOT + "/probe", extra or "\n"))
        defines = [f"{k}={v}" if v else k for k, v in unit.core.defines.items()]
        defines += [f"{m}=1" for m in choice.predefines if m not in unit.core.defines]
        self.tree = SyntaxTree.fromBuffers(
            wanted, self.manager, options(defines, [ROOT + d for d in unit.include_dirs], unit.include_depth)
        )
        self._paths: dict[pyslang.BufferID, str | None] = {}

    @classmethod
    def failed(cls, unit: UnitFiles, choice: Choice, error: tuple[str, Position | None, str]) -> Parsed:
        """A parse that isn't even begun, with the error why."""
        made = cls(unit, choice, ())
        made.__dict__["errors"] = (error,)
        return made

    def path_of(self, buffer: pyslang.BufferID) -> str | None:
        """The normalised path of a buffer; None for what is no file of the unit."""
        if buffer not in self._paths:
            full = str(self.manager.getFullPath(buffer))
            path = full.removeprefix(ROOT)
            self._paths[buffer] = path if full.startswith(ROOT) and path in self.unit.files else None
        return self._paths[buffer]

    def place(self, location: pyslang.SourceLocation) -> tuple[str | None, int]:
        """Where a location is spelled, through macros: normalised path and byte offset."""
        if self.manager.isMacroLoc(location):
            location = self.manager.getFullyOriginalLoc(location)
        return self.path_of(location.buffer), location.offset

    def position(self, location: pyslang.SourceLocation) -> Position | None:
        """Where a location is used, for people."""
        if self.manager.isMacroLoc(location):
            location = self.manager.getFullyExpandedLoc(location)
        path = self.path_of(location.buffer)
        if path is None:
            return None
        text = self.unit.files[path].text
        return text.position(min(location.offset, len(text.data)))

    @cached_property
    def errors(self) -> tuple[tuple[str, Position | None, str], ...]:
        """slang's errors as (name, place, text)."""
        found = [d for d in self.tree.diagnostics if d.isError()]
        if not found:
            return ()
        engine = pyslang.DiagnosticEngine(self.manager)
        return tuple((str(d.code)[9:-1], self.position(d.location), engine.formatMessage(d)) for d in found)


def lexed_names(file: SourceFile, finder: NameFinder) -> set[int]:
    """Offsets where slang's own lexer sees one of the names: the check of the raw view."""
    manager = pyslang.SourceManager()
    buffer = manager.assignText(ROOT + "lex", file.clean.decode("ascii"))
    settings = LexerOptions()
    settings.languageVersion = LANGUAGE
    lexer = Lexer(buffer, pyslang.BumpAllocator(), pyslang.Diagnostics(), manager, settings)
    found: set[int] = set()
    names = finder.names
    lex = lexer.lex
    while True:
        token: Token = lex()
        raw = token.rawText
        if not raw and token.kind == TokenKind.EndOfFile:
            return found
        if raw in names or (raw[:1] == "\\" and raw[1:] in names):
            at = token.location.offset
            # A base's digits may look like a name: 8'hab. They follow a letter, which no name does.
            before = file.clean[at - 1 : at]
            if raw[:1] == "\\":
                found.add(at + 1)
            elif not (before.isalnum() or before in (b"_", b"$")) or at == 0:
                found.add(at)


def raw_names(file: SourceFile, finder: NameFinder) -> tuple[list[RawName], set[int]]:
    """The names in a file, and offsets where the raw view and slang's lexer disagree."""
    if not finder.maybe_in(file.clean):
        return [], set()
    found = finder.find(file.scan)
    return found, {r.start for r in found} ^ lexed_names(file, finder)
