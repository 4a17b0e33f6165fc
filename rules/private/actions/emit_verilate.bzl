"""SvVerilate: isolated units to the C++ of a model."""

load("//rules/private:common.bzl", "TOOL_ENV", "label_text", "tool_args")

visibility(["//rules/private/...", "//tests/..."])

def _unit_options(unit):
    return ["{}={}".format(unit.sv.path, option) for option in unit.vopts]

def emit_verilate(
        ctx,
        *,
        verilator,
        tool,
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
        more_sources = [],
        argument_file = None):
    """Declares the action and its outputs.

    Args:
        ctx: the rule context.
        verilator: (VerilatorInfo)
        tool: (FilesToRunProvider) `//tools:sv_verilate`.
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
        more_sources: (list[File]) sources beside the units'.
        argument_file: (File|None) for Verilator's `-f`, after all else: the last top is the one it takes.

    Returns:
        (struct) of three folders (File): headers, fast and slow C++.
    """
    name = ctx.label.name
    headers = ctx.actions.declare_directory(name + ".hdrs")
    fast = ctx.actions.declare_directory(name + ".fast")
    slow = ctx.actions.declare_directory(name + ".slow")
    unused = ctx.actions.declare_file(name + ".unused_inputs")

    args = tool_args(ctx)
    args.add("--verilator", verilator.bin)
    args.add_all([verilator.root], before_each = "--verilator-root", expand_directories = False)
    args.add("--verilator-version", verilator.version)
    args.add("--label", label_text(ctx.label))
    args.add("--design", design)
    args.add("--prefix", prefix)
    args.add_all(sources, before_each = "--source")
    args.add_all(more_sources, before_each = "--source")
    args.add_all(maps, before_each = "--map")
    args.add_all(units, before_each = "--unit-option", map_each = _unit_options)
    args.add_all(["{}={}".format(k, v) for k, v in parameters.items()], before_each = "--parameter")
    args.add("--trace", trace)
    args.add("--timing", timing)
    args.add("--asserts" if asserts else "--no-asserts")
    args.add("--threads", threads)
    args.add_all(vopts, before_each = "--option")
    if argument_file:
        args.add("--option", "-f")
        args.add("--option", argument_file)
    args.add_all([headers], before_each = "--out-headers", expand_directories = False)
    args.add_all([fast], before_each = "--out-fast", expand_directories = False)
    args.add_all([slow], before_each = "--out-slow", expand_directories = False)
    args.add("--out-unused", unused)
    ctx.actions.run(
        executable = tool,
        arguments = [args],
        inputs = depset(
            [design] + more_sources + ([argument_file] if argument_file else []),
            transitive = [sources, maps, verilator.files],
        ),
        outputs = [headers, fast, slow, unused],
        unused_inputs_list = unused,
        env = TOOL_ENV,
        mnemonic = "SvVerilate",
        progress_message = "Verilating %{label}",
    )
    return struct(fast = fast, headers = headers, slow = slow)
