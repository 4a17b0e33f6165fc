"""`sv_sim` and `sv_test` as users write them: a model and what runs it, in one call."""

load("//rules/private:sv_model.bzl", "sv_model")
load("//rules/private:sv_sim.bzl", "sv_sim_binary", "sv_sim_test")

visibility(["//rules/...", "//tests/..."])

def _timing(timing, clocks, main):
    if timing == None:
        return "auto" if clocks or main else "on"
    return "on" if timing else "off"

def _common(kwargs):
    return {
        name: kwargs[name]
        for name in ["compatible_with", "exec_compatible_with", "features", "restricted_to", "tags", "target_compatible_with", "testonly"]
        if name in kwargs
    }

def check_model_or_top(name, *, model, top, deps, fail = fail):
    """A simulator has a model, or a top and deps to make one of.

    Args:
        name: (str) the target's name.
        model: (str|Label|None) what the user gave.
        top: (str|None) likewise.
        deps: (list) likewise.
        fail: (function) what to call on an error; tests pass their own.
    """
    if model and (top or deps):
        fail("{}: model already has a top and deps. Leave out model, or top and deps".format(name))
    if not model and not top:
        fail("{}: top is missing. Name the top module: top = \"...\"".format(name))

def _declare(
        rule,
        name,
        *,
        model = None,
        top = None,
        deps = [],
        parameters = {},
        trace = "none",
        coverage = False,
        timing = None,
        timescale = "",
        asserts = True,
        threads = 1,
        vopts = [],
        copts = [],
        clocks = {},
        resets = {},
        main = None,
        testonly = None,
        **kwargs):
    if testonly != None:
        kwargs["testonly"] = testonly
    check_model_or_top(name, model = model, top = top, deps = deps)
    if not model:
        model = name + ".model"
        common = _common(kwargs)
        if rule == sv_sim_test:
            common["testonly"] = True
        sv_model(
            name = model,
            top = top,
            deps = deps,
            asserts = asserts,
            clocks = clocks.keys(),
            copts = copts,
            coverage = coverage,
            parameters = parameters,
            resets = resets.keys(),
            threads = threads,
            timescale = timescale,
            timing = _timing(timing, clocks, main),
            trace = trace,
            visibility = kwargs.get("visibility"),
            vopts = vopts,
            **common
        )
    if type(threads) == "int" and threads > 1:
        # Bazel keeps as many cores free for it.
        kwargs["tags"] = kwargs.get("tags", []) + ["cpu:{}".format(threads)]
    rule(
        name = name,
        clocks = clocks,
        main = main,
        model = model,
        resets = resets,
        **kwargs
    )

def sv_sim(name, **kwargs):
    """A simulator: `bazel run //pkg:name -- +plusarg --trace=/tmp/x.fst`.

    The top either makes its own time (delays, event controls), or has clock
    inputs that the built-in main drives at full speed. `<name>.model` is the
    model as a C++ library (`V<top>.h`), which a `main` of one's own depends on.

    Args:
        name: the target's name.
        **kwargs: `top` (the top module) and `deps` (its units), or `model` (an sv_model that
            exists already); `parameters` ({name: value} of the top); `clocks` ({input: period}),
            `resets` ({input: "low" or "high"}), `reset_cycles` (5), `max_cycles` (0: no limit);
            `plusargs`, `seed` (1), `data`; `trace` ("none", "vcd", "fst"); `coverage` (False); `timing` (True, False;
            where it is left out, on for a top without clocks, and with clocks an error where there
            are delays), `timescale` ("1ns/1ps", for definitions that have none); `asserts` (True), `threads` (1), `vopts`, `copts`, `linkopts`; `main` (a
            cc_library in place of the built-in main); and what every Bazel rule takes.
    """
    _declare(sv_sim_binary, name, **kwargs)

def sv_test(name, **kwargs):
    """A simulation as a test: `$finish` passes; `$fatal`, `$error`, `$stop` and the cycle limit fail.

    Takes what sv_sim takes, and what every Bazel test takes. The seed is in the
    log; each of `--runs_per_test` gets its own. With a trace, the waveform is
    among the test's undeclared outputs.

    Args:
        name: the target's name.
        **kwargs: see sv_sim.
    """
    _declare(sv_sim_test, name, **kwargs)
