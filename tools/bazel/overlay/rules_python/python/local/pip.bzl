"""Repository rules for wheels: fetched by pip, unpacked by `wheel.py`."""

_INTERPRETER = Label("@pythons_hub//:interpreter.txt")
_TOOL = Label("//python/local:wheel.py")
_PIP = Label("//python/local:pip.whl")

def _run(ctx, args, environment = {}, timeout = 600):
    python = ctx.read(_INTERPRETER).strip()
    done = ctx.execute(
        [python, "-I", "-B", ctx.path(_TOOL)] + args,
        environment = environment,
        timeout = timeout,
    )
    if done.return_code:
        fail("{}: {}\n{}".format(ctx.name, done.stdout.strip(), done.stderr.strip()))
    return done.stdout

def _wheel_impl(ctx):
    ctx.file("requirements.txt", ctx.attr.requirement + "\n")
    _run(
        ctx,
        ["fetch", ctx.path(_PIP), "requirements.txt"] + ctx.attr.pip_args,
        ctx.attr.environment,
        ctx.attr.timeout,
    )
    found = json.decode(ctx.read("wheel.json"))
    ctx.file("BUILD.bazel", """\
package(default_visibility = ["//visibility:public"])

exports_files(["wheel.json", {file}])

filegroup(
    name = "whl",
    srcs = [{file}],
)
""".format(file = repr(found["file"])))

wheel = repository_rule(
    implementation = _wheel_impl,
    attrs = {
        "environment": attr.string_dict(),
        "pip_args": attr.string_list(),
        "requirement": attr.string(mandatory = True),
        "timeout": attr.int(default = 600),
    },
)

def _unpacked_wheel_impl(ctx):
    record = ctx.path(ctx.attr.wheel)
    found = json.decode(ctx.read(record))
    missing = [name for name in found["requires"] if name not in ctx.attr.packages]
    if missing:
        fail("{} needs {}, which the requirements lock of the hub '{}' does not have: lock it again".format(
            found["file"],
            ", ".join(missing),
            ctx.attr.hub,
        ))
    _run(ctx, ["unpack", record.dirname.get_child(found["file"])])
    deps = ["@{}_{}//:pkg".format(ctx.attr.hub, name) for name in found["requires"]]
    wheels = ["@{}_{}//:whl".format(ctx.attr.hub, name) for name in found["requires"]]
    ctx.file("BUILD.bazel", """\
load("@rules_python//python:defs.bzl", "py_library")

package(default_visibility = ["//visibility:public"])

filegroup(
    name = "whl",
    srcs = ["{whl}"],
    data = {wheels},
)

filegroup(
    name = "dist_info",
    srcs = glob(["site-packages/*.dist-info/**"], allow_empty = True),
)

filegroup(
    name = "data",
    srcs = glob(["data/**"], allow_empty = True),
)

filegroup(
    name = "extracted_whl_files",
    srcs = glob(["site-packages/**"], allow_empty = True),
)

py_library(
    name = "pkg",
    srcs = glob(["site-packages/**/*.py"], allow_empty = True),
    data = [":data"] + glob(
        ["site-packages/**"],
        allow_empty = True,
        exclude = [
            "**/*.py",
            "**/*.pyc",
            "**/*.dist-info/RECORD",
        ],
    ),
    imports = ["site-packages"],
    deps = {deps},
)
""".format(
        deps = repr(deps),
        whl = "@@{}//:whl".format(ctx.attr.wheel.workspace_name),
        wheels = repr(wheels),
    ))

unpacked_wheel = repository_rule(
    implementation = _unpacked_wheel_impl,
    attrs = {
        "hub": attr.string(mandatory = True),
        "packages": attr.string_list(mandatory = True),
        "wheel": attr.label(mandatory = True),
    },
)

_ALIASES = ["data", "dist_info", "extracted_whl_files", "pkg"]

def _pip_hub_impl(ctx):
    for package in ctx.attr.packages:
        repo = "{}_{}".format(ctx.attr.repo, package)
        aliases = {package: "@{}//:pkg".format(repo), "whl": "@{}_whl//:whl".format(repo)}
        aliases.update({name: "@{}//:{}".format(repo, name) for name in _ALIASES})
        ctx.file(package + "/BUILD.bazel", 'package(default_visibility = ["//visibility:public"])\n' + "".join([
            '\nalias(\n    name = "{}",\n    actual = "{}",\n)\n'.format(name, aliases[name])
            for name in sorted(aliases)
        ]))
    ctx.file("BUILD.bazel", 'exports_files(["requirements.bzl"])\n')
    ctx.file("requirements.bzl", """\
\"\"\"The packages of the requirements lock.\"\"\"

all_requirements = {packages}

all_whl_requirements = {wheels}

def requirement(name):
    return "@@{hub}//" + name.replace("-", "_").replace(".", "_").lower() + ":pkg"
""".format(
        hub = ctx.name,
        packages = repr(["@@{}//{}:pkg".format(ctx.name, name) for name in ctx.attr.packages]),
        wheels = repr(["@@{}//{}:whl".format(ctx.name, name) for name in ctx.attr.packages]),
    ))

pip_hub = repository_rule(
    implementation = _pip_hub_impl,
    attrs = {
        "packages": attr.string_list(mandatory = True),
        "repo": attr.string(mandatory = True),
    },
)
