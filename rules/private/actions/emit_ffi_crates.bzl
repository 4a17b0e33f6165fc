"""SvFfiCrates: crates, the runtime crate below them and their manifest, as one folder."""

load("//rules/private:common.bzl", "TOOL_ENV", "label_text", "tool_args")
load("//rules/private/actions:emit_ffi_sources.bzl", "shown_source")

visibility(["//rules/private/...", "//tests/..."])

# The C++ library comes after what needs it.
_CXX = {
    False: ["dylib=stdc++", "dylib=m"],
    True: ["dylib=c++"],
}

def _library(file):
    """A library as `cargo:rustc-link-lib` takes it; `libx.pic.a` and `libx.lo.a` are `x` too."""
    name = file.basename.removeprefix("lib").removesuffix("." + file.extension)
    return ("static=" if file.extension == "a" else "dylib=") + name.removesuffix(".lo").removesuffix(".pic")

def _place(file):
    return "lib{}.{}".format(_library(file).split("=")[1], file.extension)

def _flags(label, flags, fail = fail):
    """Linker options as `cargo:rustc-link-lib` takes them; there is no way for others."""
    found = []
    for flag in flags:
        if flag.startswith("-l"):
            found.append("dylib=" + flag.removeprefix("-l"))
        elif flag != "-pthread":
            fail(("{}: the C++ below it is linked with \"{}\", which Cargo can't be told. Take it out of linkopts, " +
                  "or use the crate in Bazel alone").format(label, flag))
    return found

def emit_ffi_crates(ctx, *, tool, crates, runtime, runtime_files, macos):
    """Declares the action and its output.

    Args:
        ctx: the rule context.
        tool: (FilesToRunProvider) `//tools:ffi_sources`.
        crates: (list[FfiCrateInfo])
        runtime: (FfiNativeInfo) the C++ below all of them.
        runtime_files: (list[File]) sources of the runtime crate.
        macos: (bool) whether the target is macOS.

    Returns:
        (File) the folder.
    """
    out = ctx.actions.declare_directory(ctx.label.name)
    args = tool_args(ctx)
    args.add("assemble")
    inputs, modules = [], []

    def put(place, file, flag = "--file"):
        args.add(flag)
        args.add(place)
        args.add(file)
        inputs.append(file)

    def link(place, lines):
        for line in lines:
            args.add("--text")
            args.add(place)
            args.add(line)

    for crate in crates:
        folder = crate.crate + "/"
        native = folder + "build/verilated/"
        args.add("--tree")
        args.add(folder)
        args.add_all([crate.cargo], expand_directories = False)
        inputs.append(crate.cargo)
        put(folder + "module.json", crate.module)
        put(folder + "src/lib.rs", crate.rust)
        put(folder + "src/wrapper.cpp", crate.wrapper)
        put(folder + "src/lines.cpp", crate.lines)
        put(folder + "rtl/" + crate.pins.basename, crate.pins, "--pins")
        put(folder + crate.shared.basename, crate.shared)
        put(native + "verilate.f", crate.arguments)
        for source in crate.srcs.to_list():
            put(folder + shown_source(source), source)
        for library in [crate.native.archive] + crate.native.others:
            put(native + _place(library), library)
        link(
            native + "link.txt",
            [_library(library) for library in [crate.native.archive] + crate.native.others] +
            _flags(label_text(crate.label), crate.native.flags),
        )
        modules.append(crate.crate)
    for file in runtime_files:
        put("verilated_runtime/" + file.short_path.split("runtime/rust/")[1], file)
    for library in [runtime.archive] + runtime.others:
        put("verilated_runtime/native/" + _place(library), library)
    link("verilated_runtime/native/link.txt", [_library(library) for library in [runtime.archive] + runtime.others] + _CXX[macos])
    args.add_all(modules, before_each = "--crate")
    args.add("--platform", "darwin" if macos else "linux")
    args.add("--label", label_text(ctx.label))
    args.add_all([out], before_each = "--out", expand_directories = False)
    ctx.actions.run(
        executable = tool,
        arguments = [args],
        inputs = inputs,
        outputs = [out],
        env = TOOL_ENV,
        mnemonic = "SvFfiCrates",
        progress_message = "Assembling the crates of %{label}",
    )
    return out
