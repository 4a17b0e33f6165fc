"""Where the parts of a variable lie among its bits."""

from __future__ import annotations

from typing import Any

from pyslang.ast import SymbolKind

COLLAPSED_ABOVE = 1 << 16
"""A variable of more bits than this counts as one bit: reading or writing any part touches all of it."""


def true_width(type_: Any) -> int:
    """Bits of a type laid out flat; 0 where it has no fixed layout."""
    return int(type_.selectableWidth) if type_.isFixedSize or type_.isIntegral or type_.isFloating else 0


def width_of(type_: Any) -> int:
    """Bits that the analysis gives a type, at least 1: 1 for what is opaque or very large."""
    width = true_width(type_)
    return width if 0 < width <= COLLAPSED_ABOVE and not type_.isFloating else 1


def is_vector(type_: Any) -> bool:
    """Whether a value's bits are those that its operators work on: an integral type that isn't collapsed."""
    return bool(type_.isIntegral) and width_of(type_) == true_width(type_)


def range_ends(type_: Any) -> tuple[int, int]:
    """The declared left and right index of an array or vector."""
    found = type_.fixedRange
    return int(found.left), int(found.right)


def element_width(type_: Any) -> int:
    """Bits of one element of a fixed array or vector."""
    left, right = range_ends(type_)
    return true_width(type_) // (abs(left - right) + 1)


def element_offset(type_: Any, index: int) -> int | None:
    """Where an element starts; None where the index is out of bounds (IEEE 1800-2023 7.4.5)."""
    left, right = range_ends(type_)
    if not min(left, right) <= index <= max(left, right):
        return None
    place = abs(index - left) if type_.isUnpackedArray else abs(index - right)
    return place * element_width(type_)


def field_offset(owner: Any, field: Any) -> int | None:
    """Where a structure's or union's member starts; None where it has no fixed place."""
    if field.kind != SymbolKind.Field or owner.isTaggedUnion:
        return None
    return 0 if owner.isUnpackedUnion else int(field.bitOffset)


def first_is_lowest(type_: Any) -> bool:
    """Whether the first element or member lies lowest: in unpacked types, not in packed ones."""
    return not type_.isIntegral


def four_state(type_: Any) -> bool:
    """Whether a value of the type can be high impedance."""
    return bool(type_.isFourState)
