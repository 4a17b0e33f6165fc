"""Simulators as people run them: text, exit codes, options, waveforms, signals."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from tests.integration.bazel import Workspace, simulate, user_environment
from tests.integration.waves import read_fst, read_vcd

_WORDS = ["word 0: a1b2.", "word 1: 00ff.", "word 2: 1234.", "word 3: beef."]


def test_texts_with_spaces_quotes_and_dollars_arrive_unharmed(built: Path) -> None:
    run = simulate(built / "sim")
    assert run.code == 0, run.err
    assert run.lines()[:6] == [
        "name: a b $c 'd' \"e\".",
        "width: 12.",
        'greeting: hello  $HOME\'s "x".',
        "local: a;b&c|d.",
        "text: a b \"c\" $d 'e'.",
        "file: plain text of a file",
    ]


def test_data_files_are_found_from_anywhere(built: Path, tmp_path: Path) -> None:
    run = simulate(built / "sim", cwd=tmp_path)
    assert [line for line in run.lines() if line.startswith("word")] == _WORDS


def test_it_ends_with_one_line_about_cycles_and_speed(built: Path) -> None:
    run = simulate(built / "sim")
    assert re.fullmatch(r"seed 1\nsimulated \d+ cycles in \d+\.\d{3} s \(\d+\.\d kcycles/s\)\n", run.err)


def test_bazel_run_passes_arguments_on(project: Workspace, built: Path) -> None:
    outcome = project.succeed("run", "//:sim", "--", "+text=x  'y' \"z\"", "--seed=5")
    assert "text: x  'y' \"z\"." in outcome.out.splitlines()
    assert "seed 5\n" in outcome.err
    assert project.bazel("run", "//:sim", "--", "+how=fatal").code == 1


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ("fatal", "%Fatal: {}: Assertion failed in tb: fatal on request"),
        ("error", "%Error: {}: Assertion failed in tb: error on request"),
        ("assert", "%Error: {}: Assertion failed in tb: assertion on request"),
        ("stop", "%Error: {}: Verilog $stop"),
        ("starve", "error: //:sim: nothing is left to happen and $finish was not called"),
    ],
)
def test_what_is_no_finish_fails_and_names_the_users_line(
    project: Workspace, built: Path, how: str, message: str
) -> None:
    marks = {
        "fatal": "fatal on",
        "error": "error on",
        "assert": "assertion on",
        "stop": "$stop",
        "starve": '"starve": ;',
    }
    place = f"rtl/tb.sv:{project.line_of('rtl/tb.sv', marks[how])}"
    run = simulate(built / "sim", f"+how={how}")
    assert run.code == 1
    assert message.format(place) in run.out + run.err
    assert "simulated " in run.err


def test_a_limit_that_is_met_fails(built: Path) -> None:
    run = simulate(built / "clocked_sim")
    assert run.code == 1
    assert "error: //:clocked_sim: no $finish within 1000 cycles" in run.err
    assert simulate(built / "clocked_sim", "--max-cycles=50").code == 1


def test_cycles_stops_there_and_succeeds(built: Path) -> None:
    run = simulate(built / "clocked_sim", "--cycles=40")
    assert run.code == 0, run.err
    # 40 edges of the 4 ns clock, the first at 2 ns; those of the 10 ns clock at 5, 15, ... 155 ns. The
    # resets last five edges of the first clock, so two of the second.
    assert run.lines() == ["slow 2+14, fast 5+35, ended at 158000"]
    assert "simulated 40 cycles in " in run.err


def test_help_is_about_this_simulator(built: Path) -> None:
    run = simulate(built / "clocked_sim", "--help")
    assert run.code == 0
    assert run.out.startswith("usage: ")
    assert "--cycles=N" in run.out
    assert "write the waveform to FILE (fst)" in run.out


@pytest.mark.parametrize("argument", ["--nonsense", "plusarg=1", "--cycles=many", "--trace=x.fst"])
def test_wrong_usage_is_2_and_runs_nothing(built: Path, argument: str) -> None:
    run = simulate(built / "sim", argument)
    assert run.code == 2
    assert run.out == ""
    assert argument in run.err


def test_plusargs_of_the_command_line_win(built: Path) -> None:
    run = simulate(built / "sim", "+text=mine")
    assert "text: mine." in run.lines()
    assert len([line for line in run.lines() if line.startswith("text:")]) == 1


def test_equal_seeds_give_equal_numbers_and_others_do_not(built: Path) -> None:
    def number(seed: int) -> str:
        return next(line for line in simulate(built / "sim", f"--seed={seed}").lines() if line.startswith("random: "))

    assert number(1) == number(1)
    assert len({number(seed) for seed in (1, 2, 3)}) == 3


def test_a_vcd_has_the_users_names(built: Path, tmp_path: Path) -> None:
    wave = tmp_path / "a wave.vcd"
    assert simulate(built / "sim", f"--trace={wave}").code == 0
    found = read_vcd(wave)
    assert {"tb.address", "tb.count", "tb.word", "tb.u_leaf.address", "tb.u_leaf.word"} <= found.names
    assert not any("__" in name for name in found.names), found.names
    assert (found.first, found.last) == (0, 40_000)  # four words, 10 ns each
    assert found.changes is not None
    assert found.changes > 20


def test_an_fst_has_the_users_names(built: Path, tmp_path: Path) -> None:
    wave = tmp_path / "wave.fst"
    assert simulate(built / "clocked_sim", "--cycles=40", f"--trace={wave}").code == 0
    found = read_fst(wave)
    assert {"clocked.slow_count", "clocked.fast_count", "clocked.rst_n"} <= found.names
    assert (found.first, found.last) == (0, 158_000)


def test_a_relative_path_of_a_waveform_starts_where_it_was_typed(project: Workspace, built: Path) -> None:
    typed_in = project.folder / "data"
    wave = typed_in / "typed.vcd"
    try:
        run = simulate(built / "sim", "--trace=typed.vcd", cwd=typed_in)
        assert run.code == 0
        assert read_vcd(wave).last == 40_000
    finally:
        wave.unlink(missing_ok=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_closes_its_waveform(built: Path, tmp_path: Path, number: signal.Signals) -> None:
    wave = tmp_path / "x.vcd"
    with subprocess.Popen(
        [str(built / "sim"), "+how=hang", f"--trace={wave}"],
        env=user_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            lines = iter(process.stdout)
            assert any(line == "hanging\n" for line in lines)
            process.send_signal(number)
            _, err = process.communicate(timeout=30)
        except BaseException:
            process.kill()
            raise
    assert process.returncode == 128 + number
    assert f"interrupted by signal {number.value}\n" in err
    assert "simulated " in err
    found = read_vcd(wave)
    assert "tb.u_leaf.word" in found.names
    assert found.last >= 40_000


def test_c_code_below_is_called(built: Path) -> None:
    run = simulate(built / "dpi_sim")
    assert run.code == 0
    assert run.lines()[0] == "sum: 30"


def test_a_main_of_ones_own_drives_the_model(built: Path) -> None:
    run = simulate(built / "own_main_sim")
    assert run.code == 0
    assert run.lines()[0] == "sum: 42"
    assert run.lines()[-1] == "own main: ended at 1000"
    assert run.err == ""  # the built-in main is not there


def test_odd_names_of_files_and_folders_arrive_unharmed(project: Workspace, built: Path) -> None:
    folder = "odd dir/$5 it's"
    project.write(
        f"{folder}/BUILD.bazel",
        """\
