"""All of Microwatt twice in one library: GHDL analyses, compares and runs it.

The sources come from the package pythondata-cpu-microwatt.
"""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Collection
from functools import cache
from pathlib import Path

import pytest

from hdl_py.mangle.engine import Outcome
from hdl_py.mangle.model import Core
from hdl_py.vhdl.declared import undeclared_dependencies
from hdl_py.vhdl.target import VhdlUnit
from tests.hdl_py.vhdl.ghdl import Ghdl
from tests.hdl_py.vhdl.rewriting import rewrite, vhdl_core

EXTRA = (
    *("dmi_dtm_xilinx", "nonrandom", "fpga/main_bram", "fpga/pp_soc_uart", "fpga/pp_fifo", "fpga/pp_utilities"),
    *("icache_tb", "dcache_tb", "core_tb", "sim_jtag", "sim_jtag_socket", "sim_console", "sim_16550_uart"),
)
UNISIM = ("sim-unisim/unisim_vcomponents", "sim-unisim/BSCANE2", "sim-unisim/BUFG")
GIT = """library ieee; use ieee.std_logic_1164.all;
package git is
  constant GIT_HASH : std_ulogic_vector(55 downto 0) := x"00000000000000";
  constant GIT_DIRTY : std_ulogic := '0';
end package;
"""
SIM_ONLY = ("core_tb", "sim_")
"""Files that call C: rewritten, not run."""


@cache
def folder() -> Path:
    """The package's VHDL; without the package these tests fail, or skip where that was asked for."""
    found = importlib.util.find_spec("pythondata_cpu_microwatt")
    if found is None or found.origin is None:
        if os.environ.get("HDL_TESTS_WITHOUT_CORES") == "1":
            pytest.skip("no pythondata-cpu-microwatt, and HDL_TESTS_WITHOUT_CORES=1 says to go on without")
        pytest.fail("no Microwatt: pip install pythondata-cpu-microwatt, or set HDL_TESTS_WITHOUT_CORES=1 to skip")
    return Path(found.origin).parent / "vhdl"


def cores(version: str) -> list[Core]:
    """Microwatt and the primitives that it names, in libraries of their own."""
    texts = {f"{n}.vhdl": _file(n).read_bytes() for n in (*_listed(), *EXTRA)}
    # The benches read one memory for each version, so that what they print tells the versions apart.
    for bench in ("icache_tb.vhdl", "dcache_tb.vhdl"):
        assert b"icache_test.bin" in texts[bench]
        texts[bench] = texts[bench].replace(b"icache_test.bin", f"memory{version}.hex".encode())
    texts["git.vhdl"] = GIT.encode()
    unisim = {f"{n}.vhdl": _file(n).read_bytes() for n in UNISIM}
    return [
        vhdl_core("unisim", version, unisim, "unisim"),
        vhdl_core("microwatt", version, texts, unisim=version),
    ]


def _listed() -> list[str]:
    """The files of the core and the SoC, as Microwatt's Makefile lists them; `git` is generated."""
    text = (folder() / "Makefile").read_text().replace("\\\n", " ")
    names = [n for line in re.findall(r"^(?:core|soc)_files = (.*)$", text, re.MULTILINE) for n in line.split()]
    assert len(names) > 40
    return [n.removesuffix(".vhdl") for n in names if n != "git.vhdl"]


def _file(name: str) -> Path:
    for ending in (".vhdl", ".vhd"):
        path = folder() / f"{name}{ending}"
        if path.exists():
            return path
    raise FileNotFoundError(name)


def runnable(found: list[Core]) -> list[Core]:
    """The cores without the files that only a linker with C code could run."""
    return [
        c
        if c.id.name == "unisim"
        else vhdl_core(
            c.id.name, c.id.version, {f.path: f.data for f in c.files if not f.path.startswith(SIM_ONLY)}, **c.depends
        )
        for c in found
    ]


@cache
def renamed() -> Outcome:
    return rewrite(cores("1") + cores("2"))


def test_nothing_is_refused() -> None:
    done = renamed()
    assert not done.refusals, "\n".join(r.render() for r in done.refusals)
    assert len(done.plan.renames) >= 110
    assert len(done.edits) >= 600


