"""`sv_filelist`: units as a `.f` file, for tools outside of Bazel."""

load("//rules:providers.bzl", "SvInfo")
load("//rules/private:defines.bzl", "define_argument")

visibility(["//rules/...", "//tests/..."])

def _check_define(define):
    text = define_argument(define)
    for char in [" ", "\t", "\"", "'", "\\", "$"]:
        if char in text:
            fail("{}: the macro {} has the value {}, which a .f file can't carry to every tool. Give it to the tool itself".format(
                define.origin,
                define.name,
                repr(define.value),
            ))

def _define(define):
    return "+define+" + define_argument(define)

def _short_path(file):
    return file.short_path

def _sv_filelist_impl(ctx):
    infos = [dep[SvInfo] for dep in ctx.attr.deps]
    srcs = depset(transitive = [info.srcs for info in infos], order = "postorder")
    hdrs = depset(transitive = [info.hdrs for info in infos])
    defines = depset(transitive = [info.defines for info in infos])
    for define in defines.to_list():
        _check_define(define)
    args = ctx.actions.args()
    args.set_param_file_format("multiline")

    # Generated headers lie in the runfiles at the same place as others.
    args.add_all(hdrs, map_each = _include_dir, uniquify = True)
    args.add_all(defines, map_each = _define)
    args.add_all(srcs, map_each = _short_path)
    out = ctx.actions.declare_file(ctx.label.name + ".f")
    ctx.actions.write(out, args)
    return [DefaultInfo(
        files = depset([out]),
        runfiles = ctx.runfiles([out], transitive_files = depset(transitive = [srcs, hdrs])),
    )]

def _include_dir(file):
    return "+incdir+" + (file.short_path.rpartition("/")[0] or ".")

sv_filelist = rule(
    implementation = _sv_filelist_impl,
    doc = """All files of some units and of those below them as `<name>.f`: include folders, macros, then files,
packages before their users. Paths are relative to the root of the runfiles, which for files of the main
repository is the root of the workspace. Tools that read it see one compilation unit, so macros of one unit
reach the others there.""",
    attrs = {
        "deps": attr.label_list(doc = "The units.", mandatory = True, providers = [SvInfo]),
    },
)
