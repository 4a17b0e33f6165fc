"""Places of units and components: heads, bodies, instances, configurations, use clauses."""

from __future__ import annotations

from hdl_py.mangle.model import Kind, Role
from hdl_py.vhdl.design import library_word
from hdl_py.vhdl.judge import BaseJudge
from hdl_py.vhdl.meanings import STANDARD_LIBRARIES, Answer, Local, Meaning, Value
from hdl_py.vhdl.proof import Doubt, Proof, Verdict, inert, unproven


class UnitJudge(BaseJudge):
    """Proves places where nothing but a unit, a component or a procedure can stand."""

    # Heads and ends

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
