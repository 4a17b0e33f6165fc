"""Compiler options for generated models and the runtime below them."""

visibility(["//rules/...", "//tests/..."])

# Coroutines (delays, event controls) need C++20.
STD_COPTS = ["-std=gnu++20"]

# What is verilated apart has none: a unit with delays is merged. The library's headers cost a third less then, which
# is most of the time that compiling a small unit takes. Types are the same in both.
BOUNDARY_STD_COPTS = ["-std=gnu++17"]

# A simulator is run to be fast whatever the compilation mode, so what costs
# speed in Bazel's default toolchain is taken back: position-independent code
# whose functions another library may replace cost 17 % on Ibex. Generated code
# is not ours to warn about.
FAST_COPTS = [
    "-O2",
    "-fno-semantic-interposition",
    "-fno-stack-protector",
    "-fomit-frame-pointer",
    "-w",
]

# Start-up code and the like runs once: compile it fast.
SLOW_COPTS = [
    "-O0",
    "-fno-stack-protector",
    "-w",
]

# A model's code and data are reached within one program or shared library: no detour by its tables.
MODEL_COPTS = ["-fvisibility=hidden"]

# Time belongs to a model's context, never to a global function.
MODEL_DEFINES = ["VL_TIME_CONTEXT"]
