"""`sv_library` and `sv_package`: one target, one compilation unit."""

load("@bazel_skylib//rules:common_settings.bzl", "BuildSettingInfo")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("//rules:providers.bzl", "SvInfo", "VhdlInfo")
load("//rules/private:common.bzl", "HEADER_EXTENSIONS", "SV_EXTENSIONS", "VERILATOR_TOOLCHAIN")
load("//rules/private:defines.bzl", "own_defines", "resolve_defines")
load("//rules/private:languages.bzl", "check_language")
load("//rules/private:lines.bzl", "check_lines")
load("//rules/private:vopts.bzl", "check_unit_vopts")
load("//rules/private/actions:emit_unit.bzl", "emit_unit")

visibility(["//rules/...", "//tests/..."])

def _include_dirs(ctx):
    # A header may be a source file or generated: the same folder exists in both trees.
    root = ctx.label.workspace_root
    dirs = []
    for include in ctx.attr.includes:
        if include.startswith("/") or include.split("/")[0] == "..":
            fail("{}: includes holds \"{}\"; a folder below this package is expected, such as \".\"".format(
                ctx.label,
                include,
            ))
        parts = [part for part in [root, ctx.label.package, include] if part not in ("", ".")]
        folder = "/".join(parts)
        dirs.append(folder or ".")
        dirs.append(ctx.bin_dir.path + ("/" + folder if folder else ""))
    return dirs

def _check(ctx):
    if not ctx.files.srcs and (ctx.attr._kind == "package" or not ctx.files.hdrs):
        fail("{}: srcs is empty. List the unit's {} files, in the order in which they are to be read".format(
            ctx.label,
            " and ".join(SV_EXTENSIONS),
        ))
    check_lines(ctx.label, {"defines": ctx.attr.defines, "local_defines": ctx.attr.local_defines})
    check_unit_vopts(ctx.label, ctx.attr.vopts)
    check_language(ctx.label, "deps", ctx.attr.deps, SvInfo, VhdlInfo, "VHDL")
    if ctx.attr.version and ctx.attr.unit == "per_file":
        fail("{}: version and unit = \"per_file\" don't go together. Give each file a target of its own".format(ctx.label))

def _runfiles(ctx):
    targets = ctx.attr.deps + ctx.attr.exports + ctx.attr.data + ctx.attr.cc_deps
    return ctx.runfiles(files = ctx.files.data).merge_all([target[DefaultInfo].default_runfiles for target in targets])

def _sv_unit_impl(ctx):
    _check(ctx)
    exports = [dep[SvInfo] for dep in ctx.attr.exports]
    deps = [dep[SvInfo] for dep in ctx.attr.deps] + exports
    hdrs = depset(ctx.files.hdrs, transitive = [dep.hdrs for dep in deps])
    includes = depset(_include_dirs(ctx), transitive = [dep.includes for dep in deps])
    inherited = depset(transitive = [dep.defines for dep in deps])
    exported = own_defines(ctx.label, ctx.attr.defines)
    local = own_defines(ctx.label, ctx.attr.local_defines)

    versioned = bool(ctx.attr.version) or any([dep.versioned for dep in deps])

    unit = None
    if ctx.files.srcs:
        unit = emit_unit(
            ctx,
            verilator = ctx.toolchains[VERILATOR_TOOLCHAIN].verilator,
            tool = ctx.attr._sv_unit[DefaultInfo].files_to_run,
            kind = ctx.attr._kind,
            srcs = ctx.files.srcs,
            hdrs = ctx.files.hdrs,
            deps = deps,
            includes = includes,
            # The macros that a unit sees are few; those of its dependencies agree or are refused here.
            defines = resolve_defines(ctx.label, exported + local, inherited.to_list()),
            exports_modules = ctx.attr.exports_modules,
            mode = ctx.attr.unit,
            report_unused = ctx.attr._report_unused[BuildSettingInfo].value,
            standard = ctx.attr.standard,
            version = ctx.attr.version,
            versioned = versioned,
            vopts = ctx.attr.vopts,
            waive = ctx.attr.waive,
        )
    own = [unit] if unit else []

    # What a header mentions has to be met where it is included.
    passed_on = exports if unit else deps
    return [
        DefaultInfo(files = depset([f for u in own for f in (u.sv, u.svi, u.json)]), runfiles = _runfiles(ctx)),
        OutputGroupInfo(
            svi = depset([u.svi for u in own]),
            units = depset([u.json for u in own]),
        ),
        SvInfo(
            unit = unit,
            visible = own + [u for dep in passed_on for u in dep.visible],
            units = depset(own, transitive = [dep.units for dep in deps], order = "postorder"),
            srcs = depset(ctx.files.srcs, transitive = [dep.srcs for dep in deps], order = "postorder"),
            jsons = depset([u.json for u in own], transitive = [dep.jsons for dep in deps], order = "postorder"),
            sources = depset([u.sv for u in own], transitive = [dep.sources for dep in deps], order = "postorder"),
            svis = depset([u.svi for u in own], transitive = [dep.svis for dep in deps], order = "postorder"),
            maps = depset([u.map for u in own], transitive = [dep.maps for dep in deps], order = "postorder"),
            headers = depset(
                [struct(label = ctx.label, file = file) for file in ctx.files.hdrs],
                transitive = [dep.headers for dep in deps],
            ),
            hdrs = hdrs,
            includes = includes,
            versioned = versioned,
            defines = depset(exported, transitive = [inherited]),
            cc_info = cc_common.merge_cc_infos(
                cc_infos = [dep[CcInfo] for dep in ctx.attr.cc_deps] + [dep.cc_info for dep in deps],
            ),
        ),
    ]

