"""The native and generated part of a Verilated crate; `verilated_ffi_crate` puts a rust_library around it."""

load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("//rules:providers.bzl", "SvInfo")
load("//rules/private:boundary_aspect.bzl", "boundary_aspect")
load("//rules/private:boundary_info.bzl", "units_below")
load("//rules/private:clock_words.bzl", "check_clock_words")
load("//rules/private:common.bzl", "VERILATOR_TOOLCHAIN")
load("//rules/private:copts.bzl", "FAST_COPTS", "MODEL_COPTS", "MODEL_DEFINES", "STD_COPTS")
load("//rules/private:ffi_info.bzl", "FfiCrateInfo", "FfiNativeInfo")
load("//rules/private:lines.bzl", "check_lines")
load("//rules/private:numbers.bzl", "MOST_THREADS", "check_numbers")
load("//rules/private:settings.bzl", "MODEL_ATTRS", "SETTING_ATTRS", "shared_settings")
load("//rules/private:vopts.bzl", "check_vopts")
load("//rules/private/actions:emit_compile.bzl", "emit_compile")
load("//rules/private/actions:emit_design.bzl", "emit_design")
load("//rules/private/actions:emit_ffi_archive.bzl", "emit_ffi_archive", "emit_ffi_shared_library")
load("//rules/private/actions:emit_ffi_sources.bzl", "emit_ffi_lines", "emit_ffi_sources")
load("//rules/private/actions:emit_gather.bzl", "emit_gather")
load("//rules/private/actions:emit_verilate.bzl", "emit_verilate")

visibility(["//rules/...", "//tests/..."])

def check_features(label, *, savable, timing, coverage, fail = fail):
    """Refuses what Verilator can't combine, before anything is built.

    Args:
        label: (Label) the target, for messages.
        savable: (bool) whether snapshots can be taken.
        timing: (bool) whether delays and event controls work.
        coverage: (bool) whether coverage is gathered, by the crate or by the build setting.
        fail: (function) what to call on an error; tests pass their own.
    """
    for name, on in {"coverage": coverage, "timing": timing}.items():
        if savable and on:
            fail("{}: Verilator can't combine savable with {}. Turn one of them off".format(label, name))

def _depset(infos, field):
    return depset(transitive = [getattr(info, field) for info in infos], order = "postorder")

def _units(ctx):
    """What the deps say together."""
    infos = [dep[SvInfo] for dep in ctx.attr.deps]
    return struct(
        cc_infos = [info.cc_info for info in infos if info.cc_info],
        jsons = _depset(infos, "jsons"),
        maps = _depset(infos, "maps"),
        sources = _depset(infos, "sources"),
        srcs = _depset(infos, "srcs"),
        svis = _depset(infos, "svis"),
        units = _depset(infos, "units"),
    )

def _design(ctx, units):
    attr = ctx.attr
    return emit_design(
        ctx,
        tool = attr._sv_design[DefaultInfo].files_to_run,
        top = attr.top,
        units = units.units,
        jsons = units.jsons,
        svis = units.svis,
        maps = units.maps,
        parameters = attr.parameters,
        clocks = [clock.split(" ")[0] for clock in attr.clocks],
        resets = attr.resets.keys(),
        timescale = attr.timescale,
    )

def _sources(ctx, units, settings, design):
    attr = ctx.attr
    return emit_ffi_sources(
        ctx,
        tool = attr._ffi_sources[DefaultInfo].files_to_run,
        crate = attr.crate,
        design = design,
        sources = units.sources,
        maps = units.maps,
        srcs = units.srcs,
        parameters = attr.parameters,
        clocks = attr.clocks,
        resets = attr.resets,
        expected = attr.expected_ports,
        features = struct(
            coverage = settings.coverage,
            savable = attr.savable,
            threads = attr.threads,
            timing = attr.timing,
            trace = settings.trace,
        ),
    )

def _below(ctx, settings):
    """The units that are verilated apart; None where the crate's options concern one verilation of the whole design."""
    attr = ctx.attr
    return None if settings.merge or attr.vopts or attr.savable or attr.threads > 1 else units_below(attr.deps)

