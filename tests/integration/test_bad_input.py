"""Bad input through a real build: what is said, and that nothing half-made is left.

All cases are built together, going on after failures; each test then looks at what was said about its own.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.integration.bazel import Workspace

_LOAD = 'load("@rules_sv//rules:defs.bzl", "sv_filelist", "sv_library", "sv_package", "sv_sim")\n'
_CHILD = "module child (input logic clk, output logic [7:0] q);\n  always_ff @(posedge clk) q <= q + 1;\nendmodule\n"
_TOP = "module top;\n  initial $finish;\nendmodule\n"


@dataclass(frozen=True)
class Case:
    """What a user got wrong.

    Attributes:
        build: the BUILD file, without the load.
        says: texts that the report has to hold.
        files: the other files.
        never: what must not be there afterwards.
    """

    build: str
    says: tuple[str, ...]
    files: dict[str, str] = field(default_factory=dict)
    never: tuple[str, ...] = ()


_CASES = {
    "unknown_top": Case(
        """
sv_library(name = "lib", srcs = ["top.sv", "child.sv"])
sv_sim(name = "sim", top = "topp", deps = [":lib"])
""",
        ("//bad/unknown_top:sim", "topp", "instantiates: child, top", "set `top`"),
        {"top.sv": _TOP, "child.sv": _CHILD},
        ("sim", "sim.model.design.json", "sim.model.hdrs"),
    ),
    "syntax": Case(
        'sv_library(name = "lib", srcs = ["top.sv"])',
        ("bad/syntax/top.sv:3:", "error: "),
        {"top.sv": "// Nothing wrong here.\nmodule top;\n  initial $display(;\nendmodule\n"},
        ("lib.svi", "lib.unit.sv", "lib.unit.json"),
    ),
    "verilator_refuses": Case(
        """
sv_library(name = "lib", srcs = ["top.sv"])
sv_sim(name = "sim", top = "top", deps = [":lib"])
""",
        ("%Error-UNSUPPORTED: bad/verilator_refuses/top.sv:4:", "trireg", "Verilator ended with exit code 1"),
        {"top.sv": "// A comment.\n\nmodule top;\n  trireg charge;\n  initial $finish;\nendmodule\n"},
        ("sim", "sim.model.hdrs", "libsim.model.a"),
    ),
    "warning_is_an_error": Case(
        """
sv_library(name = "lib", srcs = ["top.sv"])
sv_sim(name = "sim", top = "top", deps = [":lib"])
""",
        ("%Warning-WIDTHTRUNC: bad/warning_is_an_error/top.sv:3:", 'vopts = ["-Wno-WIDTHTRUNC"] on the sv_library'),
        {"top.sv": "module top;\n  logic [3:0] a;\n  initial begin a = 8'd200; $display(a); $finish; end\nendmodule\n"},
        ("sim", "sim.model.hdrs"),
    ),
    "no_model": Case(
        """
sv_library(name = "lib", srcs = ["top.sv"])
sv_sim(name = "sim", top = "top", deps = [":lib"], vopts = ["--debug-exit-parse"])
""",
        ("//bad/no_model:sim.model: Verilator made no model: Vtop.h is missing. Look at vopts",),
        {"top.sv": _TOP},
        ("sim", "sim.model.hdrs"),
    ),
    "twice_in_one_unit": Case(
        'sv_library(name = "lib", srcs = ["a.sv", "b.sv"])',
        ("bad/twice_in_one_unit/b.sv:1:8: error: ", "child", "bad/twice_in_one_unit/a.sv:1:8"),
        {"a.sv": _CHILD, "b.sv": _CHILD},
        ("lib.svi",),
    ),
    "twice_in_two_units": Case(
        """
sv_library(name = "one", srcs = ["a.sv"])
sv_library(name = "two", srcs = ["b.sv"])
sv_library(name = "lib", srcs = ["top.sv"], deps = [":one", ":two"])
sv_sim(name = "sim", top = "top", deps = [":lib"])
""",
        ("child", "//bad/twice_in_two_units:one", "//bad/twice_in_two_units:two"),
        {"a.sv": _CHILD, "b.sv": _CHILD, "top.sv": _TOP},
        ("sim", "sim.model.hdrs"),
    ),
    "undeclared_include": Case(
        'sv_library(name = "lib", srcs = ["top.sv"])',
        ("bad/undeclared_include/top.sv:1:", "secret.svh", "hdrs"),
        {"top.sv": '`include "secret.svh"\n' + _TOP, "secret.svh": "`define SECRET\n"},
        ("lib.svi",),
    ),
    "include_of_an_indirect_dependency": Case(
        """
