"""The program around Verilator, with a stand-in for Verilator that does what each test wants."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from hdl_py.sv.messages import MessageLog, log_from_json
from tools.sv_verilate import main

# Records how it was called, prints what it is told, writes the model, and ends as it is told.
_FAKE = """\
#!{python}
import json, os, sys
from pathlib import Path
plan = json.loads(Path({plan!r}).read_text())
argv = sys.argv[1:]
waivers = [Path(a).read_text() for a in argv if a.endswith(".vlt")]
Path({record!r}).write_text(json.dumps(
    {{"argv": argv, "root": os.environ.get("VERILATOR_ROOT"), "waivers": waivers, "stdin": sys.stdin.read()}}))
if plan["files"]:
    folder = Path(argv[argv.index("--Mdir") + 1])
    folder.mkdir()
    for name, text in plan["files"].items():
        (folder / name).write_text(text)
folder = os.path.dirname(argv[argv.index("--Mdir") + 1])
print(plan["prints"].replace("<scratch>", folder), end="", flush=True)
if plan["signal"]:
    os.kill(os.getpid(), plan["signal"])
sys.exit(plan["code"])
"""

_MODEL = {
    "Vtop.h": "// class\n",
    "Vtop___024root.h": "// root\n",
    "Vtop.cpp": "// top\n",
    "Vtop___024root__0.cpp": "// hot\n",
    "Vtop___024root__0__Slow.cpp": "// cold\n",
    "Vtop__Syms__Slow.cpp": "// symbols\n",
    "Vtop.mk": "VERILATOR_ROOT = /somewhere\n",
    "Vtop__ver.d": "/somewhere/x\n",
    "Vtop__verFiles.dat": "12345\n",
}


@dataclass
class Fake:
    """A folder with a stand-in for Verilator and what surrounds one call of the program.

    Attributes:
        folder: where everything lies.
        plan: what the stand-in does.
        definition: the top's name in the units' texts.
        timescale: that of definitions that have none.
    """

    folder: Path
    definition: str = "top"
    timescale: str = ""
    plan: dict[str, object] = field(default_factory=lambda: {"files": _MODEL, "prints": "", "signal": 0, "code": 0})

    def run(self, *arguments: str, sources: tuple[str, ...] = ("a.unit.sv",), verilator: str = "") -> int:
        """Calls the program as an action does; returns its exit code."""
        (self.folder / "plan").write_text(json.dumps(self.plan))
        fake = self.folder / "verilator_bin"
        fake.write_text(
            _FAKE.format(python=sys.executable, plan=str(self.folder / "plan"), record=str(self.folder / "record"))
        )
        fake.chmod(0o755)
        words = ["--verilator", verilator or str(fake), "--verilator-root", "some/root", "--verilator-version", "5.048"]
        design = self.folder / "design.json"
        checked = {"top": "top", "definition": self.definition, "timescale": self.timescale}
        design.write_text(json.dumps({**checked, "private_packages": ["leaf__unit"]}))
        words += ["--label", "//x:model", "--design", str(design), "--prefix", "Vtop"]
        for source in sources:
            words += ["--source", source]
        for name in ("headers", "sources", "log"):
            words += [f"--out-{name}", str(self.folder / "out" / name)]
        (self.folder / "out").mkdir()
        params = self.folder / "params"
        params.write_text("".join(f"{word}\n" for word in [*words, *arguments]))
        try:
            return main([f"@{params}"])
        except SystemExit as ended:
            return int(ended.code or 0)

    def record(self, key: str) -> Any:
        """What the stand-in saw."""
        return json.loads((self.folder / "record").read_text())[key]

    def written(self) -> dict[str, str]:
        """The outputs by their paths."""
        out = self.folder / "out"
        return {str(p.relative_to(out)): p.read_text() for p in sorted(out.rglob("*")) if p.is_file()}

    def log(self) -> MessageLog:
        """What was said, for sv_messages."""
        return log_from_json(self.written()["log"], "log")


@pytest.fixture
def fake(tmp_path: Path) -> Fake:
    return Fake(tmp_path)


def test_sorts_the_model_and_leaves_out_files_that_hold_paths(fake: Fake) -> None:
    assert fake.run() == 0
    cold = fake.written()["sources/model_0.cpp"].partition("// hot\n")[2].partition("// symbols")[0]
    assert fake.written() == {
        "headers/Vtop.h": "// class\n",
        "headers/Vtop___024root.h": "// root\n",
        "log": MessageLog(failed=False, text="", sources=()).to_json(),
        "sources/model_0.cpp": f"// top\n\n// hot\n{cold}// symbols\n\n// cold\n",
    }
    assert "#define VL_ATTR_COLD" in cold


@pytest.mark.parametrize("code", [1, 2, 10, 255])
def test_an_exit_code_of_verilator_fails_the_program(fake: Fake, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    fake.plan |= {"code": code, "prints": "%Error: no\n"}  # the model is there all the same
    assert fake.run() == 1
    assert fake.written() == {}
    assert capsys.readouterr().err == f"%Error: no\nerror: //x:model: Verilator ended with exit code {code}\n"


def test_a_failure_comes_with_the_edit_that_mends_it(fake: Fake, capsys: pytest.CaptureFixture[str]) -> None:
    fake.plan |= {"code": 1, "prints": "%Warning-LATCH: b.sv:7:1: Latch\n%Error: Exiting due to 1 warning(s)\n"}
    assert fake.run() == 1
    assert capsys.readouterr().err.endswith(
        "exit code 1\n"
        '    where the text is right as it is: vopts = ["-Wno-LATCH"] on the sv_library, for its text alone\n'
    )


@pytest.mark.parametrize("code", [1, 2, 10, 255])
def test_sources_that_are_refused_leave_what_does_not_compile_and_what_was_said(
    fake: Fake, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    said = "%Warning-LATCH: a.unit.sv:7:1: Latch\n%Error: Exiting due to 1 warning(s)\n"
    fake.plan |= {"code": code, "prints": said}
    assert fake.run(sources=("a.unit.sv", "b.unit.sv")) == 0
    assert capsys.readouterr().err == ""
    assert list(fake.written()) == ["log", "sources/refused.cpp"]
    assert fake.written()["sources/refused.cpp"].startswith("#error ")
    assert sorted(path.name for path in (fake.folder / "out").iterdir()) == ["headers", "log", "sources"]
    log = fake.log()
    assert log.failed
    assert log.sources == ("a.unit.sv",)
    assert log.text == (
        f"{said}error: //x:model: Verilator ended with exit code {code}\n"
        '    where the text is right as it is: vopts = ["-Wno-LATCH"] on the sv_library, for its text alone\n'
    )


@pytest.mark.parametrize(
    "said",
    [
        "%Error: Can't write file: model/Vtop.cpp\n",
        "%Warning-LATCH: a.unit.sv:7:1: Latch\n%Error: Can't write file: model/Vtop.cpp\n",
        "",
    ],
)
def test_a_failure_that_is_not_the_sources_is_never_kept(
    fake: Fake, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A cache would give it to everybody."""
    fake.plan |= {"code": 1, "prints": said}
    assert fake.run() == 1
    assert fake.written() == {}
    assert capsys.readouterr().err.startswith(f"{said}error: //x:model: Verilator ended with exit code 1\n")


