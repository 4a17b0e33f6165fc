"""Tests of rules/private/common.bzl."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts", "unittest")
load("//rules/private:common.bzl", "TOOL_ENV", "label_text", "tool_args")  # buildifier: disable=bzl-visibility
load("//tests/rules:support.bzl", "test_group")

visibility(["//tests/rules/..."])

def _label_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(env, "//rtl/fifo:fifo", label_text(Label("//rtl/fifo:fifo")))
    asserts.equals(env, "//:top", label_text(Label("//:top")))
    other = label_text(Label("@bazel_skylib//lib:paths"))
    asserts.true(env, other.startswith("@") and other.endswith("//lib:paths"), other)
    return unittest.end(env)

_label_text_test = unittest.make(_label_impl)

def _params_impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name + ".out")
    args = tool_args(ctx)
    args.add("--word", "a b\"c'$d")
    args.add("--empty", "")
    ctx.actions.run(
        executable = ctx.executable._tool,
        arguments = [args],
        outputs = [out],
        env = TOOL_ENV,
        mnemonic = "Params",
    )
    return [DefaultInfo(files = depset([out]))]

_params = rule(
    implementation = _params_impl,
    doc = "An action with arguments from `tool_args`.",
    attrs = {"_tool": attr.label(default = Label("//tools:sv_main"), cfg = "exec", executable = True)},
)

def _params_test_impl(ctx):
    env = analysistest.begin(ctx)
    actions = {action.mnemonic: action for action in analysistest.target_actions(env)}
    asserts.true(env, "Params" in actions, str(actions.keys()))
    asserts.equals(env, ["--word", "a b\"c'$d", "--empty", ""], actions["Params"].argv[1:])
    return analysistest.end(env)

_tool_args_test = analysistest.make(_params_test_impl)

def common_test_suite(name):
    """Declares the tests and a suite of them.

    Args:
        name: the suite's name.
    """
    _params(name = name + "_params", tags = ["manual"])
    test_group(name, {
        "label_text": _label_text_test,
        "tool_args": (_tool_args_test, {"target_under_test": name + "_params"}),
    })
