"""Sequential and concurrent statements: IEEE 1076-2019 clauses 10 and 11."""

from __future__ import annotations

from hdl_py.vhdl.lexer import Kind
from hdl_py.vhdl.syntax.declarations import DeclarationParser
from hdl_py.vhdl.syntax.tree import Place, Region

_THEN = frozenset((b"then",))
_IS = frozenset((b"is",))
_LOOP = frozenset((b"loop",))
_ARROW = frozenset((b"=>",))
_GENERATE = frozenset((b"generate",))
_SEMICOLON = frozenset((b";",))
_STATEMENT = frozenset((b";", b"<=", b":=", b"generic", b"port"))
_PSL = frozenset((b"assume", b"assume_guarantee", b"restrict", b"restrict_guarantee", b"cover", b"fairness"))
_PSL_MARKS = frozenset((b"always", b"never", b"eventually", b"next", b"{", b"@", b"until", b"before"))
"""What no VHDL assertion has, or only as a name: enough to tell PSL from VHDL for a second opinion."""
_NO_STATEMENT = frozenset((b"end", b"elsif", b"else", b"when", b"}", b""))
_BLOCK_ITEMS = frozenset((b"default", b"property", b"sequence"))


class StatementParser(DeclarationParser):
    """Reads statement parts."""

    def label(self, region: Region) -> int | None:
        """Step over an optional label and declare it; its token."""
        if not self.is_name() or self.next_word != b":":
            return None
        token = self.name(Place.DECLARATION)
        self.at += 1
        self.declare(region, token, "label")
        return token

    def scope(self, what: str, region: Region, label: int | None) -> Region:
        """A region that the label names."""
        inner = self.open(what, self.words[label] if label is not None else b"", region)
        if label is not None:
            region.declares[self.words[label]][-1].inner = inner
        return inner

    # Sequential

    def sequence_of_statements(self, region: Region) -> None:
        while self.word not in _NO_STATEMENT or self.kinds[self.at] == Kind.IDENTIFIER:
            self._sequential(region)

    def _sequential(self, region: Region) -> None:
        label = self.label(region)
        word = self.word if self.kinds[self.at] == Kind.RESERVED else b""
        if word == b"if":
            self._if(region, label)
        elif word == b"case":
            self._case(region, label)
        elif word in (b"for", b"while", b"loop"):
            self._loop(region, label)
        elif word == b"block":
            self._sequential_block(region, label)
        elif word in (b"next", b"exit"):
            self.at += 1
            if self.is_name():
                self.name(Place.LABEL)
            self.statement()
        else:
            self.statement()

    def _if(self, region: Region, label: int | None) -> None:
        self.at += 1
        self._nest()
        self.run(_THEN)
        self.at += 1
        self.sequence_of_statements(region)
        while self.accept(b"elsif"):
            self.run(_THEN)
            self.at += 1
            self.sequence_of_statements(region)
        if self.accept(b"else"):
            self.sequence_of_statements(region)
        self._end(b"if", label)

    def _case(self, region: Region, label: int | None) -> None:
        self.at += 1
        self._nest()
        matching = self.accept(b"?")
        self.run(_IS)
        self.at += 1
        while self.accept(b"when"):
            self.run(_ARROW)
            self.at += 1
            self.sequence_of_statements(region)
        self.expect(b"end")
        self.expect(b"case")
        if matching:
            self.expect(b"?")
        self.ends(label)
        self.semicolon()
        self._depth -= 1

    def _loop(self, region: Region, label: int | None) -> None:
        inner = self.scope("loop", region, label)
        if self.accept(b"for"):
            made = self.declare(inner, self.name(Place.DECLARATION), "loop parameter")
            self.expect(b"in")
            self.run(_LOOP)
            self.settle([made])
        elif self.accept(b"while"):
            self.run(_LOOP)
        self.expect(b"loop")
        self.sequence_of_statements(inner)
        self.expect(b"end")
        self.expect(b"loop")
        self.ends(label)
        self.close(inner)
        self.semicolon()

    def _sequential_block(self, region: Region, label: int | None) -> None:
        inner = self.scope("block", region, label)
        self.at += 1
        self.accept(b"is")
        self.declarative_part(inner)
        inner.begin = self.at
        self.expect(b"begin")
        self.sequence_of_statements(inner)
        self.expect(b"end")
        self.accept(b"block")
        self.ends(label)
        self.close(inner)
        self.semicolon()

    def _nest(self) -> None:
        """Count a construct that opens no region; `_end` takes it back."""
        self._depth += 1
        if self._depth > 200:
            raise self.fail("at most 200 constructs in each other")

    def _end(self, word: bytes, label: int | None) -> None:
        self.expect(b"end")
        self.expect(word)
        self.ends(label)
        self.semicolon()
        self._depth -= 1

    # Concurrent

    def concurrent_statements(self, region: Region) -> None:
        """Step over concurrent statements up to a word that can't start one."""
        while self.word not in _NO_STATEMENT or self.kinds[self.at] == Kind.IDENTIFIER:
            self.concurrent(region)

    def concurrent(self, region: Region) -> None:
        """Step over one concurrent statement, or a PSL declaration among them."""
        start = self.at
        label = self.label(region)
        postponed = self.accept(b"postponed")
        word = self.word
        if self.kinds[self.at] != Kind.RESERVED:
            if label is None and word in _BLOCK_ITEMS and self._psl_declaration(region):
                return
            self._assignment_call_or_instance(start, label, postponed)
        elif word == b"process":
            self._process(region, label)
        elif word == b"block":
            self._block(region, label)
        elif word in (b"if", b"for", b"case"):
            self._generate(region, label)
        elif word == b"component":
            self.at += 1
            self.dotted(Place.INSTANCE)
            self.maps()
            self.semicolon()
        elif word in (b"entity", b"configuration"):
            inner = self.open("instance", b"", region)
            self.entity_aspect(inner)
            self.close(inner)
            self.maps()
            self.semicolon()
        elif word in (b"assert", b"with"):
            self.statement()
            if self._is_psl(start):
                self.file.psl.append((start, self.at))
        else:
            raise self.fail("a concurrent statement")

    def _psl_declaration(self, region: Region) -> bool:
        if self.word == b"default" and self.next_word != b"clock":
            return False
        if self.word != b"default" and self.kinds[self.at + 1] != Kind.IDENTIFIER:
            return False
        return self.declarative_item(region)

    def _is_psl(self, first: int) -> bool:
        """Whether the statement from a token up to here has what no VHDL assertion has."""
        words = self.words[first : self.at]
        arrow = any(w == b"-" and words[i + 1] == b">" for i, w in enumerate(words[:-1]))
        return arrow or not _PSL_MARKS.isdisjoint(words)

    def _assignment_call_or_instance(self, start: int, label: int | None, postponed: bool) -> None:
        first = self.at
        if self.word in _PSL and self.words[first + 1] not in (b"<=", b"(", b".", b"'", b";", b":="):
            self.statement()
            self.file.psl.append((start, self.at))
            return
        stop = self.run(_STATEMENT)
        word = self.word
        if word in (b"generic", b"port"):
            if label is None:
                raise self.fail("a label before an instance")
            self._place_names(first, stop, Place.INSTANCE)
            self.maps()
            self.semicolon()
        elif word == b";":
            self.at += 1
            if label is not None and not postponed and self._only_names(first, stop):
                self._place_names(first, stop, Place.INSTANCE_OR_CALL)
        else:
            self.at += 1
            self.statement()

    def _only_names(self, first: int, last: int) -> bool:
        return last > first and all(self.words[i] == b"." or self.file.is_name(i) for i in range(first, last))

    def _place_names(self, first: int, last: int, place: Place) -> None:
        if not self._only_names(first, last):
            self.at = first
            raise self.fail("the name of a component")
        self.file.place[first:last] = bytes((place,)) * (last - first)

    def _process(self, region: Region, label: int | None) -> None:
        inner = self.scope("process", region, label)
        self.at += 1
        if self.word == b"(":
            self.parentheses()
        self.accept(b"is")
        self.declarative_part(inner)
        inner.begin = self.at
        self.expect(b"begin")
        self.sequence_of_statements(inner)
        self.expect(b"end")
        self.accept(b"postponed")
        self.accept(b"process")
        self.ends(label)
        self.close(inner)
        self.semicolon()

    def _block(self, region: Region, label: int | None) -> None:
        inner = self.scope("block", region, label)
        self.at += 1
        if self.word == b"(":
            self.parentheses()
        self.accept(b"is")
        self.header(inner)
        self.declarative_part(inner)
        inner.begin = self.at
        self.expect(b"begin")
        self.concurrent_statements(inner)
        self.expect(b"end")
        self.accept(b"block")
        self.ends(label)
        self.close(inner)
        self.semicolon()

    def _generate(self, region: Region, label: int | None) -> None:
        if label is None:
            raise self.fail("a label before a generate statement")
        word = self.word
        outer = self.scope("generate", region, label)
        self.at += 1
        if word == b"for":
            made = self.declare(outer, self.name(Place.DECLARATION), "generate parameter")
            self.expect(b"in")
            self.run(_GENERATE)
            self.settle([made])
            self.at += 1
            self._generate_body(outer, None)
        elif word == b"if":
            self._branch(outer)
            while self.accept(b"elsif"):
                self._branch(outer)
            if self.accept(b"else"):
                self._branch(outer)
        else:
            self.accept(b"?")
            self.run(_GENERATE)
            self.at += 1
            while self.accept(b"when"):
                self._alternative(outer, _ARROW)
        self.expect(b"end")
        self.expect(b"generate")
        self.accept(b"?")
        self.ends(label)
        self.close(outer)
        self.semicolon()

    def _branch(self, region: Region) -> None:
        self._alternative(region, _GENERATE)

    def _alternative(self, region: Region, stop: frozenset[bytes]) -> None:
        """One branch of a generate statement, with a region and perhaps a label of its own."""
        label = None
        if self.is_name() and self.next_word == b":":
            label = self.name(Place.DECLARATION)
            self.at += 1
        inner = self.open("generate alternative", self.words[label] if label is not None else b"", region)
        if label is not None:
            # Its label names the branch within the branch only, and in configurations (11.9).
            self.declare(region, label, "label", inner)
        self.run(stop)
        self.at += 1
        self._generate_body(inner, label)
        self.close(inner)

    def _generate_body(self, region: Region, label: int | None) -> None:
        self.declarative_part(region)
        region.begin = self.at
        had_begin = self.accept(b"begin")
        self.concurrent_statements(region)
        if had_begin and self.word == b"end" and self.next_word != b"generate":
            self.at += 1
            self.ends(label)
            self.semicolon()
