"""SvGather and SvContracts: what a model's top is verilated from, and which units are verilated apart."""

load("//rules/private:common.bzl", "TOOL_ENV", "WORKER", "label_text", "tool_args")
load("//rules/private/actions:emit_boundary.bzl", "view_pair")

visibility(["//rules/private/...", "//tests/..."])

def _unit(unit):
    return "{}={}".format(unit.json.path, unit.sv.path)

def emit_gather(ctx, *, tool, design, units, views, view_files):
    """Declares the action and its output.

    Args:
        ctx: the rule context.
        tool: (FilesToRunProvider) `//tools:sv_separate`.
        design: (File) from emit_design.
        units: (list[struct]) the direct dependencies, one of which holds the top.
        views: (depset[struct]) what parents see of the other units, each before its users.
        view_files: (depset[File]) their files.

    Returns:
        (File) a folder.
    """
    out = ctx.actions.declare_directory(ctx.label.name + ".sources")
    args = tool_args(ctx)
    args.add("gather")
    args.add("--label", label_text(ctx.label))
    args.add("--design", design)
    args.add_all(units, before_each = "--unit", map_each = _unit)
    args.add_all(views, before_each = "--view", map_each = view_pair)
    args.add_all([out], before_each = "--out", expand_directories = False)
    ctx.actions.run(
        executable = tool,
        arguments = [args],
        inputs = depset(
            [design] + [file for unit in units for file in (unit.json, unit.sv)],
            transitive = [view_files],
        ),
        outputs = [out],
        env = TOOL_ENV,
        execution_requirements = WORKER,
        mnemonic = "SvGather",
        progress_message = "Gathering the sources of %{label}",
    )
    return out

def emit_contracts(ctx, *, tool, reports, view_files, maps, merged_because):
    """Declares the action and its outputs.

    Args:
        ctx: the rule context.
        tool: (FilesToRunProvider) `//tools:sv_separate`.
        reports: (depset[File]) the units' decisions, dependencies first.
        view_files: (depset[File]) what stands beside them, and is there only if no unit was refused.
        maps: (depset[File]) line maps of the units.
        merged_because: (str) why every unit of this model is merged; empty where each decides for itself.

    Returns:
        (depset[File]) a text and a JSON file.
    """
    text = ctx.actions.declare_file(ctx.label.name + ".contracts.txt")
    json = ctx.actions.declare_file(ctx.label.name + ".contracts.json")
    args = tool_args(ctx)
    args.add("report")
    args.add("--label", label_text(ctx.label))
    args.add_all(reports, before_each = "--report")
    args.add_all(maps, before_each = "--map")
    args.add("--merged-because", merged_because)
    args.add("--out-text", text)
    args.add("--out-json", json)
    ctx.actions.run(
        executable = tool,
        arguments = [args],
        inputs = depset(transitive = [reports, view_files, maps]),
        outputs = [text, json],
        env = TOOL_ENV,
        execution_requirements = WORKER,
        mnemonic = "SvContracts",
        progress_message = "Listing the contracts of %{label}",
    )
    return depset([text, json])
