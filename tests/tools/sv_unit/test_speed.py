"""How long sv_unit takes and how much memory it needs, start of the process included.

Processor time, not wall time: other work on the machine must not decide.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.hdl_py.sv.cores import cv32e40p, ibex
from tests.hdl_py.sv.running import preprocessor

# The kernel counts the parent's memory into a child's `ru_maxrss`, but not into the peak of its own address space.
_RUN = """
import runpy, sys
try:
    runpy.run_module("tools.sv_unit", run_name="__main__", alter_sys=True)
finally:
    with open("/proc/self/status") as status, open("peak", "w") as peak:
        peak.write(next(line for line in status if line.startswith("VmHWM:")))
"""


def measured(*arguments: str) -> tuple[float, float]:
    """Seconds of processor time and peak megabytes of one run; the time is that of Verilator's preprocessor as well."""
    tool = preprocessor()
    argv = [sys.executable, "-c", _RUN, "--label=//x:u", f"--verilator={tool.binary}"]
    argv += [f"--verilator-root={tool.root}", *arguments]
    argv += [f"--out-{kind}=out.{kind}" for kind in ("json", "sv", "svi", "map")]
    root = str(Path(__file__).resolve().parents[3])
    process = os.posix_spawn(
        sys.executable, argv, {"PYTHONPATH": os.pathsep.join([root, *sys.path]), "PYTHONHASHSEED": "0"}
    )
    _, status, usage = os.wait4(process, 0)
    assert status == 0
    return usage.ru_utime + usage.ru_stime, int(Path("peak").read_text().split()[1]) / 1024


def best(count: int, *arguments: str) -> tuple[float, float]:
    """The least of several runs."""
    runs = [measured(*arguments) for _ in range(count)]
    return min(seconds for seconds, _ in runs), max(megabytes for _, megabytes in runs)


def module(name: str, lines: int) -> str:
    """A module of about so many lines, twice as dense as real ones."""
    body = "\n".join(
        f"  logic [7:0] s{n};\n  always_ff @(posedge clk) s{n} <= s{max(n - 1, 0)} + 8'd{n % 256};"
        for n in range((lines - 3) // 2)
    )
    return f"module {name}(input logic clk, output logic [7:0] q);\n{body}\n  assign q = s0;\nendmodule\n"


def test_a_unit_of_300_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.sv").write_text("typedef int t;\n" + module("a", 300))
    seconds, megabytes = best(3, "--src=a.sv")
    assert seconds < 0.4, seconds
    assert megabytes < 100, megabytes


def test_a_unit_of_30_000_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = "import values::*;\ntypedef logic [7:0] t;\nfunction automatic t f(t x); return x + ONE; endfunction\n"
    text = "package values; parameter ONE = 1; endpackage\n" + text
    for n in range(30):
        text += module(f"m{n}", 990) + f"module n{n}(input t x); t y = f(x) + ONE; endmodule\n"
    Path("a.sv").write_text(text)
    assert text.count("\n") > 29_700
    seconds, megabytes = best(2, "--src=a.sv")
    assert seconds < 3, seconds
    assert megabytes < 300, megabytes


def test_a_unit_of_30_000_lines_of_real_cores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    packages, others, more = [], [], []
    for core in (ibex(), cv32e40p()):
        chosen = [f for f in core.files if "/vendor/" not in f or "ibex" in f]
        packages += [f for f in chosen if "_pkg" in f]
        others += [f for f in chosen if "_pkg" not in f and "tb_wrapper" not in f and "tracing" not in f]
        more += [f"--hdr={h}" for h in core.headers] + [f"--include-dir={i}" for i in core.includes]
    # In the order that packages need, then as many modules as make 30,000 lines.
    packages.sort(key=lambda f: ("ibex_pkg" in f or "alert" in f or "esc_pkg" in f or "tracer" in f, f))
    count, srcs = 0, []
    for file in (*packages, *others):
        if count < 30_000:
            srcs.append(file)
            count += Path(file).read_bytes().count(b"\n")
    assert count >= 30_000
    waive = ["--waive=unknown-definition"]
    seconds, megabytes = best(1, *(f"--src={s}" for s in srcs), *more, *waive)
    assert seconds < 3, seconds
    assert megabytes < 300, megabytes
