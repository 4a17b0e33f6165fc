"""Declarations, interface lists and specifications: IEEE 1076-2019 clauses 4 to 7, 12.4."""

from __future__ import annotations

from collections.abc import Callable

from hdl_py.vhdl.lexer import Kind
from hdl_py.vhdl.syntax.interfaces import InterfaceParser
from hdl_py.vhdl.syntax.tree import Place, Region, UseItem

_IS_OR_END = frozenset((b"is", b";"))
_LIST_END = frozenset((b";", b")"))
_LIST_END_IS = frozenset((b";", b")", b"is"))
_LIST_END_GENERIC = frozenset((b";", b")", b"generic"))
_UNITS_OR_END = frozenset((b"units", b";"))
_GENERIC_OR_END = frozenset((b"generic", b";"))
_BRACKET = frozenset((b"]",))
_IS = frozenset((b"is",))
_CLASSES = frozenset((b"constant", b"signal", b"variable", b"file"))
_SUBPROGRAMS = frozenset((b"function", b"procedure", b"pure", b"impure"))


class DeclarationParser(InterfaceParser):
    """Reads declarative parts. Statements are the heir's matter."""

    def sequence_of_statements(self, region: Region) -> None:
        """Step over sequential statements up to a word that can't start one."""
        raise NotImplementedError

    def declarative_part(self, region: Region) -> None:
        """Step over declarations up to a word that can't start one."""
        while self.declarative_item(region):
            pass

    def declarative_item(self, region: Region) -> bool:
        """Step over one declaration; False if none starts here."""
        handler = _ITEMS.get(self.word)
        if handler is None or self.kinds[self.at] == Kind.EXTENDED:
            return False
        handler(self, region)
        return True

    # Objects, types and the like

    def objects(self, region: Region) -> None:
        """Constants, signals and variables (6.4.2)."""
        self.accept(b"shared")
        if self.word not in (b"constant", b"signal", b"variable"):
            raise self.fail("`variable`")
        what = self.word.decode()
        self.at += 1
        made = self.declare_all(region, self.names(Place.DECLARATION), what)
        self.expect(b":")
        self.statement()
        self.settle(made)

    def file_object(self, region: Region) -> None:
        """A file (6.4.2.5), also in the form of VHDL-87."""
        self.at += 1
        made = self.declare_all(region, self.names(Place.DECLARATION), "file")
        self.expect(b":")
        if self.run(_IS_OR_END) and self.accept(b"is"):
            self.run(frozenset((b";",)))
        self.semicolon()
        self.settle(made)

    def subtype(self, region: Region) -> None:
        """A subtype (6.3)."""
        self.at += 1
        made = self.declare(region, self.name(Place.DECLARATION), "subtype")
        self.expect(b"is")
        self.statement()
        self.settle([made])

    def type(self, region: Region) -> None:
        """A type (6.2) with what it declares: literals, units, fields, methods."""
        self.at += 1
        token = self.name(Place.DECLARATION)
        if self.accept(b";"):
            self.declare(region, token, "type")
            return
        self.expect(b"is")
        if self.word == b"(":
            self.declare(region, token, "type")
            self._enumeration(region)
        elif self.word == b"record":
            self._record(region, token)
        elif self.word == b"protected":
            self._protected(region, token)
            return
        else:
            made = self.declare(region, token, "type")
            self.run(_UNITS_OR_END)
            if self.word == b"units":
                self._units(region, token)
            self.settle([made])
        self.semicolon()

    def _enumeration(self, region: Region) -> None:
        self.expect(b"(")
        while True:
            if self.kinds[self.at] == Kind.CHARACTER:
                self.at += 1
            else:
                self.declare(region, self.name(Place.DECLARATION), "enumeration literal")
            if not self.accept(b","):
                break
        self.expect(b")")

    def _units(self, region: Region, opener: int) -> None:
        self.expect(b"units")
        while self.is_name():
            self.declare(region, self.name(Place.DECLARATION), "physical unit")
            if self.accept(b"="):
                self.statement()
            else:
                self.semicolon()
        self.expect(b"end")
        self.expect(b"units")
        self.ends(opener)

    def _record(self, region: Region, token: int) -> None:
        inner = self.open("record", self.words[token], region)
        self.declare(region, token, "type", inner)
        self.expect(b"record")
        while self.is_name():
            self.declare_all(inner, self.names(Place.DECLARATION), "record element")
            self.expect(b":")
            self.statement()
        self.expect(b"end")
        self.expect(b"record")
        self.ends(token)
        self.close(inner)

    def _protected(self, region: Region, token: int) -> None:
        """A protected type or its body (5.6), or an instance of a generic one."""
        self.expect(b"protected")
        body = self.accept(b"body")
        inner = self.open("protected body" if body else "protected", self.words[token], region)
        self.declare(region, token, "type", inner)
        self.generics(inner)
        while True:
            if self.word == b"private" and self.next_word in (b"variable", b"shared"):
                self.at += 1
            if not self.declarative_item(inner):
                break
        self.expect(b"end")
        self.expect(b"protected")
        if body:
            self.expect(b"body")
        self.ends(token)
        self.close(inner)
        self.semicolon()

    def alias(self, region: Region) -> None:
        """An alias (6.6)."""
        self.at += 1
        token = None
        if self.kinds[self.at] in (Kind.CHARACTER, Kind.STRING):
            self.at += 1
        else:
            token = self.name(Place.DECLARATION)
        if self.accept(b":"):
            self.run(_IS)
        self.expect(b"is")
        first = self.at
        self.run(frozenset((b";",)), Place.ALIAS)
        if token is not None:
            self.settle([self.declare(region, token, "alias", None, (first, self.at))])
        self.semicolon()

    def attribute(self, region: Region) -> None:
        """An attribute's declaration (6.7) or specification (7.2)."""
        self.at += 1
        token = self.name(Place.ATTRIBUTE)
        if self.accept(b":"):
            made = self.declare(region, token, "attribute")
            self.file.place[token] = Place.DECLARATION
            self.statement()
            self.settle([made])
            return
        self.expect(b"of")
        if self.word in (b"all", b"others"):
            self.at += 1
        else:
            self._entity_designator()
            while self.accept(b","):
                self._entity_designator()
        self.expect(b":")
        if self.kinds[self.at] != Kind.RESERVED and self.word not in (b"property", b"sequence"):
            raise self.fail("an entity class, such as `signal`")
        self.at += 1
        self.expect(b"is")
        self.statement()

    def _entity_designator(self) -> None:
        """A name, a character or an operator, and perhaps a signature (7.2)."""
        if self.kinds[self.at] in (Kind.CHARACTER, Kind.STRING):
            self.at += 1
        else:
            self.name(Place.ATTRIBUTED)
        if self.accept(b"["):
            self.run(_BRACKET)
            self.expect(b"]")

    def group(self, region: Region) -> None:
        """A group template or a group (6.9, 6.10)."""
        self.at += 1
        token = self.name(Place.DECLARATION)
        if self.accept(b"is"):
            self.declare(region, token, "group template")
            self.expect(b"(")
            while not self.accept(b")"):
                if self.word in (b";", b""):
                    raise self.fail("`)`")
                self.at += 1
            self.semicolon()
            return
        self.declare(region, token, "group")
        self.expect(b":")
        self.dotted(Place.OPERAND)
        self.parentheses(Place.GROUP)
        self.semicolon()

    def disconnect(self, region: Region) -> None:
        """A disconnection specification (7.4)."""
        self.at += 1
        self.statement()

    def view(self, region: Region) -> None:
        """A mode view (6.5.2 of the 2019 revision)."""
        self.at += 1
        token = self.name(Place.DECLARATION)
        self.declare(region, token, "mode view")
        self.expect(b"of")
        self.run(_IS)
        self.expect(b"is")
        while self.is_name():
            self.names(Place.OPERAND)
            self.expect(b":")
            self.statement()
        self.expect(b"end")
        self.expect(b"view")
        self.ends(token)
        self.semicolon()

    def clock(self, region: Region) -> None:
        """`default clock is …;` (PSL)."""
        first = self.at
        self.expect(b"default")
        self.expect(b"clock")
        self.expect(b"is")
        self.statement()
        self.file.psl.append((first, self.at))

    def psl(self, region: Region) -> None:
        """A PSL property or sequence."""
        what = f"PSL {self.word.decode()}"
        first = self.at
        self.at += 1
        token = self.name(Place.DECLARATION)
        inner = self.open(what, self.words[token], region)
        self.declare(region, token, what)
        if self.accept(b"("):
            # Formal parameters: `boolean a, b; sequence s`. Their types are words of PSL.
            while not self.accept(b")"):
                self.at += 1 if self.is_name() and self.words[self.at + 1] not in (b",", b";", b")") else 0
                self.declare(inner, self.name(Place.DECLARATION), "PSL parameter")
                if self.word in (b",", b";"):
                    self.at += 1
        self.expect(b"is")
        self.statement()
        self.close(inner)
        self.file.psl.append((first, self.at))

    # Use clauses and specifications

    def use(self, region: Region) -> None:
        """A use clause (12.4)."""
        self.expect(b"use")
        while True:
            first, last = self.dotted(Place.USE)
            region.uses.append(UseItem(first, last))
            if not self.accept(b","):
                break
        self.semicolon()

    def configuration_specification(self, region: Region) -> None:
        """`for … : component use …;` (7.3)."""
        self.expect(b"for")
        inner = self.open("configuration specification", b"", region)
        self.component_specification()
        if self.word == b"use":
            self.binding(inner)
        self.semicolon()
        # VHDL-2008 allows PSL units and an `end for` of its own.
        more = self.verification_units()
        if self.word == b"end" and self.next_word == b"for":
            first = self.at
            self.at += 2
            self.semicolon()
            if more:
                self.file.psl.append((first, self.at))
        elif more:
            raise self.fail("`end for`")
        self.close(inner)

    # Subprograms

    def subprogram(self, region: Region) -> None:
        """A subprogram's declaration, body or instance (4.2 to 4.4)."""
        inner = self.subprogram_head(region, "subprogram", _IS_OR_END)
        name = self._opener(inner)
        if self.accept(b"is"):
            if self.accept(b"new"):
                self.run(_GENERIC_OR_END)
                self.maps()
            else:
                self.declarative_part(inner)
                inner.begin = self.at
                self.expect(b"begin")
                self.sequence_of_statements(inner)
                self.expect(b"end")
                if self.word in (b"function", b"procedure"):
                    self.at += 1
                self.ends(name)
        self.close(inner)
        self.semicolon()

    def _opener(self, inner: Region) -> int | None:
        """The token of a subprogram's name; None for an operator."""
        return inner.first - 1 if inner.word else None

    # Components and packages in a declarative part

    def component(self, region: Region) -> None:
        """A component (6.8)."""
        self.at += 1
        token = self.name(Place.COMPONENT)
        inner = self.open("component", self.words[token], region)
        self.declare(region, token, "component", inner)
        self.accept(b"is")
        self.header(inner)
        self.expect(b"end")
        self.accept(b"component")
        self.ends(token)
        self.close(inner)
        self.semicolon()

    def package(self, region: Region) -> None:
        """A package, its body or an instance in a declarative part (4.7 to 4.9)."""
        self.expect(b"package")
        body = self.accept(b"body")
        token = self.name(Place.DECLARATION)
        self.expect(b"is")
        if not body and self.accept(b"new"):
            first, last = self.dotted(Place.NEW_PACKAGE)
            made = self.declare(region, token, "package instance", None, (first, last))
            self.maps()
            self.semicolon()
            self.settle([made])
            return
        inner = self.open("package body" if body else "package", self.words[token], region)
        self.declare(region, token, inner.what, inner)
        self.package_rest(inner, token)
        self.close(inner)
        self.semicolon()

    def package_rest(self, region: Region, opener: int) -> None:
        """A package or a body from `is` on, without its semicolon."""
        self.generics(region)
        self.declarative_part(region)
        self.expect(b"end")
        if self.accept(b"package"):
            self.accept(b"body")
        self.ends(opener)


_ITEMS: dict[bytes, Callable[[DeclarationParser, Region], None]] = {
    b"alias": DeclarationParser.alias,
    b"attribute": DeclarationParser.attribute,
    b"component": DeclarationParser.component,
    b"constant": DeclarationParser.objects,
    b"default": DeclarationParser.clock,
    b"disconnect": DeclarationParser.disconnect,
    b"file": DeclarationParser.file_object,
    b"for": DeclarationParser.configuration_specification,
    b"function": DeclarationParser.subprogram,
    b"group": DeclarationParser.group,
    b"impure": DeclarationParser.subprogram,
    b"package": DeclarationParser.package,
    b"procedure": DeclarationParser.subprogram,
    b"property": DeclarationParser.psl,
    b"pure": DeclarationParser.subprogram,
    b"sequence": DeclarationParser.psl,
    b"shared": DeclarationParser.objects,
    b"signal": DeclarationParser.objects,
    b"subtype": DeclarationParser.subtype,
    b"type": DeclarationParser.type,
    b"use": DeclarationParser.use,
    b"variable": DeclarationParser.objects,
    b"view": DeclarationParser.view,
}
