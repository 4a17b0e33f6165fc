"""The C++ toolchain of a machine without a compiler: an error that says how to get one.

Bazel's own toolchain fails while it is fetched, with a traceback, where there is no compiler; bazelw keeps Bazel
from looking for one then.
"""

_BUILD = """\
load("@apple_support//cc:missing_toolchain.bzl", "missing_cc_toolchain")

missing_cc_toolchain(
    name = "missing",
    reason = {reason},
)

toolchain(
    name = "toolchain",
    exec_compatible_with = HOST_CONSTRAINTS,
    target_compatible_with = HOST_CONSTRAINTS,
    toolchain = ":missing",
    toolchain_type = "@bazel_tools//tools/cpp:toolchain_type",
)
"""

def _missing_cc_impl(ctx):
    wanted = ctx.getenv("CC") or "gcc"
    if ctx.path(wanted).exists if wanted.startswith("/") else ctx.which(wanted):
        reason = "BAZEL_DO_NOT_DETECT_CPP_TOOLCHAIN=1 keeps Bazel from looking for one. Unset it"
    elif ctx.getenv("CC"):
        reason = "CC={} names no program. Correct it, or unset it for gcc".format(wanted)
    else:
        reason = "there is no gcc on PATH. Install it (Debian: apt-get install g++), or name another in CC"
    ctx.file("BUILD.bazel", 'load("@platforms//host:constraints.bzl", "HOST_CONSTRAINTS")\n' + _BUILD.format(
        reason = repr(reason),
    ))

_missing_cc = repository_rule(
    implementation = _missing_cc_impl,
    configure = True,
    environ = [
        "BAZEL_DO_NOT_DETECT_CPP_TOOLCHAIN",
        "CC",
        "PATH",
    ],
)

def _cc_impl(_mctx):
    _missing_cc(name = "missing_cc_toolchain")

cc = module_extension(implementation = _cc_impl)
