"""Tests of rules/private/vopts.bzl."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules/private:vopts.bzl", "check_unit_vopts", "check_vopts")  # buildifier: disable=bzl-visibility
load("//tests/rules:support.bzl", "assert_one_message", "recorder", "test_group")

visibility(["//tests/rules/..."])

_LABEL = Label("//some/package:sim")

# An option that users may know from Verilator's command line: part of what the message says instead.
_OWNED = {
    "+define+A=1": "defines = {...}",
    "+incdir+dir": "hdrs and includes",
    "+libext+.v": "deps = [...]",
    "--CFLAGS": "copts = [...]",
    "--DA=1": "defines = {...}",
    "--GWIDTH=8": "parameters = {...}",
    "--Mdir": "Bazel places the outputs",
    "--assert": "asserts = True",
    "--binary": "sv_sim",
    "--build": "Bazel compiles and links",
    "--cc": "sv_sim",
    "--build-jobs": "Bazel schedules the work",
    "--dpi-hdr-only": "always makes a model",
    "--exe": "main = \"//your:cc_library\"",
    "--getenv": "always makes a model",
    "--hierarchical": "deps = [...]",
    "--json-only": "always makes a model",
    "--lib-create": "sv_model",
    "--lint-only": "always makes a model",
    "--main": "main = \"//your:cc_library\"",
    "--make": "Bazel compiles and links",
    "--no-assert": "asserts = False",
    "--mod-prefix": "top",
    "--no-timing": "timing = False",
    "--no-trace": "trace = \"none\"",
    "--no-verilate": "always makes a model",
    "--o": "name",
    "--prefix": "top",
    "--sc": "SystemC is not supported",
    "--threads": "threads = N",
    "--timing": "timing = True",
    "--top": "top = \"...\"",
    "--top-module": "top = \"...\"",
    "--trace": "trace = \"vcd\"",
    "--trace-fst": "trace = \"fst\"",
    "--trace-saif": "SAIF is not supported",
    "--trace-vcd": "trace = \"vcd\"",
    "-CFLAGS": "copts = [...]",
    "-E": "always makes a model",
    "-DA=1": "defines = {...}",
    "-F": "srcs, hdrs and deps",
    "-GWIDTH=8": "parameters = {...}",
    "-Idir": "hdrs and includes",
    "-LDFLAGS": "linkopts = [...]",
    "-Mdir": "Bazel places the outputs",
    "-UA": "defines = {...}",
    "-cc": "sv_sim",
    "-f": "srcs, hdrs and deps",
    "-j": "Bazel schedules the work",
    "-o": "name",
    "-top": "top = \"...\"",
    "-trace": "trace = \"vcd\"",
    "-pvalue+WIDTH=8": "parameters = {...}",
    "-v": "deps = [...]",
    "-y": "deps = [...]",
    "dir/a.sv": "srcs, hdrs and deps",
    "lib.a": "cc_deps = [...]",
    "main.cpp": "cc_deps = [...]",
    "waivers.vlt": "are not those of isolated text",
}

_FREE = [
    "+1800-2017ext+sv",
    "--compiler-include",
    "--converge-limit",
    "--output-split",
    "--public-flat-rw",
    "--trace-depth",
    "--trace-max-array",
    "--trace-structs",
    "--x-assign",
    "--x-initial-edge",
    "-O3",
    "-Wall",
    "-Wno-UNOPTFLAT",
    "-Wno-fatal",
    "-fno-dfg",
    "20",
    "unique",
]

def _owned_impl(ctx):
    env = unittest.begin(ctx)
    for option, instead in _OWNED.items():
        said = recorder()
        check_vopts(_LABEL, ["-Wall", option, "--x-assign"], fail = said.fail)
        assert_one_message(
            env,
            said.messages,
            "{}: vopts holds \"{}\", which belongs to another attribute. Use ".format(_LABEL, option),
            instead,
        )
    return unittest.end(env)

_owned_options_test = unittest.make(_owned_impl)

def _free_impl(ctx):
    env = unittest.begin(ctx)
    said = recorder()
    check_vopts(_LABEL, _FREE, fail = said.fail)
    asserts.equals(env, [], said.messages)
    return unittest.end(env)

_free_options_test = unittest.make(_free_impl)

def _every_owned_impl(ctx):
    env = unittest.begin(ctx)
    said = recorder()
    check_vopts(_LABEL, ["--cc", "-Wall", "-GA=1"], attribute = "options", fail = said.fail)
    asserts.equals(env, 2, len(said.messages), "one message an option: {}".format(said.messages))
    for message in said.messages:
        asserts.true(env, "options holds" in message, message)
    return unittest.end(env)

_each_owned_option_is_reported_test = unittest.make(_every_owned_impl)

def _unit_impl(ctx):
    env = unittest.begin(ctx)
    said = recorder()
    check_unit_vopts(_LABEL, ["-Wno-lint", "-Wno-WIDTHTRUNC"], fail = said.fail)
    asserts.equals(env, [], said.messages)
    for option in ["--trace-fst", "-Wall", "-Wno-fatal", "-Wwarn-lint", "-GA=1", "-O3", "Wno-lint"]:
        said = recorder()
        check_unit_vopts(_LABEL, ["-Wno-lint", option], fail = said.fail)
        assert_one_message(
            env,
            said.messages,
            "{}: vopts of a unit holds \"{}\"; a unit takes warning options only (\"-Wno-...\")".format(_LABEL, option),
            "sv_sim or sv_test",
        )
    return unittest.end(env)

_unit_options_test = unittest.make(_unit_impl)

def vopts_test_suite(name):
    """Declares the tests and a suite of them.

    Args:
        name: the suite's name.
    """
    test_group(name, {
        "each_owned_option_is_reported": _each_owned_option_is_reported_test,
        "free_options": _free_options_test,
        "owned_options": _owned_options_test,
        "unit_options": _unit_options_test,
    })
