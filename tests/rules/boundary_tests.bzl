"""Analysis tests of what models see of units that are verilated apart. No source file exists: nothing is built."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts", "unittest")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("//rules:defs.bzl", "sv_library", "sv_model", "sv_package")
load("//rules/private:sv_model.bzl", "check_timescale")  # buildifier: disable=bzl-visibility
load(
    ":support.bzl",
    "action_of",
    "assert_has",
    "assert_hermetic",
    "assert_one_message",
    "names",
    "recorder",
    "test_group",
    "values_of",
)

visibility("private")

_HERE = "tests/rules/"

def _subjects():
    kwargs = {"tags": ["manual"]}
    sv_package(name = "apart_pkg", srcs = ["pkg.sv"], **kwargs)
    sv_library(
        name = "apart_leaf",
        srcs = ["leaf.sv"],
        compile = "separate",
        parameter_sets = ["", "W=8"],
        deps = [":apart_pkg"],
        **kwargs
    )
    sv_library(name = "apart_glue", srcs = ["glue.sv"], compile = "merge", **kwargs)
    sv_library(name = "apart_top", srcs = ["top.sv"], deps = [":apart_glue", ":apart_leaf"], **kwargs)
    sv_model(name = "apart_model", top = "top", deps = [":apart_top"], **kwargs)
    sv_model(name = "apart_vcd_model", asserts = False, timing = "off", top = "top", trace = "vcd", deps = [":apart_top"], **kwargs)
    sv_model(name = "apart_two_deps_model", top = "top", deps = [":apart_leaf", ":apart_top"], **kwargs)
    sv_model(name = "apart_threads_model", threads = 2, top = "top", deps = [":apart_top"], **kwargs)
    sv_model(name = "apart_vopts_model", top = "top", vopts = ["-O1"], deps = [":apart_top"], **kwargs)

def _own(files):
    return sorted([path for path in names(files) if path.startswith(_HERE)])

def _views(folder, *units):
    return [
        "{}apart_{}.boundary/{}/{}".format(_HERE, unit, folder, name)
        for unit in units
        for name in ["tests.rules.apart_{}.view.json".format(unit), "tests.rules.apart_{}.view.sv".format(unit), "view.checked.h"]
    ]

def _gather_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvGather")
    if not action:
        return analysistest.end(env)
    assert_hermetic(env, action)
    asserts.equals(
        env,
        sorted(
            [_HERE + "apart_model.design.json", _HERE + "apart_top.unit.json", _HERE + "tests.rules.apart_top.unit.sv"] +
            _views("none", "glue", "leaf", "pkg"),
        ),
        _own(action.inputs),
        "the top's own text; of the units below it, what others see",
    )
    verilate = action_of(env, "SvVerilate")
    if verilate:
        asserts.equals(
            env,
            [],
            [path for path in _own(verilate.inputs) if path.endswith(".unit.sv")],
            "no unit's text is an input of the top's verilation",
        )
        asserts.equals(env, 1, len(values_of(verilate.argv, "--folder")))
    return analysistest.end(env)

_gather_test = analysistest.make(_gather_impl)

def _settings_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvGather")
    if action:
        assert_has(env, _views("vcd_noasserts_nodelays", "leaf"), _own(action.inputs), "views in the model's settings")
    return analysistest.end(env)

_settings_test = analysistest.make(_settings_impl)

def _threads_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvGather")
    if action:
        assert_has(env, _views("none_threads", "leaf"), _own(action.inputs), "stubs that leave an edge to another thread")
    verilate = action_of(env, "SvVerilate")
    if verilate:
        asserts.equals(env, ["2"], values_of(verilate.argv, "--threads"))
    return analysistest.end(env)

_threads_test = analysistest.make(_threads_impl)

def _two_deps_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvGather")
    if action:
        assert_has(env, _views("none", "leaf", "top"), _own(action.inputs), "which of them has the top is not known yet")
    return analysistest.end(env)

_two_deps_test = analysistest.make(_two_deps_impl)

def _merged_impl(ctx):
    env = analysistest.begin(ctx)
    mnemonics = [action.mnemonic for action in analysistest.target_actions(env)]
    asserts.false(env, "SvGather" in mnemonics, "one verilation takes every unit as it is")
    contracts = action_of(env, "SvContracts")
    if contracts:
        asserts.equals(env, [], values_of(contracts.argv, "--report"))
        because = values_of(contracts.argv, "--merged-because")
        asserts.equals(env, 1, len(because))
        asserts.true(env, because and because[0].startswith("its vopts are options of one verilation of the whole design"))
    return analysistest.end(env)

_merged_test = analysistest.make(_merged_impl)

def _contracts_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    asserts.equals(
        env,
        [_HERE + "apart_model.contracts.json", _HERE + "apart_model.contracts.txt"],
        sorted(names(target[OutputGroupInfo].contracts)),
    )
    action = action_of(env, "SvContracts")
    if action:
        assert_hermetic(env, action)
        asserts.equals(env, 3, len(values_of(action.argv, "--report")), "units below the top")
    return analysistest.end(env)

_contracts_test = analysistest.make(_contracts_impl)

def _linking_impl(ctx):
    env = analysistest.begin(ctx)
    archives = [
        (library.static_library or library.pic_static_library).basename
        for linker_input in analysistest.target_under_test(env)[CcInfo].linking_context.linker_inputs.to_list()
        for library in linker_input.libraries
    ]
    expected = ["libapart_leaf.boundary_none_set{}.a".format(number) for number in [0, 1]]
    assert_has(env, ["libapart_model.a", "libverilated.a"] + expected, archives, "one archive a parameter set")
    asserts.equals(env, [], [name for name in archives if "glue" in name or "pkg" in name or "top" in name], "merged units have none")
    if "libapart_model.a" in archives:
        asserts.true(env, archives.index("libapart_model.a") < archives.index(expected[0]), "callers first")
    return analysistest.end(env)

_linking_test = analysistest.make(_linking_impl)

def _timescale_impl(ctx):
    env = unittest.begin(ctx)
    said = recorder()
    for good in [None, "", "1ns/1ps", "100us/10us", "1fs/1fs"]:
        check_timescale("sim", good, fail = said.fail)
    asserts.equals(env, [], said.messages)
    for bad in ["1ns", "1ps/1ns", "2ns/1ps", "1 ns/1 ps"]:
        said = recorder()
        check_timescale("sim", bad, fail = said.fail)
        assert_one_message(env, said.messages, "sim: timescale is \"{}\"".format(bad), "such as \"1ns/1ps\"")
    return unittest.end(env)

_timescale_test = unittest.make(_timescale_impl)

def boundary_test_suite(name):
    """Declares the tests and a suite of them.

    Args:
        name: the suite's name.
    """
    _subjects()
    test_group(name, {
        "contracts": (_contracts_test, {"target_under_test": ":apart_model"}),
        "gather": (_gather_test, {"target_under_test": ":apart_model"}),
        "linking": (_linking_test, {"target_under_test": ":apart_model"}),
        "merged": (_merged_test, {"target_under_test": ":apart_vopts_model"}),
        "settings": (_settings_test, {"target_under_test": ":apart_vcd_model"}),
        "threads": (_threads_test, {"target_under_test": ":apart_threads_model"}),
        "timescale": _timescale_test,
        "two_deps": (_two_deps_test, {"target_under_test": ":apart_two_deps_model"}),
    })
