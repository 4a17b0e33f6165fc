"""The C++ below all Verilated crates as one archive, for crates that leave Bazel."""

load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("//rules/private:ffi_info.bzl", "FfiNativeInfo")
load("//rules/private/actions:emit_ffi_archive.bzl", "emit_ffi_archive")

visibility(["//rules/...", "//tests/..."])

def _verilated_ffi_runtime_impl(ctx):
    cc_toolchain = find_cc_toolchain(ctx)
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = cc_toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    made = emit_ffi_archive(
        ctx,
        cc_toolchain = cc_toolchain,
        features = features,
        name = ctx.label.name,
        linking = cc_common.merge_cc_infos(cc_infos = [dep[CcInfo] for dep in ctx.attr.deps]).linking_context,
    )
    return [
        DefaultInfo(files = depset([made.archive])),
        FfiNativeInfo(archive = made.archive, flags = made.flags, others = made.others),
    ]

verilated_ffi_runtime = rule(
    implementation = _verilated_ffi_runtime_impl,
    doc = "C++ libraries as one archive.",
    attrs = {"deps": attr.label_list(doc = "The libraries.", mandatory = True, providers = [CcInfo])},
    fragments = ["cpp"],
    provides = [FfiNativeInfo],
    toolchains = use_cc_toolchain(mandatory = True),
)
