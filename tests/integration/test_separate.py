"""Units that are verilated apart: what they simulate, what an edit costs, and what is said where it can't be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.bazel import Outcome, Workspace, simulate
from tests.integration.conftest import make_workspace

_MERGE = "--@rules_sv//rules:compile=merge"


@pytest.fixture(scope="module")
def separate(root: Path) -> Iterator[Workspace]:
    """The workspace, built."""
    workspace = make_workspace(root, "separate", "separate")
    if workspace.output_base.exists():
        workspace.bazel("clean")
    workspace.succeed("build", "//...")
    yield workspace
    workspace.bazel("shutdown")


@pytest.fixture
def edited(separate: Workspace) -> Iterator[Workspace]:
    """The same; its files are put back after the test, and built again."""
    files = {path: path.read_bytes() for path in separate.folder.rglob("*") if path.is_file()}
    yield separate
    for path in separate.folder.rglob("*"):
        if path.is_file() and path not in files:
            path.unlink()
    for path, data in files.items():
        if path.read_bytes() != data:
            path.write_bytes(data)
    separate.succeed("build", "//...")


def work(outcome: Outcome) -> dict[str, set[str]]:
    """The targets for which a build had something to do, by mnemonic."""
    found: dict[str, set[str]] = {}
    for action in outcome.actions:
        if action.mnemonic != "BazelWorkspaceStatusAction":
            found.setdefault(action.mnemonic, set()).add(action.label)
    return found


def printed(folder: Path, name: str) -> list[str]:
    run = simulate(folder / name)
    assert run.code == 0, run
    return sorted(line for line in run.lines() if not line.startswith("- "))


def test_units_apart_and_merged_print_the_same(separate: Workspace) -> None:
    folder = separate.bin()
    apart = {name: printed(folder, name) for name in ("sim", "tb_sim")}
    assert [line for line in apart["sim"] if line.startswith("seen")] != []
    assert sum(line.startswith("soc.u_") for line in apart["sim"]) == 3
    done = separate.succeed("build", _MERGE, "//...")
    assert done.labels("SvVerilate") == {"//:sim.model", "//:tb_sim.model"}
    assert {name: printed(folder, name) for name in apart} == apart
    separate.succeed("build", "//...")


def test_the_contracts_are_told(separate: Workspace) -> None:
    separate.succeed("build", "//:sim", "--output_groups=contracts")
    text = (separate.bin() / "sim.model.contracts.txt").read_text()
    assert "//:leaf (leaf): step\n  proven: step, posedge clk, reset rst_n (low)\n" in text
    assert "//:mixer (mixer): merged\n" in text
    assert "rtl/mixer.sv:1:8: a boundary doesn't pay for mixer" in text
    assert "//:bus_pkg: nothing to verilate\n" in text
    data = json.loads((separate.bin() / "sim.model.contracts.json").read_text())
    leaf = next(unit for unit in data["units"] if unit["label"] == "//:leaf")
    assert [one["parameters"] for one in leaf["sets"]] == [[], [["Factor", "3"]]]


def test_a_model_that_is_merged_says_why(separate: Workspace) -> None:
    separate.succeed("build", _MERGE, "//:sim", "--output_groups=contracts")
    text = (separate.bin() / "sim.model.contracts.txt").read_text()
    assert text.startswith("//:sim.model: one model, because the build setting ")
    separate.succeed("build", "//...")


def test_an_edit_of_a_comment_checks_its_unit_and_ends_there(edited: Workspace) -> None:
    edited.edit("rtl/leaf.sv", "// What every", "// One more line.\n// What every")
    assert work(edited.succeed("build", "//...")) == {"SvUnit": {"//:leaf"}}


def test_an_edit_of_a_body_verilates_its_unit_and_links(edited: Workspace) -> None:
    before = printed(edited.bin(), "sim")
    edited.edit("rtl/scaler.sv", "x * Factor", "x * Factor + 8'd1")
    done = work(edited.succeed("build", "//..."))
    assert done.pop("CppLink") == {"//:sim", "//:tb_sim"}
    assert done.pop("FileWrite") == {"//:sim", "//:tb_sim"}  # the linker's arguments
    assert done["SvVerilate"] == {"//:leaf"}
    assert set(done) <= {"SvUnit", "SvBoundary", "SvVerilate", "CppCompile", "CppArchive"}
    assert {label for labels in done.values() for label in labels} == {"//:leaf"}
    assert printed(edited.bin(), "sim") != before


def test_an_edit_of_a_port_verilates_its_parents_too(edited: Workspace) -> None:
    edited.edit("rtl/leaf.sv", "output byte_t count\n", "output byte_t count,\n  output logic extra\n")
    edited.edit("rtl/leaf.sv", "  byte_t scaled;", "  assign extra = count[0];\n  byte_t scaled;")
    edited.edit("rtl/pair.sv", ".out(first), .count)", ".out(first), .count, .extra())")
    edited.edit("rtl/pair.sv", ".out(second), .count())", ".out(second), .count(), .extra())")
    edited.edit("rtl/soc.sv", "first, third, )", "first, third, , )")
    done = edited.succeed("build", "//...")
    assert done.labels("SvVerilate") == {"//:leaf", "//:pair", "//:sim.model", "//:tb_sim.model"}


def test_an_edit_of_the_top_verilates_the_top(edited: Workspace) -> None:
    edited.edit("rtl/tb.sv", "#22", "#42")
    done = edited.succeed("build", "//...")
    assert done.labels("SvVerilate") == {"//:tb_sim.model"}
    assert done.labels("SvBoundary") == set()


def test_a_second_simulator_verilates_its_own_top_alone(edited: Workspace) -> None:
    edited.write("rtl/tb2.sv", "module tb2 (input logic clk, rst_n); soc u (.clk, .rst_n, .seen()); endmodule\n")
    edited.write(
        "second/BUILD.bazel",
        """\
