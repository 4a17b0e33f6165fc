"""Designs in which the renamed names are also names of everything else, for hypothesis to draw.

The unit has an entity `n` and a package `q`. A consumer declares signals, types,
record elements, functions, labels, loops, blocks, components and more, and takes
most of their names from `n` and `q` too. The drawing keeps track of what each name
means where it stands, so that the text is legal and prints what it should.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

UNIT = """package q is
  constant c : integer := $V;
  type t is record n, q : integer; end record;
  constant k : t := (n => 10 + $V, q => 20 + $V);
  function n (q : integer) return integer;
  component n is generic (g : integer := 0); end component n;
end package q;
package body q is
  function n (q : integer) return integer is begin return q + 100 * $V; end function n;
end package body q;
entity n is generic (g : integer := 0); end entity n;
architecture q of n is
begin
  assert false report "n$V " & integer'image(g) & " " & integer'image(work.q.c) severity note;
end architecture q;
"""
# A function and a component can't share the name in one region, so the component lives in a package of its own.
UNIT = UNIT.replace("  component n is generic (g : integer := 0); end component n;\n", "") + (
    "package r is component n is generic (g : integer := 0); end component n; end package r;\n"
)

NAMES = ("n", "q", "n", "q", "x", "y", "N", "Q")
"""What local declarations draw their names from."""


@dataclass
class Scope:
    """What simple names mean in a region: `integer`, `record`, `function`, `label` and so on, or nothing."""

    known: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def inner(self) -> Scope:
        """A region in this one."""
        return Scope(dict(self.known))

    def declare(self, name: str, what: str) -> None:
        """Enter a name."""
        self.known[name.lower()] = what
        self.taken.add(name.lower())


class Writer:
    """Draws the text of one consumer."""

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self._lines: list[str] = []
        self._serial = 0

    def consumer(self) -> str:
        """An entity `use$V` with an architecture."""
        whole = self._draw(st.booleans())
        scope = Scope()
        if whole:
            scope.known.update({"q": "package", "n": "entity", "r": "package of n"})
        scope.declare("work", "library")
        context = "use work.all;\n" if whole else ""
        name = str(self._one_of("a", "q", "n")) if not whole else "a"
        if name != "a":
            scope.known[name] = "architecture"
        self._lines = []
        self._declarations(scope, 3)
        # Labels are visible in the declarative part too, so that they are drawn apart from its names.
        self._lines.append("begin")
        self._statements(scope, 2)
        body = "\n".join(self._lines)
        return f"entity use$V is end entity use$V;\n{context}architecture {name} of use$V is\n{body}\nend {name};\n"

    def _one_of(self, *choices: object) -> object:
        return self._draw(st.sampled_from(choices))

    def _fresh(self, scope: Scope) -> str:
        name = str(self._one_of(*NAMES))
        if name.lower() in scope.taken:
            self._serial += 1
            name = f"z{self._serial}"
        return name

    # Declarations

    def _declarations(self, scope: Scope, count: int) -> None:
        for _ in range(self._draw(st.integers(0, count))):
            kinds = (self._constant, self._record, self._function, self._enumeration, self._package, self._alias)
            maker = self._draw(st.sampled_from(kinds))
            maker(scope)

    def _constant(self, scope: Scope) -> None:
        value = self._value(scope)
        name = self._fresh(scope)
        if name.lower() in value.lower():
            value = "3"
        self._lines.append(f"constant {name} : integer := {value};")
        scope.declare(name, "integer")

    def _record(self, scope: Scope) -> None:
        self._serial += 1
        kind = f"r{self._serial}"
        name = self._fresh(scope)
        self._lines.append(f"type {kind} is record n : integer; q : integer; end record {kind};")
        first, second = self._draw(st.permutations(["n", "q"]))
        self._lines.append(f"constant {name} : {kind} := ({first} => 4, {second} => 5);")
        scope.declare(name, "record")

    def _function(self, scope: Scope) -> None:
        name = self._fresh(scope)
        inner = scope.inner()
        inner.known[name.lower()] = "function"
        parameter = str(self._one_of("n", "q", "x"))
        inner.declare(parameter, "integer")
        self._lines.append(f"function {name} ({parameter} : integer) return integer is")
        self._declarations(inner, 1)
        self._lines.append(f"begin return {self._value(inner)}; end function {name};")
        scope.declare(name, "function")

    def _enumeration(self, scope: Scope) -> None:
        self._serial += 1
        name = self._fresh(scope)
        self._lines.append(f"type e{self._serial} is ({name}, l{self._serial});")
        scope.declare(name, f"literal of e{self._serial}")

    def _package(self, scope: Scope) -> None:
        name = self._fresh(scope)
        inner = scope.inner()
        inner.known[name.lower()] = "own package"
        self._lines.append(f"package {name} is")
        value = self._value(inner)
        self._lines.append(f"constant k : integer := {value};")
        self._lines.append(f"end package {name};")
        scope.declare(name, "nested package")

    def _alias(self, scope: Scope) -> None:
        target = "work.q.c" if scope.known["work"] == "library" else None
        if target is None:
            return
        name = self._fresh(scope)
        self._lines.append(f"alias {name} : integer is {target};")
        scope.declare(name, "integer")

    # Statements

    def _statements(self, scope: Scope, depth: int) -> None:
        for _ in range(self._draw(st.integers(1, 3))):
            kinds = [self._process, self._instance, self._assertion]
            if depth:
                kinds += [self._block, self._generate]
            maker = self._draw(st.sampled_from(kinds))
            maker(scope, depth)

    def _label(self, scope: Scope) -> str:
        """A label must not hide what the region's declarations or other statements used already."""
        self._serial += 1
        return f"b{self._serial}"

    def _block(self, scope: Scope, depth: int) -> None:
        """A block in a block of its own, so that its label hides outer names within that one only."""
        self._lines.append(f"{self._label(scope)} : block begin")
        inner = scope.inner()
        label = str(self._one_of("n", "q", "x"))
        inner.declare(label, "label")
        self._lines.append(f"{label} : block")
        within = inner.inner()
        self._declarations(within, 3)
        self._lines.append("begin")
        self._statements(within, depth - 1)
        self._lines.append(f"end block {label};\nend block;")

    def _generate(self, scope: Scope, depth: int) -> None:
        inner = scope.inner()
        parameter = str(self._one_of("n", "q", "i"))
        inner.declare(parameter, "integer")
        within = inner.inner()
        label = self._label(scope)
        self._lines.append(f"{label} : for {parameter} in 0 to 1 generate")
        self._declarations(within, 2)
        self._lines.append("begin")
        self._statements(within, depth - 1)
        self._lines.append(f"end generate {label};")

    def _process(self, scope: Scope, depth: int) -> None:
        inner = scope.inner()
        self._lines.append("process")
        self._declarations(inner, 2)
        variable = self._fresh(inner)
        self._lines.append(f"variable {variable} : integer := 1;")
        inner.declare(variable, "integer")
        self._lines.append("begin")
        loop = inner.inner()
        parameter = str(self._one_of("n", "q", "i"))
        if parameter != variable.lower():
            loop.declare(parameter, "integer")
            self._lines.append(f"for {parameter} in 1 to 2 loop")
            self._lines.append(f"{variable} := ({variable} + {self._value(loop)}) mod 1000;")
            self._lines.append("end loop;")
        self._lines.append(f'report integer\'image({variable}) & " n q"; wait; end process;')

    def _assertion(self, scope: Scope, depth: int) -> None:
        self._lines.append(f"assert false report integer'image({self._value(scope)}) severity note; -- n, q")

    def _instance(self, scope: Scope, depth: int) -> None:
        forms = []
        if scope.known["work"] == "library":
            forms += ["entity work.n", "entity work.n(q)", "component work.r.n", "work.r.n"]
        if scope.known.get("n") == "entity":
            forms.append("entity n")
        if scope.known.get("r") == "package of n":
            forms.append("component r.n")
        if forms:
            unit = self._one_of(*forms)
            self._lines.append(f"{self._label(scope)} : {unit} generic map (g => {self._value(scope)});")

    # Expressions

    def _value(self, scope: Scope) -> str:
        found = ["1", "7"]
        if scope.known["work"] == "library":
            found += ["work.q.c", "work.q.k.n", "work.q.k.q", "work.q.n(2)", "work.q.n(q => 3)"]
        for name, what in scope.known.items():
            if what == "integer":
                found += [name, f"{name} + 1"]
            elif what == "record":
                found += [f"{name}.n", f"{name}.q"]
            elif what.startswith("literal of "):
                kind = what.removeprefix("literal of ")
                found.append(f"{kind}'pos({name})")
            elif what == "nested package":
                found.append(f"{name}.k")
            elif what == "package" and name == "q":
                found += ["q.c", "q.k.q", "q.n(1)", "q.n(q => 2)"]
        return str(self._one_of(*found))


@st.composite
def consumers(draw: st.DrawFn) -> str:
    """The text of a consumer of `UNIT`; `$V` stands for the version."""
    return Writer(draw).consumer()
