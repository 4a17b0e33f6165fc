"""SvUnit: checks, isolates and summarises one compilation unit."""

load("//rules:providers.bzl", "make_sv_unit")
load("//rules/private:common.bzl", "TOOL_ENV", "WORKER", "label_text", "tool_args")
load("//rules/private:defines.bzl", "define_argument")

visibility(["//rules/private/...", "//tests/..."])

def _json(unit):
    return "{}={}".format(label_text(unit.label), unit.json.path)

def _svi(unit):
    return "{}={}".format(label_text(unit.label), unit.svi.path)

def _map(unit):
    return "{}={}".format(label_text(unit.label), unit.map.path)

def _header(header):
    return "{}={}".format(label_text(header.label), header.file.path)

def _unique_stem(label):
    # Verilator's messages at run time show the last part of a file's name alone.
    parts = [label.workspace_name, label.package.replace("/", "."), label.name.replace("/", ".")]
    return ".".join([part for part in parts if part])

def emit_unit(
        ctx,
        *,
        verilator,
        tool,
        kind,
        srcs,
        hdrs,
        deps,
        includes,
        defines,
        exports_modules,
        mode,
        report_unused,
        standard,
        version,
        versioned,
        vopts,
        waive):
    """Declares the action and its outputs.

    Args:
        ctx: the rule context.
        verilator: (VerilatorInfo) its preprocessor is what the text will meet later.
        tool: (FilesToRunProvider) `//tools:sv_unit`.
        kind: (str) "library" or "package".
        srcs: (list[File]) the unit's text, in order.
        hdrs: (list[File]) the unit's own headers.
        deps: (list[SvInfo]) the direct dependencies.
        includes: (depset[str]) where headers are found, the dependencies' too.
        defines: (list[struct]) from resolve_defines.
        exports_modules: (list[str]) modules that others may use; empty for those that the unit doesn't instantiate.
        mode: (str) "target" or "per_file".
        report_unused: (bool) whether an unused dependency is an error.
        standard: (str) the language standard.
        version: (str) the unit's version; empty for none.
        versioned: (bool) the unit or one below has a version.
        vopts: (list[str]) warning options for this unit's text.
        waive: (list[str]) checks that the target waives by name.

    Returns:
        (struct) from make_sv_unit.
    """
    name = ctx.label.name
    stem = _unique_stem(ctx.label)
    json = ctx.actions.declare_file(name + ".unit.json")
    svi = ctx.actions.declare_file(name + ".svi")
    sv = ctx.actions.declare_file(stem + ".unit.sv")
    line_map = ctx.actions.declare_file(stem + ".unit.map")
    unused = ctx.actions.declare_file(name + ".unit.unused_inputs")

    direct = depset([unit for dep in deps for unit in dep.visible]).to_list()
    below = depset(transitive = [dep.units for dep in deps], order = "postorder")
    headers = depset(transitive = [dep.headers for dep in deps])

    args = tool_args(ctx)
    args.add("--label", label_text(ctx.label))
    args.add("--kind", kind)
    args.add("--standard", standard)
    args.add("--unit", mode)
    args.add_all(srcs, before_each = "--src")
    args.add_all(hdrs, before_each = "--hdr")
    args.add_all(headers, before_each = "--dep-hdr", map_each = _header)
    args.add_all(includes, before_each = "--include-dir")
    args.add_all(defines, before_each = "--define", map_each = define_argument)
    args.add_all(direct, before_each = "--dep-json", map_each = _json)
    args.add_all([unit.svi for unit in direct], before_each = "--dep-svi")
    args.add_all(direct, before_each = "--dep-map", map_each = _map)
    args.add_all(below, before_each = "--transitive-svi", map_each = _svi)
    args.add_all(exports_modules, before_each = "--export")
    args.add_all(waive, before_each = "--waive")
    if report_unused:
        args.add("--report-unused")
    if version:
        args.add("--version", version)
    if versioned:
        args.add_all(below, before_each = "--below-json", map_each = _json)
    args.add("--verilator", verilator.bin)
    args.add_all([verilator.root], before_each = "--verilator-root", expand_directories = False)
    args.add("--out-json", json)
    args.add("--out-sv", sv)
    args.add("--out-svi", svi)
    args.add("--out-map", line_map)
    args.add("--out-unused", unused)
    ctx.actions.run(
        executable = tool,
        arguments = [args],
        inputs = depset(
            srcs + hdrs + [file for unit in direct for file in (unit.json, unit.map)],
            transitive = [verilator.files] +
                         [dep.hdrs for dep in deps] +
                         [dep.svis for dep in deps] +
                         ([dep.jsons for dep in deps] if versioned else []),
        ),
        outputs = [json, svi, sv, line_map, unused],
        unused_inputs_list = unused,
        env = TOOL_ENV,
        execution_requirements = WORKER,
        mnemonic = "SvUnit",
        progress_message = "Checking SystemVerilog unit %{label}",
    )
    return make_sv_unit(label = ctx.label, json = json, sv = sv, svi = svi, map = line_map, vopts = vopts)
