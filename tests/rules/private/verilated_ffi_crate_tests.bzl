"""Tests of rules/private/verilated_ffi_crate.bzl."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules:defs.bzl", "verilated_ffi_crate")
load("//rules/private:verilated_ffi_crate.bzl", "check_crate_name", "check_only_crate")  # buildifier: disable=bzl-visibility
load("//rules/private:verilated_ffi_model.bzl", "check_features")  # buildifier: disable=bzl-visibility
load("//tests/rules:support.bzl", "assert_one_message", "recorder", "test_group")

visibility(["//tests/rules/..."])

def _good_impl(ctx):
    env = unittest.begin(ctx)
    for crate_name in ["fifo", "_fifo", "verilated_fifo_2", "FIFO"]:
        said = recorder()
        check_crate_name("x", crate_name, fail = said.fail)
        asserts.equals(env, [], said.messages)
    return unittest.end(env)

_names_test = unittest.make(_good_impl)

def _bad_impl(ctx):
    env = unittest.begin(ctx)
    for crate_name in ["", "_", "2fifo", "a-b", "a b", "fifo.x", "ä", "self", "crate", "super", "type", "verilated_runtime"]:
        said = recorder()
        check_crate_name("x", crate_name, fail = said.fail)
        assert_one_message(env, said.messages, "x: crate_name is \"{}\"; ".format(crate_name))
    return unittest.end(env)

_bad_names_test = unittest.make(_bad_impl)

def _only_impl(ctx):
    env = unittest.begin(ctx)
    rules = {
        "a": {"kind": "sv_library", "name": "a"},
        "b.model": {"crate": "Same", "kind": "verilated_ffi_model", "name": "b.model"},
    }
    said = recorder()
    check_only_crate("x", "other", rules, fail = said.fail)
    asserts.equals(env, [], said.messages)
    check_only_crate("x", "same", rules, fail = said.fail)
    assert_one_message(env, said.messages, "x: crate_name is \"same\", and so is that of b. Give one of them another")
    return unittest.end(env)

_only_crate_test = unittest.make(_only_impl)

def _features_impl(ctx):
    env = unittest.begin(ctx)
    for savable, timing, coverage in [(True, False, False), (False, True, True)]:
        said = recorder()
        check_features("//p:x", savable = savable, timing = timing, coverage = coverage, fail = said.fail)
        asserts.equals(env, [], said.messages)
    for name in ["timing", "coverage"]:
        said = recorder()
        check_features("//p:x", savable = True, timing = name == "timing", coverage = name == "coverage", fail = said.fail)
        message = "//p:x: Verilator can't combine savable with {}. Turn one of them off".format(name)
        assert_one_message(env, said.messages, message)
    return unittest.end(env)

_features_test = unittest.make(_features_impl)

def verilated_ffi_crate_test_suite(name):
    """Declares the tests and a suite of them.

    Args:
        name: the suite's name.
    """

    # A name that a crate of the parent package has but for capitals.
    verilated_ffi_crate(
        name = "same_crate",
        crate_name = "CHOSEN",
        module = "//tests/rules:ffi_top",
        tags = ["manual"],
        top = "top",
        visibility = ["//tests/rules:__pkg__"],
    )
    test_group(name, {
        "bad_names": _bad_names_test,
        "features": _features_test,
        "names": _names_test,
        "only_crate": _only_crate_test,
    })
