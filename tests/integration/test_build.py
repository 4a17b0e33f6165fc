"""A user's project: what is built, what is not built again, and what the command lines hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.bazel import Action, Outcome, Workspace, simulate

_OURS = ("SvDesign", "SvMain", "SvRuntimeSources", "SvUnit", "SvUnpackVerilator", "SvVerilate")


@pytest.fixture
def edited(project: Workspace, built: Path) -> Iterator[Workspace]:
    """The built project; its files are put back after the test, and built again."""
    files = {path: path.read_bytes() for path in project.folder.rglob("*") if path.is_file()}
    yield project
    for path, data in files.items():
        if path.read_bytes() != data:
            path.write_bytes(data)
    project.succeed("build", "//...")


def work(outcome: Outcome) -> set[Action]:
    """What a build did, but for the stamp that Bazel writes each time."""
    return {action for action in outcome.actions if action.mnemonic != "BazelWorkspaceStatusAction"}


def test_everything_is_built_in_sandboxes(first_build: Outcome) -> None:
    done = first_build.mnemonics()
    for mnemonic in (*_OURS, "CppCompile", "CppLink"):
        assert done[mnemonic] > 0, f"no {mnemonic} in {done}"
    runners = {name for name in first_build.runners if name != "total"}
    assert runners <= {"internal", "disk cache hit", "linux-sandbox", "processwrapper-sandbox"}


def test_a_second_build_runs_no_action(project: Workspace, built: Path) -> None:
    assert work(project.succeed("build", "//...")) == set()


def test_an_edit_of_a_data_file_runs_no_action_and_is_seen(edited: Workspace, built: Path) -> None:
    before = simulate(built / "sim").lines()
    assert "word 2: 1234." in before
    edited.edit("data/words.hex", "1234", "4321")
    assert work(edited.succeed("build", "//...")) == set()
    assert simulate(built / "sim").lines() == [line.replace("1234", "4321") for line in before]


def test_an_edit_of_a_comment_checks_its_unit_and_ends_there(edited: Workspace) -> None:
    edited.edit("rtl/leaf.sv", "// Reads words", "// One\n// more line. Reads words")
    assert work(edited.succeed("build", "//...")) == {Action("SvUnit", "//:leaf")}


def test_messages_follow_lines_that_a_comment_moved(edited: Workspace, built: Path) -> None:
    line = edited.line_of("rtl/tb.sv", '"finish": $finish')
    assert f"- rtl/tb.sv:{line}: Verilog $finish" in simulate(built / "sim").lines()
    edited.edit("rtl/tb.sv", "`timescale", "// A line.\n`timescale")
    assert work(edited.succeed("build", "//:sim")) == {Action("SvUnit", "//:tb")}
    assert f"- rtl/tb.sv:{line + 1}: Verilog $finish" in simulate(built / "sim").lines()


def test_an_edit_of_a_body_checks_no_other_unit(edited: Workspace, built: Path) -> None:
    edited.edit("rtl/leaf.sv", "assign word = words[address];", "assign word = ~words[address];")
    outcome = edited.succeed("build", "//:sim")
    assert outcome.labels("SvUnit") == {"//:leaf"}
    assert outcome.labels("SvVerilate") == {"//:tb_model"}
    assert outcome.labels("CppLink") == {"//:sim"}
    for mnemonic in ("SvDesign", "SvMain", "SvRuntimeSources", "SvUnpackVerilator"):
        assert outcome.labels(mnemonic) == set()
    assert "word 0: 5e4d." in simulate(built / "sim").lines()


def test_an_edit_of_a_port_checks_its_users(edited: Workspace) -> None:
    edited.edit(
        "rtl/leaf.sv", "output word_t      word", "output word_t      word,\n  input  logic       unused = 1'b0"
    )
    outcome = edited.succeed("build", "//:sim")
    assert outcome.labels("SvUnit") == {"//:leaf", "//:tb"}
    assert outcome.labels("SvDesign") == {"//:tb_model"}


def test_an_edit_of_a_header_reaches_those_who_may_include_it(edited: Workspace, built: Path) -> None:
    edited.write("data/other.hex", "0001 0002 0003 0004\n")
    edited.edit("rtl/include/leaf_macros.svh", "data/words.hex", "data/other.hex")
    edited.edit("BUILD.bazel", 'data = ["data/words.hex"]', 'data = ["data/other.hex"]')
    outcome = edited.succeed("build", "//:sim")
    assert outcome.labels("SvUnit") == {"//:leaf", "//:tb"}
    assert "word 3: 0004." in simulate(built / "sim").lines()
    # Programs that every unit needs stay for the next action, where nobody asks for sandboxes.
    stay = {"SvUnit", "SvDesign", "SvBoundary", "SvGather", "SvVerilate", "SvMessages"}
    runners = {spawn.mnemonic: spawn.runner for spawn in outcome.spawns if spawn.mnemonic in stay}
    assert {"SvUnit", "SvVerilate"} <= runners.keys()
    assert set(runners.values()) <= {"worker", "disk cache hit"}, runners


def test_no_command_line_holds_an_absolute_path(project: Workspace, built: Path) -> None:
    query = 'mnemonic("Sv.*", deps(//...))'
    text = project.succeed("aquery", "--output=jsonproto", "--include_param_files", query).out
    actions = json.loads(text)["actions"]
    assert set(_OURS) <= {action["mnemonic"] for action in actions}
    words = 0
    for action in actions:
        lines = [line for file in action.get("paramFiles", []) for line in file.get("arguments", [])]
        for word in [*action["arguments"], *lines]:
            words += 1
            rooted = word.startswith("/") and not word.startswith("//")
            assert not rooted, f"{action['mnemonic']}: {word}"
            assert "=/" not in word, f"{action['mnemonic']}: {word}"
        variables = {pair["key"]: pair["value"] for pair in action.get("environmentVariables", [])}
        assert variables == {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}
    assert words > 100


def test_compilers_and_linkers_are_told_no_path_of_the_machine(project: Workspace, built: Path) -> None:
    query = 'mnemonic("Cpp.*", //...)'
    actions = json.loads(project.succeed("aquery", "--output=jsonproto", "--include_param_files", query).out)["actions"]
    assert {"CppCompile", "CppLink"} <= {action["mnemonic"] for action in actions}
    for action in actions:
        lines = [line for file in action.get("paramFiles", []) for line in file.get("arguments", [])]
        for word in [*action.get("arguments", []), *lines]:
            for folder in (project.folder, project.output_base, Path.home()):
                assert f"{folder}/" not in word, f"{action['mnemonic']}: {word}"
