"""Analysis tests of `wheel_files`."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//tools/wheel:wheel_files.bzl", "wheel_files")

visibility("private")

def _one_action_impl(ctx):
    env = analysistest.begin(ctx)
    actions = [action for action in analysistest.target_actions(env) if action.mnemonic == "WheelFiles"]
    asserts.equals(env, 1, len(actions))
    outputs = [file.short_path for file in actions[0].outputs.to_list()]
    asserts.equals(
        env,
        ["tests/tools/wheel/rtl/alu.sv", "tests/tools/wheel/rtl/fpu.sv"],
        sorted(outputs),
    )
    asserts.true(env, "tests/tools/wheel/core.whl" in [file.short_path for file in actions[0].inputs.to_list()])
    asserts.equals(
        env,
        outputs,
        [file.short_path for file in analysistest.target_under_test(env)[DefaultInfo].files.to_list()],
    )
    return analysistest.end(env)

_one_action_test = analysistest.make(_one_action_impl)

def _members_impl(ctx):
    env = analysistest.begin(ctx)
    actions = [action for action in analysistest.target_actions(env) if hasattr(action, "argv") and action.mnemonic == "WheelFiles"]
    asserts.equals(env, 1, len(actions))
    argv = actions[0].argv
    members = [argv[i + 1] for i in range(len(argv) - 1) if argv[i] == "--extract"]
    asserts.equals(env, ["core/system_verilog/rtl/alu.sv", "core/system_verilog/rtl/fpu.sv"], members)
    return analysistest.end(env)

_members_test = analysistest.make(_members_impl)

def _no_wheel_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.expect_failure(env, "has 0 files that end in .whl; one is expected. Name the package's `:whl` target")
    return analysistest.end(env)

_no_wheel_test = analysistest.make(_no_wheel_impl, expect_failure = True)

def wheel_files_test_suite(name):
    """Declares the tests and a suite of them.

    Args:
        name: the suite's name.
    """
    wheel_files(
        name = "alu_and_fpu",
        outs = ["rtl/alu.sv", "rtl/fpu.sv"],
        strip_prefix = "/core/system_verilog/",
        tags = ["manual"],
        wheel = ":core.whl",
    )
    native.filegroup(name = "no_wheel", srcs = [])
    wheel_files(
        name = "from_no_wheel",
        outs = ["nothing.sv"],
        tags = ["manual"],
        wheel = ":no_wheel",
    )
    _one_action_test(name = "wheel_files_one_action_test", target_under_test = ":alu_and_fpu")
    _members_test(name = "wheel_files_members_test", target_under_test = ":alu_and_fpu")
    _no_wheel_test(name = "wheel_files_no_wheel_test", target_under_test = ":from_no_wheel")
    native.test_suite(
        name = name,
        tests = [
            ":wheel_files_members_test",
            ":wheel_files_no_wheel_test",
            ":wheel_files_one_action_test",
        ],
    )
