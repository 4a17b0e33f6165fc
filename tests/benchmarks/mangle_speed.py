"""How long a rename takes and how much memory: 30,000 lines with 60 renamed definitions.

Run `python tests/benchmarks/mangle_speed.py` in the repository. It prints one line of
figures for each design and ends with 1 if a figure is over its limit.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from hdl_py.mangle.engine import Request, mangle
from hdl_py.mangle.model import Core, CoreId, Language
from hdl_py.sv.occurrences import SvFrontEnd
from hdl_py.text.source import SourceText

SECONDS = 3.0
MEBIBYTES = 300


def module(n: int, name: str, uses: list[str], lines: int) -> str:
    """A module of some lines: instances, package items, a state machine, arithmetic."""
    body = [f"module {name} import bus_pkg::*; #(parameter int W = {n % 31 + 2}) ("]
    body += ["  input  logic clk, rst_n,", "  input  word_t a, b,", "  output word_t q", ");", "  word_t acc [0:7];"]
    body += [
        f"  {u} #(.W(W)) u_{i} (.clk(clk), .rst_n(rst_n), .a(acc[{i % 8}]), .b(b), .q());" for i, u in enumerate(uses)
    ]
    while len(body) < lines - 8:
        k = len(body)
        body += [
            f"  // step {k}: {name} keeps its own sum",
            f"  word_t s{k};",
            f"  always_comb s{k} = bus_pkg::add(a, b) ^ word_t'(32'h{k:x}) + acc[{k % 8}];",
        ]
    body += ["  always_ff @(posedge clk or negedge rst_n)", "    if (!rst_n) acc <= '{default: bus_pkg::ZERO};"]
    body += ["    else acc[0] <= bus_pkg::add(a, b);", "  assign q = acc[0];", f"endmodule : {name}", ""]
    return "\n".join(body)


def package() -> str:
    """The package that everything imports."""
    return (
        "package bus_pkg;\n  typedef logic [31:0] word_t;\n  localparam word_t ZERO = '0;\n"
        "  function automatic word_t add(word_t x, word_t y); return x + y; endfunction\nendpackage : bus_pkg\n"
    )


def design(lines: int, definitions: int) -> tuple[Core, ...]:
    """Two versions of a core of so many shared definitions, and a user of each."""
    per = lines // (2 * definitions)
    units = []
    for version in ("1.0.0", "2.0.0"):
        files = [SourceText(f"v{version[0]}/bus_pkg.sv", package().encode())]
        for n in range(definitions - 1):
            uses = [f"block_{k}" for k in (2 * n + 1, 2 * n + 2) if k < definitions - 1]
            files.append(SourceText(f"v{version[0]}/block_{n}.sv", module(n, f"block_{n}", uses, per).encode()))
        units.append(Core(CoreId("unit", version), Language.SYSTEMVERILOG, "work", tuple(files)))
    users = []
    for k, unit in enumerate(units):
        text = f"module user_{k}; block_0 u(.clk(1'b0), .rst_n(1'b1), .a('0), .b('0), .q()); endmodule\n"
        source = (SourceText(f"user_{k}.sv", text.encode()),)
        users.append(
            Core(
                CoreId(f"user_{k}", "1"), Language.SYSTEMVERILOG, "work", source, (), (), {}, {"unit": unit.id.version}
            )
        )
    return (*units, *users)


def main() -> int:
    """Measure once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=31_000)
    parser.add_argument("--definitions", type=int, default=60)
    arguments = parser.parse_args()
    cores = design(arguments.lines, arguments.definitions)
    before, started = time.perf_counter(), time.process_time()
    outcome = mangle(Request(cores), {Language.SYSTEMVERILOG: SvFrontEnd()})
    wall, cpu = time.perf_counter() - before, time.process_time() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert not outcome.refusals, [r.render() for r in outcome.refusals[:5]]
    shared = {d.name for d in outcome.plan.renames}
    assert len(shared) == arguments.definitions
    lines = sum(f.data.count(b"\n") for c in cores for f in c.files)
    print(
        f"lines {lines}, renamed definitions {len(shared)} in 2 versions, edits {len(outcome.edits)}: "
        f"{wall:.2f} s wall, {cpu:.2f} s of processor, {memory:.0f} MiB "
        f"(limits {SECONDS:.0f} s of processor and {MEBIBYTES} MiB)"
    )
    return int(cpu > SECONDS or memory > MEBIBYTES)


if __name__ == "__main__":
    sys.exit(main())
