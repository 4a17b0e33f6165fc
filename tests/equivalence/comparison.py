"""Drives models of a design at once and compares their outputs after every evaluation, one design or many a program."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hdl_py.boundary.model import Form
from tests.equivalence.bench import Design, compile_program, separate, unity, verilate, write_sources
from tests.equivalence.compilers import Runtime, ToolFailed

_COMPARE = """
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
template <class Port> static bool same(const Port& a, const Port& b) { return std::memcmp(&a, &b, sizeof a) == 0; }
template <class Port> static void show(const char* who, const Port& port) {
  std::printf("%-8s", who);
  for (std::size_t k = sizeof port; k-- > 0;) std::printf("%02x", reinterpret_cast<const unsigned char*>(&port)[k]);
  std::printf("\\n");
}
struct Draw {
  std::uint64_t seed;
  std::uint64_t operator()() {
    seed ^= seed << 13;
    seed ^= seed >> 7;
    return seed ^= seed << 17;
  }
};
"""

_DESIGN = """
static void %(call)s(long steps, std::uint64_t seed) {
  Draw draw{seed * 2654435769u + 88172645463325252ull};
  VerilatedContext c0%(contexts)s;
  %(mono)s m{&c0};
%(models)s
  for (long k = 0; k < steps; ++k) {
    const std::uint64_t what = draw(), value = draw();
    // Often nothing but the clock, sometimes everything at once, as a careless test bench does.
    if (what %% 3) m.clk = !m.clk;
    if ((what >> 8) %% 4 == 0) m.clk2 = !m.clk2;
    if ((what >> 16) %% 3 == 0) m.a = value & 255;
    if ((what >> 24) %% 3 == 0) m.b = value >> 8 & 255;
    m.rst_n = k < 3 ? 0 : (what >> 32) %% 23 == 0 ? !m.rst_n : (m.rst_n || (what >> 40) %% 4 == 0);
    m.eval();
%(drive)s
  }
  std::printf("steps %%ld\\n", steps);
}
"""


def compared(
    design: Design, folder: Path, runtime: Runtime, steps: int, seed: int, forms: Sequence[Form] = tuple(Form)
) -> str:
    """Drives `top` in some forms at once and compares its output after every evaluation.

    Returns:
        What the program printed: `steps N`, or the first difference.
    """
    models, text = _models(design, folder, seed, "top", "V", forms)
    program = _program(folder, runtime, models, {seed: text}, design.flags)
    done = subprocess.run([str(program), str(steps)], stdout=subprocess.PIPE, timeout=120)
    stopped = f"stopped with exit code {done.returncode}\n" if done.returncode else ""
    return done.stdout.decode().removeprefix(f"design {seed}\n") + stopped


def compared_together(
    designs: Mapping[int, tuple[Design, Form]], folder: Path, runtime: Runtime, steps: int
) -> dict[int, str]:
    """Does with many designs in one program what `compared` does, each in one form and with its number as seed.

    A design that did not come to its end with equal outputs is run again alone: its result is what it does then. One
    that differs in company and not alone differs.
    """
    good = f"steps {steps}\n"
    found = _together(designs, folder, runtime, steps)
    for number, (design, form) in designs.items():
        company = found.get(number, "")
        if company == good:
            continue
        try:
            found[number] = compared(design, folder / f"alone{number}", runtime, steps, number, [form])
        except (ToolFailed, subprocess.TimeoutExpired) as error:
            found[number] = str(error)
        if company and found[number] == good:
            found[number] = f"right alone, in company: {company}"
    return found


def _together(designs: Mapping[int, tuple[Design, Form]], folder: Path, runtime: Runtime, steps: int) -> dict[int, str]:
    """What each design printed in one program; nothing where that can't be built or does not end."""
    models: list[Path] = []
    texts = {}
    try:
        for number, (design, form) in designs.items():
            own = _numbered(design, number)
            made, texts[number] = _models(own, folder / str(number), number, f"d{number}_top", f"V{number}", [form])
            models += made
        program = _program(folder, runtime, models, texts)
        done = subprocess.run([str(program), str(steps)], stdout=subprocess.PIPE, timeout=120 + 10 * len(designs))
    except (ToolFailed, subprocess.TimeoutExpired) as error:
        print(f"{[*designs]} one by one: {error}", flush=True)
        return {}
    parts = re.split(r"^design (\d+)\n", done.stdout.decode(), flags=re.M)[1:]
    found = {int(number): text for number, text in zip(parts[::2], parts[1::2], strict=True)}
    if done.returncode:
        found[[*found][-1]] += f"stopped with exit code {done.returncode}\n"
    return found


def _numbered(design: Design, number: int) -> Design:
    """The design with names of modules that no other number has."""
    names = "|".join(["top", *(unit.name for unit in design.units)])

    def renamed(text: str) -> str:
        return re.sub(rf"\b({names})\b", rf"d{number}_\1", text)

    units = (replace(unit, name=renamed(unit.name), source=renamed(unit.source)) for unit in design.units)
    return replace(design, top=renamed(design.top), units=tuple(units))


def _models(
    design: Design, folder: Path, number: int, top: str, prefix: str, forms: Iterable[Form]
) -> tuple[list[Path], str]:
    """Verilates the design whole and in each form; returns the models and the function that compares them."""
    sources = write_sources(design, folder, top)
    mono = f"{prefix}mono"
    folders = [verilate(folder, top, mono, sources, design.flags)]
    names = []
    for form in forms:
        names.append(f"{prefix}{form.value}")
        folders += separate(design, folder, form, top, names[-1]).folders
    drive = []
    for k, name in enumerate(names):
        put = " ".join(f"s{k}.{port} = m.{port};" for port in ("clk", "clk2", "rst_n", "a", "b"))
        shown = f"V{name.removeprefix(prefix)}"
        fail = f'std::printf("step %ld: {shown} differs\\n", k); show("mono", m.seen); show("{shown}", s{k}.seen);'
        drive.append(f"    {put} s{k}.eval();\n    if (!same(m.seen, s{k}.seen)) {{ {fail} return; }}")
    text = _DESIGN % {
        "call": f"design{number}",
        "contexts": "".join(f", c{k + 1}" for k in range(len(names))),
        "mono": mono,
        "models": "\n".join(f"  {name} s{k}{{&c{k + 1}}};" for k, name in enumerate(names)),
        "drive": "\n".join(drive),
    }
    return list(dict.fromkeys(folders)), text


def _program(
    folder: Path, runtime: Runtime, models: Sequence[Path], texts: Mapping[int, str], flags: Sequence[str] = ()
) -> Path:
    """A program that runs the designs one after the other, with as many steps as its argument says."""
    calls = "".join(
        f'  std::printf("design {number}\\n"), std::fflush(stdout), design{number}(steps, {number});\n'
        for number in texts
    )
    main = f"int main(int, char** argv) {{\n  const long steps = std::atol(argv[1]);\n{calls}  return 0;\n}}\n"
    text = unity(models, _COMPARE + "".join(texts.values()) + main)
    return compile_program(folder, "compare", text, flags, runtime, "-O0")