sv_library(name = "far", srcs = ["child.sv"], hdrs = ["far.svh"], includes = ["."])
sv_library(name = "other", srcs = ["other.sv"])
sv_library(name = "lib", srcs = ["top.sv"], deps = [":other"])
""",
        ("bad/include_of_an_indirect_dependency/top.sv:1:", "far.svh"),
        {
            "child.sv": _CHILD,
            "far.svh": "`define FAR\n",
            "other.sv": "module other;\nendmodule\n",
            "top.sv": '`include "far.svh"\n' + _TOP,
        },
        ("lib.svi",),
    ),
    "macro_of_a_stranger": Case(
        """
sv_library(name = "stranger", srcs = ["child.sv"], defines = {"WIDTH": "8"})
sv_library(name = "lib", srcs = ["top.sv"])
sv_sim(name = "sim", top = "top", deps = [":lib", ":stranger"])
""",
        ("bad/macro_of_a_stranger/top.sv:2:", "WIDTH"),
        {"child.sv": _CHILD, "top.sv": "module top;\n  logic [`WIDTH-1:0] a;\nendmodule\n"},
        ("lib.svi",),
    ),
    "unknown_parameter": Case(
        """
sv_library(name = "lib", srcs = ["top.sv"])
sv_sim(name = "sim", parameters = {"Wdith": "8"}, top = "top", deps = [":lib"])
""",
        ("//bad/unknown_parameter:sim", "Wdith", "Width"),
        {"top.sv": "module top #(parameter int Width = 4);\n  initial $finish;\nendmodule\n"},
        ("sim", "sim.model.design.json", "sim.model.hdrs"),
    ),
    "parameter_is_no_value": Case(
        """
sv_library(name = "lib", srcs = ["top.sv"])
sv_sim(name = "sim", parameters = {"Width": "eight"}, top = "top", deps = [":lib"])
""",
        ("bad/parameter_is_no_value/top.sv:1:",),
        {"top.sv": "module top #(parameter int Width = 4);\n  initial $finish;\nendmodule\n"},
        ("sim", "sim.model.hdrs"),
    ),
    "parameter_is_half_a_string": Case(
        """
sv_library(name = "lib", srcs = ["top.sv"])
sv_sim(name = "sim", parameters = {"Name": '"a"b"'}, top = "top", deps = [":lib"])
""",
        ('parameters gives Name the value "a"b", which is no string of SystemVerilog',),
        {"top.sv": 'module top #(parameter string Name = "x");\n  initial $finish;\nendmodule\n'},
        ("sim", "sim.model.hdrs"),
    ),
    "no_such_clock": Case(
        """
sv_library(name = "lib", srcs = ["child.sv"])
sv_sim(name = "sim", clocks = {"clock": "10ns"}, top = "child", deps = [":lib"])
""",
        ("//bad/no_such_clock:sim", "clock", "clk"),
        {"child.sv": _CHILD},
        ("sim", "sim.model.hdrs"),
    ),
    "clock_is_an_output": Case(
        """
sv_library(name = "lib", srcs = ["child.sv"])
sv_sim(name = "sim", clocks = {"q": "10ns"}, top = "child", deps = [":lib"])
""",
        ("//bad/clock_is_an_output:sim", "q"),
        {"child.sv": _CHILD},
        ("sim", "sim.model.hdrs"),
    ),
    "bad_period": Case(
        """
sv_library(name = "lib", srcs = ["child.sv"])
sv_sim(name = "sim", clocks = {"clk": "10"}, top = "child", deps = [":lib"])
""",
        ("//bad/bad_period:sim: clocks gives clk the period '10'", 'clocks = {"clk": "10ns"}'),
        {"child.sv": _CHILD},
        ("sim", "sim.main.cpp"),
    ),
    "bad_plusarg": Case(
        """
sv_library(name = "lib", srcs = ["top.sv"])
sv_sim(name = "sim", plusargs = ["verbose"], top = "top", deps = [":lib"])
""",
        ("//bad/bad_plusarg:sim: plusargs holds 'verbose'", "write '+verbose'"),
        {"top.sv": _TOP},
        ("sim", "sim.main.cpp"),
    ),
    "delays_in_a_clocked_top": Case(
        """
sv_library(name = "lib", srcs = ["top.sv"])
sv_sim(name = "sim", clocks = {"clk": "10ns"}, top = "top", deps = [":lib"])
""",
        ("bad/delays_in_a_clocked_top/top.sv:3:", "timing = True on the sv_sim"),
        {"top.sv": "`timescale 1ns/1ps\nmodule top (input logic clk);\n  initial #5 $finish;\nendmodule\n"},
        ("sim", "sim.model.hdrs"),
    ),
    "dependency_left_out": Case(
        """
