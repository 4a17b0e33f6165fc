"""The toolchain's GHDL for tests that call it themselves."""

_TOOLCHAIN_TYPE = "//rules:ghdl_toolchain_type"

def _current_ghdl_impl(ctx):
    ghdl = ctx.toolchains[_TOOLCHAIN_TYPE].ghdl
    return [
        DefaultInfo(files = ghdl.files, runfiles = ctx.runfiles(transitive_files = ghdl.files)),
        platform_common.TemplateVariableInfo({
            "GHDL": ghdl.bin.short_path,
            "GHDL_PREFIX": ghdl.prefix.short_path,
        }),
    ]

current_ghdl = rule(
    implementation = _current_ghdl_impl,
    doc = "The GHDL of the toolchain as files, and where they are in the runfiles as $(GHDL) and $(GHDL_PREFIX).",
    toolchains = [_TOOLCHAIN_TYPE],
)

# Attributes of a test that calls GHDL; tests/hdl_py/vhdl/ghdl.py reads the variables.
GHDL_ATTRS = {
    "data": ["//tests/ghdl"],
    "env": {
        "GHDL": "$(GHDL)",
        "GHDL_PREFIX": "$(GHDL_PREFIX)",
    },
    "toolchains": ["//tests/ghdl"],
}
