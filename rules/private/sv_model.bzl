"""`sv_model`: a design as a C++ library, for sv_sim, sv_test, cc_test and Rust crates."""

load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("//rules:providers.bzl", "SvInfo", "SvModelInfo")
load("//rules/private:boundary_aspect.bzl", "boundary_aspect")
load("//rules/private:boundary_info.bzl", "units_below")
load("//rules/private:common.bzl", "VERILATOR_TOOLCHAIN")
load("//rules/private:lines.bzl", "check_lines")
load("//rules/private:numbers.bzl", "MOST_THREADS", "check_numbers")
load("//rules/private:settings.bzl", "MODEL_ATTRS", "SETTING_ATTRS", "TIMESCALES", "shared_settings")
load("//rules/private:vopts.bzl", "check_vopts")
load("//rules/private/actions:emit_compile.bzl", "emit_compile")
load("//rules/private/actions:emit_design.bzl", "emit_design")
load("//rules/private/actions:emit_gather.bzl", "emit_contracts", "emit_gather")
load("//rules/private/actions:emit_index.bzl", "emit_index")
load("//rules/private/actions:emit_verilate.bzl", "emit_verilate")

visibility(["//rules/...", "//tests/..."])

def _merged_because(ctx, settings):
    if settings.merge:
        return "the build setting {} is \"merge\"".format(ctx.attr._compile.label)
    if ctx.attr.vopts:
        return "its vopts are options of one verilation of the whole design; {} holds for every unit".format(
            ctx.attr._vopts.label,
        )
    return ""

def _sv_model_impl(ctx):
    check_lines(ctx.label, {"parameters": ctx.attr.parameters, "vopts": ctx.attr.vopts})
    check_vopts(ctx.label, ctx.attr.vopts)
    check_numbers(ctx.label, ctx.attr, {"threads": (1, MOST_THREADS)})
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
    settings = shared_settings(ctx)
    merged_because = _merged_because(ctx, settings)
    separate = ctx.attr._sv_separate[DefaultInfo].files_to_run
    seen = None if merged_because else units_below(ctx.attr.deps)
    cpp = emit_verilate(
        ctx,
        verilator = ctx.toolchains[VERILATOR_TOOLCHAIN].verilator,
        messages = ctx.attr._sv_messages[DefaultInfo].files_to_run,
        tool = ctx.attr._sv_verilate[DefaultInfo].files_to_run,
        prefix = prefix,
        design = design,
        units = units,
        sources = depset(transitive = [info.sources for info in infos], order = "postorder"),
        maps = maps,
        parameters = ctx.attr.parameters,
        trace = settings.trace,
        coverage = settings.coverage,
        timing = ctx.attr.timing,
        asserts = ctx.attr.asserts,
        threads = ctx.attr.threads,
        vopts = settings.vopts + ctx.attr.vopts,
        folder = emit_gather(
            ctx,
            tool = separate,
            design = design,
            units = [dep[SvInfo].unit for dep in ctx.attr.deps if dep[SvInfo].unit],
            views = seen.views,
            view_files = seen.view_files,
        ) if seen else None,
    )
    cc_toolchain = find_cc_toolchain(ctx)
    runtime = [ctx.attr._runtime] + ([ctx.attr._runtime_fst] if settings.trace == "fst" else [])
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
        deps = ([CcInfo(linking_context = seen.linking)] if seen else []) +
               [target[CcInfo] for target in runtime] + [info.cc_info for info in infos],
    )
    runfiles = ctx.runfiles(transitive_files = maps).merge_all(
        [dep[DefaultInfo].default_runfiles for dep in ctx.attr.deps],
    )
    return [
        DefaultInfo(files = depset([cpp.checked, cpp.headers]), runfiles = runfiles),
        OutputGroupInfo(
            contracts = emit_contracts(
                ctx,
                tool = separate,
                reports = seen.reports if seen else depset(),
                view_files = seen.view_files if seen else depset(),
                maps = maps,
                merged_because = merged_because,
            ),
            cpp = depset([cpp.checked, cpp.headers, cpp.sources]),
            units = depset([emit_index(
                ctx,
                tool = ctx.attr._sv_units[DefaultInfo].files_to_run,
                jsons = jsons,
            )]),
        ),
        cc_info,
        SvModelInfo(
            coverage = settings.coverage,
            design = design,
            maps = maps,
            prefix = prefix,
            threads = ctx.attr.threads,
            timing = ctx.attr.timing == "on",
            top = ctx.attr.top,
            trace = settings.trace,
        ),
    ]

