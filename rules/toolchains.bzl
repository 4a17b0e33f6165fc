"""Toolchains: which Verilator and which GHDL the actions call.

Register another Verilator with one line in MODULE.bazel:

```starlark
register_toolchains("@rules_sv//rules:system_verilator")   # the one on PATH
register_toolchains("//tools:my_verilator")                # a toolchain() of your own
```
"""

load("//rules:providers.bzl", "GhdlInfo", "VerilatorInfo")

def _verilator_toolchain_impl(ctx):
    root = ctx.file.root
    if not root.is_directory:
        fail("{}: root must be a folder (a tree artifact), not the file {}".format(ctx.label, root.short_path))
    verilator = VerilatorInfo(
        bin = ctx.executable.verilator,
        files = depset([ctx.executable.verilator, root]),
        root = root,
        version = ctx.attr.version,
    )
    return [
        platform_common.ToolchainInfo(verilator = verilator),
        verilator,
        DefaultInfo(files = verilator.files),
    ]

verilator_toolchain = rule(
    implementation = _verilator_toolchain_impl,
    doc = "A Verilator to register with `toolchain(toolchain_type = \"@rules_sv//rules:verilator_toolchain_type\")`.",
    attrs = {
        "root": attr.label(
            doc = "A folder to serve as VERILATOR_ROOT: it holds include/verilated.h.",
            allow_single_file = True,
            mandatory = True,
        ),
        "verilator": attr.label(
            doc = "The program `verilator_bin` (not the Perl script).",
            allow_single_file = True,
            cfg = "exec",
            executable = True,
            mandatory = True,
        ),
        "version": attr.string(
            doc = "Its version, as `verilator_bin --version` prints it: \"5.048\".",
            mandatory = True,
        ),
    },
)

def _ghdl_toolchain_impl(ctx):
    ghdl = GhdlInfo(
        bin = ctx.executable.ghdl,
        files = depset([ctx.executable.ghdl, ctx.file.prefix]),
        prefix = ctx.file.prefix,
    )
    return [platform_common.ToolchainInfo(ghdl = ghdl), ghdl, DefaultInfo(files = ghdl.files)]

ghdl_toolchain = rule(
    implementation = _ghdl_toolchain_impl,
    doc = "A GHDL to register with `toolchain(toolchain_type = \"@rules_sv//rules:ghdl_toolchain_type\")`.",
    attrs = {
        "ghdl": attr.label(
            doc = "The program; one that elaborates and runs without a linker (mcode).",
            allow_single_file = True,
            cfg = "exec",
            executable = True,
            mandatory = True,
        ),
        "prefix": attr.label(
            doc = "A folder to serve as its --PREFIX: GHDL's libraries std and ieee, and their sources src; for older releases below vhdl/.",
            allow_single_file = True,
            mandatory = True,
        ),
    },
)
