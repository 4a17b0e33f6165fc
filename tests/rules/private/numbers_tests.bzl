"""Tests of rules/private/numbers.bzl."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules/private:numbers.bzl", "check_numbers")  # buildifier: disable=bzl-visibility
load("//tests/rules:support.bzl", "assert_one_message", "recorder", "test_group")

visibility(["//tests/rules/..."])

def _good_impl(ctx):
    env = unittest.begin(ctx)
    for value in [1, 2, 8]:
        said = recorder()
        check_numbers("//p:x", struct(threads = value), {"threads": (1, 8)}, fail = said.fail)
        asserts.equals(env, [], said.messages)
    return unittest.end(env)

_good_test = unittest.make(_good_impl)

def _bad_impl(ctx):
    env = unittest.begin(ctx)
    for value in [-1, 0, 9]:
        said = recorder()
        check_numbers("//p:x", struct(threads = value), {"threads": (1, 8)}, fail = said.fail)
        assert_one_message(env, said.messages, "//p:x: threads is {}; 1 to 8 is expected".format(value))
    return unittest.end(env)

_bad_test = unittest.make(_bad_impl)

def numbers_test_suite(name):
    """Declares the tests and a suite of them.

    Args:
        name: the suite's name.
    """
    test_group(name, {"bad": _bad_test, "good": _good_test})
