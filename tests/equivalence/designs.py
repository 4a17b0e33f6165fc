"""Random designs of units whose contracts are known by construction."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.model import UnitContract
from tests.equivalence.bench import Design, Unit, comb, general, step

PORTS = "input logic clk, input logic clk2, input logic rst_n, input logic [7:0] x, y, output logic [7:0] p, q"


def _expression(random: Random, *names: str) -> str:
    """Some function of all names."""
    text = random.choice(names)
    for name in random.sample(names, len(names)):
        operator = random.choice(["^", "+", "-", "&", "|", "^"])
        text = f"({text} {operator} ({name} ^ 8'd{random.randrange(256)}))"
    return random.choice([text, f"{{{text}}}", f"8'({text} * 3)", f"({names[0]}[0] ? {text} : ~{names[-1]})"])


@dataclass(frozen=True)
class _Made:
    unit: Unit
    kind: str
    follows: dict[str, tuple[str, ...]]  # output: inputs of its cone


def _contract(kind: str, reset: bool, follows: dict[str, tuple[str, ...]]) -> UnitContract:
    if kind == "comb":
        return comb()
    if kind == "general":
        return general("clk", "clk2", *(["rst_n"] if reset else []))
    cones: dict[tuple[str, ...], list[str]] = {}
    for output, inputs in follows.items():
        cones.setdefault(inputs, []).append(output)
    return step(edge=kind, resets=["rst_n"] if reset else [], cones=cones)


def _leaf(random: Random, name: str) -> _Made:
    kind = random.choice(["posedge", "posedge", "posedge", "negedge", "comb", "general"])
    style = random.choice(["async", "sync", "none"]) if kind != "comb" else "none"
    e = lambda *names: _expression(random, *names)  # noqa: E731
    lines, follows = ["  logic [7:0] r, s;"], {}
    if kind == "comb":
        lines += [f"  assign p = {e('x', 'y')};", f"  assign q = {e('x')};"]
        follows = {"p": ("x", "y"), "q": ("x",)}
    else:
        first = "posedge" if kind == "general" else kind
        edge = f"{first} clk{' or negedge rst_n' if style == 'async' else ''}"
        guard = "" if style == "none" else f"if (!rst_n) r <= 8'd{random.randrange(256)}; else "
        lines.append(f"  always_ff @({edge}) {guard}r <= {e('r', 's', 'x')};")
        second = random.choice(["posedge clk2", "negedge clk"]) if kind == "general" else f"{first} clk"
        lines.append(f"  always_ff @({second}) s <= {e('s', 'r', 'y')};")
        for output in ("p", "q"):
            inputs = random.choice([(), (), ("x",), ("y",), ("x", "y")])
            lines.append(f"  assign {output} = {e('r', 's', *inputs)};")
            if inputs:
                follows[output] = inputs
    text = f"module {name}({PORTS});\n" + "\n".join(lines) + "\nendmodule\n"
    return _Made(Unit(name, text, _contract(kind, style == "async", follows)), kind, follows)


def _middle(random: Random, name: str, inner: _Made) -> _Made:
    """A unit around another, with a register before or behind it."""
    kind = "posedge" if inner.kind == "comb" else inner.kind
    edge = "posedge" if kind == "general" else kind
    reset = bool(inner.unit.contract.resets) or "rst_n" in {c.port for c in inner.unit.contract.clocks}
    text = (
        f"module {name}({PORTS});\n  logic [7:0] r, a, b;\n"
        f"  always_ff @({edge} clk) r <= {_expression(random, 'r', 'a', 'y')};\n"
        f"  {inner.unit.name} u(clk, clk2, rst_n, x ^ r, y, a, b);\n"
        f"  assign p = a + r;\n  assign q = b;\nendmodule\n"
    )
    return _Made(Unit(name, text, _contract(kind, reset, inner.follows)), kind, inner.follows)


def random_design(random: Random) -> Design:
    """A top with inputs clk, clk2, rst_n, a, b and output `seen`, over one to three units."""
    made = [_leaf(random, f"leaf{k}") for k in range(random.randint(1, 2))]
    if random.random() < 0.6:
        made.append(_middle(random, "middle", random.choice(made)))
    if random.random() < 0.2 and made[-1].unit.name == "middle":
        made.append(_middle(random, "outer", made[-1]))
    count = random.randint(2, 4)
    lines = ["  logic [7:0] ra, rb;"]
    seen = ["ra", "rb"]
    ready = ["a", "b", "ra", "rb"]
    for k in range(count):
        chosen = random.choice(made) if k else made[-1]
        clock = random.choice(["clk", "clk", "clk2"])
        other = "clk2" if clock == "clk" else "clk"
        x, y = (random.choice([random.choice(ready), _expression(random, *random.sample(ready, 2))]) for _ in "xy")
        lines.append(f"  wire [7:0] p{k}, q{k};")
        lines.append(f"  {chosen.unit.name} u{k}({clock}, {other}, rst_n, {x}, {y}, p{k}, q{k});")
        ready += [f"p{k}", f"q{k}"]
        seen += [f"p{k}", f"q{k}"]
    lines.append(
        f"  always_ff @(posedge clk or negedge rst_n) if (!rst_n) ra <= 0; else ra <= {random.choice(seen[2:])};"
    )
    lines.append(f"  always_ff @(posedge clk2) rb <= {_expression(random, random.choice(seen[2:]), 'b')};")
    top = (
        "module top(input logic clk, clk2, rst_n, input logic [7:0] a, b, "
        f"output logic [{8 * len(seen) - 1}:0] seen);\n"
        + "\n".join(lines)
        + f"\n  assign seen = {{{', '.join(seen)}}};\nendmodule\n"
    )
    return Design(top, tuple(one.unit for one in made))


def contracts(design: Design) -> set[Contract]:
    """The contracts in a design."""
    return {unit.contract.contract for unit in design.units}
