"""Rust crates in a user's project: what an edit builds again, and what bad input is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.integration.bazel import Outcome, Workspace, simulate
from tests.integration.conftest import make_workspace

_LOAD = """\
load("@rules_cc//cc:defs.bzl", "cc_library")
load("@rules_rust//rust:defs.bzl", "rust_binary")
load("@rules_sv//rules:defs.bzl", "sv_library", "verilated_ffi_crate", "verilated_manifest")
"""
_ADD = """\
// Adds.
module add #(parameter int W = 8) (
  input logic clk, rst_n,
  input logic [W-1:0] a,
  output logic [W:0] y
);
  always_ff @(posedge clk) y <= a + 1;
endmodule
"""
_UNIT = 'sv_library(name = "add", srcs = ["add.sv"])\n'


# A second crate of a name, in a package of its own.
_SUB = """
load("@rules_sv//rules:defs.bzl", "sv_library", "verilated_ffi_crate")
sv_library(name = "add", srcs = ["add.sv"])
package(default_visibility = ["//visibility:public"])
verilated_ffi_crate(name = "crate", crate_name = "same", module = ":add", top = "add"MORE)
"""


@dataclass(frozen=True)
class Case:
    """What a user got wrong.

    Attributes:
        build: the BUILD file, without the loads and the unit `add`.
        says: patterns that the report has to hold.
        files: files beside add.sv.
    """

    build: str
    says: tuple[str, ...]
    files: dict[str, str] = field(default_factory=dict)


def _crate(more: str, top: str = "add", module: str = ":add") -> str:
    return f'verilated_ffi_crate(name = "crate", module = "{module}", top = "{top}", {more})\n'


_CASES = {
    "unknown_top": Case(_crate("", top="adds"), (r"//bad/unknown_top:crate\.model", r"\badds\b", r"\badd\b")),
    "unknown_parameter": Case(_crate('parameters = {"WIDTH": "4"}'), (r"no parameter.* WIDTH", r"\bW\b")),
    "unknown_clock": Case(_crate('clocks = ["clock"]'), (r"clock", r"\bclk\b")),
    "clock_that_is_an_output": Case(_crate('clocks = ["y"]'), (r"\by\b", r"output", r"input")),
    "unknown_reset": Case(_crate('resets = {"reset": "low"}'), (r"reset", r"rst_n")),
    "threads_of_nobody": Case(
        _crate("threads = 0"), (r"//bad/threads_of_nobody:crate\.model: threads is 0; 1 to 1024 is expected",)
    ),
    "fewer_threads_than_none": Case(
        _crate("threads = -2"), (r"//bad/fewer_threads_than_none:crate\.model: threads is -2; 1 to 1024 is expected",)
    ),
    "threads_in_words": Case(
        _crate('threads = "two"'), (r"//bad/threads_in_words:crate\.model: expected value of type 'int'.*'threads'",)
    ),
    "odd_period": Case(
        _crate('clocks = ["clk period=3"]'),
        (r"//bad/odd_period:crate\.model: clocks holds \"clk period=3\", whose period is 3; an even number",),
    ),
    "clock_and_reset_at_once": Case(
        _crate('clocks = ["clk"], resets = {"clk": "low"}'), (r"\"clk\" is among the clocks and the resets",)
    ),
    "bad_reset_level": Case(_crate('resets = {"rst_n": "down"}'), (r'resets holds "down" for rst_n.* low or high',)),
    "other_ports": Case(
        _crate('ports = {"clk": "input 1", "rst_n": "input 1", "a": "input 9", "y": "output 9"}'),
        (r"bad/other_ports/add\.sv:2:8: error", r"a: expected input 9, elaborated input 8"),
    ),
    "interface_port": Case(
        'sv_library(name = "bus", srcs = ["bus.sv"])\n' + _crate("", top="user", module=":bus"),
        (r"bad/interface_port/bus\.sv:2:\d+: error: port b of user is an interface port", r"module user_flat \("),
        {"bus.sv": "interface bus; logic a; endinterface\nmodule user(bus b); endmodule\n"},
    ),
    "missing_source": Case(
        'sv_library(name = "gone", srcs = ["gone.sv"])\n' + _crate("", module=":gone"), (r"gone\.sv",)
    ),
    "verilator_refuses": Case(
        'sv_library(name = "wide", srcs = ["wide.sv"])\n' + _crate("", top="wide", module=":wide"),
        (r"WIDTHTRUNC: bad/verilator_refuses/wide\.sv:2:", r"Verilator ended with exit code"),
        {"wide.sv": "module wide(input logic [7:0] a, output logic [3:0] y);\n  assign y = a;\nendmodule\n"},
    ),
    "features_that_exclude_each_other": Case(
        _crate("savable = True, timing = True"),
        (r"//bad/features_that_exclude_each_other:crate\.model: Verilator can't combine savable with timing\. ",),
    ),
    "no_port_of_that_option": Case(_crate('vopts = ["--trace"]'), (r"belongs to another", r'trace = \\?"vcd')),
    "name_of_a_keyword": Case(_crate('crate_name = "loop"'), (r"crate_name is \"loop\"; that name is taken",)),
    "one_name_twice_in_a_package": Case(
        _crate('crate_name = "same"') + _crate('crate_name = "same"').replace('"crate"', '"other"'),
        (r'other: crate_name is "same", and so is that of crate\. Give one of them another',),
    ),
    "one_name_twice_in_a_folder": Case(
        _crate('crate_name = "same"')
        + 'verilated_manifest(name = "all", crates = [":crate", "//bad/one_name_twice_in_a_folder/sub:crate"])\n',
        (r"folder:crate\.model and .*sub:crate\.model are both called same\. Give one of them another crate_name",),
        {"sub/BUILD.bazel": _SUB.replace("MORE", "")},
    ),
    "one_name_twice_in_the_deps_of_a_program": Case(
        _crate('crate_name = "same"')
        + """
