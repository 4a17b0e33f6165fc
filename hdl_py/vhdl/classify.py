"""The role of each identifier that a plan renames, proven from where it stands and what it means there."""

from __future__ import annotations

from collections.abc import Callable

from hdl_py.mangle.model import Kind, Role
from hdl_py.vhdl.design import library_word
from hdl_py.vhdl.lexer import Kind as TokenKind
from hdl_py.vhdl.lexer import Tokens
from hdl_py.vhdl.meanings import (
    STANDARD_LIBRARIES,
    Answer,
    Library,
    Local,
    Meaning,
    Spot,
    Unit,
    Unseen,
    Value,
)
from hdl_py.vhdl.proof import Doubt, Proof, Targets, Verdict, inert, unproven
from hdl_py.vhdl.syntax.tree import DesignUnit, ParsedFile, Place

NAMING = frozenset((b"simple_name", b"instance_name", b"path_name"))
"""Attributes whose value has names in it (16.2.5)."""

_NEVER_OF_UNITS = frozenset(
    b"active ascending base converse delayed designated_subtype driving driving_value element event high"
    b" image index last_active last_event last_value left leftof length low pos pred quiet range record"
    b" reflect reverse_range right rightof signal stable subtype succ transaction val value".split()
)
"""Predefined attributes (16.2) of types, objects and the like, never of a design unit or a component."""


def chain_start(tokens: Tokens, at: int) -> int | None:
    """The first token of the name with dots that the token is in; None if a value starts it."""
    words, kinds = tokens.word, tokens.kind
    while words[at - 1] == b"." and at > 0:
        at -= 2
        if kinds[at] not in (TokenKind.IDENTIFIER, TokenKind.EXTENDED):
            return None
        if at > 0 and kinds[at - 1] == TokenKind.TICK:
            return None
    return at