load("@rules_sv//rules:defs.bzl", "sv_sim")

sv_sim(
    name = "sim2",
    clocks = {"clk": "10ns"},
    resets = {"rst_n": "low"},
    top = "tb2",
    deps = ["//:tb2"],
)
""",
    )
    build = edited.folder / "BUILD.bazel"
    build.write_text(
        build.read_text()
        + 'sv_library(name = "tb2", srcs = ["rtl/tb2.sv"], visibility = ["//visibility:public"], deps = [":soc"])\n'
    )
    done = edited.succeed("build", "//second:sim2")
    assert done.labels("SvVerilate") == {"//second:sim2.model"}
    assert "seen" in simulate(edited.bin() / "second/sim2").out


def test_a_failure_inside_names_the_users_line(separate: Workspace) -> None:
    run = simulate(separate.bin() / "sim", "+fatal")
    assert run.code == 1
    line = separate.line_of("rtl/leaf.sv", "$fatal(1")
    assert f"rtl/leaf.sv:{line}: " in run.out
    assert "on purpose" in run.out


def test_parameters_that_no_set_lists_stop_elaboration(edited: Workspace) -> None:
    edited.edit("rtl/pair.sv", ".Factor(3)", ".Factor(4)")
    message = edited.fail("//:sim")
    assert "buildozer 'add parameter_sets Factor=4' //:leaf" in message


def test_a_unit_that_cannot_be_apart_says_why(edited: Workspace) -> None:
    edited.edit(
        "rtl/leaf.sv", "  byte_t scaled;", "  byte_t scaled;\n  bit scaled2;\n  always @(posedge clk) #1 scaled2 = 1;"
    )
    message = edited.fail("//:sim")
    line = edited.line_of("rtl/leaf.sv", "#1 scaled2")
    assert f"rtl/leaf.sv:{line}:" in message
    assert "[timing, IEEE 1800-2023 9.4]" in message


def test_a_reference_into_a_unit_names_what_mends_it(edited: Workspace) -> None:
    edited.edit("rtl/tb.sv", "  soc u_soc (.*);", "  soc u_soc (.*);\n  initial $display(u_soc.u_third.scaled);")
    message = edited.fail("//:tb_sim")
    assert "rtl/tb.sv:11" in message
    assert "buildozer 'set compile \"merge\"' //:leaf" in message


def test_a_bind_into_a_unit_names_what_mends_it(edited: Workspace) -> None:
    edited.edit("rtl/tb.sv", "  soc u_soc (.*);", "  soc u_soc (.*);\n  bind scaler checks u_checks (.*);")
    tb = edited.folder / "rtl/tb.sv"
    tb.write_text(tb.read_text() + "module checks (input logic clk);\nendmodule\n")
    build = edited.folder / "BUILD.bazel"
    build.write_text(
        build.read_text().replace('srcs = ["rtl/tb.sv"],', 'srcs = ["rtl/tb.sv"], exports_modules = ["tb"],')
    )
    message = edited.fail("//:tb_sim")
    assert "scaler" in message
    assert "buildozer 'set compile \"merge\"' //:leaf" in message


def test_another_time_precision_is_refused_where_a_unit_uses_time(edited: Workspace) -> None:
    edited.edit("rtl/tb.sv", "1ns / 1ps", "1ns / 1ns")
    edited.edit("rtl/leaf.sv", '$display("%m: %0d", out.data)', '$display("%m: %0d at %t", out.data, $time)')
    edited.edit("rtl/leaf.sv", "  byte_t scaled;", "  timeunit 1ns;\n  timeprecision 1ps;\n  byte_t scaled;")
    edited.edit("rtl/tb.sv", "module tb;", "module tb;\n  timeunit 1ns;\n  timeprecision 1ns;")
    edited.succeed("build", "//:tb_sim")
    run = simulate(edited.bin() / "tb_sim")
    assert run.code == 1
    assert "buildozer 'set compile \"merge\"' //:leaf" in run.out


def test_coverage_names_the_users_places(separate: Workspace, tmp_path: Path) -> None:
    data = tmp_path / "coverage.dat"
    separate.succeed("build", "//:sim", "--@rules_sv//rules:coverage")
    run = simulate(separate.bin() / "sim", f"--coverage={data}")
    assert run.code == 0
    points = data.read_text()
    line = separate.line_of("rtl/leaf.sv", "if (!rst_n) begin")
    assert f"\x01f\x02rtl/leaf.sv\x01l\x02{line}\x01n\x021\x01t\x02branch\x01" in points
    assert "\x01f\x02rtl/soc.sv\x01" in points
    assert ".unit.sv" not in points
    assert ".view.sv" not in points
    assert "leaf_b" not in points
    separate.succeed("build", "//...")


@pytest.mark.parametrize("options", [(), ("--keep_going",)])
def test_what_verilator_refuses_fails_all_that_is_made_of_it(edited: Workspace, options: tuple[str, ...]) -> None:
    """The verilation itself succeeds, with an empty model; nothing may be made of that."""
    edited.edit("rtl/scaler.sv", "endmodule", "  wire [3:0] narrow = x;\nendmodule")
    message = edited.fail(*options, "//:sim", "//:tb_sim", "//:sim.model")
    assert f"%Warning-WIDTHTRUNC: rtl/scaler.sv:{edited.line_of('rtl/scaler.sv', 'narrow')}:" in message
    assert message.count("error: //:leaf: Verilator ended with exit code 1") in (1, 2)  # once a parameter set
    for other in ("undefined reference", "No such file", ".unit.sv:"):
        assert other not in message
    for target in ("//:sim", "//:tb_sim"):
        assert edited.bazel("build", target).code == 1
