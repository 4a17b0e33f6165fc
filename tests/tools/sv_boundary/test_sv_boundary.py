"""The program that writes a boundary's sources."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hdl_py.sv.contract.causes import Contract
from hdl_py.sv.contract.model import Clock, UnitContract
from tools.sv_boundary import main

_SVI = "module other(input bit x);\nendmodule\nmodule leaf\n#(int W = 8)\n(input logic clk, input logic [W-1:0] d,\n"
_SVI += "output logic [W-1:0] q);\nendmodule\n"


def _inputs(folder: Path, *widths: int) -> list[str]:
    (folder / "leaf.svi").write_text(_SVI)
    args = ["--label", "//x:leaf", "--module", "leaf", "--svi", str(folder / "leaf.svi")]
    for width in widths:
        path = folder / f"c{width}.json"
        contract = UnitContract("leaf", (("W", str(width)),), Contract.STEP, (Clock("clk", 0, "posedge"),))
        path.write_text(contract.to_json())
        args += ["--contract", str(path)]
    return args


def _sources(folder: Path, *widths: int) -> tuple[int, str, dict[str, object]]:
    args = ["sources", *_inputs(folder, *widths), "--out-stub", str(folder / "s.sv")]
    args += ["--out-json", str(folder / "n.json")]
    for width in widths:
        args += ["--out-harness", str(folder / f"h{width}.sv")]
    code = main(args)
    return code, (folder / "s.sv").read_text(), json.loads((folder / "n.json").read_text())


def test_stub_keeps_the_header_and_dispatches_on_the_sets(tmp_path: Path) -> None:
    code, stub, names = _sources(tmp_path, 8, 100)
    assert code == 0
    assert "#(int W = 8)" in stub
    assert "module other" not in stub
    assert stub.count(" : set") == 2
    assert "buildozer 'add parameter_sets W=%0d' //x:leaf" in stub
    sets = names["sets"]
    assert isinstance(sets, list)
    for one in sets:
        assert f"{one['top']}_edge(" in stub
    assert f"module {sets[1]['top']} (" in (tmp_path / "h100.sv").read_text()


def test_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert _sources(tmp_path / "a", 8) == _sources(tmp_path / "b", 8)


def test_a_wrapper_for_another_model_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "model").mkdir()
    args = ["wrapper", *_inputs(tmp_path, 8), "--set", "0", "--model", str(tmp_path / "model")]
    code = main([*args, "--verilator-version", "5.048", "--out-wrapper", str(tmp_path / "w.cpp")])
    assert code == 2
    assert "run Verilator with --top-module leaf_b" in capsys.readouterr().err
    assert not (tmp_path / "w.cpp").exists()


def test_a_missing_module_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    args = _inputs(tmp_path, 8)
    (tmp_path / "leaf.svi").write_text("module other(input bit x);\nendmodule\n")
    outs = ["--out-stub", str(tmp_path / "s"), "--out-json", str(tmp_path / "n"), "--out-harness", str(tmp_path / "h")]
    assert main(["sources", *args, *outs]) == 3
    assert "no module is called leaf" in capsys.readouterr().err


def test_a_contract_of_another_module_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    args = _inputs(tmp_path, 8)
    text = (tmp_path / "c8.json").read_text()
    (tmp_path / "c8.json").write_text(text.replace('"leaf"', '"leaf2"'))
    outs = ["--out-stub", str(tmp_path / "s"), "--out-json", str(tmp_path / "n"), "--out-harness", str(tmp_path / "h")]
    assert main(["sources", *args, *outs]) == 2
    assert "this is the contract of leaf2, expected that of leaf" in capsys.readouterr().err
