"""Reads just enough of waveforms to know that they are whole."""

from __future__ import annotations

import gzip
import re
import struct
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Wave:
    """A waveform.

    Attributes:
        names: the variables, with their scopes: `tb.dut.count`.
        first: time of the first change, in time steps.
        last: time of the last.
        changes: how many values were recorded; None where the format hides it.
    """

    names: frozenset[str]
    first: int
    last: int
    changes: int | None


def read_vcd(path: Path) -> Wave:
    """A value change dump (IEEE 1800-2023 21.7); raises ValueError where it is broken off or not one."""
    text = path.read_text(encoding="ascii")
    head, mark, body = text.partition("$enddefinitions $end")
    if not mark or not text.endswith("\n"):
        raise ValueError(f"{path} is broken off")
    scopes: list[str] = []
    names, codes = set(), set()
    for words in re.findall(r"\$(\w+)\s+(.*?)\s*\$end", head, re.DOTALL):
        keyword, rest = words[0], words[1].split()
        if keyword == "scope":
            scopes.append(rest[1])
        elif keyword == "upscope":
            scopes.pop()
        elif keyword == "var":
            names.add(".".join([*scopes, rest[3]]))
            codes.add(rest[2])
    if scopes or not names:
        raise ValueError(f"{path}: scopes don't match, or there is no variable")
    times, changes = [], 0
    for line in body.split("\n"):
        if line.startswith("#"):
            times.append(int(line[1:]))
        elif line and not line.startswith("$"):
            code = line.split(" ")[1] if line[0] in "br" else line[1:]
            if code not in codes:
                raise ValueError(f"{path}: {line!r} is a change of nothing")
            changes += 1
    if times != sorted(times):
        raise ValueError(f"{path}: time runs backwards")
    return Wave(frozenset(names), times[0], times[-1], changes)


def read_fst(path: Path) -> Wave:
    """A Fast Signal Trace, by its blocks; raises ValueError where it is broken off or not one."""
    data = path.read_bytes()
    blocks: dict[int, bytes] = {}
    at = 0
    while at < len(data):
        kind, length = data[at], struct.unpack_from(">Q", data, at + 1)[0]
        if at + 1 + length > len(data):
            raise ValueError(f"{path} is broken off in a block of kind {kind}")
        blocks.setdefault(kind, data[at + 9 : at + 1 + length])
        at += 1 + length
    header = blocks.get(0, b"")
    if len(header) < 321 or 3 not in blocks or not {4, 6, 7} & blocks.keys():
        raise ValueError(f"{path}: no header, geometry or hierarchy; blocks of kinds {sorted(blocks)}")
    first, last = struct.unpack_from(">QQ", header, 0)
    return Wave(frozenset(_hierarchy(blocks)), first, last, None)


def _hierarchy(blocks: dict[int, bytes]) -> set[str]:
    if 4 in blocks:
        text = gzip.decompress(blocks[4][8:])
    elif 6 in blocks:
        text = _lz4(blocks[6][8:])
    else:
        text = _lz4(_lz4(blocks[7][16:]))
    scopes: list[str] = []
    names = set()
    at = 0
    while at < len(text):
        tag = text[at]
        if tag == 254:  # a scope: its kind, its name, its component
            end = text.index(0, at + 2)
            scopes.append(text[at + 2 : end].decode())
            at = text.index(0, end + 1) + 1
        elif tag == 255:
            scopes.pop()
            at += 1
        elif tag == 252:  # an attribute: two bytes, its name, a number
            at = _skip_number(text, text.index(0, at + 3) + 1)
        else:  # a variable: its direction, its name, its length, what it is an alias of
            end = text.index(0, at + 2)
            names.add(".".join([*scopes, text[at + 2 : end].decode().split(" ")[0]]))
            at = _skip_number(text, _skip_number(text, end + 1))
    if scopes:
        raise ValueError("scopes don't match")
    return names


def _skip_number(text: bytes, at: int) -> int:
    while text[at] & 0x80:
        at += 1
    return at + 1


def _lz4(data: bytes) -> bytes:
    """One block of LZ4's block format."""
    out = bytearray()
    at = 0
    while at < len(data):
        token = data[at]
        at += 1
        count, at = _lz4_count(data, at, token >> 4)
        out += data[at : at + count]
        at += count
        if at >= len(data):
            break
        offset = data[at] | data[at + 1] << 8
        at += 2
        count, at = _lz4_count(data, at, token & 15)
        for _ in range(count + 4):
            out.append(out[-offset])
    return bytes(out)


def _lz4_count(data: bytes, at: int, count: int) -> tuple[int, int]:
    more = 255 if count == 15 else 0
    while more == 255:
        more = data[at]
        at += 1
        count += more
    return count, at