def test_nothing_but_names_changes() -> None:
    before = {c.id: c for c in cores("1") + cores("2")}
    for core in renamed().cores:
        for old, new in zip(before[core.id].files, core.files, strict=True):
            suffix = f"_v{core.id.version}".encode()
            assert (
                re.sub(suffix + rb"\b", b"", new.data) == old.data
                or new.data.lower().replace(suffix, b"") == old.data.lower()
            )


def test_instances_and_prints_are_those_of_each_version(tmp_path: Path) -> None:
    both = Ghdl(tmp_path / "both")
    for core in runnable(list(renamed().cores)):
        both.enter(core)
    generics = (
        "-gUART0_IS_16550=false",
        "-gMEMORY_SIZE=8192",
        "-gRAM_INIT_FILE=memory1.hex",
        "-gCLK_FREQ=100000000",
        "-gSIM=false",
    )
    prints: list[tuple[str, ...]] = []
    for version in ("1", "2"):
        alone = Ghdl(tmp_path / version)
        for core in runnable(cores(version)):
            alone.enter(core)
        _memories(tmp_path / version)
        _memories(tmp_path / "both")
        for top, arguments in (("core", []), ("soc", generics)):
            alone.make(top)
            both.make(f"{top}_v{version}")
            expected = alone.tree(top, *arguments)
            assert expected.count("[entity]") > 20
            found = both.tree(f"{top}_v{version}", *arguments)
            other = "2" if version == "1" else "1"
            assert f"_v{version}" in found
            assert f"_v{other}" not in found
            assert found.replace(f"_v{version}", "") == expected
        for bench in ("icache_tb", "dcache_tb"):
            alone.make(bench)
            both.make(f"{bench}_v{version}")
            lines = alone.run(bench, stop="3us")
            assert both.run(f"{bench}_v{version}", stop="3us") == lines
            prints.append(lines)
    assert prints[1]
    assert prints[1] != prints[3]


def test_strict_dependencies_are_those_of_ghdl_s_cross_reference(tmp_path: Path) -> None:
    """Each file as a target that depends on all others through one: every unit of theirs that it names is told."""
    unisim, microwatt = runnable(cores("1"))
    ghdl = Ghdl(tmp_path)
    for core in (unisim, microwatt):
        ghdl.enter(core)
    ghdl.make("soc")
    libraries = {f"//:{f.path}": (core, f) for core in (unisim, microwatt) for f in core.files}
    names = 0
    for wanted in ("core", "soc", "execute1", "decode2", "dcache", "mmu", "wishbone_arbiter"):
        label = f"//:{wanted}.vhdl"
        others = [
            VhdlUnit(known, "", core.library, (), (file,))
            for known, (core, file) in libraries.items()
            if known != label
        ]
        through = VhdlUnit("//:through", "", "work", tuple(unit.label for unit in others), ())
        unit = VhdlUnit(label, "", "work", (through.label,), (libraries[label][1],))
        found = {
            (one.position.line, one.position.column, one.fix.partition("deps //:")[2].partition("'")[0])
            for one in undeclared_dependencies(unit, [*others, through])
            if one.position
        }
        expected = _units_named(ghdl.cross_reference(microwatt, f"{wanted}.vhdl"), f"{wanted}.vhdl", libraries)
        assert found == expected
        names += len(expected)
    assert names > 50


def _units_named(listing: str, own: str, labels: Collection[str]) -> set[tuple[int, int, str]]:
    """Line, column and file of each entity and package of other files in a cross reference, where first named."""
    found: set[tuple[int, int, str]] = set()
    file = own
    for line in listing.splitlines():
        if line.startswith("XFILE: "):
            file = next((label[3:] for label in labels if line.endswith(f"/{label[3:]}")), own)
        places = [(int(row), int(column) + 1) for row, column in re.findall(r"\b(\d+)r(\d+)\b", line)]
        if re.match(r"\d+[EP]\d+ ", line) and file != own and places:
            found.add((*min(places), file))
    return found


def _memories(where: Path) -> None:
    """The image that the benches expect, as text for the memory model; the second version's has other words."""
    image = (folder() / "icache_test.bin").read_bytes()
    for version, change in (("1", 0), ("2", 1)):
        words = [image[i : i + 8][::-1].hex() for i in range(0, len(image) - 7, 8)]
        if change:
            words = [f"{int(w, 16) ^ 1:016x}" for w in words]
        (where / f"memory{version}.hex").write_text("\n".join(words) + "\n")
