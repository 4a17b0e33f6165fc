"""What a name binds to, before and after isolation: the same, for every kind of scope and shadow."""

from __future__ import annotations

import random
import re
import tomllib
from pathlib import Path
from typing import Any

import pyslang
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyslang.ast import Compilation, CompilationOptions
from pyslang.syntax import SyntaxTree

from hdl_py.errors import HdlError
from hdl_py.sv.syntax import language_bag
from hdl_py.sv.tokens import tokenize
from hdl_py.sv.unit import Request, compile_unit
from hdl_py.text.source import SourceText
from tests.hdl_py.sv.elaborated import Elaborated
from tests.hdl_py.sv.running import run_case
from tests.hdl_py.sv.settings import examples
from tests.hdl_py.sv.simulating import Simulators, write_isolated

NAMES = ["A", "B", "C", "D"]


class Writer:
    """Writes a random unit whose constants say what each name was bound to."""

    def __init__(self, look: random.Random) -> None:
        self.look = look
        self.value = 0
        self.outputs: list[str] = []
        self.depth = 0

    def fresh(self) -> int:
        """A value that stands for one declaration."""
        self.value += 1
        return self.value

    def name(self) -> str:
        return self.look.choice(NAMES)

    def declarations(self, keyword: str = "localparam") -> str:
        chosen = self.look.sample(NAMES, self.look.choice([0, 0, 1, 1, 2]))
        return " ".join(f"{keyword} {n} = {self.fresh()};" for n in chosen)

    def imports(self) -> str:
        return self.look.choice(["", "", "", "import p::*;", "import q::*;", f"import p::{self.name()};"])

    def use(self, path: str) -> str:
        """A constant that shows what a name is bound to."""
        out = f"out{len(self.outputs)}"
        self.outputs.append(f"{path}.{out}")
        name = self.name()
        helpers, expression = self.look.choice(
            [
                ("", name),
                ("", f"$unit::{name}"),
                ("", f"({name} + 100)"),
                ("", f"{name} * $bits(logic [{name}:0])"),
                (f"typedef struct packed {{logic [{name}:0] {self.name()};}} t_{out};", f"$bits(t_{out})"),
                (f"class k_{out}; {self.inner()} localparam v = {name}; endclass", f"k_{out}::v"),
                (
                    f"class k_{out}; static function automatic int f(int {self.name()}); {self.inner()}"
                    f" return {name}; endfunction endclass",
                    f"k_{out}::f({self.fresh()})",
                ),
                (f"let l_{out}({self.name()}) = {name};", f"l_{out}({self.fresh()})"),
                (f"typedef enum {{e_{out} = {name}}} t_{out};", f"e_{out}"),
            ]
        )
        return f"{helpers} localparam {out} = {expression};"

    def inner(self) -> str:
        return self.look.choice(["", "", f"localparam {self.name()} = {self.fresh()};"])

    def scope(self, path: str) -> str:
        """The inside of a module or generate block."""
        parts = [self.imports(), self.declarations()]
        parts += [self.use(path) for _ in range(self.look.randrange(1, 4))]
        if self.depth < 2:
            self.depth += 1
            label = f"b{self.fresh()}"
            kind = self.look.choice(["if (1) begin", "for (genvar i = 0; i < 1; i++) begin", "case (1) 1: begin"])
            inner = f"{path}.{label}" + ("[0]" if kind.startswith("for") else "")
            end = "endcase" if kind.startswith("case") else ""
            parts.append(f"{kind} : {label} {self.scope(inner)} end {end}")
            self.depth -= 1
            # Below the block, where a declaration above it counts and one inside it doesn't.
            parts.append(self.use(path))
        return "\n  ".join(part for part in parts if part.strip())

    def unit(self) -> str:
        packages = " ".join(f"package {p}; {self.declarations()} endpackage" for p in "pq")
        unit_imports = self.look.choice(["", "", "import p::*;", "import q::*;"])
        left = [n for n in NAMES if self.look.random() < 0.8]
        items = " ".join(f"parameter {n} = {self.fresh()};" for n in left)
        header = self.look.choice(["", f"#(parameter {self.name()} = {self.fresh()})"])
        header_import = self.look.choice(["", "", "import p::*;", "import q::*;"])
        below = f"localparam unit_item = {self.name()} + 1000;" if self.look.random() < 0.3 else ""
        extra = "localparam outx = unit_item;" if below else ""
        if below:
            self.outputs.append("m.outx")
        return (
            f"{packages}\n{unit_imports}\n{items}\n{below}\n"
            f"module m {header_import} {header} ();\n  {self.scope('m')} {extra}\nendmodule\n"
        )


