"""Checksums that SSTables carry."""

from __future__ import annotations

import zlib
from collections.abc import Iterable


def crc32(data: bytes, value: int = 0) -> int:
    """CRC-32 of ``data``, continued from ``value``, as unsigned 32 bits."""
    return zlib.crc32(data, value)


def crc32_of(parts: Iterable[bytes]) -> int:
    """CRC-32 of all ``parts`` after one another."""
    value = 0
    for part in parts:
        value = zlib.crc32(part, value)
    return value
