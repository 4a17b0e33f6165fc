"""A unit and what it depends on are of one language."""

load("//rules/private:common.bzl", "label_text")

visibility(["//rules/...", "//tests/..."])

def check_language(label, attribute, targets, wanted, other, language, fail = fail):
    """Refuses dependencies of the other language.

    Args:
        label: (Label) the target, for messages.
        attribute: (str) where its dependencies stand.
        targets: (list[Target]) the dependencies.
        wanted: (Provider) what units of its language give.
        other: (Provider) what units of the other language give.
        language: (str) the other language.
        fail: (function) what to call on an error; tests pass their own.
    """
    for target in targets:
        if other in target and wanted not in target:
            fail(("{}: {} holds {}, which is {}. Verilator and GHDL read one language each, so units depend on units " +
                  "of their own. Versions in a design for a tool that reads both are renamed by @rules_sv//tools:hdl_mangle").format(
                label_text(label),
                attribute,
                label_text(target.label),
                language,
            ))
