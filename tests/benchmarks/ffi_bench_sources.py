"""Writes the sources of the benchmark `ffi_bench`: a module, a loop in C++, C functions, a program in Rust.

The module has 32 inputs and 32 outputs of 32 bits, and 512 bits wide in and
out. The program holds all the ways to drive it and takes turns between them:
every input is set and every output read in each cycle.
"""

from __future__ import annotations

from pathlib import Path

import click

PORTS = 32
MODEL = "Vverilated_ffi_bench"


def design() -> str:
    """The model: an adder and a register a port, and one wide register."""
    ports = "".join(f", input logic [31:0] i{n}, output logic [31:0] o{n}" for n in range(PORTS))
    body = "".join(f"    o{n} <= o{n} + i{n};\n" for n in range(PORTS))
    return (
        f"module ffi_bench(input logic clk{ports}, input logic [511:0] wi, output logic [511:0] wo);\n"
        f"  always_ff @(posedge clk) begin\n{body}    wo <= wi;\n  end\nendmodule\n"
    )


def native_cpp() -> str:
    """The same loop in C++."""
    sets = "".join(f"    t.i{n} = uint32_t(k + {n});\n" for n in range(PORTS))
    sums = "".join(f"    s += t.o{n};\n" for n in range(PORTS))
    return f"""
#include "{MODEL}.h"
#include <chrono>
extern "C" {{
double native_loop(uint64_t n, uint32_t* out) {{
  VerilatedContext context;
  context.threads(1);
  {MODEL} t(&context);
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
}}
"""


def calls_cpp() -> str:
    """A C function a port, as generated wrappers have them."""
    calls = "".join(
        f"void set_i{n}({MODEL}* t, uint32_t v) {{ t->i{n} = v; }}\n"
        f"uint32_t get_o{n}({MODEL}* t) {{ return t->o{n}; }}\n"
        for n in range(PORTS)
    )
    return f"""
#include "{MODEL}.h"
#include <cstring>
extern "C" {{
{MODEL}* model_new() {{
  VerilatedContext* context = new VerilatedContext;
  context->threads(1);
  return new {MODEL}(context);
}}
void model_eval({MODEL}* t) {{ t->eval(); }}
void set_clk({MODEL}* t, uint8_t v) {{ t->clk = v; }}
void set_wi({MODEL}* t, const uint32_t* v) {{ std::memcpy(&t->wi, v, 64); }}
void get_wo({MODEL}* t, uint32_t* v) {{ std::memcpy(v, &t->wo, 64); }}
{calls}}}
"""


