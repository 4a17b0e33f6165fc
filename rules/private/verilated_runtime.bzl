"""Verilator's own runtime library, compiled once a configuration and shared by all models."""

load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("//rules/private:common.bzl", "TOOL_ENV", "VERILATOR_TOOLCHAIN", "tool_args")
load("//rules/private:copts.bzl", "FAST_COPTS", "MODEL_DEFINES", "STD_COPTS")

visibility(["//rules/...", "//tests/..."])

def _verilated_runtime_impl(ctx):
    verilator = ctx.toolchains[VERILATOR_TOOLCHAIN].verilator
    cc_toolchain = find_cc_toolchain(ctx)
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = cc_toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    sources = ctx.actions.declare_directory(ctx.label.name + ".srcs")
    args = tool_args(ctx)
    args.add_all([verilator.root], before_each = "--root", expand_directories = False)
    args.add_all(ctx.attr.srcs, before_each = "--source")
    args.add_all(ctx.attr.optional_srcs, before_each = "--optional")
    args.add_all([sources], before_each = "--out", expand_directories = False)
    ctx.actions.run(
        executable = ctx.attr._pick[DefaultInfo].files_to_run,
        arguments = [args],
        inputs = verilator.files,
        outputs = [sources],
        env = TOOL_ENV,
        mnemonic = "SvRuntimeSources",
        progress_message = "Taking the runtime's sources from Verilator for %{label}",
    )
    deps = [dep[CcInfo] for dep in ctx.attr.deps]
    include = verilator.root.path + "/include"
    compilation, objects = cc_common.compile(
        name = ctx.label.name,
        actions = ctx.actions,
        cc_toolchain = cc_toolchain,
        feature_configuration = features,
        srcs = [sources],
        public_hdrs = [verilator.root],
        system_includes = [include, include + "/vltstd"],
        defines = MODEL_DEFINES,
        user_compile_flags = FAST_COPTS + STD_COPTS + ctx.attr.copts,
        compilation_contexts = [dep.compilation_context for dep in deps],
    )
    linking, outputs = cc_common.create_linking_context_from_compilation_outputs(
        name = ctx.label.name,
        actions = ctx.actions,
        cc_toolchain = cc_toolchain,
        feature_configuration = features,
        compilation_outputs = objects,
        linking_contexts = [dep.linking_context for dep in deps],
        user_link_flags = ["-pthread"] + ctx.attr.linkopts,
        disallow_dynamic_library = True,
    )
    library = outputs.library_to_link
    return [
        DefaultInfo(files = depset([
            archive
            for archive in [library.static_library, library.pic_static_library]
            if archive
        ])),
        CcInfo(compilation_context = compilation, linking_context = linking),
    ]

verilated_runtime = rule(
    implementation = _verilated_runtime_impl,
    doc = "A part of the toolchain's Verilator runtime as a C++ library.",
    attrs = {
        "copts": attr.string_list(doc = "Further compiler options."),
        "deps": attr.label_list(doc = "C++ libraries that it needs.", providers = [CcInfo]),
        "linkopts": attr.string_list(doc = "Further linker options."),
        "optional_srcs": attr.string_list(doc = "Likewise, in some releases of Verilator only."),
        "srcs": attr.string_list(doc = "Files of VERILATOR_ROOT/include to compile.", mandatory = True),
        "_pick": attr.label(default = Label("//tools:runtime_sources"), cfg = "exec", executable = True),
    },
    fragments = ["cpp"],
    provides = [CcInfo],
    toolchains = [VERILATOR_TOOLCHAIN] + use_cc_toolchain(mandatory = True),
)
