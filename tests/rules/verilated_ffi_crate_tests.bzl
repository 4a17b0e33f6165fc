"""Analysis tests of `verilated_ffi_crate` and `verilated_manifest`. No source file exists: nothing is built."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("@rules_cc//cc:defs.bzl", "cc_library")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("//rules:defs.bzl", "sv_library", "sv_package", "verilated_ffi_crate", "verilated_manifest")
load("//rules/private:ffi_info.bzl", "FfiCrateInfo")  # buildifier: disable=bzl-visibility
load(
    ":support.bzl",
    "action_of",
    "assert_has",
    "assert_hermetic",
    "below",
    "failure_test",
    "names",
    "relative",
    "test_group",
    "values_of",
)

visibility("private")

_HERE = "tests/rules/"
_UNITS = ["ffi_pkg", "ffi_top"]

def _below(*parts):
    return below(_HERE, *parts)

def _subjects():
    kwargs = {"tags": ["manual"]}
    sv_package(name = "ffi_pkg", srcs = ["pkg.sv"], **kwargs)
    sv_library(
        name = "ffi_top",
        srcs = ["top.sv"],
        data = ["top.hex"],
        visibility = ["//tests/rules/private:__pkg__"],
        vopts = ["-Wno-WIDTHTRUNC"],
        deps = [":ffi_pkg"],
        **kwargs
    )
    cc_library(name = "ffi_dpi", srcs = ["dpi.cpp"], linkopts = ["-ldpi_of_the_crate"], **kwargs)
    cc_library(name = "ffi_odd_dpi", srcs = ["dpi.cpp"], linkopts = ["-Wl,--odd"], **kwargs)
    verilated_ffi_crate(name = "plain_crate", module = ":ffi_top", top = "top", **kwargs)
    verilated_ffi_crate(
        name = "full_crate",
        asserts = False,
        clocks = ["clk", "clk_b negedge period=6"],
        copts = ["-DOF_THE_USER"],
        coverage = True,
        crate_name = "chosen",
        module = ":ffi_top",
        parameters = {"NAME": "\"a b\"", "WIDTH": "8'd3"},
        ports = {"a": "input 8"},
        resets = {"rst_n": "low async"},
        threads = 2,
        timescale = "1ns/1ps",
        timing = True,
        top = "top",
        trace = "fst",
        vopts = ["--x-assign", "unique"],
        deps = [":ffi_dpi"],
        **kwargs
    )
    verilated_ffi_crate(name = "odd_crate", module = ":ffi_top", top = "top", deps = [":ffi_odd_dpi"], **kwargs)
    verilated_ffi_crate(name = "owned_crate", module = ":ffi_top", top = "top", vopts = ["--threads", "4"], **kwargs)
    verilated_ffi_crate(name = "idle_crate", module = ":ffi_top", threads = 0, top = "top", **kwargs)
    verilated_ffi_crate(name = "cc_crate", module = ":ffi_dpi", top = "top", **kwargs)
    verilated_manifest(name = "both_crates", crates = [":plain_crate", "full_crate"], **kwargs)
    verilated_manifest(name = "clashing_crates", crates = [":full_crate", "//tests/rules/private:same_crate"], **kwargs)

def _info_impl(ctx):
    env = analysistest.begin(ctx)
    info = analysistest.target_under_test(env)[FfiCrateInfo]
    asserts.equals(env, ("chosen", "fst"), (info.crate, info.trace))
    folder = "full_crate.model.ffi/"
    asserts.equals(
        env,
        [_HERE + folder + name for name in [
            "verilate.f",
            "cargo",
            "lines.cpp",
            "module.json",
            "chosen_pins.sv",
            "lib.rs",
            "wrapper.cpp",
        ]],
        names([info.arguments, info.cargo, info.lines, info.module, info.pins, info.rust, info.wrapper]),
    )
    asserts.equals(env, [_HERE + "libchosen_ffi.so"], names([info.shared]))
    asserts.true(env, info.native.archive.basename in ["libchosen_ffi.a", "libchosen_ffi.pic.a"], info.native.archive.basename)
    assert_has(env, ["-ldpi_of_the_crate"], info.native.flags, "linker options")
    asserts.equals(env, [], info.native.others)
    asserts.equals(env, _below("pkg.sv", "top.sv"), names(info.srcs))
    return analysistest.end(env)

_info_test = analysistest.make(_info_impl)

def _default_name_impl(ctx):
    env = analysistest.begin(ctx)
    asserts.equals(env, "verilated_plain_crate", analysistest.target_under_test(env)[FfiCrateInfo].crate)
    return analysistest.end(env)

_default_name_test = analysistest.make(_default_name_impl)

def _sources_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvFfiSources")
    if not action:
        return analysistest.end(env)
    assert_hermetic(env, action)
    own = [file for file in names(action.inputs) if file.startswith(_HERE)]
    expected = ["full_crate.model.design.json"] + [name + suffix for name in _UNITS for suffix in [".unit.map", ".unit.sv"]]
    asserts.equals(env, sorted(_below(*expected)), sorted(own), "the checked design, isolated text and its lines")
    expected = {
        "--clock": ["clk", "clk_b negedge period=6"],
        "--crate": ["chosen"],
        "--expect": ["a=input 8"],
        "--parameter": ["NAME=\"a b\"", "WIDTH=8'd3"],
        "--reset": ["rst_n=low async"],
        "--shown-source": ["rtl/tests/rules/pkg.sv", "rtl/tests/rules/top.sv"],
        "--threads": ["2"],
        "--trace": ["fst"],
    }
    for flag, values in expected.items():
        asserts.equals(env, values, values_of(action.argv, flag), flag)
    assert_has(env, ["--coverage", "--timing"], action.argv, "features")
    asserts.false(env, "--savable" in action.argv, "nobody asked for snapshots")
    return analysistest.end(env)

_sources_test = analysistest.make(_sources_impl)

def _design_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvDesign")
    if action:
        asserts.equals(env, ["clk", "clk_b"], values_of(action.argv, "--clock"), "names of ports alone")
        asserts.equals(env, ["rst_n"], values_of(action.argv, "--reset"))
        asserts.equals(env, ["1ns/1ps"], values_of(action.argv, "--timescale"))
    return analysistest.end(env)

_design_test = analysistest.make(_design_impl)

def _verilate_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvVerilate")
    if not action:
        return analysistest.end(env)
    assert_hermetic(env, action)
    asserts.equals(env, ["Vchosen"], values_of(action.argv, "--prefix"), "the crate's name keeps models apart")
    asserts.equals(env, [], values_of(action.argv, "--parameter"), "the argument file has them")
    folder = "<bin>/tests/rules/full_crate.model.ffi/"
    asserts.equals(
        env,
        ["--x-assign", "unique", "-f", folder + "verilate.f"],
        relative(env, values_of(action.argv, "--option")),
        "the argument file last",
    )
    asserts.equals(env, folder + "chosen_pins.sv", relative(env, values_of(action.argv, "--source"))[-1])
    asserts.true(env, "--no-asserts" in action.argv, "asserts = False")
    asserts.true(env, "--coverage" in action.argv, "coverage = True")
    return analysistest.end(env)

_verilate_test = analysistest.make(_verilate_impl)

def _lines_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvFfiLines")
    if action:
        assert_hermetic(env, action)
        own = [file for file in names(action.inputs) if file.startswith(_HERE)]
        asserts.equals(env, sorted(_below(*[name + ".unit.map" for name in _UNITS])), sorted(own))
    return analysistest.end(env)

_lines_test = analysistest.make(_lines_impl)

def _cc_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    libraries = [
        library
        for linker_input in target[CcInfo].linking_context.linker_inputs.to_list()
        for library in linker_input.libraries
    ]
    archives = {
        (library.static_library or library.pic_static_library).basename.split(".")[0]: library.alwayslink
        for library in libraries
        if library.static_library or library.pic_static_library
    }
    for archive in ["libchosen", "libfull_crate_wrapper", "libcxx", "libcxx_fst", "libverilated"]:
        asserts.true(env, archive in archives, "{} is not among {}".format(archive, archives.keys()))
    asserts.true(env, archives.get("libfull_crate_wrapper"), "linked whole: two of one name are an error, never one model for two")
    asserts.false(env, archives.get("libchosen"), "of the model, what is used")
    assert_has(env, [_HERE + "top.hex"], names(target[DefaultInfo].default_runfiles.files), "data of the units")
    return analysistest.end(env)

_cc_test = analysistest.make(_cc_impl)

def _crates_impl(ctx):
    env = analysistest.begin(ctx)
    action = action_of(env, "SvFfiCrates")
    if not action:
        return analysistest.end(env)
    assert_hermetic(env, action)
    asserts.equals(env, [_HERE + "both_crates"], names(action.outputs))
    asserts.equals(env, ["verilated_plain_crate", "chosen"], values_of(action.argv, "--crate"), "in the order given")
    assert_has(
        env,
        [
            "verilated_plain_crate/module.json",
            "verilated_plain_crate/src/lib.rs",
            "verilated_plain_crate/rtl/tests/rules/top.sv",
            "verilated_plain_crate/libverilated_plain_crate_ffi.so",
            "verilated_plain_crate/build/verilated/libverilated_plain_crate_ffi.a",
            "verilated_runtime/Cargo.toml",
            "verilated_runtime/native/libverilated_runtime_cxx_fst.a",
        ],
        values_of(action.argv, "--file"),
        "files",
    )
    assert_has(env, ["chosen/rtl/chosen_pins.sv"], values_of(action.argv, "--pins"), "the module around the top")
    lines = [
        action.argv[index + 1] + ": " + action.argv[index + 2]
        for index in range(len(action.argv))
        if action.argv[index] == "--text"
    ]
    assert_has(
        env,
        [
            "chosen/build/verilated/link.txt: static=chosen_ffi",
            "chosen/build/verilated/link.txt: dylib=dpi_of_the_crate",
            "verilated_runtime/native/link.txt: static=verilated_runtime_cxx_fst",
            "verilated_runtime/native/link.txt: dylib=stdc++",
        ],
        lines,
        "what Cargo links",
    )
    return analysistest.end(env)

_crates_test = analysistest.make(_crates_impl)

def verilated_ffi_crate_test_suite(name):
    """Declares the tests and a suite of them.

    Args:
        name: the suite's name.
    """
    _subjects()
    full = {"target_under_test": ":full_crate.model"}
    test_group(name, {
        "cc_info": (_cc_test, full),
        "clashing_names": (failure_test, {
            "messages": [
                "//tests/rules:clashing_crates: ",
                "//tests/rules:full_crate.model and ",
                "//tests/rules/private:same_crate.model are both called CHOSEN. Give one of them another crate_name",
            ],
            "target_under_test": ":clashing_crates",
        }),
        "default_name": (_default_name_test, {"target_under_test": ":plain_crate.model"}),
        "design": (_design_test, full),
        "folder": (_crates_test, {"target_under_test": ":both_crates"}),
        "idle_threads": (failure_test, {
            "messages": ["//tests/rules:idle_crate.model: threads is 0; 1 to 1024 is expected"],
            "target_under_test": ":idle_crate.model",
        }),
        "info": (_info_test, full),
        "lines": (_lines_test, full),
        "module_without_units": (failure_test, {
            "messages": ["'//tests/rules:ffi_dpi' does not have mandatory providers: 'SvInfo'"],
            "target_under_test": ":cc_crate.model",
        }),
        "odd_linker_option": (failure_test, {
            "messages": [
                "//tests/rules:odd_crate.model: the C++ below it is linked with \"-Wl,--odd\", which Cargo can't be told",
                "Take it out of linkopts, or use the crate in Bazel alone",
            ],
            "target_under_test": ":odd_crate.crate",
        }),
        "owned_flag": (failure_test, {
            "messages": ["//tests/rules:owned_crate.model: vopts holds \"--threads\"", "Use threads = N"],
            "target_under_test": ":owned_crate.model",
        }),
        "sources": (_sources_test, full),
        "verilate": (_verilate_test, full),
    })
