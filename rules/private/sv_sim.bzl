"""The rules behind `sv_sim` and `sv_test`: a model with a main, linked."""

load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("//rules:providers.bzl", "SvModelInfo")
load("//rules/private:copts.bzl", "FAST_COPTS", "STD_COPTS")
load("//rules/private:lines.bzl", "check_lines")
load("//rules/private:locations.bzl", "expand_locations")
load("//rules/private:numbers.bzl", "MOST_SEED", "check_numbers")
load("//rules/private/actions:emit_main.bzl", "emit_main")

visibility(["//rules/...", "//tests/..."])

def _built_in_main(ctx, cc_toolchain, features):
    source = emit_main(
        ctx,
        tool = ctx.attr._sv_main[DefaultInfo].files_to_run,
        model = ctx.attr.model[SvModelInfo],
        clocks = ctx.attr.clocks,
        resets = ctx.attr.resets,
        reset_cycles = ctx.attr.reset_cycles,
        max_cycles = ctx.attr.max_cycles,
        seed = ctx.attr.seed,
        plusargs = [expand_locations(ctx, word, ctx.attr.data) for word in ctx.attr.plusargs],
    )
    deps = [ctx.attr.model[CcInfo], ctx.attr._sim[CcInfo]]
    _, objects = cc_common.compile(
        name = ctx.label.name + "_main",
        actions = ctx.actions,
        cc_toolchain = cc_toolchain,
        feature_configuration = features,
        srcs = [source],
        user_compile_flags = FAST_COPTS + STD_COPTS,
        compilation_contexts = [dep.compilation_context for dep in deps],
    )
    return objects, deps

def _sv_sim_impl(ctx):
    check_lines(ctx.label, {"plusargs": ctx.attr.plusargs})
    check_numbers(ctx.label, ctx.attr, {
        "max_cycles": (0, _MOST_CYCLES),
        "reset_cycles": (0, _MOST_CYCLES),
        "seed": (1, MOST_SEED),
    })
    cc_toolchain = find_cc_toolchain(ctx)
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = cc_toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    if ctx.attr.main:
        objects, deps = None, [ctx.attr.main[CcInfo], ctx.attr.model[CcInfo]]
    else:
        objects, deps = _built_in_main(ctx, cc_toolchain, features)
    linked = cc_common.link(
        name = ctx.label.name,
        actions = ctx.actions,
        cc_toolchain = cc_toolchain,
        feature_configuration = features,
        compilation_outputs = objects,
        linking_contexts = [dep.linking_context for dep in deps],
        user_link_flags = ctx.attr.linkopts,
    )
    targets = [ctx.attr.model] + ctx.attr.data + ([ctx.attr.main] if ctx.attr.main else [])
    return [
        DefaultInfo(
            executable = linked.executable,
            runfiles = ctx.runfiles(files = ctx.files.data).merge_all(
                [target[DefaultInfo].default_runfiles for target in targets],
            ),
        ),
        ctx.attr.model[OutputGroupInfo],
    ]

# As the attributes have 32 bits.
_MOST_CYCLES = 2147483647

_ATTRS = {
    "clocks": attr.string_dict(doc = "Clock inputs to drive, with their periods: {\"clk\": \"10ns\"}."),
    "data": attr.label_list(doc = "Files that the simulation reads.", allow_files = True),
    "linkopts": attr.string_list(doc = "Options for the linker."),
    "main": attr.label(doc = "A cc_library with `main`, in place of the built-in one.", providers = [CcInfo]),
    "max_cycles": attr.int(doc = "Fail after as many cycles; 0 for no limit."),
    "model": attr.label(doc = "The sv_model to run.", mandatory = True, providers = [CcInfo, SvModelInfo]),
    "plusargs": attr.string_list(doc = "Plusargs of every run; what stands on the command line wins."),
    "reset_cycles": attr.int(doc = "Rising edges of the first clock with resets asserted.", default = 5),
    "resets": attr.string_dict(doc = "Reset inputs to drive, with the level that resets: {\"rst_n\": \"low\"}."),
    "seed": attr.int(doc = "The seed; run N of --runs_per_test adds N - 1.", default = 1),
    "_sim": attr.label(default = Label("//rules/runtime:sim"), providers = [CcInfo]),
    "_sv_main": attr.label(default = Label("//tools:sv_main"), cfg = "exec", executable = True),
}

sv_sim_binary = rule(
    implementation = _sv_sim_impl,
    doc = "A simulator that runs.",
    attrs = _ATTRS,
    executable = True,
    fragments = ["cpp"],
    toolchains = use_cc_toolchain(mandatory = True),
)

sv_sim_test = rule(
    implementation = _sv_sim_impl,
    doc = "A simulation as a test.",
    attrs = _ATTRS,
    test = True,
    fragments = ["cpp"],
    toolchains = use_cc_toolchain(mandatory = True),
)
