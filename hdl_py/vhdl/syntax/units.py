"""Design units and configurations: IEEE 1076-2019 clauses 3 and 13."""

from __future__ import annotations

from hdl_py.vhdl.lexer import Kind, Tokens
from hdl_py.vhdl.syntax.cursor import SyntaxFault
from hdl_py.vhdl.syntax.statements import StatementParser
from hdl_py.vhdl.syntax.tree import DesignUnit, ParsedFile, Place, Region, UseItem

_PSL_UNITS = frozenset((b"vunit", b"vprop", b"vmode", b"vpkg"))


def parse(tokens: Tokens) -> ParsedFile:
    """The structure of a file. Never raises: `trouble` says why it can't be read."""
    parser = _UnitParser(tokens)
    try:
        parser.design_file()
    except SyntaxFault as fault:
        parser.file.trouble = fault.trouble
    if b"<<" in tokens.word:
        _external_names(parser.file)
    return parser.file


def _external_names(file: ParsedFile) -> None:
    """Give the paths of external names, `<< class path : subtype >>`, their own place (8.7)."""
    words = file.tokens.word
    for at in [i + 1 for i, word in enumerate(words) if word == b"<<"]:
        depth = 0
        while words[at] not in (b"", b";", b">>") and (depth or words[at] != b":"):
            depth += {b"(": 1, b")": -1}.get(words[at], 0)
            if not depth and file.place[at]:
                file.place[at] = Place.EXTERNAL
            at += 1


