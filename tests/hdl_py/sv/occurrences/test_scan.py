"""The raw view's search for names."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hdl_py.sv.occurrences_names import NameFinder
from hdl_py.sv.occurrences_scan import scan

WORDS = st.text("ab_1$", min_size=1, max_size=6).filter(lambda w: w[0] in "ab_")


@given(st.sets(WORDS, min_size=1, max_size=8), st.lists(WORDS, max_size=20))
def test_exactly_the_names_are_found(names: set[str], text: list[str]) -> None:
    data = " ".join(text).encode()
    found = NameFinder(names).find(scan(data))
    assert [r.name for r in found] == [w for w in text if w in names]
    assert all(data[r.start : r.end].decode() == r.name for r in found)


def test_names_of_any_length_are_found() -> None:
    """Identifiers of 1024 letters are legal everywhere (IEEE 1800-2023 5.6)."""
    names = ["n" * length for length in (1, 1024, 5000)]
    data = b"n nn " + b"n" * 1024 + b" " + b"n" * 5000
    assert [len(r.name) for r in NameFinder(names).find(scan(data))] == [1, 1024, 5000]
