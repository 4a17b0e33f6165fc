"""`vhdl_test`: a VHDL simulation as a test."""

load("//rules:providers.bzl", "VhdlInfo")
load("//rules/private:common.bzl", "GHDL_TOOLCHAIN", "label_text")
load("//rules/private:vhdl_library.bzl", "check_standards")
load("//rules/private/actions:emit_analyze.bzl", "library_path")

visibility(["//rules/...", "//tests/..."])

def _vhdl_test_impl(ctx):
    infos = [dep[VhdlInfo] for dep in ctx.attr.deps]
    standard = infos[0].standard
    check_standards(ctx.label, standard, infos)
    ghdl = ctx.toolchains[GHDL_TOOLCHAIN].ghdl
    srcs = depset(transitive = [info.srcs for info in infos], order = "postorder")
    libraries = depset(transitive = [info.libraries for info in infos], order = "postorder")
    settings = ctx.actions.declare_file(ctx.label.name + ".vhdl_run.json")

    # What runs needs every file's place: analysis of a test is where the lists are small enough.
    ctx.actions.write(settings, json.encode_indent(struct(
        data = [[library_path(f), f.short_path] for f in ctx.files.data],
        generics = ctx.attr.generics,
        ghdl = ghdl.bin.short_path,
        label = label_text(ctx.label),
        libraries = [[label_text(entry.label), entry.library, entry.file.short_path] for entry in libraries.to_list()],
        library = ctx.attr.library,
        options = ctx.attr.run_options,
        prefix = ghdl.prefix.short_path,
        srcs = [[src.path, src.file.short_path] for src in srcs.to_list()],
        standard = standard,
        stop_time = ctx.attr.stop_time,
        top = ctx.attr.top,
        versions = [
            [label_text(unit.label), unit.version]
            for info in infos
            for unit in info.units.to_list()
            if unit.label == info.label
        ],
    )) + "\n")
    executable = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(output = executable, target_file = ctx.executable._vhdl_run, is_executable = True)
    runfiles = ctx.runfiles(
        [settings] + ctx.files.data,
        transitive_files = depset(transitive = [ghdl.files] + [info.files for info in infos]),
    ).merge_all(
        [target[DefaultInfo].default_runfiles for target in ctx.attr.deps + ctx.attr.data + [ctx.attr._vhdl_run]],
    )
    return [
        DefaultInfo(executable = executable, runfiles = runfiles),
        RunEnvironmentInfo(environment = {"VHDL_RUN_SETTINGS": settings.short_path}),
    ]

vhdl_test = rule(
    implementation = _vhdl_test_impl,
    doc = "Elaborates and runs an entity with GHDL: assertions of severity error and failure fail it.",
    attrs = {
        "data": attr.label_list(doc = "Files that the simulation reads, by their path in the workspace.", allow_files = True),
        "deps": attr.label_list(doc = "The units.", allow_empty = False, mandatory = True, providers = [VhdlInfo]),
        "generics": attr.string_dict(doc = "Values for the top's generics."),
        "library": attr.string(doc = "The VHDL library of the top.", default = "work"),
        "run_options": attr.string_list(doc = "Further options of GHDL's run, such as `--ieee-asserts=disable`."),
        "stop_time": attr.string(doc = "Where the simulation ends if it does not by itself, such as \"1ms\"."),
        "top": attr.string(doc = "The top entity or configuration.", mandatory = True),
        "_vhdl_run": attr.label(default = Label("//tools:vhdl_run"), cfg = "target", executable = True),
    },
    test = True,
    toolchains = [GHDL_TOOLCHAIN],
)
