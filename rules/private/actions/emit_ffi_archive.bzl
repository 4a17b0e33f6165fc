"""CppArchive, CppLink: what a linking context holds as one archive, and as a shared library."""

load("@rules_cc//cc/common:cc_common.bzl", "cc_common")

visibility(["//rules/private/...", "//tests/..."])

def emit_ffi_archive(ctx, *, cc_toolchain, features, name, linking, without = None):
    """Puts the objects of many libraries into one position-independent archive.

    Args:
        ctx: the rule context.
        cc_toolchain: (CcToolchainInfo)
        features: (FeatureConfiguration)
        name: (str) the archive is `lib<name>.a`, or `lib<name>.pic.a`.
        linking: (LinkingContext) what to take.
        without: (LinkingContext|None) what of it to leave out.

    Returns:
        (struct) archive (File), others (list[File]: archives of libraries whose objects are not known,
        in linking order), flags (list[str]: linker options).
    """
    left_out = {}
    for linker_input in without.linker_inputs.to_list() if without else []:
        left_out[linker_input] = True
    objects, others, flags = [], [], []
    for linker_input in linking.linker_inputs.to_list():
        if linker_input in left_out:
            continue
        flags += linker_input.user_link_flags
        for library in linker_input.libraries:
            known = library.pic_objects or library.objects
            if known:
                objects += known
            else:
                others.append(library.pic_static_library or library.static_library or library.dynamic_library)
    _, outputs = cc_common.create_linking_context_from_compilation_outputs(
        name = name,
        actions = ctx.actions,
        cc_toolchain = cc_toolchain,
        feature_configuration = features,
        compilation_outputs = cc_common.create_compilation_outputs(pic_objects = depset(objects)),
        disallow_dynamic_library = True,
    )
    library = outputs.library_to_link
    return struct(archive = library.pic_static_library or library.static_library, flags = flags, others = others)

def emit_ffi_shared_library(ctx, *, cc_toolchain, features, crate, linking, macos):
    """Links a model and its own copy of the runtime into a library that exports one symbol.

    Args:
        ctx: the rule context.
        cc_toolchain: (CcToolchainInfo)
        features: (FeatureConfiguration)
        crate: (str) the crate's name.
        linking: (LinkingContext) everything.
        macos: (bool) whether the target is macOS.

    Returns:
        (File) `lib<crate>_ffi.so`, or `.dylib`.
    """
    exported = ctx.actions.declare_file("{}.ffi/exported".format(ctx.label.name))
    symbol = crate + "_ffi_api"
    ctx.actions.write(exported, "_{}\n".format(symbol) if macos else "{{ global: {}; local: *; }};\n".format(symbol))
    flags = ["-Wl,-exported_symbols_list," + exported.path] if macos else [
        "-Wl,--version-script=" + exported.path,
        "-Wl,-Bsymbolic",
        "-Wl,-soname,lib{}_ffi.so".format(crate),
    ]
    linked = cc_common.link(
        name = crate + "_ffi",
        actions = ctx.actions,
        cc_toolchain = cc_toolchain,
        feature_configuration = features,
        linking_contexts = [linking],
        output_type = "dynamic_library",
        link_deps_statically = True,
        user_link_flags = flags,
        additional_inputs = [exported],
    )
    library = linked.library_to_link
    return library.resolved_symlink_dynamic_library or library.dynamic_library
