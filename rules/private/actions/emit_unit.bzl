"""SvUnit: checks, isolates and summarises one compilation unit."""

load("//rules:providers.bzl", "make_sv_unit")
load("//rules/private:common.bzl", "TOOL_ENV", "label_text", "tool_args")
load("//rules/private:defines.bzl", "define_argument")

visibility(["//rules/private/...", "//tests/..."])

def _dep_json(unit):
    return "{}={}".format(label_text(unit.label), unit.json.path)

def emit_unit(
        ctx,
        *,
        verilator,
        tool,
        kind,
        srcs,
        hdrs,
        includes,
        defines,
        deps,
        mode,
        standard,
        waive,
        vopts):
    """Declares the action and its outputs.

    Args:
        ctx: the rule context.
        verilator: (VerilatorInfo) its preprocessor is what the text will meet later.
        tool: (FilesToRunProvider) `//tools:sv_unit`.
        kind: (str) "library" or "package".
        srcs: (list[File]) the unit's text, in order.
        hdrs: (depset[File]) every header it may include.
        includes: (depset[str]) where it finds them.
        defines: (list[struct]) from resolve_defines.
        deps: (list[SvInfo]) the direct dependencies.
        mode: (str) "target" or "per_file".
        standard: (str) the language standard.
        waive: (list[str]) checks that the target waives by name.
        vopts: (list[str]) warning options for this unit's text.

    Returns:
        (struct) from make_sv_unit.
    """
    outputs = {
        suffix: ctx.actions.declare_file("{}.{}".format(ctx.label.name, suffix))
        for suffix in ["unit.json", "unit.sv", "svi", "unit.map"]
    }
    direct = depset([unit for dep in deps for unit in dep.visible]).to_list()
    svis = depset(transitive = [dep.svis for dep in deps], order = "postorder")

    args = tool_args(ctx)
    args.add("--label", label_text(ctx.label))
    args.add("--kind", kind)
    args.add("--standard", standard)
    args.add("--unit", mode)
    args.add_all(srcs, before_each = "--src")
    args.add_all(hdrs, before_each = "--hdr")
    args.add_all(includes, before_each = "--include-dir")
    args.add_all(defines, before_each = "--define", map_each = define_argument)
    args.add_all(direct, before_each = "--dep-json", map_each = _dep_json)
    args.add_all([unit.svi for unit in direct], before_each = "--dep-svi")
    args.add_all(svis, before_each = "--transitive-svi")
    args.add_all(waive, before_each = "--waive")
    args.add("--verilator", verilator.bin)
    args.add_all([verilator.root], before_each = "--verilator-root", expand_directories = False)
    args.add("--out-json", outputs["unit.json"])
    args.add("--out-sv", outputs["unit.sv"])
    args.add("--out-svi", outputs["svi"])
    args.add("--out-map", outputs["unit.map"])
    ctx.actions.run(
        executable = tool,
        arguments = [args],
        inputs = depset(
            srcs + [unit.json for unit in direct],
            transitive = [hdrs, svis, verilator.files],
        ),
        outputs = outputs.values(),
        env = TOOL_ENV,
        mnemonic = "SvUnit",
        progress_message = "Checking SystemVerilog unit %{label}",
    )
    return make_sv_unit(
        label = ctx.label,
        json = outputs["unit.json"],
        sv = outputs["unit.sv"],
        svi = outputs["svi"],
        map = outputs["unit.map"],
        vopts = vopts,
    )
