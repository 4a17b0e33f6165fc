"""Real cores, unit by unit, and what Verilator makes of their isolated texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from hdl_py.sv.index import make_index
from tests.hdl_py.sv.cores import (
    Core,
    compile_core,
    cv32e40p,
    cv32e40p_debug,
    cv32e40p_second_fpu,
    cv32e40p_testbench,
    cva6_packages,
    ibex,
    installed,
)
from tests.hdl_py.sv.simulating import Simulators


@pytest.mark.parametrize(
    ("core", "least"),
    [
        (ibex, 180),
        (cv32e40p, 100),
        (cv32e40p_debug, 80),
        (cv32e40p_second_fpu, 90),
        (cv32e40p_testbench, 135),
        (cva6_packages, 20),
    ],
    ids=["ibex", "cv32e40p", "cv32e40p_debug", "cv32e40p_second_fpu", "cv32e40p_testbench", "cva6"],
)
def test_every_file_passes_as_a_unit_with_declared_deps(core: Callable[[], Core], least: int, folder: Path) -> None:
    found = core()
    assert len(found.files) >= least
    results = compile_core(found)
    assert len(results) == len(found.files)
    index = make_index(result.unit for result in results.values())
    assert len(index.units) == len(found.files)
    for file, result in results.items():
        definitions = [d for d in result.unit.definitions if not d.generated]
        text = result.isolated.split(b"\n")
        assert all(d.name.encode() in text or b"\\" + d.name.encode() in text for d in definitions), file
        assert result.interface.count(b"\nendmodule\n") == sum(d.kind == "module" for d in definitions), file


def test_verilator_makes_the_same_model_of_isolated_texts(folder: Path, simulators: Simulators) -> None:
    core = cv32e40p()
    results = compile_core(core)
    wanted = [f for f in results if "/vendor/" not in f and "fp_wrapper" not in f and "tb_wrapper" not in f]
    options = ("--no-timing", "-Wno-lint", "-Wno-MULTITOP", "-GFPU=0")
    include = [f"-I{folder}" for folder in core.includes]
    assert simulators.verilate(wanted, "cv32e40p_top", *options, *include, "--Mdir", "before").code == 0
    isolated = []
    for file in wanted:
        isolated.append(file.replace("/", "_"))
        Path(isolated[-1]).write_bytes(results[file].isolated)
    assert len(isolated) == len(wanted) > 25
    done = simulators.verilate(isolated, "cv32e40p_top", *options, "--Mdir", "after")
    assert done.code == 0, done.messages
    before, after = _model("before"), _model("after")
    assert before.keys() == after.keys()
    assert len(before) > 5
    for name in before:
        assert before[name] == after[name], name


def _model(folder: str) -> dict[str, str]:
    """The generated C++ without the places in its messages."""
    out = {}
    for path in sorted(Path(folder).glob("*.[ch]*")):
        if path.suffix in (".cpp", ".h"):
            text = re.sub(r'"[^"]*\.sv", \d+', '"PLACE"', path.read_text())
            out[path.name] = re.sub(r"[\w./]+\.sv:\d+", "PLACE", text)
    return out


@pytest.mark.parametrize("package", ["pythondata_cpu_serv", "pythondata_cpu_picorv32"])
def test_verilog_cores_in_one_unit(package: str, folder: Path) -> None:
    root = installed(package) / "verilog"
    name = {"pythondata_cpu_serv": "rtl/serv_*.v", "pythondata_cpu_picorv32": "picorv32.v"}[package]
    files = []
    for path in sorted(root.glob(name)):
        Path(path.name).write_bytes(path.read_bytes())
        files.append(path.name)
    assert files
    results = compile_core(Core(tuple(files)))
    assert len(results) == len(files)
