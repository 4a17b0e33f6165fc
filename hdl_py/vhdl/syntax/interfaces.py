"""Interface lists, maps and bindings: IEEE 1076-2019 clauses 6.5 and 7.3."""

from __future__ import annotations

from hdl_py.vhdl.lexer import Kind
from hdl_py.vhdl.syntax.cursor import Cursor
from hdl_py.vhdl.syntax.tree import Declaration, Place, Region

_LIST_END = frozenset((b";", b")"))
_LIST_END_IS = frozenset((b";", b")", b"is"))
_CLASSES = frozenset((b"constant", b"signal", b"variable", b"file"))
_SUBPROGRAMS = frozenset((b"function", b"procedure", b"pure", b"impure"))


class InterfaceParser(Cursor):
    """Reads what entities, components, blocks, packages and subprograms have at their heads."""

    def generics(self, region: Region) -> None:
        """`generic (…);` and `generic map (…);` where packages and protected types have them."""
        if self.word == b"generic" and self.next_word != b"map":
            self.at += 1
            self.interface_list(region, "generic")
            self.semicolon()
        if self.word == b"generic":
            self.maps()
            self.semicolon()

    def header(self, region: Region) -> None:
        """Generic and port clauses with their optional maps: of entities, components and blocks."""
        self.generics(region)
        if self.word == b"port" and self.next_word != b"map":
            self.at += 1
            self.interface_list(region, "port")
            self.semicolon()
        if self.word == b"port":
            self.maps()
            self.semicolon()

    def interface_list(self, region: Region, what: str) -> None:
        """`( … )` of generics, ports or parameters (6.5.6)."""
        self.expect(b"(")
        made: list[Declaration] = []
        while True:
            made += self._interface(region, what)
            if not self.accept(b";") or self.word == b")":
                break
        self.expect(b")")
        self.settle(made)

    def _interface(self, region: Region, what: str) -> list[Declaration]:
        """One interface declaration; those whose names an interface list may not use yet."""
        if self.word in _SUBPROGRAMS:
            self._interface_subprogram(region)
        elif self.word == b"package":
            self._interface_package(region)
        elif self.accept(b"type"):
            self.declare(region, self.name(Place.DECLARATION), "generic type")
            if self.accept(b"is"):
                self.run(_LIST_END)
        else:
            if self.word in _CLASSES:
                self.at += 1
            made = self.declare_all(region, self.names(Place.DECLARATION), what)
            self.expect(b":")
            self.run(_LIST_END)
            return made
        return []

    def _interface_subprogram(self, region: Region) -> None:
        inner = self.subprogram_head(region, "generic subprogram", _LIST_END_IS)
        if self.accept(b"is"):
            self.run(_LIST_END)
        self.close(inner)

    def _interface_package(self, region: Region) -> None:
        self.at += 1
        token = self.name(Place.DECLARATION)
        self.expect(b"is")
        self.expect(b"new")
        first, last = self.dotted(Place.NEW_PACKAGE)
        made = self.declare(region, token, "package instance", None, (first, last))
        self.expect(b"generic")
        self.expect(b"map")
        self.parentheses(Place.GENERIC_ACTUAL)
        self.settle([made])

    def subprogram_head(self, region: Region, what: str, stops: frozenset[bytes]) -> Region:
        """A subprogram's head up to a stop; its region, still open."""
        if self.word in (b"pure", b"impure"):
            self.at += 1
        function = self.word == b"function"
        if not function and self.word != b"procedure":
            raise self.fail("`function` or `procedure`")
        self.at += 1
        token = None
        if self.kinds[self.at] == Kind.STRING:
            self.at += 1
        else:
            token = self.name(Place.DECLARATION)
        inner = self.open("subprogram", self.words[token] if token is not None else b"", region)
        if token is not None:
            self.declare(region, token, what, inner)
        if self.word == b"is" and self.next_word == b"new":
            return inner
        if self.word == b"generic" and self.next_word != b"map":
            self.at += 1
            self.interface_list(inner, "generic")
        if self.word == b"generic":
            self.maps()
        self.accept(b"parameter")
        if self.word == b"(":
            self.interface_list(inner, "parameter")
        if function:
            self.expect(b"return")
            if self.is_name() and self.next_word == b"of":
                self.declare(inner, self.name(Place.DECLARATION), "return identifier")
                self.at += 1
            self.run(stops)
        return inner

    # Bindings

    def component_specification(self) -> int:
        """`u1, u2 : component`; the token where the component's name starts."""
        if not (self.accept(b"all") or self.accept(b"others")):
            self.names(Place.LABEL)
        self.expect(b":")
        return self.dotted(Place.COMPONENT_SPECIFICATION)[0]

    def verification_units(self) -> bool:
        """Step over `use vunit a, b;` items; whether there was one."""
        found = False
        while self.word == b"use" and self.next_word == b"vunit":
            first = self.at
            self.at += 2
            self.dotted(Place.PSL_UNIT)
            while self.accept(b","):
                self.dotted(Place.PSL_UNIT)
            self.semicolon()
            self.file.psl.append((first, self.at))
            found = True
        return found

    def binding(self, region: Region) -> None:
        """A binding indication without its semicolon (7.3.2)."""
        if self.accept(b"use"):
            self.entity_aspect(region)
        self.maps()

    def entity_aspect(self, region: Region) -> None:
        """`entity e(a)`, `configuration c` or `open` (7.3.2.2)."""
        region.binding = self.at
        if self.accept(b"entity"):
            self.dotted(Place.ENTITY_ASPECT)
            if self.accept(b"("):
                self.name(Place.LABEL)
                self.expect(b")")
        elif self.accept(b"configuration"):
            self.dotted(Place.CONFIGURATION_ASPECT)
        else:
            self.expect(b"open")

    def maps(self) -> None:
        """Optional generic and port maps (6.5.7)."""
        if self.accept(b"generic"):
            self.expect(b"map")
            self.parentheses(Place.GENERIC_ACTUAL)
        if self.accept(b"port"):
            self.expect(b"map")
            self.parentheses()
