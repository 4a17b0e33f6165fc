"""A C++ toolchain that can only say what is missing."""

def _missing_cc_toolchain_impl(ctx):
    fail("no C++ compiler: {}, or register a C++ toolchain with register_toolchains in MODULE.bazel".format(
        ctx.attr.reason,
    ))

missing_cc_toolchain = rule(
    implementation = _missing_cc_toolchain_impl,
    attrs = {"reason": attr.string(mandatory = True)},
)
