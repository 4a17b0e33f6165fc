"""`vhdl_library`: VHDL files that GHDL analyses together, cached as one."""

load("//rules:providers.bzl", "SvInfo", "VhdlInfo")
load("//rules/private:common.bzl", "GHDL_TOOLCHAIN", "VHDL_EXTENSIONS")
load("//rules/private:languages.bzl", "check_language")
load("//rules/private/actions:emit_analyze.bzl", "emit_analyze", "library_path")
load("//rules/private/actions:emit_names.bzl", "emit_names")

visibility(["//rules/...", "//tests/..."])

def check_standards(label, standard, infos, fail = fail):
    """GHDL keeps the libraries of each standard apart, so a design has one.

    Args:
        label: (Label) the target, for messages.
        standard: (str) its standard.
        infos: (list[VhdlInfo]) its dependencies.
        fail: (function) what to call on an error; tests pass their own.
    """
    for info in infos:
        if info.standard != standard:
            fail("{}: standard = \"{}\", but its dependency {} has \"{}\". Give both the same".format(
                label,
                standard,
                info.label,
                info.standard,
            ))

def _vhdl_library_impl(ctx):
    if not ctx.files.srcs:
        fail("{}: srcs is empty. List the unit's {} files, in the order of their dependencies".format(
            ctx.label,
            " and ".join(VHDL_EXTENSIONS),
        ))
    check_language(ctx.label, "deps", ctx.attr.deps, VhdlInfo, SvInfo, "SystemVerilog")
    infos = [dep[VhdlInfo] for dep in ctx.attr.deps]
    check_standards(ctx.label, ctx.attr.standard, infos)
    versioned = bool(ctx.attr.version) or any([info.versioned for info in infos])
    srcs = [struct(path = library_path(file), file = file) for file in ctx.files.srcs]
    unit = struct(
        label = ctx.label,
        deps = tuple([info.label for info in infos]),
        library = ctx.attr.library,
        srcs = tuple(srcs),
        version = ctx.attr.version,
    )
    below = depset(transitive = [info.units for info in infos], order = "postorder")
    units = depset([unit], transitive = [below], order = "postorder")
    below_files = depset(transitive = [info.user_files for info in infos])
    if versioned:
        srcs = emit_names(
            ctx,
            tool = ctx.attr._vhdl_names[DefaultInfo].files_to_run,
            unit = unit,
            below = below,
            below_files = below_files,
        )
    library_file = emit_analyze(
        ctx,
        ghdl = ctx.toolchains[GHDL_TOOLCHAIN].ghdl,
        tool = ctx.attr._vhdl_analyze[DefaultInfo].files_to_run,
        srcs = srcs,
        library = ctx.attr.library,
        standard = ctx.attr.standard,
        deps = infos,
        units = depset() if versioned else units,  # VhdlNames has seen the names as the user wrote them
        options = ctx.attr.gopts,
    )
    files = depset(
        [library_file] + [src.file for src in srcs],
        transitive = [info.files for info in infos],
    )
    return [
        DefaultInfo(
            files = depset([library_file]),
            runfiles = ctx.runfiles(ctx.files.data, transitive_files = files).merge_all(
                [dep[DefaultInfo].default_runfiles for dep in ctx.attr.deps + ctx.attr.data],
            ),
        ),
        VhdlInfo(
            files = files,
            label = ctx.label,
            libraries = depset(
                [struct(label = ctx.label, library = ctx.attr.library, file = library_file)],
                transitive = [info.libraries for info in infos],
                order = "postorder",
            ),
            library = ctx.attr.library,
            srcs = depset(srcs, transitive = [info.srcs for info in infos], order = "postorder"),
            standard = ctx.attr.standard,
            units = units,
            user_files = depset(ctx.files.srcs, transitive = [below_files]),
            versioned = versioned,
        ),
    ]

vhdl_library = rule(
    implementation = _vhdl_library_impl,
    doc = "A unit of VHDL, analysed by GHDL into a library.",
    attrs = {
        "data": attr.label_list(doc = "Files read when the simulation runs.", allow_files = True),
        "deps": attr.label_list(
            doc = "Units whose design units this one names; a name of any other is refused.",
            # SystemVerilog is refused with a better message than Bazel's.
            providers = [[VhdlInfo], [SvInfo]],
        ),
        "gopts": attr.string_list(doc = "Further options for GHDL's analysis, such as `-frelaxed`."),
        "library": attr.string(doc = "The VHDL library that the files belong to.", default = "work"),
        "srcs": attr.label_list(doc = "The files, each after those that it needs.", allow_files = VHDL_EXTENSIONS),
        "standard": attr.string(
            doc = "The language standard, one for a whole design.",
            default = "08",
            values = ["87", "93", "02", "08"],
        ),
        "version": attr.string(
            doc = """Where versions of one IP have to coexist: the unit's design units get names of this version
(`fifo` of 1.2.0 is `fifo_v1_2_0`), and each dependent refers to the version that its deps lead to.""",
        ),
        "_vhdl_analyze": attr.label(default = Label("//tools:vhdl_analyze"), cfg = "exec", executable = True),
        "_vhdl_names": attr.label(default = Label("//tools:vhdl_names"), cfg = "exec", executable = True),
    },
    provides = [VhdlInfo],
    toolchains = [GHDL_TOOLCHAIN],
)
