"""Sizes, fills and writes Filter.db.

Follows ``FilterFactory``, ``BloomCalculations`` and ``BloomFilterSerializer``.
"""

from __future__ import annotations

import math
import tempfile
from functools import cache
from typing import IO

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
_HASH_LENGTH = 16
_IN_MEMORY = 16 * 1024 * 1024
"""Bytes of hashes that are held before they go to a file."""


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
        num_keys: how many keys to expect; ``None`` to size the filter at the end for those
            that came, whose hashes wait, if they are many in a temporary file.
        fp_chance: chance of a false positive that is wanted, below 1.
    """

    def __init__(self, num_keys: int | None, fp_chance: float) -> None:
        self._num_hashes, self._bits_per_key = specification(fp_chance)
        self._waiting: IO[bytes] | None = None
        self._bits = bytearray()
        if num_keys is None:
            self._waiting = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        else:
            self._allot(num_keys)

    def _allot(self, num_keys: int) -> None:
        words = -(-(num_keys * self._bits_per_key + _EXCESS_BITS) // _WORD)
        self._bits = bytearray(8 * words)

    @property
    def num_words(self) -> int:
        """Length of the filter in words of 64 bits."""
        return len(self._bits) // 8

    def add(self, key: bytes) -> None:
        """Takes a key."""
        increment, base = map(be.wrap_s64, hash128(key))
        if self._waiting is None:
            self._set(base, increment)
        else:
            self._waiting.write(be.pack_signed(base, 8) + be.pack_signed(increment, 8))

    def _set(self, base: int, increment: int) -> None:
        capacity = 8 * len(self._bits)
        for _ in range(self._num_hashes):
            bit = abs(base) % capacity
            self._bits[bit >> 3] |= 1 << (bit & 7)
            base = be.wrap_s64(base + increment)

    def _set_waiting(self) -> None:
        if self._waiting is None:
            return
        with self._waiting as file:
            self._allot(file.tell() // _HASH_LENGTH)
            file.seek(0)
            while data := file.read(_HASH_LENGTH):
                self._set(be.unpack_signed(data[:8], 8), be.unpack_signed(data[8:], 8))
        self._waiting = None

    def build(self, version: int) -> bytes:
        """Filter.db, in the form of ``na`` and later; no key can be added any more."""
        self._set_waiting()
        return build(
            "filter.body",
            version,
            num_hashes=self._num_hashes,
            num_words=self.num_words,
            bits=bytes(self._bits),
        )

    def close(self) -> None:
        """Gives up a filter that is not needed."""
        if self._waiting is not None:
            self._waiting.close()
