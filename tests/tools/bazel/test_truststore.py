"""A trust store, written and read back by the format's description."""

from __future__ import annotations

import base64
import hashlib
import struct

from hypothesis import given
from hypothesis import strategies as st

from tools.bazel import truststore


def read_jks(data: bytes) -> list[tuple[str, bytes]]:
    """The entries of a JKS file, its digest checked."""
    body, digest = data[:-20], data[-20:]
    assert hashlib.sha1("changeit".encode("utf-16-be") + b"Mighty Aphrodite" + body).digest() == digest
    magic, version, count = struct.unpack_from(">III", body)
    assert (magic, version) == (0xFEEDFEED, 2)
    place = 12
    entries = []

    def text() -> str:
        nonlocal place
        (length,) = struct.unpack_from(">H", body, place)
        place += 2 + length
        return body[place - length : place].decode()

    for _ in range(count):
        (tag,) = struct.unpack_from(">I", body, place)
        assert tag == 2
        place += 4
        alias = text()
        place += 8
        assert text() == "X.509"
        (length,) = struct.unpack_from(">I", body, place)
        place += 4 + length
        entries.append((alias, body[place - length : place]))
    assert place == len(body)
    return entries


@given(st.lists(st.binary(max_size=40), max_size=5))
def test_store_holds_each_certificate_under_a_name_of_its_own(der: list[bytes]) -> None:
    entries = read_jks(truststore.jks(der))
    assert [certificate for _, certificate in entries] == der
    assert len({alias for alias, _ in entries}) == len(der)


def test_bundle_is_split_and_duplicates_dropped() -> None:
    def pem(data: bytes) -> bytes:
        return b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(data) + b"-----END CERTIFICATE-----\n"

    bundle = b"# a comment\n" + pem(b"one" * 40) + pem(b"two") + pem(b"one" * 40)
    assert truststore.certificates(bundle) == [b"one" * 40, b"two"]
    assert truststore.certificates(b"") == []
