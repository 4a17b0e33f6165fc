"""What a target says instead of the options that Verilator's messages name."""

from __future__ import annotations

import re
from collections.abc import Mapping

_WARNING = re.compile(r"^%Warning-([A-Z0-9]+): ", re.MULTILINE)
_INSIDE = re.compile(r"^%Error: .*Can't find definition of .* in dotted ", re.MULTILINE)
_CAUSES = re.compile(r"^%Error: Exiting due to \d+ warning", re.MULTILINE)


def hints(output: str, apart: Mapping[str, str] | None = None) -> list[str]:
    """Edits of BUILD files that mend what Verilator failed with, one a line.

    Args:
        output: what Verilator printed before it failed.
        apart: units that are verilated apart, the module of each by its label.
    """
    found = []
    if apart and _INSIDE.search(output):
        found.append("these are verilated apart, so that no hierarchical name leads into them; where one has to:")
        found += [f"buildozer 'set compile \"merge\"' {label}    # {module}" for label, module in apart.items()]
    if "NEEDTIMINGOPT" in output:
        found.append("timing = True on the sv_sim or sv_test lets delays count, timing = False ignores them")
    warnings = sorted(set(_WARNING.findall(output)))
    if warnings and _CAUSES.search(output):
        options = ", ".join(f'"-Wno-{name}"' for name in warnings)
        found.append(f"where the text is right as it is: vopts = [{options}] on the sv_library, for its text alone")
    return found
