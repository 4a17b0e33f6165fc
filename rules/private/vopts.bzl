"""Verilator options: the raw ones that users may give, and those that attributes own."""

visibility(["//rules/...", "//tests/..."])

_COMPILES = "sv_sim: Bazel compiles and links"
_FILES = "srcs, hdrs and deps: a unit lists its files"
_JOBS = "sv_sim: Bazel schedules the work"
_LIBRARY = "sv_model: it is the model as a library"
_MAIN = "main = \"//your:cc_library\": else sv_sim has one built in"
_PREFIX = "top: the class is V followed by the top's name"
_UNITS = "deps = [...]: a library file is a unit of its own"
_WRITES_NO_MODEL = "sv_sim: it always makes a model, which this option prevents"

# Options by their names without dashes, of which Verilator takes one or two: the attribute to use instead.
_OWNED = {
    "CFLAGS": "copts = [...]",
    "E": _WRITES_NO_MODEL,
    "F": _FILES,
    "FI": _FILES,
    "LDFLAGS": "linkopts = [...]",
    "MAKEFLAGS": _COMPILES,
    "Mdir": "sv_sim: Bazel places the outputs",
    "V": _WRITES_NO_MODEL,
    "assert": "asserts = True",
    "binary": "sv_sim: it always makes a binary",
    "build": _COMPILES,
    "build-jobs": _JOBS,
    "cc": "sv_sim: it always makes C++",
    "coverage": "coverage = True",
    "dpi-hdr-only": _WRITES_NO_MODEL,
    "exe": _MAIN,
    "f": _FILES,
    "generate-key": _WRITES_NO_MODEL,
    "getenv": _WRITES_NO_MODEL,
    "hierarchical": "deps = [...]: each target is a unit of its own",
    "j": _JOBS,
    "json-only": _WRITES_NO_MODEL,
    "lib-create": _LIBRARY,
    "libmap": _FILES,
    "lint-only": _WRITES_NO_MODEL,
    "main": _MAIN,
    "make": _COMPILES,
    "mod-prefix": _PREFIX,
    "no-assert": "asserts = False",
    "no-timing": "timing = False",
    "no-trace": "trace = \"none\"",
    "no-verilate": _WRITES_NO_MODEL,
    "o": "name",
    "prefix": _PREFIX,
    "protect-lib": _LIBRARY,
    "sc": "sv_sim: SystemC is not supported",
    "threads": "threads = N",
    "timing": "timing = True",
    "top": "top = \"...\"",
    "top-module": "top = \"...\"",
    "trace": "trace = \"vcd\"",
    "trace-fst": "trace = \"fst\"",
    "trace-saif": "trace = \"vcd\" or \"fst\": SAIF is not supported",
    "trace-vcd": "trace = \"vcd\"",
    "v": _UNITS,
    "verilate-jobs": _JOBS,
    "version": _WRITES_NO_MODEL,
    "work": _FILES,
    "xml-only": _WRITES_NO_MODEL,
    "y": _UNITS,
}

# Options that take their value glued on.
_OWNED_PREFIXES = {
    "+define+": "defines = {...} on the sv_library",
    "+incdir+": "hdrs and includes on the sv_library",
    "+libext+": _UNITS,
    "+librescan": _UNITS,
    "-D": "defines = {...} on the sv_library",
    "-G": "parameters = {...}",
    "-I": "hdrs and includes on the sv_library",
    "-U": "defines = {...} on the sv_library",
    "-pvalue+": "parameters = {...}",
}

# Files that Verilator takes on its command line.
_OWNED_SUFFIXES = {
    ".a": "cc_deps = [...] on the sv_library",
    ".cpp": "cc_deps = [...] on the sv_library",
    ".o": "cc_deps = [...] on the sv_library",
    ".sv": _FILES,
    ".v": _FILES,
    ".vlt": "\"-Wno-RULE\" in vopts of the sv_library, or /*verilator lint_off RULE*/ and other comments in its text: " +
            "files and lines that a .vlt file names are not those of isolated text",
}

def _owner(option):
    if option.startswith("-"):
        option = "-" + option.lstrip("-")
        if option[1:] in _OWNED:
            return _OWNED[option[1:]]
    for prefix, owner in _OWNED_PREFIXES.items():
        if option.startswith(prefix):
            return owner
    for suffix, owner in _OWNED_SUFFIXES.items():
        if option.endswith(suffix) and not option.startswith(("-", "+")):
            return owner
    return None

def check_vopts(label, vopts, attribute = "vopts", fail = fail):
    """Refuses options that an attribute of the rule owns.

    Args:
        label: (Label) the target, for messages.
        vopts: (list[str]) what the user gave.
        attribute: (str) the attribute's name, for messages.
        fail: (function) what to call on an error; tests pass their own.
    """
    for option in vopts:
        owner = _owner(option)
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
        # "fatal" names no warning: it is about all of them.
        if not option.startswith("-Wno-") or option == "-Wno-fatal":
            fail(("{}: vopts of a unit holds \"{}\"; a unit takes warning options only (\"-Wno-...\"), for its " +
                  "own text. Options of the whole simulation stand on the sv_sim or sv_test").format(label, option))
