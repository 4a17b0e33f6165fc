"""What a target says instead of the options that Verilator's messages name."""

from __future__ import annotations

import re

_WARNING = re.compile(r"^%Warning-([A-Z0-9]+): ", re.MULTILINE)
_CAUSES = re.compile(r"^%Error: Exiting due to \d+ warning", re.MULTILINE)


def hints(output: str) -> list[str]:
    """Edits of BUILD files that mend what Verilator failed with, one a line.

    Args:
        output: what Verilator printed before it failed.
    """
    found = []
    if "NEEDTIMINGOPT" in output:
        found.append("timing = True on the sv_sim or sv_test lets delays count, timing = False ignores them")
    warnings = sorted(set(_WARNING.findall(output)))
    if warnings and _CAUSES.search(output):
        options = ", ".join(f'"-Wno-{name}"' for name in warnings)
        found.append(f"where the text is right as it is: vopts = [{options}] on the sv_library, for its text alone")
    return found