def constants(text: str, paths: list[str]) -> tuple[dict[str, str], list[str]]:
    """The values of constants of a text, and slang's errors."""
    manager = pyslang.SourceManager()
    bag = language_bag()
    options = CompilationOptions()
    options.topModules = {"m"}
    bag.compilationOptions = options
    compilation: Any = Compilation(bag)
    compilation.addSyntaxTree(SyntaxTree.fromBuffers([manager.assignText("t.sv", text)], manager, bag))
    errors = [str(d.code) for d in compilation.getAllDiagnostics() if d.isError() or "Redefinition" in str(d.code)]
    if errors:
        return {}, errors
    root = compilation.getRoot()
    return {path: str(root.lookupName(path).value) for path in paths}, []


@given(st.randoms(use_true_random=False))
@examples(300)
def test_names_bind_as_before(look: random.Random) -> None:
    writer = Writer(look)
    text = writer.unit()
    before, errors = constants(text, writer.outputs)
    data = b'`line 1 "t.sv" 1\n' + text.encode()
    request = Request("//x:t", "library", "1800-2023", ("t.sv",))
    refusal, isolated = "", ""
    try:
        done = compile_unit(request, [tokenize(data, {})], {"t.sv": SourceText("t.sv", b"")})
        isolated = done.isolated.decode()
    except HdlError as refused:
        refusal = refused.render()
    assert bool(refusal) == bool(errors), (text, errors, refusal)
    if errors:
        return
    after, errors = constants(isolated, writer.outputs)
    assert not errors, (text, isolated, errors)
    assert after == before, (text, isolated)
    depth = 0
    for token in isolated.split():
        assert token != "$unit"
        depth += token in ("module", "package")
        assert depth or token in ("`resetall", ";"), (text, token)
        depth -= token in ("endmodule", "endpackage")


def test_most_random_units_are_legal() -> None:
    legal = 0
    for seed in range(200):
        writer = Writer(random.Random(seed))
        legal += not constants(writer.unit(), writer.outputs)[1]
    assert legal > 50


TEXTS = tomllib.loads(Path(__file__).with_name("scopes.toml").read_text(encoding="utf-8"))


def number(value: str) -> int:
    """A constant as slang writes it."""
    match = re.fullmatch(r"(-?)(?:\d+'s?([bdh]))?(\w+)", value)
    assert match, value
    return int(match[1] + match[3], {"b": 2, "h": 16}.get(match[2] or "d", 10))


def test_the_texts_are_many() -> None:
    assert len(TEXTS["shadow"]) >= 34
    assert len(TEXTS["use"]) >= 35
    assert len(TEXTS["unclear"]) >= 7


@pytest.mark.parametrize("entry", TEXTS["shadow"], ids=lambda e: e["name"])
def test_a_shadow_hides_the_unit_item(entry: dict[str, str], folder: Path) -> None:
    text = f"{entry.get('items', 'localparam v = 77;')}\n{entry['text']}"
    done = run_case(f"@ //x:m m.sv top=m\n{text}")
    assert not done.problems, [d.render() for d in done.problems]
    # Nothing needs the item, so nothing mentions it.
    assert "77" not in done.results["//x:m"].isolated.decode().split()
    if "interface" in text:
        return
    path = entry.get("path", "m.out")
    before, errors = constants(text, [path])
    assert not errors
    whole = Elaborated(done, "m")
    assert not whole.errors(), whole.errors()
    assert whole.value(path) == before[path]


@pytest.mark.parametrize("entry", TEXTS["use"], ids=lambda e: e["name"])
def test_a_use_finds_the_unit_item(entry: dict[str, str], folder: Path) -> None:
    done = run_case(f"@ //x:m m.sv top=m\n{entry['items']}\n{entry['text']}")
    assert not done.problems, [d.render() for d in done.problems]
    whole = Elaborated(done, "m")
    assert not whole.errors(), (whole.errors(), done.results["//x:m"].isolated.decode())
    assert number(whole.value(entry.get("path", "m.out"))) == int(entry["value"])


@pytest.mark.parametrize("entry", TEXTS["unclear"], ids=lambda e: e["name"])
def test_a_doubt_is_refused_with_its_place(entry: dict[str, str], folder: Path) -> None:
    done = run_case(f"@ //x:m m.sv\n{entry['text']}")
    assert done.codes == [entry.get("check", "unclear-reference")], [d.render() for d in done.problems]
    problem = done.problems[0]
    assert problem.fix
    assert str(problem.position) == entry["place"], problem.render()


def test_a_key_that_is_a_type(folder: Path, simulators: Simulators) -> None:
    # slang takes no `package::type` as a key, Verilator takes nothing else.
    text = """\
@ //x:m m.sv top=m
typedef byte v;
module m;
  typedef struct packed {byte a; int b;} s;
  localparam s x = '{v: 1, int: 2};
  initial begin $display("%0d %0d", x.a, x.b); $finish; end
endmodule
"""
    done = run_case(text)
    assert not done.problems, [d.render() for d in done.problems]
    assert simulators.run(write_isolated(done), "m") == ["1 2"]
