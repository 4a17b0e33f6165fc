"""What a cycle costs through a crate, beside a native C++ loop and calls through `libloading`.

Run by hand, on a quiet machine:

    python -m tests.benchmarks.ffi_bench [--cycles N] [--rounds N] [--check]

One program holds all the ways and takes turns between them; each prints its
best round. The model has 32 inputs and 32 outputs of 32 bits, and 512 bits wide
in and out; every input is set and every output read in each cycle. `--check`
fails where a crate costs more than 1.05 times the native loop, or is not twice
as fast as looking a symbol up for each access.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from hdl_py.verilated.model import Clock
from hdl_py.verilated.request import ModuleRequest, SourceUnit
from tools.ffi_build import build_crates
from tools.ffi_job import BuildOptions
from tools.ffi_native import Toolchain, find_toolchain

PORTS = 32
MOST_OVER_NATIVE = 1.05
LEAST_OVER_LOOK_UP = 2.0


def design() -> str:
    """The model: an adder and a register a port, and one wide register."""
    ports = "".join(f", input logic [31:0] i{n}, output logic [31:0] o{n}" for n in range(PORTS))
    body = "".join(f"    o{n} <= o{n} + i{n};\n" for n in range(PORTS))
    return (
        f"module bench(input logic clk{ports}, input logic [511:0] wi, output logic [511:0] wo);\n"
        f"  always_ff @(posedge clk) begin\n{body}    wo <= wi;\n  end\nendmodule\n"
    )


def native_cpp() -> str:
    """The same loop in C++, and one C function a port for the look-up way."""
    sets = "".join(f"    t.i{n} = uint32_t(k + {n});\n" for n in range(PORTS))
    sums = "".join(f"    s += t.o{n};\n" for n in range(PORTS))
    calls = "".join(
        f"void set_i{n}(Vverilated_bench* t, uint32_t v) {{ t->i{n} = v; }}\n"
        f"uint32_t get_o{n}(Vverilated_bench* t) {{ return t->o{n}; }}\n"
        for n in range(PORTS)
    )
    return f"""
#include "Vverilated_bench.h"
#include <chrono>
#include <cstring>
extern "C" {{
double native_loop(uint64_t n, uint32_t* out) {{
  VerilatedContext context;
  context.threads(1);
  Vverilated_bench t(&context);
  t.clk = 0;
  t.eval();
  uint32_t s = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (uint64_t k = 0; k < n; ++k) {{
{sets}    for (int w = 0; w < 16; ++w) t.wi[w] = uint32_t(k) ^ (0x9e3779b9u * w);
    t.clk = 1;
    t.eval();
    t.clk = 0;
    t.eval();
{sums}    for (int w = 0; w < 16; ++w) s += t.wo[w];
  }}
  *out = s;
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - begin).count();
}}
Vverilated_bench* model_new() {{
  VerilatedContext* context = new VerilatedContext;
  context->threads(1);
  return new Vverilated_bench(context);
}}
void model_eval(Vverilated_bench* t) {{ t->eval(); }}
void set_clk(Vverilated_bench* t, uint8_t v) {{ t->clk = v; }}
void set_wi(Vverilated_bench* t, const uint32_t* v) {{ std::memcpy(&t->wi, v, 64); }}
void get_wo(Vverilated_bench* t, uint32_t* v) {{ std::memcpy(v, &t->wo, 64); }}
{calls}}}
"""


def main_rs() -> str:
    """The program that takes turns."""
    sets = "".join(f"        dut.set_i{n}((k as u32).wrapping_add({n}));\n" for n in range(PORTS))
    sums = "".join(f"        s = s.wrapping_add(dut.o{n}());\n" for n in range(PORTS))
    look_sets = "".join(
        f'            call!(lib, b"set_i{n}", fn(T, u32))(t, (k as u32).wrapping_add({n}));\n' for n in range(PORTS)
    )
    look_sums = "".join(
        f'            s = s.wrapping_add(call!(lib, b"get_o{n}", fn(T) -> u32)(t));\n' for n in range(PORTS)
    )
    return f"""
