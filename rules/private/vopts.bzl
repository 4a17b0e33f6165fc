"""Verilator options: the raw ones that users may give, and those that attributes own."""

visibility(["//rules/...", "//tests/..."])

# Option, as a prefix where it takes its value glued on: the attribute to use instead.
_OWNED = {
    "--assert": "asserts = True",
    "--binary": "sv_sim: it always makes a binary",
    "--build": "sv_sim: Bazel compiles and links",
    "--cc": "sv_sim: it always makes C++",
    "--exe": "main = \"//your:cc_library\"",
    "--main": "sv_sim: the main is built in, or main = \"//your:cc_library\"",
    "--make": "sv_sim: Bazel compiles and links",
    "--Mdir": "sv_sim: Bazel places the outputs",
    "--no-assert": "asserts = False",
    "--no-timing": "timing = False",
    "--prefix": "top: the class is V followed by the top's name",
    "--sc": "sv_sim: SystemC is not supported",
    "--threads": "threads = N",
    "--timing": "timing = True",
    "--top": "top = \"...\"",
    "--top-module": "top = \"...\"",
    "--trace": "trace = \"vcd\"",
    "--trace-fst": "trace = \"fst\"",
    "--trace-vcd": "trace = \"vcd\"",
    "-CFLAGS": "copts = [...]",
    "-F": "srcs, hdrs and deps: a unit lists its files",
    "-LDFLAGS": "linkopts = [...]",
    "-f": "srcs, hdrs and deps: a unit lists its files",
    "-j": "sv_sim: Bazel schedules the work",
    "-o": "name",
    "-v": "deps = [...]: a library file is a unit of its own",
    "-y": "deps = [...]: a library file is a unit of its own",
}

_OWNED_PREFIXES = {
    "+define+": "defines = {...} on the sv_library",
    "+incdir+": "hdrs and includes on the sv_library",
    "+libext+": "deps = [...]: a library file is a unit of its own",
    "-D": "defines = {...} on the sv_library",
    "-G": "parameters = {...}",
    "-I": "hdrs and includes on the sv_library",
    "-U": "defines = {...} on the sv_library",
}

def _normal(option):
    # Verilator takes -trace and --trace alike; single letters stay single.
    body = option.lstrip("-")
    return "--" + body if option.startswith("-") and len(body) > 2 and not option.startswith(("-CFLAGS", "-LDFLAGS")) else option

def check_vopts(label, vopts, attribute = "vopts", fail = fail):
    """Refuses options that an attribute of the rule owns.

    Args:
        label: (Label) the target, for messages.
        vopts: (list[str]) what the user gave.
        attribute: (str) the attribute's name, for messages.
        fail: (function) what to call on an error; tests pass their own.
    """
    for option in vopts:
        owner = _OWNED.get(option) or _OWNED.get(_normal(option))
        if not owner and not option.startswith("--"):
            for prefix, attribute_text in _OWNED_PREFIXES.items():
                if option.startswith(prefix):
                    owner = attribute_text
        if owner:
            fail("{}: {} holds \"{}\", which belongs to another attribute. Use {}".format(
                label,
                attribute,
                option,
                owner,
            ))

def check_unit_vopts(label, vopts, fail = fail):
    """A unit's own options can only be about warnings in its text.

    Args:
        label: (Label) the target, for messages.
        vopts: (list[str]) what the user gave.
        fail: (function) what to call on an error; tests pass their own.
    """
    for option in vopts:
        if not option.startswith("-Wno-"):
            fail(("{}: vopts of a unit holds \"{}\"; a unit takes warning options only (\"-Wno-...\"), for its " +
                  "own text. Options of the whole simulation stand on the sv_sim or sv_test").format(label, option))
