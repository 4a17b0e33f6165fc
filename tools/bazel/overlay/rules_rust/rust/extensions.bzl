"""The `rust` extension by its usual name, with the machine's rustc for a toolchain.

A toolchain can't be downloaded here, so the versions that are asked for are ignored; the edition is not.
"""

load("//rust/platform:triple.bzl", "get_host_triple")

_FILES = """\
load("@rules_rust//rust:toolchain.bzl", "rust_stdlib_filegroup", "rust_toolchain", "rustfmt_toolchain")

package(default_visibility = ["//visibility:public"])

exports_files(glob(["sysroot/bin/*"]))

filegroup(
    name = "rustc_lib",
    srcs = glob(
        [
            "sysroot/lib/*.so*",
            "sysroot/lib/rustlib/{triple}/bin/rust-lld",
            "sysroot/lib/rustlib/{triple}/bin/gcc-ld/*",
            "sysroot/lib/rustlib/{triple}/codegen-backends/*.so",
            "sysroot/lib/rustlib/{triple}/lib/*.so",
        ],
        allow_empty = True,
    ),
)

rust_stdlib_filegroup(
    name = "rust_std",
    srcs = glob(
        [
            "sysroot/lib/rustlib/{triple}/lib/*.rlib",
            "sysroot/lib/rustlib/{triple}/lib/*.rmeta",
            "sysroot/lib/rustlib/{triple}/lib/*.so",
            "sysroot/lib/rustlib/{triple}/lib/*.a",
            "sysroot/lib/rustlib/{triple}/lib/self-contained/**",
        ],
        allow_empty = True,
    ),
)

rust_toolchain(
    name = "rust_toolchain",
    binary_ext = "",
    default_edition = "{edition}",
    dylib_ext = ".so",
    exec_triple = "{triple}",
    extra_exec_rustc_flags = {link},
    extra_rustc_flags = {link},
    rust_doc = "sysroot/bin/rustdoc",
    rust_std = ":rust_std",
    rustc = "sysroot/bin/rustc",
    rustc_lib = ":rustc_lib",
    staticlib_ext = ".a",
    stdlib_linkflags = [
        "-ldl",
        "-lpthread",
    ],
    target_triple = "{triple}",
{tools})
"""

_TOOLCHAIN = """\
toolchain(
    name = "toolchain",
    exec_compatible_with = [{constraints}],
    target_compatible_with = [{constraints}],
    toolchain = ":rust_toolchain",
    toolchain_type = "@rules_rust//rust:toolchain_type",
)
"""

_RUSTFMT = """
rustfmt_toolchain(
    name = "rustfmt_toolchain",
    rustc = "sysroot/bin/rustc",
    rustc_lib = ":rustc_lib",
    rustfmt = "sysroot/bin/rustfmt",
)

toolchain(
    name = "rustfmt",
    exec_compatible_with = [{constraints}],
    target_compatible_with = [{constraints}],
    toolchain = ":rustfmt_toolchain",
    toolchain_type = "@rules_rust//rust/rustfmt:toolchain_type",
)
"""

_MISSING = """\
load("@rules_rust//rust/private:missing_toolchain.bzl", "missing_rust_toolchain")

package(default_visibility = ["//visibility:public"])

missing_rust_toolchain(
    name = "rust_toolchain",
    reason = {reason},
)

"""

# Bazel's C++ toolchain links with gold where there is one, and rustc warns of it at every link.
_LINK = ["-Clink-arg=-fuse-ld=bfd"]

_TOOLS = {
    "cargo": "cargo",
    "cargo_clippy": "cargo-clippy",
    "clippy_driver": "clippy-driver",
    "rustfmt": "rustfmt",
}

_LIBRARIES = ["libLLVM", "librustc_driver", "libstd-", "libtest-"]

