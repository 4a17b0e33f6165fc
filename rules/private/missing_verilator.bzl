"""What stands in for a Verilator that isn't there: an error that says what to do."""

# Loaded by the repository `system_verilator`, hence public.

def _missing_verilator_impl(ctx):
    fail(("the toolchain @rules_sv//rules:system_verilator is registered, but {}. Install Verilator 5, or take " +
          "its register_toolchains line out of MODULE.bazel: the pinned one is used then").format(ctx.attr.reason))

missing_verilator = rule(
    implementation = _missing_verilator_impl,
    doc = "Fails with the reason.",
    attrs = {"reason": attr.string(mandatory = True)},
)
