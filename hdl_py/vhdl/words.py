"""The reserved words of VHDL, and how its letters compare (IEEE 1076-2019 15.4, 15.10)."""

from __future__ import annotations

RESERVED = frozenset(
    b"abs access after alias all and architecture array assert attribute begin block body buffer bus case"
    b" component configuration constant disconnect downto else elsif end entity exit file for function"
    b" generate generic group guarded if impure in inertial inout is label library linkage literal loop map"
    b" mod nand new next nor not null of on open or others out package port postponed procedure process pure"
    b" range record register reject rem report return rol ror select severity shared signal sla sll sra srl"
    b" subtype then to transport type unaffected units until use variable wait when while with xnor"
    b" xor".split()
)
"""Reserved since IEEE 1076-1993: never an identifier."""

SOFT = frozenset(
    b"assume assume_guarantee context cover default fairness force parameter private property protected"
    b" release restrict restrict_guarantee sequence strong view vmode vpkg vprop vunit".split()
)
"""Reserved by a later revision only. Older text uses them as identifiers, so the parser decides by place."""

_UPPER = bytes(range(0x41, 0x5B)) + bytes(b for b in range(0xC0, 0xDF) if b != 0xD7)
_FOLD = bytes.maketrans(_UPPER, bytes(b + 0x20 for b in _UPPER))


def fold(identifier: bytes) -> bytes:
    """A basic identifier in lower case, as Latin-1; an extended one unchanged.

    Sharp s (0xDF) and y with diaeresis (0xFF) have no upper case in Latin-1 and
    stay; multiplication and division signs are no letters.
    """
    return identifier if identifier.startswith(b"\\") else identifier.translate(_FOLD)
