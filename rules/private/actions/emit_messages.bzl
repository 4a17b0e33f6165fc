"""SvMessages: what an action had to say, with the user's lines.

Line maps change with every comment, so that no action that takes long may read one: a machine without Bazel's
local state would do it again for nothing. Such an action writes its messages to a log, with the lines of isolated
texts, and where it refused the sources, its other outputs are empty. SvMessages translates the log, and fails where
there was a refusal. All that is made of those outputs takes its output, whose text is always the same, so that
nothing is ever made of an empty one.
"""

load("//rules/private:common.bzl", "TOOL_ENV", "WORKER", "label_text", "tool_args")

visibility(["//rules/private/...", "//tests/..."])

def emit_messages(ctx, *, tool, label, name, log, maps, about):
    """Declares the action and its output.

    Args:
        ctx: the context of a rule or an aspect.
        tool: (FilesToRunProvider) `//tools:sv_messages`.
        label: (Label) the target that the messages are about.
        name: (str) of the output.
        log: (File) the messages.
        maps: (depset[File]) line maps of all that they may name.
        about: (str) what said it, for the progress message.

    Returns:
        (File) a C++ header, which is there only if nothing was refused.
    """
    out = ctx.actions.declare_file(name + ".checked.h")
    unused = ctx.actions.declare_file(name + ".unused_inputs")
    args = tool_args(ctx)
    args.add("--log", log)
    args.add_all(maps, before_each = "--map")
    args.add("--out", out)
    args.add("--out-unused", unused)
    ctx.actions.run(
        executable = tool,
        arguments = [args],
        inputs = depset([log], transitive = [maps]),
        outputs = [out, unused],
        unused_inputs_list = unused,
        env = TOOL_ENV,
        execution_requirements = WORKER,
        mnemonic = "SvMessages",
        progress_message = "Reading what {} said of {}".format(about, label_text(label)),
    )
    return out
