"""Places in expressions, maps and external names, where a unit is at most a prefix."""

from __future__ import annotations

from hdl_py.mangle.model import Role
from hdl_py.vhdl.judge import BaseJudge, chain_start
from hdl_py.vhdl.lexer import Kind
from hdl_py.vhdl.proof import Proof, Verdict, inert, unproven

NAMING = frozenset((b"simple_name", b"instance_name", b"path_name"))
"""Attributes whose value has names in it (16.2.5)."""

_NEVER_OF_UNITS = frozenset(
    b"active ascending base converse delayed designated_subtype driving driving_value element event high"
    b" image index last_active last_event last_value left leftof length low pos pred quiet range record"
    b" reflect reverse_range right rightof signal stable subtype succ transaction val value".split()
)
"""Predefined attributes (16.2) of types, objects and the like, never of a design unit or a component."""


class NameJudge(BaseJudge):
    """Proves places where a name may be almost anything."""

    def _operand(self, at: int) -> Verdict:
        return self._in_expression(at, bare_may_be_unit=False)

    def _bare_unit(self, at: int) -> Verdict:
        return self._in_expression(at, bare_may_be_unit=True)

    def _in_expression(self, at: int, bare_may_be_unit: bool) -> Verdict:
        words = self._words
        first = chain_start(self._tokens, at)
        if first is None:
            return inert("member of a value")
        following = words[at + 1]
        if following == b"." and words[at + 2] == b"all":
            return inert("dereferenced value")
        if first == at:
            if following == b"=>" or (following not in (b".", b"'") and not bare_may_be_unit):
                return inert("operand, formal or choice")
            if following == b"'" and not self._attribute_of_unit(at + 2):
                return inert("prefix of an attribute that no unit has")
            formal = self._formal(at)
            if formal is not None:
                return formal
        return self._architecture_of_same_name(at, self._by_scope(at))

    def _by_scope(self, at: int) -> Verdict:
        nothing = inert("declared outside of the request")
        return self._agreed(self._meanings(at), "prefix in an expression", nothing, self._no_rule)

    def _attribute_of_unit(self, at: int) -> bool:
        """Whether the attribute after a tick may be one of a unit or a component."""
        word = self._words[at]
        if self._tokens.kind[at] not in (Kind.IDENTIFIER, Kind.EXTENDED):
            return False
        return word in NAMING or word in self._attributes or word not in _NEVER_OF_UNITS

    def _formal(self, at: int) -> Verdict | None:
        """Whether `n.x =>` in a map or a call has a formal `n`; None if it is no such place."""
        words = self._words
        if words[at - 1] not in (b"(", b","):
            return None
        last = at + 1
        while words[last] == b"." and self._file.is_name(last + 1):
            last += 2
        indexed = words[last] == b"("
        if indexed:
            last = self._matching(last) + 1
        if words[last] != b"=>" or not self._in_map_or_call(at):
            return None
        if not indexed:
            return inert("formal")
        verdict = self._by_scope(at)
        if isinstance(verdict, Proof) and verdict.role is Role.INERT:
            return verdict
        return unproven(
            "a formal that may be a part of a formal of this name or a function of the unit",
            "one of the two",
            "write the unit with its library, as in `work.name.function(formal)`",
        )

    def _matching(self, at: int) -> int:
        """The token that closes the parenthesis at a token."""
        depth = 0
        while self._words[at]:
            depth += {b"(": 1, b")": -1}.get(self._words[at], 0)
            if depth == 0:
                break
            at += 1
        return at

    def _in_map_or_call(self, at: int) -> bool:
        """Whether the parenthesis around a token belongs to a map, a call or an index."""
        depth = 0
        while at > 0:
            at -= 1
            word = self._words[at]
            if word == b")":
                depth += 1
            elif word == b"(":
                if depth == 0:
                    break
                depth -= 1
            elif word == b";" or not word:
                return False
        return at > 0 and (
            self._words[at - 1] in (b"map", b")") or self._file.is_name(at - 1) or self._words[at - 1] == b"<s>"
        )

    def _architecture_of_same_name(self, at: int, verdict: Verdict) -> Verdict:
        """In `architecture n of n` the name `n.x` is the entity's `x` or the architecture's (8.7)."""
        unit = self._unit_here(at)
        word = self._words[at]
        if (
            unit is None
            or unit.what != "architecture"
            or unit.word != word
            or not self._targets.is_renamed(verdict)
            or self._prefix(at) != []
            or self._words[at + 1] != b"."
            or unit.of is None
            or self._file.words(unit.of)[-1] != word
        ):
            return verdict
        member = self._words[at + 2]
        if member not in unit.region.declares:
            return verdict
        for seen, _ in self._targets.view.units(self._library, word):
            if member in seen.unit.region.declares:
                return unproven(
                    f"`{member.decode('latin-1')}` is declared in the entity and in the architecture of this name",
                    "one of them",
                    "rename the architecture",
                )
        return inert("the architecture's own name")

    # External names

    def _external(self, at: int) -> Verdict:
        """The path in `<< class path : subtype >>`: entity and packages by name, all else by label."""
        words = self._words
        first = chain_start_of_path(words, at)
        lead = words[first - 1]
        part = (at - first) // 2
        if lead == b"@":
            if part == 0:
                return inert("library name")
            if part > 1:
                return inert("inner part of an external name")
            library = self._library if words[first] == b"work" else words[first]
            return self._targets.unit(library, words[at], "package in an external name")
        if lead == b"." and part == 0 and words[first - 2] != b"^":
            return self._root_entity(at)
        return inert("label or object in an external name")

    def _root_entity(self, at: int) -> Verdict:
        verdict = self._targets.bound(self._targets.core, self._words[at], "root entity in an external name")
        if isinstance(verdict, Proof) and verdict.role is Role.INERT:
            return unproven(
                "an external name whose root entity no core in reach defines",
                "an entity",
                "use a relative external name",
            )
        return verdict


def chain_start_of_path(words: list[bytes], at: int) -> int:
    """The first element of an external name's path; before it stands the class, `.`, `@` or `^.`."""
    while words[at - 1] == b"." and words[at - 2] not in (b"constant", b"signal", b"variable", b"^"):
        at -= 2
        if words[at] == b")":
            depth = 0
            while True:
                depth += {b")": 1, b"(": -1}.get(words[at], 0)
                at -= 1
                if depth == 0 or at <= 0:
                    break
    return at
