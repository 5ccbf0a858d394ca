"""Sizes, fills and writes Filter.db.

Follows ``FilterFactory``, ``BloomCalculations`` and ``BloomFilterSerializer``.
"""

from __future__ import annotations

import math
from functools import cache

from cqlite.codec import be
from cqlite.codec.murmur3 import hash128
from cqlite.errors import UnsupportedFeatureError
from cqlite.layouts.build import build

DEFAULT_FP_CHANCE = 0.01
"""``bloom_filter_fp_chance`` of tables that don't say otherwise."""
_MIN_BUCKETS, _MAX_BUCKETS = 2, 20
_MAX_HASHES = {2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 6, 8: 7, 9: 8, 10: 8, 11: 8, 12: 8, 13: 9}
_MAX_HASHES |= {14: 10, 15: 10, 16: 11, 17: 12, 18: 12, 19: 13, 20: 14}
"""Up to how many hashes Cassandra considers, by the number of bits for each key."""
_DIGITS = 3
_COARSER = {(5, 3): 0.092}
"""Where Cassandra's table has fewer digits: by bits for each key and hashes."""
_EXCESS_BITS = 20
_WORD = 64


def specification(fp_chance: float) -> tuple[int, int]:
    """Number of hashes, and of bits for each key.

    Args:
        fp_chance: chance of a false positive that is wanted.

    Raises:
        UnsupportedFeatureError: Cassandra has no filter for so small a chance.
    """
    if fp_chance >= _chance(_MIN_BUCKETS, 1):
        return 2, _best_hashes(_MIN_BUCKETS)
    if fp_chance < _chance(_MAX_BUCKETS, _MAX_HASHES[_MAX_BUCKETS]):
        raise UnsupportedFeatureError(
            f"a Bloom filter with a false positive chance of {fp_chance}; the smallest "
            f"possible is {_chance(_MAX_BUCKETS, _MAX_HASHES[_MAX_BUCKETS])}"
        )
    buckets = _MIN_BUCKETS
    while _chance(buckets, _best_hashes(buckets)) > fp_chance:
        buckets += 1
    hashes = _best_hashes(buckets)
    while _chance(buckets, hashes - 1) <= fp_chance:
        hashes -= 1
    return hashes, buckets


@cache
def _chance(buckets: int, hashes: int) -> float:
    """The chance of a false positive, to the three digits that Cassandra's table has."""
    if hashes == 0:
        return 1.0
    if (buckets, hashes) in _COARSER:
        return _COARSER[buckets, hashes]
    return float(f"{(1 - math.exp(-hashes / buckets)) ** hashes:.{_DIGITS}g}")


@cache
def _best_hashes(buckets: int) -> int:
    return min(range(1, _MAX_HASHES[buckets] + 1), key=lambda hashes: _chance(buckets, hashes))


class BloomFilterWriter:
    """A Bloom filter that takes keys.

    Args:
        num_keys: how many keys to expect.
        fp_chance: chance of a false positive that is wanted, below 1.
    """

    def __init__(self, num_keys: int, fp_chance: float) -> None:
        self._num_hashes, buckets = specification(fp_chance)
        self._num_words = -(-(num_keys * buckets + _EXCESS_BITS) // _WORD)
        self._bits = bytearray(8 * self._num_words)

    @property
    def num_words(self) -> int:
        """Length of the filter in words of 64 bits."""
        return self._num_words

    def add(self, key: bytes) -> None:
        """Sets a key's bits."""
        increment, base = map(be.wrap_s64, hash128(key))
        capacity = _WORD * self._num_words
        for _ in range(self._num_hashes):
            bit = abs(base) % capacity
            self._bits[bit >> 3] |= 1 << (bit & 7)
            base = be.wrap_s64(base + increment)

    def build(self, version: int) -> bytes:
        """Filter.db, in the form of ``na`` and later."""
        return build(
            "filter.body",
            version,
            num_hashes=self._num_hashes,
            num_words=self._num_words,
            bits=bytes(self._bits),
        )
