"""SvVerilate: isolated units to the C++ of a model; where Verilator refuses them, emit_messages says why."""

load("//rules/private:common.bzl", "TOOL_ENV", "WORKER", "label_text", "tool_args")
load("//rules/private/actions:emit_messages.bzl", "emit_messages")

visibility(["//rules/private/...", "//tests/..."])

def _unit_options(unit):
    return ["{}={}".format(unit.sv.path, option) for option in unit.vopts]

def emit_verilate(
        ctx,
        *,
        verilator,
        tool,
        messages,
        prefix,
        design,
        units,
        sources,
        maps,
        parameters,
        trace,
        timing,
        asserts,
        threads,
        vopts,
        coverage = False,
        folder = None,
        more_sources = [],
        argument_file = None):
    """Declares the action and its outputs.

    Args:
        ctx: the rule context.
        verilator: (VerilatorInfo)
        tool: (FilesToRunProvider) `//tools:sv_verilate`.
        messages: (FilesToRunProvider) `//tools:sv_messages`.
        prefix: (str) the C++ class to make.
        design: (File) from emit_design: nothing is verilated before it is right.
        units: (depset[struct]) the units, for their warning options.
        sources: (depset[File]) their isolated sources, dependencies first.
        maps: (depset[File]) their line maps, read for messages alone.
        parameters: (dict[str, str]) values for the top's parameters.
        trace: (str) "none", "vcd" or "fst".
        timing: (str) "auto", "on" or "off".
        asserts: (bool) whether assertions are checked.
        threads: (int) threads of the model.
        vopts: (list[str]) further options.
        coverage: (bool) whether coverage is gathered.
        folder: (File|None) from emit_gather: what is verilated, in place of `sources`.
        more_sources: (list[File]) sources beside the units'.
        argument_file: (File|None) for Verilator's `-f`, after all else: the last top is the one it takes.

    Returns:
        (struct) of two folders (File): headers and sources; and checked (File), without which they may be empty: a
        header to be an input of all that is made of them.
    """
    out = _outputs(ctx, ctx.label.name)
    args = _args(
        ctx,
        verilator,
        ctx.label,
        out,
        units = units,
        trace = trace,
        timing = timing,
        asserts = asserts,
        coverage = coverage,
        threads = threads,
        vopts = vopts,
    )
    args.add("--design", design)
    args.add("--prefix", prefix)
    if folder:
        args.add_all([folder], before_each = "--folder", expand_directories = False)
    else:
        args.add_all(sources, before_each = "--source")
    args.add_all(more_sources, before_each = "--source")
    args.add_all(["{}={}".format(k, v) for k, v in parameters.items()], before_each = "--parameter")
    if argument_file:
        args.add("--option", "-f")
        args.add("--option", argument_file)
    return _run(
        ctx,
        tool,
        messages,
        args,
        name = ctx.label.name,
        inputs = depset(
            [file for file in [design, folder, argument_file] + more_sources if file],
            transitive = [verilator.files] + ([] if folder else [sources]),
        ),
        maps = maps,
        out = out,
        label = ctx.label,
    )

def emit_verilate_boundary(ctx, *, verilator, tool, messages, label, name, closure, checked, number, units, maps, settings):
    """Declares the verilation of one parameter set of a unit; its outputs are empty where the unit is merged.

    Args:
        ctx: the context of a rule or an aspect.
        verilator: (VerilatorInfo)
        tool: (FilesToRunProvider) `//tools:sv_verilate`.
        messages: (FilesToRunProvider) `//tools:sv_messages`.
        label: (Label) the unit's target.
        name: (str) of the outputs.
        closure: (File) from emit_boundary.
        checked: (File) from there, too.
        number: (int) which parameter set.
        units: (depset[struct]) the units, for their warning options.
        maps: (depset[File]) their line maps, read for messages alone.
        settings: (struct) from shared_settings.

    Returns:
        (struct) of two folders (File): headers and sources; and checked (File), without which they may be empty: a
        header to be an input of all that is made of them.
    """
    out = _outputs(ctx, name)

    # What is verilated apart has no delays where they count: Verilator would say so.
    args = _args(
        ctx,
        verilator,
        label,
        out,
        units = units,
        trace = settings.trace,
        timing = "auto" if settings.delays else "off",
        asserts = settings.asserts,
        coverage = settings.coverage,
        threads = 1,
        vopts = settings.vopts,
    )
    args.add_all([closure], before_each = "--folder", expand_directories = False)
    args.add("--set", number)
    if settings.timescale:
        args.add("--timescale", settings.timescale)
    return _run(
        ctx,
        tool,
        messages,
        args,
        name = name,
        inputs = depset([closure, checked], transitive = [verilator.files]),
        maps = maps,
        out = out,
        label = label,
    )

def _outputs(ctx, name):
    return struct(
        headers = ctx.actions.declare_directory(name + ".hdrs"),
        log = ctx.actions.declare_file(name + ".messages.json"),
        sources = ctx.actions.declare_directory(name + ".cpp"),
    )

def _args(ctx, verilator, label, out, *, units, trace, timing, asserts, coverage, threads, vopts):
    args = tool_args(ctx)
    args.add("--verilator", verilator.bin)
    args.add_all([verilator.root], before_each = "--verilator-root", expand_directories = False)
    args.add("--verilator-version", verilator.version)
    args.add("--label", label_text(label))
    args.add_all(units, before_each = "--unit-option", map_each = _unit_options)
    args.add("--trace", trace)
    args.add("--timing", timing)
    args.add("--asserts" if asserts else "--no-asserts")
    args.add("--coverage" if coverage else "--no-coverage")
    args.add("--threads", threads)
    args.add_all(vopts, before_each = "--option")
    args.add_all([out.headers], before_each = "--out-headers", expand_directories = False)
    args.add_all([out.sources], before_each = "--out-sources", expand_directories = False)
    args.add("--out-log", out.log)
    return args

def _run(ctx, tool, messages, args, name, inputs, maps, out, label):
    ctx.actions.run(
        executable = tool,
        arguments = [args],
        inputs = inputs,
        outputs = [out.headers, out.sources, out.log],
        env = TOOL_ENV,
        execution_requirements = WORKER,
        mnemonic = "SvVerilate",
        progress_message = "Verilating {}".format(label_text(label)),
    )
    checked = emit_messages(
        ctx,
        tool = messages,
        label = label,
        name = name,
        log = out.log,
        maps = maps,
        about = "Verilator",
    )
    return struct(checked = checked, headers = out.headers, sources = out.sources)