class Judge:
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
        if at > 0 and self._tokens.kind[at - 1] == TokenKind.TICK:
            return inert("attribute after a tick")
        return _PLACES[Place(self._file.place[at])](self, at)

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

    # Places with one possible role

    def _declaration(self, at: int) -> Verdict:
        return inert("declaration of another name")

    def _label(self, at: int) -> Verdict:
        return inert("label or architecture")

    def _library_clause(self, at: int) -> Verdict:
        return inert("library clause")

    def _attribute(self, at: int) -> Verdict:
        return inert("attribute's name")

    def _nowhere(self, at: int) -> Verdict:
        return unproven("a reserved word or an unknown place", "a place of an identifier", "rename it")

    def _unit(self, at: int) -> Verdict:
        unit = self._unit_here(at)
        what = unit.what if unit else "unit"
        verdict = self._targets.own(self._words[at], f"{what} declaration", Role.DECLARATION)
        if what == "entity" and isinstance(verdict, Proof):
            return self._late_binding(at, verdict)
        return verdict

    def _late_binding(self, at: int, verdict: Proof) -> Verdict:
        """Components of cores below that default binding would tie to this entity (7.3.3)."""
        for core in self._targets.view.cores[1:]:
            if library_word(core.library) != self._library:
                continue
            for one in self._targets.components(core, self._words[at]):
                other = self._targets.bound(core, one.word, "component")
                if not isinstance(other, Proof) or other.target != verdict.target:
                    return Doubt(
                        "component-binding",
                        f"{core.id} declares a component of this name and can't depend on this entity, which "
                        "it binds to at elaboration; bind the component with a configuration specification "
                        "or rename one of the two",
                    )
        return verdict

    def _end(self, at: int) -> Verdict:
        opener = self._file.closes.get(at)
        if opener is None:
            return inert("name after `end`")
        verdict = self.verdict(opener)
        if isinstance(verdict, Proof) and verdict.role is not Role.INERT:
            return Proof(Role.END_LABEL, f"end of {verdict.position}", verdict.target)
        return verdict

    def _component(self, at: int) -> Verdict:
        return self._targets.bound(self._targets.core, self._words[at], "component declaration")

    # Names of units

    def _of_unit(self, at: int, position: str) -> Verdict:
        """A place that only a unit can stand in, in the core's own library where no other is named."""
        prefix = self._prefix(at)
        if prefix == [b"work"] or (prefix == [] and self._words[at + 1] != b"."):
            return self._targets.own(self._words[at], position)
        return self._selected(at, position)

    def _selected(self, at: int, position: str) -> Verdict:
        nothing: Verdict = inert("part of a name from outside of the request")
        answer = self._meanings(at)
        if not answer.hidden:
            nothing = unproven(
                "a name that no text in view declares", position, "declare its library with a library clause"
            )
        return self._agreed(answer, position, nothing, self._no_rule)

    @staticmethod
    def _no_rule(meaning: Meaning) -> Verdict | None:
        return None

    def _of_entity(self, at: int) -> Verdict:
        return self._of_unit(at, "entity of an architecture or a configuration")

    def _body_of(self, at: int) -> Verdict:
        return self._of_unit(at, "package body")

    def _psl_target(self, at: int) -> Verdict:
        return self._of_unit(at, "entity of a PSL unit")

    def _psl_unit(self, at: int) -> Verdict:
        return self._of_unit(at, "PSL unit")

    def _entity_aspect(self, at: int) -> Verdict:
        return self._aspect(at, "entity aspect", Kind.ENTITY)

    def _configuration_aspect(self, at: int) -> Verdict:
        return self._aspect(at, "configuration aspect", Kind.CONFIGURATION)

    def _aspect(self, at: int, position: str, kind: Kind) -> Verdict:
        def only(meaning: Meaning) -> Verdict | None:
            last = self._words[at + 1] != b"."
            if last and isinstance(meaning, Local) and meaning.declaration.what != "alias":
                return unproven(f"a {meaning.declaration.what}", f"an {kind}", "write `work.` before the name")
            return None

        nothing = unproven("a name that no text in view declares", f"an {kind}", "write `work.` before the name")
        return self._agreed(self._meanings(at), position, nothing, only)

    def _use(self, at: int) -> Verdict:
        return self._selected(at, "use clause")

    def _context(self, at: int) -> Verdict:
        return self._of_unit(at, "context reference")

    def _new_package(self, at: int) -> Verdict:
        return self._selected(at, "uninstantiated package")

    # Components

    def _instance(self, at: int) -> Verdict:
        return self._component_name(at, "component instance", False)

    def _instance_or_call(self, at: int) -> Verdict:
        return self._component_name(at, "component instance", True)

    def _component_specification(self, at: int) -> Verdict:
        return self._component_name(at, "component specification", False)

    def _component_name(self, at: int, position: str, may_call: bool) -> Verdict:
        if self._words[at + 1] == b".":
            return self._selected(at, position)
        answer = self._meanings(at)

        def only(meaning: Meaning) -> Verdict | None:
            return self._as_component(meaning, position, may_call)

        return self._agreed(answer, position, self._no_component(at, position, may_call, answer), only)

    def _as_component(self, meaning: Meaning, position: str, may_call: bool) -> Verdict | None:
        if isinstance(meaning, Local):
            what = meaning.declaration.what
            if what == "component":
                return self._tied(self._targets.component(meaning, position), meaning)
            if what == "alias" or (may_call and what in ("subprogram", "generic subprogram")):
                return None
            found = f"a {what}"
        elif isinstance(meaning, Value) and may_call:
            return None
        else:
            found = "a unit or a library"
        return unproven(found, "a component", "write `entity` before the name of an entity, or rename the other one")

    def _tied(self, verdict: Verdict, meaning: Local) -> Verdict:
        """A component that follows no definition must not meet one through default binding here."""
        if not isinstance(verdict, Proof) or verdict.role is not Role.INERT:
            return verdict
        here = self._targets.bound(self._targets.core, meaning.declaration.word, "component")
        if isinstance(here, Proof) and here.role is Role.INERT:
            return verdict
        return Doubt(
            "component-binding",
            f"the component is declared in {meaning.core.id}, which reaches no core that defines the unit, while "
            f"{self._targets.core.id} does; add the dependency to {meaning.core.id}, or declare the component here",
        )

    def _no_component(self, at: int, position: str, may_call: bool, answer: Answer) -> Verdict:
        if may_call and answer.hidden and answer.hidden <= STANDARD_LIBRARIES:
            return inert("procedure of a standard package")
        if position == "component specification":
            verdicts: list[Verdict] = []
            for core in self._targets.view.cores:
                for _ in self._targets.components(core, self._words[at]):
                    verdict = self._targets.bound(core, self._words[at], position)
                    if verdict not in verdicts:
                        verdicts.append(verdict)
            if len(verdicts) == 1 and not answer.hidden - STANDARD_LIBRARIES:
                return verdicts[0]
        return unproven(
            "no declaration in view of a component or a procedure of this name",
            "one in the core's files or in those it depends on",
            "add the file or the dependency that declares it, or instantiate `entity work.name`",
        )

    # Names in expressions and the like

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
        if self._tokens.kind[at] not in (TokenKind.IDENTIFIER, TokenKind.EXTENDED):
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

    # Specifications, external names

    def _attributed(self, at: int) -> Verdict:
        words = self._words
        colon = at
        while words[colon] not in (b":", b""):
            colon += 1
        kind = words[colon + 1]
        unit = self._unit_here(at)
        if unit is None or kind not in (b"entity", b"package", b"configuration", b"component"):
            return inert(f"{kind.decode('latin-1')} in an attribute specification")
        region = unit.region.innermost(at)
        local = region.declares.get(words[at], ())
        position = f"{kind.decode()} in an attribute specification"
        if kind == b"component":
            if any(d.what == "component" for d in local):
                return self._targets.bound(self._targets.core, words[at], position)
        elif local and kind == b"package":
            return inert("nested package in an attribute specification")
        elif region is unit.region and unit.word == words[at] and unit.what.startswith(kind.decode()):
            return self._targets.unit(self._library, words[at], position)
        return unproven(
            f"an attribute specification for another {kind.decode()}",
            "one in the same declarative part",
            "move the specification to the declaration",
        )

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


