"""A folder made of files, such as a VERILATOR_ROOT."""

load("//rules/private:common.bzl", "TOOL_ENV", "tool_args")

# Loaded by the repositories of extensions.bzl, hence public.

def _file_tree_impl(ctx):
    root = ctx.actions.declare_directory(ctx.label.name + ".tree")
    prefix = "/".join([part for part in [ctx.label.package, ctx.attr.strip_prefix] if part]) + "/"
    args = tool_args(ctx)
    for file in ctx.files.srcs:
        path = file.short_path.split("/", 2)[2] if file.short_path.startswith("../") else file.short_path
        if not path.startswith(prefix):
            fail("{}: {} does not lie below {}".format(ctx.label, path, prefix))
        args.add("--file", path.removeprefix(prefix))
        args.add(file)
    args.add_all([root], before_each = "--out", expand_directories = False)
    ctx.actions.run(
        executable = ctx.attr._tool[DefaultInfo].files_to_run,
        arguments = [args],
        inputs = ctx.files.srcs,
        outputs = [root],
        env = TOOL_ENV,
        mnemonic = "SvTree",
        progress_message = "Gathering the files of %{label}",
    )
    return [DefaultInfo(files = depset([root]))]

file_tree = rule(
    implementation = _file_tree_impl,
    doc = "Gathers files as one folder.",
    attrs = {
        "srcs": attr.label_list(doc = "The files.", allow_files = True, mandatory = True),
        "strip_prefix": attr.string(doc = "Folder of the package that becomes the root."),
        "_tool": attr.label(default = Label("//tools:make_tree"), cfg = "exec", executable = True),
    },
)
