"""Random designs of units; what their contracts are is for the analysis to prove."""

from __future__ import annotations

from collections import Counter
from random import Random

from tests.equivalence.bench import Design, Unit, proven

PORTS = "input logic clk, input logic clk2, input logic rst_n, input logic [7:0] x, y, output logic [7:0] p, q"


def _expression(random: Random, *names: str) -> str:
    """Some function of all names."""
    text = random.choice(names)
    for name in random.sample(names, len(names)):
        operator = random.choice(["^", "+", "-", "&", "|", "^"])
        text = f"({text} {operator} ({name} ^ 8'd{random.randrange(256)}))"
    return random.choice([text, f"{{{text}}}", f"8'({text} * 3)", f"({names[0]}[0] ? {text} : ~{names[-1]})"])


def _bit(random: Random, *names: str) -> str:
    return f"{random.choice(names)}[{random.randrange(8)}]"


class _Body:
    """A body as it is drawn: lines, and what else may follow."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.lines: list[str] = []
        self.state: list[str] = []
        self.count = 0

    def expression(self, *names: str) -> str:
        return _expression(self.random, *names)

    def name(self, letter: str) -> str:
        self.count += 1
        return f"{letter}{self.count}"

    def event(self, clock: str, style: str) -> tuple[str, str]:
        """An event control and what guards the assignment in it."""
        if style == "async":
            return f"{clock} or negedge rst_n", f"if (!rst_n) {{}} <= 8'd{self.random.randrange(256)}; else "
        return clock, f"if (!rst_n) {{}} <= 8'd{self.random.randrange(256)}; else " if style == "sync" else ""

    def register(self, clock: str, style: str, *names: str) -> str:
        made = self.name("r")
        event, guard = self.event(clock, style)
        value = self.expression(made, *names, *self.state[:2])
        self.lines += [f"  logic [7:0] {made};", f"  always_ff @({event}) {guard.format(made)}{made} <= {value};"]
        self.state.append(made)
        return made

    def memory(self, clock: str) -> None:
        made, read = self.name("m"), self.name("r")
        self.lines += [
            f"  logic [7:0] {made}[4], {read};",
            f"  always_ff @({clock}) begin if (x[7]) {made}[x[1:0]] <= y; {read} <= {made}[y[1:0]]; end",
        ]
        self.state.append(read)

    def gate(self, rising: bool, *names: str) -> str:
        """A clock gate with a latch; gives the gated clock's event."""
        latch, gated = self.name("l"), self.name("g")
        enable = " | ".join(_bit(self.random, *names) for _ in range(self.random.randint(1, 2)))
        idle, clock = ("!clk", f"clk & {latch}") if rising else ("clk", f"clk | ~{latch}")
        self.lines += [
            f"  logic {latch};",
            f"  always_latch if ({idle}) {latch} = {enable};",
            f"  wire {gated} = {clock};",
        ]
        return f"{'posedge' if rising else 'negedge'} {gated}"

    def latch(self, *names: str) -> None:
        """A latch that a register opens."""
        made = self.name("h")
        opened = _bit(self.random, *self.state)
        self.lines += [f"  logic [7:0] {made};", f"  always_latch if ({opened}) {made} = {self.expression(*names)};"]
        self.state.append(made)


def _leaf(random: Random, name: str) -> Unit:
    body = _Body(random)
    kind = random.choice(["step", "step", "step", "step", "step", "comb", "general", "general"])
    if kind == "comb":
        body.lines += [f"  assign p = {body.expression('x', 'y')};", f"  assign q = {body.expression('x')};"]
        return Unit(name, f"module {name}({PORTS});\n" + "\n".join(body.lines) + "\nendmodule\n")
    style = random.choice(["async", "sync", "none"])
    rising = random.random() < (0.5 if kind == "general" else 0.75)
    clock = f"{'posedge' if rising else 'negedge'} clk"
    body.register(clock, style, "x")
    if kind == "general":
        body.register(random.choice(["posedge clk2", "negedge clk", "posedge clk", "edge clk"]), style, "y")
    else:
        body.register(clock, random.choice([style, "none"]), "y")
    if random.random() < 0.35:
        names = random.choice([("x",), ("x", body.state[0]), (body.state[0],), ("y", "x")])
        body.register(body.gate(rising, *names), random.choice([style, "none"]), "x", "y")
    if kind == "general" and random.random() < 0.6:
        # A clock that may be high at time zero.
        made = body.gate(rising or random.random() < 0.2, body.state[0]).split()[-1]
        for edge, read in (("posedge", "x"), ("negedge", "y")):
            body.register(f"{edge} {made}", "none", read)
    if random.random() < 0.12:
        # A clock made by a register: it may only move what other registers hold.
        body.register(f"posedge {body.state[0]}[0]", "none", body.state[1])
    if random.random() < 0.15:
        body.memory(clock)
    if random.random() < 0.1:
        body.latch(random.choice(["x", body.state[0]]))
    if random.random() < 0.15:
        made = body.name("r")
        past = random.choice(["$past(x)", "$past(y, 2)", f"$past({body.state[0]})", "{8{$rose(x[0])}}"])
        body.lines += [f"  logic [7:0] {made};", f"  always_ff @({clock}) {made} <= {past};"]
        body.state.append(made)
    for output in ("p", "q"):
        inputs = random.choice([(), (), ("x",), ("y",), ("x", "y")])
        value = body.expression(*random.sample(body.state, min(2, len(body.state))), *body.state[-1:], *inputs)
        gated = " & {8{rst_n}}" if random.random() < 0.04 else ""
        body.lines.append(f"  assign {output} = {value}{gated};")
    return Unit(name, f"module {name}({PORTS});\n" + "\n".join(body.lines) + "\nendmodule\n")


