"""What the tests of the rules share: looking at one action, and expecting a message."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")

visibility(["//tests/rules/..."])

def action_of(env, mnemonic):
    """The target's only action of this mnemonic; a failed assertion and None where there is not exactly one."""
    actions = [action for action in analysistest.target_actions(env) if action.mnemonic == mnemonic]
    asserts.equals(env, 1, len(actions), "{} actions".format(mnemonic))
    return actions[0] if len(actions) == 1 else None

def values_of(argv, flag):
    """What follows `flag`, each time that it is there."""
    return [argv[i + 1] for i in range(len(argv) - 1) if argv[i] == flag]

def relative(env, paths):
    """The paths with the output folder's part of them, which the configuration names, as `<bin>`."""
    bin_dir = analysistest.target_bin_dir_path(env) + "/"
    return [path.replace(bin_dir, "<bin>/") for path in paths]

def below(here, *parts):
    """Files of the package of the tests, by the short names that the tests use.

    Isolated sources and their maps carry the package in their names: Verilator's messages at run time
    show a file's name alone, so that has to be enough to tell two units apart.

    Args:
        here: (str) the package's folder, with a slash at its end.
        *parts: (str) names.

    Returns:
        (list[str])
    """
    dotted = here.replace("/", ".")
    return [here + (dotted if part.endswith((".unit.sv", ".unit.map")) else "") + part for part in parts]

def names(files):
    """Where the files lie, without the output folder.

    Args:
        files: (depset[File]|list[File])

    Returns:
        (list[str])
    """
    return [file.short_path for file in (files.to_list() if type(files) == "depset" else files)]

def assert_hermetic(env, action):
    """The command line holds no absolute path, and the environment is fixed.

    Args:
        env: the test's environment.
        action: (Action)
    """
    for word in action.argv:
        # A label begins with two slashes.
        rooted = word.startswith("/") and not word.startswith("//")
        asserts.false(env, rooted or "=/" in word, "an absolute path in the command line: " + word)
    asserts.equals(env, {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}, action.env)

def assert_has(env, expected, actual, what):
    """Each of `expected` is among `actual`."""
    for element in expected:
        asserts.true(env, element in actual, "{}: {} is not among {}".format(what, element, actual))

def _failure_test_impl(ctx):
    env = analysistest.begin(ctx)
    for message in ctx.attr.messages:
        asserts.expect_failure(env, message)
    return analysistest.end(env)

# Passes where the target's analysis fails and says each of `messages`.
failure_test = analysistest.make(
    _failure_test_impl,
    attrs = {"messages": attr.string_list(mandatory = True, allow_empty = False)},
    expect_failure = True,
)

def recorder():
    """Stands in for `fail`, which ends the evaluation.

    Returns:
        (struct) `fail`: to be passed as the parameter of that name; `messages`: what it was called with.
    """
    messages = []
    return struct(fail = messages.append, messages = messages)

def assert_one_message(env, messages, *parts):
    """`fail` was called once, and said each of `parts`."""
    asserts.equals(env, 1, len(messages), "messages: {}".format(messages))
    for part in parts:
        asserts.true(env, len(messages) == 1 and part in messages[0], "no '{}' in {}".format(part, messages))

def test_group(name, tests):
    """Declares tests, each as `<name>_<key>_test`, and a suite of them.

    Args:
        name: (str) the suite's name.
        tests: (dict[str, function|tuple]) by what is tested: a test rule, or one with a dictionary of its attributes.
    """
    for key, test in tests.items():
        rule, attributes = test if type(test) == "tuple" else (test, {})
        rule(name = "{}_{}_test".format(name, key), size = "small", **attributes)
    native.test_suite(
        name = name,
        tests = ["{}_{}_test".format(name, key) for key in tests],
    )
