from __future__ import annotations

import struct
from pathlib import Path

import pytest

from examples.soc.firmware.elf_to_hex import ImageError, Segment, image_words, load_segments, main, render

BASE = 0x80000000


def make_elf(
    segments: list[tuple[int, int, bytes, int]],
    *,
    ident: bytes = b"\x7fELF\x01\x01\x01",
    kind: int = 2,
    machine: int = 243,
) -> bytes:
    """An executable with these program headers: (type, physical address, bytes, size in memory)."""
    offset = 52 + 32 * len(segments)
    headers, body = b"", b""
    for segment_kind, address, data, size in segments:
        place = offset + len(body)
        headers += struct.pack("<IIIIIIII", segment_kind, place, 0, address, len(data), size, 5, 4)
        body += data
    header = struct.pack("<16sHHIIIIIHHHHHH", ident, kind, machine, 1, BASE, 52, 0, 0, 52, 32, len(segments), 40, 0, 0)
    return header + headers + body


def test_loads_each_segment_at_its_physical_address_in_order() -> None:
    elf = make_elf([(1, BASE + 8, b"\x05\x06", 4), (1, BASE, b"\x01\x02\x03\x04", 4), (2, 0, b"zz", 2)])
    assert load_segments(elf) == [
        Segment(BASE, b"\x01\x02\x03\x04", 4),
        Segment(BASE + 8, b"\x05\x06", 4),
    ]


def test_words_are_little_endian_with_gaps_and_the_tail_zero() -> None:
    segments = [Segment(BASE, b"\x01\x02\x03\x04", 4), Segment(BASE + 9, b"\xaa", 1)]
    assert image_words(segments, BASE, 64) == [0x04030201, 0, 0x0000AA00]
    assert render([0x04030201, 0]) == "04030201\n00000000\n"


def test_a_segment_after_the_start_of_memory_is_preceded_by_zeros() -> None:
    assert image_words([Segment(BASE + 4, b"\x01\x00\x00\x00", 4)], BASE, 64) == [0, 1]


def test_memory_without_bytes_takes_room_but_adds_no_words() -> None:
    segments = [Segment(BASE, b"\x01\x00\x00\x00", 4), Segment(BASE + 4, b"", 60)]
    assert image_words(segments, BASE, 64) == [1]
    with pytest.raises(ImageError, match=r"0x80000004 of 60 bytes does not fit the memory .* of 60 bytes"):
        image_words(segments, BASE, 60)


@pytest.mark.parametrize("address", [0, BASE - 4, BASE + 64, BASE + 61])
def test_a_segment_outside_the_memory_is_refused(address: int) -> None:
    with pytest.raises(ImageError, match=f"segment at {address:#010x} of 4 bytes does not fit"):
        image_words([Segment(address, b"abcd", 4)], BASE, 64)


def test_overlapping_segments_are_refused() -> None:
    with pytest.raises(ImageError, match=r"0x80000004 overlaps the one before, which ends at 0x80000006"):
        image_words([Segment(BASE, b"abcdef", 6), Segment(BASE + 4, b"xy", 2)], BASE, 64)


def test_an_executable_that_loads_nothing_is_refused() -> None:
    with pytest.raises(ImageError, match="loads nothing"):
        image_words(load_segments(make_elf([(1, BASE, b"", 16)])), BASE, 64)


@pytest.mark.parametrize(
    ("elf", "message"),
    [
        (b"", "0 bytes are too few for an ELF header"),
        (b"#!/bin/sh\n" * 10, "expected a 32-bit little-endian ELF file"),
        (make_elf([], ident=b"\x7fELF\x02\x01\x01"), "expected a 32-bit little-endian ELF file"),
        (make_elf([], machine=62), r"expected a RISC-V executable \(machine 243\), found machine 62"),
        (make_elf([], kind=1), r"expected a linked executable \(type 2\), found type 1"),
        (make_elf([(1, BASE, b"abcd", 4)])[:60], "program header 0 lies past the end of the file"),
        (make_elf([(1, BASE, b"abcd", 4)])[:-1], "segment 0 lies past the end of the file"),
    ],
)
def test_what_is_no_rv32_executable_is_refused(elf: bytes, message: str) -> None:
    with pytest.raises(ImageError, match=message):
        load_segments(elf)


def test_main_writes_the_image(tmp_path: Path) -> None:
    elf, output = tmp_path / "p.elf", tmp_path / "p.hex"
    elf.write_bytes(make_elf([(1, BASE, b"\x13\x00\x00\x00", 4)]))
    assert main(["--base", hex(BASE), "--size", "64", "--output", str(output), str(elf)]) == 0
    assert output.read_bytes() == b"00000013\n"


def test_main_names_the_file_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    elf, output = tmp_path / "p.elf", tmp_path / "p.hex"
    elf.write_bytes(b"no executable" * 10)
    assert main(["--base", "0", "--size", "64", "--output", str(output), str(elf)]) == 1
    assert capsys.readouterr().err == f"{elf}: error: expected a 32-bit little-endian ELF file\n"
    assert not output.exists()