sv_library(name = "child", srcs = ["child.sv"])
sv_library(name = "lib", srcs = ["top.sv"])
sv_sim(name = "sim", top = "top", deps = [":lib"])
""",
        ("bad/dependency_left_out/top.sv:3:", "child"),
        {
            "child.sv": _CHILD,
            "top.sv": "module top;\n  logic clk; logic [7:0] q;\n  child u (.clk, .q);\nendmodule\n",
        },
        ("sim", "sim.model.hdrs"),
    ),
    "module_in_a_package": Case(
        'sv_package(name = "lib", srcs = ["top.sv"])',
        ("bad/module_in_a_package/top.sv:1:", "top", "sv_library"),
        {"top.sv": _TOP},
        ("lib.svi",),
    ),
    "macro_with_a_space_in_a_filelist": Case(
        """
sv_library(name = "lib", srcs = ["top.sv"], defines = {"TEXT": "a b"})
sv_filelist(name = "list", deps = [":lib"])
""",
        ("//bad/macro_with_a_space_in_a_filelist:lib: the macro TEXT has the value",),
        {"top.sv": _TOP},
        ("list.f",),
    ),
    # What the analysis finds.
    "empty_srcs": Case(
        'sv_library(name = "lib", srcs = [])',
        ("//bad/empty_srcs:lib: srcs is empty. List the unit's .sv and .v files",),
    ),
    "missing_file": Case(
        'sv_library(name = "lib", srcs = ["none.sv"])',
        ("//bad/missing_file:none.sv",),
    ),
    "owned_flag": Case(
        """
sv_library(name = "lib", srcs = ["top.sv"])
sv_sim(name = "sim", top = "top", vopts = ["-trace-fst"], deps = [":lib"])
""",
        (
            '//bad/owned_flag:sim.model: vopts holds "-trace-fst", which belongs to another attribute. '
            'Use trace = "fst"',
        ),
        {"top.sv": _TOP},
    ),
    "flag_on_a_unit": Case(
        'sv_library(name = "lib", srcs = ["top.sv"], vopts = ["-O3"])',
        ('//bad/flag_on_a_unit:lib: vopts of a unit holds "-O3"; a unit takes warning options only',),
        {"top.sv": _TOP},
    ),
    "includes_above": Case(
        'sv_library(name = "lib", srcs = ["top.sv"], includes = ["../other"])',
        ('//bad/includes_above:lib: includes holds "../other"; a folder below this package is expected',),
        {"top.sv": _TOP},
    ),
    # What the BUILD file itself gets wrong.
    "top_left_out": Case(
        'sv_sim(name = "sim", deps = [":lib"])',
        ('sim: top is missing. Name the top module: top = "..."',),
    ),
    "model_and_top": Case(
        'sv_sim(name = "sim", model = ":m", top = "top")',
        ("sim: model already has a top and deps. Leave out model, or top and deps",),
    ),
    "strange_trace": Case(
        'sv_sim(name = "sim", top = "top", trace = "wave", deps = [":lib"])',
        ("invalid value in 'trace' attribute: has to be one of 'none', 'vcd' or 'fst'",),
    ),
}


@pytest.fixture(scope="module")
def report(project: Workspace, built: Path) -> Iterator[str]:
    """What Bazel said about all cases."""
    for name, case in _CASES.items():
        project.write(f"bad/{name}/BUILD.bazel", _LOAD + case.build)
        for path, text in case.files.items():
            project.write(f"bad/{name}/{path}", text)
    outcome = project.bazel("build", "--keep_going", "//bad/...")
    assert outcome.code == 1, outcome.err
    yield outcome.err
    shutil.rmtree(project.folder / "bad")


def about(report: str, name: str, folder: str = "bad") -> str:
    """The parts of the report that concern one case."""
    parts = re.split(r"^(?=ERROR: |WARNING: |INFO: )", report, flags=re.MULTILINE)
    return "".join(part for part in parts if re.search(rf"\b{folder}/{name}\b", part))


@pytest.mark.parametrize("name", _CASES)
def test_bad_input_gets_a_clear_error_and_nothing_half_made(
    report: str, project: Workspace, built: Path, name: str
) -> None:
    case = _CASES[name]
    text = about(report, name)
    for part in case.says:
        assert part in text, f"no {part!r} in\n{text or report}"
    assert '\n  File "' not in text, f"a traceback of Python's:\n{text}"
    assert ".unit.sv" not in re.sub(r"--\S+|\(.*?\)", "", text), f"an isolated source is named:\n{text}"
    for output in case.never:
        assert files(built / "bad" / name / output) == [], "there after a failure"


def files(path: Path) -> list[Path]:
    """The file, or those in a folder: Bazel makes a folder before it runs what is to fill it."""
    return [file for file in (path, *path.rglob("*")) if file.is_file()]