sv_model_rule = rule(
    implementation = _sv_model_impl,
    doc = "A design as a C++ library: class `V<top>` in `V<top>.h`. Any number of simulators, tests and programs share it.",
    attrs = MODEL_ATTRS | SETTING_ATTRS | {
        "clocks": attr.string_list(doc = "Inputs that something will drive as clocks; checked against the top's ports."),
        "copts": attr.string_list(doc = "Options for the C++ compiler, after those of the rule."),
        "deps": attr.label_list(
            doc = "The units: the top's, and with it everything below.",
            aspects = [boundary_aspect],
            mandatory = True,
            providers = [SvInfo],
        ),
        "parameters": attr.string_dict(
            doc = "Values for the top's parameters as SystemVerilog writes them; a string keeps its quotes: '\"a b\"'.",
        ),
        "resets": attr.string_list(doc = "Inputs that something will drive as resets; checked against the top's ports."),
        "threads": attr.int(doc = "Threads that evaluate the model, or the units below it that are verilated apart.", default = 1),
        "timing": attr.string(
            doc = "\"on\": delays and event controls work. \"off\": they are ignored. \"auto\": an error where there are any.",
            default = "auto",
            values = ["auto", "on", "off"],
        ),
        "top": attr.string(doc = "The top module.", mandatory = True),
        "vopts": attr.string_list(doc = "Further options for Verilator; those that an attribute owns are refused."),
        "_runtime": attr.label(default = Label("//rules/runtime:verilated"), providers = [CcInfo]),
        "_runtime_fst": attr.label(default = Label("//rules/runtime:verilated_fst"), providers = [CcInfo]),
        "_sv_design": attr.label(default = Label("//tools:sv_design"), cfg = "exec", executable = True),
        "_sv_messages": attr.label(default = Label("//tools:sv_messages"), cfg = "exec", executable = True),
        "_sv_separate": attr.label(default = Label("//tools:sv_separate"), cfg = "exec", executable = True),
        "_sv_units": attr.label(default = Label("//tools:sv_units"), cfg = "exec", executable = True),
        "_sv_verilate": attr.label(default = Label("//tools:sv_verilate"), cfg = "exec", executable = True),
    },
    fragments = ["cpp"],
    provides = [CcInfo, SvModelInfo],
    toolchains = [VERILATOR_TOOLCHAIN] + use_cc_toolchain(mandatory = True),
)

def check_timescale(name, timescale, fail = fail):
    """Refuses what is no time unit and precision.

    Args:
        name: (str) the target's name.
        timescale: (str|None) what the user gave.
        fail: (function) what to call on an error; tests pass their own.
    """
    if timescale and timescale not in TIMESCALES:
        fail("{}: timescale is \"{}\"; a time unit and a precision that is no coarser are expected, such as \"1ns/1ps\"".format(
            name,
            timescale,
        ))

def sv_model(name, timing = "auto", threads = 1, **kwargs):
    """A design as a C++ library: class `V<top>` in `V<top>.h`. Any number of simulators, tests and programs share it.

    Args:
        name: the target's name.
        timing: "on": delays and event controls work. "off": they are ignored. "auto": an error where there are any.
        threads: how many threads evaluate the model: the units that are verilated apart, or where there are none, parts
            of the one model.
        **kwargs: `top` (the top module), `deps` (its units); `parameters` ({name: value} of the top, as SystemVerilog
            writes them; a string keeps its quotes: '"a b"'); `clocks` and `resets` (inputs that something will drive as
            such; checked against the top's ports); `trace` ("none", "vcd", "fst"), `coverage` (False), `asserts` (True),
            `timescale` ("1ns/1ps", for definitions that have none), `vopts`, `copts`; and what every Bazel rule takes.
    """
    check_timescale(name, kwargs.get("timescale"))
    sv_model_rule(
        name = name,
        # One attribute has what units that are verilated apart need to know of it.
        delays = "ignored" if timing == "off" else "honoured",
        # As many as a select says: where that is one, nothing but a comparison is lost.
        parallel = threads > 1 if type(threads) == "int" else True,
        threads = threads,
        timing = timing,
        **kwargs
    )
