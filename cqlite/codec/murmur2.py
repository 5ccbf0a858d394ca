"""The MurmurHash2 variant that Cassandra feeds its cardinality sketches with.

It sign-extends the bytes of the tail; follows ``MurmurHash.hash2_64``.
"""

from __future__ import annotations

_MASK = 0xFFFFFFFFFFFFFFFF
_M = 0xC6A4A7935BD1E995


def hash64(data: bytes, seed: int = 0) -> int:
    """The hash of ``data`` as unsigned 64 bits."""
    value = seed & 0xFFFFFFFF ^ _M * len(data) & _MASK
    end = len(data) // 8 * 8
    for at in range(0, end, 8):
        block = int.from_bytes(data[at : at + 8], "little") * _M & _MASK
        block = (block ^ block >> 47) * _M & _MASK
        value = (value ^ block) * _M & _MASK
    if end < len(data):
        for index, byte in enumerate(data[end:]):
            value ^= ((byte - 256 if byte > 127 else byte) << 8 * index) & _MASK
        value = value * _M & _MASK
    value = (value ^ value >> 47) * _M & _MASK
    return value ^ value >> 47
