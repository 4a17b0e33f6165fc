"""SvFfiSources: a checked design to the Rust and C++ of a crate."""

load("//rules/private:common.bzl", "TOOL_ENV", "label_text", "tool_args")

visibility(["//rules/private/...", "//tests/..."])

def shown_source(file):
    """Where a user's source stands in an exported crate.

    Args:
        file: (File)

    Returns:
        (str) a path below the crate's folder.
    """
    return "rtl/" + file.short_path.removeprefix("../")

def emit_ffi_sources(ctx, *, tool, crate, design, sources, maps, srcs, parameters, clocks, resets, expected, features):
    """Declares the action and its outputs.

    Args:
        ctx: the rule context.
        tool: (FilesToRunProvider) `//tools:ffi_sources`.
        crate: (str) the crate's name.
        design: (File) from emit_design.
        sources: (depset[File]) isolated sources, dependencies first.
        maps: (depset[File]) their line maps.
        srcs: (depset[File]) the files that users wrote.
        parameters: (dict[str, str]) values for the top's parameters.
        clocks: (list[str]) `NAME [negedge] [period=N] [phase=N]`.
        resets: (dict[str, str]) a reset's name to `low` or `high`, `async`.
        expected: (dict[str, str]) what the user believes the ports to be.
        features: (struct) with trace (str), coverage, savable, timing (bool), threads (int).

    Returns:
        (struct) of Files: arguments, cargo (a folder), module, pins, rust, wrapper.
    """
    folder = ctx.label.name + ".ffi/"
    out = struct(
        arguments = ctx.actions.declare_file(folder + "verilate.f"),
        cargo = ctx.actions.declare_directory(folder + "cargo"),
        module = ctx.actions.declare_file(folder + "module.json"),
        pins = ctx.actions.declare_file(folder + crate + "_pins.sv"),
        rust = ctx.actions.declare_file(folder + "lib.rs"),
        wrapper = ctx.actions.declare_file(folder + "wrapper.cpp"),
    )
    args = tool_args(ctx)
    args.add("sources")
    args.add("--crate", crate)
    args.add("--design", design)
    args.add_all(sources, before_each = "--unit")
    args.add_all(maps, before_each = "--map")
    args.add_all(srcs, before_each = "--shown-source", map_each = shown_source)
    args.add_all(["{}={}".format(k, v) for k, v in parameters.items()], before_each = "--parameter")
    args.add_all(clocks, before_each = "--clock")
    args.add_all(["{}={}".format(k, v) for k, v in resets.items()], before_each = "--reset")
    args.add_all(["{}={}".format(k, v) for k, v in expected.items()], before_each = "--expect")
    args.add("--trace", features.trace)
    args.add("--threads", features.threads)
    for name in ["coverage", "savable", "timing"]:
        if getattr(features, name):
            args.add("--" + name)
    args.add("--out-rust", out.rust)
    args.add("--out-wrapper", out.wrapper)
    args.add("--out-pins", out.pins)
    args.add("--out-arguments", out.arguments)
    args.add("--out-module", out.module)
    args.add_all([out.cargo], before_each = "--out-cargo", expand_directories = False)
    ctx.actions.run(
        executable = tool,
        arguments = [args],
        inputs = depset([design], transitive = [sources, maps]),
        outputs = [out.arguments, out.cargo, out.module, out.pins, out.rust, out.wrapper],
        env = TOOL_ENV,
        mnemonic = "SvFfiSources",
        progress_message = "Writing the crate of %{label}",
    )
    return out

def emit_ffi_lines(ctx, *, tool, crate, maps):
    """Declares the action that turns line maps into C++.

    Args:
        ctx: the rule context.
        tool: (FilesToRunProvider) `//tools:ffi_sources`.
        crate: (str) the crate's name.
        maps: (depset[File]) line maps of the sources.

    Returns:
        (File) lines.cpp.
    """
    out = ctx.actions.declare_file(ctx.label.name + ".ffi/lines.cpp")
    args = tool_args(ctx)
    args.add("lines")
    args.add("--crate", crate)
    args.add_all(maps, before_each = "--map")
    args.add("--out", out)
    ctx.actions.run(
        executable = tool,
        arguments = [args],
        inputs = maps,
        outputs = [out],
        env = TOOL_ENV,
        mnemonic = "SvFfiLines",
        progress_message = "Writing the line table of {}".format(label_text(ctx.label)),
    )
    return out
