"""`verilated_ffi_crate`: a typed, safe Rust crate from a unit."""

load("@rules_rust//rust:defs.bzl", "rust_library")
load("//rules/private:sv_model.bzl", "check_timescale")
load("//rules/private:verilated_ffi_export.bzl", "verilated_ffi_export")
load("//rules/private:verilated_ffi_model.bzl", "verilated_ffi_model")

visibility(["//rules/...", "//tests/..."])

# Rust's keywords, and the crate below all of these.
_TAKEN = [
    "abstract as async await become box break const continue crate do dyn else enum extern false final fn for gen",
    "if impl in let loop macro match mod move mut override priv pub ref return self static struct super trait true",
    "try type typeof unsafe unsized use verilated_runtime virtual where while yield",
]

_LETTERS = "abcdefghijklmnopqrstuvwxyz"

def check_crate_name(name, crate_name, fail = fail):
    """Refuses what is no name of a crate, before anything is built.

    Args:
        name: (str) the target's name.
        crate_name: (str) the crate's.
        fail: (function) what to call on an error; tests pass their own.
    """
    characters = crate_name.lower().elems()
    if [c for c in characters if c not in _LETTERS + "_0123456789"] or not crate_name.strip("_") or crate_name[0].isdigit():
        fail("{}: crate_name is {}; letters, digits and _ are expected, a letter first".format(name, repr(crate_name)))
    elif crate_name in " ".join(_TAKEN).split(" "):
        fail("{}: crate_name is {}; that name is taken. Choose another".format(name, repr(crate_name)))

def check_only_crate(name, crate_name, rules, fail = fail):
    """Refuses a second crate of a name in a package.

    Args:
        name: (str) the target's name.
        crate_name: (str) the crate's.
        rules: (dict[str, dict]) the package's targets so far, with their attributes.
        fail: (function) what to call on an error; tests pass their own.
    """
    for other, attributes in rules.items():
        if attributes["kind"] == "verilated_ffi_model" and attributes["crate"].lower() == crate_name.lower():
            fail("{}: crate_name is {}, and so is that of {}. Give one of them another".format(
                name,
                repr(crate_name),
                other.removesuffix(".model"),
            ))

def verilated_ffi_crate(
        name,
        module,
        top,
        crate_name = None,
        parameters = {},
        clocks = [],
        resets = {},
        ports = {},
        trace = "none",
        coverage = False,
        savable = False,
        threads = 1,
        timing = False,
        timescale = "",
        asserts = True,
        vopts = [],
        copts = [],
        data = [],
        deps = [],
        visibility = None,
        **kwargs):
    """A Rust library around the Verilated module `top`, for `rust_binary` and `rust_test`.

    Ports come from elaboration, and code reaches them without a call between languages; see
    docs/crates.md. Any number of crates live in one program; two of one crate name are an error when
    it is linked. `<name>.crate` is a folder with the crate and the runtime crate below it, which a
    plain `cargo build` takes.

    Args:
        name: the target's name.
        module: the unit that defines `top`; its own deps come with it.
        top: the module.
        crate_name: the crate's name, and the prefix of its symbols; `verilated_<name>` by default.
        parameters: values for the module's parameters, as SystemVerilog writes them.
        clocks: clock inputs, the main one first: `"clk"`, `"clk_b negedge period=6 phase=1"`.
        resets: reset inputs: `{"rst_n": "low async", "clear": "high"}`.
        ports: what you believe the ports to be: `{"a": "input 8", "q": "output signed 12"}`; a difference fails.
        trace: `"none"`, `"vcd"` or `"fst"`.
        coverage: gather coverage.
        savable: allow snapshots; not with `timing` or `coverage`.
        threads: threads that an evaluation uses.
        timing: let delays and event controls work.
        timescale: time unit and precision of definitions that have none.
        asserts: whether assertions are checked.
        vopts: further options for Verilator.
        copts: options for the C++ compiler.
        data: files that programs read at run time, `$readmemh` files for example.
        deps: C++ libraries that the module calls by DPI.
        visibility: who may use the crate.
        **kwargs: `tags`, `testonly` and the like.
    """
    crate_name = crate_name or "verilated_" + name.replace("-", "_").replace(".", "_")
    check_crate_name(name, crate_name)
    check_timescale(name, timescale)
    check_only_crate(name, crate_name, native.existing_rules())
    common = {
        key: kwargs[key]
        for key in ["compatible_with", "features", "restricted_to", "tags", "target_compatible_with", "testonly"]
        if key in kwargs
    }
    verilated_ffi_model(
        name = name + ".model",
        asserts = asserts,
        cc_deps = deps,
        clocks = clocks,
        copts = copts,
        coverage = coverage,
        crate = crate_name,
        deps = [module],
        expected_ports = ports,
        parameters = parameters,
        resets = resets,
        savable = savable,
        threads = threads,
        timescale = timescale,
        timing = timing,
        top = top,
        trace = trace,
        visibility = visibility,
        vopts = vopts,
        **common
    )
    rust_library(
        name = name,
        srcs = [name + ".model"],
        crate_name = crate_name,
        data = data,
        edition = "2021",
        visibility = visibility,
        deps = [
            name + ".model",
            Label("//rules/runtime/rust:verilated_runtime"),
        ],
        **kwargs
    )
    verilated_ffi_export(
        name = name + ".crate",
        crates = [name + ".model"],
        visibility = visibility,
        **dict(common, tags = common.get("tags", []) + ["manual"])
    )
