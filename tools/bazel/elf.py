"""Just enough of the ELF format to know which programs need another loader."""

from __future__ import annotations

import struct
from pathlib import Path

_PT_INTERP = 3


def interpreter(data: bytes) -> str | None:
    """The program interpreter that a 64-bit little-endian ELF file asks for.

    Args:
        data: the file's bytes, at least up to the end of the interpreter's name.

    Returns:
        The path in its PT_INTERP segment; None for anything else, such as a script or a shared library.
    """
    if data[:6] != b"\x7fELF\x02\x01" or len(data) < 64:
        return None
    (table,) = struct.unpack_from("<Q", data, 32)
    size, count = struct.unpack_from("<HH", data, 54)
    for index in range(count):
        start = table + index * size
        if start + 40 > len(data):
            return None
        kind, _, offset, _, _, length = struct.unpack_from("<IIQQQQ", data, start)
        if kind == _PT_INTERP and offset + length <= len(data):
            return data[offset : offset + length].rstrip(b"\0").decode("ascii", "replace")
    return None


def read_interpreter(path: Path) -> str | None:
    """`interpreter` of a file on disk; a symbolic link has none, its target has."""
    if path.is_symlink() or not path.is_file():
        return None
    with path.open("rb") as stream:
        return interpreter(stream.read(16384))
