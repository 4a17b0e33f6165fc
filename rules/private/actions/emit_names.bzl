"""VhdlNames: the files of one unit with the names that the versions below it lead to."""

load("//rules/private:common.bzl", "TOOL_ENV", "label_text", "tool_args")

visibility(["//rules/private/...", "//tests/..."])

def _unit(unit):
    return ["--unit", label_text(unit.label), unit.version or "-", unit.library]

def _deps(unit):
    return [word for dep in unit.deps for word in ("--dep", label_text(unit.label), label_text(dep))]

def _srcs(unit):
    return [
        word
        for src in unit.srcs
        for word in ("--src", label_text(unit.label), src.path, src.file.path)
    ]

def emit_names(ctx, *, tool, unit, below, below_files):
    """Declares the action and its outputs.

    Args:
        ctx: the rule context.
        tool: (FilesToRunProvider) `//tools:vhdl_names`.
        unit: (struct) the unit, see VhdlInfo.units.
        below: (depset[struct]) the units below, dependencies first.
        below_files: (depset[File]) their files as the users wrote them.

    Returns:
        (list[struct]) struct(path = str, file = File), one for each of the unit's files.
    """
    outs = [
        ctx.actions.declare_file("{}.names/{}_{}".format(ctx.label.name, number, src.file.basename))
        for number, src in enumerate(unit.srcs)
    ]
    args = tool_args(ctx)
    units = depset([unit], transitive = [below], order = "postorder")
    args.add_all(units, map_each = _unit)
    args.add_all(units, map_each = _deps)
    args.add_all(units, map_each = _srcs)
    args.add_all(outs, before_each = "--out")
    ctx.actions.run(
        executable = tool,
        arguments = [args],
        inputs = depset([src.file for src in unit.srcs], transitive = [below_files]),
        outputs = outs,
        env = TOOL_ENV,
        mnemonic = "VhdlNames",
        progress_message = "Naming versions in %{label}",
    )

    # Messages name the user's own files, so the rewritten ones take their places.
    return [struct(path = src.path, file = out) for src, out in zip(unit.srcs, outs)]
