"""The machine's own tools as toolchains: Verilator, for those who register it, and GHDL."""

_FOUND = """\
load("@rules_sv//rules:toolchains.bzl", "verilator_toolchain")
load("@rules_sv//rules/private:file_tree.bzl", "file_tree")

file_tree(
    name = "root",
    srcs = glob(["root/include/**"]),
    strip_prefix = "root",
)

verilator_toolchain(
    name = "verilator",
    root = ":root",
    verilator = "bin/verilator_bin",
    version = "{version}",
    visibility = ["//visibility:public"],
)
"""

_MISSING = """\
load("@rules_sv//rules/private:missing_tools.bzl", "missing_verilator")

missing_verilator(
    name = "verilator",
    reason = {reason},
    visibility = ["//visibility:public"],
)
"""

def _system_verilator_impl(rctx):
    program = rctx.which("verilator_bin")
    if not program:
        rctx.file("BUILD.bazel", _MISSING.format(reason = repr("there is no verilator_bin on PATH")))
        return
    version = rctx.execute([program, "--version"])
    root = rctx.execute([program, "--getenv", "VERILATOR_ROOT"])
    words = version.stdout.split(" ")
    folder = root.stdout.strip()
    if version.return_code or len(words) < 2 or not rctx.path(folder + "/include/verilated.h").exists:
        rctx.file("BUILD.bazel", _MISSING.format(reason = repr("{} --getenv VERILATOR_ROOT says '{}', which holds no include/verilated.h".format(program, folder))))
        return
    rctx.symlink(program, "bin/verilator_bin")
    rctx.symlink(folder + "/include", "root/include")
    rctx.file("BUILD.bazel", _FOUND.format(version = words[1]))

_GHDL_FOUND = """\
load("@rules_sv//rules:toolchains.bzl", "ghdl_toolchain")
load("@rules_sv//rules/private:file_tree.bzl", "file_tree")

file_tree(
    name = "prefix",
    srcs = glob(["prefix/**"]),
    strip_prefix = "prefix",
)

ghdl_toolchain(
    name = "ghdl",
    ghdl = "bin/ghdl",
    prefix = ":prefix",
    visibility = ["//visibility:public"],
)
"""

_GHDL_MISSING = """\
load("@rules_sv//rules/private:missing_tools.bzl", "missing_ghdl")

missing_ghdl(
    name = "ghdl",
    visibility = ["//visibility:public"],
)
"""

def _system_ghdl_impl(rctx):
    program = rctx.which("ghdl")
    libraries = None
    if program:
        for line in rctx.execute([program, "--disp-config"]).stdout.splitlines():
            if line.startswith("command_name: /"):
                # Debian's ghdl is a script that picks one of several.
                program = line.removeprefix("command_name: ").strip()
            if line.startswith("library directory: "):
                libraries = rctx.path(line.removeprefix("library directory: ").strip())
    if not libraries or not libraries.get_child("std").exists:
        rctx.file("BUILD.bazel", _GHDL_MISSING)
        return
    rctx.symlink(program, "bin/ghdl")
    for name in ["std", "ieee"]:
        rctx.symlink(libraries.get_child(name), "prefix/vhdl/" + name)
    rctx.file("BUILD.bazel", _GHDL_FOUND)

system_ghdl = repository_rule(
    implementation = _system_ghdl_impl,
    doc = "The `ghdl` on PATH and its libraries.",
    configure = True,
    environ = ["PATH"],
    local = True,
)

def _ghdl_impl(_mctx):
    system_ghdl(name = "system_ghdl")

ghdl = module_extension(
    implementation = _ghdl_impl,
    doc = "Makes the repository `system_ghdl`; what builds VHDL looks at it.",
)

system_verilator = repository_rule(
    implementation = _system_verilator_impl,
    doc = "The `verilator_bin` on PATH and its VERILATOR_ROOT.",
    configure = True,
    environ = ["PATH", "VERILATOR_ROOT"],
    local = True,
)

def _verilator_impl(_mctx):
    system_verilator(name = "system_verilator")

verilator = module_extension(
    implementation = _verilator_impl,
    doc = "Makes the repository `system_verilator`; nothing looks at it until its toolchain is registered.",
)
