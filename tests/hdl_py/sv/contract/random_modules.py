"""Random modules, as hypothesis draws them: registers, gates, latches, children, functions, loops."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

INPUTS = {"clk": 1, "k2": 1, "rst_n": 1, "a": 1, "b": 1, "x": 4, "y": 4}
OUTPUTS = {"o": 1, "p": 1, "z": 4}


@dataclass
class Text:
    """A module under construction.

    Attributes:
        widths: bits of every signal that may be read.
        lines: of the body.
        helpers: child modules.
        count: makes names.
    """

    widths: dict[str, int]
    lines: list[str] = field(default_factory=list)
    helpers: list[str] = field(default_factory=list)
    count: int = 0

    def name(self, stem: str) -> str:
        """A new name."""
        self.count += 1
        return f"{stem}{self.count}"


def operand(draw: st.DrawFn, text: Text, width: int) -> str:
    """A value of some bits made from one signal or number."""
    if draw(st.integers(0, 9)) == 0:
        return f"{width}'d{draw(st.integers(0, 2**width - 1))}"
    name = draw(st.sampled_from(sorted(text.widths)))
    bits = text.widths[name]
    if bits == width:
        return name
    if bits > width:
        if draw(st.booleans()):
            low = draw(st.integers(0, bits - width))
            return f"{name}[{low}+:{width}]"
        index = draw(st.sampled_from([n for n, w in sorted(text.widths.items()) if w == 4]))
        return f"{name}[{index}[1:0]]" if width == 1 else f"{width}'({name} >> {index}[0])"
    fill = draw(st.sampled_from(["{%d{%s}}", "%d'(%s)"]))
    return "{" + fill % (width // bits, name) + "}" if fill.startswith("{") else fill % (width, name)


def expression(draw: st.DrawFn, text: Text, width: int, depth: int = 2) -> str:
    """A value of some bits."""
    if depth == 0 or draw(st.integers(0, 3)) == 0:
        return operand(draw, text, width)
    kind = draw(st.integers(0, 7))
    left = expression(draw, text, width, depth - 1)
    if kind == 0:
        return f"(~{left})"
    right = expression(draw, text, width, depth - 1)
    if kind <= 4:
        return f"({left} {draw(st.sampled_from(['&', '|', '^', '+']))} {right})"
    if kind == 5:
        return f"({expression(draw, text, 1, 0)} ? {left} : {right})"
    if kind == 6 and width == 1:
        return f"({operand(draw, text, 4)} == {operand(draw, text, 4)})"
    if kind == 7 and width == 4:
        return f"{{{operand(draw, text, 1)}, {left}[2:0]}}" if left.isidentifier() else left
    return f"({left} ^ {right})"


def assignments(draw: st.DrawFn, text: Text, target: str, width: int, sign: str, depth: int = 2) -> list[str]:
    """Statements that give a target a value, perhaps not on every path."""
    kind = draw(st.integers(0, 7)) if depth else 0
    value = expression(draw, text, width)
    if kind <= 2:
        return [f"{target} {sign} {value};"]
    if kind == 3:
        body = assignments(draw, text, target, width, sign, depth - 1)
        other = assignments(draw, text, target, width, sign, depth - 1)
        return [f"if ({expression(draw, text, 1, 1)}) begin", *body, "end else begin", *other, "end"]
    if kind == 4:
        body = assignments(draw, text, target, width, sign, depth - 1)
        return [f"{target} {sign} {value};", f"if ({expression(draw, text, 1, 1)}) begin", *body, "end"]
    if kind == 5 and width == 4:
        return [
            f"{target} {sign} {value};",
            f"for (int i = 0; i < 3; i++) if ({operand(draw, text, 1)}) {target}[i] {sign} {operand(draw, text, 1)};",
        ]
    if kind == 6:
        selector = draw(st.sampled_from(["x[1:0]", "y[2:1]"]))
        arms = draw(st.sets(st.integers(0, 3), min_size=1, max_size=4))
        lines = [f"case ({selector})"]
        lines += [f"2'd{n}: {target} {sign} {expression(draw, text, width, 1)};" for n in sorted(arms)]
        if draw(st.booleans()):
            lines.append(f"default: {target} {sign} {expression(draw, text, width, 1)};")
        return [*lines, "endcase"]
    if draw(st.integers(0, 3)) == 0:
        return [f"if ({expression(draw, text, 1, 1)}) {target} {sign} {value};"]
    return [f"{target} {sign} {value};"]


def event(draw: st.DrawFn, text: Text, clocks: list[str]) -> tuple[str, str]:
    """An event control's text, and the test of its reset, which may be empty."""
    clock = draw(st.sampled_from(clocks))
    if draw(st.integers(0, 2)) == 0:
        return f"{clock} or negedge rst_n", "!rst_n"
    return clock, ""


