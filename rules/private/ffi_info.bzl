"""What a Verilated crate says to the rules that export and list it."""

visibility(["//rules/...", "//tests/..."])

FfiNativeInfo = provider(
    doc = "Native code as archives.",
    fields = {
        "archive": "(File) All objects that are known.",
        "flags": "(list[str]) Linker options that come with it.",
        "others": "(list[File]) Libraries whose objects are not known, in linking order.",
    },
)

FfiCrateInfo = provider(
    doc = "The generated part of a Verilated crate; its native code is in the target's CcInfo too.",
    fields = {
        "arguments": "(File) What Verilator was told of the top: build/verilated/verilate.f.",
        "cargo": "(File) A folder with Cargo.toml, build.rs and .verilator-lib-path.",
        "crate": "(str) The crate's name, and the prefix of its symbols.",
        "label": "(Label) The target, for messages.",
        "lines": "(File) src/lines.cpp.",
        "module": "(File) module.json.",
        "native": "(FfiNativeInfo) The crate's own code; not the runtime's.",
        "pins": "(File) The module around the top; a comment where there is none.",
        "rust": "(File) src/lib.rs.",
        "shared": "(File) The shared library.",
        "srcs": "(depset[File]) The SystemVerilog files that users wrote.",
        "trace": "(str) \"none\", \"vcd\" or \"fst\".",
        "wrapper": "(File) src/wrapper.cpp.",
    },
)
