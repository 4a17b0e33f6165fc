"""Attributes whose value spells names, so that a rename would change what the design computes (16.2.5).

`'simple_name` of a renamed unit is its name. `'instance_name` has the entity of
each level above. `'path_name` has labels, but of what a package declares it has
the package, and it starts with the root entity.
"""

from __future__ import annotations

from collections.abc import Iterator

from hdl_py.mangle.model import CoreId, Kind, Refusal
from hdl_py.vhdl.design import ReadFile
from hdl_py.vhdl.judge import chain_start
from hdl_py.vhdl.judge_names import NAMING
from hdl_py.vhdl.lexer import Kind as TokenKind
from hdl_py.vhdl.meanings import Answer, Local, Spot, Unit, merged
from hdl_py.vhdl.proof import Targets
from hdl_py.vhdl.syntax.tree import ParsedFile

_LEVELS = frozenset((Kind.ENTITY, Kind.MODULE))


def naming_attributes(file: ParsedFile) -> Iterator[int]:
    """The tokens of the attributes of a file whose values spell names."""
    words, kinds = file.tokens.word, file.tokens.kind
    for word in NAMING:
        at = -1
        for _ in range(words.count(word)):
            at = words.index(word, at + 1)
            if at > 0 and kinds[at - 1] == TokenKind.TICK:
                yield at


class ValueCheck:
    """Finds values that a plan would change in one core."""

    def __init__(self, targets: Targets) -> None:
        self._targets = targets
        self._renamed = frozenset(targets.scope.plan.renames)
        self._below = self._is_below()

    def refusals(self, file: ReadFile, reading: ParsedFile) -> Iterator[Refusal]:
        """A refusal for each attribute whose value would change."""
        for at in naming_attributes(reading):
            reason = self._reason(reading, at)
            if reason:
                word = reading.tokens.word[at].decode()
                yield Refusal.at(
                    "name-as-value",
                    self._targets.core.id,
                    file.source.position(reading.tokens.start[at]),
                    word,
                    f"the value of '{word} has {reason}, which the rename would change; expected a value without "
                    "it; write the string that is meant, or use 'path_name of something in an architecture",
                )

    def _reason(self, reading: ParsedFile, at: int) -> str:
        word = reading.tokens.word[at]
        if word == b"instance_name" and self._below:
            return f"the entity of each level, among them '{self._below}'"
        prefix = self._prefix(reading, at - 1)
        if not prefix.meanings and prefix.open and self._renamed:
            return "perhaps the name of a renamed package, since the prefix is declared outside of the request"
        for meaning in prefix.meanings:
            if isinstance(meaning, Unit):
                if meaning.definition in self._renamed and (
                    word == b"simple_name" or meaning.definition.kind is not Kind.ENTITY
                ):
                    return f"the name of '{meaning.definition.name}'"
            elif isinstance(meaning, Local):
                reason = self._local(meaning, word)
                if reason:
                    return reason
        return ""

    def _local(self, meaning: Local, word: bytes) -> str:
        if word == b"simple_name":
            if meaning.declaration.what == "component" and self._targets.is_renamed(
                self._targets.component(meaning, "component")
            ):
                return "the name of the component"
            return ""
        unit = meaning.declaration.region.unit
        if not unit.what.startswith("package"):
            return ""
        library = self._targets.view.of(meaning.core).core.library
        for made in self._renamed:
            if made.kind is Kind.PACKAGE and made.library == library and made.folded.encode("latin-1") == unit.word:
                return f"the package '{made.name}'"
        return ""

    def _prefix(self, reading: ParsedFile, tick: int) -> Answer:
        """What the prefix of an attribute stands for."""
        tokens = reading.tokens
        last = tick - 1
        if tokens.word[last] == b"]":  # a signature
            while last > 0 and tokens.word[last] != b"[":
                last -= 1
            last -= 1
        first = chain_start(tokens, last) if reading.is_name(last) else None
        if first is None:
            return Answer(())
        words = [w for w in tokens.word[first : last + 1] if w != b"."]
        resolver = self._targets.resolver
        answer = resolver.name(Spot(self._targets.core, reading, first), words)
        return merged([Answer((), answer.hidden, answer.open), *map(resolver.denoted, answer.meanings)])

    def _is_below(self) -> str:
        """A renamed entity that this core's units can be instantiated below; empty if there is none."""
        graph = {c.id: c for c in self._targets.scope.cores}
        for made in sorted(self._renamed):
            if made.kind not in _LEVELS or self._targets.scope.plan.new_name(made) == made.name:
                continue
            waiting, seen = [made.core], set[CoreId]()
            while waiting:
                at = waiting.pop()
                if at == self._targets.core.id:
                    return made.name
                if at in seen or at not in graph:
                    continue
                seen.add(at)
                waiting += [CoreId(n, v) for n, v in graph[at].depends.items()]
        return ""
