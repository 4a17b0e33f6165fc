"""Tests of rules/private/defines.bzl."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules/private:defines.bzl", "define_argument", "make_define", "own_defines", "resolve_defines")  # buildifier: disable=bzl-visibility
load("//tests/rules:support.bzl", "assert_one_message", "recorder", "test_group")

visibility(["//tests/rules/..."])

_HERE = Label("//some:unit")
_A = Label("//some:a")
_B = Label("//some:b")

def _texts(defines):
    return [define_argument(define) for define in defines]

def _argument_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(env, "SYNTHESIS", define_argument(make_define("SYNTHESIS", None, _A)))
    asserts.equals(env, "EMPTY=", define_argument(make_define("EMPTY", "", _A)))
    asserts.equals(env, "TEXT=a b \"c\" $d 'e' =f", define_argument(make_define("TEXT", "a b \"c\" $d 'e' =f", _A)))
    return unittest.end(env)

_arguments_test = unittest.make(_argument_impl)

def _own_impl(ctx):
    env = unittest.begin(ctx)
    asserts.equals(
        env,
        [struct(name = "B", value = "2", origin = _HERE), struct(name = "A", value = "1", origin = _HERE)],
        own_defines(_HERE, {"B": "2", "A": "1"}),
    )
    return unittest.end(env)

_own_defines_name_their_target_test = unittest.make(_own_impl)

def _merge_impl(ctx):
    env = unittest.begin(ctx)
    said = recorder()
    resolved = resolve_defines(
        _HERE,
        own_defines(_HERE, {"Z": "1"}),
        own_defines(_A, {"M": "2", "SAME": "x"}) + own_defines(_B, {"A": "3", "SAME": "x"}),
        fail = said.fail,
    )
    asserts.equals(env, ["A=3", "M=2", "SAME=x", "Z=1"], _texts(resolved), "sorted by name, one a macro")
    asserts.equals(env, [], said.messages)
    return unittest.end(env)

_inherited_and_own_defines_are_merged_test = unittest.make(_merge_impl)

def _own_wins_impl(ctx):
    env = unittest.begin(ctx)
    said = recorder()
    resolved = resolve_defines(
        _HERE,
        own_defines(_HERE, {"WIDTH": "8"}),
        own_defines(_A, {"WIDTH": "16"}) + own_defines(_B, {"WIDTH": "32"}),
        fail = said.fail,
    )
    asserts.equals(env, ["WIDTH=8"], _texts(resolved))
    asserts.equals(env, _HERE, resolved[0].origin)
    asserts.equals(env, [], said.messages)
    return unittest.end(env)

_own_value_wins_test = unittest.make(_own_wins_impl)

def _last_own_impl(ctx):
    env = unittest.begin(ctx)
    own = own_defines(_HERE, {"WIDTH": "8"}) + own_defines(_HERE, {"WIDTH": "9"})
    asserts.equals(env, ["WIDTH=9"], _texts(resolve_defines(_HERE, own, [])), "local_defines come last")
    return unittest.end(env)

_later_own_value_wins_test = unittest.make(_last_own_impl)

def _conflict_impl(ctx):
    env = unittest.begin(ctx)
    for left, right in [("16", "32"), ("16", None), ("", None)]:
        said = recorder()
        resolve_defines(
            _HERE,
            [],
            [make_define("WIDTH", left, _A), make_define("WIDTH", right, _B)],
            fail = said.fail,
        )
        assert_one_message(
            env,
            said.messages,
            str(_HERE),
            "define the macro WIDTH differently",
            "{} says {}".format(_A, repr(left)),
            "{} says {}".format(_B, repr(right)),
            "defines = {\"WIDTH\": ...}",
        )
    return unittest.end(env)

_conflict_test = unittest.make(_conflict_impl)

def defines_test_suite(name):
    """Declares the tests and a suite of them.

    Args:
        name: the suite's name.
    """
    test_group(name, {
        "arguments": _arguments_test,
        "conflict": _conflict_test,
        "inherited_and_own_defines_are_merged": _inherited_and_own_defines_are_merged_test,
        "later_own_value_wins": _later_own_value_wins_test,
        "own_defines_name_their_target": _own_defines_name_their_target_test,
        "own_value_wins": _own_value_wins_test,
    })
