"""Tests of rules/private/verilated_ffi_crate.bzl."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules/private:verilated_ffi_crate.bzl", "check_crate_name")  # buildifier: disable=bzl-visibility
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

def verilated_ffi_crate_test_suite(name):
    """Declares the tests and a suite of them.

    Args:
        name: the suite's name.
    """
    test_group(name, {
        "bad_names": _bad_names_test,
        "names": _names_test,
    })
