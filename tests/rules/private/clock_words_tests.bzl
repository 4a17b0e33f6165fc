"""Tests of rules/private/clock_words.bzl."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules/private:clock_words.bzl", "check_clock_words")  # buildifier: disable=bzl-visibility
load("//tests/rules:support.bzl", "assert_one_message", "recorder", "test_group")

visibility(["//tests/rules/..."])

def _good_impl(ctx):
    env = unittest.begin(ctx)
    said = recorder()
    check_clock_words(
        "//p:x",
        ["clk", "b negedge", "c  posedge period=6 phase=1", "d period=08 phase=0"],
        {"e": "", "f": "low", "g": "high async", "h": "sync low"},
        fail = said.fail,
    )
    asserts.equals(env, [], said.messages)
    return unittest.end(env)

_good_test = unittest.make(_good_impl)

def _bad_impl(ctx):
    env = unittest.begin(ctx)
    for clock, message in {
        " ": "//p:x: clocks holds \" \"; the name of an input is expected",
        "clk period": "clocks holds \"clk period\", and \"period\" says nothing of a clock; posedge, ",
        "clk period=0": "//p:x: clocks holds \"clk period=0\", whose period is 0; an even number of time units is",
        "clk period=5": "whose period is 5; an even number of time units is expected, at least 2 and at most",
        "clk period=9000000000000000000": "whose period is 9000000000000000000; an even number",
        "clk phase=9000000000000000000": "whose phase is 9000000000000000000; at most 4611686018427387904",
        "clk period=-2": "and \"period=-2\" says nothing of a clock",
        "clk rising": "//p:x: clocks holds \"clk rising\", and \"rising\" says nothing of a clock",
    }.items():
        said = recorder()
        check_clock_words("//p:x", [clock], {}, fail = said.fail)
        assert_one_message(env, said.messages, message)
    said = recorder()
    check_clock_words("//p:x", ["clk", "clk negedge"], {}, fail = said.fail)
    assert_one_message(env, said.messages, "//p:x: clocks holds \"clk\" twice; once is expected")
    said = recorder()
    check_clock_words("//p:x", ["clk"], {"clk": "low"}, fail = said.fail)
    assert_one_message(env, said.messages, "//p:x: \"clk\" is among the clocks and the resets; an input is one of them")
    for reset, message in {
        "async sync": "//p:x: resets holds \"async sync\" for r, which is both async and sync; one of them is expected",
        "down": "//p:x: resets holds \"down\" for r, and \"down\" says nothing of a reset; low or high",
        "low high": "which is both low and high",
    }.items():
        said = recorder()
        check_clock_words("//p:x", [], {"r": reset}, fail = said.fail)
        assert_one_message(env, said.messages, message)
    return unittest.end(env)

_bad_test = unittest.make(_bad_impl)

def clock_words_test_suite(name):
    """Declares the tests and a suite of them.

    Args:
        name: the suite's name.
    """
    test_group(name, {"bad": _bad_test, "good": _good_test})
