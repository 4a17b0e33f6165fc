"""A Java trust store made from the machine's certificates.

The relocated JDK has no store of its own. Java reads its older format, JKS, as well as PKCS #12, and JKS
needs nothing but SHA-1 to write.
"""

from __future__ import annotations

import base64
import hashlib
import re
import struct

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----\s+([A-Za-z0-9+/=\s]+?)-----END CERTIFICATE-----")
_PASSWORD = "changeit"
_SALT = b"Mighty Aphrodite"  # Part of the format: see the JDK's JavaKeyStore.getPreKeyedHash.


def certificates(pem: bytes) -> list[bytes]:
    """The DER form of each certificate in a PEM bundle, in its order, without duplicates."""
    found = (base64.b64decode(match) for match in _PEM.findall(pem))
    return list(dict.fromkeys(found))


def jks(der: list[bytes]) -> bytes:
    """A JKS trust store with the usual password `changeit`.

    Args:
        der: certificates in DER form.

    Returns:
        The store's bytes; the same bytes for the same certificates.
    """
    out = bytearray(struct.pack(">III", 0xFEEDFEED, 2, len(der)))
    for number, certificate in enumerate(der):
        out += struct.pack(">I", 2) + _utf(f"system-{number}") + struct.pack(">Q", 0)
        out += _utf("X.509") + struct.pack(">I", len(certificate)) + certificate
    digest = hashlib.sha1(_PASSWORD.encode("utf-16-be") + _SALT + bytes(out))
    return bytes(out) + digest.digest()


def _utf(text: str) -> bytes:
    data = text.encode()
    return struct.pack(">H", len(data)) + data