def _verilate(ctx, units, below, settings, design, generated):
    attr = ctx.attr
    return emit_verilate(
        ctx,
        verilator = ctx.toolchains[VERILATOR_TOOLCHAIN].verilator,
        messages = attr._sv_messages[DefaultInfo].files_to_run,
        tool = attr._sv_verilate[DefaultInfo].files_to_run,
        prefix = "V" + attr.crate,
        design = design,
        units = units.units,
        sources = units.sources,
        more_sources = [generated.pins],
        maps = units.maps,
        parameters = {},
        trace = settings.trace,
        coverage = settings.coverage,
        timing = "on" if attr.timing else "off",
        asserts = attr.asserts,
        threads = attr.threads,
        vopts = (["--savable"] if attr.savable else []) + settings.vopts + attr.vopts,
        argument_file = generated.arguments,
        folder = emit_gather(
            ctx,
            tool = attr._sv_separate[DefaultInfo].files_to_run,
            design = design,
            units = [dep[SvInfo].unit for dep in attr.deps if dep[SvInfo].unit],
            views = below.views,
            view_files = below.view_files,
        ) if below else None,
    )

def _link(ctx, cc_toolchain, features, sources, cpp, model):
    """The wrapper before the model. It is linked whole: two of one name in a program are then an error.

    The linker says where both are, so the archive has the target's name.
    """
    _, objects = cc_common.compile(
        name = ctx.label.name + "_wrapper",
        actions = ctx.actions,
        cc_toolchain = cc_toolchain,
        feature_configuration = features,
        srcs = sources,
        additional_inputs = [cpp.checked],
        system_includes = [cpp.headers.path],
        defines = MODEL_DEFINES,
        user_compile_flags = FAST_COPTS + MODEL_COPTS + STD_COPTS,
        compilation_contexts = [model.compilation_context],
    )
    linking, _ = cc_common.create_linking_context_from_compilation_outputs(
        name = ctx.label.name.removesuffix(".model") + "_wrapper",
        actions = ctx.actions,
        cc_toolchain = cc_toolchain,
        feature_configuration = features,
        compilation_outputs = objects,
        linking_contexts = [model.linking_context],
        alwayslink = True,
        disallow_dynamic_library = True,
    )
    return linking

def _native(ctx, units, below, settings, cpp, generated, lines):
    """Compiles the model and its wrapper: to be linked, and as files for crates that leave Bazel."""
    attr = ctx.attr
    cc_toolchain = find_cc_toolchain(ctx)
    features = cc_common.configure_features(
        ctx = ctx,
        cc_toolchain = cc_toolchain,
        requested_features = ctx.features,
        unsupported_features = ctx.disabled_features,
    )
    runtimes = [attr._runtime[CcInfo]] + ([attr._runtime_fst[CcInfo]] if settings.trace == "fst" else [])
    apart = [CcInfo(linking_context = below.linking)] if below else []
    model = emit_compile(
        ctx,
        cc_toolchain = cc_toolchain,
        features = features,
        name = attr.crate,
        cpp = cpp,
        copts = attr.copts,
        deps = apart + runtimes + units.cc_infos + [dep[CcInfo] for dep in attr.cc_deps],
    )
    linking = _link(ctx, cc_toolchain, features, [generated.wrapper, lines], cpp, model)
    archive = emit_ffi_archive(
        ctx,
        cc_toolchain = cc_toolchain,
        features = features,
        name = attr.crate + "_ffi",
        linking = linking,
        without = cc_common.merge_cc_infos(cc_infos = runtimes).linking_context,
    )
    shared = emit_ffi_shared_library(
        ctx,
        cc_toolchain = cc_toolchain,
        features = features,
        crate = attr.crate,
        linking = linking,
        macos = ctx.target_platform_has_constraint(attr._macos[platform_common.ConstraintValueInfo]),
    )
    cc_info = CcInfo(compilation_context = model.compilation_context, linking_context = linking)
    return cc_info, FfiNativeInfo(archive = archive.archive, flags = archive.flags, others = archive.others), shared

