"""Tests of rules/private/lines.bzl."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules/private:lines.bzl", "check_lines")  # buildifier: disable=bzl-visibility
load("//tests/rules:support.bzl", "assert_one_message", "recorder", "test_group")

visibility(["//tests/rules/..."])

_LABEL = Label("//some:sim")

def _good_impl(ctx):
    env = unittest.begin(ctx)
    said = recorder()
    check_lines(_LABEL, {"defines": {"A": "a b \"c\" $d 'e' \\n"}, "plusargs": ["+a=b c"]}, fail = said.fail)
    asserts.equals(env, [], said.messages)
    return unittest.end(env)

_texts_of_one_line_test = unittest.make(_good_impl)

def _bad_impl(ctx):
    env = unittest.begin(ctx)
    for attributes in [
        {"defines": {"A": "1\n2"}},
        {"defines": {"A\n": "1"}},
        {"defines": ["+a\r"]},
    ]:
        said = recorder()
        check_lines(_LABEL, attributes, fail = said.fail)
        assert_one_message(env, said.messages, "{}: defines holds ".format(_LABEL), "a text of one line is expected")
    return unittest.end(env)

_line_breaks_test = unittest.make(_bad_impl)

def lines_test_suite(name):
    """Declares the tests and a suite of them.

    Args:
        name: the suite's name.
    """
    test_group(name, {
        "line_breaks": _line_breaks_test,
        "texts_of_one_line": _texts_of_one_line_test,
    })
