"""VhdlAnalyze: the files of one unit to a GHDL library file."""

load("//rules/private:common.bzl", "TOOL_ENV", "label_text", "tool_args")

visibility(["//rules/private/...", "//tests/..."])

def library_path(file):
    """A file's path in library files: the same in actions and at run time.

    Args:
        file: (File)

    Returns:
        (str)
    """
    path = file.short_path
    return "external/" + path[3:] if path.startswith("../") else path

def _library(entry):
    return ["--dep", label_text(entry.label), entry.library, entry.file.path]

def _needs(unit):
    return [word for dep in unit.deps for word in ("--needs", label_text(unit.label), label_text(dep))]

def emit_analyze(ctx, *, ghdl, tool, srcs, library, standard, deps, units, options):
    """Declares the action and its output.

    Args:
        ctx: the rule context.
        ghdl: (GhdlInfo)
        tool: (FilesToRunProvider) `//tools:vhdl_analyze`.
        srcs: (list[struct]) struct(path = str, file = File): the files, in the order of their dependencies.
        library: (str) the VHDL library.
        standard: (str) "87", "93", "02" or "08".
        deps: (list[VhdlInfo]) the direct dependencies.
        units: (depset[struct]) this unit and all below, see VhdlInfo.units: the files may name design units of direct
            dependencies only. Empty where that is checked already.
        options: (list[str]) further options of GHDL.

    Returns:
        (File) the library file, of this unit alone.
    """
    out = ctx.actions.declare_file(ctx.label.name + ".cf")
    libraries = depset(transitive = [dep.libraries for dep in deps], order = "postorder")
    dep_srcs = depset(transitive = [dep.srcs for dep in deps], order = "postorder")
    args = tool_args(ctx)
    args.add("--ghdl", ghdl.bin)
    args.add_all([ghdl.prefix], before_each = "--prefix", expand_directories = False)
    args.add("--label", label_text(ctx.label))
    args.add("--library", library)
    args.add("--standard", standard)
    for src in srcs:
        args.add("--src", src.path)
        args.add(src.file)
    args.add_all(dep_srcs, map_each = _dep_src)
    args.add_all(libraries, map_each = _library)
    args.add_all(units, map_each = _needs)
    args.add_all(options, before_each = "--option")
    args.add("--out", out)
    ctx.actions.run(
        executable = tool,
        arguments = [args],
        inputs = depset(
            [src.file for src in srcs],
            transitive = [ghdl.files] + [dep.files for dep in deps],
        ),
        outputs = [out],
        env = TOOL_ENV,
        mnemonic = "VhdlAnalyze",
        progress_message = "Analysing VHDL %{label}",
    )
    return out

def _dep_src(src):
    return ["--dep-src", src.path, src.file.path]
