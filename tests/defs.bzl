"""pytest as Bazel tests."""

load("@rules_python//python:defs.bzl", "py_test")

_MAIN = "//tests:pytest_main.py"

def pytest_test(name, srcs, deps = [], data = [], args = [], size = "medium", **kwargs):
    """Runs pytest on exactly these files; fails where no test ran.

    `--test_filter=EXPRESSION` becomes pytest's `-k EXPRESSION`; `--test_arg` reaches pytest unchanged;
    `shard_count` spreads the tests over processes.

    Args:
      name: the target's name.
      srcs: test files. Helpers and conftest.py belong into a py_library in `deps`.
      deps: what the tests import; pytest itself is added.
      data: files that the tests read.
      args: further arguments of pytest.
      size: Bazel's test size.
      **kwargs: any other attribute of py_test.
    """
    py_test(
        name = name,
        size = size,
        srcs = srcs + [_MAIN],
        args = ["$(rootpath {})".format(src) for src in srcs] + args,
        data = data,
        main = _MAIN,
        deps = deps + ["@pip//pytest"],
        **kwargs
    )

def pytest_tests(name, srcs, deps = [], data = [], sizes = {}, more_deps = {}, more_attrs = {}, **kwargs):
    """One pytest_test for each file, named after it without `.py`, and a test_suite of them all.

    Args:
      name: the suite's name.
      srcs: test files, such as a glob.
      deps: as of pytest_test.
      data: as of pytest_test.
      sizes: the Bazel test size of files that need another than the usual one.
      more_deps: further deps of some files: those whose path starts with the key.
      more_attrs: likewise, further attributes of them; `data` is added to that of all.
      **kwargs: as of pytest_test.
    """
    plain = []
    for src in srcs:
        more = [dep for start, more in more_deps.items() if src.startswith(start) for dep in more]
        attrs = dict(kwargs)
        for start, own in more_attrs.items():
            if src.startswith(start):
                attrs.update(own)
        if "manual" not in attrs.get("tags", []):
            plain.append(src)
        pytest_test(
            name = src.removesuffix(".py"),
            size = sizes.get(src, "medium"),
            srcs = [src],
            data = data + attrs.pop("data", []),
            deps = deps + more,
            **attrs
        )
    unknown = [start for start in list(more_deps) + list(more_attrs) if not [src for src in srcs if src.startswith(start)]]
    unknown += [src for src in sizes if src not in srcs]
    if unknown:
        fail("pytest_tests: no test file is, or starts with, " + ", ".join(unknown))
    if plain:  # A suite of no tests would stand for all of its package, and one of manual tests runs them.
        native.test_suite(
            name = name,
            tests = [src.removesuffix(".py") for src in plain],
        )
