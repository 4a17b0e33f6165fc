"""What a proof of one place gives, and whom a unit's or a component's name means to a core."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from hdl_py.mangle.model import Core, Definition, Kind, Language, Role, Scope
from hdl_py.vhdl.design import Reader, View, library_word
from hdl_py.vhdl.meanings import Local, Unit
from hdl_py.vhdl.resolve import Resolver
from hdl_py.vhdl.syntax.tree import Declaration

VHDL_KINDS = frozenset((Kind.ENTITY, Kind.PACKAGE, Kind.CONFIGURATION, Kind.CONTEXT, Kind.PSL_UNIT))
SV_UNITS = frozenset((Kind.MODULE, Kind.INTERFACE, Kind.PROGRAM, Kind.PRIMITIVE, Kind.PACKAGE))
"""What a VHDL design can name of SystemVerilog as a unit of a library."""
BOUND = frozenset((Kind.ENTITY, Kind.MODULE, Kind.PRIMITIVE, Kind.PROGRAM))
"""What a component's default binding can find."""


@dataclass(frozen=True)
class Proof:
    """The role of an occurrence: `model.Occurrence` without its place."""

    role: Role
    position: str
    target: Definition | None = None


@dataclass(frozen=True)
class Doubt:
    """Why the role can't be proven: a refusal's code and message."""

    code: str
    message: str


Verdict = Proof | Doubt


def inert(position: str) -> Proof:
    """The proof that an occurrence is no reference."""
    return Proof(Role.INERT, position)


def unproven(found: str, expected: str, fix: str) -> Doubt:
    """A doubt in the three parts that every refusal has."""
    return Doubt("unproven", f"{found}; expected {expected}; {fix}")


