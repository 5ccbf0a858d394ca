"""Cassandra's MurmurHash3 variant, which tokens and Bloom filters use.

It sign-extends the bytes of the tail where the published algorithm does not, so
that published implementations give other hashes; follows ``MurmurHash.hash3_x64_128``.
"""

from __future__ import annotations

_M = 0xFFFFFFFFFFFFFFFF
_C1 = 0x87C37B91114253D5
_C2 = 0x4CF5AD432745937F


def _rotate(value: int, bits: int) -> int:
    return (value << bits | value >> (64 - bits)) & _M


def _finalize(k: int) -> int:
    k = (k ^ k >> 33) * 0xFF51AFD7ED558CCD & _M
    k = (k ^ k >> 33) * 0xC4CEB9FE1A85EC53 & _M
    return k ^ k >> 33


def _tail(data: bytes) -> int:
    """The bytes little-endian, each sign-extended to 64 bits before it is placed."""
    value = 0
    for index, byte in enumerate(data):
        value ^= (byte - 256 if byte > 127 else byte) << 8 * index
    return value & _M


def hash128(data: bytes, seed: int = 0) -> tuple[int, int]:
    """The two halves of the hash of ``data``, each as unsigned 64 bits."""
    h1 = h2 = seed
    length = len(data)
    blocks = length // 16 * 16
    for at in range(0, blocks, 16):
        k1 = int.from_bytes(data[at : at + 8], "little")
        k2 = int.from_bytes(data[at + 8 : at + 16], "little")
        h1 ^= _rotate(k1 * _C1 & _M, 31) * _C2 & _M
        h1 = ((_rotate(h1, 27) + h2) * 5 + 0x52DCE729) & _M
        h2 ^= _rotate(k2 * _C2 & _M, 33) * _C1 & _M
        h2 = ((_rotate(h2, 31) + h1) * 5 + 0x38495AB5) & _M
    rest = data[blocks:]
    if len(rest) > 8:
        h2 ^= _rotate(_tail(rest[8:]) * _C2 & _M, 33) * _C1 & _M
    if rest:
        h1 ^= _rotate(_tail(rest[:8]) * _C1 & _M, 31) * _C2 & _M
    h1 ^= length
    h2 ^= length
    h1 = (h1 + h2) & _M
    h2 = (h2 + h1) & _M
    h1, h2 = _finalize(h1), _finalize(h2)
    h1 = (h1 + h2) & _M
    return h1, (h2 + h1) & _M
