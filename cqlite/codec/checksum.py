"""Checksums that SSTables carry."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator


def crc32(data: bytes, value: int = 0) -> int:
    """CRC-32 of ``data``, continued from ``value``, as unsigned 32 bits."""
    return zlib.crc32(data, value)


def crc32_of(parts: Iterable[bytes]) -> int:
    """CRC-32 of all ``parts`` after one another."""
    value = 0
    for part in parts:
        value = zlib.crc32(part, value)
    return value


def ends_before_crc32(data: bytes) -> Iterator[int]:
    """The lengths of ``data``'s beginnings that their own CRC-32, big-endian, follows."""
    view = memoryview(data)
    value = 0
    for end in range(1, len(data) - 3):
        value = zlib.crc32(view[end - 1 : end], value)
        # The first byte tells nearly always, and is cheaper to compare.
        if view[end] == value >> 24 and view[end : end + 4] == value.to_bytes(4, "big"):
            yield end
