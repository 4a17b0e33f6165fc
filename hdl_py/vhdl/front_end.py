"""VHDL for `hdl_py.mangle`: what a core defines, and the proof of every place that a plan renames."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from hdl_py.mangle.model import (
    Classification,
    Core,
    CoreId,
    Declarations,
    Language,
    Occurrence,
    Plan,
    Refusal,
    Scope,
    fold,
)
from hdl_py.text.position import Position, Span
from hdl_py.text.source import SourceText
from hdl_py.vhdl.classify import Judge
from hdl_py.vhdl.comments import psl_text, read_as_code
from hdl_py.vhdl.design import Reader, ReadFile
from hdl_py.vhdl.lexer import Kind, Tokens, scan
from hdl_py.vhdl.opinion import SecondOpinion
from hdl_py.vhdl.proof import Doubt, Proof, Targets, Verdict, inert, unproven, words_of
from hdl_py.vhdl.values import ValueCheck, naming_attributes

_NAMES = (Kind.IDENTIFIER, Kind.EXTENDED)


class VhdlFrontEnd:
    """`hdl_py.mangle.model.FrontEnd` for VHDL, IEEE 1076-1987 to 2008 and parts of 2019.

    Files are read once and kept, so one instance serves a whole design.
    """

    def __init__(self) -> None:
        self._reader = Reader()

    @property
    def language(self) -> Language:
        """VHDL."""
        return Language.VHDL

    def forget(self) -> None:
        """Drop what was read."""
        self._reader = Reader()

    def declare(self, core: Core, reachable: tuple[Core, ...]) -> Declarations:
        """The primary units of a core (IEEE 1076-2019 13.1); `reachable` doesn't matter in VHDL."""
        refusals = tuple(
            Refusal.at(
                "encoding",
                core.id,
                Position(source.path),
                "",
                "the file has zero bytes, as UTF-16 has; expected Latin-1 or UTF-8; convert the file",
            )
            for source in core.files
            if b"\0" in source.data
        )
        return Declarations(self._reader.definitions(core), refusals)

    def find(self, core: Core, names: frozenset[str]) -> tuple[tuple[str, Position], ...]:
        """Where an identifier equal to one of `names` is spelled in a core, PSL in comments included."""
        wanted: dict[bytes, str] = {}
        for name in names:
            word = fold(name, Language.VHDL).encode("latin-1", "ignore")
            wanted[word] = wanted[b"\\" + word.replace(b"\\", b"\\\\") + b"\\"] = name
        found: list[tuple[str, Position]] = []
        for source in core.files:
            tokens = self._reader.read(source).tokens
            streams = [tokens, *psl_text(source.data, tokens)]
            for stream in streams:
                for at, word in enumerate(stream.word):
                    if word in wanted and stream.kind[at] in _NAMES:
                        found.append((wanted[word], source.position(stream.start[at])))
        return tuple(sorted(found, key=lambda f: (f[1], f[0])))

    def classify(self, scope: Scope) -> Classification:
        """One proof for each identifier, PSL in comments included, or a refusal."""
        return _CoreProof(scope, self._reader).classification()

    def compare(
        self, before: tuple[Core, ...], after: tuple[Core, ...], plan: Plan, tops: Mapping[str, str]
    ) -> tuple[Refusal, ...]:
        """Compare the token streams, which may differ in renamed identifiers only, and check the root's name.

        Nothing elaborates here: no VHDL elaborator is a library.
        """
        refusals: list[Refusal] = []
        changes: set[tuple[bytes, bytes]] = set()
        for one, name in plan.renames.items():
            changes.update(zip(words_of(one), words_of(replace(one, name=name)), strict=True))
        for old, new in zip(before, after, strict=True):
            if old.language is Language.VHDL:
                for file, other in zip(old.files, new.files, strict=True):
                    refusals += self._same_tokens(old.id, file, other, changes)
        if any(old_top != new_top for old_top, new_top in tops.items()):
            refusals += self._root_in_values(before)
        return tuple(refusals)

    def _same_tokens(
        self, core: CoreId, before: SourceText, after: SourceText, changes: set[tuple[bytes, bytes]]
    ) -> Iterator[Refusal]:
        if before.data == after.data:
            return
        # The output is read already; the input was, and is forgotten.
        old, new = scan(before.data), self._reader.read(after).tokens
        same = old.kind == new.kind and all(
            a == b or (a, b) in changes for a, b in zip(old.word, new.word, strict=True)
        )
        if not same:
            yield Refusal.at(
                "verify",
                core,
                Position(before.path),
                "",
                "the rewritten file doesn't scan to the same tokens; expected new names and nothing else "
                "to differ; report this as a bug",
            )

    def _root_in_values(self, cores: tuple[Core, ...]) -> Iterator[Refusal]:
        for core in cores:
            for source in core.files if core.language is Language.VHDL else ():
                file = self._reader.read(source)
                for reading in file.readings[:1]:
                    for at in naming_attributes(reading):
                        word = reading.tokens.word[at].decode()
                        if word != "simple_name":
                            yield Refusal.at(
                                "name-as-value",
                                core.id,
                                source.position(reading.tokens.start[at]),
                                word,
                                f"the value of '{word} starts with the root entity, which the rename changes; "
                                "expected a top that keeps its name; write the string that is meant",
                            )