load("@rules_sv//rules:defs.bzl", "sv_library", "sv_sim")

sv_library(
    name = "odd name's",
    srcs = ["a 'b' & (c).sv"],
    hdrs = ["inc $x/h 'd'.svh"],
    data = ["some data $1.txt"],
    includes = ["inc $x"],
    vopts = ["-Wno-UNUSEDSIGNAL", "-Wno-UNDRIVEN"],
)

sv_sim(
    name = "odd sim",
    plusargs = ["+file=$(rootpath some data $1.txt)"],
    data = ["some data $1.txt"],
    top = "odd",
    deps = [":odd name's"],
    vopts = ["-Wall"],
)
""",
    )
    project.write(f"{folder}/inc $x/h 'd'.svh", "`define NUMBER 7\n")
    project.write(f"{folder}/some data $1.txt", "data\n")
    project.write(
        f"{folder}/a 'b' & (c).sv",
        """\
`include "h 'd'.svh"
module odd;
  timeunit 1ns;
  timeprecision 1ps;
  string name;
  int    file;
  logic  unused;
  initial begin
    $display("file: %s, line %0d, number %0d", `__FILE__, `__LINE__, `NUMBER);
    if ($value$plusargs("file=%s", name)) file = $fopen(name, "r");
    $display("data: %s, found: %0d", name, file != 0);
    assert (file == 0) else $error("on purpose");
  end
endmodule
""",
    )
    try:
        project.succeed("build", f"//{folder}:all")
        run = simulate(built / folder / "odd sim")  # runfiles lead to the workspace's own files
    finally:
        shutil.rmtree(project.folder / "odd dir")
    assert run.code == 1
    assert run.lines()[0] == f"file: {folder}/a 'b' & (c).sv, line 9, number 7"
    assert run.lines()[1] == f"data: {folder}/some data $1.txt, found: 1"
    assert f"%Error: {folder}/a 'b' & (c).sv:12: Assertion failed in odd: on purpose" in run.out
