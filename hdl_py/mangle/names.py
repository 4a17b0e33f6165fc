"""The name that a definition gets in the output."""

from __future__ import annotations

import re

_NOT_ALNUM = re.compile(r"[^0-9A-Za-z]+")


def version_suffix(version: str) -> str:
    """`_v` and the version, everything but ASCII letters and digits an underscore.

    Runs of underscores collapse and none stands at the ends, so that the suffix is legal
    in a VHDL basic identifier too (IEEE 1076-2019 15.4.2): `2.0.0-rc.1` gives `_v2_0_0_rc_1`.

    Raises:
        ValueError: the version has no letter and no digit.
    """
    body = _NOT_ALNUM.sub("_", version).strip("_")
    if not body:
        raise ValueError(f"the version {version!r} has no letter and no digit, so it can't make a name")
    return f"_v{body}"


def mangled_name(name: str, version: str) -> str:
    """`<name>_v<version>`; of a VHDL extended identifier the text between its backslashes grows.

    Only the version is rewritten: `w`, `w_` and `_w` must stay three names.

    Raises:
        ValueError: see `version_suffix`.
    """
    suffix = version_suffix(version)
    if len(name) > 2 and name.startswith("\\") and name.endswith("\\"):
        return f"{name[:-1]}{suffix}\\"
    return f"{name}{suffix}"
