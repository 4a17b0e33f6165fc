"""SvCompile: a model's C++ to a library."""

load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load(
    "//rules/private:copts.bzl",
    "FAST_COPTS",
    "MODEL_COPTS",
    "MODEL_DEFINES",
    "MODEL_GCC_COPTS",
    "MODEL_GCC_X86_COPTS",
    "MODEL_INCLUDES",
    "STD_COPTS",
)

visibility(["//rules/private/...", "//tests/..."])

# What toolchains call a processor that has the options of MODEL_GCC_X86_COPTS; another name costs speed alone.
_X86 = ["k8", "x86_64", "amd64", "darwin_x86_64"]

def _gcc_copts(cc_toolchain):
    if cc_toolchain.compiler != "gcc":
        return []
    return MODEL_GCC_COPTS + (MODEL_GCC_X86_COPTS if cc_toolchain.cpu in _X86 else [])

def emit_compile(ctx, *, cc_toolchain, features, name, cpp, copts, deps, std = STD_COPTS):
    """Compiles what emit_verilate made and declares a library of it.

    Args:
        ctx: the rule context.
        cc_toolchain: (CcToolchainInfo)
        features: (FeatureConfiguration)
        name: (str) the library's name.
        cpp: (struct) from emit_verilate.
        copts: (list[str]) the user's compiler options, after ours.
        deps: (list[CcInfo]) the runtime, and what the model calls.
        std: (list[str]) options that choose the C++ standard.

    Returns:
        (CcInfo)
    """
    compilation, objects = cc_common.compile(
        name = name,
        actions = ctx.actions,
        cc_toolchain = cc_toolchain,
        feature_configuration = features,
        srcs = [cpp.sources],
        # Nothing is made of a model that Verilator refused, by us or by those who include its header.
        additional_inputs = [cpp.checked],
        public_hdrs = [cpp.headers, cpp.checked],
        system_includes = [cpp.headers.path],
        defines = MODEL_DEFINES,
        user_compile_flags = FAST_COPTS + _gcc_copts(cc_toolchain) + MODEL_COPTS + MODEL_INCLUDES + std + copts,
        compilation_contexts = [dep.compilation_context for dep in deps],
    )
    linking, _ = cc_common.create_linking_context_from_compilation_outputs(
        name = name,
        actions = ctx.actions,
        cc_toolchain = cc_toolchain,
        feature_configuration = features,
        compilation_outputs = objects,
        linking_contexts = [dep.linking_context for dep in deps],
        additional_inputs = [cpp.checked],
        disallow_dynamic_library = True,
    )
    return CcInfo(compilation_context = compilation, linking_context = linking)
