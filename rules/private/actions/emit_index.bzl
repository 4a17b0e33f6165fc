"""SvUnits: the index of a design's units."""

load("//rules/private:common.bzl", "TOOL_ENV", "tool_args")

visibility(["//rules/private/...", "//tests/..."])

def emit_index(ctx, *, tool, jsons):
    """Declares the action and its output.

    Args:
        ctx: the rule context.
        tool: (FilesToRunProvider) `//tools:sv_units`.
        jsons: (depset[File]) descriptions of all units, dependencies first.

    Returns:
        (File) the index as JSON.
    """
    out = ctx.actions.declare_file(ctx.label.name + ".units.json")
    args = tool_args(ctx)
    args.add("--format", "json")
    args.add("--out", out)
    args.add_all(jsons, before_each = "--unit-json")
    ctx.actions.run(
        executable = tool,
        arguments = [args],
        inputs = jsons,
        outputs = [out],
        env = TOOL_ENV,
        mnemonic = "SvUnits",
        progress_message = "Listing the units of %{label}",
    )
    return out