_ATTRS = {
    "srcs": attr.label_list(
        doc = "The unit's text, read in this order as one stream.",
        allow_files = SV_EXTENSIONS,
    ),
    "hdrs": attr.label_list(
        doc = "Headers that the unit and its dependents may include.",
        allow_files = HEADER_EXTENSIONS,
    ),
    "includes": attr.string_list(
        doc = "Folders of this package in which headers are searched, for the unit and its dependents.",
    ),
    "defines": attr.string_dict(
        doc = "Macros for the unit and its dependents. Targets that don't depend on it never see them.",
    ),
    "local_defines": attr.string_dict(doc = "Macros for this unit alone."),
    "deps": attr.label_list(
        doc = "Units whose definitions this one refers to.",
        # VHDL is refused with a better message than Bazel's.
        providers = [[SvInfo], [VhdlInfo]],
    ),
    "exports": attr.label_list(
        doc = "Dependencies that this unit's dependents may refer to as if they named them.",
        providers = [SvInfo],
    ),
    "cc_deps": attr.label_list(
        doc = "C and C++ libraries that the unit calls through DPI-C.",
        providers = [CcInfo],
    ),
    "data": attr.label_list(
        doc = "Files read when the simulation runs ($readmemh, $fopen). Never an input of verilation.",
        allow_files = True,
    ),
    "exports_modules": attr.string_list(
        doc = "Modules that other units may use; by default those that the unit does not instantiate itself.",
    ),
    "compile": attr.string(
        doc = """"auto": verilated apart where that is proven to be right and pays. "separate": apart, or an error that
says why not. "merge": with the units that use it.""",
        default = "auto",
        values = ["auto", "separate", "merge"],
    ),
    "parameter_sets": attr.string_list(
        doc = """The parameters with which a unit that is verilated apart is instantiated, such as `"WIDTH=32"` or
`"WIDTH=64,DEPTH=4"`; `""` names the defaults. Each is verilated once.""",
    ),
    "unit": attr.string(
        doc = "\"target\": all srcs are one compilation unit. \"per_file\": each file is one of its own.",
        default = "target",
        values = ["target", "per_file"],
    ),
    "standard": attr.string(
        doc = "Whose rules hold for what may stand in `$unit` and packages.",
        default = "1800-2023",
        values = ["1800-2023", "3.1a"],
    ),
    "version": attr.string(
        doc = """Where versions of one IP have to coexist: the unit's definitions get names of this version
(`fifo` of 1.2.0 is `fifo_v1_2_0`), and each dependent refers to the version that its deps lead to.""",
    ),
    "waive": attr.string_list(doc = "Checks that don't hold for this target, by name."),
    "vopts": attr.string_list(doc = "Verilator's `-Wno-...` options for this unit's text alone."),
    "_report_unused": attr.label(default = Label("//rules:report_unused_deps")),
    "_sv_unit": attr.label(default = Label("//tools:sv_unit"), cfg = "exec", executable = True),
}

sv_library = rule(
    implementation = _sv_unit_impl,
    doc = "A compilation unit: modules, interfaces, programs, packages and what they share in `$unit`.",
    attrs = dict(_ATTRS, _kind = attr.string(default = "library")),
    provides = [SvInfo],
    toolchains = [VERILATOR_TOOLCHAIN],
)

sv_package = rule(
    implementation = _sv_unit_impl,
    doc = "A compilation unit that holds packages and nothing else (IEEE 1800-2023 clause 26).",
    attrs = dict(_ATTRS, _kind = attr.string(default = "package")),
    provides = [SvInfo],
    toolchains = [VERILATOR_TOOLCHAIN],
)
