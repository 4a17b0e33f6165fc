"""What a unit that may be verilated apart gives to the models above it."""

visibility(["//rules/...", "//tests/..."])

SvBoundaryInfo = provider(
    doc = "A unit and those below it, as models with certain settings use them.",
    fields = {
        "below": "(depset[struct]) The views of the units below this one alone, dependencies first.",
        "below_files": "(depset[File]) Their files.",
        "below_linking": "(LinkingContext) Archives of the units below this one alone.",
        "below_reports": "(depset[File]) Their decisions.",
        "linking": "(LinkingContext) Archives of the units that are verilated apart, users first.",
        "reports": "(depset[File]) Each unit's decision as JSON, dependencies first.",
        "view_files": "(depset[File]) The files of `views`.",
        "views": """(depset[struct]) What parents verilate in the place of each unit, this one and those below,
dependencies first: struct(info = File, text = File).""",
    },
)
