"""`<name>.crate` and `verilated_manifest`: crates as files, for Cargo outside of Bazel."""

load("//rules/private:ffi_info.bzl", "FfiCrateInfo", "FfiNativeInfo")
load("//rules/private/actions:emit_ffi_crates.bzl", "emit_ffi_crates")

visibility(["//rules/...", "//tests/..."])

def check_distinct_crates(label, crates, fail = fail):
    """Two crates of one name can't be linked into one program.

    Args:
        label: (Label) the target, for messages.
        crates: (list[FfiCrateInfo])
        fail: (function) what to call on an error; tests pass their own.
    """
    owners = {}
    for crate in crates:
        key = crate.crate.lower()
        if key in owners:
            fail("{}: {} and {} are both called {}. Give one of them another crate_name".format(
                label,
                owners[key],
                crate.label,
                crate.crate,
            ))
        owners[key] = crate.label

def _verilated_ffi_export_impl(ctx):
    crates = [target[FfiCrateInfo] for target in ctx.attr.crates]
    check_distinct_crates(ctx.label, crates)
    fst = [crate for crate in crates if crate.trace == "fst"]
    folder = emit_ffi_crates(
        ctx,
        tool = ctx.attr._ffi_sources[DefaultInfo].files_to_run,
        crates = crates,
        runtime = (ctx.attr._runtime_fst if fst else ctx.attr._runtime)[FfiNativeInfo],
        runtime_files = ctx.files._runtime_files,
        macos = ctx.target_platform_has_constraint(ctx.attr._macos[platform_common.ConstraintValueInfo]),
    )
    return [DefaultInfo(files = depset([folder]), runfiles = ctx.runfiles([folder]))]

verilated_ffi_export = rule(
    implementation = _verilated_ffi_export_impl,
    doc = "A folder with crates, the runtime crate that they need, and `external_modules.json`.",
    attrs = {
        "crates": attr.label_list(doc = "The models of the crates.", mandatory = True, providers = [FfiCrateInfo]),
        "_ffi_sources": attr.label(default = Label("//tools:ffi_sources"), cfg = "exec", executable = True),
        "_macos": attr.label(default = "@platforms//os:macos"),
        "_runtime": attr.label(default = Label("//rules/runtime/rust:verilated_runtime_cxx")),
        "_runtime_files": attr.label(default = Label("//rules/runtime/rust:crate_files")),
        "_runtime_fst": attr.label(default = Label("//rules/runtime/rust:verilated_runtime_cxx_fst")),
    },
)

def verilated_manifest(name, crates, **kwargs):
    """A folder with all of these crates, one runtime crate, and `external_modules.json` over them.

    A plain `cargo build` outside of Bazel takes the folder as it is; the paths
    in the manifest are relative to it.

    Args:
        name: the target's name, and the folder's.
        crates: verilated_ffi_crate targets, in the order in which the manifest has them. Two of one
            crate name are an error.
        **kwargs: `visibility`, `tags`, `testonly` and the like.
    """
    labels = [native.package_relative_label(crate) for crate in crates]
    verilated_ffi_export(
        name = name,
        crates = [label.same_package_label(label.name + ".model") for label in labels],
        **kwargs
    )
