"""Random chains of units that shake hands: requests go one way, answers the other, within a cycle or through registers.

An answer may follow the request that it answers, so that an input of a unit follows the unit's own outputs; what a unit
requests never follows the answers that it gets, so that nothing follows itself. Ports are narrow and wide, units stand
in units several times, and a clock may pass through a gate that is a unit of its own.
"""

from __future__ import annotations

from random import Random

from tests.equivalence.bench import Design, Unit

WIDTHS = (1, 5, 8, 31, 33, 64, 65, 100)
GATE = Unit(
    "gate",
    "module gate(input logic clk, en, output logic gclk);"
    " logic l; always_latch if (!clk) l = en; assign gclk = clk & l; endmodule\n",
)


def _ports(width: int, answer: str) -> str:
    return (
        f"input logic clk, rst_n, en, input logic valid, input logic [{width - 1}:0] data, output logic took, "
        f"output logic req, output logic [{width - 1}:0] out, input logic {answer}"
    )


def _stage(random: Random, name: str, width: int, answer: str) -> Unit:
    """A register for one item, with what passes it by drawn at random."""
    edge = random.choice(["posedge clk", "posedge clk", "posedge clk", "negedge clk"])
    reset = random.choice(["async", "sync", "none"])
    lines = ["logic full;", f"logic [{width - 1}:0] kept, count;"]
    clock = edge
    if random.random() < 0.3:
        opened = random.choice(["valid | full", "en", f"{answer} | ~full", "full | data[0]"])
        idle, gated = ("!clk", "clk & l") if edge.startswith("pos") else ("clk", "clk | ~l")
        lines += ["logic l;", f"always_latch if ({idle}) l = {opened};", f"wire g = {gated};"]
        clock = f"{edge.split()[0]} g"
    event = f"{clock} or negedge rst_n" if reset == "async" else clock
    guard = "if (!rst_n) {} <= 0; else " if reset != "none" else ""
    lines += [
        f"always_ff @({event}) {guard.format('full')}full <= (valid & took) | (full & ~{answer});",
        f"always_ff @({clock}) if (valid & took) kept <= data ^ count;",
        f"always_ff @({edge}) count <= count + {width}'({random.choice(['1', 'en', 'kept', 'valid', answer])});",
    ]
    took = ["~full", f"~full | {answer}", f"~full | ({answer} & en)", f"(~full | {answer}) & (valid ^ data[0])"]
    req = ["full", "full", "full | valid", "full & en", "full ^ (valid & en)"]
    out = ["kept", "kept", "full ? kept : data", f"kept ^ {width}'(en)", "kept + (data & count)"]
    lines += [
        f"assign took = {random.choice(took)};",
        f"assign req = {random.choice(req)};",
        f"assign out = {random.choice(out)};",
    ]
    return Unit(name, f"module {name}({_ports(width, answer)});\n  " + "\n  ".join(lines) + "\nendmodule\n")


def _pair(random: Random, name: str, first: Unit, second: Unit, width: int, answer: str) -> Unit:
    """A unit of two, which answer one another."""
    lines = [f"logic [{width - 1}:0] d; logic r, t;"]
    given = random.choice(["t", "t & en", "t | ~r"])
    lines += [
        f"{first.name} one(clk, rst_n, en, valid, data, took, r, d, {given});",
        f"{second.name} two(clk, rst_n, {random.choice(['en', '~en', 'valid'])}, r, d, t, req, out, {answer});",
    ]
    return Unit(name, f"module {name}({_ports(width, answer)});\n  " + "\n  ".join(lines) + "\nendmodule\n")


def handshake_design(random: Random) -> Design:
    """A top as `random_design` has it, over a chain of units."""
    width = random.choice(WIDTHS)
    answer = random.choice(["gnt", "ack", "ready", "stop", "z"])
    units = [_stage(random, f"stage{k}", width, answer) for k in range(random.randint(1, 2))]
    if random.random() < 0.6:
        units.append(_pair(random, "pair", random.choice(units), random.choice(units), width, answer))
    passes = random.random() < 0.3
    count = random.randint(2, 4)
    lines = ["logic [7:0] ra; always_ff @(posedge clk) ra <= ra + a;"]
    if passes:
        lines.append(f"wire gclk; gate cg(clk, {random.choice(['a[0]', 'ra[0]', 't0', 'ra[0] | r1'])}, gclk);")
    source = random.choice([f"{width}'({{a, b, ra}})", f"{width}'(ra)", f"{width}'({{13{{a ^ ra}}}})"])
    for k in range(count + 1):
        lines.append(f"wire r{k}, t{k}; wire [{width - 1}:0] d{k};")
    lines += [f"assign r0 = {random.choice(['a[1]', 'ra[1]', '1'])};", f"assign d0 = {source};"]
    for k in range(count):
        unit = units[-1] if k == 0 else random.choice(units)
        clock = random.choice(["clk", "gclk"]) if passes else "clk"
        en = random.choice(["b[2]", "ra[2]", f"r{k}", f"^d{k}"])
        lines.append(f"{unit.name} u{k}({clock}, rst_n, {en}, r{k}, d{k}, t{k}, r{k + 1}, d{k + 1}, t{k + 1});")
    last = random.choice(["b[3]", f"r{count}", f"r{count} & ra[3]", f"~^d{count}"])
    lines.append(f"assign t{count} = {last};")
    seen = ["ra", *(f"r{k}, t{k}, d{k}" for k in range(count + 1))]
    bits = 8 + (width + 2) * (count + 1)
    top = (
        f"module top(input logic clk, clk2, rst_n, input logic [7:0] a, b, output logic [{bits - 1}:0] seen);\n  "
        + "\n  ".join(lines)
        + f"\n  assign seen = {{{', '.join(seen)}}};\nendmodule\n"
    )
    return Design(top, (*units, GATE) if passes else tuple(units))