def _verilated_ffi_model_impl(ctx):
    attr = ctx.attr
    check_lines(ctx.label, {"expected_ports": attr.expected_ports, "parameters": attr.parameters, "vopts": attr.vopts})
    check_vopts(ctx.label, attr.vopts)
    check_numbers(ctx.label, attr, {"threads": (1, MOST_THREADS)})
    check_clock_words(ctx.label, attr.clocks, attr.resets)
    settings = shared_settings(ctx)
    check_features(ctx.label, savable = attr.savable, timing = attr.timing, coverage = settings.coverage)
    units = _units(ctx)
    below = _below(ctx, settings)
    design = _design(ctx, units)
    generated = _sources(ctx, units, settings, design)
    lines = emit_ffi_lines(
        ctx,
        tool = attr._ffi_sources[DefaultInfo].files_to_run,
        crate = attr.crate,
        maps = units.maps,
    )
    cpp = _verilate(ctx, units, below, settings, design, generated)
    cc_info, native, shared = _native(ctx, units, below, settings, cpp, generated, lines)
    return [
        DefaultInfo(files = depset([generated.rust]), runfiles = ctx.runfiles().merge_all(
            [dep[DefaultInfo].default_runfiles for dep in attr.deps],
        )),
        OutputGroupInfo(
            cpp = depset([cpp.checked, cpp.headers, cpp.sources]),
            module = depset([generated.module]),
            shared = depset([shared]),
            # A library in Rust is built without what it will be linked with: a model that fails is to be told then too.
            _validation = depset([native.archive]),
        ),
        cc_info,
        FfiCrateInfo(
            arguments = generated.arguments,
            cargo = generated.cargo,
            crate = attr.crate,
            label = ctx.label,
            lines = lines,
            module = generated.module,
            native = native,
            pins = generated.pins,
            rust = generated.rust,
            shared = shared,
            srcs = units.srcs,
            trace = settings.trace,
            wrapper = generated.wrapper,
        ),
    ]

verilated_ffi_model = rule(
    implementation = _verilated_ffi_model_impl,
    doc = "A module as C++ behind a C ABI, and the Rust source that uses it.",
    attrs = MODEL_ATTRS | SETTING_ATTRS | {
        "cc_deps": attr.label_list(doc = "C++ libraries that the model calls by DPI.", providers = [CcInfo]),
        "clocks": attr.string_list(doc = "Clock inputs: `NAME [negedge] [period=N] [phase=N]`."),
        "copts": attr.string_list(doc = "Options for the C++ compiler."),
        "crate": attr.string(doc = "The crate's name.", mandatory = True),
        "deps": attr.label_list(
            doc = "The units: the top's, and with it everything below.",
            aspects = [boundary_aspect],
            mandatory = True,
            providers = [SvInfo],
        ),
        "expected_ports": attr.string_dict(doc = "What the ports are believed to be."),
        "parameters": attr.string_dict(doc = "Values for the top's parameters."),
        "resets": attr.string_dict(doc = "Reset inputs: `low` or `high`, and `async`."),
        "savable": attr.bool(doc = "Whether snapshots can be taken."),
        "threads": attr.int(doc = "Threads that an evaluation uses.", default = 1),
        "timing": attr.bool(doc = "Whether delays and event controls work."),
        "top": attr.string(doc = "The top module.", mandatory = True),
        "vopts": attr.string_list(doc = "Further options for Verilator."),
        "_ffi_sources": attr.label(default = Label("//tools:ffi_sources"), cfg = "exec", executable = True),
        "_macos": attr.label(default = "@platforms//os:macos"),
        "_runtime": attr.label(default = Label("//rules/runtime/rust:cxx"), providers = [CcInfo]),
        "_runtime_fst": attr.label(default = Label("//rules/runtime/rust:cxx_fst"), providers = [CcInfo]),
        "_sv_separate": attr.label(default = Label("//tools:sv_separate"), cfg = "exec", executable = True),
        "_sv_design": attr.label(default = Label("//tools:sv_design"), cfg = "exec", executable = True),
        "_sv_messages": attr.label(default = Label("//tools:sv_messages"), cfg = "exec", executable = True),
        "_sv_verilate": attr.label(default = Label("//tools:sv_verilate"), cfg = "exec", executable = True),
    },
    fragments = ["cpp"],
    provides = [CcInfo, FfiCrateInfo],
    toolchains = [VERILATOR_TOOLCHAIN] + use_cc_toolchain(mandatory = True),
)