def register(draw: st.DrawFn, text: Text, clocks: list[str]) -> None:
    """A register or a few bits of state."""
    name, width = text.name("r"), draw(st.sampled_from([1, 1, 4]))
    text.lines.append(f"  logic [{width - 1}:0] {name} = 0;" if width > 1 else f"  logic {name} = 0;")
    text.widths[name] = width
    when, reset = event(draw, text, clocks)
    body = " ".join(assignments(draw, text, name, width, "<="))
    if reset:
        start = expression(draw, text, width, 1) if draw(st.integers(0, 7)) == 0 else f"{width}'d0"
        body = f"if ({reset}) {name} <= {start}; else begin {body} end"
    text.lines.append(f"  always_ff @({when}) begin {body} end")


def logic(draw: st.DrawFn, text: Text) -> None:
    """Combinational code, or what should have been."""
    name, width = text.name("w"), draw(st.sampled_from([1, 4]))
    declared = f"logic [{width - 1}:0] {name};" if width > 1 else f"logic {name};"
    kind = draw(st.integers(0, 3))
    if kind == 0:
        text.lines.append(f"  {declared} assign {name} = {expression(draw, text, width)};")
    elif kind == 1:
        function, argument = text.name("f"), operand(draw, text, 1)
        inner = expression(draw, text, width, 1)
        text.lines.append(
            f"  function automatic logic [{width - 1}:0] {function}(input logic i); "
            f"if (i) return {inner}; return {expression(draw, text, width, 1)}; endfunction"
        )
        text.lines.append(f"  {declared} always_comb {name} = {function}({argument});")
    else:
        text.lines.append(f"  {declared} always_comb begin {' '.join(assignments(draw, text, name, width, '='))} end")
    text.widths[name] = width


def child(draw: st.DrawFn, text: Text, clocks: list[str]) -> None:
    """An instance of a small module of its own."""
    module, name = text.name("child"), text.name("c")
    shape = draw(
        st.sampled_from(
            [
                "always_ff @(posedge k) q <= d ^ e;",
                "assign q = d & e;",
                "logic s; always_ff @(posedge k) s <= d; assign q = s | e;",
                "always_ff @(negedge k) q <= d;",
            ]
        )
    )
    text.helpers.append(f"module {module}(input logic k, d, e, output logic q); {shape} endmodule")
    clock = draw(st.sampled_from(clocks)).split()[-1]
    text.lines.append(
        f"  logic {name}; {module} u{name}(.k({clock}), .d({expression(draw, text, 1, 1)}), "
        f".e({operand(draw, text, 1)}), .q({name}));"
    )
    text.widths[name] = 1


def clock(draw: st.DrawFn, text: Text, clocks: list[str]) -> None:
    """A clock made inside, well or badly."""
    name, base = text.name("g"), "clk"
    data = expression(draw, text, 1, 1)
    kind = draw(st.integers(0, 4))
    if kind <= 1:
        text.lines.append(f"  logic l{name}, {name}; always_latch if (!{base}) l{name} = {data};")
        text.lines.append(f"  assign {name} = {base} & l{name};")
    elif kind == 2:
        text.lines.append(f"  logic {name}; assign {name} = {base} & {data};")
    elif kind == 3:
        text.lines.append(f"  logic {name} = 0; always_ff @(posedge {base}) {name} <= {data};")
    else:
        text.lines.append(f"  logic {name}; assign {name} = ~{base};")
    clocks.append(f"posedge {name}")


@st.composite
def modules(draw: st.DrawFn) -> str:
    """The text of a module `dut` and of its children."""
    text = Text({n: w for n, w in INPUTS.items() if n not in ("clk", "k2", "rst_n")})
    if draw(st.integers(0, 5)) == 0:
        text.widths["rst_n"] = 1
    clocks = ["posedge clk"]
    if draw(st.integers(0, 7)) == 0:
        clocks.append(draw(st.sampled_from(["posedge k2", "negedge clk"])))
    if draw(st.integers(0, 3)) == 0:
        clock(draw, text, clocks)
    for _ in range(draw(st.integers(1, 6))):
        kind: int = draw(st.integers(0, 6))
        if kind <= 2:
            register(draw, text, clocks)
        elif kind <= 5:
            logic(draw, text)
        else:
            child(draw, text, clocks)
    made = [n for n in text.widths if n not in INPUTS]
    for name, width in OUTPUTS.items():
        fitting: list[str] = [n for n in made if text.widths[n] == width]
        if fitting and draw(st.integers(0, 2)) > 0:
            text.lines.append(f"  assign {name} = {draw(st.sampled_from(fitting))};")
        else:
            text.lines.append(f"  assign {name} = {expression(draw, text, width, 1)};")
    ports = [f"input logic {'[3:0] ' if w == 4 else ''}{n}" for n, w in INPUTS.items()]
    ports += [f"output logic {'[3:0] ' if w == 4 else ''}{n}" for n, w in OUTPUTS.items()]
    return "\n".join([*text.helpers, f"module dut({', '.join(ports)});", *text.lines, "endmodule", ""])
