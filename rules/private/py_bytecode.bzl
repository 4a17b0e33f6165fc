"""Bytecode for the programs that actions run: sandboxes are thrown away, and with them what Python compiles."""

load("@rules_python//python:defs.bzl", "PyInfo")
load("//rules/private:common.bzl", "TOOL_ENV", "tool_args")

visibility(["//tools/..."])

def _folder(source, workspace):
    """The folder of a source below the runfiles; empty for what lies elsewhere."""
    path = source.short_path
    if not path.endswith(".py"):
        return ""
    path = path[len("../"):] if path.startswith("../") else workspace + "/" + path
    return path.rpartition("/")[0]

def _py_bytecode_impl(ctx):
    folders = {}
    for source in depset(transitive = [dep[PyInfo].transitive_sources for dep in ctx.attr.deps]).to_list():
        folder = _folder(source, ctx.workspace_name)
        if folder:
            folders.setdefault(folder, []).append(source)
    args = tool_args(ctx)
    links = {}
    for number, (folder, sources) in enumerate(folders.items()):
        out = ctx.actions.declare_directory("{}/{}".format(ctx.label.name, number))
        links[folder + "/__pycache__"] = out
        args.add_all([out], before_each = "--out", expand_directories = False)
        args.add_all(sources, before_each = "--source")
    ctx.actions.run(
        executable = ctx.attr._compiler[DefaultInfo].files_to_run,
        arguments = [args],
        inputs = depset([source for sources in folders.values() for source in sources]),
        outputs = links.values(),
        env = TOOL_ENV,
        mnemonic = "SvBytecode",
        progress_message = "Compiling the Python of %{label}",
    )
    return [DefaultInfo(runfiles = ctx.runfiles(root_symlinks = links))]

py_bytecode = rule(
    implementation = _py_bytecode_impl,
    doc = """Runfiles with a `__pycache__` in each folder of Python sources, for a py_binary's `data`.

Python takes bytecode from there where it is of its own version and of the very source beside it, else compiles.""",
    attrs = {
        "deps": attr.label_list(doc = "Python libraries.", mandatory = True, providers = [PyInfo]),
        "_compiler": attr.label(default = Label("//tools:py_bytecode"), cfg = "exec", executable = True),
    },
)
