"""What all parts of a simulation share: the model's attributes, and the build settings that override them."""

load("@bazel_skylib//rules:common_settings.bzl", "BuildSettingInfo")

visibility(["//rules/...", "//tests/..."])

_SECONDS = [n + unit for unit in ["s", "ms", "us", "ns", "ps", "fs"] for n in ["100", "10", "1"]]

# The time unit and precision that definitions may be given (IEEE 1800-2023 22.7): coarsest first, no precision coarser.
TIMESCALES = [
    unit + "/" + precision
    for number, unit in enumerate(_SECONDS)
    for precision in _SECONDS[number:]
]

# Of a model, and so of the aspect that verilates the units below it.
MODEL_ATTRS = {
    "asserts": attr.bool(doc = "Whether assertions are checked.", default = True),
    "coverage": attr.bool(doc = "Whether coverage is gathered."),
    "delays": attr.string(
        doc = "Whether delays count; `timing` says so to users.",
        default = "honoured",
        values = ["honoured", "ignored"],
    ),
    "parallel": attr.bool(doc = "Whether several threads evaluate units that are verilated apart; `threads` says so to users."),
    "timescale": attr.string(
        doc = "Time unit and precision of definitions that have none, such as \"1ns/1ps\".",
        default = "",
        values = [""] + TIMESCALES,
    ),
    "trace": attr.string(
        doc = "The kind of waveform that the model can write.",
        default = "none",
        values = ["none", "vcd", "fst"],
    ),
}

SETTING_ATTRS = {
    "_compile": attr.label(default = Label("//rules:compile")),
    "_coverage": attr.label(default = Label("//rules:coverage")),
    "_trace": attr.label(default = Label("//rules:trace")),
    "_vopts": attr.label(default = Label("//rules:vopts")),
}

def shared_settings(ctx):
    """The settings of a model and of every unit below it.

    Args:
        ctx: the context of a rule or an aspect with MODEL_ATTRS and SETTING_ATTRS.

    Returns:
        (struct) asserts, coverage (bool), delays (bool: whether they count), merge (bool), timescale, trace (str),
        vopts (list[str]), parallel (bool).
    """
    attr = ctx.attr
    return struct(
        asserts = attr.asserts,
        coverage = attr.coverage or attr._coverage[BuildSettingInfo].value,
        delays = attr.delays == "honoured",
        merge = attr._compile[BuildSettingInfo].value == "merge",
        parallel = attr.parallel,
        timescale = attr.timescale,
        trace = attr._trace[BuildSettingInfo].value or attr.trace,
        vopts = attr._vopts[BuildSettingInfo].value,
    )

def setting_words(settings):
    """What stub and model of a unit must have in common, as `KEY=VALUE`; nothing where it is the default.

    Args:
        settings: (struct) from shared_settings.

    Returns:
        (list[str])
    """
    words = [] if settings.asserts else ["asserts=off"]
    words += ["coverage=on"] if settings.coverage else []
    words += [] if settings.delays else ["delays=ignored"]
    words += ["threads=on"] if settings.parallel else []
    words += ["timescale=" + settings.timescale] if settings.timescale else []
    words += ["trace=" + settings.trace] if settings.trace != "none" else []
    return words + ["vopts=" + option for option in settings.vopts]

def setting_folder(settings):
    """A name for the outputs of these settings; build settings are told apart by the configuration's folder.

    Args:
        settings: (struct) from shared_settings.

    Returns:
        (str)
    """
    words = [settings.trace]
    words += [] if settings.asserts else ["noasserts"]
    words += ["coverage"] if settings.coverage else []
    words += [] if settings.delays else ["nodelays"]
    words += ["threads"] if settings.parallel else []
    words += [settings.timescale.replace("/", "-")] if settings.timescale else []
    return "_".join(words)