class _UnitParser(StatementParser):
    """Reads design files."""

    def design_file(self) -> None:
        """Step over all design units (13.1)."""
        while self.word:
            self._design_unit()

    def _design_unit(self) -> None:
        first = self.at
        libraries: dict[bytes, int] = {}
        contexts: list[UseItem] = []
        uses: list[UseItem] = []
        while True:
            if self.word == b"library":
                self._library(libraries)
            elif self.word == b"use":
                self._context_use(uses)
            elif self.word == b"context" and not self._is_context_declaration():
                self.at += 1
                contexts.append(UseItem(*self.dotted(Place.CONTEXT)))
                while self.accept(b","):
                    contexts.append(UseItem(*self.dotted(Place.CONTEXT)))
                self.semicolon()
            elif self.word in (b"end", b"") and first == self.at:
                raise self.fail("a design unit")
            else:
                break
        unit = self._library_unit(first)
        unit.libraries.update(libraries)
        unit.contexts[:0] = contexts
        unit.region.uses[:0] = uses
        unit.last = unit.region.last = self.at
        self.file.units.append(unit)

    def _is_context_declaration(self) -> bool:
        return self.words[min(self.at + 2, len(self.tokens))] == b"is"

    def _library(self, libraries: dict[bytes, int]) -> None:
        self.at += 1
        for token in self.names(Place.LIBRARY):
            libraries[self.words[token]] = token
        self.semicolon()

    def _context_use(self, uses: list[UseItem]) -> None:
        self.at += 1
        while True:
            uses.append(UseItem(*self.dotted(Place.USE)))
            if not self.accept(b","):
                break
        self.semicolon()

    def _library_unit(self, first: int) -> DesignUnit:
        word = self.word
        if self.kinds[self.at] == Kind.RESERVED:
            if word == b"entity":
                return self._entity(first)
            if word == b"architecture":
                return self._architecture(first)
            if word == b"package":
                return self._package_unit(first)
            if word == b"configuration":
                return self._configuration(first)
        elif word == b"context":
            return self._context(first)
        elif word in _PSL_UNITS:
            return self._psl_unit(first)
        raise self.fail("a design unit")

    def _entity(self, first: int) -> DesignUnit:
        self.at += 1
        token = self.name(Place.UNIT)
        unit = self.unit("entity", token, first)
        region = unit.region
        self.expect(b"is")
        self.header(region)
        self.declarative_part(region)
        region.begin = self.at
        if self.accept(b"begin"):
            self.concurrent_statements(region)
        self.expect(b"end")
        self.accept(b"entity")
        self.ends(token)
        self.semicolon()
        return unit

    def _architecture(self, first: int) -> DesignUnit:
        self.at += 1
        token = self.name(Place.LABEL)
        unit = self.unit("architecture", token, first)
        region = unit.region
        self.expect(b"of")
        unit.of = UseItem(*self.dotted(Place.OF_ENTITY))
        self.expect(b"is")
        self.declarative_part(region)
        region.begin = self.at
        self.expect(b"begin")
        self.concurrent_statements(region)
        self.expect(b"end")
        self.accept(b"architecture")
        self.ends(token)
        self.semicolon()
        return unit

    def _package_unit(self, first: int) -> DesignUnit:
        self.at += 1
        body = self.accept(b"body")
        token = self.name(Place.BODY_OF if body else Place.UNIT)
        unit = self.unit("package body" if body else "package", token, first)
        self.expect(b"is")
        if not body and self.accept(b"new"):
            unit.what = unit.region.what = "package instance"
            unit.of = UseItem(*self.dotted(Place.NEW_PACKAGE))
            self.maps()
        else:
            if body:
                unit.of = UseItem(token, token + 1)
            self.package_rest(unit.region, token)
        self.semicolon()
        return unit

    def _context(self, first: int) -> DesignUnit:
        self.at += 1
        token = self.name(Place.UNIT)
        unit = self.unit("context", token, first)
        self.expect(b"is")
        while True:
            if self.word == b"library":
                self._library(unit.libraries)
            elif self.word == b"use":
                self._context_use(unit.region.uses)
            elif self.accept(b"context"):
                unit.contexts.append(UseItem(*self.dotted(Place.CONTEXT)))
                while self.accept(b","):
                    unit.contexts.append(UseItem(*self.dotted(Place.CONTEXT)))
                self.semicolon()
            else:
                break
        self.expect(b"end")
        self.accept(b"context")
        self.ends(token)
        self.semicolon()
        return unit

    # Configurations

    def _configuration(self, first: int) -> DesignUnit:
        self.at += 1
        token = self.name(Place.UNIT)
        unit = self.unit("configuration", token, first)
        region = unit.region
        self.expect(b"of")
        unit.of = UseItem(*self.dotted(Place.OF_ENTITY))
        self.expect(b"is")
        while True:
            if self.verification_units():
                continue
            if self.word not in (b"use", b"attribute", b"group") or not self.declarative_item(region):
                break
        self._block_configuration(region)
        self.expect(b"end")
        self.accept(b"configuration")
        self.ends(token)
        self.semicolon()
        return unit

    def _block_configuration(self, region: Region) -> None:
        """`for architecture-or-label … end for;` (3.4.2)."""
        self.expect(b"for")
        token = self.name(Place.LABEL)
        inner = self.open("block configuration", self.words[token], region)
        if self.accept(b"("):
            # A range, or the label of a generate statement's alternative: both inert.
            self.run(frozenset((b")",)), Place.LABEL if self._only_label() else Place.OPERAND)
            self.expect(b")")
        while self.word == b"use":
            self.use(inner)
        while self.word == b"for":
            if self._is_component_configuration():
                self._component_configuration(inner)
            else:
                self._block_configuration(inner)
        self.expect(b"end")
        self.expect(b"for")
        self.close(inner)
        self.semicolon()

    def _only_label(self) -> bool:
        return self.is_name() and self.next_word == b")"

    def _is_component_configuration(self) -> bool:
        return self.words[self.at + 2] in (b":", b",") if self.at + 2 < len(self.words) else False

    def _component_configuration(self, region: Region) -> None:
        """`for instances : component … end for;` (3.4.3)."""
        self.expect(b"for")
        inner = self.open("component configuration", b"", region)
        name = self.component_specification()
        inner.word = self.words[name]
        if self.word in (b"use", b"generic", b"port") and self.next_word != b"vunit":
            self.binding(inner)
            self.semicolon()
        self.verification_units()
        if self.word == b"for":
            self._block_configuration(inner)
        self.expect(b"end")
        self.expect(b"for")
        self.close(inner)
        self.semicolon()

    # PSL

    def _psl_unit(self, first: int) -> DesignUnit:
        """A PSL verification unit (IEEE 1850 7.2) in VHDL's flavour."""
        what = self.word.decode()
        keyword = self.at
        self.at += 1
        token = self.name(Place.UNIT)
        unit = self.unit(what, token, first)
        if self.accept(b"("):
            unit.of = UseItem(*self.dotted(Place.PSL_TARGET))
            if self.accept(b"("):
                self.name(Place.LABEL)
                self.expect(b")")
            self.expect(b")")
        self.expect(b"{")
        while not self.accept(b"}"):
            if not self.word:
                raise self.fail("`}`")
            if self.word in (b"inherit", b"nontransitive") and self.next_word not in (b"<=", b":"):
                self.accept(b"nontransitive")
                self.expect(b"inherit")
                self.dotted(Place.PSL_UNIT)
                while self.accept(b","):
                    self.dotted(Place.PSL_UNIT)
                self.semicolon()
            elif self.word == b"for" or not self.declarative_item(unit.region):
                self.concurrent(unit.region)
        self.file.psl.append((keyword, self.at))
        return unit
