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
    reason = {reason},
    visibility = ["//visibility:public"],
)
"""

def _ask_ghdl(rctx, program):
    """What a GHDL says of itself.

    Args:
        rctx: the repository context.
        program: (path)

    Returns:
        (struct) program and libraries (path), inner (str): where below its --PREFIX a GHDL looks for its
        libraries, "" or "/vhdl"; or problem (str): why it is of no use.
    """
    version = rctx.execute([program, "--version"])
    if version.return_code:
        return struct(problem = "{} --version ended with exit code {}".format(program, version.return_code))
    if "mcode" not in version.stdout and "JIT" not in version.stdout:
        return struct(problem = "{} needs a linker for each simulation; one with mcode is expected".format(program))
    said = {}
    for line in rctx.execute([program, "--disp-config"]).stdout.splitlines():
        key, _, value = line.partition(": ")
        said[key] = value.strip()
    folder = said.get("library directory", "")
    if not folder.startswith("/") or not rctx.path(folder + "/std").exists:
        return struct(problem = "{} --disp-config names the library directory '{}', which holds no std".format(program, folder))

    # Debian's ghdl is a script that picks one of several.
    command = said.get("command_name", "")
    inside = folder.startswith(said.get("library prefix", "-") + "/")
    return struct(
        inner = folder.removeprefix(said["library prefix"]) if inside else "",
        libraries = rctx.path(folder),
        problem = "",
        program = command if command.startswith("/") else program,
    )

def _system_ghdl_impl(rctx):
    provided = rctx.getenv("RULES_SV_GHDL")
    candidates = [rctx.which("ghdl"), rctx.which("ghdl-mcode"), rctx.path(provided) if provided else None]
    problems = []
    for candidate in candidates:
        if not candidate or not candidate.exists:
            continue
        found = _ask_ghdl(rctx, candidate)
        if found.problem:
            problems.append(found.problem)
            continue
        rctx.symlink(found.program, "bin/ghdl")

        # The compiled libraries name their sources, which are read again: ../../src/….
        for name in ["std", "ieee", "src"]:
            if found.libraries.get_child(name).exists:
                rctx.symlink(found.libraries.get_child(name), "prefix{}/{}".format(found.inner, name))
        rctx.file("BUILD.bazel", _GHDL_FOUND)
        return
    reason = "; ".join(problems) or "there is no ghdl on PATH"
    rctx.file("BUILD.bazel", _GHDL_MISSING.format(reason = repr(reason)))

system_ghdl = repository_rule(
    implementation = _system_ghdl_impl,
    doc = "The `ghdl` on PATH and its libraries; where there is none, the one that RULES_SV_GHDL names.",
    configure = True,
    environ = [
        "PATH",
        "RULES_SV_GHDL",
    ],
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
