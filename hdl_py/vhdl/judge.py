"""What every proof of a place needs: what stands around a token, and that all its meanings agree."""

from __future__ import annotations

from collections.abc import Callable

from hdl_py.vhdl.design import library_word
from hdl_py.vhdl.lexer import Kind, Tokens
from hdl_py.vhdl.meanings import Answer, Library, Local, Meaning, Spot, Unit, Unseen, Value
from hdl_py.vhdl.proof import Doubt, Proof, Targets, Verdict, inert, unproven
from hdl_py.vhdl.syntax.tree import DesignUnit, ParsedFile

_OPEN = unproven(
    "a name that a context, an entity or a library clause outside of the request may declare",
    "its declaration in the request",
    "add the file, or write the unit with its library, as in `work.name`",
)


def chain_start(tokens: Tokens, at: int) -> int | None:
    """The first token of the name with dots that the token is in; None if a value starts it."""
    words, kinds = tokens.word, tokens.kind
    while words[at - 1] == b"." and at > 0:
        at -= 2
        if kinds[at] not in (Kind.IDENTIFIER, Kind.EXTENDED):
            return None
        if at > 0 and kinds[at - 1] == Kind.TICK:
            return None
    return at


class BaseJudge:
    """Proves the places of one file of one core."""

    def __init__(self, targets: Targets, file: ParsedFile, attributes: frozenset[bytes]) -> None:
        """Args: whom names mean; the file; all attributes that the design declares."""
        self._targets = targets
        self._file = file
        self._tokens = file.tokens
        self._words = file.tokens.word
        self._attributes = attributes
        self._done: dict[int, Verdict] = {}

    def verdict(self, at: int) -> Verdict:
        """The proof for the identifier at a token."""
        known = self._done.get(at)
        if known is None:
            known = self._done[at] = self._judge(at)
        return known

    def _judge(self, at: int) -> Verdict:
        raise NotImplementedError

    # What stands around a token

    def _spot(self, at: int) -> Spot:
        return Spot(self._targets.core, self._file, at)

    def _prefix(self, at: int) -> list[bytes] | None:
        """The words of the name before this part; None if a value is selected from."""
        first = chain_start(self._tokens, at)
        if first is None:
            return None
        return [w for w in self._words[first:at] if w != b"."]

    def _meanings(self, at: int) -> Answer:
        """What the name up to this part means."""
        prefix = self._prefix(at)
        if prefix is None:
            return Answer((Value(),))
        spot = self._spot(at)
        word = self._words[at]
        if not prefix:
            return self._targets.resolver.lookup(spot, word)
        first = self._spot(at - 2 * len(prefix))
        return self._targets.resolver.members(self._targets.resolver.name(first, prefix), word, first)

    def _unit_here(self, at: int) -> DesignUnit | None:
        return self._file.unit_at(at)

    @property
    def _library(self) -> bytes:
        return library_word(self._targets.core.library)

    # Agreement of all that a name may mean

    def _agreed(
        self, answer: Answer, position: str, nothing: Verdict, only: Callable[[Meaning], Verdict | None]
    ) -> Verdict:
        """The verdict on which all meanings agree.

        `only` gives a verdict of its own for some meanings; `nothing` is the verdict
        where the text in view declares no such name.
        """
        verdicts: list[Verdict] = []
        for meaning in answer.meanings:
            verdict = only(meaning) or self._general(meaning, position)
            if verdict not in verdicts:
                verdicts.append(verdict)
        if not verdicts:
            return _OPEN if answer.open else nothing
        doubts = [v for v in verdicts if isinstance(v, Doubt)]
        if doubts:
            return doubts[0]
        roles = {(v.role, v.target) for v in verdicts if isinstance(v, Proof)}
        if len(roles) == 1:
            return verdicts[0]
        return unproven(
            "the text leaves open which declaration this name means",
            "one meaning",
            "write the unit with its library, as in `work.name`, or rename the local declaration",
        )

    def _general(self, meaning: Meaning, position: str) -> Verdict:
        if isinstance(meaning, Unit):
            return self._targets.reference(meaning, position)
        if isinstance(meaning, Unseen):
            return self._targets.unit(meaning.library, meaning.word, position)
        if isinstance(meaning, Library):
            return inert("library name")
        if isinstance(meaning, Local):
            if meaning.declaration.what == "component":
                return self._targets.component(meaning, position)
            return inert(f"{meaning.declaration.what} declared in the text")
        return inert("member of a value")

    @staticmethod
    def _no_rule(meaning: Meaning) -> Verdict | None:
        """For `_agreed`: no meaning has a verdict of its own."""
        return None
