"""Analysis tests of `version` on units of both languages. No source file exists: nothing is built."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//rules:defs.bzl", "sv_library", "sv_package", "vhdl_library")
load(":support.bzl", "action_of", "assert_hermetic", "failure_test", "names", "test_group", "values_of")

visibility("private")

def _subjects():
    kwargs = {"tags": ["manual"]}
    for version in ["1.0.0", "2.0.0"]:
        sv_package(name = "versions_pkg_" + version, srcs = ["pkg{}.sv".format(version)], version = version, **kwargs)
        vhdl_library(name = "versions_entity_" + version, srcs = ["e{}.vhd".format(version)], version = version, **kwargs)
    sv_library(name = "versions_plain", srcs = ["plain.sv"], **kwargs)
    sv_library(name = "versions_above_plain", srcs = ["a.sv"], deps = [":versions_plain"], **kwargs)
    sv_library(name = "versions_user", srcs = ["user.sv"], deps = [":versions_pkg_1.0.0", ":versions_plain"], **kwargs)
    sv_library(name = "versions_top", srcs = ["top.sv"], deps = [":versions_user"], **kwargs)
    vhdl_library(name = "versions_vhdl_plain", srcs = ["plain.vhd"], **kwargs)
    vhdl_library(name = "versions_vhdl_above_plain", srcs = ["a.vhd"], deps = [":versions_vhdl_plain"], **kwargs)
    vhdl_library(name = "versions_vhdl_far", srcs = ["far.vhd"], deps = [":versions_vhdl_above_plain"], **kwargs)
    vhdl_library(name = "versions_vhdl_user", srcs = ["user.vhd"], deps = [":versions_entity_1.0.0"], **kwargs)
    sv_library(name = "versions_per_file", srcs = ["a.sv", "b.sv"], unit = "per_file", version = "1.0.0", **kwargs)
    sv_library(name = "versions_sv_on_vhdl", srcs = ["a.sv"], deps = [":versions_entity_1.0.0"], **kwargs)
    vhdl_library(name = "versions_vhdl_on_sv", srcs = ["a.vhd"], deps = [":versions_plain"], **kwargs)

def _unit_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvUnit")
    if action:
        asserts.equals(env, [ctx.attr.version] if ctx.attr.version else [], values_of(action.argv, "--version"))
        below = [value.split("=")[0] for value in values_of(action.argv, "--below-json")]
        asserts.equals(env, ["//tests/rules:" + label for label in ctx.attr.below], below)
        inputs = [name.split("/")[-1] for name in names(action.inputs)]
        for label in ctx.attr.below:
            asserts.true(env, label + ".unit.json" in inputs, label + " is no input")
        assert_hermetic(env, action)
    return analysistest.end(env)

_unit_test = analysistest.make(
    _unit_impl,
    attrs = {"below": attr.string_list(), "version": attr.string()},
)

def _vhdl_impl(ctx):
    env = analysistest.begin(ctx)
    made = [action for action in analysistest.target_actions(env) if action.mnemonic == "VhdlNames"]
    asserts.equals(env, 1 if ctx.attr.units else 0, len(made))
    analyze = action_of(env, "VhdlAnalyze")
    if analyze:
        argv = analyze.argv
        needs = [argv[i + 1] + " " + argv[i + 2] for i in range(len(argv)) if argv[i] == "--needs"]
        asserts.equals(env, ctx.attr.needs, needs)
        assert_hermetic(env, analyze)
    for action in made:
        argv = action.argv
        units = [argv[i + 1] + " " + argv[i + 2] for i in range(len(argv)) if argv[i] == "--unit"]
        asserts.equals(env, ctx.attr.units, units)
        assert_hermetic(env, action)
    return analysistest.end(env)

_vhdl_test = analysistest.make(
    _vhdl_impl,
    attrs = {"needs": attr.string_list(), "units": attr.string_list()},
)

def versions_test_suite(name):
    """Declares the subjects and the tests.

    Args:
        name: (str) the suite's name.
    """
    _subjects()
    here = "//tests/rules:versions_"
    test_group(name, {
        "per_file": (failure_test, {
            "messages": ["{}per_file: version and unit = \"per_file\" don't go together".format(here)],
            "target_under_test": ":versions_per_file",
        }),
        "sv_on_vhdl": (failure_test, {
            "messages": [
                "{}sv_on_vhdl: deps holds //tests/rules:versions_entity_1.0.0, which is VHDL".format(here),
                "//tools:hdl_mangle",
            ],
            "target_under_test": ":versions_sv_on_vhdl",
        }),
        # A unit without versions below has none of it among its inputs: adding a version elsewhere costs it nothing.
        "unversioned": (_unit_test, {"target_under_test": ":versions_above_plain"}),
        "versioned": (_unit_test, {"target_under_test": ":versions_pkg_1.0.0", "version": "1.0.0"}),
        "versions_below": (_unit_test, {
            "below": ["versions_pkg_1.0.0", "versions_plain", "versions_user"],
            "target_under_test": ":versions_top",
        }),
        # By these edges the analysis refuses names of units that no direct dependency defines. They add no input.
        "vhdl_needs": (_vhdl_test, {
            "needs": [
                here + "vhdl_above_plain " + here + "vhdl_plain",
                here + "vhdl_far " + here + "vhdl_above_plain",
            ],
            "target_under_test": ":versions_vhdl_far",
        }),
        "vhdl_on_sv": (failure_test, {
            "messages": [
                "{}vhdl_on_sv: deps holds //tests/rules:versions_plain, which is SystemVerilog".format(here),
                "//tools:hdl_mangle",
            ],
            "target_under_test": ":versions_vhdl_on_sv",
        }),
        "vhdl_unversioned": (_vhdl_test, {"target_under_test": ":versions_vhdl_plain"}),
        "vhdl_versioned": (_vhdl_test, {
            "target_under_test": ":versions_entity_1.0.0",
            "units": [here + "entity_1.0.0 1.0.0"],
        }),
        "vhdl_versions_below": (_vhdl_test, {
            "target_under_test": ":versions_vhdl_user",
            "units": [here + "entity_1.0.0 1.0.0", here + "vhdl_user -"],
        }),
    })
