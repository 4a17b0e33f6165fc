"""What a unit that may be verilated apart gives to the models above it."""

load("@rules_cc//cc/common:cc_common.bzl", "cc_common")

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
dependencies first: struct(info = File, text = File, checked = File), the last of which is there only if the unit was
not refused.""",
    },
)

def units_below(deps):
    """What a model's top sees of the units below it.

    Args:
        deps: (list[Target]) the model's dependencies. An only one holds the top, so its own boundary does not matter.

    Returns:
        (struct) linking (LinkingContext), reports, view_files (depset[File]), views (depset[struct]).
    """
    infos = [dep[SvBoundaryInfo] for dep in deps]
    if len(infos) == 1:
        info = infos[0]
        return struct(
            linking = info.below_linking,
            reports = info.below_reports,
            view_files = info.below_files,
            views = info.below,
        )
    return struct(
        linking = cc_common.merge_linking_contexts(linking_contexts = [info.linking for info in infos]),
        reports = depset(transitive = [info.reports for info in infos], order = "postorder"),
        view_files = depset(transitive = [info.view_files for info in infos]),
        views = depset(transitive = [info.views for info in infos], order = "postorder"),
    )