class _CoreProof:
    """The proof for one core."""

    def __init__(self, scope: Scope, reader: Reader) -> None:
        self._scope = scope
        self._core = scope.core
        self._reader = reader
        self._targets = Targets(scope, reader)
        self._words = self._targets.words
        self._values = ValueCheck(self._targets)
        self._occurrences: list[Occurrence] = []
        self._refusals: list[Refusal] = []

    def classification(self) -> Classification:
        """All occurrences and refusals of the core, in order of file and place."""
        for source in self._core.files:
            self._file(self._reader.read(source))
        return Classification(tuple(sorted(self._occurrences)), tuple(dict.fromkeys(self._refusals)))

    def _refuse(self, code: str, source: SourceText, offset: int, name: str, message: str) -> None:
        self._refusals.append(Refusal.at(code, self._core.id, source.position(offset), name, message))

    # One file

    def _file(self, file: ReadFile) -> None:
        self._encrypted(file)
        if not file.is_read:
            self._unread(file)
            return
        tokens = file.tokens
        hot = [i for i, w in enumerate(tokens.word) if w in self._words and tokens.kind[i] in _NAMES]
        for reading in file.readings:
            self._refusals.extend(self._values.refusals(file, reading))
        if hot:
            self._identifiers(file, [tokens.start[i] for i in hot])
        self._psl_comments(file)
        self._code_in_comments(file)

    def _identifiers(self, file: ReadFile, offsets: list[int]) -> None:
        verdicts: dict[int, list[Verdict]] = {offset: [] for offset in offsets}
        for reading in file.readings:
            judge = Judge(self._targets, reading, self._targets.attributes)
            opinion = SecondOpinion(file.source.data, reading)
            for at, start in enumerate(reading.tokens.start):
                if start in verdicts and reading.is_name(at):
                    verdict = opinion.check(at, judge.verdict(at))
                    if verdict not in verdicts[start]:
                        verdicts[start].append(verdict)
        ends = dict(zip(file.tokens.start, file.tokens.end, strict=True))
        for offset, found in verdicts.items():
            self._conclude(file.source, offset, ends[offset], found)

    def _conclude(self, source: SourceText, start: int, end: int, found: list[Verdict]) -> None:
        name = source.data[start:end].decode("latin-1")
        doubts = [v for v in found if isinstance(v, Doubt)]
        proofs = [v for v in found if isinstance(v, Proof)]
        if doubts:
            for one in doubts:
                self._doubt(source, start, name, one)
            return
        if len({(p.role, p.target) for p in proofs}) != 1:
            self._doubt(source, start, name, _SEVERAL)
            return
        proof = proofs[0]
        if proof.target is not None and proof.target.language is not Language.VHDL and name.startswith("\\"):
            start, end, name = start + 1, end - 1, name[1:-1]
        self._occurrences.append(
            Occurrence(self._core.id, source.path, Span(start, end), name, proof.role, proof.position, proof.target)
        )

    def _doubt(self, source: SourceText, start: int, name: str, doubt: Doubt) -> None:
        message = f"'{name}' is {doubt.message}" if doubt.code == "unproven" else doubt.message
        self._refuse(doubt.code, source, start, name, message)

    # What isn't read, or read by others

    def _encrypted(self, file: ReadFile) -> None:
        reached = self._targets.view.reached
        if not file.tokens.encrypted or not any(d.core in reached for d in self._scope.plan.renames):
            return
        for start, _ in file.tokens.encrypted:
            self._refuse(
                "encrypted",
                file.source,
                start,
                "",
                "a protected envelope hides its names; expected text that can be read, since the core has or "
                "depends on several versions; rename in the plain text before it is encrypted",
            )

    def _unread(self, file: ReadFile) -> None:
        offset = self._first_name(file.source.data)
        if offset is None:
            return
        name = self._spelled(file.source.data, offset)
        data = file.source
        if file.tokens.errors:
            trouble = file.tokens.errors[0]
            message = f"found {trouble.found}; expected {trouble.expected}; mend it, since the file names '{name}'"
            self._refuse("unscanned", data, trouble.offset, name, message)
        elif file.too_many:
            self._refuse(
                "unproven",
                data,
                file.tokens.directives[0].start,
                name,
                f"the conditional directives allow too many readings of a file that names '{name}'; expected at "
                "most 16; split the file",
            )
        for reading in file.readings[:1] if not file.tokens.errors else ():
            if reading.trouble:
                token = reading.trouble.token
                message = (
                    f"found {reading.trouble.found}; expected {reading.trouble.expected}; mend it or tell the "
                    f"VHDL revision apart, since the file names '{name}'"
                )
                self._refuse("syntax", data, reading.tokens.start[token], name, message)

    def _first_name(self, data: bytes) -> int | None:
        """Where the bytes spell a name under proof, whatever stands around it."""
        pattern = b"|".join(re.escape(w) for w in sorted(self._words))
        if not pattern:
            return None
        found = re.search(rb"(?<![0-9A-Za-z_\xc0-\xff])(?:" + pattern + rb")(?![0-9A-Za-z_\xc0-\xff])", data.lower())
        return found.start() if found else None

    @staticmethod
    def _spelled(data: bytes, offset: int) -> str:
        found = re.compile(rb"[0-9A-Za-z_\xc0-\xff]+|\\[^\\]*\\").match(data, offset)
        return found.group().decode("latin-1") if found else ""

    def _code_in_comments(self, file: ReadFile) -> None:
        for start, end in read_as_code(file.source.data, file.tokens):
            offset = self._first_name(file.source.data[start:end])
            if offset is not None:
                name = self._spelled(file.source.data, start + offset)
                self._refuse(
                    "unproven",
                    file.source,
                    start + offset,
                    name,
                    f"'{name}' stands in a comment that `read_comments_as_HDL on` makes code for synthesis; "
                    "expected plain code; use an `if … generate` instead of the directive",
                )

    def _psl_comments(self, file: ReadFile) -> None:
        """Prove names in `-- psl …` as if the comment's text were code; tools can be told to read it so."""
        offsets: dict[int, tuple[Tokens, int]] = {}
        for tokens in psl_text(file.source.data, file.tokens):
            for at, word in enumerate(tokens.word):
                if word in self._words and tokens.kind[at] in _NAMES:
                    offsets[tokens.start[at]] = (tokens, at)
        if not offsets:
            return
        verdicts: dict[int, list[Verdict]] = {offset: [] for offset in offsets}
        for reading in file.with_psl:
            judge = Judge(self._targets, reading, self._targets.attributes)
            for at, start in enumerate(reading.tokens.start):
                if start in verdicts and reading.is_name(at):
                    verdicts[start].append(_PROSE if reading.trouble else judge.verdict(at))
        for offset, found in verdicts.items():
            tokens, at = offsets[offset]
            if tokens.word[at - 1] not in (b".", b"'") and tokens.word[at + 1] not in (b".", b"'"):
                found = [inert("operand in a PSL comment")]
            self._conclude(file.source, offset, tokens.end[at], list(dict.fromkeys(found)))


_SEVERAL = unproven(
    "several things in the branches of the conditional directives",
    "one role in all branches",
    "move the name out of the directive",
)
_PROSE = unproven(
    "in a comment that starts with `psl` and isn't PSL",
    "PSL, or a comment that starts with another word",
    "reword the comment",
)
