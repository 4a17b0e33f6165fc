"""Turns a 32-bit little-endian RISC-V executable into an image for $readmemh.

The image has one 32-bit word a line in hexadecimal, from the start of the memory
on; gaps between segments are zero. Memory past the last loaded byte (.bss, the
stack) is left out: the program's start-up code clears what it needs cleared.

    elf_to_hex.py --base 0x80000000 --size 65536 --output program.hex program.elf

An argument `@FILE` stands for the arguments in FILE, one a line.
"""

from __future__ import annotations

import argparse
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_IDENT = b"\x7fELF\x01\x01\x01"  # 32-bit, little-endian, version 1
_TYPE_EXECUTABLE = 2
_MACHINE_RISCV = 243
_PT_LOAD = 1
_HEADER = struct.Struct("<16sHHIIIIIHHHHHH")
_PROGRAM_HEADER = struct.Struct("<IIIIIIII")


class ImageError(Exception):
    """The executable can't become an image of this memory."""


@dataclass(frozen=True)
class Segment:
    """One loadable segment: `data` goes to byte address `address`; `size` bytes of memory are its own."""

    address: int
    data: bytes
    size: int


def load_segments(elf: bytes) -> list[Segment]:
    """The PT_LOAD segments that take memory, by physical address.

    Raises:
        ImageError: `elf` is no RV32 executable, or is cut short.
    """
    if len(elf) < _HEADER.size:
        raise ImageError(f"{len(elf)} bytes are too few for an ELF header")
    fields = _HEADER.unpack_from(elf)
    if not fields[0].startswith(_IDENT):
        raise ImageError("expected a 32-bit little-endian ELF file")
    elf_type, machine, offset, entry_size, count = (fields[i] for i in (1, 2, 5, 9, 10))
    if machine != _MACHINE_RISCV:
        raise ImageError(f"expected a RISC-V executable (machine {_MACHINE_RISCV}), found machine {machine}")
    if elf_type != _TYPE_EXECUTABLE:
        raise ImageError(f"expected a linked executable (type {_TYPE_EXECUTABLE}), found type {elf_type}")
    if count and entry_size < _PROGRAM_HEADER.size:
        raise ImageError(f"program headers of {entry_size} bytes are too short")

    segments = []
    for index in range(count):
        place = offset + index * entry_size
        if place + _PROGRAM_HEADER.size > len(elf):
            raise ImageError(f"program header {index} lies past the end of the file")
        kind, start, _, address, in_file, in_memory, _, _ = _PROGRAM_HEADER.unpack_from(elf, place)
        if kind != _PT_LOAD or in_memory == 0:
            continue
        data = elf[start : start + in_file]
        if len(data) != in_file:
            raise ImageError(f"segment {index} lies past the end of the file")
        segments.append(Segment(address=address, data=data, size=in_memory))
    return sorted(segments, key=lambda segment: segment.address)


def image_words(segments: Sequence[Segment], base: int, size: int) -> list[int]:
    """The words of the memory of `size` bytes at `base`, up to the last byte that a segment loads.

    Args:
        segments: in order of address, as from `load_segments`.
        base: byte address of the memory, a multiple of 4.
        size: of the memory in bytes.

    Raises:
        ImageError: nothing to load, segments overlap, or one leaves the memory.
    """
    image = bytearray()
    end = base
    for segment in segments:
        if segment.address < base or segment.address + segment.size > base + size:
            raise ImageError(
                f"the segment at {segment.address:#010x} of {segment.size} bytes "
                f"does not fit the memory at {base:#010x} of {size} bytes"
            )
        if segment.address < end:
            raise ImageError(
                f"the segment at {segment.address:#010x} overlaps the one before, which ends at {end:#010x}"
            )
        end = segment.address + segment.size
        if segment.data:
            image.extend(bytes(segment.address - base - len(image)))
            image.extend(segment.data)
    if not image:
        raise ImageError("the executable loads nothing")
    image.extend(bytes(-len(image) % 4))
    return [word for (word,) in struct.iter_unpack("<I", image)]


def render(words: Sequence[int]) -> str:
    """The text for $readmemh (IEEE 1800-2017 21.4)."""
    return "".join(f"{word:08x}\n" for word in words)


def _number(text: str) -> int:
    return int(text, 0)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the program; returns its exit code."""
    parser = argparse.ArgumentParser(
        description="Turns an RV32 executable into an image for $readmemh.", fromfile_prefix_chars="@"
    )
    parser.add_argument("elf", type=Path, help="the linked executable")
    parser.add_argument("--base", type=_number, required=True, help="byte address of the memory")
    parser.add_argument("--size", type=_number, required=True, help="bytes of the memory")
    parser.add_argument("--output", type=Path, required=True, help="the image to write")
    args = parser.parse_args(argv)
    try:
        text = render(image_words(load_segments(args.elf.read_bytes()), args.base, args.size))
    except ImageError as error:
        print(f"{args.elf}: error: {error}", file=sys.stderr)
        return 1
    args.output.write_text(text, encoding="ascii")
    return 0


if __name__ == "__main__":
    sys.exit(main())
