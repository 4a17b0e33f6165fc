"""How long a rename takes and how much memory: 30,000 lines with 60 renamed definitions.

Run `python tests/benchmarks/mangle_speed.py` in the repository. It runs the program
hdl_mangle on files, prints one line of figures, and ends with 1 if one is over its limit.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY))

from hdl_py.mangle.model import Core, CoreId, Language  # noqa: E402
from hdl_py.text.source import SourceText  # noqa: E402

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


def write_request(folder: Path, cores: tuple[Core, ...]) -> Path:
    """The design as files, and the request for them."""
    listed = []
    for core in cores:
        for file in core.files:
            (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
            (folder / file.path).write_bytes(file.data)
        listed.append(
            {
                "name": core.id.name,
                "version": core.id.version,
                "language": str(core.language),
                "sources": [f.path for f in core.sources],
                "depends": dict(core.depends),
            }
        )
    request = folder / "request.json"
    request.write_text(json.dumps({"cores": listed}))
    return request


def run_program(folder: Path, request: Path) -> tuple[float, dict[str, Any]]:
    """Wall time of the program from its start to its end, and the manifest that it writes."""
    out = folder / "out"
    command = [sys.executable, "-m", "tools.hdl_mangle", str(request), "--out", str(out)]
    before = time.perf_counter()
    subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, check=True)
    wall = time.perf_counter() - before
    written: dict[str, Any] = json.loads((out / "rename-manifest.json").read_text())
    return wall, written


def main() -> int:
    """Measure: the best of some runs, as other programs only make one slower."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=31_000)
    parser.add_argument("--definitions", type=int, default=60)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    cores = design(arguments.lines, arguments.definitions)
    lines = sum(f.data.count(b"\n") for c in cores for f in c.files)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        request = write_request(folder, cores)
        runs = [run_program(folder, request) for _ in range(arguments.runs)]
    wall, written = min(runs, key=lambda run: run[0])
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    shared = {r["old_name"] for r in written["renames"]}
    assert len(shared) == arguments.definitions
    edits = sum(len(r["edits"]) for r in written["renames"])
    print(
        f"lines {lines}, renamed definitions {len(shared)} in 2 versions, edits {edits}: {wall:.2f} s from start "
        f"to end, best of {len(runs)}, {memory:.0f} MiB (limits {SECONDS:.0f} s and {MEBIBYTES} MiB)"
    )
    return int(wall > SECONDS or memory > MEBIBYTES)


if __name__ == "__main__":
    sys.exit(main())