def _middle(random: Random, name: str, inner: Unit) -> Unit:
    """A unit around another, with registers before and behind it, perhaps with a gated clock."""
    body = _Body(random)
    rising = "negedge clk" not in inner.source or random.random() < 0.2
    clock = f"{'posedge' if rising else 'negedge'} clk"
    style = random.choice(["async", "none"])
    body.lines.append("  logic [7:0] a, b;")
    body.register(clock, style, "a", "y")
    used = "clk"
    if random.random() < 0.25:
        used = body.gate(rising, random.choice(["x", "r1"])).split()[-1]
    first = random.choice(["x", f"x ^ {body.state[0]}", body.state[0], f"a & {body.state[0]}"])
    if "a" in first:
        first = f"x | {body.state[0]}"  # No loop: the child's output may follow its input.
    body.lines.append(f"  {inner.name} u({used}, clk2, rst_n, {first}, y, a, b);")
    if random.random() < 0.3:
        body.register(clock, style, "b")
    body.lines += [f"  assign p = a + {body.state[-1]};", "  assign q = b;"]
    return Unit(name, f"module {name}({PORTS});\n" + "\n".join(body.lines) + "\nendmodule\n")


def random_design(random: Random) -> Design:
    """A top with inputs clk, clk2, rst_n, a, b and output `seen`, over one to four units."""
    made = [_leaf(random, f"leaf{k}") for k in range(random.randint(1, 2))]
    if random.random() < 0.6:
        made.append(_middle(random, "middle", random.choice(made)))
    if random.random() < 0.2 and made[-1].name == "middle":
        made.append(_middle(random, "outer", made[-1]))
    lines = ["  logic [7:0] ra, rb, rc; logic half, late;", "  always_ff @(posedge clk) half <= ~half & rst_n;"]
    # A clock that another unit makes is low at time zero.
    lines.append("  always_ff @(posedge clk) late <= 1;")
    seen = ["ra", "rb", "rc"]
    ready = ["a", "b", "ra", "rb", "rc"]
    for k in range(random.randint(2, 4)):
        chosen = random.choice(made) if k else made[-1]
        clocks = ["clk", "clk", "clk", "clk2", "half"]
        if k:
            # The second one may pulse several times in an evaluation, and resets may move both.
            bit = random.choice(["ra[1]", "rb[1]", f"q{k - 1}[1]"])
            clocks += [f"(p{k - 1}[0] & late)", f"((p{k - 1}[0] ^ {bit}) & late)"]
        texts = "".join(unit.source for unit in made)
        clock = random.choice(clocks)
        other = "clk2" if clock == "clk" else "clk"
        # A limit that docs/boundaries.md names: sampled values and ports of the top.
        plain = ready[2:] if "$" in texts else ready
        x, y = (random.choice([random.choice(plain), _expression(random, *random.sample(plain, 2))]) for _ in "xy")
        lines.append(f"  wire [7:0] p{k}, q{k};")
        lines.append(f"  {chosen.name} u{k}({clock}, {other}, rst_n, {x}, {y}, p{k}, q{k});")
        ready += [f"p{k}", f"q{k}"]
        seen += [f"p{k}", f"q{k}"]
    lines.append(
        f"  always_ff @(posedge clk or negedge rst_n) if (!rst_n) ra <= 0; else ra <= {random.choice(seen[3:])};"
    )
    lines.append(f"  always_ff @(posedge clk2) rb <= {_expression(random, random.choice(seen[3:]), 'b')};")
    lines.append(f"  always_ff @(negedge clk) rc <= {_expression(random, random.choice(seen[3:]), 'a')};")
    top = (
        "module top(input logic clk, clk2, rst_n, input logic [7:0] a, b, "
        f"output logic [{8 * len(seen) - 1}:0] seen);\n"
        + "\n".join(lines)
        + f"\n  assign seen = {{{', '.join(seen)}}};\nendmodule\n"
    )
    return Design(top, tuple(made))


def traits(design: Design) -> Counter[str]:
    """What the contracts in a design have."""
    found: Counter[str] = Counter()
    for sets in proven(design).values():
        for one in sets:
            found[one.contract.value] += 1
            for name in ("resets", "gates", "sampled", "samples", "recall", "starts", "cones"):
                found[name] += bool(getattr(one, name))
    return found
