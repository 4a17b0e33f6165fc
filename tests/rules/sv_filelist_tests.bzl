"""Analysis tests of `sv_filelist`. No source file exists: nothing is built."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//rules:defs.bzl", "sv_filelist", "sv_library", "sv_package")
load(":support.bzl", "action_of", "assert_has", "failure_test", "names", "test_group")

visibility("private")

_HERE = "tests/rules/"

def _below(*parts):
    return [_HERE + part for part in parts]

def _subjects():
    kwargs = {"tags": ["manual"]}
    sv_package(name = "list_pkg", srcs = ["pkg.sv"], **kwargs)
    sv_library(
        name = "list_leaf",
        srcs = ["leaf_b.sv", "leaf_a.sv"],
        hdrs = ["inc/leaf.svh", "inc/more.svh"],
        defines = {"WIDTH": "8"},
        includes = ["inc"],
        deps = [":list_pkg"],
        **kwargs
    )
    sv_library(name = "list_top", srcs = ["top.sv"], deps = [":list_leaf"], **kwargs)
    sv_filelist(name = "list", deps = [":list_top"], **kwargs)
    sv_library(name = "list_odd", srcs = ["odd.sv"], defines = {"TEXT": "a b"}, **kwargs)
    sv_filelist(name = "list_of_odd", deps = [":list_odd"], **kwargs)

def _content_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "FileWrite")
    if action:
        asserts.equals(
            env,
            ["+incdir+tests/rules/inc", "+define+WIDTH=8"] + _below("pkg.sv", "leaf_b.sv", "leaf_a.sv", "top.sv"),
            action.content.strip().split("\n"),
            "folders of headers, macros, then files: dependencies first",
        )
    target = analysistest.target_under_test(env)
    asserts.equals(env, _below("list.f"), names(target[DefaultInfo].files))
    assert_has(
        env,
        _below("list.f", "pkg.sv", "leaf_a.sv", "top.sv", "inc/leaf.svh", "inc/more.svh"),
        names(target[DefaultInfo].default_runfiles.files),
        "what the list names is beside it",
    )
    return analysistest.end(env)

_content_test = analysistest.make(_content_impl)

def sv_filelist_test_suite(name):
    """Declares the tests and a suite of them.

    Args:
        name: the suite's name.
    """
    _subjects()
    test_group(name, {
        "content": (_content_test, {"target_under_test": ":list"}),
        "macro_with_a_space": (failure_test, {
            "messages": ["//tests/rules:list_odd: the macro TEXT has the value \"a b\", which a .f file can't carry"],
            "target_under_test": ":list_of_odd",
        }),
    })
