"""What the rules say to each other. Load these to write rules of your own on top.

Every field says its type first. Providers that other rule sets may make by
hand come with a constructor that checks (`make_...`).
"""

def _sv_info_init(
        *,
        unit,
        visible,
        units,
        srcs,
        jsons,
        sources,
        svis,
        maps,
        headers = depset(),
        hdrs = depset(),
        includes = depset(),
        defines = depset(),
        versioned = False,
        cc_info = None):
    if unit != None and not hasattr(unit, "svi"):
        fail("SvInfo: unit must come from make_sv_unit, not {}".format(type(unit)))
    label = unit.label if unit else "headers"
    depsets = {
        "defines": defines,
        "headers": headers,
        "hdrs": hdrs,
        "includes": includes,
        "jsons": jsons,
        "maps": maps,
        "sources": sources,
        "srcs": srcs,
        "svis": svis,
        "units": units,
    }
    for name, value in depsets.items():
        if type(value) != "depset":
            fail("SvInfo of {}: {} must be a depset, not {}".format(label, name, type(value)))
    return dict(depsets, cc_info = cc_info, unit = unit, versioned = versioned, visible = tuple(visible))

SvInfo, _new_sv_info = provider(
    doc = "A compilation unit of SystemVerilog (IEEE 1800-2023 3.12.1) and the units below it.",
    init = _sv_info_init,
    fields = {
        "cc_info": "(CcInfo|None) C and C++ code that the units call by DPI, to be linked with a model.",
        "defines": "(depset[struct]) Macros that dependents see, as struct(name = str, value = str|None, origin = Label).",
        "headers": "(depset[struct]) struct(label = Label, file = File): whose each of `hdrs` is.",
        "hdrs": "(depset[File]) Headers that dependents may include.",
        "includes": "(depset[str]) Folders, relative to the execution root, in which dependents find those headers.",
        "jsons": "(depset[File]) What each unit defines and needs, dependencies first.",
        "maps": "(depset[File]) Line maps of the isolated sources.",
        "srcs": "(depset[File]) The files that users wrote, dependencies first.",
        "sources": "(depset[File]) Isolated sources, dependencies first.",
        "svis": "(depset[File]) Interface files, dependencies first.",
        "unit": "(struct|None) This unit, see make_sv_unit; None where the target has headers only.",
        "units": "(depset[struct]) This unit and all below it, dependencies first; see make_sv_unit.",
        "versioned": "(bool) This unit or one below has a version.",
        "visible": "(tuple[struct]) Units whose definitions direct dependents may refer to: this one and its exports.",
    },
)

def make_sv_unit(*, label, json, sv, svi, map, vopts = []):
    """One compilation unit's artifacts, an element of `SvInfo.units`.

    Args:
        label: (Label) the target, for messages.
        json: (File) what the unit defines and needs.
        sv: (File) the isolated source: macro-free, free of the directives of others.
        svi: (File) the interface file: what other units may know of this one.
        map: (File) lines of the isolated source to lines of the user's files.
        vopts: (list[str]) `-Wno-...` options for this unit's text alone.

    Returns:
        (struct) with these fields, `vopts` as a tuple.
    """
    for name, value in {"json": json, "map": map, "sv": sv, "svi": svi}.items():
        if type(value) != "File":
            fail("unit {}: {} must be a File, not {}".format(label, name, type(value)))
    return struct(
        label = label,
        json = json,
        sv = sv,
        svi = svi,
        map = map,
        vopts = tuple(vopts),
    )

VerilatorInfo = provider(
    doc = "A Verilator, as a toolchain gives it.",
    fields = {
        "bin": "(File) The program `verilator_bin`.",
        "files": "(depset[File]) Everything the program needs to run.",
        "root": "(File) A folder that serves as VERILATOR_ROOT.",
        "version": "(str) Its version, such as \"5.048\".",
    },
)

SvModelInfo = provider(
    doc = "A verilated model: the C++ library is in the target's CcInfo.",
    fields = {
        "coverage": "(bool) The model gathers coverage.",
        "design": "(File) The checked design as JSON: top, ports, parameters and units.",
        "maps": "(depset[File]) Line maps of the units in the model, for messages at run time.",
        "prefix": "(str) The model's C++ class.",
        "threads": "(int) Threads that the model's evaluation uses.",
        "timing": "(bool) The model may have delays or event controls of its own.",
        "top": "(str) The top module.",
        "trace": "(str) What waveforms the model can write: \"none\", \"vcd\" or \"fst\".",
    },
)

VhdlInfo = provider(
    doc = "A unit of VHDL: files that one call of GHDL analyses into one library (IEEE 1076-2008 13.1).",
    fields = {
        "files": "(depset[File]) What analysing or running a dependent reads: library files and `srcs`, of all units.",
        "label": "(Label) The target, for messages.",
        "libraries": """(depset[struct]) struct(label = Label, library = str, file = File): GHDL library files of this unit and all
below.""",
        "library": "(str) The VHDL library.",
        "srcs": """(depset[struct]) struct(path = str, file = File): the analysed files of this unit and all below,
dependencies first, and the paths that library files have for them.""",
        "standard": "(str) The language standard: \"87\", \"93\", \"02\" or \"08\". One holds for a whole design.",
        "units": """(depset[struct]) This unit and all below, dependencies first, as users wrote them: struct(label = Label,
version = str, library = str, deps = tuple[Label], srcs = tuple[struct(path = str, file = File)]).""",
        "user_files": "(depset[File]) The files of `units`.",
        "versioned": "(bool) This unit or one below has a version.",
    },
)

GhdlInfo = provider(
    doc = "A GHDL, as a toolchain gives it.",
    fields = {
        "bin": "(File) The program.",
        "files": "(depset[File]) Everything that it needs to run.",
        "prefix": "(File) A folder with GHDL's own libraries (its --PREFIX).",
    },
)
