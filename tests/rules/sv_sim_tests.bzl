"""Analysis tests of `sv_sim` and `sv_test`. No source file exists: nothing is built."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts", "unittest")
load("@rules_cc//cc:defs.bzl", "cc_library")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("//rules:defs.bzl", "sv_library", "sv_model", "sv_sim", "sv_test")
load("//rules:providers.bzl", "SvModelInfo")
load("//rules/private:sv_sim_macros.bzl", "check_model_or_top")  # buildifier: disable=bzl-visibility
load(
    ":support.bzl",
    "action_of",
    "assert_has",
    "assert_hermetic",
    "assert_one_message",
    "below",
    "failure_test",
    "names",
    "recorder",
    "relative",
    "test_group",
    "values_of",
)

visibility("private")

_HERE = "tests/rules/"

def _below(*parts):
    return below(_HERE, *parts)

def _subjects():
    kwargs = {"tags": ["manual"]}
    sv_library(name = "sim_top", srcs = ["top.sv"], data = ["top.hex"], **kwargs)
    sv_sim(
        name = "clocked_sim",
        clocks = {"clk": "10ns", "clk2": "3ns"},
        copts = ["-DOF_THE_USER"],
        data = [
            "it's odd $1.txt",
            "stimulus.txt",
        ],
        linkopts = ["-lof_the_user"],
        max_cycles = 1000,
        parameters = {"NAME": "\"a b\""},
        plusargs = [
            "+file=$(rootpath stimulus.txt)",
            "+text=a b\"c'",
            "+odd=$(rootpath it's odd $1.txt) and $(rootpath :stimulus.txt), $5",
        ],
        reset_cycles = 3,
        resets = {"rst": "high", "rst_n": "low"},
        seed = 7,
        threads = 2,
        top = "top",
        trace = "vcd",
        vopts = ["-Wno-fatal"],
        deps = [":sim_top"],
        **kwargs
    )
    sv_sim(name = "self_timed_sim", top = "top", deps = [":sim_top"], **kwargs)
    sv_sim(name = "untimed_sim", clocks = {"clk": "1ns"}, timing = False, top = "top", deps = [":sim_top"], **kwargs)
    sv_sim(name = "timed_and_clocked_sim", clocks = {"clk": "1ns"}, timing = True, top = "top", deps = [":sim_top"], **kwargs)
    cc_library(name = "main", srcs = ["main.cpp"], linkopts = ["-lof_the_main"], deps = [":own_main_sim.model"], **kwargs)
    sv_sim(name = "own_main_sim", main = ":main", top = "top", deps = [":sim_top"], **kwargs)
    sv_model(name = "shared_model", clocks = ["clk"], top = "top", deps = [":sim_top"], **kwargs)
    sv_sim(name = "sim_of_model", clocks = {"clk": "10ns"}, model = ":shared_model", **kwargs)
    sv_test(name = "clocked_test", clocks = {"clk": "10ns"}, data = ["stimulus.txt"], top = "top", deps = [":sim_top"], **kwargs)
    sv_sim(name = "model_is_no_model", clocks = {"clk": "10ns"}, model = ":sim_top", **kwargs)
    sv_sim(name = "negative_seed", seed = -1, top = "top", deps = [":sim_top"], **kwargs)
    sv_sim(name = "negative_limit", max_cycles = -1, top = "top", deps = [":sim_top"], **kwargs)
    sv_sim(name = "idle_sim", threads = 0, top = "top", deps = [":sim_top"], **kwargs)
    sv_sim(name = "broken_plusarg", plusargs = ["+a=1\n+b"], top = "top", deps = [":sim_top"], **kwargs)

# SvMain

def _main_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvMain")
    if not action:
        return analysistest.end(env)
    assert_hermetic(env, action)
    asserts.equals(env, _below("clocked_sim.main.cpp"), names(action.outputs))
    asserts.equals(
        env,
        _below("clocked_sim.model.design.json"),
        [file for file in names(action.inputs) if file.startswith(_HERE)],
        "nothing but the checked design: no edit of a body gets here",
    )
    argv = action.argv
    for flag, values in {
        "--clock": ["clk=10ns", "clk2=3ns"],
        "--label": ["//tests/rules:clocked_sim"],
        "--map": _below("sim_top.unit.map"),
        "--max-cycles": ["1000"],
        "--plusarg": [
            "+file=tests/rules/stimulus.txt",
            "+text=a b\"c'",
            "+odd=tests/rules/it's odd $1.txt and tests/rules/stimulus.txt, $5",
        ],
        "--prefix": ["Vtop"],
        "--reset": ["rst=high", "rst_n=low"],
        "--reset-cycles": ["3"],
        "--seed": ["7"],
        "--top": ["top"],
        "--trace": ["vcd"],
        "--workspace": [ctx.workspace_name],
    }.items():
        asserts.equals(env, values, values_of(argv, flag), flag)
    asserts.true(env, "--no-timing" in argv and "--timing" not in argv, "a clocked top has no time of its own")
    asserts.equals(env, _below("clocked_sim.main.cpp"), [
        path.replace("<bin>/", "")
        for path in relative(env, values_of(argv, "--out"))
    ])
    return analysistest.end(env)

_main_test = analysistest.make(_main_impl)

def _self_timed_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvMain")
    if action:
        argv = action.argv
        asserts.true(env, "--timing" in argv and "--no-timing" not in argv, "it makes its own time")
        asserts.equals(
            env,
            ([], [], ["5"], ["0"], ["1"], ["none"], []),
            tuple([
                values_of(argv, flag)
                for flag in ["--clock", "--reset", "--reset-cycles", "--max-cycles", "--seed", "--trace", "--plusarg"]
            ]),
            "defaults",
        )
    return analysistest.end(env)

_self_timed_test = analysistest.make(_self_timed_impl)

# Compiling and linking

def _assert_linked(env, link, *libraries):
    """Each is linked: as an archive, or as the objects in it where the linker takes those."""
    stems = {}
    for file in link.inputs.to_list():
        stem = file.basename
        for suffix in [".a", ".lo", ".o", ".pic"]:
            stem = stem.removesuffix(suffix)
        stems[stem.removeprefix("lib")] = True
    for library in libraries:
        asserts.true(env, library in stems, "{} is not among {}".format(library, stems.keys()))
    return stems

def _link_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    compile = action_of(env, "CppCompile")
    link = action_of(env, "CppLink")
    if not compile or not link:
        return analysistest.end(env)
    assert_has(env, _below("clocked_sim.main.cpp"), names(compile.inputs), "inputs of CppCompile")
    assert_has(
        env,
        ["-std=gnu++20", "-O2", "<bin>/tests/rules/clocked_sim.model.hdrs"],
        relative(env, compile.argv),
        "options for the main",
    )
    asserts.equals(env, _below("clocked_sim"), names(link.outputs))
    assert_has(env, ["-lof_the_user", "-pthread"], link.argv, "options for the linker")
    _assert_linked(env, link, "clocked_sim.model", "verilated", "sim")
    asserts.equals(env, target[DefaultInfo].files_to_run.executable, link.outputs.to_list()[0])
    return analysistest.end(env)

_link_test = analysistest.make(_link_impl)

def _own_main_impl(ctx):
    env = analysistest.begin(ctx)
    mnemonics = [action.mnemonic for action in analysistest.target_actions(env)]
    for absent in ["SvMain", "CppCompile"]:
        asserts.false(env, absent in mnemonics, "{} in {}".format(absent, mnemonics))
    link = action_of(env, "CppLink")
    if link:
        linked = _assert_linked(env, link, "main", "own_main_sim.model", "verilated")
        asserts.false(env, "sim" in linked, "the built-in main is not linked")
        assert_has(env, ["-lof_the_main"], link.argv, "options for the linker")
    return analysistest.end(env)

_own_main_test = analysistest.make(_own_main_impl)

def _shared_model_impl(ctx):
    env = analysistest.begin(ctx)
    link = action_of(env, "CppLink")
    if link:
        _assert_linked(env, link, "shared_model")
    main = action_of(env, "SvMain")
    if main:
        asserts.equals(env, ["Vtop"], values_of(main.argv, "--prefix"))
    return analysistest.end(env)

_shared_model_test = analysistest.make(_shared_model_impl)

def _runfiles_impl(ctx):
    env = analysistest.begin(ctx)
    runfiles = names(analysistest.target_under_test(env)[DefaultInfo].default_runfiles.files)
    assert_has(env, _below("top.hex", "stimulus.txt", "sim_top.unit.map"), runfiles, "runfiles")
    for action in analysistest.target_actions(env):
        # The runfiles tree is made from all of them; nothing else is.
        if action.mnemonic in ["SymlinkTree", "SourceSymlinkManifest", "RepoMappingManifest", "RunfilesTree", "Middleman"]:
            continue
        for file in names(action.inputs):
            asserts.false(env, file.endswith((".txt", ".hex")), "data is an input of {}: {}".format(action.mnemonic, file))
    return analysistest.end(env)

_runfiles_test = analysistest.make(_runfiles_impl)

def _output_groups_impl(ctx):
    env = analysistest.begin(ctx)
    groups = analysistest.target_under_test(env)[OutputGroupInfo]
    asserts.equals(
        env,
        _below("clocked_sim.model.checked.h", "clocked_sim.model.hdrs", "clocked_sim.model.cpp"),
        names(groups.cpp),
    )
    return analysistest.end(env)

_output_groups_test = analysistest.make(_output_groups_impl)

# The macros

def _model_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    info = target[SvModelInfo]
    asserts.equals(env, ("top", 2, "vcd"), (info.top, info.threads, info.trace))
    asserts.true(env, CcInfo in target, "a main of one's own links it")
    action = action_of(env, "SvVerilate")
    if action:
        asserts.equals(env, ["NAME=\"a b\""], values_of(action.argv, "--parameter"))
        asserts.equals(env, ["-Wno-fatal"], values_of(action.argv, "--option"))
    design = action_of(env, "SvDesign")
    if design:
        asserts.equals(env, ["clk", "clk2"], values_of(design.argv, "--clock"), "the model's ports are checked")
        asserts.equals(env, ["rst", "rst_n"], values_of(design.argv, "--reset"))
    return analysistest.end(env)

_model_test = analysistest.make(_model_impl)

def _timing_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvVerilate")
    if action:
        asserts.equals(env, [ctx.attr.timing], values_of(action.argv, "--timing"))
    return analysistest.end(env)

_timing_test = analysistest.make(_timing_impl, attrs = {"timing": attr.string(mandatory = True)})

def _rule_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(env, ctx.attr.expected, ctx.attr.found)
    return unittest.end(env)

# What a macro gave a target: known while the package is loaded, compared here.
_rule_test = unittest.make(_rule_impl, attrs = {"expected": attr.string(), "found": attr.string()})

def _given(target, attribute, expected):
    found = native.existing_rule(target)[attribute]
    return (_rule_test, {
        "expected": str(expected),
        "found": str(sorted(found) if type(found) in ("list", "tuple") else found),
    })

def _model_or_top_impl(ctx):
    env = unittest.begin(ctx)
    for arguments in [
        {"deps": [], "model": ":m", "top": None},
        {"deps": [":d"], "model": None, "top": "t"},
    ]:
        said = recorder()
        check_model_or_top("sim", fail = said.fail, **arguments)
        asserts.equals(env, [], said.messages)
    for arguments in [
        {"deps": [], "model": ":m", "top": "t"},
        {"deps": [":d"], "model": ":m", "top": None},
    ]:
        said = recorder()
        check_model_or_top("sim", fail = said.fail, **arguments)
        assert_one_message(env, said.messages, "sim: model already has a top and deps. Leave out model, or top and deps")
    said = recorder()
    check_model_or_top("sim", model = None, top = None, deps = [":d"], fail = said.fail)
    assert_one_message(env, said.messages, "sim: top is missing. Name the top module: top = \"...\"")
    return unittest.end(env)

_model_or_top_test = unittest.make(_model_or_top_impl)

def sv_sim_test_suite(name):
    """Declares the tests and a suite of them.

    Args:
        name: the suite's name.
    """
    _subjects()
    test_group(name, {
        "broken_plusarg": (failure_test, {
            "messages": ["//tests/rules:broken_plusarg: plusargs holds", "a text with a line break"],
            "target_under_test": ":broken_plusarg",
        }),
        "idle_threads": (failure_test, {
            "messages": ["//tests/rules:idle_sim.model: threads is 0; 1 to 1024 is expected"],
            "target_under_test": ":idle_sim.model",
        }),
        "link": (_link_test, {"target_under_test": ":clocked_sim"}),
        "main": (_main_test, {"target_under_test": ":clocked_sim"}),
        "model": (_model_test, {"target_under_test": ":clocked_sim.model"}),
        "model_is_no_model": (failure_test, {
            "messages": ["'//tests/rules:sim_top' does not have mandatory providers"],
            "target_under_test": ":model_is_no_model",
        }),
        "model_of_test_is_testonly": _given("clocked_test.model", "testonly", True),
        "model_or_top": _model_or_top_test,
        "negative_limit": (failure_test, {
            "messages": ["//tests/rules:negative_limit: max_cycles is -1; 0 to 2147483647 is expected"],
            "target_under_test": ":negative_limit",
        }),
        "negative_seed": (failure_test, {
            "messages": ["//tests/rules:negative_seed: seed is -1; 1 to 2147483647 is expected"],
            "target_under_test": ":negative_seed",
        }),
        "output_groups": (_output_groups_test, {"target_under_test": ":clocked_sim"}),
        "own_main": (_own_main_test, {"target_under_test": ":own_main_sim"}),
        "runfiles": (_runfiles_test, {"target_under_test": ":clocked_sim"}),
        "runfiles_of_test": (_runfiles_test, {"target_under_test": ":clocked_test"}),
        "self_timed": (_self_timed_test, {"target_under_test": ":self_timed_sim"}),
        "shared_model": (_shared_model_test, {"target_under_test": ":sim_of_model"}),
        "threads_reserve_cores": _given("clocked_sim", "tags", ["cpu:2", "manual"]),
        "timing_clocked": (_timing_test, {"target_under_test": ":clocked_sim.model", "timing": "auto"}),
        "timing_clocked_and_on": (_timing_test, {"target_under_test": ":timed_and_clocked_sim.model", "timing": "on"}),
        "timing_off": (_timing_test, {"target_under_test": ":untimed_sim.model", "timing": "off"}),
        "timing_of_own_main": (_timing_test, {"target_under_test": ":own_main_sim.model", "timing": "auto"}),
        "timing_self_timed": (_timing_test, {"target_under_test": ":self_timed_sim.model", "timing": "on"}),
    })
