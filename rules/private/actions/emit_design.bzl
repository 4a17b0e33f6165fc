"""SvDesign: checks the units of a design against each other and describes its top."""

load("//rules/private:common.bzl", "TOOL_ENV", "WORKER", "label_text", "tool_args")

visibility(["//rules/private/...", "//tests/..."])

def _map(unit):
    return "{}={}".format(label_text(unit.label), unit.map.path)

def emit_design(ctx, *, tool, top, units, jsons, svis, maps, parameters, clocks, resets, timescale):
    """Declares the action and its output.

    Args:
        ctx: the rule context.
        tool: (FilesToRunProvider) `//tools:sv_design`.
        top: (str) the top module.
        units: (depset[struct]) all units, dependencies first.
        jsons: (depset[File]) descriptions of all units, dependencies first.
        svis: (depset[File]) their interface files.
        maps: (depset[File]) their line maps, read for messages alone.
        parameters: (dict[str, str]) values for the top's parameters.
        clocks: (list[str]) inputs that are driven as clocks.
        resets: (list[str]) inputs that are driven as resets.
        timescale: (str) "UNIT/PRECISION" of definitions that have none; may be empty.

    Returns:
        (File) the design as JSON.
    """
    out = ctx.actions.declare_file(ctx.label.name + ".design.json")
    unused = ctx.actions.declare_file(ctx.label.name + ".design.unused_inputs")
    args = tool_args(ctx)
    args.add("--label", label_text(ctx.label))
    args.add("--top", top)
    args.add_all(jsons, before_each = "--unit-json")
    args.add_all(svis, before_each = "--svi")
    args.add_all(["{}={}".format(k, v) for k, v in parameters.items()], before_each = "--parameter")
    args.add_all(clocks, before_each = "--clock")
    args.add_all(resets, before_each = "--reset")
    if timescale:
        args.add("--timescale", timescale)
    args.add_all(units, before_each = "--map", map_each = _map)
    args.add("--out", out)
    args.add("--out-unused", unused)
    ctx.actions.run(
        executable = tool,
        arguments = [args],
        inputs = depset(transitive = [jsons, svis, maps]),
        outputs = [out, unused],
        unused_inputs_list = unused,
        env = TOOL_ENV,
        execution_requirements = WORKER,
        mnemonic = "SvDesign",
        progress_message = "Checking the units of %{label}",
    )
    return out