def _find_rust(ctx):
    """The sysroot of the rustc on PATH, or the problem with it. What is installed later is noticed."""
    for folder in ctx.getenv("PATH", "").split(":"):
        if folder.startswith("/"):
            ctx.watch(folder + "/rustc")
    rustc = ctx.which("rustc")
    if not rustc:
        return struct(problem = "there is no rustc on PATH")
    probe = ctx.execute([rustc, "--print", "sysroot"])
    if probe.return_code:
        return struct(problem = "{} --print sysroot ended with exit code {}: {}".format(
            rustc,
            probe.return_code,
            probe.stderr.strip(),
        ))
    sysroot = ctx.path(probe.stdout.strip())
    if not sysroot.get_child("bin").get_child("rustdoc").exists:
        return struct(problem = "{} has no rustdoc in {}/bin".format(rustc, sysroot))
    return struct(problem = "", sysroot = sysroot)

def _local_rust_impl(ctx):
    triple = get_host_triple(ctx)
    constraints = '"@platforms//cpu:{}", "@platforms//os:linux"'.format(triple.arch)
    toolchain = _TOOLCHAIN.format(constraints = constraints)
    found = _find_rust(ctx)
    if found.problem:
        ctx.file("BUILD.bazel", _MISSING.format(reason = repr(found.problem)) + toolchain)
        return
    sysroot = found.sysroot
    for program in ["rustc", "rustdoc"] + _TOOLS.values():
        path = sysroot.get_child("bin").get_child(program)
        if path.exists:
            ctx.symlink(path, "sysroot/bin/" + program)

    # A distribution's rustc has its sysroot in /usr, so only what is rustc's own may be taken from there.
    ctx.symlink(sysroot.get_child("lib").get_child("rustlib"), "sysroot/lib/rustlib")
    for path in sysroot.get_child("lib").readdir():
        if [prefix for prefix in _LIBRARIES if path.basename.startswith(prefix)]:
            ctx.symlink(path, "sysroot/lib/" + path.basename)
    tools = "".join([
        '    {} = "sysroot/bin/{}",\n'.format(attribute, program)
        for attribute, program in _TOOLS.items()
        if sysroot.get_child("bin").get_child(program).exists
    ])
    link = _LINK if ctx.which("ld.bfd") else []
    files = _FILES.format(edition = ctx.attr.edition, link = link, tools = tools, triple = triple.str)
    if sysroot.get_child("bin").get_child("rustfmt").exists:
        toolchain += _RUSTFMT.format(constraints = constraints)
    ctx.file("BUILD.bazel", files + "\n" + toolchain)

_local_rust = repository_rule(
    implementation = _local_rust_impl,
    attrs = {"edition": attr.string()},
    configure = True,
    environ = [
        "PATH",
        "RUSTUP_HOME",
        "RUSTUP_TOOLCHAIN",
    ],
)

def _tinyjson_impl(ctx):
    # Copied, not linked: a sandbox hides what lies below /tmp.
    for name in ["generator.rs", "json_value.rs", "lib.rs", "parser.rs"]:
        ctx.file("src/" + name, ctx.read(Label("//tinyjson:" + name)))
    ctx.file("BUILD.bazel", ctx.read(Label("//util/process_wrapper:BUILD.tinyjson.bazel")))

_tinyjson = repository_rule(implementation = _tinyjson_impl)

def _rust_impl(ctx):
    root = [module for module in ctx.modules if module.is_root]
    tags = root[0].tags.toolchain if root else []
    _local_rust(name = "rust_toolchains", edition = ([tag.edition for tag in tags if tag.edition] or ["2021"])[0])
    _tinyjson(name = "rules_rust_tinyjson")

_toolchain = tag_class(
    attrs = {
        "aliases": attr.string_dict(),
        "allocator_library": attr.string(),
        "dev_components": attr.bool(),
        "edition": attr.string(),
        "extra_exec_rustc_flags": attr.string_list(),
        "extra_rustc_flags": attr.string_list(),
        "extra_target_triples": attr.string_list(),
        "rust_analyzer_version": attr.string(),
        "rustfmt_version": attr.string(),
        "sha256s": attr.string_dict(),
        "urls": attr.string_list(),
        "versions": attr.string_list(),
    },
)

rust = module_extension(
    implementation = _rust_impl,
    tag_classes = {"toolchain": _toolchain},
)
