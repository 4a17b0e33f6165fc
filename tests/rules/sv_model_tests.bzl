"""Analysis tests of `sv_model`. No source file exists: nothing is built."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("@rules_cc//cc:defs.bzl", "cc_library")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("//rules:defs.bzl", "sv_library", "sv_model", "sv_package")
load("//rules:providers.bzl", "SvModelInfo")
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
_VALUES = {"NAME": "\"a b\"", "PRICE": "$5 'x'", "WIDTH": "8'd3"}
_PAIRS = ["NAME=\"a b\"", "PRICE=$5 'x'", "WIDTH=8'd3"]
_UNITS = ["model_pkg", "model_leaf", "model_top"]

def _below(*parts):
    return below(_HERE, *parts)

def _subjects():
    kwargs = {"tags": ["manual"]}
    sv_package(name = "model_pkg", srcs = ["pkg.sv"], **kwargs)
    cc_library(name = "model_dpi", srcs = ["dpi.cpp"], linkopts = ["-ldpi_of_the_model"], **kwargs)
    sv_library(
        name = "model_leaf",
        srcs = ["leaf.sv"],
        cc_deps = [":model_dpi"],
        data = ["leaf.hex"],
        vopts = ["-Wno-WIDTHTRUNC", "-Wno-lint"],
        deps = [":model_pkg"],
        **kwargs
    )
    sv_library(name = "model_top", srcs = ["top.sv"], deps = [":model_leaf"], **kwargs)
    sv_model(name = "plain_model", top = "top", deps = [":model_top"], **kwargs)
    sv_model(
        name = "full_model",
        asserts = False,
        clocks = ["clk", "clk2"],
        copts = ["-O3", "-DOF_THE_USER"],
        parameters = _VALUES,
        resets = ["rst_n"],
        threads = 2,
        timing = "on",
        top = "top",
        trace = "fst",
        vopts = ["--x-assign", "unique", "-Wno-fatal"],
        deps = [":model_top"],
        **kwargs
    )
    sv_model(name = "vcd_model", timing = "off", top = "top", trace = "vcd", deps = [":model_top"], **kwargs)
    sv_model(name = "owned_flag", top = "top", vopts = ["-Wall", "--trace-fst"], deps = [":model_top"], **kwargs)
    sv_model(name = "broken_parameter", parameters = {"A": "1\n2"}, top = "top", deps = [":model_top"], **kwargs)
    sv_model(name = "dep_of_cc", top = "top", deps = [":model_dpi"], **kwargs)

def _info_impl(ctx):
    env = analysistest.begin(ctx)
    info = analysistest.target_under_test(env)[SvModelInfo]
    asserts.equals(env, _below("plain_model.design.json"), names([info.design]))
    asserts.equals(env, _below(*[name + ".unit.map" for name in _UNITS]), names(info.maps))
    asserts.equals(
        env,
        ("Vtop", 1, False, "top", "none"),
        (info.prefix, info.threads, info.timing, info.top, info.trace),
    )
    return analysistest.end(env)

_info_test = analysistest.make(_info_impl)

def _full_info_impl(ctx):
    env = analysistest.begin(ctx)
    info = analysistest.target_under_test(env)[SvModelInfo]
    asserts.equals(env, ("Vtop", 2, True, "top", "fst"), (info.prefix, info.threads, info.timing, info.top, info.trace))
    return analysistest.end(env)

_full_info_test = analysistest.make(_full_info_impl)

def _design_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvDesign")
    if not action:
        return analysistest.end(env)
    assert_hermetic(env, action)
    asserts.equals(env, _below("full_model.design.json", "full_model.design.unused_inputs"), names(action.outputs))
    own = [file for file in names(action.inputs) if file.startswith(_HERE)]
    asserts.equals(
        env,
        sorted(_below(*[name + suffix for name in _UNITS for suffix in [".svi", ".unit.json", ".unit.map"]])),
        sorted(own),
        "descriptions and interfaces of units, maps for messages, never their bodies",
    )
    argv = action.argv
    asserts.equals(env, ["//tests/rules:full_model"], values_of(argv, "--label"))
    asserts.equals(env, ["top"], values_of(argv, "--top"))
    asserts.equals(env, _PAIRS, values_of(argv, "--parameter"))
    asserts.equals(env, ["clk", "clk2"], values_of(argv, "--clock"))
    asserts.equals(env, ["rst_n"], values_of(argv, "--reset"))
    asserts.equals(
        env,
        ["<bin>/tests/rules/" + name + ".unit.json" for name in _UNITS],
        relative(env, values_of(argv, "--unit-json")),
        "dependencies first",
    )
    asserts.equals(
        env,
        ["<bin>/tests/rules/full_model.design.json"],
        relative(env, values_of(argv, "--out")),
    )
    return analysistest.end(env)

_design_test = analysistest.make(_design_impl)

def _verilate_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvVerilate")
    if not action:
        return analysistest.end(env)
    assert_hermetic(env, action)
    folders = ["cpp", "hdrs"]
    asserts.equals(
        env,
        sorted(_below(*["full_model." + suffix for suffix in folders + ["messages.json"]])),
        sorted(names(action.outputs)),
    )
    asserts.equals(
        env,
        folders,
        [
            file.extension
            for suffix in folders
            for file in action.outputs.to_list()
            if file.is_directory and file.extension == suffix
        ],
        "folders",
    )
    own = [file for file in names(action.inputs) if file.startswith(_HERE)]
    asserts.equals(
        env,
        sorted(_below("full_model.design.json", *[name + ".unit.sv" for name in _UNITS])),
        sorted(own),
        "checked design, isolated text; neither the user's files nor data, nor maps, which every comment changes",
    )
    argv = action.argv
    asserts.equals(env, ["<bin>/" + path for path in _below(*[name + ".unit.sv" for name in _UNITS])], relative(env, values_of(argv, "--source")))
    asserts.equals(
        env,
        ["<bin>/tests/rules/tests.rules.model_leaf.unit.sv=" + option for option in ["-Wno-WIDTHTRUNC", "-Wno-lint"]],
        relative(env, values_of(argv, "--unit-option")),
        "a unit's warning options are for its own text",
    )
    asserts.equals(env, ["//tests/rules:full_model"], values_of(argv, "--label"))
    asserts.equals(env, ["<bin>/tests/rules/full_model.design.json"], relative(env, values_of(argv, "--design")))
    asserts.equals(env, ["Vtop"], values_of(argv, "--prefix"))
    asserts.equals(env, _PAIRS, values_of(argv, "--parameter"))
    asserts.equals(env, ["fst"], values_of(argv, "--trace"))
    asserts.equals(env, ["on"], values_of(argv, "--timing"))
    asserts.equals(env, ["2"], values_of(argv, "--threads"))
    asserts.true(env, "--no-asserts" in argv and "--asserts" not in argv, "asserts = False")
    asserts.equals(env, ["--x-assign", "unique", "-Wno-fatal"], values_of(argv, "--option"))
    for flag, suffix in {
        "--out-headers": "hdrs",
        "--out-log": "messages.json",
        "--out-sources": "cpp",
    }.items():
        asserts.equals(env, ["<bin>/tests/rules/full_model." + suffix], relative(env, values_of(argv, flag)), flag)
    return analysistest.end(env)

_verilate_test = analysistest.make(_verilate_impl)

def _messages_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvMessages")
    if not action:
        return analysistest.end(env)
    assert_hermetic(env, action)
    maps = _below(*[name + ".unit.map" for name in _UNITS])
    asserts.equals(
        env,
        sorted(_below("full_model.messages.json") + maps),
        sorted([file for file in names(action.inputs) if file.startswith(_HERE)]),
        "what was said, and the users' lines",
    )
    asserts.equals(env, _below("full_model.checked.h", "full_model.unused_inputs"), names(action.outputs))
    asserts.equals(env, ["<bin>/" + path for path in maps], relative(env, values_of(action.argv, "--map")))
    for flag, suffix in {"--log": "messages.json", "--out": "checked.h", "--out-unused": "unused_inputs"}.items():
        asserts.equals(env, ["<bin>/tests/rules/full_model." + suffix], relative(env, values_of(action.argv, flag)), flag)
    return analysistest.end(env)

_messages_test = analysistest.make(_messages_impl)

def _checked_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    checked = _HERE + "full_model.checked.h"
    asserts.true(env, checked in names(target[CcInfo].compilation_context.headers), "users of the header")
    linked = [
        name
        for linker_input in target[CcInfo].linking_context.linker_inputs.to_list()
        for name in names(linker_input.additional_inputs)
    ]
    asserts.true(env, checked in linked, "programs that are linked")
    return analysistest.end(env)

_checked_test = analysistest.make(_checked_impl)

def _defaults_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvVerilate")
    if not action:
        return analysistest.end(env)
    argv = action.argv
    asserts.equals(
        env,
        (["none"], ["auto"], ["1"], [], []),
        tuple([values_of(argv, flag) for flag in ["--trace", "--timing", "--threads", "--parameter", "--option"]]),
    )
    asserts.true(env, "--asserts" in argv and "--no-asserts" not in argv, "assertions are checked by default")
    return analysistest.end(env)

_defaults_test = analysistest.make(_defaults_impl)

def _vcd_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvVerilate")
    if action:
        asserts.equals(env, ["vcd"], values_of(action.argv, "--trace"))
        asserts.equals(env, ["off"], values_of(action.argv, "--timing"))
    return analysistest.end(env)

_vcd_test = analysistest.make(_vcd_impl)

def _outputs_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    asserts.equals(env, _below("full_model.checked.h", "full_model.hdrs"), names(target[DefaultInfo].files))
    asserts.equals(env, _below("full_model.checked.h", "full_model.hdrs", "full_model.cpp"), names(target[OutputGroupInfo].cpp))
    assert_has(
        env,
        _below("leaf.hex", "model_top.unit.map"),
        names(target[DefaultInfo].default_runfiles.files),
        "data, and maps for messages at run time",
    )
    return analysistest.end(env)

_outputs_test = analysistest.make(_outputs_impl)

def _cc_impl(ctx):
    env = analysistest.begin(ctx)
    info = analysistest.target_under_test(env)[CcInfo]
    asserts.true(
        env,
        _HERE + "full_model.hdrs" in names(info.compilation_context.headers),
        "the model's headers",
    )
    assert_has(
        env,
        ["<bin>/tests/rules/full_model.hdrs"],
        relative(env, info.compilation_context.system_includes.to_list()),
        "where V<top>.h is found",
    )
    assert_has(env, ["VL_TIME_CONTEXT"], info.compilation_context.defines.to_list(), "defines")
    inputs = info.linking_context.linker_inputs.to_list()
    archives = [
        library.static_library.basename if library.static_library else library.pic_static_library.basename
        for linker_input in inputs
        for library in linker_input.libraries
    ]
    assert_has(env, ["libfull_model.a", "libverilated.a", "libverilated_fst.a"], archives, "archives")
    flags = [flag for linker_input in inputs for flag in linker_input.user_link_flags]
    assert_has(env, ["-ldpi_of_the_model", "-pthread"], flags, "link flags")
    return analysistest.end(env)

_cc_test = analysistest.make(_cc_impl)

def _no_fst_impl(ctx):
    env = analysistest.begin(ctx)
    linked = [
        linker_input.owner.name
        for linker_input in analysistest.target_under_test(env)[CcInfo].linking_context.linker_inputs.to_list()
    ]
    assert_has(env, ["verilated"], linked, "libraries")
    asserts.false(env, "verilated_fst" in linked, "who writes no FST does not need its libraries")
    return analysistest.end(env)

_no_fst_test = analysistest.make(_no_fst_impl)

def _archive_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "CppArchive")
    if action:
        asserts.equals(env, [_HERE + "libfull_model.a"], names(action.outputs))

        # Position-independent or not, as the C++ toolchain wants it.
        folders = [file.short_path.split("/") for file in action.inputs.to_list() if file.is_directory]
        asserts.equals(
            env,
            ["full_model"],
            [folder[-2] for folder in folders],
            "all translation units are compiled in one way",
        )
    return analysistest.end(env)

_archive_test = analysistest.make(_archive_impl)

def sv_model_test_suite(name):
    """Declares the tests and a suite of them.

    Args:
        name: the suite's name.
    """
    _subjects()
    test_group(name, {
        "broken_parameter": (failure_test, {
            "messages": ["//tests/rules:broken_parameter: parameters holds", "a text with a line break"],
            "target_under_test": ":broken_parameter",
        }),
        "checked": (_checked_test, {"target_under_test": ":full_model"}),
        "cc_info": (_cc_test, {"target_under_test": ":full_model"}),
        "archive": (_archive_test, {"target_under_test": ":full_model"}),
        "defaults": (_defaults_test, {"target_under_test": ":plain_model"}),
        "dep_without_units": (failure_test, {
            "messages": ["'//tests/rules:model_dpi' does not have mandatory providers: 'SvInfo'"],
            "target_under_test": ":dep_of_cc",
        }),
        "design": (_design_test, {"target_under_test": ":full_model"}),
        "full_info": (_full_info_test, {"target_under_test": ":full_model"}),
        "info": (_info_test, {"target_under_test": ":plain_model"}),
        "messages": (_messages_test, {"target_under_test": ":full_model"}),
        "no_fst": (_no_fst_test, {"target_under_test": ":vcd_model"}),
        "outputs": (_outputs_test, {"target_under_test": ":full_model"}),
        "owned_flag": (failure_test, {
            "messages": [
                "//tests/rules:owned_flag: vopts holds \"--trace-fst\", which belongs to another attribute. " +
                "Use trace = \"fst\"",
            ],
            "target_under_test": ":owned_flag",
        }),
        "vcd": (_vcd_test, {"target_under_test": ":vcd_model"}),
        "verilate": (_verilate_test, {"target_under_test": ":full_model"}),
    })
