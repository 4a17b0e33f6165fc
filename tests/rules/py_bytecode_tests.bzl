"""Analysis tests of the bytecode that the programs of actions find beside their sources."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load(":support.bzl", "action_of", "assert_has", "assert_hermetic", "test_group")

visibility("private")

def _bytecode_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvBytecode")
    if not action:
        return analysistest.end(env)
    assert_hermetic(env, action)
    links = analysistest.target_under_test(env)[DefaultInfo].default_runfiles.root_symlinks.to_list()
    paths = {link.path: link.target_file for link in links}
    own = ctx.workspace_name
    assert_has(env, [own + "/hdl_py/sv/__pycache__", own + "/tools/__pycache__"], paths, "folders")
    asserts.true(env, any([path.endswith("/site-packages/click/__pycache__") for path in paths]), "pip packages")
    outputs = action.outputs.to_list()
    for path, folder in paths.items():
        asserts.true(env, folder.is_directory and folder in outputs, path + " is a folder of the action")
    return analysistest.end(env)

_bytecode_test = analysistest.make(_bytecode_impl)

def py_bytecode_test_suite(name):
    """Declares the tests and a suite of them.

    Args:
        name: the suite's name.
    """
    test_group(name, {
        "runfiles": (_bytecode_test, {"target_under_test": "//tools:sv_unit_bytecode"}),
    })
