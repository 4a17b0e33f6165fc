"""The machine's own Verilator as a toolchain, for those who register it."""

_FOUND = """\
load("@rules_sv//rules:toolchains.bzl", "verilator_toolchain")
load("@rules_sv//rules/private:verilator_tree.bzl", "verilator_tree")

verilator_tree(
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
load("@rules_sv//rules/private:missing_verilator.bzl", "missing_verilator")

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
