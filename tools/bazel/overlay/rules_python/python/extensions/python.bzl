"""The `python` extension by its current names, with the machine's interpreter for a toolchain.

A toolchain can't be downloaded here, so every version that is asked for is met by one interpreter of the
machine: the first that is at least as new.
"""

_BUILD = """\
load("@rules_python//python:defs.bzl", "py_runtime", "py_runtime_pair")

package(default_visibility = ["//visibility:public"])

exports_files(["interpreter.txt"])

py_runtime(
    name = "runtime",
    interpreter_path = {path},
    python_version = "PY3",
    stub_shebang = {shebang},
)

py_runtime_pair(
    name = "runtime_pair",
    py3_runtime = ":runtime",
)

toolchain(
    name = "toolchain",
    toolchain = ":runtime_pair",
    toolchain_type = "@bazel_tools//tools/python:toolchain_type",
)
"""

_PROBE = "import os, sys; print('%d.%d' % sys.version_info[:2], os.path.realpath(sys.executable))"

def _at_least(found, wanted):
    return [int(part) for part in found.split(".")] >= [int(part) for part in wanted.split(".")[:2]]

def _local_python_impl(ctx):
    chosen = ctx.os.environ.get("BAZELW_PYTHON", "")
    if chosen:
        candidates = [chosen if "/" in chosen else str(ctx.which(chosen) or "")]
    else:
        # The system's own comes first: it is the same in every shell and in the sandbox.
        names = ["python" + ctx.attr.python_version, "python3"]
        candidates = ["/usr/bin/" + name for name in names] + [str(ctx.which(name) or "") for name in names]
    seen = []
    for candidate in candidates:
        if not candidate or not ctx.path(candidate).exists:
            continue
        probe = ctx.execute([candidate, "-I", "-c", _PROBE])
        version, _, path = probe.stdout.strip().partition(" ")
        if probe.return_code == 0 and path and _at_least(version, ctx.attr.python_version):
            ctx.file("interpreter.txt", path + "\n")
            ctx.file("BUILD.bazel", _BUILD.format(path = repr(path), shebang = repr("#!" + path)))
            return
        seen.append("{} ({})".format(candidate, version if path else "does not run"))
    fail(
        "no Python {} or newer on this machine; found {}. ".format(
            ctx.attr.python_version,
            ", ".join(seen) or ("no " + chosen if chosen else "none"),
        ) + "Install one, or name it: BAZELW_PYTHON=/path/to/python3",
    )

_local_python = repository_rule(
    implementation = _local_python_impl,
    attrs = {"python_version": attr.string(mandatory = True)},
    configure = True,
    environ = [
        "BAZELW_PYTHON",
        "PATH",
    ],
)

def _python_impl(ctx):
    versions = {
        tag.python_version: None
        for module in ctx.modules
        for tag in module.tags.toolchain
    }
    newest = sorted([[int(part) for part in version.split(".")[:2]] for version in versions or ["3.9"]])[-1]
    _local_python(
        name = "pythons_hub",
        python_version = ".".join([str(part) for part in newest]),
    )

_toolchain = tag_class(
    attrs = {
        "configure_coverage_tool": attr.bool(),
        "ignore_root_user_error": attr.bool(),
        "is_default": attr.bool(),
        "name": attr.string(),
        "python_version": attr.string(mandatory = True),
    },
)

python = module_extension(
    implementation = _python_impl,
    tag_classes = {"toolchain": _toolchain},
)
