"""Analysis tests of `sv_library` and `sv_package`. No source file exists: nothing is built."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("@rules_cc//cc:defs.bzl", "cc_library")
load("//rules:defs.bzl", "sv_library", "sv_package")
load("//rules:providers.bzl", "SvInfo")
load(
    ":support.bzl",
    "action_of",
    "assert_has",
    "assert_hermetic",
    "below",
    "failure_test",
    "names",
    "relative",
    "test_group",
    "values_of",
)

visibility("private")

_HERE = "tests/rules/"
_OUTPUTS = ["unit.json", "unit.sv", "svi", "unit.map", "unit.unused_inputs"]

def _below(*parts):
    return below(_HERE, *parts)

# Subjects: pkg <- leaf <- middle <- top; headers only; exports.

def _subjects():
    kwargs = {"tags": ["manual"]}
    sv_package(name = "pkg", srcs = ["pkg.sv"], **kwargs)
    sv_library(
        name = "leaf",
        srcs = ["leaf_a.sv", "leaf_b.v"],
        hdrs = ["inc/leaf.svh"],
        data = ["leaf.hex"],
        defines = {"LEAF": "a b\"c'$d", "WIDTH": "8"},
        includes = ["inc", "."],
        local_defines = {"PRIVATE": "1"},
        vopts = ["-Wno-lint"],
        deps = [":pkg"],
        **kwargs
    )
    sv_library(name = "middle", srcs = ["middle.sv"], deps = [":leaf"], **kwargs)
    sv_library(
        name = "top",
        srcs = ["top.sv"],
        standard = "3.1a",
        unit = "per_file",
        waive = ["some-check", "other-check"],
        deps = [":middle"],
        **kwargs
    )
    sv_library(name = "unrelated", srcs = ["unrelated.sv"], deps = [":pkg"], **kwargs)
    sv_library(name = "facade", srcs = ["facade.sv"], exports = [":leaf"], deps = [":unrelated"], **kwargs)
    sv_library(name = "user_of_facade", srcs = ["user.sv"], deps = [":facade"], **kwargs)
    sv_library(name = "headers", hdrs = ["macros.svh"], defines = {"HEADERS": "1"}, includes = ["."], deps = [":pkg"], **kwargs)
    sv_library(name = "user_of_headers", srcs = ["user.sv"], deps = [":headers"], **kwargs)

    cc_library(name = "dpi", srcs = ["dpi.cpp"], linkopts = ["-ldpi_of_the_test"], **kwargs)
    sv_library(name = "calls_c", srcs = ["calls_c.sv"], cc_deps = [":dpi"], data = ["calls_c.txt"], **kwargs)
    sv_library(name = "above_c", srcs = ["above_c.sv"], data = ["above.txt"], deps = [":calls_c", ":leaf"], **kwargs)

    sv_library(name = "width_16", srcs = ["w16.sv"], defines = {"WIDTH": "16"}, **kwargs)
    sv_library(name = "disagree", srcs = ["disagree.sv"], deps = [":leaf", ":width_16"], **kwargs)
    sv_library(name = "decides", srcs = ["decides.sv"], defines = {"WIDTH": "32"}, deps = [":leaf", ":width_16"], **kwargs)
    sv_library(name = "decides_for_itself", srcs = ["d.sv"], deps = [":leaf", ":width_16"], local_defines = {"WIDTH": "32"}, **kwargs)

    sv_library(name = "no_srcs", **kwargs)
    sv_package(name = "package_of_headers", hdrs = ["macros.svh"], **kwargs)
    sv_library(name = "include_above", srcs = ["a.sv"], includes = ["../other"], **kwargs)
    sv_library(name = "include_absolute", srcs = ["a.sv"], includes = ["/usr/include"], **kwargs)
    sv_library(name = "unit_flag", srcs = ["a.sv"], vopts = ["--trace-fst"], **kwargs)
    sv_library(name = "broken_define", srcs = ["a.sv"], defines = {"A": "1\n--src"}, **kwargs)
    sv_library(name = "vhdl", srcs = ["a.vhd"], **kwargs)
    native.filegroup(name = "files", srcs = ["a.sv"], **kwargs)
    sv_library(name = "dep_of_files", srcs = ["b.sv"], deps = [":files"], **kwargs)

# SvInfo

def _info_impl(ctx):
    env = analysistest.begin(ctx)
    info = analysistest.target_under_test(env)[SvInfo]
    asserts.equals(env, Label("//tests/rules:leaf"), info.unit.label)
    asserts.equals(env, ("-Wno-lint",), info.unit.vopts)
    asserts.equals(
        env,
        _below("leaf.unit.json", "leaf.unit.sv", "leaf.svi", "leaf.unit.map"),
        names([info.unit.json, info.unit.sv, info.unit.svi, info.unit.map]),
    )
    asserts.equals(env, [info.unit], list(info.visible))
    asserts.equals(env, _below("pkg.unit.sv", "leaf.unit.sv"), names(info.sources), "dependencies come first")
    asserts.equals(env, _below("pkg.sv", "leaf_a.sv", "leaf_b.v"), names(info.srcs), "dependencies come first")
    asserts.equals(env, _below("pkg.unit.json", "leaf.unit.json"), names(info.jsons))
    asserts.equals(env, _below("pkg.svi", "leaf.svi"), names(info.svis))
    asserts.equals(env, _below("pkg.unit.map", "leaf.unit.map"), names(info.maps))
    asserts.equals(env, ["pkg", "leaf"], [unit.label.name for unit in info.units.to_list()])
    asserts.equals(env, _below("inc/leaf.svh"), names(info.hdrs))
    asserts.equals(
        env,
        _below("inc") + ["<bin>/" + _HERE + "inc"] + ["tests/rules", "<bin>/tests/rules"],
        relative(env, info.includes.to_list()),
    )
    asserts.equals(
        env,
        {"LEAF": "a b\"c'$d", "WIDTH": "8"},
        {define.name: define.value for define in info.defines.to_list()},
        "local defines stay at home",
    )
    return analysistest.end(env)

_info_test = analysistest.make(_info_impl)

def _top_info_impl(ctx):
    env = analysistest.begin(ctx)
    info = analysistest.target_under_test(env)[SvInfo]
    asserts.equals(env, ["pkg", "leaf", "middle", "top"], [unit.label.name for unit in info.units.to_list()])
    asserts.equals(env, ["top"], [unit.label.name for unit in info.visible], "dependencies are not re-exported")
    asserts.equals(env, _below("inc/leaf.svh"), names(info.hdrs), "headers reach all dependents")
    return analysistest.end(env)

_top_info_test = analysistest.make(_top_info_impl)

def _exports_info_impl(ctx):
    env = analysistest.begin(ctx)
    info = analysistest.target_under_test(env)[SvInfo]
    asserts.equals(env, ["facade", "leaf"], [unit.label.name for unit in info.visible])
    return analysistest.end(env)

_exports_info_test = analysistest.make(_exports_info_impl)

def _outputs_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    asserts.equals(env, _below("leaf.unit.sv", "leaf.svi", "leaf.unit.json"), names(target[DefaultInfo].files))
    asserts.equals(env, _below("leaf.svi"), names(target[OutputGroupInfo].svi))
    asserts.equals(env, _below("leaf.unit.json"), names(target[OutputGroupInfo].units))
    return analysistest.end(env)

_outputs_test = analysistest.make(_outputs_impl)

def _headers_only_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.equals(env, [], analysistest.target_actions(env), "nothing to check before a unit includes the header")
    info = analysistest.target_under_test(env)[SvInfo]
    asserts.equals(env, None, info.unit)
    asserts.equals(env, _below("macros.svh"), names(info.hdrs))
    asserts.equals(env, _below("pkg.unit.sv"), names(info.sources))
    asserts.equals(env, ["pkg"], [unit.label.name for unit in info.visible], "what a header mentions is visible with it")
    return analysistest.end(env)

_headers_only_test = analysistest.make(_headers_only_impl)

def _cc_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    linked = [
        flag
        for linker_input in target[SvInfo].cc_info.linking_context.linker_inputs.to_list()
        for flag in linker_input.user_link_flags
    ]
    assert_has(env, ["-ldpi_of_the_test"], linked, "link flags of C code below")
    return analysistest.end(env)

_cc_test = analysistest.make(_cc_impl)

def _runfiles_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    assert_has(
        env,
        _below("above.txt", "calls_c.txt", "leaf.hex"),
        names(target[DefaultInfo].default_runfiles.files),
        "data of a unit and all below",
    )
    for action in analysistest.target_actions(env):
        for file in names(action.inputs):
            asserts.false(env, file.endswith((".txt", ".hex")), "data is an input of {}: {}".format(action.mnemonic, file))
    return analysistest.end(env)

_runfiles_test = analysistest.make(_runfiles_impl)

# SvUnit

def _action_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvUnit")
    if not action:
        return analysistest.end(env)
    assert_hermetic(env, action)
    asserts.equals(env, sorted(_below(*["leaf." + suffix for suffix in _OUTPUTS])), sorted(names(action.outputs)))
    assert_has(
        env,
        _below("leaf_a.sv", "leaf_b.v", "inc/leaf.svh", "pkg.svi", "pkg.unit.json") + ["rules/verilator_bin.root"],
        names(action.inputs),
        "inputs",
    )
    for absent in _below("leaf.hex", "pkg.sv", "pkg.unit.sv"):
        asserts.false(env, absent in names(action.inputs), "a unit must not depend on {}".format(absent))

    argv = action.argv
    asserts.equals(env, ["//tests/rules:leaf"], values_of(argv, "--label"))
    asserts.equals(env, ["library"], values_of(argv, "--kind"))
    asserts.equals(env, ["1800-2023"], values_of(argv, "--standard"))
    asserts.equals(env, ["target"], values_of(argv, "--unit"))
    asserts.equals(env, _below("leaf_a.sv", "leaf_b.v"), values_of(argv, "--src"), "in the order of srcs")
    asserts.equals(env, _below("inc/leaf.svh"), values_of(argv, "--hdr"))
    asserts.equals(
        env,
        ["tests/rules/inc", "<bin>/tests/rules/inc", "tests/rules", "<bin>/tests/rules"],
        relative(env, values_of(argv, "--include-dir")),
    )
    asserts.equals(env, ["LEAF=a b\"c'$d", "PRIVATE=1", "WIDTH=8"], values_of(argv, "--define"))
    asserts.equals(
        env,
        ["//tests/rules:pkg=<bin>/tests/rules/pkg.unit.json"],
        relative(env, values_of(argv, "--dep-json")),
    )
    asserts.equals(env, ["<bin>/tests/rules/pkg.svi"], relative(env, values_of(argv, "--dep-svi")))
    for flag, suffix in {"--out-json": "unit.json", "--out-map": "unit.map", "--out-sv": "unit.sv", "--out-svi": "svi", "--out-unused": "unit.unused_inputs"}.items():
        asserts.equals(env, ["<bin>/" + _below("leaf." + suffix)[0]], relative(env, values_of(argv, flag)), flag)
    for flag in ["--verilator", "--verilator-root"]:
        asserts.equals(env, 1, len(values_of(argv, flag)), flag)
    asserts.false(env, "-Wno-lint" in argv, "warning options are Verilator's, not the unit check's")
    return analysistest.end(env)

_action_test = analysistest.make(_action_impl)

def _top_action_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvUnit")
    if not action:
        return analysistest.end(env)
    argv = action.argv
    asserts.equals(env, ["3.1a"], values_of(argv, "--standard"))
    asserts.equals(env, ["per_file"], values_of(argv, "--unit"))
    asserts.equals(env, ["some-check", "other-check"], values_of(argv, "--waive"))
    asserts.equals(
        env,
        ["//tests/rules:middle=<bin>/tests/rules/middle.unit.json"],
        relative(env, values_of(argv, "--dep-json")),
        "only direct dependencies may be referred to",
    )
    asserts.equals(
        env,
        ["//tests/rules:{0}=<bin>/tests/rules/{0}.svi".format(name) for name in ["pkg", "leaf", "middle"]],
        relative(env, values_of(argv, "--transitive-svi")),
        "dependencies first",
    )

    # Early cut-off: a body edit below must not get here.
    for file in names(action.inputs):
        for suffix in [".unit.sv", "leaf.unit.map", "leaf.unit.json", "leaf_a.sv"]:
            asserts.false(env, file.endswith(suffix), "a parent must not depend on {}".format(file))
    asserts.equals(env, ["LEAF=a b\"c'$d", "WIDTH=8"], values_of(argv, "--define"), "defines reach all dependents")
    return analysistest.end(env)

_top_action_test = analysistest.make(_top_action_impl)

def _package_action_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvUnit")
    if action:
        asserts.equals(env, ["package"], values_of(action.argv, "--kind"))
        assert_hermetic(env, action)
    return analysistest.end(env)

_package_action_test = analysistest.make(_package_action_impl)

def _argument_test_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvUnit")
    if action:
        asserts.equals(env, ctx.attr.values, relative(env, values_of(action.argv, ctx.attr.flag)), ctx.attr.flag)
    return analysistest.end(env)

# Passes where the SvUnit action has exactly these values after this flag.
_argument_test = analysistest.make(
    _argument_test_impl,
    attrs = {
        "flag": attr.string(mandatory = True),
        "values": attr.string_list(),
    },
)

def sv_library_test_suite(name):
    """Declares the tests and a suite of them.

    Args:
        name: the suite's name.
    """
    _subjects()
    unit_json = "//tests/rules:{0}=<bin>/tests/rules/{0}.unit.json"
    test_group(name, {
        "action": (_action_test, {"target_under_test": ":leaf"}),
        "action_of_package": (_package_action_test, {"target_under_test": ":pkg"}),
        "action_of_top": (_top_action_test, {"target_under_test": ":top"}),
        "broken_define": (failure_test, {
            "messages": ["//tests/rules:broken_define: defines holds", "a text with a line break"],
            "target_under_test": ":broken_define",
        }),
        "c_code_is_passed_on": (_cc_test, {"target_under_test": ":above_c"}),
        "data_is_for_running": (_runfiles_test, {"target_under_test": ":above_c"}),
        "defines_conflict": (failure_test, {
            "messages": [
                "//tests/rules:disagree: its dependencies define the macro WIDTH differently",
                "//tests/rules:leaf says \"8\"",
                "//tests/rules:width_16 says \"16\"",
                "defines = {\"WIDTH\": ...}",
            ],
            "target_under_test": ":disagree",
        }),
        "defines_do_not_reach_others": (_argument_test, {
            "flag": "--define",
            "target_under_test": ":unrelated",
            "values": [],
        }),
        "dep_without_units": (failure_test, {
            "messages": ["'//tests/rules:files' does not have mandatory providers: 'SvInfo'"],
            "target_under_test": ":dep_of_files",
        }),
        "exports": (_exports_info_test, {"target_under_test": ":facade"}),
        "exports_are_visible_to_dependents": (_argument_test, {
            "flag": "--dep-json",
            "target_under_test": ":user_of_facade",
            "values": [unit_json.format("facade"), unit_json.format("leaf")],
        }),
        "exports_are_visible_to_the_unit": (_argument_test, {
            "flag": "--dep-json",
            "target_under_test": ":facade",
            "values": [unit_json.format("unrelated"), unit_json.format("leaf")],
        }),
        "headers_only": (_headers_only_test, {"target_under_test": ":headers"}),
        "headers_only_define": (_argument_test, {
            "flag": "--define",
            "target_under_test": ":user_of_headers",
            "values": ["HEADERS=1"],
        }),
        "headers_only_hdr": (_argument_test, {
            "flag": "--dep-hdr",
            "target_under_test": ":user_of_headers",
            "values": ["//tests/rules:headers=" + path for path in _below("macros.svh")],
        }),
        "headers_only_shows_what_it_mentions": (_argument_test, {
            "flag": "--dep-json",
            "target_under_test": ":user_of_headers",
            "values": [unit_json.format("pkg")],
        }),
        "include_above": (failure_test, {
            "messages": ["//tests/rules:include_above: includes holds \"../other\"; a folder below this package is expected"],
            "target_under_test": ":include_above",
        }),
        "include_absolute": (failure_test, {
            "messages": ["includes holds \"/usr/include\"; a folder below this package is expected"],
            "target_under_test": ":include_absolute",
        }),
        "includes_do_not_reach_others": (_argument_test, {
            "flag": "--include-dir",
            "target_under_test": ":unrelated",
            "values": [],
        }),
        "includes_reach_dependents": (_argument_test, {
            "flag": "--include-dir",
            "target_under_test": ":top",
            "values": ["tests/rules/inc", "<bin>/tests/rules/inc", "tests/rules", "<bin>/tests/rules"],
        }),
        "info": (_info_test, {"target_under_test": ":leaf"}),
        "info_of_top": (_top_info_test, {"target_under_test": ":top"}),
        "local_define_wins": (_argument_test, {
            "flag": "--define",
            "target_under_test": ":decides_for_itself",
            "values": ["LEAF=a b\"c'$d", "WIDTH=32"],
        }),
        "no_srcs": (failure_test, {
            "messages": ["//tests/rules:no_srcs: srcs is empty. List the unit's .sv and .v files"],
            "target_under_test": ":no_srcs",
        }),
        "outputs": (_outputs_test, {"target_under_test": ":leaf"}),
        "own_define_wins": (_argument_test, {
            "flag": "--define",
            "target_under_test": ":decides",
            "values": ["LEAF=a b\"c'$d", "WIDTH=32"],
        }),
        "package_of_headers": (failure_test, {
            "messages": ["//tests/rules:package_of_headers: srcs is empty"],
            "target_under_test": ":package_of_headers",
        }),
        "source_of_another_language": (failure_test, {
            "messages": ["does not produce any sv_library srcs files (expected .sv or .v)"],
            "target_under_test": ":vhdl",
        }),
        "unit_flag": (failure_test, {
            "messages": [
                "//tests/rules:unit_flag: vopts of a unit holds \"--trace-fst\"",
                "Options of the whole simulation stand on the sv_sim or sv_test",
            ],
            "target_under_test": ":unit_flag",
        }),
    })