class Targets:
    """Finds definitions for one core: VHDL units by library, SystemVerilog ones by any."""

    def __init__(self, scope: Scope, reader: Reader) -> None:
        self.scope = scope
        self.core = scope.core
        self.view = View(scope.core, scope.reachable, reader)
        self._planned: dict[bytes, list[Definition]] = {}
        for one in scope.plan.renames:
            for word in words_of(one):
                self._planned.setdefault(word, []).append(one)
        planned = frozenset((library_word(d.library), w) for w, ds in self._planned.items() for d in ds)
        self.resolver = Resolver(self.view, planned)

    @property
    def words(self) -> frozenset[bytes]:
        """The words under proof, as tokens spell them."""
        names = (n.encode("latin-1", "ignore") for n in self.scope.names)
        return frozenset(names) | frozenset(self._planned)

    @cached_property
    def attributes(self) -> frozenset[bytes]:
        """The names that attribute declarations of all cores in view declare."""
        return frozenset(
            word
            for core in self.view.cores
            if core.language is Language.VHDL
            for source in core.files
            for word in self.view.reader.read(source).attributes
        )

    # Units

    def unit(self, library: bytes, word: bytes, position: str, role: Role = Role.REFERENCE) -> Verdict:
        """The role of a place that names the unit `word` of a library."""
        known = [made for _, made in self.view.units(library, word)]
        known += self._systemverilog(self.view, library, word, SV_UNITS)
        known = list(dict.fromkeys(known))
        if not known:
            if self._is_planned(library, word, VHDL_KINDS | SV_UNITS):
                return self._undeclared(word, library)
            return inert(f"unit of library {library.decode('latin-1')} outside of the plan")
        if len(known) == 1:
            return Proof(role, position, known[0])
        answer = self.scope.resolve(known[0].name, VHDL_KINDS | SV_UNITS)
        if answer.definition in known:
            return Proof(role, position, answer.definition)
        if answer.definition is None and self._one_library(known[0].name):
            return Doubt(answer.code, answer.message)
        meant = self.view.pick(known)
        if len(meant) == 1:
            return Proof(role, position, meant[0])
        return ambiguous(word, meant)

    def own(self, word: bytes, position: str, role: Role = Role.REFERENCE) -> Verdict:
        """The same for a place where a core's own unit comes before any other: heads, bodies, architectures."""
        library = library_word(self.core.library)
        for seen, made in self.view.units(library, word):
            if seen.owner == self.core.id:
                return Proof(role, position, made)
        return self.unit(library, word, position, role)

    def _one_library(self, name: str) -> bool:
        found = self.scope.candidates(name, VHDL_KINDS | SV_UNITS)
        return len({library_word(d.library) for d in found}) <= 1

    def reference(self, meaning: Unit, position: str) -> Verdict:
        """The role of a place that means a unit in view."""
        library = library_word(meaning.definition.library)
        return self.unit(library, meaning.seen.unit.word, position)

    def _is_planned(self, library: bytes | None, word: bytes, kinds: frozenset[Kind]) -> bool:
        return any(d.kind in kinds and library in (None, library_word(d.library)) for d in self._planned.get(word, ()))

    def _undeclared(self, word: bytes, library: bytes) -> Doubt:
        name = word.decode("latin-1")
        answer = self.scope.resolve(name, VHDL_KINDS | SV_UNITS)
        if answer.code == "undeclared-dependency":
            return Doubt(answer.code, answer.message)
        owners = " or ".join(
            f'"{d.core.name}": "{d.core.version}"'
            for d in self._planned.get(word, ())
            if library_word(d.library) == library
        )
        return Doubt(
            "undeclared-dependency",
            f"{self.core.id} uses '{name}' of library '{library.decode('latin-1')}' but depends on no core "
            f'that defines it; add {owners} to its "depends"',
        )

    def _systemverilog(
        self, view: View, library: bytes | None, word: bytes, kinds: frozenset[Kind]
    ) -> list[Definition]:
        """SystemVerilog definitions that a VHDL name can mean; an extended identifier keeps its case."""
        exact = word[1:-1].replace(b"\\\\", b"\\") if word.startswith(b"\\") else None
        name = (exact or word).decode("latin-1")
        return [
            d
            for d in self.scope.candidates(name, kinds)
            if d.language is Language.SYSTEMVERILOG
            and d.core in view.reached
            and library in (None, library_word(d.library))
            and (exact is None or d.name == name)
        ]

    # Components

    def component(self, meaning: Local, position: str) -> Verdict:
        """The role of a place that names a declared component: it follows what it binds to by default."""
        return self.bound(meaning.core, meaning.declaration.word, position)

    def bound(self, core: Core, word: bytes, position: str) -> Verdict:
        """The same for a component of that name in a core (7.3.3, default binding).

        First the core's own library, where default binding looks; then the others that it
        reaches, where a use clause or a tool's search order may lead.
        """
        view = self.view.of(core)
        library = library_word(core.library)
        own = self._bindable(view, library, word)
        if own:
            return self._only(view, word, own, position)
        if self._is_planned(library, word, BOUND) and not self._elsewhere(view, word):
            if core.id == self.core.id:
                return self._undeclared(word, library)
            return Doubt(
                "undeclared-dependency",
                f"the component '{word.decode('latin-1')}' is declared in {core.id}, which depends on no core "
                'that defines the unit; add the one that is meant to its "depends"',
            )
        others = self._elsewhere(view, word)
        if others:
            return self._only(view, word, others, position)
        return inert("component that no core in reach defines")

    def bindable(self, core: Core, library: bytes, word: bytes) -> list[Definition]:
        """What a component of that name binds to by default in a library, as far as a core sees."""
        view = self.view.of(core)
        return view.pick(self._bindable(view, library, word))

    def _bindable(self, view: View, library: bytes, word: bytes) -> list[Definition]:
        found = [made for _, made in view.units(library, word) if made.kind in BOUND]
        return list(dict.fromkeys((*found, *self._systemverilog(view, library, word, BOUND))))

    def _elsewhere(self, view: View, word: bytes) -> list[Definition]:
        found: list[Definition] = []
        for library in sorted(view.libraries):
            found += self._bindable(view, library, word)
        return found

    def _only(self, view: View, word: bytes, found: list[Definition], position: str) -> Verdict:
        meant = view.pick(found)
        if len(meant) == 1:
            return Proof(Role.REFERENCE, position, meant[0])
        return ambiguous(word, meant)

    def components(self, core: Core, word: bytes) -> Iterable[Declaration]:
        """The component declarations of that name in a core's files."""
        for source in core.files:
            for reading in self.view.reader.read(source).readings:
                for unit in reading.units:
                    for region in unit.region.walk():
                        for one in region.declares.get(word, ()):
                            if one.what == "component":
                                yield one

    def is_renamed(self, verdict: Verdict) -> bool:
        """Whether the place gets a new name."""
        return (
            isinstance(verdict, Proof)
            and verdict.target is not None
            and self.scope.plan.new_name(verdict.target) != verdict.target.name
        )


def words_of(one: Definition) -> tuple[bytes, ...]:
    """The words that mean a definition in VHDL text."""
    name = one.name.encode("latin-1", "ignore")
    if one.language is Language.VHDL:
        return (one.folded.encode("latin-1", "ignore"),)
    if one.kind not in SV_UNITS:
        return ()
    # `\Name\` is how VHDL keeps the case of another language's name.
    extended = b"\\" + name.replace(b"\\", b"\\\\") + b"\\"
    return (one.name.lower().encode("latin-1", "ignore"), extended)


def ambiguous(word: bytes, meant: list[Definition]) -> Doubt:
    """Several definitions that a name may mean."""
    versions = {d.core.version for d in meant} if len({d.core.name for d in meant}) == 1 else set()
    code = "ambiguous-version" if len(versions) > 1 else "ambiguous-name"
    several = " or ".join(f"the {d.kind} '{d.name}' of {d.core} ({d.position})" for d in meant)
    return Doubt(
        code,
        f"'{word.decode('latin-1')}' may be {several}; name the version that is meant in \"depends\", "
        "or rename one of them",
    )