rust_binary(name = "program", srcs = ["main.rs"], edition = "2021",
            deps = [":crate", "//bad/one_name_twice_in_the_deps_of_a_program/sub:crate"])
""",
        (
            r"multiple candidates for `rlib` dependency `same` found",
            r"candidate #1: .*bin/bad/one_name_twice_in_the_deps_of_a_program/libsame-",
            r"candidate #2: .*bin/bad/one_name_twice_in_the_deps_of_a_program/sub/libsame-",
        ),
        {
            "main.rs": "fn main() {\n    same::Add::new().unwrap();\n}\n",
            "sub/BUILD.bazel": _SUB.replace("MORE", ', parameters = {"W": "4"}'),
        },
    ),
    "one_name_twice_in_a_program": Case(
        _crate('crate_name = "same"')
        + """
rust_library(name = "one", srcs = ["user.rs"], crate_name = "one", edition = "2021", deps = [":crate"])
rust_library(name = "two", srcs = ["user.rs"], crate_name = "two", edition = "2021",
             deps = ["//bad/one_name_twice_in_a_program/sub:crate"])
rust_binary(name = "program", srcs = ["main.rs"], edition = "2021", deps = [":one", ":two"])
""",
        (
            r"one_name_twice_in_a_program/sub/libcrate_wrapper\.lo.*multiple definition of "
            r".same_is_the_name_of_two_crates_give_one_of_them_another_crate_name.*"
            r"one_name_twice_in_a_program/libcrate_wrapper\.lo.*first defined here",
        ),
        {
            "user.rs": "//! Ticks.\n/// Ticks.\npub fn run() -> u32 {\n    let mut dut = same::Add::new().unwrap();\n"
            "    dut.set_a(1);\n    dut.eval().unwrap();\n    u32::from(dut.y())\n}\n",
            "main.rs": "fn main() {\n    println!(\"{} {}\", one::run(), two::run());\n}\n",
            "sub/BUILD.bazel": _SUB.replace("MORE", ', parameters = {"W": "4"}'),
        },
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def rust_project(root: Path) -> Iterator[Workspace]:
    """The workspace, with the packages of bad input beside it."""
    workspace = make_workspace(root, "rust", "rust")
    loads = _LOAD.replace('"rust_binary"', '"rust_binary", "rust_library"').splitlines(keepends=True)[1:]
    for name, case in _CASES.items():
        workspace.write(f"bad/{name}/BUILD.bazel", "".join(loads) + _UNIT + case.build)
        workspace.write(f"bad/{name}/add.sv", _ADD)
        for file, text in case.files.items():
            workspace.write(f"bad/{name}/{file}", text)
            if file.startswith("sub/"):
                workspace.write(f"bad/{name}/sub/add.sv", _ADD)
    yield workspace
    workspace.bazel("shutdown")


@pytest.fixture(scope="module")
def program(rust_project: Workspace) -> Path:
    """The built program."""
    rust_project.succeed("build", "//:program")
    return rust_project.bin() / "program"


def _built(outcome: Outcome) -> set[tuple[str, str]]:
    return {(a.mnemonic, a.label) for a in outcome.actions if a.mnemonic != "BazelWorkspaceStatusAction"}


def _compiled(outcome: Outcome) -> int:
    """How many C++ files were compiled."""
    return outcome.mnemonics()["CppCompile"]


def test_two_crates_run_in_one_program(program: Path) -> None:
    assert simulate(program).lines() == ["sum 300, scaled 2400"]


def test_an_edit_of_a_body_verilates_and_compiles_one_model(rust_project: Workspace, program: Path) -> None:
    rust_project.edit("rtl/scale.sv", "{value, 3'b000}", "{1'b0, value, 2'b00}")
    outcome = rust_project.succeed("build", "//:program")
    built = _built(outcome)
    assert {label for mnemonic, label in built if mnemonic == "SvVerilate"} == {"//:scale_crate.model"}
    assert {label for mnemonic, label in built if mnemonic.startswith("Cpp")} == {"//:scale_crate.model"}
    assert _compiled(outcome) == 2, "the model, and its table of lines, as the edit moves one"
    assert {label for mnemonic, label in built if mnemonic == "SvUnit"} == {"//:scale"}
    assert {label for mnemonic, label in built if mnemonic == "Rustc"} == {"//:program"}, "linked again, nothing else"
    assert simulate(program).lines() == ["sum 300, scaled 1200"]


def test_an_edit_that_moves_no_line_compiles_one_file(rust_project: Workspace, program: Path) -> None:
    rust_project.edit("rtl/sum.sv", "a + b", "a - b")
    outcome = rust_project.succeed("build", "//:program")
    assert outcome.labels("SvVerilate") == outcome.labels("CppCompile") == {"//:sum_crate.model"}
    assert (outcome.mnemonics()["SvVerilate"], _compiled(outcome)) == (1, 1)
    assert outcome.labels("Rustc") == {"//:program"}, "linked again, nothing else"
    rust_project.edit("rtl/sum.sv", "a - b", "a + b")
    rust_project.succeed("build", "//:program")


def test_an_edit_of_a_comment_verilates_nothing(rust_project: Workspace, program: Path) -> None:
    rust_project.edit("rtl/scale.sv", "  always_ff", "  // It says\n  // nothing.\n  always_ff")
    outcome = rust_project.succeed("build", "//:program")
    assert outcome.labels("SvUnit") == {"//:scale"}
    assert outcome.mnemonics()["SvVerilate"] == 0
    assert _compiled(outcome) == 1, "the table of lines"
    assert outcome.labels("Rustc") == {"//:program"}, "linked again, nothing else"


def test_an_edit_of_a_port_builds_its_crate_and_no_other(rust_project: Workspace, program: Path) -> None:
    rust_project.edit("rtl/scale.sv", "output logic [11:0]", "output logic [12:0]")
    rust_project.edit("rtl/scale.sv", "{1'b0, value", "{2'b00, value")
    built = _built(rust_project.succeed("build", "//:program"))
    assert {label for mnemonic, label in built if mnemonic == "SvVerilate"} == {"//:scale_crate.model"}
    assert {label for mnemonic, label in built if mnemonic == "Rustc"} == {"//:scale_crate", "//:program"}


def test_a_second_build_runs_no_action(rust_project: Workspace, program: Path) -> None:
    rust_project.succeed("build", "//:program")
    assert _built(rust_project.succeed("build", "//:program")) == set()


def test_nothing_that_is_made_names_a_folder(rust_project: Workspace, root: Path) -> None:
    rust_project.succeed("build", "//:crates")
    folder = rust_project.bin() / "crates"
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len([path for path in files if path.suffix in (".so", ".a", ".rs", ".json")]) > 10
    for path in files:
        data = path.read_bytes()
        assert str(root).encode() not in data, path
        assert b"/execroot/" not in data, path


@pytest.fixture(scope="module")
def reports(rust_project: Workspace, program: Path) -> str:
    """What Bazel said of all bad input."""
    outcome = rust_project.bazel("build", "--keep_going", "//bad/...:all")
    assert outcome.code == 1, outcome.err
    return outcome.err


@pytest.mark.parametrize("name", _CASES)
def test_bad_input(reports: str, name: str) -> None:
    for pattern in _CASES[name].says:
        assert re.search(pattern, reports), f"{pattern}\n{reports}"
    assert '\n  File "' not in reports, "a traceback of Python's"
