"""SvMain: the C++ main of a simulator."""

load("//rules/private:common.bzl", "TOOL_ENV", "label_text", "tool_args")

visibility(["//rules/private/...", "//tests/..."])

def _short_path(file):
    return file.short_path

def emit_main(ctx, *, tool, model, clocks, resets, reset_cycles, max_cycles, seed, plusargs):
    """Declares the action and its output.

    Args:
        ctx: the rule context.
        tool: (FilesToRunProvider) `//tools:sv_main`.
        model: (SvModelInfo)
        clocks: (dict[str, str]) input to period.
        resets: (dict[str, str]) input to the level that resets.
        reset_cycles: (int) how long resets are held.
        max_cycles: (int) where the simulation fails; 0 for never.
        seed: (int) from 1.
        plusargs: (list[str]) words that begin with `+`.

    Returns:
        (File) the C++ source.
    """
    out = ctx.actions.declare_file(ctx.label.name + ".main.cpp")
    args = tool_args(ctx)
    args.add("--label", label_text(ctx.label))
    args.add("--top", model.top)
    args.add("--prefix", model.prefix)
    args.add("--workspace", ctx.workspace_name)
    args.add("--trace", model.trace)
    args.add("--coverage" if model.coverage else "--no-coverage")
    args.add("--timing" if model.timing else "--no-timing")
    args.add_all(["{}={}".format(k, v) for k, v in clocks.items()], before_each = "--clock")
    args.add_all(["{}={}".format(k, v) for k, v in resets.items()], before_each = "--reset")
    args.add("--reset-cycles", reset_cycles)
    args.add("--max-cycles", max_cycles)
    args.add("--seed", seed)
    args.add_all(plusargs, before_each = "--plusarg")
    args.add_all(model.maps, before_each = "--map", map_each = _short_path)
    args.add("--out", out)
    ctx.actions.run(
        executable = tool,
        arguments = [args],
        inputs = [model.design],
        outputs = [out],
        env = TOOL_ENV,
        mnemonic = "SvMain",
        progress_message = "Writing the main of %{label}",
    )
    return out
