"""The name that a definition gets."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hdl_py.mangle.names import mangled_name, version_suffix


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        ("bus_pkg", "1.1.0", "bus_pkg_v1_1_0"),
        ("bus_pkg", "2.0.0-rc.1", "bus_pkg_v2_0_0_rc_1"),
        ("n", "v1", "n_vv1"),
        ("n", "1..0", "n_v1_0"),
        ("n", "-1-", "n_v1"),
        ("n", "1.0+abc_DEF", "n_v1_0_abc_DEF"),
        ("w", "1", "w_v1"),
        ("w_", "1", "w__v1"),
        ("_w", "1", "_w_v1"),
        ("a+b", "1", "a+b_v1"),
        ("\\My Name\\", "1.0", "\\My Name_v1_0\\"),
    ],
)
def test_the_suffix(name: str, version: str, expected: str) -> None:
    assert mangled_name(name, version) == expected


@pytest.mark.parametrize("version", ["", "...", "-", "_"])
def test_a_version_without_letter_or_digit_is_wrong(version: str) -> None:
    with pytest.raises(ValueError, match="no letter and no digit"):
        version_suffix(version)


@given(st.text(alphabet="wW_", min_size=1), st.text(alphabet="wW_", min_size=1), st.text(alphabet="019.-", min_size=1))
def test_two_names_stay_two(one: str, other: str, version: str) -> None:
    if re.search("[0-9]", version):
        assert (mangled_name(one, version) == mangled_name(other, version)) == (one == other)


@given(st.from_regex(r"[a-z](_?[a-z0-9])*", fullmatch=True), st.text(min_size=1))
def test_a_vhdl_name_stays_one(name: str, version: str) -> None:
    """IEEE 1076-2019 15.4.2: no two underscores together, and none at the end."""
    if re.search("[0-9A-Za-z]", version):
        assert re.fullmatch(r"[a-z](_?[A-Za-z0-9])*", mangled_name(name, version))
