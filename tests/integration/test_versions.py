"""Versions of one IP in one design through real builds: what is printed, what is built again, what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from tests.integration.bazel import Workspace, simulate
from tests.integration.test_bad_input import about

_LOAD = 'load("@rules_sv//rules:defs.bzl", "sv_library", "sv_sim", "vhdl_library", "vhdl_test")\n'
_PUBLIC = 'package(default_visibility = ["//visibility:public"])\n'


def ip(version: str) -> dict[str, str]:
    """One version of an IP in both languages, with a target of each that has no version."""
    build = "".join(
        f'{rule}(name = "{name}{plain}", srcs = ["{name}{suffix}"]{"" if plain else more})\n'
        for rule, name, suffix in (("sv_library", "fifo", ".sv"), ("vhdl_library", "vfifo", ".vhd"))
        for plain, more in (("", f', version = "{version}.0"'), ("_plain", ""))
    )
    folder = f"versions/v{version}"
    return {
        f"{folder}/BUILD.bazel": _LOAD + _PUBLIC + build,
        # Each version has a helper of the same name that no other unit may name.
        f"{folder}/fifo.sv": f'module fifo; helper h(); endmodule\nmodule helper; initial $display("sv {version} %m");'
        " endmodule\n",
        f"{folder}/vfifo.vhd": f"entity vfifo is end;\narchitecture a of vfifo is\nbegin\n"
        f'  assert false report "vhdl {version}" severity note;\nend;\n',
    }


def user(name: str, version: str) -> dict[str, str]:
    """What uses one version."""
    return {
        f"versions/{name}/BUILD.bazel": _LOAD
        + _PUBLIC
        + f'sv_library(name = "{name}", srcs = ["{name}.sv"], deps = ["//versions/v{version}:fifo"])\n'
        + f'vhdl_library(name = "v{name}", srcs = ["{name}.vhd"], deps = ["//versions/v{version}:vfifo"])\n',
        f"versions/{name}/{name}.sv": f"module {name}; fifo u(); endmodule\n",
        f"versions/{name}/{name}.vhd": f"entity v{name} is end;\narchitecture x of v{name} is\nbegin\n"
        "  u : entity work.vfifo;\nend;\n",
    }


def system(*names: str) -> dict[str, str]:
    """A design on top of users."""
    deps = ", ".join(f'"//versions/{n}"' for n in names)
    vhdl_deps = ", ".join(f'"//versions/{n}:v{n}"' for n in names)
    instances = " ".join(f"{n} i_{n}();" for n in names)
    vhdl = "\n".join(f"  i_{n} : entity work.v{n};" for n in names)
    return {
        "versions/system/BUILD.bazel": _LOAD
        + f'sv_library(name = "system", srcs = ["system.sv"], deps = [{deps}])\n'
        + 'sv_sim(name = "sim", top = "system", deps = [":system"])\n'
        + f'vhdl_library(name = "vsystem", srcs = ["system.vhd"], deps = [{vhdl_deps}])\n'
        + 'vhdl_test(name = "vhdl", top = "vsystem", deps = [":vsystem"])\n',
        "versions/system/system.sv": f"module system; {instances} initial #1 $finish; endmodule\n",
        "versions/system/system.vhd": f"entity vsystem is end;\narchitecture x of vsystem is\nbegin\n{vhdl}\nend;\n",
    }


@pytest.fixture(scope="module")
def versions(project: Workspace) -> Iterator[Workspace]:
    """The workspace with one version of an IP and a design on it; taken away at the end."""
    for path, text in {**ip("1"), **user("a", "1"), **system("a")}.items():
        project.write(path, text)
    yield project
    for folder in ("versions", "bad_versions"):
        shutil.rmtree(project.folder / folder, ignore_errors=True)


def test_a_second_version_builds_nothing_again_below_the_design(versions: Workspace) -> None:
    """A mangled name depends on its unit alone, so what is built from it serves every design."""
    targets = ("//versions/system:sim", "//versions/system:vsystem")
    first = versions.succeed("build", *targets)
    assert first.labels("SvUnit") == {"//versions/v1:fifo", "//versions/a:a", "//versions/system:system"}
    assert first.labels("VhdlAnalyze") == {"//versions/v1:vfifo", "//versions/a:va", "//versions/system:vsystem"}
    for path, text in {**ip("2"), **user("b", "2"), **system("a", "b")}.items():
        versions.write(path, text)
    second = versions.succeed("build", *targets)
    assert second.labels("SvUnit") == {"//versions/v2:fifo", "//versions/b:b", "//versions/system:system"}
    assert second.labels("VhdlAnalyze") == {"//versions/v2:vfifo", "//versions/b:vb", "//versions/system:vsystem"}
    assert second.labels("VhdlNames") == second.labels("VhdlAnalyze")


def test_each_user_gets_its_own_version_and_the_users_names_are_shown(versions: Workspace) -> None:
    """Runs after the test above, which leaves both versions in the design."""
    versions.succeed("build", "//versions/system:sim")
    lines = simulate(versions.bin() / "versions/system/sim").lines()
    assert {line for line in lines if line.startswith("sv ")} == {
        "sv 1 system.i_a.u.h",
        "sv 2 system.i_b.u.h",
    }
    versions.succeed("test", "//versions/system:vhdl")
    log = (versions.testlogs() / "versions/system/vhdl/test.log").read_text(encoding="utf-8")
    assert "vhdl 1" in log
    assert "vhdl 2" in log
    assert "_v1_0" not in log


_SV = {"top.sv": "module top; fifo u(); initial #1 $finish; endmodule\n"}
_VHDL = {"top.vhd": "entity top is end;\narchitecture x of top is\nbegin\n  u : entity work.vfifo;\nend;\n"}
_BAD: dict[str, tuple[str, dict[str, str], tuple[str, ...]]] = {
    "direct": (
        'sv_library(name = "top", srcs = ["top.sv"], deps = ["//versions/v1:fifo", "//versions/v2:fifo"])',
        _SV,
        (
            "//bad_versions/direct:top depends on fifo of //versions/v1:fifo (version 1.0) and of "
            "//versions/v2:fifo (version 2.0)",
            "buildozer 'remove deps //versions/v2:fifo' //bad_versions/direct:top",
        ),
    ),
    "half": (
        'sv_library(name = "top", srcs = ["top.sv"], deps = ["//versions/v1:fifo_plain", "//versions/v2:fifo"])',
        _SV,
        (
            "fifo of //versions/v1:fifo_plain (no version) and of //versions/v2:fifo (version 2.0)",
            "buildozer 'remove deps //versions/v2:fifo' //bad_versions/half:top",
        ),
    ),
    "clash": (
        'sv_library(name = "a", srcs = ["a.sv"], deps = ["//versions/v1:fifo_plain"])\n'
        'sv_library(name = "b", srcs = ["b.sv"], deps = ["//versions/v2:fifo_plain"])\n'
        'sv_library(name = "top", srcs = ["top.sv"], deps = [":a", ":b"])\n'
        'sv_sim(name = "sim", top = "top", deps = [":top"])',
        {
            "a.sv": "module a; fifo u(); endmodule\n",
            "b.sv": "module b; fifo u(); endmodule\n",
            "top.sv": "module top; a x(); b y(); endmodule\n",
        },
        (
            "fifo is defined twice in the design of //bad_versions/clash:sim",
            "of //versions/v1:fifo_plain",
            "of //versions/v2:fifo_plain",
            "buildozer 'set version 1.0.0' //versions/v2:fifo_plain",
        ),
    ),
    "undeclared": (
        'sv_library(name = "top", srcs = ["top.sv"], deps = ["//versions/a"])',
        _SV,
        (
            "bad_versions/undeclared/top.sv:1:13: error: the module fifo is in //versions/v1:fifo",
            "buildozer 'add deps //versions/v1:fifo' //bad_versions/undeclared:top",
        ),
    ),
    "taken": (
        'sv_library(name = "top", srcs = ["top.sv"], deps = ["//versions/v1:fifo"])',
        {"top.sv": "module top; wire fifo_v1_0; fifo u(); endmodule\n"},
        ("bad_versions/taken/top.sv:1:18: error: 'fifo_v1_0', the new name of module 'fifo' of //versions/v1:fifo",),
    ),
    "meeting": (
        'sv_library(name = "fifo", srcs = ["fifo.sv"], version = "1-0")\n'
        'sv_library(name = "c", srcs = ["c.sv"], deps = [":fifo"])\n'
        'sv_library(name = "top", srcs = ["top.sv"], deps = [":c", "//versions/a"])',
        {
            "fifo.sv": "module fifo; endmodule\n",
            "c.sv": "module c; fifo u(); endmodule\n",
            "top.sv": "module top; a x(); c y(); endmodule\n",
        },
        (
            "//versions/v1:fifo (version 1.0)",
            "//bad_versions/meeting:fifo (version 1-0)",
            "would both be called 'fifo_v1_0'",
            "buildozer 'set version ",
        ),
    ),
    "no_version": (
        'sv_library(name = "top", srcs = ["top.sv"], version = "...")',
        {"top.sv": "module top; endmodule\n"},
        ("//bad_versions/no_version:top: the version '...' has no letter and no digit", 'version = "1.2.0"'),
    ),
    "vhdl_in_sv": (
        'sv_library(name = "top", srcs = ["top.sv"], deps = ["//versions/v1:vfifo"])',
        {"top.sv": "module top; vfifo u(); endmodule\n"},
        ("//bad_versions/vhdl_in_sv:top: deps holds //versions/v1:vfifo, which is VHDL", "hdl_mangle"),
    ),
    "sv_in_vhdl": (
        'vhdl_library(name = "top", srcs = ["top.vhd"], deps = ["//versions/v1:fifo"])',
        _VHDL,
        ("//bad_versions/sv_in_vhdl:top: deps holds //versions/v1:fifo, which is SystemVerilog", "hdl_mangle"),
    ),
    "vhdl_direct": (
        'vhdl_library(name = "top", srcs = ["top.vhd"], deps = ["//versions/v1:vfifo", "//versions/v2:vfifo"])',
        _VHDL,
        (
            "depends on two versions of one core, 1.0 of //versions/v1:vfifo and 2.0 of //versions/v2:vfifo",
            "buildozer 'remove deps //versions/v2:vfifo' //bad_versions/vhdl_direct:top",
        ),
    ),
    "vhdl_half": (
        'vhdl_library(name = "top", srcs = ["top.vhd"], deps = ["//versions/v1:vfifo_plain", "//versions/v2:vfifo"])',
        _VHDL,
        ("none of //versions/v1:vfifo_plain", "buildozer 'remove deps //versions/v2:vfifo'"),
    ),
    "vhdl_clash": (
        'vhdl_library(name = "top", srcs = ["top.vhd"], '
        'deps = ["//versions/v1:vfifo_plain", "//versions/v2:vfifo_plain"])',
        _VHDL,
        (
            "the library work has vfifo of //versions/v2:vfifo_plain",
            "versions/v1/vfifo.vhd of //versions/v1:vfifo_plain",
            "buildozer 'set version 1.0.0' //versions/v2:vfifo_plain",
        ),
    ),
    "vhdl_undeclared": (
        'vhdl_library(name = "c", srcs = ["c.vhd"], deps = ["//versions/v1:vfifo_plain"])\n'
        'vhdl_library(name = "top", srcs = ["top.vhd"], deps = [":c"])',
        {**_VHDL, "c.vhd": "entity c is end;\narchitecture x of c is\nbegin\n  u : entity work.vfifo;\nend;\n"},
        (
            "bad_versions/vhdl_undeclared/top.vhd:4:19: error: the entity vfifo is in //versions/v1:vfifo_plain, which "
            "is no direct dependency of //bad_versions/vhdl_undeclared:top [undeclared-dependency]",
            "buildozer 'add deps //versions/v1:vfifo_plain' //bad_versions/vhdl_undeclared:top",
        ),
    ),
    "vhdl_undeclared_beside": (
        'vhdl_library(name = "p", srcs = ["p.vhd"])\n'
        'vhdl_library(name = "c", srcs = ["c.vhd"], deps = [":p"])\n'
        'vhdl_library(name = "top", srcs = ["top.vhd"], deps = [":c", "//versions/v1:vfifo"])',
        {
            "p.vhd": "package p is constant c : integer := 1; end;\n",
            "c.vhd": "use work.p.all;\nentity c is end;\n",
            "top.vhd": "use work.p.all;\n" + _VHDL["top.vhd"],
        },
        (
            "bad_versions/vhdl_undeclared_beside/top.vhd:1:10: error: the package p is in "
            "//bad_versions/vhdl_undeclared_beside:p, which is no direct dependency",
            "buildozer 'add deps //bad_versions/vhdl_undeclared_beside:p' //bad_versions/vhdl_undeclared_beside:top",
        ),
    ),
    "vhdl_ambiguous": (
        'vhdl_library(name = "top", srcs = ["top.vhd"], deps = ["//versions/a:va", "//versions/b:vb"])',
        _VHDL,
        (
            "bad_versions/vhdl_ambiguous/top.vhd:4:19: error: the dependencies of //bad_versions/vhdl_ambiguous:top "
            "lead to several versions of 'vfifo'",
            "buildozer 'add deps //versions/v1:vfifo' //bad_versions/vhdl_ambiguous:top",
        ),
    ),
}


@pytest.fixture(scope="module")
def report(versions: Workspace) -> str:
    """What Bazel said about all of them, built together."""
    for path, text in {**ip("2"), **user("b", "2")}.items():
        versions.write(path, text)
    for name, (build, files, _) in _BAD.items():
        versions.write(f"bad_versions/{name}/BUILD.bazel", _LOAD + build + "\n")
        for path, text in files.items():
            versions.write(f"bad_versions/{name}/{path}", text)
    outcome = versions.bazel("build", "--keep_going", "//bad_versions/...")
    assert outcome.code == 1, outcome.err
    return outcome.err


@pytest.mark.parametrize("name", _BAD)
def test_what_cannot_be_told_apart_is_refused_with_labels_and_the_command(report: str, name: str) -> None:
    text = about(report, name, "bad_versions")
    for part in _BAD[name][2]:
        assert part in text, f"no {part!r} in\n{text or report}"
    assert '\n  File "' not in text, f"a traceback of Python's:\n{text}"


def test_a_version_beside_a_unit_without_one_is_no_clash(versions: Workspace) -> None:
    """`fifo` and `fifo_v2_0` are two names, however the design comes to both."""
    versions.write(
        "versions/beside/BUILD.bazel",
        _LOAD + 'sv_library(name = "c", srcs = ["c.sv"], deps = ["//versions/v1:fifo_plain"])\n'
        'sv_library(name = "top", srcs = ["top.sv"], deps = [":c", "//versions/b"])\n'
        'sv_sim(name = "sim", top = "top", deps = [":top"])\n',
    )
    versions.write("versions/beside/c.sv", "module c; fifo u(); endmodule\n")
    versions.write("versions/beside/top.sv", "module top; c x(); b y(); initial #1 $finish; endmodule\n")
    versions.succeed("build", "//versions/beside:sim")
    lines = simulate(versions.bin() / "versions/beside/sim").lines()
    assert {line for line in lines if line.startswith("sv ")} == {"sv 1 top.x.u.h", "sv 2 top.y.u.h"}


def test_a_top_with_a_version_keeps_its_name_in_output_and_waveform(versions: Workspace) -> None:
    versions.write(
        "versions/top/BUILD.bazel",
        _LOAD + 'sv_library(name = "top", srcs = ["top.sv"], version = "3.0", deps = ["//versions/v1:fifo"])\n'
        'sv_sim(name = "sim", top = "top", parameters = {"W": "5"}, trace = "vcd", deps = [":top"])\n',
    )
    versions.write(
        "versions/top/top.sv",
        "module top #(parameter int W = 1);\n  logic [W-1:0] q;\n  fifo u();\n"
        '  initial begin q = 0; #1 q = 3; $display("%m %0d", W); #1 $finish; end\nendmodule\n',
    )
    versions.succeed("build", "//versions/top:sim")
    wave = versions.folder / "wave.vcd"
    run = simulate(versions.bin() / "versions/top/sim", f"--trace={wave}")
    assert {"top 5", "sv 1 top.u.h"} <= set(run.lines()), run.out
    text = wave.read_text(encoding="utf-8")
    wave.unlink()
    assert "$scope module top $end" in text
    assert "_v3_0" not in text + run.out + run.err
    assert "_v1_0" not in text + run.out + run.err


def accumulator(version: str) -> dict[str, str]:
    """A version that is verilated apart, and what uses it."""
    folder = f"versions/apart{version}"
    return {
        f"{folder}/BUILD.bazel": _LOAD
        + _PUBLIC
        + f'sv_library(name = "acc", srcs = ["acc.sv"], compile = "separate", version = "{version}.0")\n'
        + 'sv_library(name = "use", srcs = ["use.sv"], deps = [":acc"])\n',
        f"{folder}/acc.sv": "module acc (input logic clk, input logic rst_n, output logic [7:0] q);\n"
        f"  always_ff @(posedge clk or negedge rst_n) if (!rst_n) q <= '0; else q <= q + 8'd{version};\nendmodule\n",
        f"{folder}/use.sv": f"module use{version} (input logic clk, input logic rst_n, output logic [7:0] q);\n"
        "  acc u (.clk, .rst_n, .q);\nendmodule\n",
    }


def test_versions_that_are_verilated_apart(versions: Workspace) -> None:
    for path, text in {**accumulator("1"), **accumulator("3")}.items():
        versions.write(path, text)
    versions.write(
        "versions/apart/BUILD.bazel",
        _LOAD + 'sv_library(name = "tb", srcs = ["tb.sv"], deps = ["//versions/apart1:use", "//versions/apart3:use"])\n'
        'sv_sim(name = "sim", top = "tb", deps = [":tb"])\n',
    )
    versions.write(
        "versions/apart/tb.sv",
        "module tb;\n  logic clk = 0, rst_n = 0;\n  logic [7:0] q1, q3;\n"
        "  use1 a (.clk, .rst_n, .q(q1));\n  use3 b (.clk, .rst_n, .q(q3));\n"
        "  initial begin\n    #1 rst_n = 1;\n    repeat (5) begin #1 clk = 1; #1 clk = 0; end\n"
        '    $display("q1=%0d q3=%0d", q1, q3);\n    $finish;\n  end\nendmodule\n',
    )
    outcome = versions.succeed("build", "//versions/apart:sim")
    assert outcome.labels("SvVerilate") >= {"//versions/apart1:acc", "//versions/apart3:acc"}
    assert "q1=5 q3=15" in simulate(versions.bin() / "versions/apart/sim").lines()
