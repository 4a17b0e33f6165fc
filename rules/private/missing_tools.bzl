"""What stands in for a tool that isn't there: an error that says what to do."""

# Loaded by the repositories of extensions.bzl, hence public.

def _missing_verilator_impl(ctx):
    fail(("the toolchain @rules_sv//rules:system_verilator is registered, but {}. Install Verilator 5, or take " +
          "its register_toolchains line out of MODULE.bazel: the pinned one is used then").format(ctx.attr.reason))

missing_verilator = rule(
    implementation = _missing_verilator_impl,
    doc = "Fails with the reason.",
    attrs = {"reason": attr.string(mandatory = True)},
)

def _missing_ghdl_impl(ctx):
    fail(("GHDL is needed, but {}. Install it (Debian: apt-get install ghdl-mcode), or register a ghdl_toolchain of " +
          "your own for @rules_sv//rules:ghdl_toolchain_type").format(ctx.attr.reason))

missing_ghdl = rule(
    implementation = _missing_ghdl_impl,
    doc = "Fails with the reason.",
    attrs = {"reason": attr.string(mandatory = True)},
)
