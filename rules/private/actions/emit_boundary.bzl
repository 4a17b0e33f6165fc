"""SvBoundary: whether a unit is verilated apart, and what its parents and its own models are made of."""

load("//rules/private:common.bzl", "TOOL_ENV", "WORKER", "label_text", "tool_args")
load("//rules/private/actions:emit_messages.bzl", "emit_messages")

visibility(["//rules/private/...", "//tests/..."])

def view_pair(view):
    """A unit's view as the programs take it.

    Args:
        view: (struct) an element of `SvBoundaryInfo.views`.

    Returns:
        (str)
    """
    return "{}={}".format(view.info.path, view.text.path)

def emit_boundary(ctx, *, tool, messages, label, folder, unit, below, below_files, maps, wanted, sets, delays, settings):
    """Declares the action and its outputs.

    Args:
        ctx: the context of a rule or an aspect.
        tool: (FilesToRunProvider) `//tools:sv_separate`.
        messages: (FilesToRunProvider) `//tools:sv_messages`.
        label: (Label) the unit's target.
        folder: (str) where the outputs stand, below the package.
        unit: (struct) from make_sv_unit.
        below: (depset[struct]) views of the units below, each before its users.
        below_files: (depset[File]) their files.
        maps: (depset[File]) line maps, read for messages alone.
        wanted: (str) "auto", "separate" or "merge".
        sets: (list[str]) parameter sets.
        delays: (bool) whether the simulation honours delays.
        settings: (list[str]) `KEY=VALUE` that all models of a simulation share.

    Returns:
        (struct) of Files: text and info (the view), closure (a folder, empty where the unit is merged), report; and
        checked, without which they may be empty: an input of all that is made of them.
    """
    stem = unit.sv.basename.removesuffix(".unit.sv")
    out = struct(
        closure = ctx.actions.declare_directory(folder + "/closure"),
        info = ctx.actions.declare_file("{}/{}.view.json".format(folder, stem)),
        log = ctx.actions.declare_file(folder + "/view.messages.json"),
        report = ctx.actions.declare_file(folder + "/report.json"),
        text = ctx.actions.declare_file("{}/{}.view.sv".format(folder, stem)),
    )
    args = tool_args(ctx)
    args.add("decide")
    args.add("--unit-json", unit.json)
    args.add("--sv", unit.sv)
    args.add("--svi", unit.svi)
    args.add_all(below, before_each = "--view", map_each = view_pair)
    args.add("--compile", wanted)
    args.add_all(sets, before_each = "--set", omit_if_empty = False)
    args.add("--timing" if delays else "--no-timing")
    args.add_all(settings, before_each = "--setting")
    args.add("--out-view", out.text)
    args.add("--out-info", out.info)
    args.add_all([out.closure], before_each = "--out-closure", expand_directories = False)
    args.add("--out-report", out.report)
    args.add("--out-log", out.log)
    ctx.actions.run(
        executable = tool,
        arguments = [args],
        inputs = depset([unit.json, unit.sv, unit.svi], transitive = [below_files]),
        outputs = [out.closure, out.info, out.log, out.report, out.text],
        env = TOOL_ENV,
        execution_requirements = WORKER,
        mnemonic = "SvBoundary",
        progress_message = "Proving how {} can be driven".format(label_text(label)),
    )
    checked = emit_messages(
        ctx,
        tool = messages,
        label = label,
        name = folder + "/view",
        log = out.log,
        maps = maps,
        about = "the proof",
    )
    return struct(checked = checked, closure = out.closure, info = out.info, report = out.report, text = out.text)
