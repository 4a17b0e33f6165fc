"""The aspect that verilates units apart: for each unit below a model, in the model's settings.

A unit is checked once, whatever uses it; it is verilated for each combination of
settings that a model can have. As the models' attributes are the aspect's
parameters, two models with the same settings share every archive, and a model
whose parts differ in them can't be written.
"""

load("@rules_cc//cc:find_cc_toolchain.bzl", "find_cc_toolchain", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("//rules:providers.bzl", "SvInfo")
load("//rules/private:boundary_info.bzl", "SvBoundaryInfo")
load("//rules/private:common.bzl", "VERILATOR_TOOLCHAIN")
load("//rules/private:copts.bzl", "BOUNDARY_STD_COPTS")
load("//rules/private:settings.bzl", "MODEL_ATTRS", "SETTING_ATTRS", "setting_folder", "setting_words", "shared_settings")
load("//rules/private/actions:emit_boundary.bzl", "emit_boundary")
load("//rules/private/actions:emit_compile.bzl", "emit_compile")
load("//rules/private/actions:emit_verilate.bzl", "emit_verilate_boundary")

visibility(["//rules/...", "//tests/..."])

def _compile(ctx, name, cpp, info, trace):
    cc_toolchain = find_cc_toolchain(ctx)
    runtime = [ctx.attr._runtime] + ([ctx.attr._runtime_fst] if trace == "fst" else [])
    return emit_compile(
        ctx,
        cc_toolchain = cc_toolchain,
        features = cc_common.configure_features(
            ctx = ctx,
            cc_toolchain = cc_toolchain,
            requested_features = ctx.features,
            unsupported_features = ctx.disabled_features,
        ),
        name = name,
        cpp = cpp,
        copts = [],
        std = BOUNDARY_STD_COPTS,
        # Headers alone: which runtime there is below the archives, the program says.
        deps = [CcInfo(compilation_context = target[CcInfo].compilation_context) for target in runtime] + [info.cc_info],
    )

def _apart(ctx, folder, info, made, count, settings):
    """The models of a unit's parameter sets, as linking contexts."""
    contexts = []
    for number in range(count):
        name = "{}/set{}".format(folder, number)
        cpp = emit_verilate_boundary(
            ctx,
            verilator = ctx.toolchains[VERILATOR_TOOLCHAIN].verilator,
            messages = ctx.attr._sv_messages[DefaultInfo].files_to_run,
            tool = ctx.attr._sv_verilate[DefaultInfo].files_to_run,
            label = ctx.label,
            name = name,
            closure = made.closure,
            checked = made.checked,
            number = number,
            units = info.units,
            maps = info.maps,
            settings = settings,
        )
        contexts.append(_compile(ctx, name.replace("/", "_"), cpp, info, settings.trace).linking_context)
    return contexts

def _boundary_aspect_impl(target, ctx):
    info = target[SvInfo]
    attr = ctx.rule.attr
    settings = shared_settings(ctx)
    deps = [dep[SvBoundaryInfo] for dep in attr.deps + attr.exports]
    below = depset(transitive = [dep.views for dep in deps], order = "postorder")
    below_files = depset(transitive = [dep.view_files for dep in deps])
    linking = cc_common.merge_linking_contexts(linking_contexts = [dep.linking for dep in deps])
    reports = depset(transitive = [dep.reports for dep in deps], order = "postorder")
    own, text, report = [], [], []
    if info.unit != None and not settings.merge:
        wanted = "merge" if attr._kind == "package" else attr.compile
        folder = "{}.boundary/{}".format(ctx.label.name, setting_folder(settings))
        made = emit_boundary(
            ctx,
            tool = ctx.attr._sv_separate[DefaultInfo].files_to_run,
            messages = ctx.attr._sv_messages[DefaultInfo].files_to_run,
            label = ctx.label,
            folder = folder,
            unit = info.unit,
            below = below,
            below_files = below_files,
            maps = info.maps,
            wanted = wanted,
            sets = attr.parameter_sets,
            delays = settings.delays,
            settings = setting_words(settings),
        )
        text, report = [struct(checked = made.checked, info = made.info, text = made.text)], [made.report]
        if wanted != "merge":
            own = _apart(ctx, folder, info, made, max(1, len(attr.parameter_sets)), settings)
    return [SvBoundaryInfo(
        below = below,
        below_files = below_files,
        below_linking = linking,
        below_reports = reports,
        # A parent's stub calls the unit, the unit those below: linkers take archives in this order.
        linking = cc_common.merge_linking_contexts(linking_contexts = own + [linking]),
        reports = depset(report, transitive = [reports], order = "postorder"),
        view_files = depset([file for view in text for file in (view.checked, view.info, view.text)], transitive = [below_files]),
        views = depset(text, transitive = [below], order = "postorder"),
    )]

boundary_aspect = aspect(
    implementation = _boundary_aspect_impl,
    doc = "Verilates and compiles the units below a model, each that can be and pays, on its own.",
    attr_aspects = ["deps", "exports"],
    attrs = MODEL_ATTRS | SETTING_ATTRS | dict(
        _runtime = attr.label(default = Label("//rules/runtime:verilated"), providers = [CcInfo]),
        _runtime_fst = attr.label(default = Label("//rules/runtime:verilated_fst"), providers = [CcInfo]),
        _sv_messages = attr.label(default = Label("//tools:sv_messages"), cfg = "exec", executable = True),
        _sv_separate = attr.label(default = Label("//tools:sv_separate"), cfg = "exec", executable = True),
        _sv_verilate = attr.label(default = Label("//tools:sv_verilate"), cfg = "exec", executable = True),
    ),
    fragments = ["cpp"],
    provides = [SvBoundaryInfo],
    required_providers = [SvInfo],
    toolchains = [VERILATOR_TOOLCHAIN] + use_cc_toolchain(mandatory = True),
)
