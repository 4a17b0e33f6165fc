"""Compiler options for generated models and the runtime below them."""

visibility(["//rules/...", "//tests/..."])

# Coroutines (delays, event controls) need C++20.
STD_COPTS = ["-std=gnu++20"]

# What is verilated apart has none: a unit with delays is merged. The library's headers cost little more than half
# then, which is most of the time that compiling a small unit takes. Types are the same in both, and models that are
# aligned to cache lines (C++17 has that on its own) are allocated so.
BOUNDARY_STD_COPTS = ["-std=gnu++14", "-faligned-new"]

# A simulator is run to be fast whatever the compilation mode, so what costs
# speed in Bazel's default toolchain is taken back: position-independent code
# whose functions another library may replace cost 17 % on Ibex. Generated code
# is not ours to warn about; of indentation GCC says that it no longer looks at it.
FAST_COPTS = [
    "-O2",
    "-fno-semantic-interposition",
    "-fno-stack-protector",
    "-fomit-frame-pointer",
    "-w",
    "-Wno-misleading-indentation",
]

# GCC's work on a function grows with the square of its size, and a model's functions are large. Passes that
# look for the same value far away are left out, or limited: that saves a third of the time, and models run 4 % faster.
# Without code hoisting they would compile by another third faster, and a large design would simulate by a tenth slower.
MODEL_GCC_COPTS = [
    "-fno-gcse",
    "-fno-tree-pre",
    "--param=dse-max-alias-queries-per-store=32",
    "--param=sccvn-max-alias-queries-per-access=20",
]

# GCC clears arrays by one instruction, whose start alone takes as long as some fifty others. Models have many short
# ones: CV32E40P runs 5 % faster without.
MODEL_GCC_X86_COPTS = [
    "-mmemset-strategy=vector_loop:1024:noalign,libcall:-1:noalign",
]

# A model's code and data are reached within one program or shared library: no detour by its tables.
MODEL_COPTS = ["-fvisibility=hidden"]

# Templates that the runtime has once: 6 % of what compiling a small model takes.
MODEL_INCLUDES = ["-include", "rules_sv_templates.h"]

# Time belongs to a model's context, never to a global function.
MODEL_DEFINES = ["VL_TIME_CONTEXT"]
