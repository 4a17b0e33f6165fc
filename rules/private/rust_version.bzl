"""A check of the Rust compiler's version: an old one has nothing to say but what it does not understand."""

load("//rules/private:common.bzl", "TOOL_ENV", "tool_args")

visibility(["//rules/...", "//tests/..."])

_RUST_TOOLCHAIN = "@rules_rust//rust:toolchain_type"

def _rust_version_impl(ctx):
    rust = ctx.toolchains[_RUST_TOOLCHAIN]
    out = ctx.actions.declare_file(ctx.label.name)
    args = tool_args(ctx)
    args.add("--rustc", rust.rustc)
    args.add("--least", ctx.attr.least)
    args.add("--out", out)
    ctx.actions.run(
        executable = ctx.attr._tool[DefaultInfo].files_to_run,
        arguments = [args],
        inputs = depset([rust.rustc], transitive = [rust.rustc_lib]),
        outputs = [out],
        env = TOOL_ENV,
        mnemonic = "SvRustVersion",
        progress_message = "Asking Rust for its version",
        toolchain = _RUST_TOOLCHAIN,
    )
    return [DefaultInfo(files = depset([out]))]

rust_version = rule(
    implementation = _rust_version_impl,
    doc = "A file that can be built where Rust is new enough.",
    attrs = {
        "least": attr.string(doc = "The oldest version that will do.", mandatory = True),
        "_tool": attr.label(default = Label("//tools:rust_version"), cfg = "exec", executable = True),
    },
    toolchains = [_RUST_TOOLCHAIN],
)