def main_rs() -> str:
    """The program that takes turns."""
    sets = "".join(f"        dut.set_i{n}((k as u32).wrapping_add({n}));\n" for n in range(PORTS))
    sums = "".join(f"        s = s.wrapping_add(dut.o{n}());\n" for n in range(PORTS))
    look_sets = "".join(
        f'            call!(lib, b"set_i{n}\\0", fn(T, u32))(t, (k as u32).wrapping_add({n}));\n' for n in range(PORTS)
    )
    look_sums = "".join(
        f'            s = s.wrapping_add(call!(lib, b"get_o{n}\\0", fn(T) -> u32)(t));\n' for n in range(PORTS)
    )
    kept_sets = "".join(f"            set_i[{n}](t, (k as u32).wrapping_add({n}));\n" for n in range(PORTS))
    kept_sums = "".join(f"            s = s.wrapping_add(get_o[{n}](t));\n" for n in range(PORTS))
    found_sets = ", ".join(f'call!(lib, b"set_i{n}\\0", fn(T, u32))' for n in range(PORTS))
    found_gets = ", ".join(f'call!(lib, b"get_o{n}\\0", fn(T) -> u32)' for n in range(PORTS))
    return f"""
use std::ffi::{{c_char, c_int, c_void, CString}};
use std::process::ExitCode;
use std::time::Instant;
use verilated_ffi_bench::FfiBench;
type T = *mut c_void;
extern "C" {{
    fn native_loop(n: u64, out: *mut u32) -> f64;
    fn dlopen(file: *const c_char, flags: c_int) -> *mut c_void;
    fn dlsym(library: *mut c_void, name: *const c_char) -> *mut c_void;
}}
// What `libloading` does for each `get`, at the least.
macro_rules! call {{
    ($lib:expr, $name:expr, fn($($arg:ty),*) $(-> $ret:ty)?) => {{{{
        let address = dlsym($lib, $name.as_ptr().cast());
        assert!(!address.is_null());
        std::mem::transmute::<*mut c_void, unsafe extern "C" fn($($arg),*) $(-> $ret)?>(address)
    }}}};
}}
fn pattern(k: u64) -> [u32; 16] {{
    std::array::from_fn(|w| (k as u32) ^ 0x9e37_79b9u32.wrapping_mul(w as u32))
}}
fn crate_loop(dut: &mut FfiBench, n: u64) -> (f64, u32) {{
    let mut s = 0u32;
    let begin = Instant::now();
    for k in 0..n {{
{sets}        dut.set_wi(pattern(k));
        dut.tick().unwrap();
{sums}        s = dut.wo().iter().fold(s, |s, &w| s.wrapping_add(w));
    }}
    (begin.elapsed().as_nanos() as f64, s)
}}
fn eval_loop(dut: &mut FfiBench, n: u64) -> (f64, u32) {{
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
fn look_up_loop(lib: *mut c_void, n: u64) -> (f64, u32) {{
    let mut s = 0u32;
    unsafe {{
        let t = call!(lib, b"model_new\\0", fn() -> T)();
        call!(lib, b"model_eval\\0", fn(T))(t);
        let begin = Instant::now();
        for k in 0..n {{
{look_sets}            let wide = pattern(k);
            call!(lib, b"set_wi\\0", fn(T, *const u32))(t, wide.as_ptr());
            call!(lib, b"set_clk\\0", fn(T, u8))(t, 1);
            call!(lib, b"model_eval\\0", fn(T))(t);
            call!(lib, b"set_clk\\0", fn(T, u8))(t, 0);
            call!(lib, b"model_eval\\0", fn(T))(t);
{look_sums}            let mut wide = [0u32; 16];
            call!(lib, b"get_wo\\0", fn(T, *mut u32))(t, wide.as_mut_ptr());
            s = wide.iter().fold(s, |s, &w| s.wrapping_add(w));
        }}
        (begin.elapsed().as_nanos() as f64, s)
    }}
}}
/// A call a port through pointers that were looked up once.
fn kept_loop(lib: *mut c_void, n: u64) -> (f64, u32) {{
    let mut s = 0u32;
    unsafe {{
        let t = call!(lib, b"model_new\\0", fn() -> T)();
        let eval = call!(lib, b"model_eval\\0", fn(T));
        let set_clk = call!(lib, b"set_clk\\0", fn(T, u8));
        let set_wi = call!(lib, b"set_wi\\0", fn(T, *const u32));
        let get_wo = call!(lib, b"get_wo\\0", fn(T, *mut u32));
        let set_i: [unsafe extern "C" fn(T, u32); {PORTS}] = [{found_sets}];
        let get_o: [unsafe extern "C" fn(T) -> u32; {PORTS}] = [{found_gets}];
        eval(t);
        let begin = Instant::now();
        for k in 0..n {{
{kept_sets}            let wide = pattern(k);
            set_wi(t, wide.as_ptr());
            set_clk(t, 1);
            eval(t);
            set_clk(t, 0);
            eval(t);
{kept_sums}            let mut wide = [0u32; 16];
            get_wo(t, wide.as_mut_ptr());
            s = wide.iter().fold(s, |s, &w| s.wrapping_add(w));
        }}
        (begin.elapsed().as_nanos() as f64, s)
    }}
}}
/// Bounds of the crate's cost in native ones, and of what the calls of a loaded library cost in the crate's.
const MOST_OF_NATIVE: f64 = 1.05;
const LEAST_OF_CALLS: f64 = 2.0;

fn main() -> ExitCode {{
    let mut values = [20_000, 300];
    let mut check = false;
    for argument in std::env::args().skip(1) {{
        match argument.split_once('=') {{
            Some(("--cycles", number)) => values[0] = number.parse().expect("a number of cycles a round"),
            Some(("--rounds", number)) => values[1] = number.parse().expect("a number of rounds"),
            None if argument == "--check" => check = true,
            _ => panic!("{{argument}} is none of --cycles=N --rounds=N --check"),
        }}
    }}
    let [n, rounds] = values;
    let file = CString::new("tests/benchmarks/libffi_bench_calls.so").unwrap();
    let lib = unsafe {{ dlopen(file.as_ptr(), 2) }};
    assert!(!lib.is_null(), "run it by `bazel run`: {{file:?}} is not here");
    let mut best = [f64::MAX; 5];
    for _ in 0..rounds {{
        let mut native_sum = 0;
        let native = unsafe {{ native_loop(n, &mut native_sum) }};
        let mut dut = FfiBench::new().unwrap();
        dut.eval().unwrap();
        let (ticks, sum) = crate_loop(&mut dut, n);
        assert_eq!(sum, native_sum);
        let mut dut = FfiBench::new().unwrap();
        dut.eval().unwrap();
        let (evals, sum) = eval_loop(&mut dut, n);
        assert_eq!(sum, native_sum);
        let (kept, sum) = kept_loop(lib, n);
        assert_eq!(sum, native_sum);
        let few = n / 20;
        let look_up = look_up_loop(lib, few).0 * 20.0;
        for (best, time) in best.iter_mut().zip([native, ticks, evals, kept, look_up]) {{
            *best = best.min(time / n as f64);
        }}
    }}
    let names = ["native C++ loop", "crate, tick", "crate, two evals", "pointers kept", "look-up each access"];
    for (name, time) in names.iter().zip(best) {{
        println!("{{name:20}} {{time:8.1}} ns a cycle {{:8.3}} of native", time / best[0]);
    }}
    let (cost, gain) = (best[1] / best[0], best[3].min(best[4]) / best[1]);
    let verdict = |good| if good {{ "reached" }} else {{ "not reached" }};
    println!("a tick costs {{cost:.3}} of native, at most {{MOST_OF_NATIVE}}: {{}}", verdict(cost <= MOST_OF_NATIVE));
    let gained = verdict(gain >= LEAST_OF_CALLS);
    println!("and {{gain:.1}} times less than calls of a loaded library, at least {{LEAST_OF_CALLS}}: {{gained}}");
    if check && (cost > MOST_OF_NATIVE || gain < LEAST_OF_CALLS) {{
        return ExitCode::FAILURE;
    }}
    ExitCode::SUCCESS
}}
"""


@click.command()
@click.option("--sv", required=True)
@click.option("--native", required=True)
@click.option("--calls", required=True)
@click.option("--rust", required=True)
def command(sv: str, native: str, calls: str, rust: str) -> None:
    """Writes the four files."""
    for path, text in ((sv, design()), (native, native_cpp()), (calls, calls_cpp()), (rust, main_rs())):
        Path(path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    command()
