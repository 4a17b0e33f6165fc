"""`sv_model`: a design as a C++ library, for sv_sim, sv_test, cc_test and Rust crates."""

load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("//rules:providers.bzl", "SvInfo", "SvModelInfo")
load("//rules/private:common.bzl", "VERILATOR_TOOLCHAIN")
load("//rules/private:lines.bzl", "check_lines")
load("//rules/private:vopts.bzl", "check_vopts")
load("//rules/private/actions:emit_compile.bzl", "emit_compile")
load("//rules/private/actions:emit_design.bzl", "emit_design")
load("//rules/private/actions:emit_index.bzl", "emit_index")
load("//rules/private/actions:emit_verilate.bzl", "emit_verilate")

visibility(["//rules/...", "//tests/..."])

def _sv_model_impl(ctx):
    check_lines(ctx.label, {"parameters": ctx.attr.parameters, "vopts": ctx.attr.vopts})
    check_vopts(ctx.label, ctx.attr.vopts)
    infos = [dep[SvInfo] for dep in ctx.attr.deps]
    jsons = depset(transitive = [info.jsons for info in infos], order = "postorder")
    maps = depset(transitive = [info.maps for info in infos], order = "postorder")
    svis = depset(transitive = [info.svis for info in infos], order = "postorder")
    units = depset(transitive = [info.units for info in infos], order = "postorder")
    prefix = "V" + ctx.attr.top
    design = emit_design(
        ctx,
        tool = ctx.attr._sv_design[DefaultInfo].files_to_run,
        top = ctx.attr.top,
        units = units,
        jsons = jsons,
        svis = svis,
        maps = maps,
        parameters = ctx.attr.parameters,
        clocks = ctx.attr.clocks,
        resets = ctx.attr.resets,
        timescale = ctx.attr.timescale,
    )
    cpp = emit_verilate(
        ctx,
        verilator = ctx.toolchains[VERILATOR_TOOLCHAIN].verilator,
        tool = ctx.attr._sv_verilate[DefaultInfo].files_to_run,
        prefix = prefix,
        design = design,
        units = units,
        sources = depset(transitive = [info.sources for info in infos], order = "postorder"),
        maps = maps,
        parameters = ctx.attr.parameters,
        trace = ctx.attr.trace,
        timing = ctx.attr.timing,
        asserts = ctx.attr.asserts,
        threads = ctx.attr.threads,
        vopts = ctx.attr.vopts,
    )
    cc_toolchain = find_cc_toolchain(ctx)
    runtime = [ctx.attr._runtime] + ([ctx.attr._runtime_fst] if ctx.attr.trace == "fst" else [])
    cc_info = emit_compile(
        ctx,
        cc_toolchain = cc_toolchain,
        features = cc_common.configure_features(
            ctx = ctx,
            cc_toolchain = cc_toolchain,
            requested_features = ctx.features,
            unsupported_features = ctx.disabled_features,
        ),
        name = ctx.label.name,
        cpp = cpp,
        copts = ctx.attr.copts,
        deps = [target[CcInfo] for target in runtime] + [info.cc_info for info in infos],
    )
    runfiles = ctx.runfiles(transitive_files = maps).merge_all(
        [dep[DefaultInfo].default_runfiles for dep in ctx.attr.deps],
    )
    return [
        DefaultInfo(files = depset([cpp.headers]), runfiles = runfiles),
        OutputGroupInfo(
            cpp = depset([cpp.headers, cpp.fast, cpp.slow]),
            units = depset([emit_index(
                ctx,
                tool = ctx.attr._sv_units[DefaultInfo].files_to_run,
                jsons = jsons,
            )]),
        ),
        cc_info,
        SvModelInfo(
            design = design,
            maps = maps,
            prefix = prefix,
            threads = ctx.attr.threads,
            timing = ctx.attr.timing == "on",
            top = ctx.attr.top,
            trace = ctx.attr.trace,
        ),
    ]

sv_model = rule(
    implementation = _sv_model_impl,
    doc = "A design as a C++ library: class `V<top>` in `V<top>.h`. Any number of simulators, tests and programs share it.",
    attrs = {
        "asserts": attr.bool(doc = "Whether assertions are checked.", default = True),
        "clocks": attr.string_list(doc = "Inputs that something will drive as clocks; checked against the top's ports."),
        "copts": attr.string_list(doc = "Options for the C++ compiler, after those of the rule."),
        "deps": attr.label_list(
            doc = "The units: the top's, and with it everything below.",
            mandatory = True,
            providers = [SvInfo],
        ),
        "parameters": attr.string_dict(
            doc = "Values for the top's parameters as SystemVerilog writes them; a string keeps its quotes: '\"a b\"'.",
        ),
        "resets": attr.string_list(doc = "Inputs that something will drive as resets; checked against the top's ports."),
        "threads": attr.int(doc = "Threads that evaluate the model.", default = 1),
        "timescale": attr.string(
            doc = "Time unit and precision of definitions that have none, such as \"1ns/1ps\".",
        ),
        "timing": attr.string(
            doc = "\"on\": delays and event controls work. \"off\": they are ignored. \"auto\": an error where there are any.",
            default = "auto",
            values = ["auto", "on", "off"],
        ),
        "top": attr.string(doc = "The top module.", mandatory = True),
        "trace": attr.string(
            doc = "The kind of waveform that the model can write.",
            default = "none",
            values = ["none", "vcd", "fst"],
        ),
        "vopts": attr.string_list(doc = "Further options for Verilator; those that an attribute owns are refused."),
        "_runtime": attr.label(default = Label("//rules/runtime:verilated"), providers = [CcInfo]),
        "_runtime_fst": attr.label(default = Label("//rules/runtime:verilated_fst"), providers = [CcInfo]),
        "_sv_design": attr.label(default = Label("//tools:sv_design"), cfg = "exec", executable = True),
        "_sv_units": attr.label(default = Label("//tools:sv_units"), cfg = "exec", executable = True),
        "_sv_verilate": attr.label(default = Label("//tools:sv_verilate"), cfg = "exec", executable = True),
    },
    fragments = ["cpp"],
    provides = [CcInfo, SvModelInfo],
    toolchains = [VERILATOR_TOOLCHAIN] + use_cc_toolchain(),
)