def test_a_signal_after_messages_is_never_kept(fake: Fake) -> None:
    fake.plan |= {"signal": 9, "prints": "%Error: a.unit.sv:7:1: no\n"}
    assert fake.run() == 1
    assert fake.written() == {}


def test_messages_name_no_scratch_folder(fake: Fake) -> None:
    """The log is kept in caches: the same for everybody."""
    fake.plan |= {"prints": "%Warning-X: <scratch>/unit_warnings.vlt:1:1: <scratch>/model strange\n"}
    assert fake.run() == 0
    assert fake.log().text == "%Warning-X: unit_warnings.vlt:1:1: model strange\n"


@pytest.mark.parametrize("number", [6, 9, 11, 15])
def test_a_signal_fails_the_program(fake: Fake, number: int, capsys: pytest.CaptureFixture[str]) -> None:
    fake.plan |= {"signal": number}
    assert fake.run() == 1
    assert fake.written() == {}
    assert f"Verilator ended with exit code -{number}" in capsys.readouterr().err


@pytest.mark.parametrize("files", [{}, {"Vother.h": "", "Vtop.cpp": ""}])
def test_success_without_a_model_is_none(fake: Fake, files: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    fake.plan |= {"files": files}
    assert fake.run("--option", "--strange-option") == 1
    assert fake.written() == {}
    assert "//x:model: Verilator made no model: Vtop.h is missing. Look at vopts" in capsys.readouterr().err


def test_a_verilator_that_is_not_there_is_named(fake: Fake, capsys: pytest.CaptureFixture[str]) -> None:
    assert fake.run(verilator=str(fake.folder / "none")) == 1
    assert fake.written() == {}
    error = capsys.readouterr().err
    assert f"//x:model: can't run {fake.folder}/none: No such file or directory" in error
    assert "Traceback" not in error


def test_values_and_paths_arrive_unharmed(fake: Fake) -> None:
    sources = ('dir a/it\'s "$5".unit.sv', "b;&|*.unit.sv")
    values = {"NAME": '"a b"', "PRICE": "$5 'x' \\", "SHELL": "$(touch x) `touch y`", "EQUAL": "a=b=c"}
    options = ["--x-assign", "unique", '-Wno-"$A"']
    words = [word for name, value in values.items() for word in ("--parameter", f"{name}={value}")]
    words += [word for option in options for word in ("--option", option)]
    assert fake.run(*words, sources=sources) == 0
    argv = fake.record("argv")
    assert argv[-2:] == list(sources)
    for name, value in values.items():
        assert f"-G{name}={value}" in argv
    at = argv.index("--x-assign")
    assert argv[at : at + 3] == options
    assert sorted(path.name for path in fake.folder.iterdir()) == [
        "design.json",
        "out",
        "params",
        "plan",
        "record",
        "verilator_bin",
    ]


def test_settings_become_verilators_options(fake: Fake) -> None:
    assert fake.run("--trace", "fst", "--timing", "on", "--no-asserts", "--threads", "2") == 0
    argv = fake.record("argv")
    for words in (["--trace-fst"], ["--timing"], ["--no-assert"], ["--threads", "2"], ["--prefix", "Vtop"]):
        at = argv.index(words[0])
        assert argv[at : at + len(words)] == words
    assert argv[argv.index("--top-module") + 1] == "top"
    assert fake.record("root") == "some/root"


@pytest.mark.parametrize(
    ("apart", "verilators", "said"), [({"//x:leaf": "leaf"}, "1", "2U"), ({}, "2", "RULES_SV_THREADS")]
)
def test_threads_are_for_the_units_that_are_apart(
    apart: dict[str, str], verilators: str, said: str, fake: Fake
) -> None:
    """Verilator's threads would each call them; without any, the whole is for Verilator to divide."""
    gathered = fake.folder / "gathered"
    gathered.mkdir()
    (gathered / "order").write_text("top.unit.sv\n")
    (gathered / "apart.json").write_text(json.dumps(apart))
    fake.plan["files"] = {**_MODEL, "Vtop.cpp": "leaf_new(RULES_SV_THREADS);\n"}
    assert fake.run("--folder", str(gathered), "--threads", "2", sources=()) == 0
    argv = fake.record("argv")
    assert argv[argv.index("--threads") + 1 if "--threads" in argv else -1] == verilators
    assert f"leaf_new({said});" in "".join(fake.written().values())


def test_verilator_gets_no_input_to_wait_for(fake: Fake) -> None:
    assert fake.run() == 0
    assert fake.record("stdin") == ""


def test_warning_options_are_for_one_source(fake: Fake) -> None:
    assert fake.run("--unit-option", 'p=q/"a".unit.sv=-Wno-WIDTHTRUNC', "--option", "-Wall") == 0
    assert fake.record("waivers") == ['`verilator_config\nlint_off -rule WIDTHTRUNC -file "p=q/?a?.unit.sv"\n']
    assert "-Wno-WIDTHTRUNC" not in fake.record("argv")


def test_warnings_are_kept_with_their_sources(fake: Fake, capsys: pytest.CaptureFixture[str]) -> None:
    fake.plan |= {"prints": "%Warning-X: b.unit.sv:1:1: strange\n"}
    assert fake.run(sources=("a.unit.sv", "b.unit.sv")) == 0
    assert capsys.readouterr().err == ""
    assert fake.log() == MessageLog(failed=False, text="%Warning-X: b.unit.sv:1:1: strange\n", sources=("b.unit.sv",))
    assert "headers/Vtop.h" in fake.written()


def test_messages_that_are_not_utf8_are_shown(fake: Fake, capsys: pytest.CaptureFixture[str]) -> None:
    fake.plan |= {"prints": "%Error: caf\udce9\n", "code": 1}
    assert fake.run() == 1
    assert "%Error: caf" in capsys.readouterr().err


def test_nothing_is_left_in_the_temporary_folder(
    fake: Fake, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path_factory.mktemp("tmp")
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    assert fake.run() == 0
    fake.plan |= {"signal": 9}
    os.rename(fake.folder / "out", fake.folder / "first")
    assert fake.run() == 1
    assert list(folder.iterdir()) == []


def test_a_top_of_a_version_is_verilated_by_its_mangled_name_and_shows_the_users(fake: Fake) -> None:
    fake.definition = "top_v1_0"
    fake.plan["files"] = {"Vtop.h": "h\n", "Vtop.cpp": 'top_v1_0 f("top_v1_0.u", "top_v1_0x");\n'}
    assert fake.run() == 0
    argv = fake.record("argv")
    assert argv[argv.index("--top-module") + 1] == "top_v1_0"
    assert fake.written()["sources/model_0.cpp"] == 'top_v1_0 f("top.u", "top_v1_0x");\n'


def test_a_time_scale_is_passed_on_where_the_design_has_one(fake: Fake) -> None:
    fake.timescale = "1ns/1ps"
    assert fake.run() == 0
    argv = fake.record("argv")
    assert argv[argv.index("--timescale") + 1] == "1ns/1ps"


def test_the_scope_of_a_unit_is_printed_as_such(fake: Fake) -> None:
    fake.plan["files"] = {**_MODEL, "Vtop.cpp": 'VL_WRITEF_NX("%m\\n",1, \'M\',vlSymsp->name(),"leaf__unit.f");\n'}
    assert fake.run() == 0
    assert 'vlSymsp->name(),"$unit.f"' in fake.written()["sources/model_0.cpp"]