_OPEN = unproven(
    "a name that a context, an entity or a library clause outside of the request may declare",
    "its declaration in the request",
    "add the file, or write the unit with its library, as in `work.name`",
)


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


_PLACES: dict[Place, Callable[[Judge, int], Verdict]] = {
    Place.NONE: Judge._nowhere,
    Place.DECLARATION: Judge._declaration,
    Place.UNIT: Judge._unit,
    Place.END: Judge._end,
    Place.LABEL: Judge._label,
    Place.OPERAND: Judge._operand,
    Place.GENERIC_ACTUAL: Judge._bare_unit,
    Place.USE: Judge._use,
    Place.CONTEXT: Judge._context,
    Place.LIBRARY: Judge._library_clause,
    Place.OF_ENTITY: Judge._of_entity,
    Place.BODY_OF: Judge._body_of,
    Place.ENTITY_ASPECT: Judge._entity_aspect,
    Place.CONFIGURATION_ASPECT: Judge._configuration_aspect,
    Place.COMPONENT: Judge._component,
    Place.INSTANCE: Judge._instance,
    Place.INSTANCE_OR_CALL: Judge._instance_or_call,
    Place.COMPONENT_SPECIFICATION: Judge._component_specification,
    Place.NEW_PACKAGE: Judge._new_package,
    Place.ATTRIBUTED: Judge._attributed,
    Place.ATTRIBUTE: Judge._attribute,
    Place.GROUP: Judge._bare_unit,
    Place.ALIAS: Judge._bare_unit,
    Place.EXTERNAL: Judge._external,
    Place.PSL_TARGET: Judge._psl_target,
    Place.PSL_UNIT: Judge._psl_unit,
}
