"""The `pip` extension by its current names: `pip.parse(hub_name, python_version, requirements_lock)`.

Each package of the lock gets two repositories: one that holds its wheel as pip fetched it, by name and hash
and through the machine's own pip configuration, and one that unpacks it. Neither is made before a target asks
for it, and a target that asks for the wheel alone unpacks nothing.
"""

load("//python/local:pip.bzl", "pip_hub", "unpacked_wheel", "wheel")
load("//python/pip_install:requirements_parser.bzl", parse_requirements = "parse")

def _normalize(name):
    return name.replace("-", "_").replace(".", "_").lower()

def _pip_impl(ctx):
    hubs = {}
    for module in ctx.modules:
        for tag in module.tags.parse:
            owner, other = hubs.get(tag.hub_name, (module.name, None))
            if owner != module.name:
                fail("pip.parse: the hub '{}' of module '{}' is also made by module '{}'; rename one".format(
                    tag.hub_name,
                    module.name,
                    owner,
                ))

            # One hub may have a lock for each Python version. There is one interpreter here, at least as new
            # as the newest version that is asked for: the newest lock is for it.
            if not other or _version(tag.python_version) > _version(other.python_version):
                hubs[tag.hub_name] = (owner, tag)
    for owner, tag in hubs.values():
        _hub(ctx, owner, tag)

def _version(text):
    return [int(part) for part in text.split(".")]

def _hub(ctx, owner, tag):
    hub = tag.hub_name
    lock = tag.requirements_linux or tag.requirements_lock
    if not lock:
        fail("pip.parse(hub_name = '{}') of module '{}' needs requirements_lock".format(hub, owner))
    parsed = parse_requirements(ctx.read(lock))
    packages = []
    for name, requirement in parsed.requirements:
        package = _normalize(name)
        packages.append(package)
        wheel(
            name = "{}_{}_whl".format(hub, package),
            requirement = requirement,
            pip_args = tag.extra_pip_args + parsed.options,
            environment = tag.environment,
            timeout = tag.timeout,
        )
    for package in packages:
        unpacked_wheel(
            name = "{}_{}".format(hub, package),
            hub = hub,
            packages = packages,
            wheel = "@{}_{}_whl//:wheel.json".format(hub, package),
        )
    pip_hub(name = hub, packages = packages, repo = hub)

_parse = tag_class(
    attrs = {
        "download_only": attr.bool(),
        "environment": attr.string_dict(),
        "extra_pip_args": attr.string_list(),
        "hub_name": attr.string(mandatory = True),
        "isolated": attr.bool(),
        "python_version": attr.string(mandatory = True),
        "quiet": attr.bool(),
        "requirements_linux": attr.label(allow_single_file = True),
        "requirements_lock": attr.label(allow_single_file = True),
        "timeout": attr.int(default = 1800),
    },
)

pip = module_extension(
    implementation = _pip_impl,
    tag_classes = {"parse": _parse},
)