use std::ffi::c_void;
use std::time::Instant;
use verilated_bench::Bench;
type T = *mut c_void;
extern "C" {{ fn native_loop(n: u64, out: *mut u32) -> f64; }}
macro_rules! call {{
    ($lib:expr, $name:expr, fn($($arg:ty),*) $(-> $ret:ty)?) => {{
        $lib.get::<unsafe extern "C" fn($($arg),*) $(-> $ret)?>($name).unwrap()
    }};
}}
fn pattern(k: u64) -> [u32; 16] {{
    std::array::from_fn(|w| (k as u32) ^ 0x9e37_79b9u32.wrapping_mul(w as u32))
}}
fn crate_loop(dut: &mut Bench, n: u64) -> (f64, u32) {{
    let mut s = 0u32;
    let begin = Instant::now();
    for k in 0..n {{
{sets}        dut.set_wi(pattern(k));
        dut.tick().unwrap();
{sums}        s = dut.wo().iter().fold(s, |s, &w| s.wrapping_add(w));
    }}
    (begin.elapsed().as_nanos() as f64, s)
}}
fn eval_loop(dut: &mut Bench, n: u64) -> (f64, u32) {{
    let mut s = 0u32;
    let begin = Instant::now();
    for k in 0..n {{
{sets}        dut.set_wi(pattern(k));
        dut.set_clk(true);
        dut.eval().unwrap();
        dut.set_clk(false);
        dut.eval().unwrap();
{sums}        s = dut.wo().iter().fold(s, |s, &w| s.wrapping_add(w));
    }}
    (begin.elapsed().as_nanos() as f64, s)
}}
fn look_up_loop(lib: &libloading::Library, n: u64) -> (f64, u32) {{
    let mut s = 0u32;
    unsafe {{
        let t = call!(lib, b"model_new", fn() -> T)();
        call!(lib, b"model_eval", fn(T))(t);
        let begin = Instant::now();
        for k in 0..n {{
{look_sets}            let wide = pattern(k);
            call!(lib, b"set_wi", fn(T, *const u32))(t, wide.as_ptr());
            call!(lib, b"set_clk", fn(T, u8))(t, 1);
            call!(lib, b"model_eval", fn(T))(t);
            call!(lib, b"set_clk", fn(T, u8))(t, 0);
            call!(lib, b"model_eval", fn(T))(t);
{look_sums}            let mut wide = [0u32; 16];
            call!(lib, b"get_wo", fn(T, *mut u32))(t, wide.as_mut_ptr());
            s = wide.iter().fold(s, |s, &w| s.wrapping_add(w));
        }}
        (begin.elapsed().as_nanos() as f64, s)
    }}
}}
fn main() {{
    let mut args = std::env::args().skip(1);
    let n: u64 = args.next().unwrap().parse().unwrap();
    let rounds: u32 = args.next().unwrap().parse().unwrap();
    let lib = unsafe {{ libloading::Library::new(args.next().unwrap()).unwrap() }};
    let mut best = [f64::MAX; 4];
    for _ in 0..rounds {{
        let mut native_sum = 0;
        let native = unsafe {{ native_loop(n, &mut native_sum) }};
        let mut dut = Bench::new().unwrap();
        dut.eval().unwrap();
        let (ticks, sum) = crate_loop(&mut dut, n);
        assert_eq!(sum, native_sum);
        let mut dut = Bench::new().unwrap();
        dut.eval().unwrap();
        let (evals, sum) = eval_loop(&mut dut, n);
        assert_eq!(sum, native_sum);
        let few = n / 20;
        let look_up = look_up_loop(&lib, few).0 * 20.0;
        for (best, time) in best.iter_mut().zip([native, ticks, evals, look_up]) {{
            *best = best.min(time / n as f64);
        }}
    }}
    let names = ["native C++ loop", "crate, tick", "crate, two evals", "look-up each access"];
    for (name, time) in names.iter().zip(best) {{
        println!("{{name:20}} {{time:8.1}} ns a cycle {{:8.3}} of native", time / best[0]);
    }}
}}
"""


def prepare(folder: Path, toolchain: Toolchain, cache: Path) -> Path:
    """Builds everything; returns the program."""
    (folder / "bench.sv").write_text(design(), encoding="utf-8")
    request = ModuleRequest("bench", "bench", (SourceUnit(("bench.sv",)),), clocks=(Clock("clk"),))
    build_crates([request], toolchain, BuildOptions(folder, folder / "crates", cache, dynamic=False))
    app = folder / "app"
    (app / "src").mkdir(parents=True)
    (app / "src" / "main.rs").write_text(main_rs(), encoding="utf-8")
    (app / "native.cpp").write_text(native_cpp(), encoding="utf-8")
    (app / "Cargo.toml").write_text(
        '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nlibloading = "0.8"\n'
        'verilated_bench = { path = "../crates/verilated_bench" }\n[profile.release]\ndebug = false\n',
        encoding="utf-8",
    )
    (app / "build.rs").write_text(
        'fn main() { println!("cargo:rustc-link-search=native={}", std::env::var("CARGO_MANIFEST_DIR").unwrap());\n'
        '  println!("cargo:rustc-link-lib=static=native"); }\n',
        encoding="utf-8",
    )
    _native(folder, app, toolchain)
    environment = {**os.environ, "CARGO_TARGET_DIR": str(folder / "target")}
    subprocess.run(["cargo", "build", "--release", "-q"], cwd=app, check=True, env=environment)
    return folder / "target" / "release" / "app"


def _native(folder: Path, app: Path, toolchain: Toolchain) -> None:
    generated = folder / "cpp"
    subprocess.run(
        [str(toolchain.verilator), "--cc", "bench.sv", "--top-module", "bench", "--prefix", "Vverilated_bench",
         "--Mdir", str(generated), "--no-timing", "-O3", "--quiet-stats"],
        cwd=folder, check=True, env={**os.environ, "VERILATOR_ROOT": str(toolchain.root)},
    )  # fmt: skip
    flags = ["-std=gnu++20", "-O2", "-fPIC", "-DVL_TIME_CONTEXT", "-fno-semantic-interposition",
             "-fno-stack-protector", "-fomit-frame-pointer", f"-I{generated}", *toolchain.include_flags]  # fmt: skip
    # The loop alone: its model is the crate's own code, so that only the way to it differs.
    subprocess.run([*toolchain.cxx, *flags, "-c", "native.cpp", "-o", "native.o"], cwd=app, check=True)
    subprocess.run([*toolchain.ar, "rcs", "libnative.a", "native.o"], cwd=app, check=True)
    include = toolchain.root / "include"
    runtime = [str(include / "verilated.cpp"), str(include / "verilated_threads.cpp")]
    subprocess.run(
        [*toolchain.cxx, *flags, "-shared", "-pthread", "native.cpp", *map(str, generated.glob("*.cpp")), *runtime,
         "-o", "libcalls.so"], cwd=app, check=True,
    )  # fmt: skip


def ratios(output: str) -> list[float]:
    """The last column of every line."""
    return [float(x) for x in re.findall(r"([0-9.]+) of native", output)]


@click.command()
@click.option("--cycles", default=20_000, help="Cycles a round: few enough for one time slice.")
@click.option("--rounds", default=300, help="Rounds; the best counts.")
@click.option("--check", is_flag=True, help="Fail where a bound is not met.")
@click.option("--cache", default="", help="Folder where the compiled runtime is kept.")
def command(cycles: int, rounds: int, check: bool, cache: str) -> None:
    """Builds the program, runs it, prints the times and ratios."""
    folder = Path(tempfile.mkdtemp(prefix="ffi_bench_"))
    try:
        program = prepare(folder, find_toolchain(os.environ), Path(cache or folder / "cache"))
        calls = folder / "app" / "libcalls.so"
        result = subprocess.run([str(program), str(cycles), str(rounds), str(calls)], check=True, capture_output=True)
        output = result.stdout.decode()
        print(output, end="")
        _, tick, _, look_up = ratios(output)
        if check and (tick > MOST_OVER_NATIVE or look_up / tick < LEAST_OVER_LOOK_UP):
            print(
                f"error: tick costs {tick} of native (at most {MOST_OVER_NATIVE}), look-ups {look_up}", file=sys.stderr
            )
            sys.exit(1)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    command()
